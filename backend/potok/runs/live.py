"""Live progress inside one process: one feed from outside, any number of watchers, no unbounded buffer."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from potok.runs.models import RunStatus

FINAL = frozenset({RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED})
MAILBOX = 200
"""Runs a slow watcher may lag behind; beyond it the oldest are dropped, the newest state is what counts."""
REMEMBERED = 200
"""Runs per watched scenario whose last state is kept."""


@dataclass(frozen=True, slots=True)
class StepState:
    """Where one node is."""

    node_id: str
    status: str
    port: str | None
    counts: tuple[int, int, int] | None = None
    """Of a loop: how many items there are, are over, and failed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one run is: all its steps so far."""

    run_id: UUID
    scenario_id: UUID
    status: str
    version: int
    created_at: datetime
    steps: tuple[StepState, ...]


class Mailbox:
    """What one watcher has not seen yet: the newest state per run, in the order the runs changed."""

    def __init__(self) -> None:
        self._news: OrderedDict[UUID, Progress] = OrderedDict()
        self._ready = asyncio.Event()

    def put(self, progress: Progress) -> None:
        """Replaces an older state of the same run."""
        self._news.pop(progress.run_id, None)
        self._news[progress.run_id] = progress
        if len(self._news) > MAILBOX:
            self._news.popitem(last=False)
        self._ready.set()

    async def take(self, limit: int) -> list[Progress]:
        """Wait for news, then take the oldest of it."""
        await self._ready.wait()
        taken = [self._news.popitem(last=False)[1] for _ in range(min(limit, len(self._news)))]
        if not self._news:
            self._ready.clear()
        return taken


class Hub:
    """Hands progress to everybody who watches its scenario."""

    def __init__(self) -> None:
        self._watchers: dict[UUID, set[Mailbox]] = {}
        self._known: dict[UUID, OrderedDict[UUID, Progress]] = {}
        self.on_change: Callable[[], None] = lambda: None
        """Called when a scenario gets its first watcher or loses its last."""

    @property
    def watched(self) -> frozenset[UUID]:
        """Scenarios somebody watches."""
        return frozenset(self._watchers)

    @contextmanager
    def watch(self, scenario_id: UUID) -> Iterator[Mailbox]:
        """A mailbox for one watcher. It begins with the runs known to be under way."""
        mailbox = Mailbox()
        for progress in self._known.get(scenario_id, OrderedDict()).values():
            if progress.status not in FINAL:
                mailbox.put(progress)
        first = scenario_id not in self._watchers
        self._watchers.setdefault(scenario_id, set()).add(mailbox)
        if first:
            self.on_change()
        try:
            yield mailbox
        finally:
            self._leave(scenario_id, mailbox)

    def _leave(self, scenario_id: UUID, mailbox: Mailbox) -> None:
        watchers = self._watchers[scenario_id]
        watchers.discard(mailbox)
        if not watchers:
            del self._watchers[scenario_id]
            self._known.pop(scenario_id, None)
            self.on_change()

    def deliver(self, progress: Progress) -> None:
        """Tell the watchers, unless they know already. A run that has ended stays ended."""
        watchers = self._watchers.get(progress.scenario_id)
        if not watchers:
            return
        known = self._known.setdefault(progress.scenario_id, OrderedDict())
        before = known.pop(progress.run_id, None)
        if before is not None and (before == progress or before.status in FINAL):
            known[progress.run_id] = before
            return
        known[progress.run_id] = progress
        if len(known) > REMEMBERED:
            known.popitem(last=False)
        for mailbox in watchers:
            mailbox.put(progress)

    def known(self, scenario_id: UUID, run_id: UUID) -> Progress | None:
        """The last state told of a run."""
        return self._known.get(scenario_id, OrderedDict()).get(run_id)

    def open_runs(self, scenario_id: UUID) -> list[UUID]:
        """Runs of a watched scenario that were under way when last heard of."""
        return [
            run_id
            for run_id, one in self._known.get(scenario_id, OrderedDict()).items()
            if one.status not in FINAL
        ]
