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
from potok.engine.ports import DueTimer, Firing, StoreUnavailable

Decide = Callable[[list[DueTimer]], Awaitable[list[Firing]]]

_DUE = """
SELECT id, kind, workspace_id, scenario_id, version_id, run_id, node_id, fire_at, misfire FROM timer
WHERE state = 'planned' AND fire_at <= now() ORDER BY fire_at LIMIT $1 FOR UPDATE SKIP LOCKED
"""
# The first claim number is random: numbers of an earlier stay in the work table must never come again.
_WAKE = """
INSERT INTO run_work (run_id, ready_at, claim, attempts)
SELECT r.id, now(), 1000 + (random() * 1000000000)::int, 0
FROM unnest($1::uuid[]) AS i(id) JOIN run r ON r.id = i.id
WHERE r.status IN ('queued', 'running', 'waiting', 'unknown')
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
ON CONFLICT (id) DO UPDATE SET state = 'planned', reason = '', version_id = excluded.version_id
WHERE timer.state = 'cancelled'
"""
_MISSED = """
INSERT INTO timer (id, workspace_id, kind, scenario_id, version_id, node_id, fire_at, misfire, state, reason)
SELECT i.id, i.workspace_id, 'schedule', i.scenario_id, i.version_id, i.node_id, i.fire_at, i.misfire,
       'missed', i.reason
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::text[], $8::text[])
  AS i(id, workspace_id, scenario_id, version_id, node_id, fire_at, misfire, reason)
ON CONFLICT (id) DO NOTHING
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
    await _miss(connection, [(by_id[one.timer_id], one, at, why) for one in firings for at, why in one.missed])
    await _plan(
        connection, [(by_id[one.timer_id], one, one.next_at) for one in firings if one.next_at is not None]
    )
    return ready


def schedule_id(scenario_id: UUID, node_id: str, fire_at: datetime) -> UUID:
    """One timer per scenario, node and moment: two successors of one schedule become one."""
    return uuid5(scenario_id, f"{node_id}:{fire_at.timestamp()}")


async def _plan(connection: Connection, successors: Sequence[tuple[DueTimer, Firing, datetime]]) -> None:
    unique = {schedule_id(timer.scenario_id, timer.node_id, at): (timer, one, at) for timer, one, at in successors}
    successors = list(unique.values())
    if successors:
        await connection.execute(
            _PLAN,
            list(unique),
            [timer.workspace_id for timer, _, _ in successors],
            [timer.scenario_id for timer, _, _ in successors],
            [firing.version_id or timer.version_id for timer, firing, _ in successors],
            [timer.node_id for timer, _, _ in successors],
            [at for _, _, at in successors],
            [timer.misfire for timer, _, _ in successors],
        )


async def _miss(connection: Connection, missed: Sequence[tuple[DueTimer, Firing, datetime, str]]) -> None:
    if missed:
        await connection.execute(
            _MISSED,
            [schedule_id(timer.scenario_id, timer.node_id, at) for timer, _, at, _ in missed],
            [timer.workspace_id for timer, *_ in missed],
            [timer.scenario_id for timer, *_ in missed],
            [firing.version_id or timer.version_id for timer, firing, *_ in missed],
            [timer.node_id for timer, *_ in missed],
            [at for *_, at, _ in missed],
            [timer.misfire for timer, *_ in missed],
            [why for *_, why in missed],
        )


async def next_fire(pool: Pool) -> float | None:
    """Seconds until the next planned timer."""
    async with speaking(pool) as connection:
        seconds: float | None = await connection.fetchval(_NEXT)
    return None if seconds is None else max(0.0, seconds)
