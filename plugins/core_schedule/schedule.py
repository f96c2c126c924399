"""The schedule a person sets, and when it fires next.

Rules: day, weekdays, week and month follow the wall clock of the time zone. A time that the clocks skip fires
at the first moment after the gap; a time that comes twice fires the first time only. Minutes and hours count real
time from 2024-01-01 at `at`, so their distance never changes. A month without the chosen day fires on its last
day. Cron lines follow Debian's cron (crontab(5)), also where clocks change.
"""

import calendar
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from pydantic import Field, field_validator, model_validator

from potok.sdk import Invalid, Model

Every = Literal["minutes", "hours", "day", "weekdays", "week", "month", "cron"]
_START = date(2024, 1, 1)  # a Monday
_LAST_YEAR = 9990


class Schedule(Model):
    """`interval`: every so many of the unit. `weekdays`: 1 Monday to 7 Sunday. `day`: of the month."""

    every: Every = "day"
    interval: Annotated[int, Field(ge=1, le=1000)] = 1
    at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "09:00"
    weekdays: list[Annotated[int, Field(ge=1, le=7)]] = [1]
    day: Annotated[int, Field(ge=1, le=31)] | Literal["last"] = 1
    cron: str = ""
    timezone: str = "UTC"

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise Invalid("unknown_time_zone", f"There is no time zone “{name}”", zone=name) from error
        return name

    @model_validator(mode="after")
    def _is_complete(self) -> "Schedule":
        if self.every == "week" and not self.weekdays:
            raise Invalid("no_weekday", "No day of the week is chosen")
        if self.every == "cron":
            try:
                CronSim(self.cron, datetime(2024, 1, 1, tzinfo=UTC))
            except CronSimError as error:
                raise Invalid("bad_cron", f"“{self.cron}” is not a cron line", cron=self.cron) from error
        return self


def next_moment(schedule: Schedule, after: datetime) -> datetime | None:
    """The first moment strictly after the given aware one, in UTC; None when there is none (for ever)."""
    after = after.astimezone(UTC)
    if after.year >= _LAST_YEAR:
        return None
    zone = ZoneInfo(schedule.timezone)
    if schedule.every == "cron":
        return _next_cron(schedule.cron, after, zone)
    hours, minutes = re.findall(r"\d\d", schedule.at)
    at = time(int(hours), int(minutes))
    if schedule.every in ("minutes", "hours"):
        length = timedelta(minutes=schedule.interval * (1 if schedule.every == "minutes" else 60))
        start = wall_clock(datetime.combine(_START, at), zone)
        return start + ((after - start) // length + 1) * length
    for day in _days(schedule, after.astimezone(zone).date()):
        moment = wall_clock(datetime.combine(day, at), zone)
        if moment > after:
            return moment
    return None


def wall_clock(local: datetime, zone: ZoneInfo) -> datetime:
    """UTC moment at which clocks in the zone first show this (naive) time, or have just skipped it."""
    moment = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local:
        return moment
    before = local.replace(tzinfo=zone, fold=1).astimezone(UTC)  # in a gap, fold tells the sides apart (PEP 495)
    offset = before.astimezone(zone).utcoffset()
    low, high = 0, int((moment - before).total_seconds())
    while low < high:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == offset:
            low = middle + 1
        else:
            high = middle
    return before + timedelta(seconds=low)


def _next_cron(line: str, after: datetime, zone: ZoneInfo) -> datetime | None:
    for moment in CronSim(line, after.astimezone(zone)):
        if moment.astimezone(UTC) > after:
            return moment.astimezone(UTC)
    return None


def _days(schedule: Schedule, today: date) -> Iterator[date]:
    """Candidate days in order, from a little before `today`."""
    if schedule.every == "month":
        yield from _month_days(schedule, today)
        return
    day = today - timedelta(days=2)
    for _ in range(7 * schedule.interval + 10):
        if _matches(schedule, day):
            yield day
        day += timedelta(days=1)


def _matches(schedule: Schedule, day: date) -> bool:
    since = (day - _START).days
    if schedule.every == "day":
        return since % schedule.interval == 0
    if schedule.every == "weekdays":
        return day.isoweekday() <= 5
    return (since // 7) % schedule.interval == 0 and day.isoweekday() in schedule.weekdays


def _month_days(schedule: Schedule, today: date) -> Iterator[date]:
    month = today.year * 12 + today.month - 2
    for number in range(month, month + schedule.interval + 3):
        if (number - _START.year * 12) % schedule.interval == 0:
            year, index = divmod(number, 12)
            last = calendar.monthrange(year, index + 1)[1]
            yield date(year, index + 1, last if schedule.day == "last" else min(schedule.day, last))
