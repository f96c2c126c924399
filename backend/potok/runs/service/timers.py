"""Plans the moments schedules fire, and takes back what must not happen any more."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from potok.runs import repository
from potok.runs.models import Timer


class Schedule(NamedTuple):
    """The next moment of one schedule trigger; its successors are planned when it fires."""

    node_id: str
    fire_at: datetime
    misfire: str = "run_once"


async def plan_schedules(
    db: AsyncSession, *, workspace_id: UUID, scenario_id: UUID, version_id: UUID, schedules: Sequence[Schedule]
) -> None:
    """Make these the only planned schedule timers of the scenario."""
    await cancel_schedules(db, scenario_id, "replaced")
    timers = [
        Timer(
            id=uuid7(),
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
    await repository.add(db, *timers)


async def cancel_schedules(db: AsyncSession, scenario_id: UUID, reason: str) -> None:
    """No planned schedule of the scenario fires any more. `reason` is shown on the calendar."""
    await repository.cancel_timers(db, scenario_id, ["schedule"], reason)


async def cancel_runs(db: AsyncSession, scenario_id: UUID, reason: str) -> None:
    """End every open run of the scenario, the waiting ones too."""
    await repository.cancel_timers(db, scenario_id, ["schedule", "wait"], reason)
    await repository.cancel_open_runs(db, scenario_id, datetime.now(UTC))
