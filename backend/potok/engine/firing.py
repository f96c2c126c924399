"""The next moment of a schedule, days off considered. Pure.

A trigger's setting `days` says what becomes of a moment on a day off of its `calendar`: any (it fires all the
same), skip (never) or move (it fires at the same time of the next working day; moments that meet there are one).
What is left out is kept with its reason, up to MOST of them.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from potok.graph.almanac import Almanac
from potok.graph.working_time import WorkingCalendar
from potok.sdk.working import CalendarError

MOST = 500
SCANNED = 20_000
"""Moments looked at in one search; a schedule that never meets a working day ends there."""
DAY_OFF, MOVED = "day_off", "moved_to_working_day"

Find = Callable[[datetime], datetime | None]
"""The first moment strictly after the given one, as the trigger itself has it."""


class NextFire(NamedTuple):
    """When it fires next (None: never again), and the moments before that will not, with the reason."""

    at: datetime | None
    left_out: tuple[tuple[datetime, str], ...] = ()


def minds_days_off(settings: Any) -> bool:
    """Whether the trigger's next moment depends on a calendar."""
    return getattr(settings, "days", "any") in ("skip", "move")


def next_firing(find: Find, settings: Any, after: datetime, almanac: Almanac) -> NextFire:
    """The first firing strictly after the aware moment `after`. A calendar that is gone leaves no day out."""
    calendar = _calendar(settings, almanac)
    if calendar is None:
        return NextFire(find(after))
    return (_skip if settings.days == "skip" else _move)(find, after, calendar)


def _calendar(settings: Any, almanac: Almanac) -> WorkingCalendar | None:
    if not minds_days_off(settings):
        return None
    try:
        return almanac.get(getattr(settings, "calendar", "") or None)
    except KeyError:
        return None


def _day(calendar: WorkingCalendar, moment: datetime) -> date:
    return moment.astimezone(calendar.zone).date()


def _at(calendar: WorkingCalendar, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, calendar.zone).astimezone(UTC)


def _skip(find: Find, after: datetime, calendar: WorkingCalendar) -> NextFire:
    left: list[tuple[datetime, str]] = []
    moment = find(after)
    for _ in range(SCANNED):
        if moment is None or calendar.is_working_day(_day(calendar, moment)):
            return NextFire(moment, tuple(left))
        if len(left) < MOST:
            left.append((moment, DAY_OFF))
            moment = find(moment)
            continue
        try:  # enough is listed; look from the next working day on
            morning = _at(calendar, calendar.next_working_day(_day(calendar, moment)), time())
        except CalendarError:
            break
        moment = find(max(moment, morning - timedelta(microseconds=1)))
    return NextFire(None, tuple(left))


def _move(find: Find, after: datetime, calendar: WorkingCalendar) -> NextFire:
    left: list[tuple[datetime, str]] = []
    best: datetime | None = None
    moment = find(_run_of_days_off(after, calendar))
    for _ in range(SCANNED):
        if moment is None or (best is not None and moment > best):
            break
        day = _day(calendar, moment)
        fires = moment
        if not calendar.is_working_day(day):
            try:
                clock = moment.astimezone(calendar.zone).time()
                fires = max(moment, _at(calendar, calendar.next_working_day(day), clock))
            except CalendarError:
                break
            if moment > after and len(left) < MOST:
                left.append((moment, MOVED))
        if fires > after and (best is None or fires < best):
            best = fires
        moment = find(moment)
    return NextFire(best, tuple(one for one in left if best is None or one[0] < best))


def _run_of_days_off(after: datetime, calendar: WorkingCalendar) -> datetime:
    """Just before the days off whose moments may have been moved to the day of `after` or beyond."""
    day = _day(calendar, after)
    first = day - timedelta(days=1)
    for _ in range(366):
        if calendar.is_working_day(first):
            break
        first -= timedelta(days=1)
    return min(after, _at(calendar, first + timedelta(days=1), time()) - timedelta(microseconds=1))
