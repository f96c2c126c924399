"""Variables as the schema shows them."""

from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, cast
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from potok.gql import DonePayload, Info, PageInfo, Problem, all_told, batched, mutation, query, read_id
from potok.memory import models, service
from potok.pages import cursor, page_size, read_cursor
from potok.people.service import Permission, names_of
from potok.problems import Refused, refuse
from potok.scenarios.graphql.versions import title_of
from potok.sdk.memory import plain_number


@strawberry.enum
class VariableKind(Enum):
    """What a variable holds."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    JSON = "json"


@strawberry.type
class Variable:
    """A named value that scenarios keep between runs."""

    row: strawberry.Private[models.Variable]

    @strawberry.field
    def id(self) -> strawberry.ID:
        """Its scope and name."""
        return strawberry.ID(f"{self.row.scope or 'workspace'}:{self.row.name}")

    @strawberry.field
    def name(self) -> str:
        """Its name."""
        return self.row.name

    @strawberry.field
    def scenario_id(self) -> strawberry.ID | None:
        """The scenario it belongs to; null: the whole workspace."""
        return strawberry.ID(self.row.scope) if self.row.scope else None

    @strawberry.field
    async def scenario_title(self, info: Info) -> str:
        """That scenario's title."""
        return await title_of(info, UUID(self.row.scope)) if self.row.scope else ""

    @strawberry.field
    def kind(self) -> VariableKind:
        """What it holds."""
        return VariableKind(self.row.kind)

    @strawberry.field
    def value(self) -> JSON | None:
        """The value; a number that JSON cannot hold exactly comes as text."""
        held = self.row.number
        return _json(plain_number(cast("Decimal", held)) if self.row.kind == "number" else self.row.value)

    @strawberry.field
    def updated_at(self) -> datetime:
        """When it was set or added to."""
        return self.row.updated_at

    @strawberry.field
    def updated_by_run(self) -> strawberry.ID | None:
        """The run that did it."""
        return strawberry.ID(str(self.row.updated_by_run)) if self.row.updated_by_run else None

    @strawberry.field
    async def updated_by(self, info: Info) -> str | None:
        """Or the person who did."""
        if self.row.updated_by is None:
            return None

        async def load(ids: list[UUID]) -> dict[UUID, Any]:
            async with info.context.db() as db:
                return dict(await names_of(db, ids))

        return await batched(info, "names", load).load(self.row.updated_by)


@strawberry.type
class VariableConnection:
    """A page of variables."""

    nodes: list[Variable]
    page_info: PageInfo


@strawberry.type
class VariablePayload:
    """The variable as it is now, or why it was not set."""

    variable: Variable | None
    problems: list[Problem]


@strawberry.input
class VariableInput:
    """What a variable is to hold. A number may be text, so that it stays exact."""

    name: str
    kind: VariableKind
    value: JSON | None = None
    scenario_id: strawberry.ID | None = None


@strawberry.type
class MemoryQuery:
    """Root fields of the memory room."""

    @query(Permission.ADMINISTER)
    async def variables(
        self, info: Info, scenario_id: strawberry.ID | None = None, first: int = 50, after: str | None = None
    ) -> VariableConnection:
        """The variables of the workspace by name; with a scenario those of that scenario only."""
        place = read_cursor(after, 2) if after is not None else None
        async with info.context.db() as db:
            page = await service.list_variables(
                db,
                info.context.who,
                scenario_id=_scenario(scenario_id),
                first=page_size(first),
                after=None if place is None else (place[0], place[1]),
            )
        end = cursor(page.rows[-1].name, page.rows[-1].scope) if page.rows else None
        return VariableConnection(
            nodes=[Variable(row=row) for row in page.rows],
            page_info=PageInfo(end_cursor=end, has_next_page=page.has_next),
        )


@strawberry.type
class MemoryMutation:
    """Mutations of the memory room."""

    @mutation(Permission.ADMINISTER)
    async def set_variable(self, info: Info, input: VariableInput) -> VariablePayload:
        """Let a variable hold a value, whatever it held before."""
        request = info.context
        try:
            async with request.change() as db:
                row = await service.set_variable(
                    db,
                    request.who,
                    name=input.name,
                    kind=input.kind.value,
                    value=input.value,
                    scenario_id=_scenario(input.scenario_id),
                )
        except Refused as refused:
            return VariablePayload(variable=None, problems=all_told(refused, request))
        return VariablePayload(variable=Variable(row=row), problems=[])

    @mutation(Permission.ADMINISTER)
    async def delete_variable(
        self, info: Info, name: str, scenario_id: strawberry.ID | None = None
    ) -> DonePayload:
        """Remove a variable; steps that read it then find none, and counting begins at zero."""
        request = info.context
        try:
            async with request.change() as db:
                await service.delete_variable(db, request.who, name=name, scenario_id=_scenario(scenario_id))
        except Refused as refused:
            return DonePayload(done=False, problems=all_told(refused, request))
        return DonePayload(done=True, problems=[])


def _scenario(given: strawberry.ID | None) -> UUID | None:
    found = read_id(given) if given else None
    if given and found is None:
        raise refuse("scenario_not_found", "scenarioId")
    return found


def _json(value: Any) -> JSON | None:
    return None if value is None else JSON(value)
