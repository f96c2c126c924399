"""SQL of what scenarios remember, shared by the room and the engine's store; each changes one row, at once."""

SEE = """-- see
INSERT INTO seen AS s (workspace_id, scope, key, first_run_id, first_at, times, keep_until)
VALUES ($1, $2, $3, $4, now(), 1, now() + $5::interval)
ON CONFLICT (workspace_id, scope, key) DO UPDATE SET
  first_run_id = CASE WHEN s.first_at > now() - $5::interval THEN s.first_run_id ELSE excluded.first_run_id END,
  first_at = CASE WHEN s.first_at > now() - $5::interval THEN s.first_at ELSE excluded.first_at END,
  times = CASE WHEN s.first_at > now() - $5::interval THEN s.times + 1 ELSE 1 END,
  keep_until = greatest(
    s.keep_until,
    CASE WHEN s.first_at > now() - $5::interval THEN s.first_at + $5::interval ELSE excluded.keep_until END
  )
RETURNING first_run_id, first_at, times
"""
GET = "SELECT kind, value, number FROM variable WHERE workspace_id = $1 AND scope = $2 AND name = $3"
GET_LOCKED = f"{GET} FOR UPDATE"
SET = """-- set variable
INSERT INTO variable (workspace_id, scope, name, kind, value, number, updated_at, updated_by_run, updated_by)
VALUES ($1, $2, $3, $4, $5::json, $6, now(), $7, $8)
ON CONFLICT (workspace_id, scope, name) DO UPDATE SET
  kind = excluded.kind, value = excluded.value, number = excluded.number, updated_at = excluded.updated_at,
  updated_by_run = excluded.updated_by_run, updated_by = excluded.updated_by
"""
ADD = """-- add to variable
INSERT INTO variable AS v (workspace_id, scope, name, kind, number, updated_at, updated_by_run)
VALUES ($1, $2, $3, 'number', $4, now(), $5)
ON CONFLICT (workspace_id, scope, name) DO UPDATE SET
  number = v.number + excluded.number, updated_at = excluded.updated_at,
  updated_by_run = excluded.updated_by_run, updated_by = NULL
WHERE v.kind = 'number'
RETURNING number
"""
# Answers are needed while their run may repeat the step; a day gives room to whoever is just finishing.
FORGET = (
    """
    DELETE FROM seen WHERE ctid = ANY(ARRAY(SELECT ctid FROM seen WHERE keep_until < now() LIMIT 1000))
    """,
    """
    DELETE FROM memory_answer WHERE ctid = ANY(ARRAY(
      SELECT a.ctid FROM memory_answer a LEFT JOIN run r ON r.id = a.run_id
      WHERE a.told_at < now() - interval '1 day' AND (r.id IS NULL OR r.finished_at IS NOT NULL) LIMIT 1000))
    """,
)
