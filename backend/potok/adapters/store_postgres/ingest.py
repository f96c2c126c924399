"""Events with their runs, written in groups. A dedupe key that is taken already starts nothing."""

from collections.abc import Sequence
from uuid import UUID

from potok.adapters.store_postgres.connection import (
    ATTEMPTS,
    Collided,
    Connection,
    Pool,
    pause_after_collision,
    speaking,
    transaction,
)
from potok.adapters.store_postgres.considered import count_repeats, stopped_of, with_stopped
from potok.engine.ports import Accepted, NewEvent, PayloadRefused, StoreUnavailable

# `(x IN (...)) IS TRUE` becomes a hashed lookup; a join would be a nested loop over two lists.
# Whoever writes a dedupe key first owns it; one who comes at the same moment waits for that commit.
_INSERT = """
WITH i AS MATERIALIZED (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
    AS t(id, workspace_id, kind, source, dedupe_key, payload, considered)
), keys AS (
  INSERT INTO event_key (workspace_id, dedupe_key, event_id, created_at)
  SELECT workspace_id, dedupe_key, id, now() FROM i WHERE dedupe_key IS NOT NULL
  ON CONFLICT (workspace_id, dedupe_key) DO NOTHING
  RETURNING event_id
), ev AS (
  INSERT INTO event (id, workspace_id, kind, source, dedupe_key, payload, considered, created_at)
  SELECT id, workspace_id, kind, source, dedupe_key, payload::json, considered::json, now() FROM i
  WHERE dedupe_key IS NULL OR (id IN (SELECT event_id FROM keys)) IS TRUE
  RETURNING id
), runs AS (
  INSERT INTO run (id, workspace_id, scenario_id, version_id, event_id, entry_node, status, steps, created_at)
  SELECT n.id, n.workspace_id, n.scenario_id, n.version_id, n.event_id, n.entry_node, 'queued', 0, now()
  FROM unnest($8::uuid[], $9::uuid[], $10::uuid[], $11::uuid[], $12::uuid[], $13::text[])
    AS n(id, event_id, workspace_id, scenario_id, version_id, entry_node)
  WHERE (n.event_id IN (SELECT id FROM ev)) IS TRUE
  RETURNING id
), work AS (
  INSERT INTO run_work (run_id, ready_at, claim, attempts) SELECT id, now(), 0, 0 FROM runs
)
SELECT id FROM ev
"""
_INSERT_STOPPED = with_stopped(_INSERT)
_FIRST = """
SELECT e.workspace_id, e.dedupe_key, e.event_id AS id,
       array(SELECT r.id FROM run r WHERE r.event_id = e.event_id ORDER BY r.id) AS runs
FROM unnest($1::uuid[], $2::text[]) AS k(workspace_id, dedupe_key)
JOIN event_key e ON e.workspace_id = k.workspace_id AND e.dedupe_key = k.dedupe_key
"""
# Claims are bounded by it. Only events with large payloads have it, so the others need not pass it along.
_WEIGH = """-- weigh
UPDATE run_work w SET bytes = i.bytes FROM unnest($1::uuid[], $2::bigint[]) AS i(run_id, bytes)
WHERE w.run_id = i.run_id
"""


async def ingest(pool: Pool, events: Sequence[NewEvent]) -> list[Accepted | PayloadRefused]:
    """One commit for all; if the database refuses a row, the group is halved until the guilty one stands alone."""
    for attempt in range(ATTEMPTS):
        try:
            speak = transaction if any(event.weight for event in events) else speaking
            async with speak(pool) as connection:
                return list(await insert(connection, events))
        except Collided:
            await pause_after_collision(attempt)
        except PayloadRefused as refusal:
            if len(events) == 1:
                return [refusal]
            middle = len(events) // 2
            return await ingest(pool, events[:middle]) + await ingest(pool, events[middle:])
    raise StoreUnavailable("unreachable")  # pragma: no cover


async def insert(connection: Connection, events: Sequence[NewEvent]) -> list[Accepted]:
    """Write the events on this connection (in its transaction, if one is open)."""
    # Taking dedupe keys in one order everywhere keeps two groups from waiting for each other.
    ordered = sorted(events, key=lambda event: event.dedupe_key or "")
    runs = [(run, event.id) for event in ordered for run in event.runs]
    stopped = stopped_of(ordered)
    rows = await connection.fetch(
        _INSERT_STOPPED if stopped else _INSERT,
        [event.id for event in ordered],
        [event.workspace_id for event in ordered],
        [event.kind for event in ordered],
        [event.source for event in ordered],
        [event.dedupe_key for event in ordered],
        [event.payload.decode() for event in ordered],
        [event.considered.decode() for event in ordered],
        [run.id for run, _ in runs],
        [event_id for _, event_id in runs],
        [run.workspace_id for run, _ in runs],
        [run.scenario_id for run, _ in runs],
        [run.version_id for run, _ in runs],
        [run.entry_node for run, _ in runs],
        *stopped,
    )
    heavy = [(run, event.weight) for event in ordered if event.weight for run in event.runs]
    if heavy:
        await connection.execute(_WEIGH, [run.id for run, _ in heavy], [weight for _, weight in heavy])
    if len(rows) == len(events):
        return [Accepted(event.id, [run.id for run in event.runs]) for event in events]
    written = {row["id"] for row in rows}
    first = await _first(connection, [event for event in events if event.id not in written])
    return [
        Accepted(event.id, [run.id for run in event.runs])
        if event.id in written
        else first[event.workspace_id, event.dedupe_key or ""]
        for event in events
    ]


async def _first(connection: Connection, duplicates: Sequence[NewEvent]) -> dict[tuple[UUID, str], Accepted]:
    rows = await connection.fetch(
        _FIRST, [event.workspace_id for event in duplicates], [event.dedupe_key for event in duplicates]
    )
    found = {
        (row["workspace_id"], row["dedupe_key"]): Accepted(row["id"], list(row["runs"]), duplicate=True)
        for row in rows
    }
    if any((event.workspace_id, event.dedupe_key) not in found for event in duplicates):
        raise StoreUnavailable("the first delivery vanished while its duplicate arrived")
    first = [found[event.workspace_id, event.dedupe_key or ""].event_id for event in duplicates]
    await count_repeats(connection, [event.workspace_id for event in duplicates], first)
    return found
