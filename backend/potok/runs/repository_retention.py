"""Queries of retention: limits, borders, sizes, and what would go."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from potok.runs.models_retention import Retention

ROW = 900
"""Bytes a run costs besides its data: its rows' fixed columns and their places in the indexes, measured."""


class Extent(NamedTuple):
    """Runs of a workspace in one partition: how many there are, and the bytes of each in the mean."""

    low: UUID
    runs: int
    mean: int


class Size(NamedTuple):
    """What a table of the history takes on disk, indexes included."""

    table: str
    bytes: int


async def limits(db: AsyncSession) -> dict[UUID, Retention]:
    """The limits of every workspace that has set some."""
    return {row.workspace_id: row for row in (await db.execute(select(Retention))).scalars()}


async def limit(db: AsyncSession, workspace_id: UUID) -> Retention | None:
    """The limits of one workspace."""
    return await db.get(Retention, workspace_id)


async def keep(db: AsyncSession, row: Retention) -> None:
    """Write the limits of a workspace."""
    fresh = insert(Retention).values(row.model_dump())
    changed = {name: fresh.excluded[name] for name in ("days", "max_runs", "max_bytes", "changed_at")}
    await db.execute(fresh.on_conflict_do_update(index_elements=["workspace_id"], set_=changed))


async def nth_newest(db: AsyncSession, workspace_id: UUID, number: int) -> UUID | None:
    """The id of the `number`th newest run of the workspace (0: the newest)."""
    found = await db.execute(_NTH, {"workspace": workspace_id, "number": number})
    answer: UUID | None = found.scalar_one_or_none()
    return answer


_NTH = text("SELECT id FROM run WHERE workspace_id = :workspace ORDER BY id DESC OFFSET :number LIMIT 1")


async def extents(db: AsyncSession, workspace_id: UUID) -> list[Extent]:
    """How much of each partition is this workspace's, newest first."""
    rows = await db.execute(_EXTENTS, {"workspace": workspace_id, "row": ROW})
    return [Extent(*row) for row in rows]


# Measured on the newest hundred runs of each partition: exact for what is looked at, cheap however many there are.
# What is on disk counts, as it lies there: compressed.
_EXTENTS = text(
    """
    SELECT share.low, share.runs, (
        SELECT coalesce(avg(:row + coalesce(pg_column_size(r.result), 0) + coalesce(pg_column_size(r.error), 0)
            + (SELECT coalesce(sum(pg_column_size(e.payload) + pg_column_size(e.considered)), 0)
               FROM event e WHERE e.id = r.event_id)
            + (SELECT coalesce(sum(60 + pg_column_size(s.entries)), 0)
               FROM journal_segment s WHERE s.run_id = r.id)
            + (SELECT coalesce(sum(200 + pg_column_size(f.preview) + coalesce(pg_column_size(f.receipt), 0)), 0)
               FROM effect f WHERE f.run_id = r.id)), 0)::bigint
        FROM (SELECT * FROM run WHERE workspace_id = :workspace AND id >= share.low AND id <= share.high
              ORDER BY id DESC LIMIT 100) AS r
    ) AS mean
    FROM (
        SELECT tableoid, min(id::text)::uuid AS low, max(id::text)::uuid AS high, count(*) AS runs
        FROM run WHERE workspace_id = :workspace GROUP BY tableoid
    ) AS share
    ORDER BY share.low DESC
    """
)


async def countable(db: AsyncSession, workspace_id: UUID, below: UUID, settled: datetime) -> tuple[int, int]:
    """Runs below a border that would go, and those that stay because they have not ended."""
    row = (await db.execute(_COUNT, {"workspace": workspace_id, "below": below, "settled": settled})).one()
    return row[0], row[1]


_COUNT = text(
    """
    SELECT count(*) FILTER (WHERE status IN ('succeeded', 'failed', 'cancelled') AND created_at < :settled),
           count(*) FILTER (WHERE status NOT IN ('succeeded', 'failed', 'cancelled'))
    FROM run WHERE workspace_id = :workspace AND id < :below
    """
)


async def overflowing(db: AsyncSession) -> bool:
    """Whether rows stand in the partition behind all weeks."""
    return bool((await db.execute(_OVERFLOWING)).scalar_one())


_OVERFLOWING = text("SELECT EXISTS (SELECT FROM run_future) OR EXISTS (SELECT FROM event_future)")


async def sizes(db: AsyncSession) -> list[Size]:
    """The tables of the history, all their partitions added up; of all workspaces together."""
    return [Size(*row) for row in await db.execute(_SIZES)]


_SIZES = text(
    """
    SELECT name, (
        SELECT sum(pg_total_relation_size(part.relid)) FROM pg_partition_tree(name::regclass) AS part
    )::bigint
    FROM unnest(ARRAY['event', 'run', 'journal_segment', 'effect']) AS name
    """
)
