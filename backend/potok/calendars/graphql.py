"""The calendars room's part of the schema."""

from collections.abc import Awaitable, Callable
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from potok.calendars import holidays, models, service
from potok.gql import DonePayload, Info, Problem, all_told, mutation, query, read_id
from potok.people.service import Permission
from potok.problems import Refused, refuse


@strawberry.enum
class SetBy(Enum):
    """Where an exception comes from."""

    HOLIDAYS = "holidays"
    PERSON = "person"


@strawberry.type
class WorkHours:
    """From and to, in minutes of the day; `end` may be 1440."""

    start: int
    end: int


@strawberry.type
class CalendarException:
    """A date with rules of its own. `hours`: none for a day off, null where it is worked as the week says."""

    date: date
    name: str
    hours: list[WorkHours] | None
    by: SetBy


@strawberry.type
class WorkCalendar:
    """When it is worked. `weekly`: the hours of Monday to Sunday; `timeZone`: null for the workspace's."""

    id: strawberry.ID
    name: str
    time_zone: str | None
    weekly: list[list[WorkHours]]
    exceptions: list[CalendarException]
    country: str
    subdivision: str
    is_default: bool


@strawberry.type
class HolidayCountry:
    """A country whose holidays are known: its ISO 3166 code, and parts of it with holidays of their own."""

    code: str
    subdivisions: list[str]


@strawberry.input
class WorkHoursInput:
    """From and to, in minutes of the day."""

    start: int
    end: int


@strawberry.input
class CalendarExceptionInput:
    """A date with rules of its own. `hours`: none for a day off, null for "as the week says"."""

    date: date
    name: str = ""
    hours: list[WorkHoursInput] | None = None


@strawberry.input
class CalendarInput:
    """All that a person may say about a calendar. It becomes the default one, or stays what it is."""

    name: str
    weekly: list[list[WorkHoursInput]]
    time_zone: str | None = None
    exceptions: list[CalendarExceptionInput] = strawberry.field(default_factory=list)
    is_default: bool = False


@strawberry.type
class CalendarPayload:
    """The calendar as changed."""

    calendar: WorkCalendar | None
    problems: list[Problem]


@strawberry.type
class HolidaysPayload:
    """The calendar, and the dates that were added to it."""

    calendar: WorkCalendar | None
    added: list[CalendarException]
    problems: list[Problem]


@strawberry.type
class CalendarsQuery:
    """Root fields of the calendars room."""

    @query(Permission.SEE)
    async def calendars(self, info: Info) -> list[WorkCalendar]:
        """The calendars of the workspace, the default one first."""
        async with info.context.db() as db:
            return [_calendar(row) for row in await service.list_calendars(db, info.context.who)]

    @query(Permission.SEE)
    async def holiday_countries(self, info: Info) -> list[HolidayCountry]:
        """Countries whose holidays can be filled in."""
        return [HolidayCountry(code=one.code, subdivisions=list(one.subdivisions)) for one in holidays.countries()]

    @query(Permission.ADMINISTER)
    async def holidays_to_fill(
        self, info: Info, calendar_id: strawberry.ID, country: str, years: list[int], subdivision: str = ""
    ) -> HolidaysPayload:
        """What filling holidays in would add; changes nothing."""
        request = info.context
        try:
            async with request.db() as db:
                added = await service.preview_holidays(
                    db, request.who, _id(calendar_id), country, subdivision, years
                )
        except Refused as refused:
            return HolidaysPayload(calendar=None, added=[], problems=all_told(refused, request))
        return HolidaysPayload(calendar=None, added=[_exception(one) for one in added], problems=[])


