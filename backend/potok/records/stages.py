"""How a record moves through the stages of its pipeline. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from potok.problems import Problem
from potok.records.kinds import Bad
from potok.records.kinds.simple import MOMENT_KIND
from potok.records.kinds.stages import (
    OUTCOME,
    PIPELINE,
    PROBABILITY,
    REASON,
    STAGE,
    PipelineOption,
    StageOption,
    StageSettings,
    named,
)
from potok.records.shape import FieldShape, Shape

KEYS = ("pipeline", "stage", "stage_at", "outcome", "probability", "close_reason")
_NAMES = {
    "pipeline": {"en": "Pipeline", "ru": "Воронка"},
    "stage": {"en": "Stage", "ru": "Этап"},
    "stage_at": {"en": "In this stage since", "ru": "На этапе с"},
    "outcome": {"en": "Outcome", "ru": "Исход"},
    "probability": {"en": "Probability, %", "ru": "Вероятность, %"},
    "close_reason": {"en": "Close reason", "ru": "Причина закрытия"},
}
_KINDS = {
    "pipeline": PIPELINE,
    "stage": STAGE,
    "stage_at": replace(MOMENT_KIND, computed=True),
    "outcome": OUTCOME,
    "probability": PROBABILITY,
    "close_reason": REASON,
}


def stage_fields(type_id: UUID, settings: StageSettings) -> list[FieldShape]:
    """The fields every type with pipelines has besides its own."""
    return [
        FieldShape(
            uuid5(type_id, key),
            key,
            _KINDS[key],
            settings if _KINDS[key].settings is StageSettings else _KINDS[key].settings(),
            _NAMES[key],
        )
        for key in KEYS
    ]


def settle(
    shape: Shape,
    data: dict[str, Any],
    old: Mapping[str, Any] | None,
    patch: Mapping[str, Any],
    problems: list[Problem],
    now: datetime,
) -> None:
    """Put the record where the patch wants it, if the stage lets it in. Changes `data`, adds to `problems`."""
    settings = shape.fields["stage"].settings
    assert isinstance(settings, StageSettings)
    try:
        pipeline, stage = _wanted(settings, old or {}, patch, data)
    except Bad as bad:
        problems.append(Problem(f"record.value.{bad.code}", {**bad.params, "field": "stage"}, ("stage",)))
        return
    moved = old is None or old.get("stage") != stage.id
    data |= {
        "pipeline": pipeline.id,
        "stage": stage.id,
        "outcome": stage.outcome,
        "probability": stage.probability,
    }
    if stage.outcome == "open":
        data.pop("close_reason", None)
    if not moved:
        return
    data["stage_at"] = now.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
    problems += [
        Problem("record.stage_needs", {"field": key, "stage": _name(stage)}, (key,))
        for key in stage.required
        if data.get(key) is None
    ]
    if stage.reasons and data.get("close_reason") not in {one.id for one in stage.reasons}:
        problems.append(Problem("record.stage_needs_reason", {"stage": _name(stage)}, ("close_reason",)))


def _wanted(
    settings: StageSettings, old: Mapping[str, Any], patch: Mapping[str, Any], data: Mapping[str, Any]
) -> tuple[PipelineOption, StageOption]:
    """A stage says its pipeline; a pipeline alone means its first stage. Raises Bad."""
    here = settings.pipeline(data.get("pipeline") if patch.get("pipeline") else old.get("pipeline"))
    asked = patch.get("stage")
    if asked is not None and asked != "":
        near = _by_name(here, asked)
        found = settings.stage(near.id if near is not None else STAGE.store(asked, settings))
        assert found is not None
        return found
    changed = here is not None and here.id != old.get("pipeline")
    kept = None if changed else settings.stage(old.get("stage"))
    if kept is not None:
        return kept
    pipeline = here or settings.pipelines[0]
    return pipeline, pipeline.stages[0]


def _by_name(pipeline: PipelineOption | None, asked: Any) -> StageOption | None:
    """Several pipelines may have a stage of the same name: the one of the record's own pipeline is meant."""
    if pipeline is None or not isinstance(asked, str):
        return None
    return next((one for one in pipeline.stages if named(one.names, asked.strip())), None)


def _name(stage: StageOption) -> str:
    return next(iter(stage.names.values()), "")
