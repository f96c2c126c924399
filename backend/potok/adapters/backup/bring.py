"""Brings a backup into a database: in one transaction or not at all, compared with its manifest, then upgraded.

While the rows are not compared and not prepared for their new life, the table with the revision has another name,
so that no Potok takes a half-restored database for one of its own.
"""

import asyncio
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import asyncpg

from potok.adapters.backup import tables
from potok.adapters.backup.errors import BackupError
from potok.adapters.backup.read import Checked, statements
from potok.adapters.backup.tools import address, find
from potok.migrate import current, known, migrate, plain_url

_HIDDEN = "alembic_version_restoring"
_HIDE = f"\nALTER TABLE public.alembic_version RENAME TO {_HIDDEN};\n".encode()
_SHOW = f"ALTER TABLE public.{_HIDDEN} RENAME TO alembic_version"
_EMPTY = b"DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n"
_HEAD = 8192
# A newer pg_dump sets what an older server does not know; without it the statement has no effect anyway.
_UNKNOWN_SETTING = re.compile(rb"^SET transaction_timeout = 0;\n", re.MULTILINE)
_AT_WORK = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'potok' AND pid <> pg_backend_pid()
"""
# Nobody holds these leases any more. What was on its way outside counts as after a crash: nobody knows what it
# came to, so a person is asked (steps whose receiver takes our key are repeated with it). Sign-ins that were ended
# after the backup would be valid again.
_NEW_LIFE = (
    "UPDATE public.run_work SET lease_owner = NULL, lease_until = NULL, ready_at = now() - interval '1 minute'"
    " WHERE lease_owner IS NOT NULL",
    "UPDATE public.effect SET state = 'unknown' WHERE state = 'intended'",
    "DELETE FROM public.user_session",
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What the restore did besides bringing the rows."""

    migrated: bool
    unknown: int
    """Actions outside of which nobody knows what they came to."""
    replaced: bool
    """Whether something was there before."""


async def restore(url: str, backup: Checked, *, force: bool = False) -> Restored:
    """Raises BackupError; the database is then as it was, unless the message says otherwise.

    `force` replaces what is there.
    """
    revision = backup.manifest.revision
    if revision not in known():
        raise BackupError(
            f"The backup is at revision {revision}, which this Potok does not know: a newer version made it "
            f"(Potok {backup.manifest.potok}).",
            "Restore it with that version or a later one.",
        )
    replaced = await _look(url, force)
    await _bring(url, backup, empty_first=replaced)
    unknown = await _settle_in(url, backup)
    return Restored(await migrate(url), unknown, replaced)


async def _look(url: str, force: bool) -> bool:
    """Whether there is something to replace. Raises BackupError when that must not be."""
    connection = await asyncpg.connect(plain_url(url))
    try:
        if await connection.fetchval(_AT_WORK):
            raise BackupError("Potok's processes work on this database just now.", "Stop them all, then restore.")
        there = await tables.names(connection)
        if there and not force and await _used(connection, there):
            raise BackupError(
                f"The database is not empty: it has {len(there)} tables (revision {await current(connection)}).",
                "Restore into an empty one, or give --force to replace all that is there.",
            )
    finally:
        await connection.close()
    return bool(there)


async def _used(connection: tables.Connection, there: list[str]) -> bool:
    """A database that Potok prepared and nobody set up yet is as good as empty."""
    if "workspace" not in there or "alembic_version" not in there:
        return True
    return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM public.workspace)"))


async def _bring(url: str, backup: Checked, *, empty_first: bool) -> None:
    target, env = address(url)
    process = await asyncio.create_subprocess_exec(
        str(find("psql")),
        *("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"),
        *(f"--dbname={target}", "--file=-"),
        env=env,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stderr is not None
    complaint = asyncio.create_task(process.stderr.read())
    try:
        with suppress(ConnectionError):  # it stopped reading; why, it says
            for part in _script(backup, empty_first=empty_first):
                process.stdin.write(part)
                await process.stdin.drain()
        process.stdin.close()
        if await process.wait() != 0:
            said = (await complaint).decode(errors="replace").strip()
            raise BackupError(f"The database refused the backup and is as it was before: {said[:2000]}")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await complaint


def _script(backup: Checked, *, empty_first: bool) -> Iterator[bytes]:
    if empty_first:
        yield b"SET client_min_messages = warning;\n" + _EMPTY
    head: bytes | None = b""
    for part in statements(backup.file):
        if head is None:
            yield part
            continue
        head += part
        if len(head) >= _HEAD:
            yield _UNKNOWN_SETTING.sub(b"", head, count=1)
            head = None
    if head:
        yield _UNKNOWN_SETTING.sub(b"", head, count=1)
    yield _HIDE


async def _settle_in(url: str, backup: Checked) -> int:
    """Compare every table, then let go of what held only where the backup came from; the unknown outcomes."""
    connection = await asyncpg.connect(plain_url(url), server_settings={"timezone": "UTC"})
    try:
        wrong = []
        for name, wanted in backup.manifest.tables.items():
            found = await tables.fingerprint(connection, _HIDDEN if name == "alembic_version" else name)
            if found != wanted:
                wrong.append(f"{name} ({found[0]} rows instead of {wanted[0]})")
        if wrong:
            raise BackupError(
                f"The restored database differs from what was saved: {', '.join(wrong)}.",
                "Potok does not start on it. Restore again with --force; if it stays, report it.",
            )
        async with connection.transaction():
            done = [await connection.execute(statement, timeout=3600) for statement in _NEW_LIFE]
            await connection.execute(_SHOW)
        await connection.execute("ANALYZE", timeout=3600)
        return int(done[1].split()[-1])
    finally:
        await connection.close()