@strawberry.type
class CalendarsMutation:
    """Mutations of the calendars room. Each re-plans the timers that hang on calendars."""

    @mutation(Permission.ADMINISTER)
    async def create_calendar(self, info: Info, input: CalendarInput) -> CalendarPayload:
        """A new calendar."""
        who, types = info.context.who, info.context.catalog
        return await _change(info, lambda db: service.create_calendar(db, who, types, _wanted(input)))

    @mutation(Permission.ADMINISTER)
    async def update_calendar(self, info: Info, id: strawberry.ID, input: CalendarInput) -> CalendarPayload:
        """Replace what a calendar says."""
        who, types = info.context.who, info.context.catalog
        return await _change(info, lambda db: service.update_calendar(db, who, types, _id(id), _wanted(input)))

    @mutation(Permission.ADMINISTER)
    async def delete_calendar(self, info: Info, id: strawberry.ID) -> DonePayload:
        """Take it away; refused while a published scenario uses it."""
        request = info.context
        try:
            async with request.change() as db:
                await service.delete_calendar(db, request.who, request.catalog, _id(id))
        except Refused as refused:
            return DonePayload(done=False, problems=all_told(refused, request))
        return DonePayload(done=True, problems=[])

    @mutation(Permission.ADMINISTER)
    async def fill_holidays(
        self, info: Info, calendar_id: strawberry.ID, country: str, years: list[int], subdivision: str = ""
    ) -> HolidaysPayload:
        """Fill in the holidays of a country. What a person has set stays."""
        request = info.context
        try:
            async with request.change() as db:
                row, added = await service.fill_holidays(
                    db, request.who, request.catalog, _id(calendar_id), country, subdivision, years
                )
        except Refused as refused:
            return HolidaysPayload(calendar=None, added=[], problems=all_told(refused, request))
        return HolidaysPayload(calendar=_calendar(row), added=[_exception(one) for one in added], problems=[])

    @mutation(Permission.ADMINISTER)
    async def set_time_zone(self, info: Info, time_zone: str) -> DonePayload:
        """The workspace's time zone: of "today" in formulas, and of calendars without one of their own."""
        request = info.context
        try:
            async with request.change() as db:
                await service.change_time_zone(db, request.who, request.catalog, time_zone)
        except Refused as refused:
            return DonePayload(done=False, problems=all_told(refused, request))
        return DonePayload(done=True, problems=[])


async def _change(info: Info, change: Callable[[AsyncSession], Awaitable[models.Calendar]]) -> CalendarPayload:
    request = info.context
    try:
        async with request.change() as db:
            row = await change(db)
    except Refused as refused:
        return CalendarPayload(calendar=None, problems=all_told(refused, request))
    return CalendarPayload(calendar=_calendar(row), problems=[])


def _id(value: str) -> UUID:
    found = read_id(value)
    if found is None:
        raise refuse("calendar_not_found", "id")
    return found


def _wanted(given: CalendarInput) -> service.Wanted:
    return service.Wanted(
        name=given.name,
        time_zone=given.time_zone or "",
        weekly=[[(one.start, one.end) for one in day] for day in given.weekly],
        exceptions=[
            service.Exceptional(
                one.date, one.name, None if one.hours is None else [(span.start, span.end) for span in one.hours]
            )
            for one in given.exceptions
        ],
        is_default=given.is_default,
    )


def _calendar(row: models.Calendar) -> WorkCalendar:
    return WorkCalendar(
        id=strawberry.ID(str(row.id)),
        name=row.name,
        time_zone=row.time_zone or None,
        weekly=[_hours(day) for day in row.weekly],
        exceptions=[_exception(one) for one in row.exceptions],
        country=row.country,
        subdivision=row.subdivision,
        is_default=row.is_default,
    )


def _exception(one: dict[str, Any]) -> CalendarException:
    hours = None if one["hours"] is None else _hours(one["hours"])
    return CalendarException(
        date=date.fromisoformat(one["date"]), name=one["name"], hours=hours, by=SetBy(one["by"])
    )


def _hours(day: list[list[int]]) -> list[WorkHours]:
    return [WorkHours(start=start, end=end) for start, end in day]
