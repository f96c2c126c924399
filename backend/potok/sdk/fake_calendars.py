"""Working calendars for tests of plugins: Monday to Friday, 9 to 18 UTC, with the days off a test names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from potok.sdk.working import CalendarError, WorkingTime

_OPENS, _CLOSES = time(9), time(18)
_FAR = 3_660


@dataclass(frozen=True, slots=True)
class FakeCalendar:
    """`FakeCalendar(off=frozenset({date(2026, 1, 6)}))`."""

    id: str = "office"
    name: str = "Office"
    off: frozenset[date] = frozenset()
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday, unless off."""
        return day.weekday() < 5 and day not in self.off

    def is_working(self, moment: datetime) -> bool:
        """From 9 on, before 18."""
        local = moment.astimezone(UTC)
        return self.is_working_day(local.date()) and _OPENS <= local.time() < _CLOSES

    def next_working_moment(self, moment: datetime) -> datetime:
        """The moment itself if it is working time, else 9 o'clock of the next working day."""
        moment = moment.astimezone(UTC)
        if self.is_working(moment):
            return moment
        early = self.is_working_day(moment.date()) and moment.time() < _OPENS
        day = moment.date() if early else self.next_working_day(moment.date())
        return datetime.combine(day, _OPENS, UTC)

    def add_working(self, moment: datetime, length: timedelta) -> datetime:
        """Day by day."""
        moment = moment.astimezone(UTC)
        while length:
            moment = self.next_working_moment(moment)
            left = datetime.combine(moment.date(), _CLOSES, UTC) - moment
            if length <= left:
                return moment + length
            moment, length = moment + left, length - left
        return moment

    def next_working_day(self, day: date) -> date:
        """The first one after the date."""
        return self.add_working_days(day, 1)

    def add_working_days(self, day: date, count: int) -> date:
        """One by one. Raises CalendarError when that leads ten years away."""
        step, left = timedelta(days=1 if count > 0 else -1), abs(count)
        for _ in range(_FAR):
            if not left:
                return day
            day += step
            left -= self.is_working_day(day)
        raise CalendarError("too far")


class FakeCalendars:
    """`run_node(..., calendars=FakeCalendars(FakeCalendar(...)))`; the first one is the default."""

    def __init__(self, *calendars: FakeCalendar) -> None:
        self._calendars = calendars or (FakeCalendar(),)
        self.zone = self._calendars[0].zone

    def get(self, calendar_id: str | None = None) -> WorkingTime:
        """By id. Raises KeyError."""
        if not calendar_id:
            return self._calendars[0]
        return {one.id: one for one in self._calendars}[calendar_id]

    def all(self) -> Sequence[WorkingTime]:
        """All of them."""
        return self._calendars
