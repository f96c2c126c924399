"""Fires timers: wakes waiting runs, starts scheduled ones and plans their next moment."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from pydantic import BaseModel
from uuid_utils.compat import uuid7

from potok.engine.firing import MOST, minds_days_off, next_firing
from potok.engine.ports import Calendars, DueTimer, Firing, NewEvent, NewRun, Store, StoreUnavailable
from potok.engine.values import to_json
from potok.scenarios.considered import Entry, started, stopped
from potok.scenarios.dispatch import Dispatcher, Target
from potok.server.misfire import Verdict, judge

log = logging.getLogger(__name__)

_BATCH = 200
_LOOK = 1.0
_MOMENT = timedelta(microseconds=1)


class Timers:
    """`run` until cancelled; `offer` receives the runs that became ready."""

    def __init__(
        self, store: Store, dispatcher: Dispatcher, offer: Callable[[list[UUID]], None], calendars: Calendars
    ) -> None:
        self._store = store
        self._calendars = calendars
        self._dispatcher = dispatcher
        self._offer = offer
        self._sooner = asyncio.Event()

    def nudge(self, at: datetime) -> None:
        """A timer was planned for this moment; look again if that is sooner than what is waited for."""
        seconds = (at - datetime.now(UTC)).total_seconds()
        if seconds < _LOOK:
            self._sooner.set()

    async def _sleep(self, seconds: float) -> bool:
        """Whether it was slept through; False when something sooner was planned."""
        try:
            async with asyncio.timeout(seconds):
                await self._sooner.wait()
        except TimeoutError:
            return True
        return False

    async def run(self) -> None:
        """Look each second what is next, sleep exactly until then, fire it."""
        while True:
            try:
                self._sooner.clear()
                seconds = await self._store.next_fire()
                if seconds is None or seconds > _LOOK:
                    await self._sleep(_LOOK)
                    continue
                if seconds and not await self._sleep(seconds):
                    continue
                ready = await self._store.fire_due(_BATCH, self._decide)
            except StoreUnavailable as error:
                log.warning("no timers fire, the database is away: %s", error)
                await asyncio.sleep(_LOOK)
                continue
            if ready:
                self._offer(ready)
            elif seconds == 0:
                await asyncio.sleep(0.05)  # others hold what is due

    async def _decide(self, due: list[DueTimer]) -> list[Firing]:
        return [await self._firing(timer) for timer in due]

    async def _firing(self, timer: DueTimer) -> Firing:
        if timer.kind != "schedule":
            return Firing(timer.id)
        target = await self._dispatcher.trigger(timer.scenario_id, timer.node_id)
        if target is None or target.stopped_by:
            return Firing(timer.id, "cancelled", target.stopped_by if target is not None else "deleted")
        try:
            await self._calendars.ready(timer.workspace_id)
            return self._schedule(timer, target)
        except StoreUnavailable:
            raise
        except Exception as error:  # a faulty plugin must not stop the timers of others
            log.exception("the schedule of %s %s cannot be followed", timer.scenario_id, timer.node_id)
            return Firing(timer.id, "missed", f"{type(error).__name__}: {error}")

    def _schedule(self, timer: DueTimer, target: Target) -> Firing:
        node_type, now = target.type, datetime.now(UTC)
        if node_type is None or node_type.next_fire is None:
            return Firing(timer.id, "missed", "unknown_node_type")
        settings: BaseModel = node_type.input.model_construct(**dict(target.settings))
        almanac, raw = self._calendars.get(timer.workspace_id), node_type.next_fire
        left_out: dict[datetime, str] = {}

        def find(after: datetime) -> datetime | None:
            found = next_firing(lambda at: raw(settings, at), settings, after, almanac)
            left_out.update(found.left_out[: MOST - len(left_out)])
            return found.at

        replaceable = timer.version_id != target.version_id or minds_days_off(settings)
        if replaceable and find(timer.fire_at - _MOMENT) != timer.fire_at:
            return Firing(timer.id, "cancelled", "replaced")
        left_out.clear()
        verdict = judge(timer.misfire, timer.fire_at, now, find)
        return Firing(
            timer.id,
            "fired" if verdict.fires else "missed",
            "" if verdict.fires else "late",
            event_of(timer, target, now, verdict),
            verdict.next_at,
            target.version_id,
            (*verdict.missed, *left_out.items()),
        )


def event_of(timer: DueTimer, target: Target, now: datetime, verdict: Verdict) -> NewEvent:
    """What a due moment starts, what the trigger's condition stops, and which moments never fire."""
    assert target.version_id is not None
    scenario_id, node_id = place = timer.scenario_id, timer.node_id
    planned = timer.fire_at.isoformat()
    payload = {"scheduled_at": planned, "fired_at": now.isoformat()}
    considered: list[Entry] = []
    runs: list[NewRun] = []
    stop = target.start_if.stops(payload, lambda: now) if verdict.fires and target.start_if is not None else None
    if stop is not None:
        considered.append(stopped(*place, stop.stored()))
    elif verdict.fires:
        runs.append(NewRun(uuid7(), timer.workspace_id, scenario_id, target.version_id, node_id))
        considered.append(started(*place, runs[0].id))
    missed = [at for at, _ in verdict.missed]
    if not verdict.fires:
        missed.insert(0, timer.fire_at)
    if missed:
        reason = "misfire_merged" if verdict.fires else "misfire_skipped"
        first, last = missed[0].isoformat(), missed[-1].isoformat()
        considered.append(stopped(*place, reason, times=len(missed), first=first, last=last))
    return NewEvent(
        id=uuid7(),
        workspace_id=timer.workspace_id,
        kind="schedule",
        source=timer.node_id,
        dedupe_key=f"schedule:{scenario_id}:{node_id}:{planned}",
        payload=to_json(payload),
        considered=to_json(considered),
        runs=runs,
        stopped=[scenario_id] if len(considered) > len(runs) else [],
    )
