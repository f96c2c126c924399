"""Bounds the large payloads in the memory of one worker: what it claims, and what it has read."""

import asyncio
import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from potok.engine.ports import ClaimedRun

CLAIM = 64 * 1024 * 1024
"""Bytes of large payloads in one claim, unless told otherwise; one payload is always taken."""
MEMORY = 256 * 1024 * 1024
"""Bytes of memory that runs with large payloads may take, unless told otherwise; one is always let in."""
_SPREAD = 10
"""Measured: bytes of memory for each byte of a payload that a few steps give on (text, objects, segments)."""


class Bulk:
    """Counts by run: `reserve`d when claimed, `admit`ted before it is read, `release`d when it leaves memory."""

    def __init__(self, claim: int = CLAIM, memory: int = MEMORY) -> None:
        self._claim = claim
        self._memory = memory
        self._reserved: dict[object, int] = {}
        self._loaded: dict[UUID, int] = {}
        self._freed = asyncio.Event()
        self._garbage = 0
        """Bytes of runs that have left: their objects refer to one another, and a worker seldom collects such."""
        self._later: list[UUID] = []

    @property
    def free(self) -> int:
        """Bytes that may be claimed now."""
        return max(0, min(self._claim, self._memory // _SPREAD - sum(self._reserved.values())))

    @contextmanager
    def claiming(self) -> Iterator[int]:
        """How much may be claimed; nobody else may claim it meanwhile."""
        most, token = self.free, object()
        self._reserved[token] = most
        try:
            yield most
        finally:
            del self._reserved[token]

    def reserve(self, run: ClaimedRun) -> None:
        """A run that has to read large values before it goes on."""
        assert run.needs is not None
        self._reserved[run.run_id] = run.needs.weight

    def missed(self, offered: Sequence[UUID], taken: Sequence[ClaimedRun], most: int) -> None:
        """Keep those in mind that were left behind because they are too large for now."""
        if most and not any(run.needs for run in taken):
            return  # one is always taken, so the others are not ours for another reason
        ours = {run.run_id for run in taken}
        self._later += [run_id for run_id in offered if run_id not in ours]

    def take_later(self) -> list[UUID]:
        """Runs left behind for which there may be room now."""
        if not self._later or not self.free:
            return []
        later, self._later = self._later, []
        return later

    async def admit(self, run_id: UUID) -> None:
        """Wait for room in memory."""
        weight = self._reserved.get(run_id, 0)
        while self._loaded and sum(self._loaded.values()) + weight > self._memory // _SPREAD:
            self._freed.clear()
            await self._freed.wait()
        self._loaded[run_id] = weight

    def release(self, run_id: UUID) -> None:
        """The run has left memory."""
        weight = self._reserved.pop(run_id, None)
        if weight is None:
            return
        self._loaded.pop(run_id, None)
        self._freed.set()
        self._garbage += weight
        if self._garbage > self._memory // _SPREAD:
            self._garbage = 0
            gc.collect()
