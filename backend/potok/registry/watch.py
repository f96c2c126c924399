"""Watches the plugins folder and tells the process when node types changed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from watchfiles import Change, awatch

from potok.registry.load import Loaded, Loader

_LOG = logging.getLogger("potok.registry")
_PARTS = (".py", ".toml", ".json", ".md")


def matters(change: Change, path: str) -> bool:
    """Only files a plugin consists of; not bytecode, not editors' copies."""
    file = Path(path)
    return file.suffix in _PARTS and not file.name.startswith(".") and "__pycache__" not in file.parts


async def watch(
    loader: Loader,
    changed: Callable[[Loaded], Awaitable[None]],
    stop: asyncio.Event | None = None,
    *,
    debounce_ms: int = 60,
) -> None:
    """Call `changed` with a fresh Loaded after every change that matters, until `stop` is set.

    Only plugins whose files changed are run again. Loading happens in a thread. An exception of `changed` is
    logged and watching goes on; a folder that does not exist yet is waited for.
    """
    stop = stop or asyncio.Event()
    while not stop.is_set():
        if loader.folder.is_dir():
            await _watch(loader, changed, stop, debounce_ms)
        else:
            await asyncio.sleep(1)


async def _watch(
    loader: Loader, changed: Callable[[Loaded], Awaitable[None]], stop: asyncio.Event, debounce_ms: int
) -> None:
    known = loader.state
    async for _ in awatch(
        loader.folder, watch_filter=matters, debounce=debounce_ms, step=20, stop_event=stop, yield_on_timeout=True
    ):
        loaded = await asyncio.to_thread(loader.load)
        if loader.state == known:
            continue
        known = loader.state
        try:
            await changed(loaded)
        except Exception:
            _LOG.exception("telling about changed plugins failed")
