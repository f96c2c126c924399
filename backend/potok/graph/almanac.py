"""A workspace's calendars as one piece: its zone, its default calendar, and when a planned wait is over. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from potok.graph.working_time import WorkingCalendar, working_calendar
from potok.sdk.working import WorkingWait, over

OFFICE: Sequence[Sequence[tuple[int, int]]] = ([(540, 1080)],) * 5 + ([], [])
"""Monday to Friday, 9 to 18: what a workspace begins with."""


@dataclass(frozen=True, slots=True)
class Almanac:
    """`zone` of the workspace; `calendars` by id, the `default` one among them."""

    zone: ZoneInfo
    default: WorkingCalendar
    calendars: Mapping[str, WorkingCalendar] = field(default_factory=dict)

    def get(self, calendar_id: str | None = None) -> WorkingCalendar:
        """A calendar by id; without one, the default. Raises KeyError when it is gone."""
        return self.calendars[calendar_id] if calendar_id else self.default

    def all(self) -> Sequence[WorkingCalendar]:
        """All calendars, the default one first."""
        return [self.default, *(one for one in self.calendars.values() if one is not self.default)]

    def over(self, wait: WorkingWait) -> datetime:
        """When this wait is over. Raises KeyError (no such calendar) and CalendarError."""
        return over(self.get(wait.calendar), wait)


def default_id(workspace_id: UUID) -> UUID:
    """The id of the calendar every workspace begins with, known before anybody has written it down."""
    return uuid5(workspace_id, "calendar")


def office(zone: str, workspace_id: UUID | None = None, name: str = "") -> Almanac:
    """What counts where nobody has changed anything."""
    made = working_calendar(zone, OFFICE, id=str(default_id(workspace_id)) if workspace_id else "", name=name)
    return Almanac(made.zone, made, {made.id: made} if made.id else {})


def almanac(zone: str, workspace_id: UUID, rows: Iterable[Mapping[str, Any]]) -> Almanac:
    """From stored rows: id, name, time_zone (empty: the workspace's), weekly, exceptions, is_default."""
    found: dict[str, WorkingCalendar] = {}
    default: WorkingCalendar | None = None
    for row in rows:
        made = calendar_of(row, zone)
        found[made.id] = made
        if row["is_default"]:
            default = made
    if default is None:
        first = office(zone, workspace_id).default
        found[first.id] = default = first
    return Almanac(ZoneInfo(zone), default, found)


def calendar_of(row: Mapping[str, Any], zone: str) -> WorkingCalendar:
    """One stored calendar. An exception without hours of its own (null) leaves the week as it is."""
    exceptions = {
        date.fromisoformat(one["date"]): [(start, end) for start, end in one["hours"]]
        for one in row["exceptions"]
        if one["hours"] is not None
    }
    weekly = [[(start, end) for start, end in day] for day in row["weekly"]]
    return working_calendar(row["time_zone"] or zone, weekly, exceptions, id=str(row["id"]), name=str(row["name"]))


def wait_to_json(wait: WorkingWait) -> dict[str, Any]:
    """As the journal and the timer keep it."""
    seconds = None if wait.length is None else wait.length.total_seconds()
    return {"c": wait.calendar, "f": wait.start.isoformat(), "s": seconds, "d": wait.days}


def wait_from_json(kept: Mapping[str, Any]) -> WorkingWait:
    """What `wait_to_json` made."""
    length = None if kept["s"] is None else timedelta(seconds=kept["s"])
    return WorkingWait(datetime.fromisoformat(kept["f"]), length, kept["c"], kept["d"])
