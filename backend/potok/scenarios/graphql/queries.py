"""What may be asked about scenarios."""

from datetime import datetime
from uuid import UUID

import strawberry

from potok.gql import Info, query, read_id
from potok.pages import page_size, read_cursor
from potok.people.service import Permission
from potok.problems import Refused, refuse
from potok.scenarios import service
from potok.scenarios.graphql.types import Scenario, ScenarioConnection, scenarios_of
from potok.scenarios.graphql.versions import ScenarioVersion
from potok.scenarios.service import Place


@strawberry.type
class ScenariosQuery:
    """Root fields of the scenarios room."""

    @query(Permission.SEE)
    async def scenarios(
        self, info: Info, first: int = 50, after: str | None = None, search: str = ""
    ) -> ScenarioConnection:
        """Scenarios whose title contains `search`, the last changed first."""
        place = _place(after)
        async with info.context.db() as db:
            page = await service.list_scenarios(
                db, info.context.who, search=search, first=page_size(first), after=place
            )
        return scenarios_of(page)

    @query(Permission.SEE)
    async def scenario(self, info: Info, id: strawberry.ID) -> Scenario | None:
        """One scenario; null when there is no such scenario here."""
        scenario_id = read_id(id)
        if scenario_id is None:
            return None
        async with info.context.db() as db:
            row = await service.find_scenario(db, info.context.who, scenario_id)
        return None if row is None else Scenario(row=row)

    @query(Permission.SEE)
    async def scenario_version(self, info: Info, id: strawberry.ID, number: int) -> ScenarioVersion | None:
        """One version of a scenario by its number; null when there is none here."""
        scenario_id = read_id(id)
        if scenario_id is None:
            return None
        async with info.context.db() as db:
            head = await service.version_head(db, info.context.who, scenario_id, number)
        return None if head is None else ScenarioVersion(row=head)

    @query(Permission.SEE)
    async def scenario_text(self, info: Info, id: strawberry.ID, version: int | None = None) -> str | None:
        """The draft, or a version, as readable text; null when there is none here."""
        scenario_id = read_id(id)
        if scenario_id is None:
            return None
        try:
            async with info.context.db() as db:
                return await service.export_text(db, info.context.who, scenario_id, version)
        except Refused:
            return None


def _place(after: str | None) -> Place | None:
    if after is None:
        return None
    moment, row_id = read_cursor(after, 2)
    try:
        return Place(datetime.fromisoformat(moment), UUID(row_id))
    except ValueError:
        raise refuse("cursor_invalid", "after") from None
