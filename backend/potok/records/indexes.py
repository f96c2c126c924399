"""Indexes that large types get by themselves: for filters and sorts by dates, sums, relations and choices.

A small type needs none: all its rows lie together and are read quicker than an index is kept. A large one gets
them from a worker, `CONCURRENTLY`, which blocks nobody. Their expressions are letter by letter those of `query`.
"""

import logging
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from potok.records.kinds.links import RelationSettings
from potok.records.query import column
from potok.records.shape import FieldShape, Shape

log = logging.getLogger("potok.records")

LARGE = 20_000
"""Records from which on a type has indexes of its own."""
MOST = 16
"""Of one type: each one costs every write a little."""
_DESCENDING = frozenset({"number", "money"})
_ASCENDING = frozenset({"date", "datetime", "relation", "person", "choice", "calculated"})
_LOCK = 0x706F746F_6B696478
"""Of the database, so that one worker at a time makes indexes."""
_WANTING = """
SELECT o.id FROM object_type o JOIN pg_class c ON c.relname = 'record_' || replace(o.id::text, '-', '')
WHERE o.archived_at IS NULL AND c.reltuples >= :large
"""
_THERE = """
SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = to_regclass(:partition) AND c.relname LIKE 'rx\\_%'
"""


class Wanted(NamedTuple):
    """An index of a partition."""

    name: str
    sql: str


def partition(shape: Shape) -> str:
    """The table of the type's records."""
    return f"record_{shape.id.hex}"


def wanted(shape: Shape) -> list[Wanted]:
    """What a large type shall have, in the order of its fields."""
    fields = [one for one in shape.fields.values() if _order(one)]
    return [_index(shape, one) for one in fields[:MOST]]


def _order(one: FieldShape) -> str:
    if isinstance(one.settings, RelationSettings) and one.settings.many:
        return ""
    kind = one.seen_as.id
    return "DESC NULLS LAST" if kind in _DESCENDING else "ASC NULLS LAST" if kind in _ASCENDING else ""


def _index(shape: Shape, one: FieldShape) -> Wanted:
    """In the order in which lists are mostly sorted: the largest sums and the nearest dates first."""
    name = f"rx_{one.id.hex}"
    expression = column(shape, one.key).sql
    return Wanted(
        name,
        f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {partition(shape)}"
        f" (({expression}) {_order(one)}, id DESC) WHERE deleted_at IS NULL",
    )


async def large(connection: AsyncConnection, least: int = LARGE) -> Sequence[object]:
    """Ids of the types that are large."""
    return (await connection.execute(text(_WANTING), {"large": least})).scalars().all()


async def tend(engine: AsyncEngine, shapes: Sequence[Shape]) -> int:
    """Make what these large types lack and drop what they no longer want; how many were made."""
    made = 0
    async with engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        if not (await connection.execute(text("SELECT pg_try_advisory_lock(:id)"), {"id": _LOCK})).scalar_one():
            return 0
        try:
            for shape in shapes:
                made += await _tend(connection, shape)
        finally:
            await connection.execute(text("SELECT pg_advisory_unlock(:id)"), {"id": _LOCK})
    return made


async def _tend(connection: AsyncConnection, shape: Shape) -> int:
    rows = await connection.execute(text(_THERE), {"partition": partition(shape)})
    there = {str(row[0]): bool(row[1]) for row in rows}
    asked = wanted(shape)
    names = {one.name for one in asked}
    for name, valid in there.items():
        if name not in names or not valid:  # an invalid one is what a crash left behind
            await connection.execute(text(f"DROP INDEX CONCURRENTLY IF EXISTS {name}"))
    missing = [one for one in asked if not there.get(one.name)]
    for one in missing:
        await connection.execute(text(one.sql.replace(":", "\\:")))
    if missing:
        await connection.execute(text(f"ANALYZE {partition(shape)}"))
        log.info("%d indexes were made for the large type %s", len(missing), shape.key)
    return len(missing)
