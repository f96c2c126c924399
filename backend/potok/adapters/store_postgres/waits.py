"""Timers of parked runs. A run has one timer per waiting step; parking again plans it anew."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from potok.adapters.store_postgres.calendars import hold
from potok.adapters.store_postgres.connection import Connection
from potok.engine.ports import Checkpoint, WaitUntil
from potok.engine.values import to_json
from potok.graph.almanac import Almanac, wait_from_json
from potok.sdk.working import CalendarError

# Joined with the work row, so that a worker that lost the run plans nothing; locked, so that firing waits.
_PLAN = """
WITH held AS (
  SELECT w.run_id FROM run_work w
  JOIN (SELECT DISTINCT k.run_id, k.claim FROM unnest($3::uuid[], $5::int[]) AS k(run_id, claim)) k
    ON w.run_id = k.run_id AND w.claim = k.claim
  FOR UPDATE OF w
)
INSERT INTO timer (id, workspace_id, kind, scenario_id, run_id, node_id, fire_at, misfire, state, reason, working)
SELECT i.id, i.workspace_id, i.kind, i.scenario_id, i.run_id, i.node_id, i.fire_at, 'run_once', 'planned', '',
       i.working::json
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $6::text[], $7::timestamptz[], $8::text[], $9::text[])
  AS i(id, workspace_id, run_id, scenario_id, node_id, fire_at, kind, working)
WHERE (i.run_id IN (SELECT run_id FROM held)) IS TRUE
ON CONFLICT (id) DO UPDATE
SET state = 'planned', fire_at = excluded.fire_at, fired_at = NULL, kind = excluded.kind, reason = '',
    working = excluded.working
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
        moments = await _moments(connection, rows)
        await connection.execute(
            _PLAN,
            [timer_id(made.run_id, wait.node_id, wait.item) for made, wait in rows],
            [made.workspace_id for made, _ in rows],
            [made.run_id for made, _ in rows],
            [made.scenario_id for made, _ in rows],
            [made.claim for made, _ in rows],
            [wait.node_id for _, wait in rows],
            moments,
            [wait.kind for _, wait in rows],
            [None if wait.working is None else to_json(wait.working).decode() for _, wait in rows],
        )


async def _moments(connection: Connection, rows: Sequence[tuple[Checkpoint, WaitUntil]]) -> list[datetime]:
    """The moments of waits; of those in working time as the calendars say that hold when this is written."""
    minded = sorted({made.workspace_id for made, wait in rows if wait.working is not None})
    almanacs = {workspace_id: await hold(connection, workspace_id) for workspace_id in minded}
    return [_moment(wait, almanacs.get(made.workspace_id)) for made, wait in rows]


def _moment(wait: WaitUntil, almanac: Almanac | None) -> datetime:
    if almanac is None or wait.working is None:
        return wait.fire_at
    try:
        return almanac.over(wait_from_json(wait.working))
    except (KeyError, CalendarError):
        return wait.fire_at


async def cancel(connection: Connection, checkpoints: Sequence[Checkpoint]) -> None:
    """A finished run needs no timers."""
    ended = [made.run_id for made in checkpoints if made.finished and made.had_waits]
    if ended:
        await connection.execute(_CANCEL, ended)
