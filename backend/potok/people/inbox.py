"""Every query of the notices: each person reads for themselves, and counting never walks the whole history."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, text, union_all
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from potok.people.models import Membership, Notice, NoticeRead

COUNTED = 1_000
"""Unread notices are counted among so many of the newest ones."""


class NoticeRow(NamedTuple):
    """A notice, and when this reader read it."""

    notice: Notice
    read_at: datetime | None


def _newest(workspace_id: UUID, user_id: UUID | None, before: UUID | None, limit: int) -> Select[UUID]:
    """Ids of the newest notices for everyone and for this person: a short index walk for each, merged."""
    readers: list[ColumnElement[bool]] = [col(Notice.user_id).is_(None)]
    if user_id is not None:
        readers.append(col(Notice.user_id) == user_id)
    walks = []
    for reader in readers:
        walk = select(col(Notice.id)).where(col(Notice.workspace_id) == workspace_id, reader)
        if before is not None:
            walk = walk.where(col(Notice.id) < before)
        walks.append(select(walk.order_by(col(Notice.id).desc()).limit(limit).subquery().c.id))
    found = union_all(*walks).subquery()
    return select(found.c.id).order_by(found.c.id.desc()).limit(limit)


async def page(
    db: AsyncSession,
    workspace_id: UUID,
    user_id: UUID | None,
    since: datetime | None,
    before: UUID | None,
    limit: int,
) -> list[NoticeRow]:
    """Notices for this person or for everyone, newest first; what is older than `since` counts as read then."""
    wanted = _newest(workspace_id, user_id, before, limit).subquery()
    query = (
        select(Notice, col(NoticeRead.read_at))
        .join(wanted, wanted.c.id == col(Notice.id))
        .outerjoin(
            NoticeRead, (col(NoticeRead.notice_id) == col(Notice.id)) & (col(NoticeRead.user_id) == user_id)
        )
        .order_by(col(Notice.id).desc())
    )
    rows = []
    for notice, read_at in await db.execute(query):
        before_joining = since is not None and notice.created_at < since
        rows.append(NoticeRow(notice, since if read_at is None and before_joining else read_at))
    return rows


async def count_unread(db: AsyncSession, workspace_id: UUID, user_id: UUID, since: datetime | None) -> int:
    """How many of the newest COUNTED ones this person has not read, without those older than `since`."""
    wanted = _newest(workspace_id, user_id, None, COUNTED).subquery()
    read = select(literal(1)).where(
        col(NoticeRead.user_id) == user_id, col(NoticeRead.notice_id) == col(Notice.id)
    )
    query = select(func.count()).select_from(wanted).join(Notice, col(Notice.id) == wanted.c.id)
    query = query.where(~read.exists())
    if since is not None:
        query = query.where(col(Notice.created_at) >= since)
    return (await db.execute(query)).scalar_one()


async def newest(db: AsyncSession, workspace_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The newest notice by workspace."""
    return dict((await db.execute(_NEWEST, {"workspaces": list(workspace_ids)})).all())


_NEWEST = text(
    """
    SELECT one, walk.id
    FROM unnest(CAST(:workspaces AS uuid[])) AS one,
         LATERAL (SELECT id FROM notice WHERE workspace_id = one ORDER BY id DESC LIMIT 1) AS walk
    """
)


async def member_since(db: AsyncSession, workspace_id: UUID, user_id: UUID) -> datetime | None:
    """When this person joined the workspace."""
    query = select(col(Membership.created_at)).where(
        col(Membership.workspace_id) == workspace_id, col(Membership.user_id) == user_id
    )
    return (await db.execute(query)).scalar_one_or_none()


async def mark_read(
    db: AsyncSession, workspace_id: UUID, user_id: UUID, ids: Sequence[UUID], now: datetime
) -> bool:
    """Mark those of the given notices that are this person's. Whether any of them was unread."""
    theirs = select(literal(user_id), col(Notice.id), literal(now)).where(
        col(Notice.workspace_id) == workspace_id,
        or_(col(Notice.user_id).is_(None), col(Notice.user_id) == user_id),
        col(Notice.id).in_(ids),
    )
    fresh = insert(NoticeRead).from_select(["user_id", "notice_id", "read_at"], theirs)
    added = await db.execute(fresh.on_conflict_do_nothing().returning(col(NoticeRead.notice_id)))
    return added.first() is not None
