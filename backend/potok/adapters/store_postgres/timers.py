"""Firing timers and planning those of schedules; each fires once, whoever asks and however many."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from potok.adapters.store_postgres.connection import (
    ATTEMPTS,
    Collided,
    Connection,
    Pool,
    pause_after_collision,
    speaking,
    transaction,
)
from potok.adapters.store_postgres.ingest import insert
from potok.engine.ports import DueTimer, Firing, PlannedTimer, StoreUnavailable

Decide = Callable[[list[DueTimer]], Awaitable[list[Firing]]]

_DUE = """
SELECT id, kind, workspace_id, scenario_id, version_id, run_id, node_id, fire_at, misfire FROM timer
WHERE state = 'planned' AND fire_at <= now() ORDER BY fire_at LIMIT $1 FOR UPDATE SKIP LOCKED
"""
# The first claim number is random: numbers of an earlier stay in the work table must never come again.
_WAKE = """
INSERT INTO run_work (run_id, ready_at, claim, attempts)
SELECT r.id, now(), 1000 + (random() * 1000000000)::int, 0 FROM run r
WHERE r.id = ANY($1::uuid[]) AND r.status IN ('queued', 'running', 'waiting')
ON CONFLICT (run_id) DO NOTHING
"""
_FIRED = """
UPDATE timer t SET state = i.state, reason = i.reason, fired_at = now()
FROM unnest($1::uuid[], $2::text[], $3::text[]) AS i(id, state, reason) WHERE t.id = i.id
"""
_PLAN = """
INSERT INTO timer (id, workspace_id, kind, scenario_id, version_id, node_id, fire_at, misfire, state, reason)
SELECT i.id, i.workspace_id, 'schedule', i.scenario_id, i.version_id, i.node_id, i.fire_at, i.misfire,
       'planned', ''
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::text[])
  AS i(id, workspace_id, scenario_id, version_id, node_id, fire_at, misfire)
ON CONFLICT (id) DO UPDATE
SET state = 'planned', reason = '', version_id = excluded.version_id, misfire = excluded.misfire
WHERE timer.state = 'cancelled'
   OR (timer.state = 'planned' AND timer.version_id IS DISTINCT FROM excluded.version_id)
"""
_DROP = """
UPDATE timer SET state = 'cancelled', reason = 'replanned'
WHERE scenario_id = $1 AND kind = 'schedule' AND state = 'planned' AND id <> ALL($2::uuid[])
"""
_NEXT = "SELECT extract(epoch FROM min(fire_at) - now())::float FROM timer WHERE state = 'planned'"


async def fire_due(pool: Pool, limit: int, decide: Decide) -> list[UUID]:
    """Lock what is due, ask what each does, and do all of it in one transaction."""
    for attempt in range(ATTEMPTS):
        try:
            async with transaction(pool) as connection:
                return await _fire(connection, limit, decide)
        except Collided:
            await pause_after_collision(attempt)
    raise StoreUnavailable("unreachable")  # pragma: no cover


async def _fire(connection: Connection, limit: int, decide: Decide) -> list[UUID]:
    due = [DueTimer(*row) for row in await connection.fetch(_DUE, limit)]
    if not due:
        return []
    firings = await decide(due)
    ready = [timer.run_id for timer in due if timer.run_id is not None]
    if ready:
        await connection.execute(_WAKE, ready)
    events = [firing.event for firing in firings if firing.event is not None]
    if events:
        for accepted in await insert(connection, events):
            if not accepted.duplicate:
                ready.extend(accepted.run_ids)
    await connection.execute(
        _FIRED,
        [firing.timer_id for firing in firings],
        [firing.state for firing in firings],
        [firing.reason for firing in firings],
    )
    by_id = {timer.id: timer for timer in due}
    await _plan(
        connection,
        [_successor(by_id[firing.timer_id], firing.next_at) for firing in firings if firing.next_at is not None],
    )
    return ready


def _successor(timer: DueTimer, at: datetime) -> PlannedTimer:
    assert timer.version_id is not None
    return PlannedTimer(timer.workspace_id, timer.scenario_id, timer.version_id, timer.node_id, at, timer.misfire)


def schedule_id(timer: PlannedTimer) -> UUID:
    """One timer per scenario, node and moment."""
    return uuid5(timer.scenario_id, f"{timer.node_id}:{timer.fire_at.timestamp()}")


async def plan_schedules(pool: Pool, scenario_id: UUID, timers: Sequence[PlannedTimer]) -> None:
    """Plan these, cancel the scenario's other planned ones."""
    async with transaction(pool) as connection:
        await connection.execute(_DROP, scenario_id, [schedule_id(timer) for timer in timers])
        await _plan(connection, timers)


async def _plan(connection: Connection, timers: Sequence[PlannedTimer]) -> None:
    if timers:
        await connection.execute(
            _PLAN,
            [schedule_id(timer) for timer in timers],
            [timer.workspace_id for timer in timers],
            [timer.scenario_id for timer in timers],
            [timer.version_id for timer in timers],
            [timer.node_id for timer in timers],
            [timer.fire_at for timer in timers],
            [timer.misfire for timer in timers],
        )


async def next_fire(pool: Pool) -> float | None:
    """Seconds until the next planned timer."""
    async with speaking(pool) as connection:
        seconds: float | None = await connection.fetchval(_NEXT)
    return None if seconds is None else max(0.0, seconds)
