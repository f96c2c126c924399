"""The calendars port over PostgreSQL: each workspace's almanac, read again after a second or when told to."""

from time import monotonic
from typing import Any
from uuid import UUID

from potok.adapters.store_postgres.connection import Connection, Pool, speaking
from potok.engine.values import from_json
from potok.graph.almanac import Almanac, almanac

FRESH = 1.0
"""Seconds an almanac counts."""
MOST = 10_000

_ZONE = "SELECT time_zone FROM workspace WHERE id = $1"
_CALENDARS = """
SELECT id, name, time_zone, weekly, exceptions, is_default FROM calendar WHERE workspace_id = $1 ORDER BY id
"""
_LOCK = "SELECT pg_advisory_xact_lock_shared(hashtextextended('potok.calendars:' || $1::text, 0))"


async def read(connection: Connection, workspace_id: UUID) -> Almanac:
    """The calendars and the zone of a workspace."""
    zone = await connection.fetchval(_ZONE, workspace_id) or "UTC"
    return almanac(zone, workspace_id, [_row(row) for row in await connection.fetch(_CALENDARS, workspace_id)])


async def hold(connection: Connection, workspace_id: UUID) -> Almanac:
    """The same; nobody changes them before the end of this transaction."""
    await connection.execute(_LOCK, str(workspace_id))
    return await read(connection, workspace_id)


class KeptCalendars:
    """What a worker plans by. `drop` what has changed."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._kept: dict[UUID, tuple[float, Almanac]] = {}

    async def ready(self, workspace_id: UUID) -> None:
        """Have the workspace's calendars at hand, at most a second old. Raises StoreUnavailable."""
        kept = self._kept.get(workspace_id)
        if kept is not None and kept[0] > monotonic():
            return
        async with speaking(self._pool) as connection:
            found = await read(connection, workspace_id)
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[workspace_id] = (monotonic() + FRESH, found)

    def get(self, workspace_id: UUID) -> Almanac:
        """What was last at hand."""
        return self._kept[workspace_id][1]

    def drop(self, workspace_id: UUID) -> None:
        """They have changed: read them again when they are needed next."""
        if workspace_id in self._kept:
            self._kept[workspace_id] = (0.0, self._kept[workspace_id][1])


def _row(row: Any) -> dict[str, Any]:
    return {**row, "weekly": from_json(row["weekly"]), "exceptions": from_json(row["exceptions"])}
