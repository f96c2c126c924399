"""Counts and fingerprints of every table, so that a restored database can be compared with what was saved."""

from typing import Any, TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

# Partitions are looked at through the tables they belong to.
_TABLES = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY c.relname
"""
# The sum over the rows' hashes does not depend on their order, which a restore changes.
_FINGERPRINT = """
SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)::text FROM public.{} t
"""


async def names(connection: Connection) -> list[str]:
    """The tables of the public schema."""
    return [row[0] for row in await connection.fetch(_TABLES)]


def quoted(name: str) -> str:
    """An identifier as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


async def lock(connection: Connection, tables: list[str]) -> None:
    """Keep the tables from being changed in shape or dropped until the transaction ends; rows come and go."""
    listed = ", ".join(f"public.{quoted(name)}" for name in tables)
    if listed:
        await connection.execute(f"LOCK TABLE {listed} IN ACCESS SHARE MODE")


async def fingerprint(connection: Connection, table: str) -> list[Any]:
    """Rows and digest. The session's time zone must be UTC, since it shows in the text of a row."""
    row = await connection.fetchrow(_FINGERPRINT.format(quoted(table)), timeout=3600)
    assert row is not None
    return [row[0], row[1]]
