"""The notices scenarios write to people: each reads their own; what is older than a membership is no news."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.announce import announce
from potok.pages import Page, page_of
from potok.people import inbox
from potok.people.caller import Caller
from potok.people.events import NoticesRead
from potok.people.inbox import NoticeRow
from potok.problems import refuse


class NoticePage(NamedTuple):
    """A page, and how many notices the reader has not read: to a program, which reads nothing, none."""

    page: Page[NoticeRow]
    unread: int


async def list_notices(db: AsyncSession, caller: Caller, *, first: int, before: UUID | None) -> NoticePage:
    """A page of what the caller may read, newest first."""
    workspace, user = caller.workspace_id, caller.user_id
    since = await inbox.member_since(db, workspace, user) if user else None
    rows = await inbox.page(db, workspace, user, since, before, first + 1)
    unread = await inbox.count_unread(db, workspace, user, since) if user else 0
    return NoticePage(page_of(rows, first), unread)


async def newest_notices(db: AsyncSession, workspace_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The newest notice of each workspace, whoever it is for: to see that there is another one."""
    return await inbox.newest(db, workspace_ids)


async def mark_notices_read(db: AsyncSession, caller: Caller, ids: Sequence[UUID]) -> None:
    """Mark notices read for the caller alone; those of others are left alone. Raises Refused for programs."""
    if caller.user_id is None:
        raise refuse("inbox_of_people")
    if await inbox.mark_read(db, caller.workspace_id, caller.user_id, ids, datetime.now(UTC)):
        announce(db, NoticesRead(caller.workspace_id))
