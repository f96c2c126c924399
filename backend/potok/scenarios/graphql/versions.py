"""Versions as the schema shows them; histories of runs use them too."""

from datetime import datetime
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from potok.gql import Info, batched
from potok.people.service import names_of
from potok.scenarios import service
from potok.scenarios.service import VersionHead


@strawberry.type
class Person:
    """Somebody who did something: the name, not the account."""

    id: strawberry.ID
    name: str


@strawberry.type
class ScenarioVersion:
    """A published graph. It never changes."""

    row: strawberry.Private[VersionHead]

    @strawberry.field
    def id(self) -> strawberry.ID:
        """The version's id."""
        return strawberry.ID(str(self.row.id))

    @strawberry.field
    def number(self) -> int:
        """1, 2, 3 ... within the scenario."""
        return self.row.number

    @strawberry.field
    def note(self) -> str:
        """What the person who published it wrote."""
        return self.row.note

    @strawberry.field
    def published_at(self) -> datetime:
        """When it was published."""
        return self.row.published_at

    @strawberry.field
    async def published_by(self, info: Info) -> Person | None:
        """Who published it; null for programs."""
        return await person(info, self.row.published_by)

    @strawberry.field
    async def graph(self, info: Info) -> JSON:
        """The frozen graph."""
        return JSON(await graph_of(info, self.row.id))

    @strawberry.field
    async def current(self, info: Info) -> bool:
        """Whether events start this version now."""
        return await _published_loader(info, self.row.scenario_id) == self.row.id


async def person(info: Info, user_id: UUID | None) -> Person | None:
    """Somebody's name, batched."""
    if user_id is None:
        return None

    async def load(ids: list[UUID]) -> dict[UUID, str]:
        async with info.context.db() as db:
            return await names_of(db, ids)

    name = await batched(info, "names", load).load(user_id)
    return None if name is None else Person(id=strawberry.ID(str(user_id)), name=name)


async def graph_of(info: Info, version_id: UUID) -> dict[str, object]:
    """A version's graph, batched."""

    async def load(ids: list[UUID]) -> dict[UUID, dict[str, object]]:
        async with info.context.db() as db:
            return await service.graphs_of(db, info.context.who, ids)

    return await batched(info, "graphs", load).load(version_id) or {}


async def version_of(info: Info, version_id: UUID) -> ScenarioVersion:
    """A version, batched."""

    async def load(ids: list[UUID]) -> dict[UUID, VersionHead]:
        async with info.context.db() as db:
            return await service.heads_by_id(db, info.context.who, ids)

    head = await batched(info, "versions_by_id", load).load(version_id)
    assert head is not None  # versions outlive their scenario, exactly because runs point at them
    return ScenarioVersion(row=head)


async def title_of(info: Info, scenario_id: UUID) -> str:
    """A scenario's title, batched."""

    async def load(ids: list[UUID]) -> dict[UUID, str]:
        async with info.context.db() as db:
            return await service.titles_of(db, info.context.who, ids)

    return await batched(info, "titles", load).load(scenario_id) or ""


async def enabled_of(info: Info, scenario_id: UUID) -> bool:
    """Whether a scenario is switched on, batched; a deleted one is off."""

    async def load(ids: list[UUID]) -> dict[UUID, bool]:
        async with info.context.db() as db:
            return await service.enabled_of(db, info.context.who, ids)

    return await batched(info, "enabled", load).load(scenario_id) or False


async def _published_loader(info: Info, scenario_id: UUID) -> UUID | None:
    async def load(ids: list[UUID]) -> dict[UUID, UUID]:
        async with info.context.db() as db:
            return await service.published_ids(db, info.context.who, ids)

    return await batched(info, "published_ids", load).load(scenario_id)
