"""Working calendars: which moments count as working time, and what lies so much of it later. No clock, no I/O.

Rules:
- Hours are what clocks in the calendar's zone show. A moment is working time if they then show a working hour.
- Where clocks skip an hour, it does not exist: hours that lie in it are no working time, and the day is shorter.
- Where an hour comes twice, both count: a shift over it is an hour longer, as it is for who works it.
- Durations are real time. Where clocks change, four working hours are still four hours.
- Hours end at midnight at the latest. A night shift is two: 22:00-24:00 and, of the next day, 00:00-06:00.
- An exception holds for its whole date, in place of the weekday's hours.
- A search that meets no working time for three years ends with NeverWorking, one that leads further than thirty
  years with TooFar.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from potok.sdk.working import CalendarError

DAY_MINUTES = 24 * 60
LOOK_DAYS = 3 * 366
"""Days without any working time after which a search is given up."""
FAR_DAYS = 30 * 366

Hours = tuple[int, int]
"""From and to, in minutes of the day; `to` may be 1440."""
_ONE = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = 2, 9990
_MARGIN = timedelta(hours=4)


class NeverWorking(CalendarError):
    """No working time within three years."""

    code = "calendar_never_working"


class TooFar(CalendarError):
    """The moment lies more than thirty years away, or beyond the last year there is."""

    code = "calendar_too_far"


class BadHours(CalendarError):
    """Hours that cannot be kept. `weekday` is 0 to 6, or None for those of an exception."""

    code = "bad_hours"

    def __init__(self, reason: str, hours: object = None) -> None:
        super().__init__(reason)
        self.reason = reason
        """order (ends before it begins: over midnight), overlap, range."""
        self.hours = hours


def check_hours(intervals: Sequence[Hours]) -> tuple[Hours, ...]:
    """The intervals of one day in order, those that touch joined. Raises BadHours."""
    made: list[Hours] = []
    for start, end in sorted(intervals):
        if not (0 <= start < DAY_MINUTES and 0 <= end <= DAY_MINUTES):
            raise BadHours("range", (start, end))
        if end <= start:
            raise BadHours("order", (start, end))
        if made and start < made[-1][1]:
            raise BadHours("overlap", (start, end))
        if made and start == made[-1][1]:
            made[-1] = (made[-1][0], end)
        else:
            made.append((start, end))
    return tuple(made)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """When it is worked. `weekly`: hours of Monday to Sunday; `exceptions`: hours by date, none for a day off.

    Make it with `working_calendar`, which checks the hours.
    """

    zone: ZoneInfo
    weekly: tuple[tuple[Hours, ...], ...]
    exceptions: Mapping[date, tuple[Hours, ...]] = field(default_factory=dict)
    id: str = ""
    name: str = ""

    # moments

    def is_working(self, moment: datetime) -> bool:
        """Whether clocks show a working hour; the end of the hours is not working any more."""
        local = moment.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        return any(start <= minute < end for start, end in self.hours(local.date()))

    def next_working_moment(self, moment: datetime) -> datetime:
        """The moment itself if it is working time, else the first one after it. UTC. Raises NeverWorking."""
        for start, _ in self._spans(moment):
            return start
        raise NeverWorking(self.name)

    def add_working(self, moment: datetime, length: timedelta) -> datetime:
        """The moment by which so much working time has passed; the end of a working day, not the next morning.

        UTC. No time at all leaves the moment as it is. Raises NeverWorking, TooFar; ValueError: a negative length.
        """
        if length < timedelta(0):
            raise ValueError("working time cannot be negative")
        if not length:
            return moment.astimezone(UTC)
        left, far = length, moment.astimezone(UTC).toordinal() + FAR_DAYS
        for start, end in self._spans(moment):
            if start.toordinal() > far:
                raise TooFar(self.name)
            if end - start >= left:
                return start + left
            left -= end - start
        raise NeverWorking(self.name)

    def working_between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two moments; negative when they are reversed."""
        if end < start:
            return -self.working_between(end, start)
        total = timedelta(0)
        for begin, over in self._spans(start, end):
            if begin >= end:
                break
            total += min(over, end) - begin
        return total

    # days

    def hours(self, day: date) -> tuple[Hours, ...]:
        """The hours of a date, in minutes of the day."""
        found = self.exceptions.get(day)
        return self.weekly[day.weekday()] if found is None else found

    def is_working_day(self, day: date) -> bool:
        """Whether it is worked at all on that date."""
        return bool(self.hours(day))

    def next_working_day(self, day: date) -> date:
        """The first working day after the date. Raises NeverWorking."""
        return self.add_working_days(day, 1)

    def add_working_days(self, day: date, count: int) -> date:
        """So many working days later or, if negative, earlier; the date itself is day 0 whether worked or not.

        Raises NeverWorking, TooFar.
        """
        step = _ONE if count > 0 else -_ONE
        found, left, idle, travelled = day, abs(count), 0, 0
        while left:
            try:
                found += step
            except OverflowError:
                raise TooFar(self.name) from None
            idle, travelled = idle + 1, travelled + 1
            if self.is_working_day(found):
                left, idle = left - 1, 0
            elif idle > LOOK_DAYS:
                raise NeverWorking(self.name)
            if travelled > FAR_DAYS:
                raise TooFar(self.name)
        return found

    def _spans(self, moment: datetime, end: datetime | None = None) -> Iterator[tuple[datetime, datetime]]:
        """Working time from the moment on, in UTC, span by span; ends about `end` or after three idle years."""
        moment = moment.astimezone(UTC)
        if not _FIRST_YEAR < moment.year < _LAST_YEAR:
            raise TooFar(self.name)
        day, idle = _shift(moment.astimezone(self.zone).date(), -1), 0
        last = None if end is None else _shift(end.astimezone(self.zone).date(), 1)
        while idle <= LOOK_DAYS and (last is None or day <= last):
            spans = day_spans(self.zone, day, self.hours(day))
            idle = 0 if spans else idle + 1
            for begin, over in spans:
                if over > moment:
                    yield max(begin, moment), over
            day = _shift(day, 1)


