"""API keys: shown once, stored as a fingerprint, revoked for good."""

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from potok.people import repository
from potok.people.caller import Caller
from potok.people.details import name_problems
from potok.people.models import ApiKey, Role
from potok.people.permissions import ROLE_OF_SCOPE
from potok.people.service.audit import record
from potok.people.tokens import fingerprint, new_api_key
from potok.problems import Refused, refuse


class NewKey(NamedTuple):
    """The stored row and the secret, which nobody can show again."""

    key: ApiKey
    secret: str


async def create_api_key(
    db: AsyncSession, *, workspace_id: UUID, name: str, scope: str, by: Caller | None = None
) -> NewKey:
    """A key for programs. `scope`: read, work, build or admin; `by`: None on the command line. Raises Refused."""
    if problems := name_problems(name, "name"):
        raise Refused(*problems)
    if scope not in ROLE_OF_SCOPE:
        raise refuse("scope_unknown", "scope", scope=scope[:40], known=", ".join(ROLE_OF_SCOPE))
    secret = new_api_key()
    key = ApiKey(
        id=uuid7(),
        workspace_id=workspace_id,
        name=name.strip(),
        scope=scope,
        key_hash=fingerprint(secret),
        hint=f"{secret[:10]}…{secret[-4:]}",
        created_by=by.user_id if by else None,
        created_at=datetime.now(UTC),
    )
    await repository.add(db, key)
    maker = by or Caller(workspace_id, Role.OWNER, address="command line")
    await record(db, maker, "key_created", subject_id=key.id, subject=key.name, scope=scope)
    return NewKey(key, secret)


async def list_api_keys(db: AsyncSession, caller: Caller) -> list[ApiKey]:
    """The workspace's keys, without their secrets."""
    return await repository.api_keys(db, caller.workspace_id)


async def revoke_api_key(db: AsyncSession, caller: Caller, key_id: UUID) -> None:
    """Make the key useless at once. Revoking twice is fine. Raises Refused."""
    if not await repository.revoke_api_key(db, caller.workspace_id, key_id, datetime.now(UTC)):
        raise refuse("api_key_not_found", "id")
    await record(db, caller, "key_revoked", subject_id=key_id)
