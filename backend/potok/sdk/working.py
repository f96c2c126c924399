"""Working calendars as a step sees them: `ctx.calendar()` and what can be asked of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class CalendarError(ValueError):
    """Something cannot be reckoned; `code` names it for programs."""

    code = "calendar_error"


class WorkingTime(Protocol):
    """One calendar. Moments are aware; answers are UTC. What cannot be reckoned raises CalendarError."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def zone(self) -> ZoneInfo: ...
    def is_working(self, moment: datetime) -> bool:
        """Whether clocks in the calendar's zone show a working hour."""
        ...

    def next_working_moment(self, moment: datetime) -> datetime:
        """The moment itself if it is working time, else the first one after it."""
        ...

    def add_working(self, moment: datetime, length: timedelta) -> datetime:
        """The moment by which so much working time has passed."""
        ...

    def is_working_day(self, day: date) -> bool:
        """Whether it is worked at all on that date."""
        ...

    def next_working_day(self, day: date) -> date:
        """The first working day after the date."""
        ...

    def add_working_days(self, day: date, count: int) -> date:
        """So many working days later or, if negative, earlier; the date itself is day 0."""
        ...


class Calendars(Protocol):
    """The calendars of the workspace, and its time zone."""

    @property
    def zone(self) -> ZoneInfo: ...
    def get(self, calendar_id: str | None = None) -> WorkingTime:
        """A calendar by id; without one, the default. Raises KeyError when it is gone."""
        ...

    def all(self) -> Sequence[WorkingTime]:
        """All of them, the default one first."""
        ...


@dataclass(frozen=True, slots=True)
class WorkingWait:
    """A wait in working time, from `start`: so much of it or, without a length, until there is any.

    `calendar` is an id; None is the workspace's default calendar. `days`: so many working days instead of a
    length, to the same time of day or, if that is not worked then, to the next working moment.
    """

    start: datetime
    length: timedelta | None = None
    calendar: str | None = None
    days: int = 0


def over(calendar: WorkingTime, wait: WorkingWait) -> datetime:
    """When the wait is over, in UTC. Raises CalendarError."""
    if wait.days:
        local = wait.start.astimezone(calendar.zone)
        day = calendar.add_working_days(local.date(), wait.days)
        moment = datetime.combine(day, local.time(), calendar.zone).astimezone(UTC)
        return calendar.next_working_moment(moment)
    if wait.length is None:
        return calendar.next_working_moment(wait.start)
    return calendar.add_working(wait.start, wait.length)
