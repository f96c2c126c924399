"""Queries of imports and their parts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from potok.records.models_imports import RecordImport, RecordImportPart

AT_WORK = ("checking", "running", "undoing")


async def find(
    db: AsyncSession, workspace_id: UUID, import_id: UUID, *, lock: bool = False
) -> RecordImport | None:
    """One import; `lock` holds it till the end of the transaction."""
    query = select(RecordImport).where(
        col(RecordImport.workspace_id) == workspace_id, col(RecordImport.id) == import_id
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await db.execute(query)).scalar_one_or_none()


async def latest(db: AsyncSession, workspace_id: UUID, type_id: UUID, limit: int) -> Sequence[RecordImport]:
    """Imports into a type, newest first."""
    query = (
        select(RecordImport)
        .where(col(RecordImport.workspace_id) == workspace_id, col(RecordImport.type_id) == type_id)
        .order_by(col(RecordImport.id).desc())
        .limit(limit)
    )
    return (await db.execute(query)).scalars().all()


async def next_at_work(db: AsyncSession) -> RecordImport | None:
    """One that has something to do and that nobody else holds; the one that waited longest."""
    query = (
        select(RecordImport)
        .where(col(RecordImport.state).in_(AT_WORK))
        .order_by(col(RecordImport.changed_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (await db.execute(query)).scalar_one_or_none()


async def part(db: AsyncSession, import_id: UUID, n: int) -> RecordImportPart:
    """One part."""
    query = select(RecordImportPart).where(
        col(RecordImportPart.import_id) == import_id, col(RecordImportPart.n) == n
    )
    return (await db.execute(query)).scalar_one()


async def earlier_keys(db: AsyncSession, import_id: UUID, n: int, keys: Sequence[int]) -> frozenset[int]:
    """Those of the hashes that earlier parts have."""
    query = text(
        "SELECT DISTINCT k FROM record_import_part p, unnest(p.keys) AS k"
        " WHERE p.import_id = :import AND p.n < :n AND k = ANY(:keys)"
    )
    rows = await db.execute(query, {"import": import_id, "n": n, "keys": list(keys)})
    return frozenset(row[0] for row in rows)


async def forget_rows(db: AsyncSession, import_id: UUID) -> None:
    """What has been taken over needs no second copy."""
    query = update(RecordImportPart).where(col(RecordImportPart.import_id) == import_id)
    await db.execute(query.values(rows=b"", keys=None).execution_options(synchronize_session=False))


async def remove(db: AsyncSession, import_id: UUID) -> None:
    """The import and its parts."""
    await db.execute(delete(RecordImport).where(col(RecordImport.id) == import_id))
