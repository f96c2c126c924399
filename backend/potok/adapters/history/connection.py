"""One connection of its own for upkeep: planned as usual, patient with nobody, and one process at a time."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import asyncpg

from potok.migrate import plain_url

if TYPE_CHECKING:
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]
else:
    Connection = object

log = logging.getLogger(__name__)
Result = TypeVar("Result")

_LOCK = 0x686973746F7279  # "history"
LOCK_TIMEOUT = "200ms"
"""While a lock on a whole table is waited for, everybody else waits behind it: so for this long at most."""
TRIES = 40
_PAUSE = 0.25


class Busy(Exception):
    """Somebody reads or writes all the time; the next look will find a gap."""


@asynccontextmanager
async def upkeep(dsn: str) -> AsyncIterator[Connection | None]:
    """The connection, or None when another process is just doing this work."""
    connection = await asyncpg.connect(
        plain_url(dsn),
        server_settings={"application_name": "potok history", "timezone": "UTC"},
    )
    try:
        held = await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK)
        yield connection if held else None
    finally:
        await connection.close()


async def briefly(connection: Connection, work: Callable[[], Awaitable[Result]]) -> Result:
    """Do something that needs a whole table for a moment, in one transaction. Raises Busy."""
    for _ in range(TRIES):
        try:
            async with connection.transaction():
                await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
                return await work()
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError) as error:
            log.debug("the history is in use: %s", error)
            await asyncio.sleep(_PAUSE)
    raise Busy("the tables of the history are in use without a gap")
