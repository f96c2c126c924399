"""What may be done to scenarios. Each mutation answers with the scenario or with problems, never with half."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.scalars import JSON

from potok.gql import DonePayload, Info, all_told, mutation, read_id
from potok.people.service import Permission
from potok.problems import Refused, refuse
from potok.scenarios import models, service
from potok.scenarios.graphql.types import RunPayload, Scenario, ScenarioPayload

Change = Callable[[AsyncSession], Awaitable[models.Scenario]]


@strawberry.type
class ScenariosMutation:
    """Mutations of the scenarios room."""

    @mutation(Permission.BUILD)
    async def create_scenario(self, info: Info, title: str = "", graph: JSON | None = None) -> ScenarioPayload:
        """A new scenario, empty or with the given graph."""
        who, catalog = info.context.who, info.context.catalog
        return await _change(info, lambda db: service.create_scenario(db, who, catalog, title=title, graph=graph))

    @mutation(Permission.BUILD)
    async def import_scenario(self, info: Info, text: str) -> ScenarioPayload:
        """A new scenario from readable text."""
        who, catalog = info.context.who, info.context.catalog
        return await _change(info, lambda db: service.import_text(db, who, catalog, text))

    @mutation(Permission.BUILD)
    async def save_draft(self, info: Info, id: strawberry.ID, base_revision: int, graph: JSON) -> ScenarioPayload:
        """Replace the draft that was at `baseRevision`."""
        who, catalog = info.context.who, info.context.catalog
        return await _change(
            info,
            lambda db: service.save_draft(
                db, who, catalog, _scenario_id(id), base_revision=base_revision, graph=graph
            ),
        )

    @mutation(Permission.BUILD)
    async def publish_scenario(
        self, info: Info, id: strawberry.ID, revision: int, note: str = ""
    ) -> ScenarioPayload:
        """Make the draft at `revision` the version that events start."""
        who, catalog = info.context.who, info.context.catalog
        return await _change(
            info,
            lambda db: service.publish_scenario(db, who, catalog, _scenario_id(id), revision=revision, note=note),
        )

    @mutation(Permission.BUILD)
    async def restore_version(
        self, info: Info, id: strawberry.ID, number: int, base_revision: int
    ) -> ScenarioPayload:
        """Make an earlier version the draft."""
        who, catalog = info.context.who, info.context.catalog
        return await _change(
            info,
            lambda db: service.restore_version(
                db, who, catalog, _scenario_id(id), number=number, base_revision=base_revision
            ),
        )

    @mutation(Permission.BUILD)
    async def set_scenario_enabled(self, info: Info, id: strawberry.ID, enabled: bool) -> ScenarioPayload:
        """Switch it on or off."""
        who, catalog = info.context.who, info.context.catalog
        return await _change(
            info, lambda db: service.set_enabled(db, who, catalog, _scenario_id(id), enabled=enabled)
        )

    @mutation(Permission.ADMINISTER)
    async def set_scenario_budget(
        self, info: Info, id: strawberry.ID, megabytes: int | None = None
    ) -> ScenarioPayload:
        """How much disk its large values may take; null: as the installation's settings say."""
        who = info.context.who
        return await _change(info, lambda db: service.set_budget(db, who, _scenario_id(id), megabytes=megabytes))

    @mutation(Permission.BUILD)
    async def delete_scenario(self, info: Info, id: strawberry.ID) -> DonePayload:
        """Take it away and end its open runs. The history of its runs stays."""
        request = info.context
        try:
            async with request.change() as db:
                await service.delete_scenario(db, request.who, _scenario_id(id))
        except Refused as refused:
            return DonePayload(done=False, problems=all_told(refused, request))
        return DonePayload(done=True, problems=[])

    @mutation(Permission.BUILD)
    async def run_now(self, info: Info, id: strawberry.ID, input: JSON | None = None) -> RunPayload:
        """Start the published version at its manual trigger."""
        request = info.context
        try:
            async with request.db() as db:
                run_id = await service.start_now(
                    db, request.who, request.catalog, request.ingest, _scenario_id(id), given=input
                )
        except Refused as refused:
            return RunPayload(run_id=None, problems=all_told(refused, request))
        return RunPayload(run_id=strawberry.ID(str(run_id)), problems=[])


async def _change(info: Info, change: Change) -> ScenarioPayload:
    request = info.context
    try:
        async with request.change() as db:
            row = await change(db)
    except service.Conflict as conflict:
        newest = Scenario(row=conflict.scenario)
        return ScenarioPayload(scenario=newest, problems=all_told(conflict, request), conflict=True)
    except Refused as refused:
        return ScenarioPayload(scenario=None, problems=all_told(refused, request), conflict=False)
    return ScenarioPayload(scenario=Scenario(row=row), problems=[], conflict=False)


def _scenario_id(value: str) -> UUID:
    found = read_id(value)
    if found is None:
        raise refuse("scenario_not_found", "id")
    return found
