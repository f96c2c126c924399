"""Scenarios as the schema shows them."""

from datetime import datetime
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from potok.gql import Info, PageInfo, Problem, batched, told
from potok.pages import Page, cursor
from potok.runs.graphql.types import Run, RunCounts, counts_of, last_run_of
from potok.runs.service import used_bytes
from potok.scenarios import models, service
from potok.scenarios.graphql.versions import Person, ScenarioVersion, graph_of, person, version_of
from potok.scenarios.service import VersionHead


@strawberry.type
class Hook:
    """Where a webhook trigger of the draft or the published version listens."""

    node_id: strawberry.ID
    url: str


@strawberry.type
class ScenarioStorage:
    """Disk for large values. Beyond the budget the history keeps only their beginnings; runs go on."""

    used_megabytes: float
    budget_megabytes: float
    own_budget: bool
    """Whether the budget is the scenario's own, not the installation's."""


@strawberry.type
class Scenario:
    """What a person builds."""

    row: strawberry.Private[models.Scenario]

    @strawberry.field
    def id(self) -> strawberry.ID:
        """The scenario's id."""
        return strawberry.ID(str(self.row.id))

    @strawberry.field
    def title(self) -> str:
        """The draft's title."""
        return self.row.title

    @strawberry.field
    def enabled(self) -> bool:
        """Whether events may start it."""
        return self.row.enabled

    @strawberry.field
    def created_at(self) -> datetime:
        """When it was created."""
        return self.row.created_at

    @strawberry.field
    def updated_at(self) -> datetime:
        """When it was last saved, published or switched."""
        return self.row.updated_at

    @strawberry.field
    def draft(self) -> JSON:
        """The graph being edited."""
        return JSON(self.row.draft)

    @strawberry.field
    def draft_revision(self) -> int:
        """Grows by one with every save; a save names the revision it is based on."""
        return self.row.draft_revision

    @strawberry.field
    async def draft_edited_by(self, info: Info) -> Person | None:
        """Who saved last."""
        return await person(info, self.row.draft_edited_by)

    @strawberry.field
    async def draft_changed(self, info: Info) -> bool:
        """Whether publishing would make a new version."""
        version_id = self.row.published_version_id
        published = await graph_of(info, version_id) if version_id else None
        return service.draft_changed(self.row.draft, published, info.context.catalog)

    @strawberry.field
    def problems(self, info: Info) -> list[Problem]:
        """What is wrong with the draft; errors block publishing."""
        request = info.context
        return [told(problem, request) for problem in service.problems_of(self.row.draft, request.catalog)]

    @strawberry.field
    async def published(self, info: Info) -> ScenarioVersion | None:
        """The version events start now."""
        version_id = self.row.published_version_id
        return await version_of(info, version_id) if version_id else None

    @strawberry.field
    async def versions(self, info: Info) -> list[ScenarioVersion]:
        """All versions, newest first."""

        async def load(ids: list[UUID]) -> dict[UUID, list[VersionHead]]:
            async with info.context.db() as db:
                return await service.versions_of(db, info.context.who, ids)

        heads = await batched(info, "versions", load).load(self.row.id)
        return [ScenarioVersion(row=head) for head in heads or []]

    @strawberry.field
    async def hooks(self, info: Info) -> list[Hook]:
        """Addresses of its webhook triggers; none for those who may only look, because knowing one starts runs."""

        async def load(ids: list[UUID]) -> dict[UUID, list[models.Hook]]:
            async with info.context.db() as db:
                return await service.hooks_of(db, info.context.who, ids)

        rows = await batched(info, "hooks", load).load(self.row.id) or []
        version_id = self.row.published_version_id
        graphs = [self.row.draft, await graph_of(info, version_id) if version_id else {}]
        present = {node["id"] for graph in graphs for node in graph.get("nodes", [])}
        base = info.context.public_url
        return [
            Hook(node_id=strawberry.ID(row.node_id), url=f"{base}/h/{row.token}")
            for row in rows
            if row.node_id in present
        ]

    @strawberry.field
    async def run_counts(self, info: Info) -> RunCounts:
        """How its runs ended."""
        return await counts_of(info, self.row.id)

    @strawberry.field
    async def last_run(self, info: Info) -> Run | None:
        """Its newest run."""
        return await last_run_of(info, self.row.id)

    @strawberry.field
    async def storage(self, info: Info) -> ScenarioStorage:
        """What its large values take on disk, and may take."""

        async def load(ids: list[UUID]) -> dict[UUID, int]:
            async with info.context.db() as db:
                return await used_bytes(db, ids)

        used = await batched(info, "used_bytes", load).load(self.row.id) or 0
        own = self.row.byte_budget
        budget = info.context.settings.scenario_bytes if own is None else own
        return ScenarioStorage(
            used_megabytes=round(used / service.MEGABYTE, 3),
            budget_megabytes=round(budget / service.MEGABYTE, 3),
            own_budget=own is not None,
        )


@strawberry.type
class ScenarioConnection:
    """A page of scenarios, the last changed first."""

    nodes: list[Scenario]
    page_info: PageInfo


@strawberry.type
class ScenarioPayload:
    """The scenario as it is now. `conflict`: somebody saved in between, and this is their newest state."""

    scenario: Scenario | None
    problems: list[Problem]
    conflict: bool


@strawberry.type
class RunPayload:
    """The run that was started."""

    run_id: strawberry.ID | None
    problems: list[Problem]


def scenarios_of(page: Page[models.Scenario]) -> ScenarioConnection:
    """A page as shown."""
    last = page.rows[-1] if page.rows else None
    return ScenarioConnection(
        nodes=[Scenario(row=row) for row in page.rows],
        page_info=PageInfo(
            end_cursor=cursor(last.updated_at.isoformat(), str(last.id)) if last else None,
            has_next_page=page.has_next,
        ),
    )
