"""Feeds the news hub: from Redis at once, from the kept counts slowly: losing the channel only delays."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from potok.adapters.live import NEWS, RUNS, Channels
from potok.people.events import NoticesRead
from potok.people.service import newest_notices
from potok.runs.events import RunsHalted, RunsReady
from potok.runs.news import MOST_RUNS, NewsHub
from potok.runs.service import Counts, counts_of, newest_runs
from potok.scenarios.events import ScenarioChanged
from potok.scenarios.service import scenarios_of_workspaces, workspaces_of

log = logging.getLogger("potok.server")

LOOK = 5.0
"""Seconds between two looks at the kept counts of watched workspaces."""
GATHER = 0.25
_KNOWN = 50_000


def news_of(workspace_id: UUID, events: Iterable[object]) -> bytes | None:
    """The message about what a person of this workspace did; None when no list shows it."""
    scenarios: set[str] = set()
    runs: set[str] = set()
    notices = False
    for event in events:
        if isinstance(event, ScenarioChanged):
            scenarios.add(str(event.scenario_id))
        elif isinstance(event, RunsHalted | RunsReady):
            runs.update(str(one) for one in event.run_ids[-MOST_RUNS:])
        elif isinstance(event, NoticesRead):
            notices = True
    if not (scenarios or runs or notices):
        return None
    return orjson.dumps({"w": str(workspace_id), "s": sorted(scenarios), "r": sorted(runs), "n": notices})


class NewsFeed:
    """One per API process. `run` until cancelled. Reads nothing and listens to nothing while nobody watches."""

    def __init__(self, hub: NewsHub, channels: Channels, open_session: Callable[[], AsyncSession]) -> None:
        self._hub = hub
        self._channels = channels
        self._open_session = open_session
        self._changed: set[UUID] = set()
        self._owner: dict[UUID, UUID] = {}
        self._notices: dict[UUID, UUID | None] = {}
        self._counts: dict[UUID, dict[UUID, Counts]] = {}
        self._listening = False
        self._wake = asyncio.Event()
        hub.on_change = self._wake.set

    async def run(self) -> None:
        """Gather for a moment, tell, and look for oneself now and then."""
        looked = 0.0
        loop = asyncio.get_running_loop()
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), LOOK if self._hub.watched else None)
            self._wake.clear()
            await self._follow()
            try:
                async with self._open_session() as db:
                    fresh = self._hub.watched - self._counts.keys()
                    if fresh or loop.time() - looked >= LOOK:
                        looked = loop.time()
                        await self._look(db)
                    await self._tell(db)
            except Exception as error:  # whatever it is, the watchers' feed must live on
                log.warning("news could not be read from the database: %s", error)
            await asyncio.sleep(GATHER)

    def hear(self, message: bytes) -> None:
        """What some process wrote (`news_of`) after a person's change."""
        found = orjson.loads(message)
        self._hub.tell(
            UUID(found["w"]),
            scenarios=[UUID(one) for one in found["s"]],
            runs=[UUID(one) for one in found["r"]],
            notices=found["n"],
        )

    async def _follow(self) -> None:
        """Listen only while somebody watches: workers do not even send otherwise."""
        wanted = bool(self._hub.watched)
        for gone in self._counts.keys() - self._hub.watched:
            self._counts.pop(gone)
            self._notices.pop(gone, None)
        if wanted == self._listening:
            return
        self._listening = wanted
        if wanted:
            await self._channels.listen(RUNS, self._hear_runs)
            await self._channels.listen(NEWS, self.hear)
        else:
            await self._channels.forget(RUNS)
            await self._channels.forget(NEWS)

    def _hear_runs(self, message: bytes) -> None:
        self._changed.update(UUID(bytes=message[at : at + 16]) for at in range(0, len(message), 16))
        self._wake.set()

    async def _tell(self, db: AsyncSession) -> None:
        """Sort changed scenarios by workspace; a scenario nobody's watched workspace owns concerns nobody here."""
        changed, self._changed = self._changed, set()
        unknown = changed - self._owner.keys()
        if unknown:
            if len(self._owner) > _KNOWN:
                self._owner.clear()
            self._owner.update(await workspaces_of(db, list(unknown)))
        by_workspace: dict[UUID, list[UUID]] = {}
        for scenario_id in changed:
            owner = self._owner.get(scenario_id)
            if owner in self._hub.watched:
                by_workspace.setdefault(owner, []).append(scenario_id)
        for workspace_id, scenarios in by_workspace.items():
            runs = await newest_runs(db, workspace_id, scenarios)
            self._hub.tell(workspace_id, scenarios=scenarios, runs=runs)
        if by_workspace:
            await self._look_for_notices(db, list(by_workspace))

    async def _look(self, db: AsyncSession) -> None:
        """Compare the kept counts with those of the last look: what moved, changed."""
        watched = list(self._hub.watched)
        owned = await scenarios_of_workspaces(db, watched)
        counts = await counts_of(db, [one for scenarios in owned.values() for one in scenarios])
        for workspace_id in watched:
            now = {one: counts[one] for one in owned.get(workspace_id, []) if one in counts}
            before = self._counts.get(workspace_id)
            if before is not None:
                self._changed.update(one for one, found in now.items() if before.get(one) != found)
            self._counts[workspace_id] = now
        await self._look_for_notices(db, watched)

    async def _look_for_notices(self, db: AsyncSession, workspaces: list[UUID]) -> None:
        newest = await newest_notices(db, workspaces)
        for workspace_id in workspaces:
            found = newest.get(workspace_id)
            if self._notices.setdefault(workspace_id, found) != found:
                self._notices[workspace_id] = found
                self._hub.tell(workspace_id, notices=True)
