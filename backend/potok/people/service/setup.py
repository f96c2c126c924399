"""The first start: a one-time link, or a command, creates workspace and owner. There is no default password."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from potok.people import repository
from potok.people.details import (
    clean_email,
    email_problems,
    locale_problems,
    name_problems,
    time_zone_problems,
)
from potok.people.models import Membership, Role, SetupToken, User, Workspace
from potok.people.passwords import hash_password, password_problems
from potok.people.service.audit import Actor, append
from potok.people.service.sessions import SignedIn, start_session
from potok.people.tokens import fingerprint, new_token
from potok.problems import Refused, refuse

TOKEN_LIFE = timedelta(days=1)
DEFAULT_NAMES = {"en": "My workspace", "ru": "Моё пространство"}


@dataclass(frozen=True, slots=True)
class Owner:
    """What is asked of the first person. An empty workspace name becomes a default in their language."""

    name: str
    email: str
    password: str
    workspace_name: str = ""
    locale: str = "en"
    time_zone: str = "UTC"


async def needs_setup(db: AsyncSession) -> bool:
    """Whether nobody owns this install yet."""
    return not await repository.has_owner(db)


async def issue_setup_token(db: AsyncSession) -> str:
    """A fresh one-time token for the link `/setup?token=...`; an earlier unused one stops working.

    Raises Refused (`already_set_up`) when there is an owner.
    """
    await repository.lock_setup(db)
    if await repository.has_owner(db):
        raise refuse("already_set_up")
    token, now = new_token(), datetime.now(UTC)
    row = SetupToken(token_hash=fingerprint(token), created_at=now, expires_at=now + TOKEN_LIFE)
    await repository.delete_setup_tokens(db)
    await repository.add(db, row)
    return token


async def set_up(
    db: AsyncSession, token: str, owner: Owner, *, session_days: int, user_agent: str = "", address: str = ""
) -> SignedIn:
    """Use the link: workspace, owner, session in one transaction. Raises Refused; the link then stays usable."""
    _check(owner)
    await repository.lock_setup(db)
    if await repository.has_owner(db):
        raise refuse("already_set_up")
    if not await repository.take_setup_token(db, fingerprint(token), datetime.now(UTC)):
        raise refuse("setup_link_invalid", "token")
    user, membership = await _create_owner(db, owner, address)
    return await start_session(db, user, membership, session_days=session_days, user_agent=user_agent)


async def setup_headless(
    db: AsyncSession,
    *,
    email: str,
    password: str,
    name: str = "",
    workspace_name: str = "",
    locale: str = "en",
    time_zone: str = "UTC",
) -> Workspace:
    """The same from the command line, where reaching the database is proof enough. Raises Refused."""
    owner = Owner(name or email.partition("@")[0], email, password, workspace_name, locale, time_zone)
    _check(owner)
    await repository.lock_setup(db)
    if await repository.has_owner(db):
        raise refuse("already_set_up")
    _, membership = await _create_owner(db, owner, "command line")
    workspace = await repository.workspace(db, membership.workspace_id)
    assert workspace is not None
    return workspace


async def only_workspace(db: AsyncSession) -> Workspace:
    """The workspace commands work in. Raises Refused (`not_set_up`) before the setup."""
    workspace = await repository.first_workspace(db)
    if workspace is None:
        raise refuse("not_set_up")
    return workspace


def _check(owner: Owner) -> None:
    email = clean_email(owner.email)
    problems = [
        *name_problems(owner.name, "name"),
        *email_problems(email, "email"),
        *password_problems(owner.password, email, "password"),
        *locale_problems(owner.locale, "locale"),
        *time_zone_problems(owner.time_zone, "timeZone"),
    ]
    if owner.workspace_name:
        problems += name_problems(owner.workspace_name, "workspaceName")
    if problems:
        raise Refused(*problems)


async def _create_owner(db: AsyncSession, owner: Owner, address: str) -> tuple[User, Membership]:
    """The setup link is void afterwards, whoever made the owner."""
    now = datetime.now(UTC)
    workspace = Workspace(
        id=uuid7(),
        name=owner.workspace_name.strip() or DEFAULT_NAMES.get(owner.locale, DEFAULT_NAMES["en"]),
        time_zone=owner.time_zone,
        created_at=now,
    )
    user = User(
        id=uuid7(),
        email=clean_email(owner.email),
        name=owner.name.strip(),
        password_hash=await hash_password(owner.password),
        locale=owner.locale,
        created_at=now,
    )
    membership = Membership(workspace_id=workspace.id, user_id=user.id, role=Role.OWNER, created_at=now)
    await repository.add(db, workspace, user)
    await repository.add(db, membership)
    await repository.delete_setup_tokens(db)
    await append(db, workspace.id, Actor("user", user.id, user.email, address), "set_up")
    return user, membership
