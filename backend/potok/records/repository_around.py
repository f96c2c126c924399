"""Queries around records: what they point to, what happened to them, who did it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from potok.records.models import Record, RecordChange, RecordLink


async def linked(
    db: AsyncSession, workspace_id: UUID, ids: Sequence[UUID]
) -> Sequence[tuple[UUID, UUID, str, str]]:
    """(from, to, key of its type, title) of everything these records point to."""
    query = (
        select(col(RecordLink.from_id), col(Record.id), col(RecordLink.to_type), col(Record.title))
        .join(Record, col(Record.id) == col(RecordLink.to_id))
        .where(
            col(RecordLink.workspace_id) == workspace_id,
            col(Record.workspace_id) == workspace_id,
            col(RecordLink.from_id).in_(ids),
        )
        .order_by(col(RecordLink.from_id), col(RecordLink.field_id), col(RecordLink.place))
    )
    return [(row[0], row[1], row[2], row[3]) for row in (await db.execute(query)).all()]


async def timeline(
    db: AsyncSession, workspace_id: UUID, type_id: UUID, record_id: UUID, before: UUID | None, limit: int
) -> Sequence[RecordChange]:
    """What happened to a record, newest first."""
    query = select(RecordChange).where(
        col(RecordChange.workspace_id) == workspace_id,
        col(RecordChange.type_id) == type_id,
        col(RecordChange.record_id) == record_id,
    )
    if before is not None:
        query = query.where(col(RecordChange.id) < before)
    return (await db.execute(query.order_by(col(RecordChange.id).desc()).limit(limit))).scalars().all()
