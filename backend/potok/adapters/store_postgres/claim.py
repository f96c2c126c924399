"""Taking, prolonging and giving back runs. The database's own clock counts, so workers' clocks may differ."""

from collections.abc import Sequence
from time import time
from uuid import UUID

import asyncpg

from potok.adapters.store_postgres.connection import Pool, speaking
from potok.engine.ends import ACCUSED
from potok.engine.large import needs_of
from potok.engine.ports import ClaimedRun, Settled
from potok.engine.values import from_json

# Where the runs are known beforehand, the statement is narrowed to them and opens only partitions it needs. A
# claimed run's event may be in any.
_TAKE = """
), claimed AS (
  UPDATE run_work w
  SET lease_owner = $1, lease_until = now() + make_interval(secs => $2), claim = w.claim + 1,
      attempts = w.attempts + 1
  FROM picked WHERE w.run_id = picked.run_id
  RETURNING w.run_id, w.claim, w.attempts
)
SELECT c.run_id, c.claim, c.attempts, r.workspace_id, r.scenario_id, r.version_id, r.event_id, r.entry_node,
       r.status, r.created_at, e.payload,
       CASE WHEN r.started_at IS NOT NULL
            THEN (SELECT json_agg(s.entries ORDER BY s.seq) FROM journal_segment s WHERE s.run_id = r.id{within_s})
       END AS journal,
       CASE WHEN r.started_at IS NOT NULL
            THEN (SELECT json_object_agg(f.key, json_build_array(f.answer, f.state, f.port, f.receipt))
                  FROM effect f WHERE f.run_id = r.id{within_f} AND f.answer IS NOT NULL)
       END AS ledger,
       CASE WHEN r.parent_waits THEN r.called_by END AS parent, r.depth
FROM claimed c JOIN run r ON r.id = c.run_id{within_r} JOIN event e ON e.id = r.event_id
ORDER BY c.run_id
"""
_ANYWHERE = _TAKE.format(within_r="", within_s="", within_f="")
_WITHIN = _TAKE.format(
    within_r=" AND r.id BETWEEN $6 AND $7",
    within_s=" AND s.run_id BETWEEN $6 AND $7",
    within_f=" AND f.run_id BETWEEN $6 AND $7",
)
SUSPECT = 3
"""Claims without a checkpoint after which a run may be what kills its workers."""
_FREE = "(lease_until IS NULL OR lease_until < now())"
# Rows are locked before their sizes are added up; what is too much is free again at the end of the statement.
_BOUNDED = """
), picked AS (
  SELECT run_id FROM (
    SELECT run_id, bytes, sum(bytes) OVER (ORDER BY bytes = 0 DESC, ready_at, run_id) - bytes AS before FROM ready
  ) AS weighed WHERE bytes = 0 OR (before < $5 AND (before = 0 OR before + bytes <= $5))
"""
_GIVEN = (
    "-- claim\nWITH ready AS (SELECT run_id, bytes, ready_at FROM run_work"  # noqa: S608
    f" WHERE run_id = ANY($4::uuid[]) AND ready_at <= now() AND {_FREE} AND attempts < {SUSPECT}"
    f" LIMIT $3 FOR UPDATE SKIP LOCKED {_BOUNDED} {_WITHIN}"
)
_ANY = (
    "-- claim\nWITH ready AS (SELECT run_id, bytes, ready_at FROM run_work"  # noqa: S608
    f" WHERE ready_at <= now() - make_interval(secs => $4) AND {_FREE} AND attempts < {SUSPECT}"
    f" ORDER BY ready_at LIMIT $3 FOR UPDATE SKIP LOCKED {_BOUNDED} {_ANYWHERE}"
)
# Runs whose workers kept dying go few at a time, then one at a time: so the guilty one is found, and the others,
# which were only in the same memory, get through.
_SUSPECTS = (
    "-- claim\nWITH picked AS (SELECT run_id FROM run_work"  # noqa: S608
    f" WHERE ready_at <= now() - make_interval(secs => $4) AND {_FREE} AND attempts >= {SUSPECT}"
    " AND NOT EXISTS (SELECT FROM run_work"
    f"  WHERE lease_owner = $1 AND lease_until > now() AND attempts > {SUSPECT})"
    " ORDER BY attempts, ready_at LIMIT least($3, ("
    f"  SELECT CASE WHEN min(attempts) <= {SUSPECT + 2} THEN 8 ELSE 1 END"
    f"  FROM run_work WHERE attempts >= {SUSPECT} AND {_FREE})) FOR UPDATE SKIP LOCKED {_ANYWHERE}"
)
_NO_BOUND = 1 << 62
_ACCUSE = """
WITH accused AS (
  UPDATE run_work SET attempts = $3 WHERE run_id = $1 RETURNING run_id
), begun AS (
  UPDATE run r SET started_at = coalesce(r.started_at, now()) FROM accused a WHERE r.id = a.run_id
)
INSERT INTO journal_segment (run_id, seq, entries, created_at)
SELECT run_id, (SELECT coalesce(max(seq) + 1, 0) FROM journal_segment WHERE run_id = $1),
       json_build_array(json_build_object('n', $2::text, 's', 'running', 't0', $4::int8)),
       now()
FROM accused ON CONFLICT (run_id, seq) DO NOTHING
"""
_RENEW = """-- renew
UPDATE run_work w SET lease_until = now() + make_interval(secs => $3)
FROM unnest($1::uuid[], $2::int[]) AS h(run_id, claim)
WHERE w.run_id = h.run_id AND w.claim = h.claim RETURNING w.run_id
"""
_RELEASE = """-- release
UPDATE run_work w SET lease_until = NULL, lease_owner = NULL, ready_at = now() - interval '1 minute'
FROM unnest($1::uuid[], $2::int[]) AS h(run_id, claim)
WHERE w.run_id = h.run_id AND w.claim = h.claim
"""


