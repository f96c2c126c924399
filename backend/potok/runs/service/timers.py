"""Plans the moments schedules fire, and takes back what must not happen any more."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from potok.pages import Page, page_of
from potok.people.service import Caller
from potok.runs import repository, repository_timers
from potok.runs.models import Timer
from potok.runs.service.control import end_all


class Schedule(NamedTuple):
    """The next moment of one schedule trigger; its successors are planned when it fires."""

    node_id: str
    fire_at: datetime
    misfire: str = "run_once"
    left_out: Sequence[tuple[datetime, str]] = ()
    """Moments before it that do not fire, with the reason."""


async def list_timers(
    db: AsyncSession,
    caller: Caller,
    *,
    state: str,
    scenario_id: UUID | None,
    first: int,
    after: repository_timers.Place | None,
    kinds: Sequence[str] = (),
) -> Page[Timer]:
    """A page of the workspace's timers in one state: planned ones forward, others back from the latest."""
    rows = await repository_timers.page(db, caller.workspace_id, state, scenario_id, after, first + 1, kinds)
    return page_of(rows, first)


async def plan_schedules(
    db: AsyncSession, *, workspace_id: UUID, scenario_id: UUID, version_id: UUID, schedules: Sequence[Schedule]
) -> None:
    """Make these the only planned schedule timers of the scenario. What has fired at such a moment stays fired."""
    await cancel_schedules(db, scenario_id, "replaced")
    await write_schedules(db, workspace_id, scenario_id, version_id, schedules)


async def write_schedules(
    db: AsyncSession, workspace_id: UUID, scenario_id: UUID, version_id: UUID, schedules: Sequence[Schedule]
) -> None:
    """Plan these moments, and keep those they leave out. What is planned already is the caller's to cancel."""
    timers = [
        Timer(
            id=schedule_id(scenario_id, schedule.node_id, schedule.fire_at),
            workspace_id=workspace_id,
            kind="schedule",
            scenario_id=scenario_id,
            version_id=version_id,
            node_id=schedule.node_id,
            fire_at=schedule.fire_at,
            misfire=schedule.misfire,
        )
        for schedule in schedules
    ]
    await repository.plan_timers(db, timers)
    await repository_timers.leave_out(db, timers, [schedule.left_out for schedule in schedules])


def schedule_id(scenario_id: UUID, node_id: str, fire_at: datetime) -> UUID:
    """One timer per scenario, node and moment, the same as the engine makes when a firing plans its successor."""
    return uuid5(scenario_id, f"{node_id}:{fire_at.timestamp()}")


async def cancel_schedules(db: AsyncSession, scenario_id: UUID, reason: str) -> None:
    """No planned schedule of the scenario fires any more. `reason` is shown on the calendar."""
    await repository.cancel_timers(db, scenario_id, ["schedule"], reason)


async def cancel_runs(db: AsyncSession, caller: Caller, scenario_id: UUID, reason: str) -> None:
    """End every open run of the scenario, the waiting ones too."""
    await repository.cancel_timers(db, scenario_id, ["schedule", "wait", "retry", "deadline"], reason)
    await end_all(db, caller, scenario_id)
