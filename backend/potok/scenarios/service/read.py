"""Reading scenarios and versions, each only for callers of their workspace."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.graph.problems import Problem, Types
from potok.graph.upgrade import migrate_graph
from potok.graph.validate import validate
from potok.pages import Page, page_of
from potok.people.service import Caller
from potok.problems import refuse
from potok.scenarios import repository
from potok.scenarios.documents import load_graph, stored
from potok.scenarios.models import Scenario
from potok.scenarios.repository import Choice, Place, VersionHead


async def find_scenario(
    db: AsyncSession, caller: Caller, scenario_id: UUID, *, lock: bool = False
) -> Scenario | None:
    """One scenario; None when the caller's workspace has no such scenario."""
    return await repository.scenario(db, caller.workspace_id, scenario_id, lock=lock)


async def get_scenario(db: AsyncSession, caller: Caller, scenario_id: UUID, *, lock: bool = False) -> Scenario:
    """The same, but raises Refused (`scenario_not_found`)."""
    found = await find_scenario(db, caller, scenario_id, lock=lock)
    if found is None:
        raise refuse("scenario_not_found", "id")
    return found


async def list_scenarios(
    db: AsyncSession, caller: Caller, *, search: str, first: int, after: Place | None
) -> Page[Scenario]:
    """A page of scenarios, the last changed first."""
    return page_of(await repository.page(db, caller.workspace_id, search.strip(), after, first + 1), first)


async def choices(
    db: AsyncSession, caller: Caller, *, search: str, limit: int, offset: int, only: UUID | None = None
) -> list[Choice]:
    """Scenarios by title, to choose one of; `only`: that one, or none."""
    return await repository.choices(db, caller.workspace_id, search, limit, offset, only)


def problems_of(draft: Any, types: Types) -> list[Problem]:
    """Everything that is wrong with a stored draft."""
    graph, unmigrated = migrate_graph(load_graph(draft), types)
    return [*unmigrated, *validate(graph, types)]


def draft_changed(draft: dict[str, Any], published: dict[str, Any] | None, types: Types) -> bool:
    """Whether publishing the draft would make a version that differs from the published one."""
    if published is None or draft == published:
        return published is None
    return stored(migrate_graph(load_graph(draft), types)[0]) != published


async def versions_of(
    db: AsyncSession, caller: Caller, scenario_ids: Sequence[UUID]
) -> dict[UUID, list[VersionHead]]:
    """All versions by scenario, newest first."""
    return await repository.heads_of(db, caller.workspace_id, scenario_ids)


async def version_head(db: AsyncSession, caller: Caller, scenario_id: UUID, number: int) -> VersionHead | None:
    """One version by its number; None when the caller's workspace has no such one."""
    return await repository.head_by_number(db, caller.workspace_id, scenario_id, number)


async def heads_by_id(db: AsyncSession, caller: Caller, ids: Sequence[UUID]) -> dict[UUID, VersionHead]:
    """Versions by id."""
    return await repository.heads_by_id(db, caller.workspace_id, ids)


async def graphs_of(db: AsyncSession, caller: Caller, version_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The graphs of versions."""
    return await repository.graphs_by_id(db, caller.workspace_id, version_ids)


async def titles_of(db: AsyncSession, caller: Caller, scenario_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Titles, of deleted scenarios too: the history names them."""
    return await repository.titles(db, caller.workspace_id, scenario_ids)


async def enabled_of(db: AsyncSession, caller: Caller, scenario_ids: Sequence[UUID]) -> dict[UUID, bool]:
    """Which scenarios are switched on."""
    return await repository.enabled(db, caller.workspace_id, scenario_ids)


async def published_ids(db: AsyncSession, caller: Caller, scenario_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The published version of each scenario that has one."""
    return await repository.published_ids(db, caller.workspace_id, scenario_ids)


async def all_ids(db: AsyncSession, caller: Caller) -> list[UUID]:
    """Every scenario whose runs the caller may see, deleted ones too."""
    return await repository.all_ids(db, caller.workspace_id)


async def workspaces_of(db: AsyncSession, scenario_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Which workspace each scenario belongs to; for the process itself, which has no caller."""
    return await repository.workspaces_of(db, scenario_ids)


async def scenarios_of_workspaces(db: AsyncSession, workspace_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Scenarios by workspace; for the process itself."""
    return await repository.ids_by_workspace(db, workspace_ids)
