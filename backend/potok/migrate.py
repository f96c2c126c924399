"""Brings a database to the newest revision: one cheap query when nothing is to do, else alembic."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg

from potok.settings import REPOSITORY

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

_LOCK = 0x706F746F6B  # "potok": two starters on one database wait for each other
_REVISION = re.compile(r'^revision(?:: str)? = "([^"]+)"', re.MULTILINE)
_DOWN = re.compile(r'^down_revision(?:: [^=]+)? = "([^"]+)"', re.MULTILINE)


class MigrationError(Exception):
    """The database and this Potok do not fit; the message says how to mend it."""


def scripts() -> Path:
    """The folder of migrations: the checkout's, or the copy inside the wheel."""
    checkout = REPOSITORY / "alembic"
    return checkout if (checkout / "env.py").exists() else Path(__file__).parent / "_alembic"


def head() -> str:
    """The newest revision, read from the files without importing alembic. Raises MigrationError."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((scripts() / "versions").glob("*.py"))]
    revisions = {found.group(1) for text in texts if (found := _REVISION.search(text))}
    heads = revisions - {found.group(1) for text in texts if (found := _DOWN.search(text))}
    if len(heads) != 1:
        raise MigrationError(
            f"The migrations in {scripts()} must have one head, found: {sorted(heads) or 'none'}."
        )
    return heads.pop()


def async_url(url: str) -> str:
    """A DSN as SQLAlchemy wants it: with the asyncpg driver named."""
    return re.sub(r"^postgres(?:ql)?://", "postgresql+asyncpg://", url)


def plain_url(url: str) -> str:
    """A DSN as asyncpg wants it: without a driver."""
    return re.sub(r"^postgresql\+\w+://", "postgresql://", url)


async def current(connection: "asyncpg.Connection[asyncpg.Record]") -> str | None:
    """The database's revision, None when it is empty."""
    try:
        found = await connection.fetchval("select version_num from alembic_version")
    except asyncpg.UndefinedTableError:
        return None
    return None if found is None else str(found)


async def due(url: str) -> bool:
    """Whether a database that holds something already is older than this Potok."""
    connection = await asyncpg.connect(plain_url(url))
    try:
        found = await current(connection)
    finally:
        await connection.close()
    return found is not None and found != head() and found in known()


async def migrate(url: str) -> bool:
    """Bring the database at `url` to the head. True when something had to be done. Raises MigrationError."""
    newest = head()
    connection = await asyncpg.connect(plain_url(url))
    try:
        if await current(connection) == newest:
            return False
        await connection.execute("select pg_advisory_lock($1)", _LOCK)
        try:
            found = await current(connection)
            if found == newest:  # another starter was faster
                return False
            _refuse_unknown(found)
            await upgrade(url, "head")
        finally:
            await connection.execute("select pg_advisory_unlock($1)", _LOCK)
    finally:
        await connection.close()
    return True


def known() -> set[str]:
    """Every revision this Potok has a migration for."""
    names = [path.read_text(encoding="utf-8") for path in (scripts() / "versions").glob("*.py")]
    return {match.group(1) for text in names if (match := _REVISION.search(text))}


def _refuse_unknown(found: str | None) -> None:
    if found is not None and found not in known():
        raise MigrationError(
            f"The database is at revision {found}, which this Potok does not know: a newer version used it. "
            "Start that version, or restore the backup made before the upgrade."
        )


async def upgrade(url: str, revision: str) -> None:
    """Run alembic upwards to `revision`."""
    from alembic import command  # 0.4 s and 40 MB, needed only when a migration is due

    await _run(url, lambda config: command.upgrade(config, revision))


async def downgrade(url: str, revision: str) -> None:
    """Run alembic downwards to `revision` (`base` empties the database)."""
    from alembic import command  # see upgrade

    await _run(url, lambda config: command.downgrade(config, revision))


async def _run(url: str, action: "Callable[[Config], None]") -> None:
    from alembic.config import Config  # see upgrade
    from sqlalchemy import pool
    from sqlalchemy.ext.asyncio import create_async_engine

    config = Config()
    config.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")

    def act(connection: "Connection") -> None:
        config.attributes["connection"] = connection
        action(config)

    engine = create_async_engine(async_url(url), poolclass=pool.NullPool)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(act)
    finally:
        await engine.dispose()


def migrate_now(url: str) -> bool:
    """`migrate` for callers without an event loop."""
    return asyncio.run(migrate(url))
