"""What other rooms read of calendars: the almanac of a workspace. Imports no other room but people."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.calendars import repository
from potok.calendars.models import Calendar
from potok.graph.almanac import OFFICE, Almanac, almanac, default_id
from potok.people.service import time_zone_of
from potok.words import say


async def calendars_of(db: AsyncSession, workspace_id: UUID, locale: str = "en") -> list[Calendar]:
    """The workspace's calendars, the default one first; one nobody has changed yet is not written down."""
    rows = await repository.of_workspace(db, workspace_id)
    if any(row.is_default for row in rows):
        return rows
    return [first_calendar(workspace_id, locale), *rows]


def first_calendar(workspace_id: UUID, locale: str = "en") -> Calendar:
    """Monday to Friday, 9 to 18, in the workspace's zone."""
    return Calendar(
        id=default_id(workspace_id),
        workspace_id=workspace_id,
        name=say("calendar_first_name", locale).message,
        weekly=[[list(hours) for hours in day] for day in OFFICE],
        exceptions=[],
        is_default=True,
        created_at=datetime.now(UTC),
    )


async def almanac_of(db: AsyncSession, workspace_id: UUID) -> Almanac:
    """Everything about the workspace's working time, for the engine and for planning."""
    rows = await calendars_of(db, workspace_id)
    return almanac(await time_zone_of(db, workspace_id), workspace_id, [row.model_dump() for row in rows])


async def hold_almanac(db: AsyncSession, workspace_id: UUID) -> Almanac:
    """The same, for planning by it: nobody changes it before the end of this transaction."""
    await repository.hold(db, workspace_id)
    return await almanac_of(db, workspace_id)
