"""What `event.considered` is found by: scenarios an event did not start, and deliveries that came again."""

from collections.abc import Sequence
from uuid import UUID

from potok.adapters.store_postgres.connection import Connection
from potok.engine.ports import NewEvent

_STOPPED = """, gone AS (
  INSERT INTO event_stopped (scenario_id, event_id, workspace_id)
  SELECT DISTINCT s.scenario_id, s.event_id, s.workspace_id
  FROM unnest($14::uuid[], $15::uuid[], $16::uuid[]) AS s(scenario_id, event_id, workspace_id)
  WHERE (s.event_id IN (SELECT id FROM ev)) IS TRUE
)
SELECT id FROM ev"""
_REPEATED = """-- count deliveries that came again
INSERT INTO event_repeat AS kept (event_id, workspace_id, times, last_at)
SELECT i.event_id, i.workspace_id, count(*), now() FROM unnest($1::uuid[], $2::uuid[]) AS i(event_id, workspace_id)
GROUP BY 1, 2 ORDER BY 1
ON CONFLICT (event_id) DO UPDATE SET times = kept.times + excluded.times, last_at = excluded.last_at
"""


def with_stopped(insert: str) -> str:
    """The statement for groups in which something was stopped; the others, nearly all, do not pay for it."""
    return insert.replace("\nSELECT id FROM ev", _STOPPED)


def stopped_of(events: Sequence[NewEvent]) -> tuple[list[UUID], ...]:
    """Its further arguments; none when nothing was stopped."""
    rows = [(scenario, event) for event in events for scenario in event.stopped]
    if not rows:
        return ()
    return (
        [scenario for scenario, _ in rows],
        [event.id for _, event in rows],
        [event.workspace_id for _, event in rows],
    )


async def count_repeats(connection: Connection, workspaces: Sequence[UUID], first: Sequence[UUID]) -> None:
    """Note at the first deliveries that they came again."""
    await connection.execute(_REPEATED, first, workspaces)
