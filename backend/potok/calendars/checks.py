"""Checks of what people type about a calendar."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from potok.graph.working_time import BadHours, check_hours
from potok.problems import Problem

if TYPE_CHECKING:  # the service imports us
    from potok.calendars.service import Wanted

MOST = 50
"""Calendars of one workspace."""
MOST_EXCEPTIONS = 2_000
MAX_NAME = 100


def hours_of(day: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Hours as they are stored. Raises BadHours."""
    return [[start, end] for start, end in check_hours(day)]


def problems_of(wanted: "Wanted") -> list[Problem]:
    """Everything that is wrong with it."""
    found: list[Problem] = []
    if not wanted.name.strip():
        found.append(Problem("calendar_name_empty", {}, ("name",)))
    elif len(wanted.name) > MAX_NAME:
        found.append(Problem("calendar_name_long", {"max": MAX_NAME}, ("name",)))
    if wanted.time_zone and wanted.time_zone not in available_timezones():
        found.append(Problem("time_zone_unknown", {"zone": wanted.time_zone[:60]}, ("timeZone",)))
    if len(wanted.weekly) != 7:
        found.append(Problem("calendar_week", {}, ("weekly",)))
    elif not any(wanted.weekly):
        found.append(Problem("calendar_never_works", {}, ("weekly",)))
    for number, day in enumerate(wanted.weekly):
        found += _hours(day, "weekly", str(number))
    return found + _exceptions(wanted)


def _exceptions(wanted: "Wanted") -> list[Problem]:
    if len(wanted.exceptions) > MOST_EXCEPTIONS:
        return [Problem("calendar_exceptions_many", {"most": MOST_EXCEPTIONS}, ("exceptions",))]
    found: list[Problem] = []
    seen = set()
    for one in wanted.exceptions:
        place = one.date.isoformat()
        if one.date in seen:
            found.append(Problem("calendar_date_twice", {"date": place}, ("exceptions", place)))
        if len(one.name) > MAX_NAME:
            found.append(Problem("calendar_name_long", {"max": MAX_NAME}, ("exceptions", place)))
        seen.add(one.date)
        found += _hours(one.hours or (), "exceptions", place)
    return found


def _hours(day: Sequence[tuple[int, int]], *path: str) -> list[Problem]:
    try:
        check_hours(day)
    except BadHours as error:
        start, end = error.hours if isinstance(error.hours, tuple) else (0, 0)
        shown = {"start": _clock(start), "end": _clock(end)}
        return [Problem(f"calendar_hours_{error.reason}", shown, path)]
    return []


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
