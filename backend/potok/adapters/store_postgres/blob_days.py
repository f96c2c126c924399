"""The tables of large values, one for each day: made when first needed, dropped when nothing of the day is left.

A day goes when neither an event nor a run of that day exists any more, however they went. So retention needs to
know nothing of large values, and dropping the table gives the disk back at once.
"""

import logging
from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from potok.adapters.store_postgres.connection import Connection, Pool, speaking, transaction
from potok.engine.ports import StoreUnavailable

log = logging.getLogger(__name__)

_DAY = 86_400_000
_LOCK = 0x626C6F62  # "blob"
_DAYS_A_LOOK = 10
"""Days looked at, and at most dropped, each time; the oldest first."""

_LOCKED = "SELECT pg_advisory_xact_lock($1)"
_TRY = "SELECT pg_try_advisory_xact_lock($1)"
_TABLES = """-- blob: days
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'blob'::regclass ORDER BY c.relname
"""
_USED = """-- blob: used
SELECT EXISTS (SELECT FROM event WHERE id >= $1 AND id < $2) OR EXISTS (SELECT FROM run WHERE id >= $1 AND id < $2)
"""
_ENDED = """-- blob: let go
DELETE FROM blob_held WHERE run_id IN (
  SELECT h.run_id FROM blob_held h LEFT JOIN run r ON r.id = h.run_id
  WHERE h.created_at < now() - interval '10 minutes'
    AND (r.id IS NULL OR r.status IN ('succeeded', 'failed', 'cancelled')) LIMIT 500)
"""


def name_of(day: UUID) -> str:
    """The table of a day, such as blob_20261124."""
    return f"blob_{datetime.fromtimestamp((day.int >> 80) / 1000, UTC):%Y%m%d}"


def after(day: UUID) -> UUID:
    """The first id of the next day."""
    return UUID(int=((day.int >> 80) + _DAY) << 80)


def _day_in(name: str) -> UUID:
    moment = datetime.strptime(name.removeprefix("blob_"), "%Y%m%d").replace(tzinfo=UTC)
    return UUID(int=int(moment.timestamp() * 1000) << 80)


class Days:
    """Remembers which tables are there."""

    def __init__(self) -> None:
        self._known: set[UUID] = set()

    async def ensure(self, connection: Connection, days: Collection[UUID]) -> None:
        """Make the tables that are missing."""
        for day in sorted(set(days) - self._known):
            async with connection.transaction():
                await connection.execute(_LOCKED, _LOCK)
                await connection.execute(
                    f"CREATE TABLE IF NOT EXISTS {name_of(day)} PARTITION OF blob"
                    f" FOR VALUES FROM ('{day}') TO ('{after(day)}')"
                )
            self._known = {day, *sorted(self._known)[-60:]}


async def tidy(pool: Pool, until: UUID) -> list[str]:
    """Drop days before `until` of which nothing is left; the tables dropped. Give it no day that just ended.

    Also lets go of what is still held for runs that have ended.
    """
    async with speaking(pool) as connection:
        await connection.execute(_ENDED)
        names = [row[0] for row in await connection.fetch(_TABLES)]
    dropped = []
    for name in names[:_DAYS_A_LOOK]:
        day = _day_in(name)
        if day >= until:
            break
        try:
            if await _drop(pool, name, day):
                dropped.append(name)
        except (StoreUnavailable, asyncpg.PostgresError) as error:
            log.info("%s stays until the next look: %s", name, error)
    return dropped


async def _drop(pool: Pool, name: str, day: UUID) -> bool:
    async with transaction(pool) as connection:
        if not await connection.fetchval(_TRY, _LOCK):
            return False
        if await connection.fetchval(_USED, day, after(day)):
            return False
        await connection.execute("SET LOCAL lock_timeout = '2s'")
        await connection.execute(f"DROP TABLE {name}")
        await connection.execute("DELETE FROM blob_tally WHERE day = $1", day)
        return True
