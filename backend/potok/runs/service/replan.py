"""Moves timers when a calendar changes, in the transaction that changes it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.engine.firing import DAY_OFF, MOVED
from potok.graph.almanac import Almanac, wait_from_json
from potok.runs import repository_timers
from potok.runs.service.timers import Schedule, write_schedules
from potok.sdk.working import CalendarError

REASON = "calendar_changed"


async def replan_waits(db: AsyncSession, workspace_id: UUID, almanac: Almanac) -> int:
    """Planned waits in working time come when the calendars now say; how many moved.

    One whose calendar is gone, or that could not end by it, keeps its moment.
    """
    moved: list[tuple[UUID, datetime]] = []
    for timer_id, fire_at, kept in await repository_timers.working_waits(db, workspace_id):
        try:
            over = almanac.over(wait_from_json(kept))
        except (KeyError, CalendarError):
            continue
        if over != fire_at:
            moved.append((timer_id, over))
    await repository_timers.move(db, moved, REASON)
    return len(moved)


async def replan_schedule(
    db: AsyncSession,
    *,
    workspace_id: UUID,
    scenario_id: UUID,
    version_id: UUID,
    nodes: Sequence[str],
    schedules: Sequence[Schedule],
) -> None:
    """These triggers of a scenario plan their next moments anew; what is due already is left to fire."""
    now = datetime.now(UTC)
    await repository_timers.cancel_future(db, scenario_id, nodes, REASON, now)
    await repository_timers.forget_future(db, scenario_id, [DAY_OFF, MOVED], now)
    await write_schedules(db, workspace_id, scenario_id, version_id, schedules)
