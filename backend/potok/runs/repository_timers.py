"""Pages of timers, in the order of their moments."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from potok.runs.models import Timer

Place = tuple[datetime, UUID]
"""The last row of the page before."""


async def page(
    db: AsyncSession, workspace_id: UUID, state: str, scenario_id: UUID | None, after: Place | None, limit: int
) -> Sequence[Timer]:
    """Planned timers from the next one on; others from the latest one back."""
    query = select(Timer).where(col(Timer.workspace_id) == workspace_id, col(Timer.state) == state)
    if scenario_id is not None:
        query = query.where(col(Timer.scenario_id) == scenario_id)
    place = tuple_(col(Timer.fire_at), col(Timer.id))
    if state == "planned":
        query = query.order_by(col(Timer.fire_at), col(Timer.id))
        query = query if after is None else query.where(place > after)
    else:
        query = query.order_by(col(Timer.fire_at).desc(), col(Timer.id).desc())
        query = query if after is None else query.where(place < after)
    return (await db.execute(query.limit(limit))).scalars().all()
