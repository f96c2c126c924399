"""Queries of types and fields. Those of records are in `repository_find.py`, those that write them in `sql.py`."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from potok.records.models import ObjectField, ObjectType, Pipeline, Record, Stage


def _visible(workspace_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (col(ObjectType.workspace_id) == workspace_id, col(ObjectType.archived_at).is_(None))


async def add(db: AsyncSession, *rows: SQLModel) -> None:
    """Write new or changed rows."""
    db.add_all(rows)
    await db.flush()


async def types(db: AsyncSession, workspace_id: UUID) -> Sequence[ObjectType]:
    """The workspace's types in their order."""
    query = (
        select(ObjectType).where(*_visible(workspace_id)).order_by(col(ObjectType.position), col(ObjectType.id))
    )
    return (await db.execute(query)).scalars().all()


async def type_by_key(db: AsyncSession, workspace_id: UUID, key: str, *, lock: bool = False) -> ObjectType | None:
    """One type; `lock` holds it till the end of the transaction."""
    query = select(ObjectType).where(*_visible(workspace_id), col(ObjectType.key) == key)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await db.execute(query)).scalar_one_or_none()


async def fields(db: AsyncSession, type_ids: Sequence[UUID], *, archived: bool = False) -> Sequence[ObjectField]:
    """Fields of these types in their order."""
    query = select(ObjectField).where(col(ObjectField.type_id).in_(type_ids))
    if not archived:
        query = query.where(col(ObjectField.archived_at).is_(None))
    return (await db.execute(query.order_by(col(ObjectField.position), col(ObjectField.id)))).scalars().all()


async def changed_at(db: AsyncSession, workspace_id: UUID) -> datetime | None:
    """When a type of the workspace was changed last."""
    query = select(func.max(col(ObjectType.changed_at))).where(col(ObjectType.workspace_id) == workspace_id)
    return (await db.execute(query)).scalar_one()


async def make_partition(db: AsyncSession, type_id: UUID) -> None:
    """Room for the records of a new type.

    Made beside and attached: that takes a lock on `record` which lets reading and writing go on.
    """
    name = f"record_{type_id.hex}"
    await db.execute(text(f"CREATE TABLE {name} (LIKE record INCLUDING ALL)"))
    await db.execute(text(f"ALTER TABLE record ATTACH PARTITION {name} FOR VALUES IN ('{type_id}')"))


async def count_of(db: AsyncSession, type_id: UUID) -> int:
    """Records of a type, the trash left out."""
    query = select(func.count()).where(col(Record.type_id) == type_id, col(Record.deleted_at).is_(None))
    return int((await db.execute(query)).scalar_one())


async def pipelines(db: AsyncSession, type_ids: Sequence[UUID]) -> tuple[Sequence[Pipeline], Sequence[Stage]]:
    """Pipelines of these types and their stages, both in order."""
    query = select(Pipeline).where(col(Pipeline.type_id).in_(type_ids), col(Pipeline.archived_at).is_(None))
    found = (await db.execute(query.order_by(col(Pipeline.position), col(Pipeline.id)))).scalars().all()
    inner = select(Stage).where(
        col(Stage.pipeline_id).in_([one.id for one in found]), col(Stage.archived_at).is_(None)
    )
    stages = (await db.execute(inner.order_by(col(Stage.position), col(Stage.id)))).scalars().all()
    return found, stages


async def in_stages(db: AsyncSession, type_id: UUID, stage_ids: Sequence[UUID]) -> int:
    """Records that stand in one of these stages."""
    query = select(func.count()).where(
        col(Record.type_id) == type_id,
        col(Record.data)["stage"].astext.in_([str(one) for one in stage_ids]),
        col(Record.deleted_at).is_(None),
    )
    return int((await db.execute(query)).scalar_one())
