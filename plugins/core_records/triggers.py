"""Triggers: a record is created, changed or deleted, comes to a stage, crosses a threshold."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from potok.sdk import Field, RecordChange, Text, trigger

from .common import SAMPLE, RecordType, output, record

_OUTPUT = output(
    record=record("Record"),
    old=record("Record before"),
    changed={"type": "array", "items": {"type": "string"}, "title": "Changed fields"},
    what={"type": "string", "title": "What happened"},
    actor={"type": "object", "title": "By whom"},
)


def _sample(what: str) -> dict[str, Any]:
    old = {} if what == "created" else SAMPLE
    return {"record": SAMPLE, "old": old, "changed": ["name"], "what": what, "actor": {"user": ""}}


@trigger.record(
    "record.created", icon="row-insert-bottom", group="trigger", output=_OUTPUT, sample=_sample("created")
)
def created(type: RecordType) -> dict[str, Any]:
    """When a record is created. By a person, an import or another scenario."""
    raise NotImplementedError("a trigger's body is never called")


@created.match
def _(change: RecordChange) -> str | None:
    return None if change.what == "created" else ""


@trigger.record("record.changed", icon="edit", group="trigger", output=_OUTPUT, sample=_sample("changed"))
def changed(
    type: RecordType,
    fields: Annotated[
        Text,
        Field(kind="record_field", title="Field", help="Empty: any. Several: their keys with commas between."),
    ] = "",
) -> dict[str, Any]:
    """When a record is changed. Brings the values before and after."""
    raise NotImplementedError("a trigger's body is never called")


@changed.match
def _(change: RecordChange, fields: str) -> str | None:
    if change.what != "changed":
        return ""
    wanted = {one.strip() for one in fields.split(",")} - {""}
    return None if not wanted or wanted & set(change.changed) else "record_other_fields"


@trigger.record("record.stage", icon="git-commit", group="trigger", output=_OUTPUT, sample=_sample("changed"))
def stage(
    type: RecordType,
    stage: Annotated[Text, Field(kind="record_stage", title="Stage", help="Empty: any.")] = "",
) -> dict[str, Any]:
    """When a record comes to a stage. Also when it is created there."""
    raise NotImplementedError("a trigger's body is never called")


@stage.match
def _(change: RecordChange, stage: str) -> str | None:
    if change.what not in ("created", "changed") or "stage" not in change.changed:
        return ""
    names = {str(change.record.get("stage")), str(change.record.get("shown", {}).get("stage", ""))}
    return None if not stage or stage in names else "record_other_stage"


@trigger.record(
    "record.threshold", icon="arrows-cross", group="trigger", output=_OUTPUT, sample=_sample("changed")
)
def threshold(
    type: RecordType,
    field: Annotated[Text, Field(kind="record_field", title="Field", min_length=1)],
    value: Annotated[float, Field(title="Threshold")],
    direction: Annotated[
        Literal["up", "down", "both"],
        Field(title="Direction", choices={"up": "upward", "down": "downward", "both": "either way"}),
    ] = "up",
) -> dict[str, Any]:
    """When a value crosses a threshold. Once for each crossing; reaching it counts as above."""
    raise NotImplementedError("a trigger's body is never called")


@threshold.match
def _(change: RecordChange, field: str, value: float, direction: str) -> str | None:
    if change.what not in ("created", "changed") or field not in change.changed:
        return ""
    limit = Decimal(str(value))
    was = bool(change.old) and _number(change.old.get(field)) >= limit
    now = _number(change.record.get(field)) >= limit
    crossed = was != now and (change.what == "changed" or now)
    wanted = direction == "both" or (direction == "up") == now
    return None if crossed and wanted else "record_not_crossed"


def _number(value: Any) -> Decimal:
    """A number or an amount of money; nothing is zero."""
    if isinstance(value, dict):
        value = value.get("amount")
    try:
        return Decimal(str(value)) if value is not None else Decimal(0)
    except InvalidOperation:
        return Decimal(0)


@trigger.record("record.deleted", icon="trash", group="trigger", output=_OUTPUT, sample=_sample("deleted"))
def deleted(type: RecordType) -> dict[str, Any]:
    """When a record is deleted. It is in the trash then."""
    raise NotImplementedError("a trigger's body is never called")


@deleted.match
def _(change: RecordChange) -> str | None:
    return None if change.what == "deleted" else ""
