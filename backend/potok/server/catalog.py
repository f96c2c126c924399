"""The node types of this process: loaded at the start, loaded again when a plugin's file changes."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

from potok.registry.catalog import Catalog
from potok.registry.load import Loaded, Loader
from potok.registry.plugin import PluginInfo
from potok.registry.watch import watch
from potok.sdk.node import NodeType

log = logging.getLogger(__name__)


class LiveCatalog:
    """Always the newest Catalog; may stand wherever a Catalog's look-ups are wanted."""

    def __init__(self, folder: Path) -> None:
        self._loader = Loader(folder)
        self._loaded: Loaded = self._loader.load()
        self._state = self._loaded.state
        self.on_change: list[Callable[[], None]] = []
        """Called after every reload that changed something."""

    @property
    def catalog(self) -> Catalog:
        """The present one; immutable."""
        return self._loaded.catalog

    @property
    def plugins(self) -> list[PluginInfo]:
        """Every plugin found, the broken ones with their error."""
        return self._loaded.plugins

    @property
    def hash(self) -> str:
        """Changes with any plugin."""
        return self._loaded.catalog.hash

    @property
    def state(self) -> str:
        """Changes with any plugin, also with the error of a broken one."""
        return self._state

    def get(self, type_id: str, version: int | None = None, /) -> NodeType | None:
        """See Catalog.get."""
        return self._loaded.catalog.get(type_id, version)

    def __iter__(self) -> Iterator[NodeType]:
        return iter(self._loaded.catalog)

    async def reload(self) -> None:
        """Load what changed, beside the event loop."""
        await self._take(await asyncio.to_thread(self._loader.load))

    async def watch(self) -> None:
        """Reload whenever a plugin's file changes, until cancelled."""
        await watch(self._loader, self._take)

    async def _take(self, loaded: Loaded) -> None:
        before, self._loaded, self._state = self._state, loaded, loaded.state
        if self._state != before:
            log.info("the node types have changed: %d in the catalog", len(self.catalog))
            for tell in self.on_change:
                tell()
