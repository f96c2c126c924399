"""Queries about runs that call runs."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from potok.runs.models import Run

# The first claim number is random: numbers of an earlier stay in the work table must never come again.
_WAKE = text(
    """
    WITH callers AS (
        SELECT p.id FROM run p
        WHERE p.status IN ('queued', 'running', 'waiting')
          AND p.id IN (SELECT c.called_by FROM run c WHERE c.id = ANY(:ended) AND c.parent_waits)
        ORDER BY p.id FOR UPDATE
    )
    INSERT INTO run_work (run_id, ready_at, claim, attempts)
    SELECT id, now(), 1000 + (random() * 1000000000)::int, 0 FROM callers
    ON CONFLICT (run_id) DO NOTHING RETURNING run_id
    """
)


async def called_by(db: AsyncSession, run_ids: Sequence[UUID], statuses: Sequence[str]) -> list[UUID]:
    """Runs in one of these states that the given ones called and wait for."""
    query = select(col(Run.id)).where(
        col(Run.called_by).in_(run_ids), col(Run.parent_waits), col(Run.status).in_(statuses)
    )
    return list((await db.execute(query)).scalars())


async def wake_callers(db: AsyncSession, ended: Sequence[UUID]) -> list[UUID]:
    """Runs that waited for one of these become ready; those it happened to."""
    return list((await db.execute(_WAKE, {"ended": list(ended)})).scalars())
