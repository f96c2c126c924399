"""Timers of parked runs. A run has one timer per waiting step; parking again plans it anew."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from potok.adapters.store_postgres.connection import Connection
from potok.engine.ports import Checkpoint

# Joined with the work row, so that a worker that lost the run plans nothing; locked, so that firing waits.
_PLAN = """
WITH held AS (
  SELECT w.run_id FROM run_work w
  JOIN (SELECT DISTINCT k.run_id, k.claim FROM unnest($3::uuid[], $5::int[]) AS k(run_id, claim)) k
    ON w.run_id = k.run_id AND w.claim = k.claim
  FOR UPDATE OF w
)
INSERT INTO timer (id, workspace_id, kind, scenario_id, run_id, node_id, fire_at, misfire, state, reason)
SELECT i.id, i.workspace_id, i.kind, i.scenario_id, i.run_id, i.node_id, i.fire_at, 'run_once', 'planned', ''
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $6::text[], $7::timestamptz[], $8::text[])
  AS i(id, workspace_id, run_id, scenario_id, node_id, fire_at, kind)
WHERE (i.run_id IN (SELECT run_id FROM held)) IS TRUE
ON CONFLICT (id) DO UPDATE
SET state = 'planned', fire_at = excluded.fire_at, fired_at = NULL, kind = excluded.kind, reason = ''
"""
_CANCEL = """
UPDATE timer SET state = 'cancelled', reason = 'run_finished' WHERE run_id = ANY($1::uuid[]) AND state = 'planned'
"""


def timer_id(run_id: UUID, node_id: str, item: str = "") -> UUID:
    """The one timer of a waiting step (of each item of a loop)."""
    return uuid5(run_id, f"{node_id}#{item}" if item else node_id)


async def plan(connection: Connection, checkpoints: Sequence[Checkpoint]) -> None:
    """Plan the moments at which parked runs go on."""
    rows = [(made, wait) for made in checkpoints for wait in made.waits]
    if rows:
        await connection.execute(
            _PLAN,
            [timer_id(made.run_id, wait.node_id, wait.item) for made, wait in rows],
            [made.workspace_id for made, _ in rows],
            [made.run_id for made, _ in rows],
            [made.scenario_id for made, _ in rows],
            [made.claim for made, _ in rows],
            [wait.node_id for _, wait in rows],
            [wait.fire_at for _, wait in rows],
            [wait.kind for _, wait in rows],
        )


async def cancel(connection: Connection, checkpoints: Sequence[Checkpoint]) -> None:
    """A finished run needs no timers."""
    ended = [made.run_id for made in checkpoints if made.finished and made.had_waits]
    if ended:
        await connection.execute(_CANCEL, ended)
