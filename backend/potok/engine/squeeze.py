"""How large values are compressed: zstd, quick rather than tight, in threads so that the event loop goes on."""

import asyncio
from collections.abc import Sequence

import zstandard

_LEVEL = 1
_AT_ONCE = 64 * 1024
"""Bytes up to which a thread costs more than it saves."""


def squeeze(values: Sequence[bytes]) -> list[bytes]:
    """Each compressed."""
    made = zstandard.ZstdCompressor(level=_LEVEL)
    return [made.compress(value) for value in values]


def unsqueeze(values: Sequence[bytes]) -> list[bytes]:
    """Each as it was."""
    made = zstandard.ZstdDecompressor()
    return [made.decompress(value) for value in values]


async def squeezed(values: Sequence[bytes]) -> list[bytes]:
    """Each compressed; other work goes on meanwhile."""
    if sum(map(len, values)) <= _AT_ONCE:
        return squeeze(values)
    return await asyncio.to_thread(squeeze, values)


async def unsqueezed(values: Sequence[bytes]) -> list[bytes]:
    """Each as it was; other work goes on meanwhile."""
    if sum(map(len, values)) <= _AT_ONCE:
        return unsqueeze(values)
    return await asyncio.to_thread(unsqueeze, values)
