"""Signing in and out, and recognising who sent a request."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import ceil

from sqlalchemy.ext.asyncio import AsyncSession

from potok.people import repository, throttle
from potok.people.caller import Caller
from potok.people.details import clean_email
from potok.people.models import Membership, Role, Session, User
from potok.people.passwords import hash_password, needs_rehash, verify_password
from potok.people.permissions import ROLE_OF_SCOPE
from potok.people.service.audit import Actor, append, record
from potok.people.tokens import API_KEY_PREFIX, fingerprint, new_token
from potok.problems import refuse

SLIDE_EVERY = timedelta(minutes=5)
"""A session's expiry moves at most this often, so that reading does not become writing."""
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who it is and the session token for the cookie; `token` is None when the cookie may stay as it is."""

    caller: Caller
    token: str | None
    expires_at: datetime


async def sign_in(
    db: AsyncSession,
    email: str,
    password: str,
    *,
    address: str,
    session_days: int,
    user_agent: str = "",
    old_token: str = "",
) -> SignedIn:
    """A new session for the right password. Raises Refused: `sign_in_failed` or `sign_in_slowed`.

    Unlike other services it commits on its way: a counted attempt must survive whatever follows, and no
    transaction stays open while the password is being hashed.
    """
    email, now = clean_email(email), datetime.now(UTC)
    wait = await throttle.reserve(db, throttle.subjects(email, address), now)
    user = await repository.user_by_email(db, email)
    await db.commit()
    if wait:
        raise refuse("sign_in_slowed", seconds=ceil(wait.total_seconds()))
    fits = await verify_password(user.password_hash if user else None, password)
    membership = await repository.first_membership(db, user.id) if user and fits else None
    if user is None or membership is None:
        await _note_failure(db, email, user, address)
        await db.commit()
        raise refuse("sign_in_failed")
    await throttle.forgive(db, email, address)
    if needs_rehash(user.password_hash):
        user.password_hash = await hash_password(password)
        await repository.add(db, user)
    await sign_out(db, old_token)
    signed_in = await start_session(db, user, membership, session_days=session_days, user_agent=user_agent)
    await record(db, replace(signed_in.caller, address=address), "signed_in")
    return signed_in


async def _note_failure(db: AsyncSession, email: str, user: User | None, address: str) -> None:
    """In the log of the person's workspace; guesses at unknown e-mails in that of the oldest one."""
    membership = await repository.first_membership(db, user.id) if user else None
    oldest = await repository.first_workspace(db) if membership is None else None
    workspace_id = membership.workspace_id if membership else oldest.id if oldest else None
    if workspace_id is not None:
        subject_id = user.id if user else None
        await append(db, workspace_id, Actor("nobody", address=address), "sign_in_failed", subject_id, email)


async def start_session(
    db: AsyncSession, user: User, membership: Membership, *, session_days: int, user_agent: str
) -> SignedIn:
    """A session with a token nobody has seen before."""
    token, now = new_token(), datetime.now(UTC)
    session = Session(
        token_hash=fingerprint(token),
        user_id=user.id,
        workspace_id=membership.workspace_id,
        created_at=now,
        last_seen_at=now,
        expires_at=now + timedelta(days=session_days),
        user_agent=user_agent[:300],
    )
    await repository.delete_expired_sessions(db, now)
    await repository.add(db, session)
    return SignedIn(_person(user, membership), token, session.expires_at)


async def sign_out(db: AsyncSession, token: str) -> None:
    """End the session; ending an unknown one is fine."""
    if token:
        await repository.delete_session(db, fingerprint(token))


async def authenticate_session(db: AsyncSession, token: str, *, session_days: int) -> SignedIn | None:
    """Who holds this cookie. When the expiry moved, the answer carries the token so that the cookie moves too."""
    now = datetime.now(UTC)
    found = await repository.live_session(db, fingerprint(token), now)
    if found is None:
        return None
    caller = _person(found.user, found.membership)
    if found.session.last_seen_at > now - SLIDE_EVERY:
        return SignedIn(caller, None, found.session.expires_at)
    expires = now + timedelta(days=session_days)
    slid = await repository.slide_session(
        db, found.session.token_hash, now=now, older_than=now - SLIDE_EVERY, expires=expires
    )
    return SignedIn(caller, token if slid else None, expires)


async def authenticate_key(db: AsyncSession, key: str) -> Caller | None:
    """Which program holds this API key."""
    if not key.startswith(API_KEY_PREFIX):
        return None
    row = await repository.live_api_key(db, fingerprint(key))
    if row is None:
        return None
    now = datetime.now(UTC)
    await repository.touch_api_key(db, row.id, now, now - TOUCH_EVERY)
    role = ROLE_OF_SCOPE[row.scope]
    return Caller(workspace_id=row.workspace_id, role=role, api_key_id=row.id, api_key_name=row.name)


def _person(user: User, membership: Membership) -> Caller:
    return Caller(
        workspace_id=membership.workspace_id, role=Role(membership.role), user_id=user.id, locale=user.locale
    )
