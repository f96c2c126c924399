"""Stage and pipeline of a record, and why it ended: kinds that a type has when it has pipelines."""

from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field

from potok.graph.formulas.types import NUMBER
from potok.records.kinds.base import LISTED, ORDERED, Bad, Json, Kind, NoSettings, Settings
from potok.records.kinds.choices import Option

Outcome = Literal["open", "won", "lost"]
SumMode = Literal["hand", "items", "formula"]
ITEMS_SUM = "SUM(MAP(items; item.sum))"
"""What a pipeline means by the sum of line items."""


class StageOption(Settings):
    """A stage. `required`: keys of fields to be filled before entering; `reasons`: why a record may end here."""

    id: str
    names: Mapping[str, str]
    color: str = ""
    outcome: Outcome = "open"
    probability: int = Field(default=0, ge=0, le=100)
    required: tuple[str, ...] = ()
    reasons: tuple[Option, ...] = ()


class PipelineOption(Settings):
    """An ordered way of stages. `sum_field`: the money field it fills, unless that is done by hand."""

    id: str
    names: Mapping[str, str]
    stages: tuple[StageOption, ...] = Field(min_length=1)
    sum_mode: SumMode = "hand"
    sum_field: str = ""
    sum_formula: str = ""


class StageSettings(Settings):
    """Every pipeline of the type, in order."""

    pipelines: tuple[PipelineOption, ...] = ()

    def stages(self) -> Iterator[tuple[PipelineOption, StageOption]]:
        """Every stage with its pipeline."""
        for pipeline in self.pipelines:
            for stage in pipeline.stages:
                yield pipeline, stage

    def stage(self, stage_id: Json) -> tuple[PipelineOption, StageOption] | None:
        """The stage of this id."""
        return next((pair for pair in self.stages() if pair[1].id == stage_id), None)

    def pipeline(self, pipeline_id: Json) -> PipelineOption | None:
        """The pipeline of this id."""
        return next((one for one in self.pipelines if one.id == pipeline_id), None)


def named(names: Mapping[str, str], word: str) -> bool:
    """Whether somebody means it by this word."""
    return word.casefold() in (name.casefold() for name in names.values())


def _word(value: Json) -> str:
    if isinstance(value, Mapping):
        value = value.get("id")
    return "" if value is None else str(value).strip()


def _stage(value: Json, settings: StageSettings) -> str | None:
    """By id, or by a name that only one stage has."""
    word = _word(value)
    if not word:
        return None
    if settings.stage(word) is not None:
        return word
    found = [stage.id for _, stage in settings.stages() if named(stage.names, word)]
    if len(found) != 1:
        raise Bad("ambiguous_stage" if found else "no_such_stage", value=word[:100])
    return found[0]


def _pipeline(value: Json, settings: StageSettings) -> str | None:
    word = _word(value)
    if not word:
        return None
    found = settings.pipeline(word) or next((one for one in settings.pipelines if named(one.names, word)), None)
    if found is None:
        raise Bad("no_such_pipeline", value=word[:100])
    return found.id


def _reason(value: Json, settings: StageSettings) -> str | None:
    word = _word(value)
    if not word:
        return None
    reasons = [reason for _, stage in settings.stages() for reason in stage.reasons]
    found = next((one for one in reasons if one.id == word), None) or next(
        (one for one in reasons if one.named(word)), None
    )
    if found is None:
        raise Bad("no_such_reason", value=word[:100])
    return found.id


def _first(names: Mapping[str, str]) -> str:
    return next(iter(names.values()), "")


def _stage_name(stored: Json, settings: StageSettings) -> str:
    found = settings.stage(stored)
    return _first(found[1].names) if found is not None else str(stored or "")


def _pipeline_name(stored: Json, settings: StageSettings) -> str:
    found = settings.pipeline(stored)
    return _first(found.names) if found is not None else str(stored or "")


def _reason_name(stored: Json, settings: StageSettings) -> str:
    reasons = (reason for _, stage in settings.stages() for reason in stage.reasons)
    return next((_first(one.names) for one in reasons if one.id == stored), str(stored or ""))


def _kept(value: Json, settings: Settings) -> Json:
    return value


STAGE = Kind("stage", _stage, StageSettings, known=_stage_name, operators=LISTED, shown=_stage_name)
PIPELINE = Kind("pipeline", _pipeline, StageSettings, known=_pipeline_name, operators=LISTED, shown=_pipeline_name)
REASON = Kind("reason", _reason, StageSettings, known=_reason_name, operators=LISTED, shown=_reason_name)
OUTCOME = Kind("outcome", _kept, NoSettings, operators=LISTED, computed=True)
PROBABILITY = Kind(
    "probability",
    _kept,
    NoSettings,
    type_of=lambda settings: NUMBER,
    sql="({field})::numeric",
    sql_type="numeric",
    operators=ORDERED,
    computed=True,
)
