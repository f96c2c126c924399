"""Effects settled behind a run's back: receipts that came after the run was taken away, and answers of people."""

from collections.abc import Sequence
from uuid import UUID

from potok.adapters.store_postgres.connection import (
    ATTEMPTS,
    Collided,
    Connection,
    Pool,
    pause_after_collision,
    transaction,
)
from potok.engine.ports import Checkpoint, Receipt, StoreUnavailable

# The run is locked first, as those do who answer or park it, so that none of them overlooks the other.
_LOCK = """-- late receipt: lock
SELECT r.id, r.status FROM unnest($1::text[]) AS k JOIN run r ON r.id = split_part(k, ':', 1)::uuid
ORDER BY r.id FOR UPDATE OF r
"""
_LATE = """-- late receipt
UPDATE effect e SET state = i.state, receipt = i.receipt::json, port = i.port, answer = 'late', settled_at = now()
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS i(key, state, receipt, port)
WHERE e.run_id = split_part(i.key, ':', 1)::uuid AND e.key = i.key
  AND e.state IN ('intended', 'unknown') AND e.answer IS NULL
RETURNING e.run_id
"""
_READY = """-- late receipt: ready
WITH woken AS (
  UPDATE run r SET status = 'running' FROM unnest($1::uuid[]) AS i(id)
  WHERE r.id = i.id AND r.status = 'unknown' RETURNING r.id
)
INSERT INTO run_work (run_id, ready_at, claim, attempts)
SELECT id, now(), 1000 + (random() * 1000000000)::int, 0 FROM woken ON CONFLICT (run_id) DO NOTHING
RETURNING run_id
"""
_ANSWERED = """-- answered meanwhile
SELECT DISTINCT e.run_id FROM unnest($1::text[]) AS k
JOIN effect e ON e.run_id = split_part(k, ':', 1)::uuid AND e.key = k
WHERE e.answer IS NOT NULL
"""


async def settle(pool: Pool, receipts: Sequence[Receipt]) -> list[UUID]:
    """Keep what an effect came to that nobody has settled; the runs that waited for it and are ready now."""
    for attempt in range(ATTEMPTS):
        try:
            async with transaction(pool) as connection:
                return await _settle(connection, receipts)
        except Collided:
            await pause_after_collision(attempt)
    raise StoreUnavailable("unreachable")  # pragma: no cover


async def _settle(connection: Connection, receipts: Sequence[Receipt]) -> list[UUID]:
    await connection.fetch(_LOCK, [receipt.key for receipt in receipts])
    rows = await connection.fetch(
        _LATE,
        [receipt.key for receipt in receipts],
        [receipt.state for receipt in receipts],
        [None if receipt.receipt is None else receipt.receipt.decode() for receipt in receipts],
        [receipt.port for receipt in receipts],
    )
    return await _ready(connection, [row["run_id"] for row in rows]) if rows else []


async def answered(connection: Connection, checkpoints: Sequence[Checkpoint]) -> None:
    """A run that has just parked for an answer which is there already goes on at once."""
    keys = [key for made in checkpoints for key in made.asks]
    if keys:
        rows = await connection.fetch(_ANSWERED, keys)
        if rows:
            await _ready(connection, [row["run_id"] for row in rows])


async def _ready(connection: Connection, run_ids: list[UUID]) -> list[UUID]:
    return [row["run_id"] for row in await connection.fetch(_READY, run_ids)]
