"""Weeks of UUIDv7 ids: the first 48 bits are milliseconds, so a moment is a border between ids."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

WEEK = timedelta(weeks=1)
"""Width of a partition: disk comes back at most a week late, and a year is 52 tables, which plans still bear."""
_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)
FIRST = UUID(int=0)
LAST = UUID(int=(1 << 128) - 1)


def border(moment: datetime) -> UUID:
    """The lowest id that a UUIDv7 of this moment may have."""
    return UUID(int=max(0, int(moment.timestamp() * 1000)) << 80)


def moment_of(border: UUID) -> datetime:
    """When an id was made, by the clock of the machine that made it."""
    return datetime.fromtimestamp((border.int >> 80) / 1000, UTC)


def monday(moment: datetime) -> datetime:
    """The beginning of the week, in UTC."""
    return _MONDAY + (moment - _MONDAY) // WEEK * WEEK
