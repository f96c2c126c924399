"""The types of a workspace, compiled and kept until one of them changes."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.records import repository
from potok.records.kinds.stages import ITEMS_SUM, PipelineOption, StageOption, StageSettings
from potok.records.models import ObjectType, Pipeline, Stage
from potok.records.shape import FieldShape, PipelineSum, Shape, make_field, make_shape
from potok.records.stages import stage_fields
from potok.records.web import Web, make_web

MOST_WORKSPACES = 1_000
_KEPT: dict[UUID, Web] = {}


async def web_of(db: AsyncSession, workspace_id: UUID) -> Web:
    """The compiled types. One cheap query tells whether what is kept still holds."""
    as_of = await repository.changed_at(db, workspace_id)
    kept = _KEPT.get(workspace_id)
    if kept is not None and kept.as_of == as_of:
        return kept
    parts = await parts_of(db, workspace_id)
    if len(_KEPT) >= MOST_WORKSPACES:
        _KEPT.clear()
    found = _KEPT[workspace_id] = make_web([compile_type(*one) for one in parts], as_of)
    return found


async def parts_of(
    db: AsyncSession, workspace_id: UUID
) -> list[tuple[ObjectType, list[FieldShape], StageSettings]]:
    """Every type with its fields and its pipelines."""
    owners = await repository.types(db, workspace_id)
    ids = [owner.id for owner in owners]
    fields = await repository.fields(db, ids)
    pipelines, stages = await repository.pipelines(db, ids)
    return [
        (
            owner,
            [make_field(row) for row in fields if row.type_id == owner.id],
            stage_settings([row for row in pipelines if row.type_id == owner.id], stages),
        )
        for owner in owners
    ]


def compile_type(owner: ObjectType, fields: Sequence[FieldShape], settings: StageSettings) -> Shape:
    """Raises CycleError, FormulaError."""
    if not settings.pipelines:
        return make_shape(owner, fields)
    sums = [
        PipelineSum(one.id, one.sum_field, ITEMS_SUM if one.sum_mode == "items" else one.sum_formula)
        for one in settings.pipelines
        if one.sum_mode != "hand"
    ]
    return make_shape(owner, [*fields, *stage_fields(owner.id, settings)], sums)


def stage_settings(pipelines: Sequence[Pipeline], stages: Sequence[Stage]) -> StageSettings:
    """Pipelines as the kinds of fields know them; one without stages is left out."""
    made = []
    for row in pipelines:
        own = tuple(_stage(one) for one in stages if one.pipeline_id == row.id)
        if own:
            made.append(
                PipelineOption(
                    id=str(row.id),
                    names=row.names,
                    stages=own,
                    sum_mode=row.sum_mode,
                    sum_field=row.sum_field,
                    sum_formula=row.sum_formula,
                )
            )
    return StageSettings(pipelines=tuple(made))


def _stage(row: Stage) -> StageOption:
    return StageOption(
        id=str(row.id),
        names=row.names,
        color=row.color,
        outcome=row.outcome,
        probability=row.probability,
        required=tuple(row.required),
        reasons=tuple(row.reasons),
    )
