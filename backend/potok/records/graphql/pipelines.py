"""Pipelines and stages in the API."""

from collections.abc import Mapping
from enum import Enum
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from potok.gql import Info, batched
from potok.records import models
from potok.records.graphql.names import localized
from potok.records.service import pipelines as service


@strawberry.enum
class StageOutcome(Enum):
    """Whether a record in this stage is under way, won or lost."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@strawberry.enum
class SumMode(Enum):
    """How a pipeline comes to the sum: typed by hand, the line items' sum, or a formula."""

    HAND = "hand"
    ITEMS = "items"
    FORMULA = "formula"


@strawberry.type
class CloseReason:
    """Why a record may end in a stage."""

    id: strawberry.ID
    name: str


@strawberry.type
class Stage:
    """A stage of a pipeline. `required`: keys of fields to be filled before a record may enter."""

    id: strawberry.ID
    name: str
    names: JSON
    color: str
    outcome: StageOutcome
    probability: int
    required: list[str]
    reasons: list[CloseReason]


@strawberry.type
class Pipeline:
    """An ordered way of stages."""

    id: strawberry.ID
    name: str
    names: JSON
    sum_mode: SumMode
    sum_field: str
    sum_formula: str
    stages: list[Stage]


@strawberry.input
class CloseReasonInput:
    """Why a record may end in a stage."""

    id: str
    names: JSON


@strawberry.input
class StageInput:
    """A stage as somebody wants it; with `id` one that is there."""

    names: JSON
    id: strawberry.ID | None = None
    color: str = ""
    outcome: StageOutcome = StageOutcome.OPEN
    probability: int = 0
    required: list[str] = strawberry.field(default_factory=list)
    reasons: list[CloseReasonInput] = strawberry.field(default_factory=list)


@strawberry.input
class PipelineInput:
    """A pipeline as somebody wants it, with all its stages in order; with `id` one that is there."""

    names: JSON
    stages: list[StageInput]
    id: strawberry.ID | None = None
    sum_mode: SumMode = SumMode.HAND
    sum_field: str = ""
    sum_formula: str = ""


async def pipelines_of(info: Info, type_id: UUID) -> list[Pipeline]:
    """Of one type, in order; those of a whole list are loaded together."""

    async def load(ids: list[UUID]) -> Mapping[UUID, list[service.Staged]]:
        async with info.context.db() as db:
            return await service.pipelines_of(db, ids)

    found = await batched(info, "record_pipelines", load).load(type_id)
    return [_pipeline(row, stages, info.context.locale) for row, stages in found or []]


def _pipeline(row: models.Pipeline, stages: list[models.Stage], locale: str) -> Pipeline:
    return Pipeline(
        id=strawberry.ID(str(row.id)),
        name=str(localized(row.names, locale)),
        names=JSON(row.names),
        sum_mode=SumMode(row.sum_mode),
        sum_field=row.sum_field,
        sum_formula=row.sum_formula,
        stages=[_stage(one, locale) for one in stages],
    )


def _stage(row: models.Stage, locale: str) -> Stage:
    return Stage(
        id=strawberry.ID(str(row.id)),
        name=str(localized(row.names, locale)),
        names=JSON(row.names),
        color=row.color,
        outcome=StageOutcome(row.outcome),
        probability=row.probability,
        required=list(row.required),
        reasons=[
            CloseReason(id=strawberry.ID(one["id"]), name=str(localized(one["names"], locale)))
            for one in row.reasons
        ],
    )
