"""Checkpoints: journal, status, effects, staged writes and timers of many runs in one transaction, each fenced."""

from collections.abc import Sequence
from uuid import UUID

from potok.adapters.store_postgres import calls, effects, ledger, limits, signals, staged, waits
from potok.adapters.store_postgres.connection import (
    ATTEMPTS,
    Collided,
    Connection,
    Pool,
    pause_after_collision,
    speaking,
    transaction,
)
from potok.engine.ports import Checkpoint, Committed, PayloadRefused, StoreUnavailable

# Only finished steps take the suspicion off a run: one that dies in its step writes "running" each time before.
# `gone` and `kept` are the fence: a run whose claim is no longer ours appears in neither, and nothing of it is
# written. The journal key makes a repeat (after a lost answer) harmless. $13 and $14 spare the statement all
# partitions but those of its runs.
_WRITE = """-- checkpoint
WITH i AS MATERIALIZED (
  SELECT * FROM unnest($1::uuid[], $2::int[], $3::bool[], $4::text[], $5::int[], $6::text[], $7::int[], $8::text[],
                       $9::text[], $10::text[], $11::bool[])
    AS t(run_id, claim, keep, status, seq, entries, steps, end_name, result, error, finished)
), gone AS (
  DELETE FROM run_work w USING i WHERE w.run_id = i.run_id AND w.claim = i.claim AND NOT i.keep
  RETURNING w.run_id
), kept AS (
  UPDATE run_work w SET lease_until = now() + make_interval(secs => $12),
      attempts = CASE WHEN i.steps > (SELECT r.steps FROM run r
                                     WHERE r.id = i.run_id AND r.id BETWEEN $13 AND $14) THEN 0 ELSE w.attempts END
  FROM i WHERE w.run_id = i.run_id AND w.claim = i.claim AND i.keep
  RETURNING w.run_id
), held AS MATERIALIZED (
  SELECT run_id FROM gone UNION ALL SELECT run_id FROM kept
), segments AS (
  INSERT INTO journal_segment (run_id, seq, entries, created_at)
  SELECT i.run_id, i.seq, i.entries::json, now() FROM i
  WHERE i.entries IS NOT NULL AND (i.run_id IN (SELECT run_id FROM held)) IS TRUE
  ON CONFLICT (run_id, seq) DO NOTHING
), updated AS (
  UPDATE run r
  SET status = i.status, end_name = i.end_name, result = i.result::json, error = i.error::json,
      steps = greatest(r.steps, i.steps), started_at = coalesce(r.started_at, now()),
      finished_at = CASE WHEN i.finished THEN now() END
  FROM i
  WHERE r.id = i.run_id AND r.id BETWEEN $13 AND $14 AND r.status IN ('queued', 'running', 'waiting', 'unknown')
    AND (i.run_id IN (SELECT run_id FROM held)) IS TRUE
)
SELECT run_id FROM held
"""


async def commit(pool: Pool, checkpoints: Sequence[Checkpoint], lease: float) -> list[Committed]:
    """One transaction for all; if a row is refused, the group is halved until the guilty one is alone."""
    for attempt in range(ATTEMPTS):
        try:
            held, ready, granted = await _commit(pool, checkpoints, lease)
            made = [
                Committed(one.run_id in held, granted=granted.get(one.run_id, ()) if granted else ())
                for one in checkpoints
            ]
            if ready:
                made[0].ready = ready
            return made
        except Collided:
            await pause_after_collision(attempt)
        except PayloadRefused as refusal:
            if len(checkpoints) == 1:
                return [Committed(False, str(refusal))]
            middle = len(checkpoints) // 2
            first = await commit(pool, checkpoints[:middle], lease)
            return first + await commit(pool, checkpoints[middle:], lease)
    raise StoreUnavailable("unreachable")  # pragma: no cover


async def _commit(
    pool: Pool, checkpoints: Sequence[Checkpoint], lease: float
) -> tuple[set[UUID], Sequence[UUID], dict[UUID, list[str]]]:
    """The runs that were ours; those that signals and limits made ready; holders that have a place now, by run."""
    if not any(map(_has_extras, checkpoints)):
        async with speaking(pool) as connection:
            return await _write(connection, checkpoints, lease), (), {}
    async with transaction(pool) as connection:
        await limits.begin(connection, checkpoints)
        await signals.lock(connection, checkpoints)
        # Timers first, as the firing side locks a timer before the run's work row.
        await waits.plan(connection, checkpoints)
        held = await _write(connection, checkpoints, lease)
        ours = [checkpoint for checkpoint in checkpoints if checkpoint.run_id in held]
        await waits.cancel(connection, ours)
        await effects.intend(connection, ours)
        await effects.settle(connection, ours)
        await staged.write(connection, ours)
        await ledger.answered(connection, ours)
        await calls.follow(connection, ours)
        ready = await signals.listen(connection, ours)
        ready += await signals.send(connection, ours)
        granted = await limits.follow(connection, ours)
        return held, [*ready, *granted], granted


def _has_extras(made: Checkpoint) -> bool:
    return bool(
        made.staged
        or made.intents
        or made.receipts
        or made.waits
        or made.asks
        or made.calls
        or made.awaits
        or made.listens is not None
        or (made.finished and made.parent)
        or (made.finished and made.had_waits)
        or limits.concerns(made)
    )


async def _write(connection: Connection, checkpoints: Sequence[Checkpoint], lease: float) -> set[UUID]:
    rows = await connection.fetch(
        _WRITE,
        [made.run_id for made in checkpoints],
        [made.claim for made in checkpoints],
        [made.keep for made in checkpoints],
        [made.status for made in checkpoints],
        [made.seq for made in checkpoints],
        [_text(made.entries) for made in checkpoints],
        [made.steps for made in checkpoints],
        [made.end_name for made in checkpoints],
        [_text(made.result) for made in checkpoints],
        [_text(made.error) for made in checkpoints],
        [made.finished for made in checkpoints],
        lease,
        min(made.run_id for made in checkpoints),
        max(made.run_id for made in checkpoints),
    )
    return {row["run_id"] for row in rows}


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode()
