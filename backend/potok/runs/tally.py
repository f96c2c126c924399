"""Queries of the kept counts: read in one snapshot, folded by whoever comes first."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


class Counts(NamedTuple):
    """How many runs of a scenario ended well, ended badly, and have not ended."""

    succeeded: int = 0
    failed: int = 0
    open: int = 0


_READ = text(
    """
    SELECT scenario_id, sum(succeeded)::bigint, sum(failed)::bigint, sum(open)::bigint
    FROM (
        SELECT scenario_id, succeeded, failed, open FROM run_tally WHERE scenario_id = ANY(:scenarios)
        UNION ALL
        SELECT scenario_id, succeeded, failed, open FROM run_tally_delta WHERE scenario_id = ANY(:scenarios)
    ) AS found
    GROUP BY scenario_id
    """
)
_LOCK = text("SELECT pg_try_advisory_xact_lock(:key)")
_LOCK_KEY = 0x54414C4C59
# A statement sees one snapshot: what it deletes is what it adds, and rows that arrive meanwhile wait for the next.
_FOLD = text(
    """
    WITH taken AS (
        DELETE FROM run_tally_delta RETURNING scenario_id, open, succeeded, failed, cancelled
    ), added AS (
        INSERT INTO run_tally AS kept (scenario_id, open, succeeded, failed, cancelled)
        SELECT scenario_id, sum(open), sum(succeeded), sum(failed), sum(cancelled) FROM taken GROUP BY scenario_id
        ON CONFLICT (scenario_id) DO UPDATE SET
            open = kept.open + excluded.open,
            succeeded = kept.succeeded + excluded.succeeded,
            failed = kept.failed + excluded.failed,
            cancelled = kept.cancelled + excluded.cancelled
    )
    SELECT count(*) FROM taken
    """
)


async def counts_of(db: AsyncSession, scenario_ids: Sequence[UUID]) -> dict[UUID, Counts]:
    """Counts by scenario. The cost does not grow with the number of runs."""
    rows = await db.execute(_READ, {"scenarios": list(scenario_ids)})
    return {row[0]: Counts(row[1], row[2], row[3]) for row in rows}


async def fold(db: AsyncSession) -> int:
    """Add the deltas to the counts; how many there were. Zero also when another process is just doing it."""
    if not (await db.execute(_LOCK, {"key": _LOCK_KEY})).scalar_one():
        return 0
    return int((await db.execute(_FOLD)).scalar_one())
