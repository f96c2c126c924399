"""What every kind of field answers: its settings, how a value is stored, and what formulas and SQL see of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from potok.graph.formulas.types import TEXT, Type

Json = Any
Options = Any
"""The kind's own settings model; each module of this folder knows which."""


class Bad(Exception):
    """A value or a setting that cannot be taken. `code` names words under `record.value.*`."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Settings(BaseModel):
    """Settings of a field of some kind. Unknown ones are refused, so that none is accepted and does nothing."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)


class NoSettings(Settings):
    """For kinds that have none."""


EMPTY_CHECKS = frozenset({"is_empty", "is_not_empty"})
ORDERED = frozenset({"eq", "ne", "gt", "gte", "lt", "lte"}) | EMPTY_CHECKS
TEXTUAL = frozenset({"eq", "ne", "contains", "not_contains", "starts_with", "ends_with", "in"}) | EMPTY_CHECKS
LISTED = frozenset({"eq", "ne", "in"}) | EMPTY_CHECKS
TRUTH = frozenset({"is_true", "is_false"})


def as_text(value: Json) -> str:
    """How most values read: as they are."""
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of field.

    `store(value, settings)`: what is kept (plain JSON; numbers as Decimal), None for empty. Raises Bad.
    `known(stored, settings)`: the same for formulas. `sql`: how PostgreSQL reads it for filters, sorts and sums;
    `{field}` stands for the field's text (`data->>'key'`), `{json}` for its JSON. It must be immutable, because
    expression indexes are made of it.
    """

    id: str
    store: Callable[[Json, Options], Json]
    settings: type[Settings] = NoSettings
    known: Callable[[Json, Options], Any] = lambda stored, settings: stored
    type_of: Callable[[Options], Type] = lambda settings: TEXT
    sql: str = "{field}"
    sql_type: str = "text"
    operators: frozenset[str] = TEXTUAL
    summed: bool = False
    """Lists and boards can add it up."""
    computed: bool = False
    """Nobody types it."""
    unique: bool = False
    """May be declared unique."""
    searched: bool = False
    """Its text is found by the search over everything."""
    shown: Callable[[Json, Options], str] = field(default=lambda stored, settings: as_text(stored))
    """How it reads in a title, a timeline line or an export."""


def options_of(kind: Kind, raw: Mapping[str, Any]) -> Settings:
    """The settings of a field from what is stored. Raises pydantic's ValidationError."""
    return kind.settings.model_validate(raw)
