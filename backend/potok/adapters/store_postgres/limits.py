"""Limits: so many at once as rows that are held or wait in line, so many in a time as moments given out ahead.

All that happens at a gate happens under its lock, taken first in a transaction and in one order. The locks are
advisory, so that a gate nobody stands at leaves nothing behind; gates share LOCKS of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from potok.adapters.store_postgres import waits
from potok.adapters.store_postgres.connection import (
    ATTEMPTS,
    Collided,
    Connection,
    Pool,
    pause_after_collision,
    transaction,
)
from potok.engine.gates import Ask, Gate, Turn
from potok.engine.ports import Checkpoint, StoreUnavailable, WaitUntil
from potok.runs.limit_statements import CLASS, GATES, GIVE_BACK, LOCK, NEXT, numbers

_FENCE = """
SELECT w.run_id FROM run_work w
JOIN (SELECT DISTINCT * FROM unnest($1::uuid[], $2::int[]) AS k(run_id, claim)) k
  ON w.run_id = k.run_id AND w.claim = k.claim
"""
# Somebody who is held back by a person keeps the place in line, but nobody waits behind him.
_ENTER = """-- limit: pass
WITH mine AS MATERIALIZED (SELECT place FROM limit_place WHERE gate_id = $1::uuid AND holder = $2::text),
free AS MATERIALIZED (
  SELECT (SELECT count(*) FROM limit_place WHERE gate_id = $1::uuid AND state = 'held') < $6::int
     AND NOT EXISTS (
       SELECT FROM limit_place p JOIN run r ON r.id = p.run_id AND r.status <> 'paused'
       WHERE p.gate_id = $1::uuid AND p.state = 'waiting'
         AND p.place < coalesce((SELECT place FROM mine), 9223372036854775807)) AS is_free
)
INSERT INTO limit_place (gate_id, holder, run_id, name, key, at_most, per_seconds, state)
SELECT $1::uuid, $2::text, $3::uuid, $4::text, $5::text, $6::int, 0,
       CASE WHEN is_free THEN 'held' ELSE 'waiting' END
FROM free WHERE is_free OR NOT $7::bool OR EXISTS (SELECT FROM mine)
ON CONFLICT (gate_id, holder) DO UPDATE
SET state = CASE WHEN limit_place.state = 'held' THEN 'held' ELSE excluded.state END
RETURNING state = 'held'
"""
# No earlier than the turn `at_most` places before it plus the time: so no such time ever holds more.
_TURN = """-- limit: turn
WITH mine AS MATERIALIZED (SELECT at FROM limit_place WHERE gate_id = $1::uuid AND holder = $2::text),
next AS MATERIALIZED (
  SELECT greatest(clock_timestamp(), (
    SELECT p.at + make_interval(secs => $7::float8) FROM limit_place p
    WHERE p.gate_id = $1::uuid AND p.state = 'turn' ORDER BY p.at DESC OFFSET $6::int - 1 LIMIT 1)) AS at,
  greatest($7::float8, (
    SELECT extract(epoch FROM p.over_at - p.at)::float FROM limit_place p
    WHERE p.gate_id = $1::uuid AND p.state = 'turn' ORDER BY p.at DESC LIMIT 1)) AS counts
)
INSERT INTO limit_place (gate_id, holder, run_id, name, key, at_most, per_seconds, state, at, over_at)
SELECT $1::uuid, $2::text, $3::uuid, $4::text, $5::text, $6::int, $7::float8, 'turn',
       at, at + make_interval(secs => counts)
FROM next WHERE at <= clock_timestamp() OR NOT $8::bool OR EXISTS (SELECT FROM mine)
ON CONFLICT (gate_id, holder) DO UPDATE SET run_id = excluded.run_id
RETURNING at, greatest(0, extract(epoch FROM at - clock_timestamp()))::float
"""
_FORGET = """
DELETE FROM limit_place WHERE (gate_id, holder) IN (
  SELECT gate_id, holder FROM limit_place WHERE state = 'turn' AND over_at < now()
  ORDER BY over_at LIMIT 500 FOR UPDATE SKIP LOCKED)
"""
_PARK = """-- limit: wait
WITH parked AS (
  DELETE FROM run_work w USING unnest($1::uuid[], $2::int[]) AS k(run_id, claim)
  WHERE w.run_id = k.run_id AND w.claim = k.claim RETURNING w.run_id
)
UPDATE run SET status = 'waiting' FROM parked
WHERE run.id = parked.run_id AND run.status IN ('queued', 'running', 'waiting', 'unknown')
"""
_HELD = """
SELECT p.run_id, p.holder FROM limit_place p JOIN unnest($1::uuid[], $2::text[]) AS h(run_id, holder)
  ON p.run_id = h.run_id AND p.holder = h.holder
