"""Settings and shapes that several blocks share."""

from collections.abc import Sequence
from typing import Annotated, Any

from potok.sdk import Field, Pair, Text, UserError, text_of

RecordType = Annotated[Text, Field(kind="record_type", title="Type of record", min_length=1)]
Which = Annotated[Any, Field(kind="text", title="Record", help="Pick a record, or its id.")]
SAMPLE = {"id": "0199c0de-0000-7000-8000-000000000001", "type": "contact", "title": "Anna"}
RECORD: dict[str, Any] = {
    "type": "object",
    "x-record-from": "type",
    "properties": {
        "id": {"type": "string", "title": "Id"},
        "type": {"type": "string", "title": "Type"},
        "title": {"type": "string", "title": "Title"},
    },
}
"""A record of the type chosen in the block's parameter `type`: its other keys are the fields of that type."""


def output(**properties: dict[str, Any]) -> dict[str, Any]:
    """JSON Schema of what a block yields."""
    return {"type": "object", "properties": properties}


def record(title: str) -> dict[str, Any]:
    """A record in it."""
    return {**RECORD, "title": title}


def values_of(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Field keys and values; lines without a name are unfinished and say nothing."""
    return {pair.name.strip(): pair.value for pair in pairs if pair.name.strip()}


def id_of(value: Any, field: str) -> str:
    """The id in a record or in a text. Raises UserError."""
    found = text_of(value.get("id") if isinstance(value, dict) else value).strip()
    if not found:
        said, fix = "No record is given.", "Pick the record this is about; perhaps an earlier step found none."
        raise UserError(field, said, fix, code="no_record")
    return found
