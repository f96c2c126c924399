"""Tells scenarios of changes of records: reads the untold lines of the timeline and starts runs."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from uuid_utils.compat import uuid7

from potok.adapters.store_postgres.changes import Decide
from potok.engine.ports import NewEvent, NewRun, StoreUnavailable
from potok.engine.values import to_json
from potok.records.announcing import OpenChange, look
from potok.records.connection import Connection
from potok.records.shape import Shape
from potok.records.web import Web
from potok.scenarios.considered import Entry, started, stopped
from potok.scenarios.dispatch import Target
from potok.scenarios.listening import Listeners, Listening
from potok.sdk.records import RecordChange

log = logging.getLogger(__name__)

DEEPEST = 10
"""So many runs may start one another by changing records; more would go round in circles."""
_BATCH = 300
_LOOK = 1.0


class Webs(Protocol):
    """The compiled types of workspaces."""

    async def of(self, workspace_id: UUID) -> Web:
        """As they are now. Raises StoreUnavailable."""
        ...


class Telling(Protocol):
    """The store, as far as it is needed."""

    async def announce(self, limit: int, decide: Decide) -> tuple[int, list[UUID]]:
        """How many changes were told, and the runs they started. Raises StoreUnavailable."""
        ...


class Announcer:
    """`run` until cancelled; `offer` receives the runs that were started. Any number of workers may have one."""

    def __init__(
        self, store: Telling, listeners: Listeners, webs: Webs, offer: Callable[[list[UUID]], None]
    ) -> None:
        self._store = store
        self._listeners = listeners
        self._webs = webs
        self._offer = offer
        self._wake = asyncio.Event()

    def nudge(self) -> None:
        """Records have changed: look at once."""
        self._wake.set()

    async def run(self) -> None:
        """Look when told, and each second; until nothing is left."""
        while True:
            try:
                self._wake.clear()
                if not await self.tell():
                    await self._sleep()
            except StoreUnavailable as error:
                log.warning("changes of records are not told, the database is away: %s", error)
                await asyncio.sleep(_LOOK)

    async def tell(self) -> int:
        """Tell of the next changes; how many there were."""
        count, ready = await self._store.announce(_BATCH, self._decide)
        if ready:
            self._offer(ready)
        return count

    async def _sleep(self) -> None:
        try:
            async with asyncio.timeout(_LOOK):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _decide(self, connection: Connection, changes: list[OpenChange]) -> Sequence[NewEvent]:
        heard: dict[UUID, tuple[OpenChange, Shape, Sequence[Target]]] = {}
        for workspace_id in dict.fromkeys(change.workspace_id for change in changes):
            listening = await self._listeners.of(workspace_id)
            if not listening:
                continue
            web = await self._webs.of(workspace_id)
            for change in changes:
                shape = web.by_id(change.type_id) if change.workspace_id == workspace_id else None
                if shape is not None and (targets := _targets(listening, shape)):
                    heard[change.id] = (change, shape, targets)
        seen = await look(connection, [(change, shape) for change, shape, _ in heard.values()])
        events = (event_of(heard[key][0], heard[key][2], as_seen) for key, as_seen in seen.items())
        return [event for event in events if event is not None]


def _targets(listening: Listening, shape: Shape) -> Sequence[Target]:
    return listening.get(shape.key, ())


def event_of(change: OpenChange, targets: Sequence[Target], as_seen: RecordChange) -> NewEvent | None:
    """What a change starts, and why it does not start the rest; None when no trigger is about such changes."""
    payload = {
        "record": as_seen.record,
        "old": as_seen.old,
        "changed": as_seen.changed,
        "what": as_seen.what,
        "actor": as_seen.actor,
    }
    considered: list[Entry] = []
    runs: list[NewRun] = []
    for target in targets:
        place = target.scenario_id, target.node_id
        reason = _matched(target, as_seen)
        if reason == "":
            continue
        if reason is None and change.depth > DEEPEST:
            reason = "record_circles"
        if reason is not None:
            considered.append(stopped(*place, reason))
            continue
        stop = target.start_if.stops(payload, _now) if target.start_if is not None else None
        if stop is not None:
            considered.append(stopped(*place, stop.stored()))
            continue
        assert target.version_id is not None
        runs.append(NewRun(uuid7(), target.workspace_id, target.scenario_id, target.version_id, target.node_id))
        considered.append(started(*place, runs[-1].id))
    if not considered:
        return None
    stops = {entry["scenario_id"] for entry in considered if "stopped_by" in entry}
    return NewEvent(
        id=uuid7(),
        workspace_id=change.workspace_id,
        kind="record",
        source=as_seen.type,
        dedupe_key=f"record:{change.id}",
        payload=to_json(payload),
        considered=to_json(considered),
        runs=runs,
        stopped=[one.scenario_id for one in targets if str(one.scenario_id) in stops],
    )


def _matched(target: Target, change: RecordChange) -> str | None:
    """None when it starts, else why not. What a plugin gets wrong stops nobody else."""
    node = target.type
    if node is None or node.match is None:
        return "plugin_error"
    try:
        return node.match(node.input.model_construct(**dict(target.settings)), change)
    except Exception:
        log.exception("the trigger %s of %s cannot be asked", target.node_id, target.scenario_id)
        return "plugin_error"


def _now() -> datetime:
    return datetime.now(UTC)