WHERE p.state = 'held'
"""
_WAKE = """-- limit: free meanwhile
INSERT INTO run_work (run_id, ready_at, claim, attempts)
SELECT id, now(), 1000 + (random() * 1000000000)::int, 0 FROM unnest($1::uuid[]) AS id
ON CONFLICT (run_id) DO NOTHING
"""
Pairs = Sequence[tuple[UUID, str]]
"""(run, holder)"""


async def admit(pool: Pool, asks: Sequence[Ask]) -> list[Turn]:
    """Each as far as it comes, in order; runs that have to wait leave the work table."""
    for attempt in range(ATTEMPTS):
        try:
            async with transaction(pool) as connection:
                return await _admit(connection, asks)
        except Collided:
            await pause_after_collision(attempt)
    raise StoreUnavailable("unreachable")  # pragma: no cover


async def _admit(connection: Connection, asks: Sequence[Ask]) -> list[Turn]:
    await lock(connection, (gate.id(ask.workspace_id) for ask in asks for gate in ask.gates))
    rows = await connection.fetch(_FENCE, [ask.run_id for ask in asks], [ask.claim for ask in asks])
    ours = {row["run_id"] for row in rows}
    turns = [await _go_through(connection, ask) if ask.run_id in ours else Turn(False, lost=True) for ask in asks]
    waiting = [
        (ask, turn.until)
        for ask, turn in zip(asks, turns, strict=True)
        if ask.parks and turn.gate is not None and not turn.skipped
    ]
    if waiting:
        await _park(connection, waiting)
    if any(gate.per_seconds for ask in asks for gate in ask.gates):
        await connection.execute(_FORGET)
    return turns


async def lock(connection: Connection, gates: Iterable[UUID]) -> None:
    """Nobody else changes what stands at these gates until the transaction is over."""
    if found := numbers(gates):
        await connection.fetch(LOCK, CLASS, found)


async def _go_through(connection: Connection, ask: Ask) -> Turn:
    for gate in ask.gates:
        stopped = await (_in_time if gate.per_seconds else _at_once)(connection, ask, gate)
        if stopped is not None:
            return stopped
    return Turn(True)


async def _at_once(connection: Connection, ask: Ask, gate: Gate) -> Turn | None:
    row = await connection.fetch(
        _ENTER,
        gate.id(ask.workspace_id),
        ask.holder,
        ask.run_id,
        gate.name,
        gate.key,
        gate.at_most,
        gate.skips,
    )
    return None if row and row[0][0] else Turn(False, gate=gate)


async def _in_time(connection: Connection, ask: Ask, gate: Gate) -> Turn | None:
    row = await connection.fetch(
        _TURN,
        gate.id(ask.workspace_id),
        ask.turn,
        ask.run_id,
        gate.name,
        gate.key,
        gate.at_most,
        gate.per_seconds,
        gate.skips,
    )
    if not row:
        return Turn(False, gate=gate)
    at, seconds = row[0]
    return Turn(False, gate=gate, until=at, seconds=seconds) if seconds else None


async def _park(connection: Connection, waiting: Sequence[tuple[Ask, datetime | None]]) -> None:
    moments = [
        Checkpoint(
            ask.run_id,
            ask.claim,
            ask.workspace_id,
            ask.scenario_id,
            keep=False,
            status="waiting",
            waits=list(_moments(ask, until)),
        )
        for ask, until in waiting
    ]
    await waits.plan(connection, moments)
    await connection.execute(_PARK, [ask.run_id for ask, _ in waiting], [ask.claim for ask, _ in waiting])


def _moments(ask: Ask, until: datetime | None) -> Iterator[WaitUntil]:
    if until is not None:
        yield WaitUntil("", until, "limit", kind="limit")
    if ask.deadline is not None:
        yield WaitUntil("", ask.deadline, kind="deadline")


def concerns(made: Checkpoint) -> bool:
    """Whether the checkpoint changes anything at a limit."""
    return bool(made.releases or made.queued or (made.finished and made.limited))


async def begin(connection: Connection, checkpoints: Sequence[Checkpoint]) -> None:
    """Lock the gates that these checkpoints are about, before anything else is locked."""
    if concerned := [made for made in checkpoints if concerns(made)]:
        ended, holders = _named(concerned, queued=True)
        rows = await connection.fetch(GATES, ended, *_columns(holders))
        await lock(connection, (row["gate_id"] for row in rows))


async def follow(connection: Connection, checkpoints: Sequence[Checkpoint]) -> dict[UUID, list[str]]:
    """Give back, let the next ones in; the holders that have a place now, by run."""
    concerned = [made for made in checkpoints if concerns(made)]
    if not concerned:
        return {}
    passed = await give_back(connection, *_named(concerned, queued=False))
    queued = [(made.run_id, holder) for made in concerned for holder in made.queued]
    if queued:
        held = [(row["run_id"], row["holder"]) for row in await connection.fetch(_HELD, *_columns(queued))]
        parked = {made.run_id for made in concerned if not made.keep}
        if ready := sorted({run_id for run_id, _ in held} & parked):
            await connection.execute(_WAKE, ready)
        passed = [*passed, *held]
    found: dict[UUID, list[str]] = {}
    for run_id, holder in dict.fromkeys(passed):
        found.setdefault(run_id, []).append(holder)
    return found


async def give_back(connection: Connection, ended: Sequence[UUID], holders: Pairs) -> Pairs:
    """Places of runs that have ended, and of single holders; who has one of them now. The gates are locked."""
    gone = await connection.fetch(GIVE_BACK, ended, *_columns(holders))
    free = sorted({row["gate_id"] for row in gone if row["state"] != "turn"})
    return [tuple(row) for row in await connection.fetch(NEXT, free)] if free else []


def _named(checkpoints: Sequence[Checkpoint], *, queued: bool) -> tuple[list[UUID], Pairs]:
    ended = [made.run_id for made in checkpoints if made.finished and made.limited]
    holders = [
        (made.run_id, holder)
        for made in checkpoints
        for holder in (*made.releases, *(made.queued if queued else ()))
    ]
    return ended, holders


def _columns(pairs: Pairs) -> tuple[list[UUID], list[str]]:
    return [run_id for run_id, _ in pairs], [holder for _, holder in pairs]
