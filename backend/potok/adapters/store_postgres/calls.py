"""Runs that call runs: the called one starts with its caller's checkpoint, and wakes it with its own last one."""

from collections.abc import Sequence

from potok.adapters.store_postgres.connection import Connection
from potok.engine.ports import Checkpoint

_START = """-- start called runs
WITH i AS MATERIALIZED (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[],
                       $8::uuid[], $9::bool[], $10::int[])
    AS t(run_id, event_id, workspace_id, scenario_id, version_id, entry_node, payload, caller, waits, depth)
), e AS (
  INSERT INTO event (id, workspace_id, kind, source, payload, considered, created_at)
  SELECT event_id, workspace_id, 'call', caller::text, payload::json, '[]', now() FROM i
), r AS (
  INSERT INTO run (id, workspace_id, scenario_id, version_id, event_id, entry_node, status, steps, created_at,
                   called_by, parent_waits, depth)
  SELECT run_id, workspace_id, scenario_id, version_id, event_id, entry_node, 'queued', 0, now(),
         caller, waits, depth
  FROM i
)
INSERT INTO run_work (run_id, ready_at, claim, attempts) SELECT run_id, now(), 0, 0 FROM i
"""
# The caller's row is locked first: it is parking just now and will see our end, or it has parked and is woken.
_LOCK = "SELECT r.id FROM unnest($1::uuid[]) AS i(id) JOIN run r ON r.id = i.id ORDER BY r.id FOR UPDATE OF r"
# The first claim number is random: numbers of an earlier stay in the work table must never come again.
_WAKE = """-- wake callers
INSERT INTO run_work (run_id, ready_at, claim, attempts)
SELECT r.id, now(), 1000 + (random() * 1000000000)::int, 0
FROM unnest($1::uuid[]) AS i(id) JOIN run r ON r.id = i.id
WHERE r.status IN ('queued', 'running', 'waiting', 'unknown')
ON CONFLICT (run_id) DO NOTHING
"""
_ENDED = """-- called runs that ended meanwhile
SELECT DISTINCT i.caller FROM unnest($1::uuid[], $2::uuid[]) AS i(caller, called)
JOIN run r ON r.id = i.called WHERE r.status IN ('succeeded', 'failed', 'cancelled')
"""


async def follow(connection: Connection, checkpoints: Sequence[Checkpoint]) -> None:
    """Start, wake, and let no end pass unnoticed."""
    rows = [(made, call) for made in checkpoints for call in made.calls]
    if rows:
        await connection.execute(
            _START,
            [call.run.id for _, call in rows],
            [call.event_id for _, call in rows],
            [call.run.workspace_id for _, call in rows],
            [call.run.scenario_id for _, call in rows],
            [call.run.version_id for _, call in rows],
            [call.run.entry_node for _, call in rows],
            [call.payload.decode() for _, call in rows],
            [made.run_id for made, _ in rows],
            [call.waits for _, call in rows],
            [call.depth for _, call in rows],
        )
    ready = [made.parent for made in checkpoints if made.finished and made.parent is not None]
    if ready:
        await connection.execute(_LOCK, ready)
    waiting = [(made.run_id, called) for made in checkpoints for called in made.awaits]
    if waiting:
        ended = await connection.fetch(
            _ENDED, [caller for caller, _ in waiting], [called for _, called in waiting]
        )
        ready += [row["caller"] for row in ended]
    if ready:
        await connection.execute(_WAKE, ready)
