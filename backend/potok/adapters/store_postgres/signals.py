"""Signals in checkpoints: what runs wait for now, what they send, and who is ready because of it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from potok.adapters.store_postgres.connection import Connection, Pool, speaking
from potok.adapters.store_postgres.waits import timer_id
from potok.engine.ports import Checkpoint
from potok.engine.values import from_json, to_json
from potok.runs.signal_statements import DELIVER, LOCK, LOCK_RUNS, LOCK_WORK, SEND, WAKE, places
from potok.sdk.staging import SignalWrite

_OVER = """-- wait no longer
DELETE FROM signal_wait l
WHERE l.run_id = ANY($1::uuid[]) AND NOT EXISTS (
  SELECT FROM unnest($2::uuid[], $3::text[], $4::text[]) AS k(run_id, node_id, item)
  WHERE k.run_id = l.run_id AND k.node_id = l.node_id AND k.item = l.item
)
RETURNING l.run_id, l.node_id, l.item, l.until
"""
_NO_TIMER = """-- no deadline any more
UPDATE timer SET state = 'cancelled', reason = 'wait_over' WHERE id = ANY($1::uuid[]) AND state = 'planned'
"""
_LISTEN = """-- wait for signals
INSERT INTO signal_wait (run_id, node_id, item, workspace_id, name, key, until, began_at)
SELECT i.run_id, i.node_id, i.item, i.workspace_id, i.name, i.key, i.until, now()
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[])
  AS i(run_id, node_id, item, workspace_id, name, key, until)
ON CONFLICT (run_id, node_id, item) DO NOTHING
"""
_KEPT = """-- take kept signals
WITH found AS (
  SELECT DISTINCT ON (l.run_id, l.node_id, l.item) l.run_id, l.node_id, l.item, s.id, s.data
  FROM signal_wait l
  JOIN signal s ON s.workspace_id = l.workspace_id AND s.name = l.name AND s.key = l.key
  WHERE l.run_id = ANY($1::uuid[]) AND l.came_at IS NULL AND s.keep_until > clock_timestamp()
    AND NOT EXISTS (SELECT FROM signal_taken t WHERE t.signal_id = s.id AND t.run_id = l.run_id)
  ORDER BY l.run_id, l.node_id, l.item, s.id
), marked AS (
  UPDATE signal_wait l SET came_at = clock_timestamp(), data = f.data
  FROM found f WHERE l.run_id = f.run_id AND l.node_id = f.node_id AND l.item = f.item
  RETURNING f.id, l.run_id
)
INSERT INTO signal_taken (signal_id, run_id) SELECT DISTINCT id, run_id FROM marked ON CONFLICT DO NOTHING
"""
_CAME = "SELECT DISTINCT run_id FROM signal_wait WHERE run_id = ANY($1::uuid[]) AND came_at IS NOT NULL"
_HEARD = "SELECT node_id, item, data FROM signal_wait WHERE run_id = $1 AND came_at IS NOT NULL"


async def lock(connection: Connection, checkpoints: Sequence[Checkpoint]) -> None:
    """Before anything else: whoever waits for or sends a signal of this group meets others here."""
    named = [(made.workspace_id, one.name, one.key) for made in checkpoints for one in made.listens or ()]
    named += [(made.workspace_id, one.name, one.key) for made, _, one in _sent(checkpoints)]
    if named:
        await connection.execute(LOCK, places(named))


async def listen(connection: Connection, checkpoints: Sequence[Checkpoint]) -> list[UUID]:
    """Keep what the runs wait for now; the parked ones whose signal has come already are ready."""
    told = [made for made in checkpoints if made.listens is not None]
    if not told:
        return []
    rows = [(made, one) for made in told for one in made.listens or ()]
    runs = [made.run_id for made, _ in rows]
    nodes, items = [one.node_id for _, one in rows], [one.item for _, one in rows]
    over = await connection.fetch(_OVER, [made.run_id for made in told], runs, nodes, items)
    timers = [timer_id(row[0], row[1], row[2]) for row in over if row[3] is not None]
    if timers:
        await connection.execute(_NO_TIMER, timers)
    if not rows:
        return []
    await connection.execute(
        _LISTEN,
        runs,
        nodes,
        items,
        [made.workspace_id for made, _ in rows],
        [one.name for _, one in rows],
        [one.key for _, one in rows],
        [one.until for _, one in rows],
    )
    await connection.execute(_KEPT, runs)
    parked = [made.run_id for made in told if not made.keep and not made.finished]
    came = await connection.fetch(_CAME, parked) if parked else []
    return await _wake(connection, [row["run_id"] for row in came])


async def send(connection: Connection, checkpoints: Sequence[Checkpoint]) -> list[UUID]:
    """Deliver what steps sent, each once by its effect key or its own id; the runs that are ready now."""
    rows = _sent(checkpoints)
    if not rows:
        return []
    sent = await connection.fetch(
        SEND,
        [uuid7() for _ in rows],
        [made.workspace_id for made, *_ in rows],
        [one.name for *_, one in rows],
        [one.key for *_, one in rows],
        [to_json(one.data).decode() for *_, one in rows],
        [f"id:{one.id}" if one.id else f"step:{key}" for _, key, one in rows],
        [made.run_id for made, *_ in rows],
        [one.keep.total_seconds() for *_, one in rows],
    )
    ids = [row["id"] for row in sent]
    if not ids:
        return []
    await connection.fetch(LOCK_WORK, ids)
    await connection.fetch(LOCK_RUNS, ids)
    return await _wake(connection, [row["run_id"] for row in await connection.fetch(DELIVER, ids)])


async def _wake(connection: Connection, run_ids: list[UUID]) -> list[UUID]:
    return [row["run_id"] for row in await connection.fetch(WAKE, run_ids)] if run_ids else []


async def heard(pool: Pool, run_id: UUID) -> dict[tuple[str, str], Any]:
    """What came for the waiting steps of a run."""
    async with speaking(pool) as connection:
        rows = await connection.fetch(_HEARD, run_id)
    return {(row["node_id"], row["item"]): from_json(row["data"]) for row in rows}


def _sent(checkpoints: Sequence[Checkpoint]) -> list[tuple[Checkpoint, str, SignalWrite]]:
    return [
        (made, key, one) for made in checkpoints for key, _, one in made.staged if isinstance(one, SignalWrite)
    ]
