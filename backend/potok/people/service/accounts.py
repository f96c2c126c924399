"""A person's own account, and names to show beside what people did."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.people import repository
from potok.people.caller import Caller
from potok.people.details import locale_problems
from potok.people.models import User, Workspace
from potok.problems import Refused, refuse


class ViewerRow(NamedTuple):
    """The caller's account (None for programs) and workspace."""

    user: User | None
    workspace: Workspace


async def viewer_of(db: AsyncSession, caller: Caller) -> ViewerRow:
    """What the screens show about the caller."""
    workspace = await repository.workspace(db, caller.workspace_id)
    assert workspace is not None  # a caller's workspace cannot vanish: membership and keys are deleted with it
    found = await repository.users_by_id(db, [caller.user_id]) if caller.user_id else []
    return ViewerRow(found[0] if found else None, workspace)


async def set_locale(db: AsyncSession, caller: Caller, locale: str) -> ViewerRow:
    """Choose the language of the person's screens. Raises Refused."""
    if problems := locale_problems(locale, "locale"):
        raise Refused(*problems)
    user, workspace = await viewer_of(db, caller)
    if user is None:
        raise refuse("only_people")
    user.locale = locale
    await repository.add(db, user)
    return ViewerRow(user, workspace)


async def names_of(db: AsyncSession, user_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Names by user id; unknown ids are left out. Give it only ids found in rows the caller may see."""
    return {user.id: user.name for user in await repository.users_by_id(db, user_ids)}
