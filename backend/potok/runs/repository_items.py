"""Reads journals of loops without carrying every item: what stands outside, counts, and pages of items."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import JSON, Uuid, text
from sqlalchemy.ext.asyncio import AsyncSession

from potok.runs.repository_blobs import open_entries

Entry = dict[str, Any]
Path = tuple[int, ...]

# The columns of an entry that are read here; each segment is taken apart once, whatever its entries carry. The
# statements below are put together from these constants alone. What people send may hold NUL, which PostgreSQL
# takes out of no JSON: entries are handed on as they are, only the look into them sees another sign in its place.
_LINES = r"""
    journal_segment AS segment CROSS JOIN LATERAL ROWS FROM (
        json_to_recordset(replace(segment.entries::text, '\u0000', '\ufffd')::json)
            AS (n text, x int[], it int, s text, c int, t0 float8, t1 float8),
        json_array_elements(segment.entries)
    ) WITH ORDINALITY AS line(n, x, it, s, c, t0, t1, entry, place)
"""
_ENTRY = "line.entry"


class Tally(NamedTuple):
    """So many items stand so at this node. `over`: the loop's own items; else steps done for items."""

    run_id: UUID
    node_id: str
    over: bool
    status: str
    items: int
    began: float | None
    ended: float | None


class Open(NamedTuple):
    """A step of an item that is under way."""

    run_id: UUID
    node_id: str
    path: Path


async def outer(db: AsyncSession, run_ids: Sequence[UUID]) -> dict[UUID, list[Entry]]:
    """Entries outside of loops' items, steps that undo included. Give it only ids of runs the caller may see."""
    found: dict[UUID, list[Entry]] = {}
    for run_id, entry in await db.execute(_OUTER, {"runs": list(run_ids)}):
        found.setdefault(run_id, []).append(entry)
    await open_entries(db, found)
    return found


_OUTER = text(
    f"""
    SELECT segment.run_id, {_ENTRY} AS entry FROM {_LINES}
    WHERE segment.run_id = ANY(:runs) AND (line.x IS NULL OR line.x = ARRAY[-1])
    ORDER BY segment.run_id, segment.seq, line.place
    """  # noqa: S608
).columns(run_id=Uuid, entry=JSON)


async def tallies(db: AsyncSession, run_ids: Sequence[UUID]) -> list[Tally]:
    """How many items stand how, by node; the status `items`: how many a loop has in all."""
    return [Tally(*row) for row in await db.execute(_TALLIES, {"runs": list(run_ids)})]


_NEWEST = f"""
    SELECT DISTINCT ON (segment.run_id, line.n, line.x, line.it IS NULL)
        segment.run_id, line.n, line.x, line.it IS NOT NULL AS over, line.s, line.t0, line.t1
    FROM {_LINES}
    WHERE segment.run_id = ANY(:runs) AND cardinality(line.x) > 0 AND line.x <> ARRAY[-1]
    ORDER BY segment.run_id, line.n, line.x, line.it IS NULL, segment.seq DESC, line.place DESC
"""  # noqa: S608
_TALLIES = text(
    f"""
    SELECT run_id, n, over, s, count(*), min(t0), max(t1) FROM ({_NEWEST}) AS newest GROUP BY run_id, n, over, s
    UNION ALL
    SELECT segment.run_id, line.n, true, 'items', sum(line.c), NULL, NULL FROM {_LINES}
    WHERE segment.run_id = ANY(:runs) AND line.c IS NOT NULL GROUP BY segment.run_id, line.n
    """  # noqa: S608
)


async def open_steps(db: AsyncSession, run_ids: Sequence[UUID]) -> list[Open]:
    """Steps of items that are running or waiting; no more than the loops may have under way at a time."""
    rows = await db.execute(_OPEN, {"runs": list(run_ids)})
    return [Open(run_id, node_id, tuple(path)) for run_id, node_id, path in rows]


_OPEN = text(
    f"""
    SELECT run_id, n, x FROM ({_NEWEST}) AS newest WHERE s IN ('running', 'waiting') AND NOT over
    """  # noqa: S608
)


async def item_entries(
    db: AsyncSession,
    run_id: UUID,
    node_id: str,
    *,
    over: bool,
    status: str | None,
    after: Path | None,
    only: Path | None,
    limit: int,
) -> dict[Path, list[Entry]]:
    """The entries of one page of a node's items, in the order of the items. `over`: as in `Tally`."""
    given = {
        "run": run_id,
        "node": node_id,
        "over": over,
        "status": status,
        "after": None if after is None else list(after),
        "only": None if only is None else list(only),
        "limit": limit,
    }
    found: dict[Path, list[Entry]] = {}
    for path, entry in await db.execute(_ITEMS, given):
        found.setdefault(tuple(path), []).append(entry)
    await open_entries(db, {run_id: [entry for entries in found.values() for entry in entries]})
    return found


_ITEMS = text(
    f"""
    WITH lines AS MATERIALIZED (
        SELECT segment.seq, line.place, line.x, line.s FROM {_LINES}
        WHERE segment.run_id = :run AND line.n = :node AND line.x IS NOT NULL
            AND (line.it IS NOT NULL) = :over AND (CAST(:only AS int[]) IS NULL OR line.x = :only)
    ), page AS (
        SELECT x FROM (SELECT DISTINCT ON (x) x, s FROM lines ORDER BY x, seq DESC, place DESC) AS newest
        WHERE (CAST(:status AS text) IS NULL OR s = :status)
            AND (CAST(:after AS int[]) IS NULL OR x > :after)
        ORDER BY x LIMIT :limit
    )
    SELECT lines.x, whole.entry
    FROM page JOIN lines USING (x)
    JOIN journal_segment AS segment ON segment.run_id = :run AND segment.seq = lines.seq
    CROSS JOIN LATERAL json_array_elements(segment.entries) WITH ORDINALITY AS whole(entry, place)
    WHERE whole.place = lines.place
    ORDER BY lines.x, lines.seq, lines.place
    """  # noqa: S608
).columns(entry=JSON)


async def item_times(
    db: AsyncSession, run_id: UUID, body: Sequence[str], depth: int
) -> dict[Path, tuple[float | None, float | None]]:
    """When the steps of each item began and ended, by the item's path of this depth."""
    rows = await db.execute(_TIMES, {"run": run_id, "body": list(body), "depth": depth})
    return {tuple(path): (began, ended) for path, began, ended in rows}


_TIMES = text(
    f"""
    SELECT line.x[1:CAST(:depth AS int) + (line.x[1] < 0)::int], min(line.t0), max(line.t1) FROM {_LINES}
    WHERE segment.run_id = :run AND line.n = ANY(:body) AND cardinality(line.x) >= CAST(:depth AS int)
    GROUP BY 1
    """  # noqa: S608
)
