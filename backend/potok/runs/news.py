"""News of whole workspaces inside one process: what changed, gathered until each watcher takes it."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

MOST_SCENARIOS = 200
MOST_RUNS = 50
"""A watcher that lags behind learns of so many; it asks for whole lists anyway."""


@dataclass(frozen=True, slots=True)
class News:
    """What changed since the last time: runs of these scenarios (the newest ones named), somebody's notices."""

    scenario_ids: tuple[UUID, ...] = ()
    run_ids: tuple[UUID, ...] = ()
    notices: bool = False


class NewsBox:
    """What one watcher has not been told yet."""

    def __init__(self) -> None:
        self._scenarios: dict[UUID, None] = {}
        self._runs: dict[UUID, None] = {}
        self._notices = False
        self._ready = asyncio.Event()

    def put(self, scenarios: Iterable[UUID], runs: Iterable[UUID], notices: bool) -> None:
        """Add; nothing is told twice."""
        _add(self._scenarios, scenarios, MOST_SCENARIOS)
        _add(self._runs, runs, MOST_RUNS)
        self._notices = self._notices or notices
        if self._scenarios or self._runs or self._notices:
            self._ready.set()

    async def take(self) -> News:
        """Wait for something, then take all of it."""
        await self._ready.wait()
        self._ready.clear()
        news = News(tuple(self._scenarios), tuple(self._runs), self._notices)
        self._scenarios, self._runs, self._notices = {}, {}, False
        return news


class NewsHub:
    """Hands news to everybody who watches the workspace they belong to, and to nobody else."""

    def __init__(self) -> None:
        self._boxes: dict[UUID, set[NewsBox]] = {}
        self.on_change: Callable[[], None] = lambda: None
        """Called when a workspace gets its first watcher or loses its last."""

    @property
    def watched(self) -> frozenset[UUID]:
        """Workspaces somebody watches."""
        return frozenset(self._boxes)

    @contextmanager
    def watch(self, workspace_id: UUID) -> Iterator[NewsBox]:
        """A box for one watcher; empty at first."""
        box = NewsBox()
        first = workspace_id not in self._boxes
        self._boxes.setdefault(workspace_id, set()).add(box)
        if first:
            self.on_change()
        try:
            yield box
        finally:
            boxes = self._boxes[workspace_id]
            boxes.discard(box)
            if not boxes:
                del self._boxes[workspace_id]
                self.on_change()

    def tell(
        self,
        workspace_id: UUID,
        *,
        scenarios: Iterable[UUID] = (),
        runs: Iterable[UUID] = (),
        notices: bool = False,
    ) -> None:
        """Tell the watchers of this workspace."""
        found, newest = tuple(scenarios), tuple(runs)
        for box in self._boxes.get(workspace_id, ()):
            box.put(found, newest, notices)


def _add(known: dict[UUID, None], more: Iterable[UUID], most: int) -> None:
    """Keep the last `most`, in the order they came last."""
    for one in more:
        known.pop(one, None)
        known[one] = None
    while len(known) > most:
        del known[next(iter(known))]
