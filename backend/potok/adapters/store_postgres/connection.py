"""The engine's connections, and what each error of the database means to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeAlias

import asyncpg

from potok.engine.ports import PayloadRefused, StoreUnavailable

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
    Connection: TypeAlias = PoolConnectionProxy[asyncpg.Record]
else:
    Pool = Connection = object

OPEN = ("queued", "running", "waiting")
"""Statuses of runs that are not final."""

# The statements touch few rows of large tables by key. Plans are cached while the tables are still small, so the
# planner must not fall for a scan that is cheap today only. A plan is made once, for any values; the values decide
# each time which partitions it opens.
_SETTINGS = {
    "application_name": "potok",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "timezone": "UTC",
}
_AGAIN = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
ATTEMPTS = 6
"""How often a transaction that collided is tried."""
_GONE = (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError, EOFError)
"""The connection is lost. An internal error is one that the server ended while a statement was being prepared."""
_REFUSALS = ("22", "23", "54")  # data exception, integrity violation, program limit exceeded


async def engine_pool(
    dsn: str,
    *,
    size: int = 7,
    patience: float = 30.0,
    connection_class: "type[asyncpg.Connection[asyncpg.Record]] | None" = None,
) -> Pool:
    """A pool for the engine's statements. `patience`: seconds after which the database counts as away."""
    plain = dsn.replace("postgresql+asyncpg://", "postgresql://", 1)
    return await asyncpg.create_pool(
        plain,
        min_size=1,
        max_size=size,
        server_settings=_SETTINGS,
        command_timeout=patience,
        timeout=10,
        connection_class=connection_class or asyncpg.Connection,
    )


class Collided(StoreUnavailable):
    """Two transactions stood in each other's way; the next attempt will pass."""


@asynccontextmanager
async def speaking(pool: Pool) -> AsyncIterator[Connection]:
    """A connection whose errors come out as Collided, StoreUnavailable or PayloadRefused."""
    try:
        async with pool.acquire(timeout=10) as connection:
            yield connection
    except _AGAIN as error:
        raise Collided(str(error)) from error
    except asyncpg.PostgresError as error:
        code = getattr(error, "sqlstate", None) or ""
        if code[:2] in _REFUSALS:
            raise PayloadRefused(_cause(error)) from error
        raise StoreUnavailable(_cause(error)) from error
    except asyncpg.DataError as error:
        raise PayloadRefused(_cause(error)) from error
    except _GONE as error:
        raise StoreUnavailable(f"{type(error).__name__}: {error}") from error


def _cause(error: Exception) -> str:
    detail = getattr(error, "detail", None)
    return f"{error} ({detail})" if detail else str(error)


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[Connection]:
    """One transaction; errors as above."""
    async with speaking(pool) as connection, connection.transaction():
        yield connection


async def pause_after_collision(attempt: int) -> None:
    """Wait a little before the next attempt. Raises StoreUnavailable when there were too many."""
    if attempt + 1 >= ATTEMPTS:
        raise StoreUnavailable("transactions keep colliding")
    await asyncio.sleep(0.01 * 2**attempt)
