"""Pipelines as people make them: saved as a whole, with their stages in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from potok.people.service import Caller, record
from potok.problems import refuse
from potok.records import repository
from potok.records.kinds.stages import PipelineOption, StageOption
from potok.records.models import ObjectType, Pipeline, Stage
from potok.records.service.types import changed, get_type

MOST_PIPELINES = 30
MOST_STAGES = 50
Staged = tuple[Pipeline, list[Stage]]


@dataclass(frozen=True, slots=True)
class NewStage:
    """A stage as somebody wants it; with `id` one that is there."""

    names: Mapping[str, str]
    id: UUID | None = None
    color: str = ""
    outcome: str = "open"
    probability: int = 0
    required: Sequence[str] = ()
    reasons: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class NewPipeline:
    """A pipeline as somebody wants it; with `id` one that is there."""

    names: Mapping[str, str]
    stages: Sequence[NewStage]
    id: UUID | None = None
    sum_mode: str = "hand"
    sum_field: str = ""
    sum_formula: str = ""


async def pipelines_of(db: AsyncSession, owners: Sequence[UUID]) -> dict[UUID, list[Staged]]:
    """Pipelines with their stages, by type."""
    rows, stages = await repository.pipelines(db, owners)
    found: dict[UUID, list[Staged]] = {one: [] for one in owners}
    for row in rows:
        found[row.type_id].append((row, [one for one in stages if one.pipeline_id == row.id]))
    return found


async def save_pipeline(db: AsyncSession, caller: Caller, type_key: str, wanted: NewPipeline) -> ObjectType:
    """Make or change a pipeline. A stage in which records stand cannot be left out. Raises Refused."""
    owner = await get_type(db, caller, type_key, lock=True)
    _check(wanted)
    known = (await pipelines_of(db, [owner.id]))[owner.id]
    if wanted.id is None and len(known) >= MOST_PIPELINES:
        raise refuse("record.too_many_pipelines", most=MOST_PIPELINES)
    row, stages = await _existing(db, owner, known, wanted)
    row.names, row.sum_mode = dict(wanted.names), wanted.sum_mode
    row.sum_field, row.sum_formula = wanted.sum_field, wanted.sum_formula
    await repository.add(db, row)
    kept = {one.id for one in wanted.stages}
    await _put_away(db, owner, [one for one in stages if one.id not in kept])
    by_id = {one.id: one for one in stages}
    for place, one in enumerate(wanted.stages):
        there = by_id.get(one.id) if one.id is not None else None
        await repository.add(db, _stage(row, there, one, place))
    await changed(db, owner)
    await record(db, caller, "record_pipeline_saved", subject_id=row.id, subject=type_key)
    return owner


async def archive_pipeline(db: AsyncSession, caller: Caller, type_key: str, pipeline_id: UUID) -> ObjectType:
    """Put a pipeline away in which no record stands. Raises Refused."""
    owner = await get_type(db, caller, type_key, lock=True)
    known = (await pipelines_of(db, [owner.id]))[owner.id]
    row, stages = _known(known, pipeline_id)
    await _put_away(db, owner, stages)
    row.archived_at = datetime.now(UTC)
    await repository.add(db, row)
    await changed(db, owner)
    await record(db, caller, "record_pipeline_archived", subject_id=pipeline_id, subject=type_key)
    return owner


def _known(known: Sequence[Staged], pipeline_id: UUID) -> Staged:
    found = next((pair for pair in known if pair[0].id == pipeline_id), None)
    if found is None:
        raise refuse("record.no_such_pipeline", "id")
    return found


async def _existing(db: AsyncSession, owner: ObjectType, known: Sequence[Staged], wanted: NewPipeline) -> Staged:
    if wanted.id is not None:
        return _known(known, wanted.id)
    made = Pipeline(id=uuid7(), workspace_id=owner.workspace_id, type_id=owner.id, names={}, position=len(known))
    await repository.add(db, made)
    return made, []


async def _put_away(db: AsyncSession, owner: ObjectType, stages: Sequence[Stage]) -> None:
    if not stages:
        return
    standing = await repository.in_stages(db, owner.id, [one.id for one in stages])
    if standing:
        name = next(iter(stages[0].names.values()), "")
        raise refuse("record.stage_in_use", "stages", count=standing, stage=name)
    for one in stages:
        one.archived_at = datetime.now(UTC)
    await repository.add(db, *stages)


def _stage(row: Pipeline, there: Stage | None, wanted: NewStage, place: int) -> Stage:
    made = there or Stage(
        id=uuid7(), workspace_id=row.workspace_id, pipeline_id=row.id, names={}, required=[], reasons=[]
    )
    made.names, made.color, made.outcome = dict(wanted.names), wanted.color, wanted.outcome
    made.probability, made.position = wanted.probability, place
    made.required, made.reasons = list(wanted.required), list(wanted.reasons)
    return made


def _check(wanted: NewPipeline) -> None:
    """The shapes are those of the kind of field they become. Raises Refused."""
    if not wanted.stages or len(wanted.stages) > MOST_STAGES:
        raise refuse("record.stages_count", "stages", most=MOST_STAGES)
    if not any(wanted.names.values()) or not all(any(one.names.values()) for one in wanted.stages):
        raise refuse("record.name_missing", "names")
    try:
        PipelineOption(
            id="",
            names=wanted.names,
            stages=tuple(
                StageOption(
                    id=str(one.id or place),
                    names=one.names,
                    color=one.color,
                    outcome=one.outcome,
                    probability=one.probability,
                    required=tuple(one.required),
                    reasons=tuple(one.reasons),
                )
                for place, one in enumerate(wanted.stages)
            ),
            sum_mode=wanted.sum_mode,
            sum_field=wanted.sum_field,
            sum_formula=wanted.sum_formula,
        )
    except ValidationError as error:
        first = error.errors()[0]
        place_in = ".".join(map(str, first["loc"]))
        raise refuse("record.settings_invalid", "stages", setting=place_in, reason=first["msg"]) from None
