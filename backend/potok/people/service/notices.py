"""The notices scenarios write to people."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.pages import Page, page_of
from potok.people import repository
from potok.people.caller import Caller
from potok.people.models import Notice

NoticePage = Page[Notice]


async def list_notices(db: AsyncSession, caller: Caller, *, first: int, before: UUID | None) -> NoticePage:
    """A page of what the caller may read, newest first."""
    rows = await repository.notices(db, caller.workspace_id, caller.user_id, before, first + 1)
    return page_of(rows, first)


async def count_unread(db: AsyncSession, caller: Caller) -> int:
    """How many notices the caller has not read."""
    return await repository.count_unread(db, caller.workspace_id, caller.user_id)


async def mark_notices_read(db: AsyncSession, caller: Caller, ids: Sequence[UUID]) -> None:
    """Mark notices read; those of others are left alone."""
    await repository.mark_read(db, caller.workspace_id, caller.user_id, ids, datetime.now(UTC))
