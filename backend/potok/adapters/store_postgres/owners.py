"""Notices dead workers within seconds: each holds a lock that its database session takes to the grave.

A lease alone ends only when its time is over. A worker that was killed loses its session, hence its lock, at once;
the others look once a second for owners of leases without a lock. An owner counts as dead when two looks in a row
miss its lock, so a worker whose connection broke has time to take the lock again. If it really lives on, the claim
number still keeps it from writing, exactly as after a lease that ended. Workers on a machine that vanished keep
their session until the database notices; for them the lease decides, as before.
"""

import asyncio
import logging

import asyncpg

from potok.adapters.store_postgres.connection import Pool, speaking
from potok.engine.ports import StoreUnavailable

log = logging.getLogger(__name__)

PREFIX = "lock:"
"""Names of owners that hold a lock. Others are judged by their lease alone."""
_CLASS = 0x706F746F  # "poto"
_LOOK = 1.0
_AGAIN = 0.25
_CHECK = 5.0
"""Seconds between two looks whether our own session still lives."""
_SETTLING = 10.0
"""Seconds after a start of the database in which workers may still be coming back with their locks."""

_HOLD = "SELECT pg_try_advisory_lock($1, hashtext($2))"
_MISSING = """-- owner
SELECT DISTINCT w.lease_owner FROM run_work w
WHERE w.lease_owner LIKE 'lock:%' AND w.lease_until > now()
  AND now() - pg_postmaster_start_time() > make_interval(secs => $2)
  AND NOT EXISTS (
    SELECT FROM pg_locks l
    WHERE l.locktype = 'advisory' AND l.granted AND l.classid = $1::bigint::oid AND l.objsubid = 2
      AND l.objid = (hashtext(w.lease_owner)::bigint & 4294967295)::oid
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""
_BURY = """-- owner
UPDATE run_work SET lease_until = NULL, lease_owner = NULL, ready_at = now() - interval '1 minute'
WHERE lease_owner = ANY($1::text[])
"""


class Owners:
    """`run` until cancelled: holds the lock of `name` and frees the runs of the dead."""

    def __init__(self, pool: Pool, name: str) -> None:
        self._pool = pool
        self.name = name
        self._missing: set[str] = set()
        self.held = asyncio.Event()
        """Set while the lock is ours; claim nothing before."""

    async def run(self) -> None:
        """Hold and look."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._hold_loop())
            group.create_task(self._look_loop())

    async def _hold_loop(self) -> None:
        while True:
            try:
                await self._hold()
            except (StoreUnavailable, asyncpg.PostgresError) as error:
                log.warning("the lock of this worker is not held: %s", error)
            self.held.clear()
            await asyncio.sleep(_AGAIN)

    async def _hold(self) -> None:
        """Return when the session has ended."""
        async with speaking(self._pool) as connection:
            if not await connection.fetchval(_HOLD, _CLASS, self.name):
                log.warning("the lock of this worker is held by somebody else")
                return
            ended = asyncio.Event()
            connection.add_termination_listener(lambda _: ended.set())
            self.held.set()
            while not ended.is_set():
                try:
                    async with asyncio.timeout(_CHECK):
                        await ended.wait()
                except TimeoutError:
                    await connection.fetchval("SELECT true")

    async def _look_loop(self) -> None:
        while True:
            await asyncio.sleep(_LOOK)
            try:
                await self.look()
            except StoreUnavailable as error:
                log.debug("nobody looks for dead workers, the database is away: %s", error)
                self._missing = set()

    async def look(self, settling: float = _SETTLING) -> set[str]:
        """Free the runs of owners that were missing last time already; their names."""
        async with speaking(self._pool) as connection:
            rows = await connection.fetch(_MISSING, _CLASS, settling)
            missing = {row[0] for row in rows} - {self.name}
            dead, self._missing = missing & self._missing, missing
            if dead:
                freed = await connection.execute(_BURY, list(dead))
                log.warning("%s died; %s runs go on elsewhere", ", ".join(sorted(dead)), freed.split()[-1])
        return dead
