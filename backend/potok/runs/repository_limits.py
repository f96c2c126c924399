"""Queries of limits: runs that are ended give back their places, and the next in line go on."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.runs.limit_statements import CLASS, GATES, GIVE_BACK, LOCK, NEXT, numbers


async def lock_gates(db: AsyncSession, run_ids: Sequence[UUID]) -> None:
    """Before any other lock of these runs is taken."""
    found = numbers([row[0] for row in await _execute(db, GATES, list(run_ids), [], [])])
    if found:
        await _execute(db, LOCK, CLASS, found)


async def leave(db: AsyncSession, run_ids: Sequence[UUID]) -> list[UUID]:
    """These runs have ended; the runs that are ready because of it. Their gates are locked."""
    gone = await _execute(db, GIVE_BACK, list(run_ids), [], [])
    free = sorted({row[0] for row in gone if row[1] != "turn"})
    return list(dict.fromkeys(row[0] for row in await _execute(db, NEXT, free))) if free else []


async def _execute(db: AsyncSession, statement: str, *given: Any) -> Sequence[Any]:
    """One of the statements the engine shares, which number their parameters as PostgreSQL does."""
    connection = await db.connection()
    return (await connection.exec_driver_sql(statement, tuple(given))).all()
