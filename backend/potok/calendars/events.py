"""What the calendars room announces."""

from dataclasses import dataclass
from uuid import UUID

CHANNEL = "potok:calendars"
"""Redis channel that carries the id of a workspace whose calendars or zone changed: drop what you cached."""


@dataclass(frozen=True, slots=True)
class CalendarsChanged:
    """A calendar or the time zone of the workspace is not what it was."""

    workspace_id: UUID
