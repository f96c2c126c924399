"""Waits in working time: what the journal keeps of them, and when they are over as the calendars now say."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from potok.engine.ports import Json
from potok.graph.almanac import Almanac, office, wait_from_json, wait_to_json
from potok.sdk.working import CalendarError, WorkingWait

if TYPE_CHECKING:  # the session imports us
    from potok.engine.session import Session


class OfficeHours:
    """The calendars port without a database: the same almanac for every workspace."""

    def __init__(self, almanac: Almanac | None = None) -> None:
        self.almanac = almanac or office("UTC")

    async def ready(self, workspace_id: UUID) -> None:
        """Nothing to load."""

    def get(self, workspace_id: UUID) -> Almanac:
        """The almanac."""
        return self.almanac


def said(wait: WorkingWait | None) -> Json | None:
    """What the journal entry and the timer keep of it."""
    return None if wait is None else wait_to_json(wait)


def resumed(session: Session, entry: Json) -> Json:
    """A waiting step's entry with the moment, and the one it yields, as the calendar now says.

    Where the calendar is gone or does not lead there any more, the moment stays as it was planned.
    """
    try:
        over = session.almanac.over(wait_from_json(entry["wt"]))
    except (KeyError, CalendarError):
        return entry
    if over == datetime.fromisoformat(entry["u"]):
        return entry
    moved = entry | {"u": over.isoformat()}
    output = entry.get("o")
    if isinstance(output, dict) and "until" in output:
        moved["o"] = output | {"until": over.isoformat()}
    return moved
