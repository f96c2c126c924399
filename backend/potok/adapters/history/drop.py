"""Drops partitions nobody needs any more. What is still open in them moves into `past`, which grows over them.

Each table in a transaction of its own, runs first: from then on they are the truth about what else must stay.
"""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from potok.adapters.history.connection import Connection, briefly
from potok.adapters.history.weeks import Part, parts
from potok.runs.weeks import LAST

_OPEN = "status NOT IN ('succeeded', 'failed', 'cancelled')"
# A run whose caller still waits for it is read by its caller when that goes on.
_NEEDED = """
SELECT id FROM {part} WHERE {open}
UNION ALL
SELECT r.id FROM {part} r JOIN run p ON p.id = r.called_by WHERE r.parent_waits AND p.{open} AND NOT r.{open}
"""
_COUNT = """
SELECT scenario_id, count(*) FILTER (WHERE status = 'succeeded'), count(*) FILTER (WHERE status = 'failed'),
       count(*) FILTER (WHERE status = 'cancelled')
FROM {part} WHERE {open} IS FALSE AND NOT id = ANY($1::uuid[]) GROUP BY scenario_id
"""
_SUBTRACT = """
INSERT INTO run_tally_delta (scenario_id, open, succeeded, failed, cancelled)
SELECT scenario_id, 0, -succeeded, -failed, -cancelled
FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[]) AS gone(scenario_id, succeeded, failed, cancelled)
"""
_KEPT = {
    "event": "id IN (SELECT event_id FROM run WHERE event_id >= '{low}' AND event_id < '{high}')",
    "journal_segment": "run_id IN (SELECT id FROM run WHERE id >= '{low}' AND id < '{high}')",
    "effect": "run_id IN (SELECT id FROM run WHERE id >= '{low}' AND id < '{high}')",
}


async def expired(connection: Connection, table: str, below: UUID) -> list[Part]:
    """Whole partitions below the border, oldest first."""
    return [part for part in (await parts(connection, table))[1:] if part.high <= below and part.high < LAST]


async def drop_expired(connection: Connection, below: UUID) -> list[str]:
    """Drop every partition that is wholly below the border; their names. Raises Busy."""
    dropped = []
    for part in await expired(connection, "run", below):
        await _drop_runs(connection, part)
        dropped.append(part.name)
    for table, kept in _KEPT.items():
        for part in await expired(connection, table, (await parts(connection, "run"))[0].high):
            where = kept.format(low=part.low, high=part.high)
            await briefly(connection, partial(_swap, connection, table, part, where))
            dropped.append(part.name)
    return dropped


async def _drop_runs(connection: Connection, part: Part) -> None:
    """Nothing is locked while the runs are looked at and counted: what has ended stays as it ended."""
    needed = [row[0] for row in await connection.fetch(_NEEDED.format(part=part.name, open=_OPEN))]
    counted = await connection.fetch(_COUNT.format(part=part.name, open=_OPEN), needed)

    async def swap() -> None:
        # Runs that came meanwhile, from a clock that is far behind, are open: they are found by their state.
        await _swap(connection, "run", part, f"id = ANY($1::uuid[]) OR {_OPEN}", needed)
        await connection.execute(_SUBTRACT, *([row[place] for row in counted] for place in range(4)))

    await briefly(connection, swap)


async def _swap(connection: Connection, table: str, part: Part, kept: str, *values: Sequence[UUID]) -> None:
    past = f"{table}_past"
    await connection.execute(f"LOCK TABLE ONLY {table} IN ACCESS EXCLUSIVE MODE")
    await connection.execute(f"ALTER TABLE {table} DETACH PARTITION {part.name}")
    await connection.execute(f"ALTER TABLE {table} DETACH PARTITION {past}")
    await connection.execute(f"INSERT INTO {past} SELECT * FROM {part.name} WHERE {kept}", *values)  # noqa: S608
    await connection.execute(
        f"ALTER TABLE {table} ATTACH PARTITION {past} FOR VALUES FROM (MINVALUE) TO ('{part.high}')"
    )
    await connection.execute(f"DROP TABLE {part.name}")
