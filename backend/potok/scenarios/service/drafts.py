"""Drafts: saved with all their problems, and never over somebody else's newer work."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from potok.graph.model import Graph
from potok.graph.problems import Types
from potok.people.service import Caller
from potok.problems import Problem, Refused, refuse
from potok.scenarios import repository
from potok.scenarios.documents import load_graph, read_graph, stored
from potok.scenarios.models import Scenario
from potok.scenarios.service.hooks import ensure_hooks
from potok.scenarios.service.read import get_scenario


class Conflict(Refused):
    """Somebody saved in between. `scenario` is the newest state; the refused work stays in the caller's hands."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(Problem("draft_conflict", {"revision": scenario.draft_revision}, ("baseRevision",)))
        self.scenario = scenario


async def create_scenario(
    db: AsyncSession, caller: Caller, types: Types, *, title: str = "", graph: Any = None
) -> Scenario:
    """A new scenario, switched on, not published. `title` stands in where the graph has none. Raises Refused."""
    document = Graph() if graph is None else read_graph(graph)
    if title and not document.title:
        document = read_graph(stored(document) | {"title": title})
    now = datetime.now(UTC)
    scenario = Scenario(
        id=uuid7(),
        workspace_id=caller.workspace_id,
        title=document.title,
        draft=stored(document),
        draft_edited_by=caller.user_id,
        created_at=now,
        updated_at=now,
    )
    await repository.add(db, scenario)
    await ensure_hooks(db, scenario, document, types)
    return scenario


async def save_draft(
    db: AsyncSession, caller: Caller, types: Types, scenario_id: UUID, *, base_revision: int, graph: Any
) -> Scenario:
    """Replace the draft that was `base_revision`. Raises Conflict when it is no longer that, Refused otherwise.

    Saving what is already there changes nothing and never conflicts: a save whose answer got lost may be repeated.
    """
    document = read_graph(graph)
    scenario = await get_scenario(db, caller, scenario_id, lock=True)
    if scenario.draft == stored(document):
        return scenario
    check_revision(scenario, base_revision)
    await _replace(db, caller, types, scenario, document)
    return scenario


async def restore_version(
    db: AsyncSession, caller: Caller, types: Types, scenario_id: UUID, *, number: int, base_revision: int
) -> Scenario:
    """Make an earlier version the draft; what is published stays. Raises Conflict or Refused."""
    scenario = await get_scenario(db, caller, scenario_id, lock=True)
    version = await repository.version_by_number(db, caller.workspace_id, scenario_id, number)
    if version is None:
        raise refuse("version_not_found", "number", number=number)
    if scenario.draft != version.graph:
        check_revision(scenario, base_revision)
        await _replace(db, caller, types, scenario, load_graph(version.graph))
    return scenario


def check_revision(scenario: Scenario, revision: int) -> None:
    """Raises Conflict unless the draft is still at this revision."""
    if scenario.draft_revision != revision:
        raise Conflict(scenario)


async def _replace(db: AsyncSession, caller: Caller, types: Types, scenario: Scenario, document: Graph) -> None:
    scenario.draft = stored(document)
    scenario.title = document.title
    scenario.draft_revision += 1
    scenario.draft_edited_by = caller.user_id
    scenario.updated_at = datetime.now(UTC)
    await repository.add(db, scenario)
    await ensure_hooks(db, scenario, document, types)
