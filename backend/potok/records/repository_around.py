"""Queries around records: what they point to, what happened to them, who did it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Text, cast, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from potok.records.models import Record, RecordChange, RecordLink


async def linked(
    db: AsyncSession, workspace_id: UUID, ids: Sequence[UUID]
) -> Sequence[tuple[UUID, UUID, UUID, str, str]]:
    """(from, relation, to, key of its type, title) of everything these records point to."""
    query = (
        select(
            col(RecordLink.from_id),
            col(RecordLink.field_id),
            col(Record.id),
            col(RecordLink.to_type),
            col(Record.title),
        )
        .join(Record, col(Record.id) == col(RecordLink.to_id))
        .where(
            col(RecordLink.workspace_id) == workspace_id,
            col(Record.workspace_id) == workspace_id,
            col(RecordLink.from_id).in_(ids),
        )
        .order_by(col(RecordLink.from_id), col(RecordLink.field_id), col(RecordLink.place))
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in (await db.execute(query)).all()]


async def timeline(
    db: AsyncSession,
    workspace_id: UUID,
    type_id: UUID,
    record_id: UUID,
    before: UUID | None,
    limit: int,
    seen: Sequence[str] | None = None,
) -> Sequence[RecordChange]:
    """What happened to a record, newest first. `seen`: without changes of nothing but other fields."""
    query = select(RecordChange).where(
        col(RecordChange.workspace_id) == workspace_id,
        col(RecordChange.type_id) == type_id,
        col(RecordChange.record_id) == record_id,
    )
    if seen is not None:
        shown = func.jsonb_exists_any(col(RecordChange.changes), cast(list(seen), ARRAY(Text)))
        query = query.where(or_(col(RecordChange.what) != "changed", shown))
    if before is not None:
        query = query.where(col(RecordChange.id) < before)
    return (await db.execute(query.order_by(col(RecordChange.id).desc()).limit(limit))).scalars().all()
