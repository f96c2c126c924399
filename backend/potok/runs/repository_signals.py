"""Queries of signals: sending one to the runs that wait for it, and letting ended runs wait no longer."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col
from uuid_utils.compat import uuid7

from potok.runs.models_signals import SignalWait
from potok.runs.signal_statements import DELIVER, LOCK, LOCK_RUNS, LOCK_WORK, SEND, WAKE, places


async def send(
    db: AsyncSession, workspace_id: UUID, name: str, key: str, data: str, dedupe_key: str | None, keep: timedelta
) -> tuple[list[UUID], list[UUID]] | None:
    """The runs that get it, and those of them that are ready now; None when it was sent before."""
    await _execute(db, LOCK, places([(workspace_id, name, key)]))
    sent = await _execute(
        db, SEND, [uuid7()], [workspace_id], [name], [key], [data], [dedupe_key], [None], [keep.total_seconds()]
    )
    ids = [row[0] for row in sent]
    if not ids:
        return None
    await _execute(db, LOCK_WORK, ids)
    await _execute(db, LOCK_RUNS, ids)
    woken = [row[1] for row in await _execute(db, DELIVER, ids)]
    ready = [row[0] for row in await _execute(db, WAKE, woken)] if woken else []
    return woken, ready


async def listen_no_longer(db: AsyncSession, run_ids: Sequence[UUID]) -> None:
    """These runs have ended."""
    await db.execute(delete(SignalWait).where(col(SignalWait.run_id).in_(run_ids)))


async def _execute(db: AsyncSession, statement: str, *given: Any) -> Sequence[Any]:
    """One of the statements the engine shares, which number their parameters as PostgreSQL does."""
    connection = await db.connection()
    return (await connection.exec_driver_sql(statement, tuple(given))).all()
