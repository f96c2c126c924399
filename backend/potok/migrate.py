"""Brings a database to a newer revision: one cheap query when nothing is to do, else alembic."""

import asyncio
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import asyncpg

from potok.revisions import MigrationError, Revision, head, known, scripts
from potok.standing import Standing, current, look

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

__all__ = ["MigrationError", "Standing", "current", "head", "known", "look", "scripts"]

_LOCK = 0x706F746F6B  # "potok": two starters on one database wait for each other
_GIVE_WAY = ("55P03", "40P01")  # SQLSTATE: not got in time; a circle of waiting
_PATIENCE = "500ms"
"""Below PostgreSQL's deadlock_timeout (1 s): in a circle the migration gives way, not a caller's request."""
_TRIES = 40
_PAUSE = 1.0


def async_url(url: str) -> str:
    """A DSN as SQLAlchemy wants it: with the asyncpg driver named."""
    return re.sub(r"^postgres(?:ql)?://", "postgresql+asyncpg://", url)


def plain_url(url: str) -> str:
    """A DSN as asyncpg wants it: without a driver."""
    return re.sub(r"^postgresql\+\w+://", "postgresql://", url)


async def standing(url: str) -> Standing:
    """How the database at `url` and this Potok stand to each other."""
    connection = await asyncpg.connect(plain_url(url))
    try:
        return await look(connection)
    finally:
        await connection.close()


async def due(url: str) -> bool:
    """Whether a database that holds something already is older than this Potok."""
    found = await standing(url)
    return found.revision is not None and bool(found.pending)


async def migrate(url: str, *, before: bool = False) -> bool:
    """Bring the database at `url` to the head. True when something had to be done. Raises MigrationError.

    `before`: only up to the first pending "after", while older processes work on.
    """
    connection = await asyncpg.connect(plain_url(url))
    try:
        if _goal(await look(connection), before=before) is None:
            return False
        await connection.execute("select pg_advisory_lock($1)", _LOCK)
        try:
            found = await look(connection)
            goal = _goal(found, before=before)
            if goal is None:  # another starter was faster
                return False
            if before and found.revision is not None:
                for one in first_half(found.pending):  # each in a transaction of its own: short locks
                    await _beneath_others(url, one.id)
            else:
                await upgrade(url, goal)
        finally:
            await connection.execute("select pg_advisory_unlock($1)", _LOCK)
    finally:
        await connection.close()
    return True


def _goal(found: Standing, *, before: bool) -> str | None:
    """The revision to go to, None when the database may stay as it is."""
    if found.state == "too_new":
        raise MigrationError(
            f"The database is at revision {found.revision}, which this Potok does not know: a newer version "
            "used it and changed what this one needs. "
            "Start that version, or restore the backup made before the upgrade."
        )
    reachable = found.pending
    if before and found.revision is not None:  # nobody works on an empty database
        reachable = first_half(found.pending)
    return reachable[-1].id if reachable else None


def first_half(pending: tuple[Revision, ...]) -> tuple[Revision, ...]:
    """What `--before` applies: all up to the first "after"."""
    end = next((number for number, one in enumerate(pending) if one.half == "after"), len(pending))
    return pending[:end]


async def _beneath_others(url: str, revision: str) -> None:
    """Upgrade, but never keep working processes waiting for long: give way to them, and try again."""
    from sqlalchemy.exc import DBAPIError  # see upgrade

    for _ in range(_TRIES):
        try:
            await upgrade(url, revision, wait=_PATIENCE)
            return
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _GIVE_WAY:
                raise
        await asyncio.sleep(_PAUSE)
    raise MigrationError(
        "The migration waits for a lock that something holds for long (a backup, a report, an open transaction), "
        f"and gave way so that work goes on. Revision {revision} was not applied. Try again when that is over; "
        "pg_stat_activity shows it."
    )


async def upgrade(url: str, revision: str, *, wait: str = "0") -> None:
    """Run alembic upwards to `revision`. `wait` is how long for one lock ("500ms"; "0": for ever)."""
    from alembic import command  # 0.4 s and 40 MB, needed only when a migration is due

    await _run(url, lambda config: command.upgrade(config, revision), wait)


async def downgrade(url: str, revision: str) -> None:
    """Run alembic downwards to `revision` (`base` empties the database)."""
    from alembic import command  # see upgrade

    await _run(url, lambda config: command.downgrade(config, revision))


async def _run(url: str, action: "Callable[[Config], None]", wait: str = "0") -> None:
    from alembic.config import Config  # see upgrade
    from sqlalchemy import pool
    from sqlalchemy.ext.asyncio import create_async_engine

    config = Config()
    config.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")

    def act(connection: "Connection") -> None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{wait}'")
        config.attributes["connection"] = connection
        action(config)

    engine = create_async_engine(async_url(url), poolclass=pool.NullPool)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(act)
    finally:
        await engine.dispose()


def migrate_now(url: str, *, before: bool = False) -> bool:
    """`migrate` for callers without an event loop."""
    return asyncio.run(migrate(url, before=before))
