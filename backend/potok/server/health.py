"""What a supervisor or load balancer asks: /healthz (the process lives) and /readyz (it can work)."""

import asyncio
import logging
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from potok.engine.outage import why
from potok.migrate import current, head
from potok.runs.service import overflowing
from potok.server.wiring import Services

if TYPE_CHECKING:
    import asyncpg

log = logging.getLogger("potok.server")

PATIENCE = 3.0


async def readiness(services: Services) -> tuple[bool, dict[str, str]]:
    """Whether requests may be sent here, and the state of each part.

    A queue that is away does not take the process out of service: everything is accepted and shown all the same,
    and the worker's sweep finds the runs. The database is "ok", "not migrated", or what potok.engine.outage says.
    """
    database, queue = await asyncio.gather(_database(services), _queue(services))
    parts = {"database": database, "queue": queue}
    if database == "ok" and await _overflowing(services):
        parts["history"] = "overflowing"
    return database == "ok", parts


async def _overflowing(services: Services) -> bool:
    """Runs stand beyond the weeks made for them: no worker ran for weeks, or a clock is far ahead. All work."""
    try:
        async with asyncio.timeout(PATIENCE), AsyncSession(services.engine) as db:
            return await overflowing(db)
    except Exception as error:  # an alarm that cannot be read is not one
        log.debug("not known whether the history overflows: %s", error)
        return False


async def _database(services: Services) -> str:
    try:
        async with asyncio.timeout(PATIENCE), services.pool.acquire() as connection:
            plain: asyncpg.Connection[asyncpg.Record] = connection  # type: ignore[assignment]  # a pool's proxy
            if await current(plain) != await asyncio.to_thread(head):
                return "not migrated"
            if await plain.fetchval("SELECT current_setting('transaction_read_only') = 'on'"):
                return "read_only"
            return services.ingestor.trouble or "ok"
    except Exception as error:  # whatever it is, the process is not ready
        log.debug("not ready: %s", error)
        return why(error)


async def _queue(services: Services) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            await services.redis.ping()
            return "ok"
    except Exception as error:  # see above
        log.debug("the queue is away: %s", error)
        return "away"
