"""SQL of signals, shared by the room and the engine's store: sent and awaited, without ever missing each other.

Both sides first lock the (name, key), so that a signal that is kept and a run that begins to wait see each other.
The engine's order of locks is kept: the work row, then the run, then what waits.
"""

from collections.abc import Iterable
from uuid import UUID

DAYS_KEPT = 30
"""How long a sent signal is remembered, and with it that it was sent."""

LOCK = """-- lock signals
SELECT pg_advisory_xact_lock(hashtextextended(k.key, 0)) FROM unnest($1::text[]) AS k(key)
"""
SEND = """-- send signals
INSERT INTO signal (id, workspace_id, name, key, data, dedupe_key, run_id, sent_at, keep_until)
SELECT i.id, i.workspace_id, i.name, i.key, i.data::json, i.dedupe_key, i.run_id, now(),
       now() + make_interval(secs => i.keep)
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::float8[])
  AS i(id, workspace_id, name, key, data, dedupe_key, run_id, keep)
ON CONFLICT (workspace_id, dedupe_key) DO NOTHING RETURNING id
"""
_WAITING = """
SELECT l.run_id FROM signal s
JOIN signal_wait l ON l.workspace_id = s.workspace_id AND l.name = s.name AND l.key = s.key
WHERE s.id = ANY($1::uuid[]) AND l.came_at IS NULL
"""
LOCK_WORK = f"SELECT run_id FROM run_work WHERE run_id IN ({_WAITING}) ORDER BY run_id FOR UPDATE"  # noqa: S608
LOCK_RUNS = f"SELECT id FROM run WHERE id IN ({_WAITING}) ORDER BY id FOR UPDATE"  # noqa: S608
# Of two signals alike that come together the first is taken: nobody waits any more when the second one comes.
DELIVER = """-- deliver signals
WITH marked AS (
  UPDATE signal_wait l SET came_at = clock_timestamp(), data = s.data
  FROM (
    SELECT DISTINCT ON (workspace_id, name, key) id, workspace_id, name, key, data FROM signal
    WHERE id = ANY($1::uuid[]) ORDER BY workspace_id, name, key, id
  ) s
  WHERE l.workspace_id = s.workspace_id AND l.name = s.name AND l.key = s.key AND l.came_at IS NULL
    AND (l.until IS NULL OR l.until > clock_timestamp())
  RETURNING s.id AS signal_id, l.run_id
), taken AS (
  INSERT INTO signal_taken (signal_id, run_id) SELECT DISTINCT signal_id, run_id FROM marked
  ON CONFLICT DO NOTHING
)
SELECT DISTINCT signal_id, run_id FROM marked
"""
# The first claim number is random: numbers of an earlier stay in the work table must never come again.
WAKE = """-- wake listeners
INSERT INTO run_work (run_id, ready_at, claim, attempts)
SELECT r.id, now(), 1000 + (random() * 1000000000)::int, 0 FROM run r
WHERE r.id = ANY($1::uuid[]) AND r.status IN ('queued', 'running', 'waiting', 'unknown')
ON CONFLICT (run_id) DO NOTHING RETURNING run_id
"""
FORGET = f"""
DELETE FROM signal WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM signal WHERE sent_at < now() - interval '{DAYS_KEPT} days' LIMIT 1000))
"""  # noqa: S608


def places(named: Iterable[tuple[UUID, str, str]]) -> list[str]:
    """What LOCK takes, for (workspace, name, key): in one order, so that two do not lock each other out."""
    return sorted({f"signal\n{workspace}\n{name}\n{key}" for workspace, name, key in named})
