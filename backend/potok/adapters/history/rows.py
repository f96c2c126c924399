"""Removes single runs where no partition can go: others keep longer, or a limit cuts through a week.

In small transactions, so nobody waits; the room is used again by new rows, and given back where it is at the end.
"""

from datetime import datetime
from uuid import UUID

from potok.adapters.history.connection import Connection
from potok.adapters.history.weeks import KEYS, parts
from potok.runs.weeks import FIRST, LAST

BATCH = 1_000
_ENDED = "('succeeded', 'failed', 'cancelled')"
_RUNS = f"""
SELECT r.id, r.event_id FROM run r
WHERE r.workspace_id = $1 AND r.id >= $2 AND r.id < $3 AND r.created_at < $4 AND r.status IN {_ENDED}
  AND NOT (r.parent_waits
           AND EXISTS (SELECT FROM run p WHERE p.id = r.called_by AND p.status NOT IN {_ENDED}))
ORDER BY r.id LIMIT {BATCH}
"""  # noqa: S608 (all of it is written above)
_OF_RUNS = (
    "DELETE FROM journal_segment WHERE run_id = ANY($1::uuid[])",
    "DELETE FROM effect WHERE run_id = ANY($1::uuid[])",
    "DELETE FROM run WHERE id = ANY($1::uuid[])",
)
_EVENTS_OF_RUNS = """
DELETE FROM event e WHERE e.id = ANY($1::uuid[]) AND NOT EXISTS (SELECT FROM run r WHERE r.event_id = e.id)
"""
_EVENTS = f"""
DELETE FROM event WHERE id IN (
  SELECT e.id FROM event e
  WHERE e.workspace_id = $1 AND e.id < $2 AND e.created_at < $3
    AND NOT EXISTS (SELECT FROM run r WHERE r.event_id = e.id)
  ORDER BY e.id LIMIT {BATCH})
"""  # noqa: S608
_ORPHANS = {"timer": "run", "run_control": "run", "event_stopped": "event", "event_repeat": "event"}
"""Small tables that go with the history: what they belong to tells whether they are still needed."""
_ORPHAN = """
DELETE FROM {table} WHERE ctid = ANY(ARRAY(
  SELECT o.ctid FROM {table} o WHERE o.{owner}_id < $1
    AND NOT EXISTS (SELECT FROM {owner} w WHERE w.id = o.{owner}_id) LIMIT {batch}))
"""
_KEYS = f"""
DELETE FROM event_key WHERE ctid = ANY(ARRAY(SELECT ctid FROM event_key WHERE created_at < $1 LIMIT {BATCH * 5}))
"""  # noqa: S608
_MOMENTS = f"""
DELETE FROM timer WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM timer WHERE workspace_id = $1 AND state = ANY('{{fired,missed,cancelled}}') AND fire_at < $2
    AND run_id IS NULL LIMIT {BATCH}))
"""  # noqa: S608


async def remove(connection: Connection, workspace_id: UUID, below: UUID, settled: datetime) -> int:
    """Remove what has ended below the border, with all that belongs to it; how many runs."""
    removed, after = 0, FIRST
    while rows := await connection.fetch(_RUNS, workspace_id, after, below, settled):
        async with connection.transaction():
            ids = [row[0] for row in rows]
            for statement in _OF_RUNS:
                await connection.execute(statement, ids)
            await connection.execute(_EVENTS_OF_RUNS, list({row[1] for row in rows}))
        removed += len(rows)
        after = rows[-1][0]
    await _repeat(connection, _EVENTS, workspace_id, below, settled)
    return removed


async def remove_orphans(connection: Connection, below: UUID) -> None:
    """Remove what belongs to runs and events that are no more."""
    for table, owner in _ORPHANS.items():
        await _repeat(connection, _ORPHAN.format(table=table, owner=owner, batch=BATCH), below)


async def forget_moments(connection: Connection, workspace_id: UUID, before: datetime) -> None:
    """Remove moments of schedules that are long over."""
    await _repeat(connection, _MOMENTS, workspace_id, before)


async def forget_keys(connection: Connection, before: datetime) -> int:
    """Forget dedupe keys: a delivery that comes again later is a new event."""
    return await _repeat(connection, _KEYS, before)


async def _repeat(connection: Connection, statement: str, *values: object) -> int:
    total = 0
    while changed := int((await connection.execute(statement, *values)).split()[-1]):
        total += changed
    return total


async def give_back(connection: Connection, below: UUID) -> None:
    """Make room in the partitions that rows were removed from, and return what is empty at their ends."""
    for table in KEYS:
        for part in await parts(connection, table):
            if part.low < below and part.high < LAST:
                await connection.execute(f"VACUUM (ANALYZE) {part.name}")
