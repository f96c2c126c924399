"""A person's own account, and names to show beside what people did."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.people import repository
from potok.people.caller import Caller
from potok.people.details import locale_problems, time_zone_problems
from potok.people.models import User, Workspace
from potok.people.service.audit import record
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


async def time_zone_of(db: AsyncSession, workspace_id: UUID) -> str:
    """The zone in which the workspace lives; UTC for one that is gone."""
    found = await repository.workspace(db, workspace_id)
    return "UTC" if found is None else found.time_zone


async def set_time_zone(db: AsyncSession, caller: Caller, zone: str) -> bool:
    """Move the workspace to another zone; whether that changed anything. Raises Refused."""
    if problems := time_zone_problems(zone, "timeZone"):
        raise Refused(*problems)
    workspace = (await viewer_of(db, caller)).workspace
    before, workspace.time_zone = workspace.time_zone, zone
    if before == zone:
        return False
    await repository.add(db, workspace)
    said = {"before": before, "after": zone}
    await record(db, caller, "time_zone_changed", subject_id=workspace.id, subject=workspace.name, **said)
    return True


async def names_of(db: AsyncSession, user_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Names by user id; unknown ids are left out. Give it only ids found in rows the caller may see."""
    return {user.id: user.name for user in await repository.users_by_id(db, user_ids)}
