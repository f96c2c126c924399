"""Scenarios as readable text, out and in."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.graph.problems import Types
from potok.graph.text import from_text, to_text
from potok.people.service import Caller
from potok.problems import refuse
from potok.scenarios import repository
from potok.scenarios.documents import load_graph, stored
from potok.scenarios.models import Scenario
from potok.scenarios.service.drafts import create_scenario
from potok.scenarios.service.read import get_scenario


async def import_text(db: AsyncSession, caller: Caller, types: Types, text: str) -> Scenario:
    """A new scenario from its text. Raises Refused with every place that cannot be read."""
    return await create_scenario(db, caller, types, graph=stored(from_text(text)))


async def export_text(db: AsyncSession, caller: Caller, scenario_id: UUID, version: int | None = None) -> str:
    """The draft, or a version, as text: importing it gives the same graph, exporting that the same bytes."""
    scenario = await get_scenario(db, caller, scenario_id)
    if version is None:
        return to_text(load_graph(scenario.draft))
    found = await repository.version_by_number(db, caller.workspace_id, scenario_id, version)
    if found is None:
        raise refuse("version_not_found", "version", number=version)
    return to_text(load_graph(found.graph))
