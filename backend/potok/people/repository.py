"""Every query of the people room; anything that belongs to a workspace is asked for with its workspace."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CursorResult, Select, delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from potok.people.models import ApiKey, Membership, Role, Session, SetupToken, User, Workspace

_SETUP_LOCK = 0x504F544F4B
"""Serialises "is there an owner yet?" with the creation of the first one, over all processes."""


class MemberRow(NamedTuple):
    """A user with the membership that makes them visible."""

    user: User
    membership: Membership


class SessionRow(NamedTuple):
    """A live session with everything needed to know who it is."""

    session: Session
    user: User
    membership: Membership


async def add(db: AsyncSession, *rows: SQLModel) -> None:
    """Write new rows."""
    db.add_all(rows)
    await db.flush()


# --- setup


async def lock_setup(db: AsyncSession) -> None:
    """Wait for any other setup; released at the end of the transaction."""
    await db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SETUP_LOCK})


async def has_owner(db: AsyncSession) -> bool:
    """Whether anybody owns a workspace."""
    found = await db.execute(select(col(Membership.user_id)).where(col(Membership.role) == Role.OWNER).limit(1))
    return found.first() is not None


async def delete_setup_tokens(db: AsyncSession) -> None:
    """No setup link is valid afterwards."""
    await db.execute(delete(SetupToken))


async def take_setup_token(db: AsyncSession, token_hash: str, now: datetime) -> bool:
    """Use the setup link up. False when it is unknown, used or expired."""
    taken = await db.execute(
        delete(SetupToken)
        .where(col(SetupToken.token_hash) == token_hash, col(SetupToken.expires_at) > now)
        .returning(col(SetupToken.token_hash))
    )
    return taken.first() is not None


async def first_workspace(db: AsyncSession) -> Workspace | None:
    """The oldest workspace."""
    return (await db.execute(select(Workspace).order_by(col(Workspace.created_at)).limit(1))).scalar_one_or_none()


async def workspace(db: AsyncSession, workspace_id: UUID) -> Workspace | None:
    """A workspace by id."""
    return await db.get(Workspace, workspace_id)


# --- users and members


async def user_by_email(db: AsyncSession, email: str) -> User | None:
    """The account with this (lower-cased) e-mail, member of something or not."""
    return (await db.execute(select(User).where(col(User.email) == email))).scalar_one_or_none()


async def users_by_id(db: AsyncSession, ids: Sequence[UUID]) -> list[User]:
    """Accounts by id, for showing names; the caller got the ids from rows of its own workspace."""
    return list((await db.execute(select(User).where(col(User.id).in_(ids)))).scalars())


def _members(workspace_id: UUID) -> Select[User, Membership]:
    return (
        select(User, Membership)
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(col(Membership.workspace_id) == workspace_id)
    )


async def members(db: AsyncSession, workspace_id: UUID) -> list[MemberRow]:
    """Everybody in the workspace, in the order they joined."""
    rows = await db.execute(_members(workspace_id).order_by(col(Membership.created_at), col(User.id)))
    return [MemberRow(user, membership) for user, membership in rows]


async def member(db: AsyncSession, workspace_id: UUID, user_id: UUID) -> MemberRow | None:
    """One member, or None when they are not in this workspace."""
    row = (await db.execute(_members(workspace_id).where(col(User.id) == user_id))).first()
    return MemberRow(row[0], row[1]) if row else None


async def first_membership(db: AsyncSession, user_id: UUID) -> Membership | None:
    """The membership a sign-in lands in."""
    query = select(Membership).where(col(Membership.user_id) == user_id).order_by(col(Membership.created_at))
    return (await db.execute(query.limit(1))).scalar_one_or_none()


async def lock_workspace(db: AsyncSession, workspace_id: UUID) -> None:
    """Let one change of members happen at a time, so that "the last owner" cannot be raced."""
    await db.execute(select(col(Workspace.id)).where(col(Workspace.id) == workspace_id).with_for_update())


async def count_owners(db: AsyncSession, workspace_id: UUID) -> int:
    """How many owners the workspace has."""
    query = select(func.count()).where(
        col(Membership.workspace_id) == workspace_id, col(Membership.role) == Role.OWNER
    )
    return (await db.execute(query)).scalar_one()


async def delete_membership(db: AsyncSession, workspace_id: UUID, user_id: UUID) -> None:
    """Take the member out and end their sessions here."""
    await db.execute(
        delete(Membership).where(col(Membership.workspace_id) == workspace_id, col(Membership.user_id) == user_id)
    )
    await db.execute(
        delete(Session).where(col(Session.workspace_id) == workspace_id, col(Session.user_id) == user_id)
    )


# --- sessions


async def live_session(db: AsyncSession, token_hash: str, now: datetime) -> SessionRow | None:
    """The session, if it has not expired and its user is still a member."""
    query = (
        select(Session, User, Membership)
        .join(User, col(User.id) == col(Session.user_id))
        .join(
            Membership,
            (col(Membership.user_id) == col(Session.user_id))
            & (col(Membership.workspace_id) == col(Session.workspace_id)),
        )
        .where(col(Session.token_hash) == token_hash, col(Session.expires_at) > now)
    )
    row = (await db.execute(query)).first()
    return SessionRow(row[0], row[1], row[2]) if row else None


async def slide_session(
    db: AsyncSession, token_hash: str, *, now: datetime, older_than: datetime, expires: datetime
) -> bool:
    """Prolong a session that was not seen since `older_than`. False when another request has just done so."""
    return await _changed(
        db,
        update(Session)
        .where(col(Session.token_hash) == token_hash, col(Session.last_seen_at) < older_than)
        .values(last_seen_at=now, expires_at=expires),
    )


async def delete_session(db: AsyncSession, token_hash: str) -> None:
    """End one session."""
    await db.execute(delete(Session).where(col(Session.token_hash) == token_hash))


async def delete_expired_sessions(db: AsyncSession, now: datetime) -> None:
    """Forget sessions nobody can use any more."""
    await db.execute(delete(Session).where(col(Session.expires_at) <= now))


# --- API keys


async def live_api_key(db: AsyncSession, key_hash: str) -> ApiKey | None:
    """The key, unless revoked."""
    query = select(ApiKey).where(col(ApiKey.key_hash) == key_hash, col(ApiKey.revoked_at).is_(None))
    return (await db.execute(query)).scalar_one_or_none()


async def touch_api_key(db: AsyncSession, key_id: UUID, now: datetime, older_than: datetime) -> None:
    """Note that the key was used, at most once per minute so that busy keys stay cheap."""
    await db.execute(
        update(ApiKey)
        .where(
            col(ApiKey.id) == key_id,
            or_(col(ApiKey.last_used_at).is_(None), col(ApiKey.last_used_at) < older_than),
        )
        .values(last_used_at=now)
    )


async def api_keys(db: AsyncSession, workspace_id: UUID) -> list[ApiKey]:
    """All keys of the workspace, revoked ones too, newest first."""
    query = select(ApiKey).where(col(ApiKey.workspace_id) == workspace_id).order_by(col(ApiKey.id).desc())
    return list((await db.execute(query)).scalars())


async def revoke_api_key(db: AsyncSession, workspace_id: UUID, key_id: UUID, now: datetime) -> bool:
    """Revoke it. True also when it was revoked before; False when the workspace has no such key."""
    return await _changed(
        db,
        update(ApiKey)
        .where(col(ApiKey.workspace_id) == workspace_id, col(ApiKey.id) == key_id)
        .values(revoked_at=func.coalesce(col(ApiKey.revoked_at), now)),
    )


async def _changed(db: AsyncSession, statement: Any) -> bool:
    """Whether the statement touched a row."""
    result = await db.execute(statement)
    return isinstance(result, CursorResult) and result.rowcount > 0
