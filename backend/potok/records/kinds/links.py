"""Fields that point: to records of another type, and to a person of the workspace."""

from collections.abc import Mapping
from uuid import UUID

from pydantic import Field

from potok.graph.formulas.types import RECORD, TEXT, list_of
from potok.records.kinds.base import LISTED, Bad, Json, Kind, NoSettings, Settings

MOST_LINKS = 200


class RelationSettings(Settings):
    """`target`: key of the type it points to.

    `back`: the key by which the other side's formulas and screens call all that point to it (`items` of a deal);
    `back_names`: how people call them.
    """

    target: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    many: bool = False
    back: str = Field(default="", pattern=r"^([a-z][a-z0-9_]{0,39})?$")
    back_names: dict[str, str] = Field(default_factory=dict)


def record_id(value: Json) -> str | None:
    """The id in a value: an id as text, or a record as steps know it. Raises Bad."""
    if isinstance(value, Mapping):
        value = value.get("id")
    if value is None or value == "":
        return None
    try:
        return str(UUID(str(value)))
    except ValueError:
        raise Bad("not_record", value=str(value)[:100]) from None


def _relation(value: Json, settings: RelationSettings) -> str | list[str] | None:
    if not settings.many:
        if isinstance(value, list | tuple):
            if len(value) > 1:
                raise Bad("only_one")
            value = value[0] if value else None
        return record_id(value)
    if value is None or value == "":
        return None
    asked = value if isinstance(value, list | tuple) else [value]
    found = list(dict.fromkeys(one for one in map(record_id, asked) if one is not None))
    if len(found) > MOST_LINKS:
        raise Bad("too_many", most=MOST_LINKS)
    return found or None


def _person(value: Json, settings: NoSettings) -> str | None:
    return record_id(value)


RELATION = Kind(
    "relation",
    _relation,
    RelationSettings,
    type_of=lambda settings: list_of(RECORD) if settings.many else RECORD,
    operators=LISTED,
)
PERSON = Kind("person", _person, type_of=lambda settings: TEXT, operators=LISTED)
