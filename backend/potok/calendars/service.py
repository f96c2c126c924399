"""What may happen to calendars. Every change re-plans what hangs on them, in its own transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from potok.announce import announce
from potok.calendars import repository
from potok.calendars.checks import MOST, hours_of, problems_of
from potok.calendars.events import CalendarsChanged
from potok.calendars.holidays import Holiday, fill, holidays_of
from potok.calendars.models import Calendar
from potok.calendars.read import almanac_of, calendars_of
from potok.graph.almanac import OFFICE
from potok.graph.problems import Types
from potok.people.service import Caller, record, set_time_zone
from potok.problems import Refused, refuse
from potok.runs.service import replan_waits
from potok.scenarios.service import replan_schedules, scenarios_naming
from potok.words import say

__all__ = [
    "Exceptional",
    "Wanted",
    "change_time_zone",
    "create_calendar",
    "delete_calendar",
    "fill_holidays",
    "list_calendars",
    "preview_holidays",
    "update_calendar",
]


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A date with rules of its own. `hours`: none for a day off, None for "as the week says"."""

    date: date
    name: str = ""
    hours: Sequence[tuple[int, int]] | None = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A calendar as a person wants it. `time_zone` empty: the workspace's."""

    name: str
    time_zone: str = ""
    weekly: Sequence[Sequence[tuple[int, int]]] = field(default_factory=lambda: OFFICE)
    exceptions: Sequence[Exceptional] = ()
    is_default: bool = False


async def list_calendars(db: AsyncSession, caller: Caller) -> list[Calendar]:
    """The calendars of the caller's workspace, the default one first."""
    return await calendars_of(db, caller.workspace_id, caller.locale or "en")


async def create_calendar(db: AsyncSession, caller: Caller, types: Types, wanted: Wanted) -> Calendar:
    """A new calendar. Raises Refused."""
    rows = await _locked(db, caller)
    if len(rows) >= MOST:
        raise refuse("calendars_many", most=MOST)
    if problems := problems_of(wanted):
        raise Refused(*problems)
    row = Calendar(
        id=uuid7(),
        workspace_id=caller.workspace_id,
        name="",
        weekly=[],
        exceptions=[],
        created_at=datetime.now(UTC),
    )
    await _take(db, caller, rows, row, wanted)
    await _changed(db, caller, types)
    await record(db, caller, "calendar_created", subject_id=row.id, subject=row.name)
    return row


async def update_calendar(
    db: AsyncSession, caller: Caller, types: Types, calendar_id: UUID, wanted: Wanted
) -> Calendar:
    """Replace what the calendar says. Raises Refused."""
    rows = await _locked(db, caller)
    row = _found(rows, calendar_id)
    if problems := problems_of(wanted):
        raise Refused(*problems)
    await _take(db, caller, rows, row, wanted)
    await _changed(db, caller, types)
    await record(db, caller, "calendar_changed", subject_id=row.id, subject=row.name)
    return row


async def delete_calendar(db: AsyncSession, caller: Caller, types: Types, calendar_id: UUID) -> None:
    """Take it away. Refused for the default one, and while a published scenario names it."""
    row = _found(await _locked(db, caller), calendar_id)
    if row.is_default:
        raise refuse("calendar_is_default", "id", name=row.name)
    users = await scenarios_naming(db, caller, "calendar", str(calendar_id))
    if users:
        raise refuse("calendar_used", "id", name=row.name, scenarios=", ".join(f"“{one}”" for one in users))
    await repository.remove(db, calendar_id)
    await _changed(db, caller, types)
    await record(db, caller, "calendar_deleted", subject_id=row.id, subject=row.name)


async def preview_holidays(
    db: AsyncSession, caller: Caller, calendar_id: UUID, country: str, subdivision: str, years: Sequence[int]
) -> list[dict[str, Any]]:
    """The dates that filling would add; nothing is changed. Raises Refused."""
    row = _found(await list_calendars(db, caller), calendar_id)
    return _added(
        row, _filled(caller, row, holidays_of(country, subdivision, years, caller.locale or "en"), years)
    )


