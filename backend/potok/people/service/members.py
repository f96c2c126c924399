"""Members of a workspace and their roles. There is always an owner."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from potok.people import repository
from potok.people.caller import Caller
from potok.people.details import clean_email, email_problems, name_problems
from potok.people.models import Membership, Role, User
from potok.people.passwords import hash_password, password_problems
from potok.people.repository import MemberRow
from potok.people.service.audit import record
from potok.problems import Refused, refuse

__all__ = ["MemberRow", "add_member", "list_members", "remove_member", "set_member_role"]


async def list_members(db: AsyncSession, caller: Caller) -> list[MemberRow]:
    """Everybody in the caller's workspace."""
    return await repository.members(db, caller.workspace_id)


async def add_member(
    db: AsyncSession, caller: Caller, *, name: str, email: str, password: str, role: Role
) -> MemberRow:
    """A new member with a first password. Raises Refused."""
    email = clean_email(email)
    problems = [
        *name_problems(name, "name"),
        *email_problems(email, "email"),
        *password_problems(password, email, "password"),
    ]
    if problems:
        raise Refused(*problems)
    await repository.lock_workspace(db, caller.workspace_id)
    user = await _account(db, caller, email)
    user.name, user.password_hash = name.strip(), await hash_password(password)
    await repository.add(db, user)
    membership = Membership(
        workspace_id=caller.workspace_id, user_id=user.id, role=role, created_at=datetime.now(UTC)
    )
    await repository.add(db, membership)
    await record(db, caller, "member_added", subject_id=user.id, subject=email, role=str(role))
    return MemberRow(user, membership)


async def set_member_role(db: AsyncSession, caller: Caller, user_id: UUID, role: Role) -> MemberRow:
    """Change what a member may do; it holds from their next request. Raises Refused."""
    found = await _locked_member(db, caller, user_id)
    if role != Role.OWNER:
        await _keep_an_owner(db, caller, found)
    before, found.membership.role = found.membership.role, role
    await repository.add(db, found.membership)
    if before != role:
        said = {"before": str(before), "after": str(role)}
        await record(db, caller, "role_changed", subject_id=user_id, subject=found.user.email, **said)
    return found


async def remove_member(db: AsyncSession, caller: Caller, user_id: UUID) -> None:
    """Take a member out and sign them out. The account stays, so that history keeps its names. Raises Refused."""
    found = await _locked_member(db, caller, user_id)
    await _keep_an_owner(db, caller, found)
    await repository.delete_membership(db, caller.workspace_id, user_id)
    await record(db, caller, "member_removed", subject_id=user_id, subject=found.user.email)


async def _account(db: AsyncSession, caller: Caller, email: str) -> User:
    """A new account, or a left-over one without any membership. Anybody else's is not ours to change."""
    user = await repository.user_by_email(db, email)
    if user is None:
        now = datetime.now(UTC)
        return User(
            id=uuid7(), email=email, name="", password_hash="", locale=caller.locale or "en", created_at=now
        )
    if await repository.first_membership(db, user.id):
        raise refuse("email_taken", "email", email=email)
    return user


async def _locked_member(db: AsyncSession, caller: Caller, user_id: UUID) -> MemberRow:
    await repository.lock_workspace(db, caller.workspace_id)
    found = await repository.member(db, caller.workspace_id, user_id)
    if found is None:
        raise refuse("member_not_found", "userId")
    return found


async def _keep_an_owner(db: AsyncSession, caller: Caller, losing: MemberRow) -> None:
    if losing.membership.role == Role.OWNER and await repository.count_owners(db, caller.workspace_id) == 1:
        raise refuse("last_owner", "userId", name=losing.user.name)
