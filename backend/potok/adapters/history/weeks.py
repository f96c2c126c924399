"""The partitions of the history: which there are, and making the next ones before they are needed.

Each table has weeks, one partition `past` before them and one partition `future` behind them. Every id has a
place, so an insert never fails: a clock that is wrong, or weeks that were not made, put rows into one of the two.
"""

import re
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from potok.adapters.history.connection import Connection, briefly
from potok.runs.weeks import FIRST, LAST, WEEK, border, moment_of, monday

KEYS = {"event": "id", "run": "id", "journal_segment": "run_id", "effect": "run_id"}
"""The tables, and the column each is cut by."""
STORAGE = {"run": "WITH (fillfactor = 80)"}
"""A run is rewritten at its start and its end: room for that on its page spares the indexes."""
AHEAD = 2
"""Weeks made before they begin: so long may nobody have time for it."""

_PARTS = """
SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = $1::regclass
"""
_BOUND = re.compile(r"FROM \((?:'([0-9a-f-]+)'|MINVALUE)\) TO \((?:'([0-9a-f-]+)'|MAXVALUE)\)")


class Part(NamedTuple):
    """A partition: ids from `low` on and below `high`."""

    name: str
    low: UUID
    high: UUID


async def parts(connection: Connection, table: str) -> list[Part]:
    """The partitions of a table, oldest first."""
    found = []
    for name, bound in await connection.fetch(_PARTS, table):
        match = _BOUND.search(bound)
        if match is None:
            raise ValueError(f"{name} is a partition of {table} with the unknown bound {bound!r}")
        found.append(Part(name, UUID(match[1]) if match[1] else FIRST, UUID(match[2]) if match[2] else LAST))
    return sorted(found, key=lambda part: (part.high, part.low))


async def make_ahead(connection: Connection, now: datetime) -> list[str]:
    """Cut the coming weeks off `future`; the partitions made. Rows that are there already move along."""
    made = []
    until = border(monday(now) + WEEK * (AHEAD + 1))
    for table in KEYS:
        while (low := (await parts(connection, table))[-1].low) < until:
            # After a long stop one partition stands for all weeks that nobody made.
            high = max(border(monday(moment_of(low)) + WEEK), border(monday(now)))
            made.append(await briefly(connection, partial(_cut, connection, table, low, high)))
    return made


async def _cut(connection: Connection, table: str, low: UUID, high: UUID) -> str:
    name, future, key = f"{table}_w{moment_of(low):%Y%m%d}", f"{table}_future", KEYS[table]
    await connection.execute(f"LOCK TABLE ONLY {table} IN ACCESS EXCLUSIVE MODE")
    await connection.execute(f"ALTER TABLE {table} DETACH PARTITION {future}")
    await connection.execute(
        f"CREATE TABLE {name} PARTITION OF {table} FOR VALUES FROM ('{low}') TO ('{high}')"
        f" {STORAGE.get(table, '')}"
    )
    await connection.execute(  # straight from one partition to another: triggers of the table count nothing
        f"WITH moved AS (DELETE FROM {future} WHERE {key} < '{high}' RETURNING *)"  # noqa: S608 (names are ours)
        f" INSERT INTO {name} SELECT * FROM moved"
    )
    await connection.execute(
        f"ALTER TABLE {table} ATTACH PARTITION {future} FOR VALUES FROM ('{high}') TO (MAXVALUE)"
    )
    return name