async def fill_holidays(
    db: AsyncSession,
    caller: Caller,
    types: Types,
    calendar_id: UUID,
    country: str,
    subdivision: str,
    years: Sequence[int],
) -> tuple[Calendar, list[dict[str, Any]]]:
    """Fill in the holidays of a country; the dates that were added. What a person set stays. Raises Refused."""
    rows = await _locked(db, caller)
    row = _found(rows, calendar_id)
    filled = _filled(caller, row, holidays_of(country, subdivision, years, caller.locale or "en"), years)
    added = _added(row, filled)
    row.exceptions, row.country, row.subdivision = filled, country, subdivision
    await repository.add(db, row)
    await _changed(db, caller, types)
    said = {"country": country, "subdivision": subdivision, "years": list(years), "added": len(added)}
    await record(db, caller, "holidays_filled", subject_id=row.id, subject=row.name, **said)
    return row, added


async def change_time_zone(db: AsyncSession, caller: Caller, types: Types, zone: str) -> None:
    """The workspace's time zone; calendars without one of their own follow it. Raises Refused."""
    await _locked(db, caller)
    if await set_time_zone(db, caller, zone):
        await _changed(db, caller, types)


def _filled(caller: Caller, row: Calendar, found: list[Holiday], years: Sequence[int]) -> list[dict[str, Any]]:
    worked: list[list[int]] = next((day for day in row.weekly if day), [])
    works = say("calendar_moved_day", caller.locale or "en").message
    return fill(row.exceptions, found, years, worked, works)


def _added(row: Calendar, filled: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = {one["date"] for one in row.exceptions}
    return [one for one in filled if one["date"] not in known]


async def _locked(db: AsyncSession, caller: Caller) -> list[Calendar]:
    await repository.lock(db, caller.workspace_id)
    return await list_calendars(db, caller)


def _found(rows: Sequence[Calendar], calendar_id: UUID) -> Calendar:
    found = next((row for row in rows if row.id == calendar_id), None)
    if found is None:
        raise refuse("calendar_not_found", "id")
    return found


async def _take(db: AsyncSession, caller: Caller, rows: list[Calendar], row: Calendar, wanted: Wanted) -> None:
    row.name, row.time_zone = wanted.name.strip(), wanted.time_zone
    row.weekly = [hours_of(day) for day in wanted.weekly]
    row.exceptions = _merged(row.exceptions, wanted.exceptions)
    if wanted.is_default and not row.is_default:
        await repository.add(db, rows[0])  # it stays, although it is the default no longer
        await repository.no_default(db, caller.workspace_id)
        row.is_default = True
    await repository.add(db, row)


async def _changed(db: AsyncSession, caller: Caller, types: Types) -> None:
    """Plan anew what hangs on calendars, in this transaction, and tell all processes after it."""
    now = await almanac_of(db, caller.workspace_id)
    await replan_waits(db, caller.workspace_id, now)
    await replan_schedules(db, caller.workspace_id, now, types)
    announce(db, CalendarsChanged(caller.workspace_id))


def _merged(before: Sequence[dict[str, Any]], wanted: Sequence[Exceptional]) -> list[dict[str, Any]]:
    """What a person set is theirs; a holiday they took away stays away when holidays are filled in again."""
    known = {one["date"]: one for one in before}
    found: dict[str, dict[str, Any]] = {}
    for one in wanted:
        key, hours = one.date.isoformat(), None if one.hours is None else hours_of(one.hours)
        said = {"date": key, "name": one.name.strip(), "hours": hours}
        old = known.get(key)
        same = old is not None and {**said, "by": old["by"]} == old
        found[key] = old if same and old is not None else {**said, "by": "person"}
    for key, old in known.items():
        if key not in found and old["by"] == "holidays":
            found[key] = {"date": key, "name": old["name"], "hours": None, "by": "person"}
    return [found[key] for key in sorted(found)]
