"""Pages of timers, in the order of their moments."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from potok.runs.models import Timer

Place = tuple[datetime, UUID]
"""The last row of the page before."""


async def page(
    db: AsyncSession,
    workspace_id: UUID,
    state: str,
    scenario_id: UUID | None,
    after: Place | None,
    limit: int,
    kinds: Sequence[str] = (),
) -> Sequence[Timer]:
    """Planned timers from the next one on; others from the latest one back. Of some kinds, else of all."""
    query = select(Timer).where(col(Timer.workspace_id) == workspace_id, col(Timer.state) == state)
    if scenario_id is not None:
        query = query.where(col(Timer.scenario_id) == scenario_id)
    if kinds:
        query = query.where(col(Timer.kind).in_(kinds))
    place = tuple_(col(Timer.fire_at), col(Timer.id))
    if state == "planned":
        query = query.order_by(col(Timer.fire_at), col(Timer.id))
        query = query if after is None else query.where(place > after)
    else:
        query = query.order_by(col(Timer.fire_at).desc(), col(Timer.id).desc())
        query = query if after is None else query.where(place < after)
    return (await db.execute(query.limit(limit))).scalars().all()


async def leave_out(
    db: AsyncSession, timers: Sequence[Timer], left_out: Sequence[Sequence[tuple[datetime, str]]]
) -> None:
    """Keep moments that will not fire, with their reasons, each list beside the schedule it belongs to."""
    rows = [
        timer.model_dump()
        | {
            "id": uuid5(timer.scenario_id, f"{timer.node_id}:{moment.timestamp()}"),
            "fire_at": moment,
            "state": "missed",
            "reason": reason,
        }
        for timer, moments in zip(timers, left_out, strict=True)
        for moment, reason in moments
    ]
    if rows:
        fresh = insert(Timer).values(rows)
        await db.execute(
            fresh.on_conflict_do_update(
                index_elements=["id"],
                set_={"state": "missed", "reason": fresh.excluded.reason},
                where=col(Timer.state) == "cancelled",
            )
        )


async def forget_future(db: AsyncSession, scenario_id: UUID, reasons: Sequence[str], now: datetime) -> None:
    """Moments to come that were left out for these reasons may fire after all."""
    await db.execute(
        delete(Timer).where(
            col(Timer.scenario_id) == scenario_id,
            col(Timer.kind) == "schedule",
            col(Timer.state) == "missed",
            col(Timer.reason).in_(reasons),
            col(Timer.fire_at) > now,
        )
    )


async def cancel_future(
    db: AsyncSession, scenario_id: UUID, nodes: Sequence[str], reason: str, now: datetime
) -> None:
    """Cancel what these triggers plan for later; what is due now is left to fire."""
    await db.execute(
        update(Timer)
        .where(
            col(Timer.scenario_id) == scenario_id,
            col(Timer.kind) == "schedule",
            col(Timer.node_id).in_(nodes),
            col(Timer.state) == "planned",
            col(Timer.fire_at) > now,
        )
        .values(state="cancelled", reason=reason)
    )


async def working_waits(db: AsyncSession, workspace_id: UUID) -> list[tuple[UUID, datetime, dict[str, Any]]]:
    """Planned waits in working time, held till the end of the transaction: id, moment, what they wait for."""
    query = (
        select(col(Timer.id), col(Timer.fire_at), col(Timer.working))
        .where(
            col(Timer.workspace_id) == workspace_id, col(Timer.state) == "planned", col(Timer.working).is_not(None)
        )
        .order_by(col(Timer.id))
        .with_for_update()
    )
    return [(row[0], row[1], row[2]) for row in await db.execute(query)]


async def move(db: AsyncSession, moments: Sequence[tuple[UUID, datetime]], reason: str) -> None:
    """Planned timers come at other moments."""
    if moments:
        moved = [{"id": timer_id, "fire_at": at, "reason": reason} for timer_id, at in moments]
        await db.execute(update(Timer), moved)