def working_calendar(
    zone: str | ZoneInfo,
    weekly: Sequence[Sequence[Hours]],
    exceptions: Mapping[date, Sequence[Hours]] | None = None,
    *,
    id: str = "",
    name: str = "",
) -> WorkingCalendar:
    """A calendar with checked hours. Raises BadHours, and ZoneInfoNotFoundError for an unknown zone."""
    if len(weekly) != 7:
        raise BadHours("range", len(weekly))
    return WorkingCalendar(
        ZoneInfo(zone) if isinstance(zone, str) else zone,
        tuple(check_hours(day) for day in weekly),
        {day: check_hours(hours) for day, hours in (exceptions or {}).items()},
        id,
        name,
    )


def day_spans(zone: ZoneInfo, day: date, hours: Sequence[Hours]) -> list[tuple[datetime, datetime]]:
    """When clocks in the zone show these hours of this date: spans in UTC, in order, those that touch joined."""
    if not hours:
        return []
    midnight = datetime.combine(day, time())
    try:
        found = sorted(
            (
                max(low, midnight + timedelta(minutes=start) - offset),
                min(high, midnight + timedelta(minutes=end) - offset),
            )
            for low, high, offset in _spells(zone, midnight)
            for start, end in hours
        )
    except OverflowError:  # the last day there is
        raise TooFar(day.isoformat()) from None
    spans: list[tuple[datetime, datetime]] = []
    for begin, over in found:
        if begin >= over:
            continue
        if spans and begin == spans[-1][1]:
            spans[-1] = (spans[-1][0], over)
        else:
            spans.append((begin, over))
    return [(begin.replace(tzinfo=UTC), over.replace(tzinfo=UTC)) for begin, over in spans]


def _spells(zone: ZoneInfo, midnight: datetime) -> list[tuple[datetime, datetime, timedelta]]:
    """Stretches of (naive) UTC around a local day in which the zone's distance to UTC stays the same."""
    low = midnight - _offset_of(zone, midnight) - _MARGIN
    high = midnight + _ONE - _offset_of(zone, midnight + _ONE) + _MARGIN
    before, after = _offset(zone, low), _offset(zone, high)
    if before == after:
        return [(low, high, before)]
    first = int(low.replace(tzinfo=UTC).timestamp())
    seconds = range(first, int(high.replace(tzinfo=UTC).timestamp()))
    change = bisect_right(seconds, 0, key=lambda at: _offset(zone, _naive(at)) != before)
    at = _naive(first + change)
    return [(low, at, before), (at, high, after)]


def _offset_of(zone: ZoneInfo, local: datetime) -> timedelta:
    return local.replace(tzinfo=zone).utcoffset() or timedelta(0)


def _offset(zone: ZoneInfo, utc: datetime) -> timedelta:
    return utc.replace(tzinfo=UTC).astimezone(zone).utcoffset() or timedelta(0)


def _naive(timestamp: int) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC).replace(tzinfo=None)


def _shift(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise TooFar(day.isoformat()) from None