async def claim(
    pool: Pool,
    owner: str,
    lease: float,
    limit: int,
    run_ids: Sequence[UUID] | None,
    older_than: float,
    most_bytes: int | None = None,
) -> list[ClaimedRun]:
    """The given ready runs, or any that nobody took."""
    most = _NO_BOUND if most_bytes is None else most_bytes
    if run_ids is not None and not run_ids:
        return []
    async with speaking(pool) as connection:
        if run_ids is None:
            rows = await connection.fetch(_ANY, owner, lease, limit, older_than, most)
            if not rows and most > 0:
                rows = await connection.fetch(_SUSPECTS, owner, lease, limit, older_than)
        else:
            rows = await connection.fetch(_GIVEN, owner, lease, limit, run_ids, most, min(run_ids), max(run_ids))
    return [_run(row) for row in rows]


def _run(row: asyncpg.Record) -> ClaimedRun:
    run = ClaimedRun(*row[:11])
    run.parent, run.depth = row[13], row[14]
    if row[11] is not None:
        segments = from_json(row[11])
        run.segments = len(segments)
        run.journal = [entry for segment in segments for entry in segment]
    if row[12] is not None:
        run.ledger = {key: Settled(*told) for key, told in from_json(row[12]).items()}
    run.needs = needs_of(run)
    return run


async def renew(pool: Pool, held: Sequence[tuple[UUID, int]], lease: float) -> set[UUID]:
    """The ids whose lease is prolonged."""
    async with speaking(pool) as connection:
        rows = await connection.fetch(_RENEW, [run for run, _ in held], [claim for _, claim in held], lease)
    return {row["run_id"] for row in rows}


async def release(pool: Pool, held: Sequence[tuple[UUID, int]]) -> None:
    """Make the runs look as if they had been lying about for a while, so that the next sweep takes them."""
    async with speaking(pool) as connection:
        await connection.execute(_RELEASE, [run for run, _ in held], [claim for _, claim in held])


async def accuse(dsn: str, run_id: UUID, node_id: str) -> None:
    """Let the next claim of this run be its last: this step of it has just stopped a whole worker."""
    connection = await asyncpg.connect(dsn.replace("postgresql+asyncpg://", "postgresql://", 1), timeout=5)
    await connection.execute(_ACCUSE, run_id, node_id, ACCUSED, int(time() * 1000))
    await connection.close()
