"""Choices: one of a list, several of a list, and the calculated list whose options carry a number."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Self

from pydantic import Field, model_validator

from potok.graph.formulas.types import NUMBER, TEXT, list_of
from potok.records.kinds.base import EMPTY_CHECKS, LISTED, Bad, Json, Kind, Settings

MOST_OPTIONS = 500


class Option(Settings):
    """One thing to choose. `id` stays, so renaming touches no record; `archived`: kept, no longer offered."""

    id: str = Field(pattern=r"^[a-z0-9_]{1,40}$")
    names: dict[str, str] = Field(min_length=1)
    color: str = Field(default="", max_length=20)
    archived: bool = False

    def named(self, word: str) -> bool:
        """Whether somebody means this option by the word."""
        return word == self.id or word.casefold() in (name.casefold() for name in self.names.values())


class CountedOption(Option):
    """An option with its coefficient or amount."""

    value: Decimal


class _OneOf(Settings):
    @model_validator(mode="after")
    def _unlike(self) -> Self:
        ids = [one.id for one in self.options]  # type: ignore[attr-defined]
        if len(set(ids)) != len(ids):
            raise ValueError("two options have the same id")
        return self


class ChoiceSettings(_OneOf):
    """What can be chosen."""

    options: tuple[Option, ...] = Field(min_length=1, max_length=MOST_OPTIONS)


class CountedSettings(_OneOf):
    """What can be chosen, each with a number that formulas reckon with."""

    options: tuple[CountedOption, ...] = Field(min_length=1, max_length=MOST_OPTIONS)


def _pick(value: Json, options: tuple[Option, ...]) -> str | None:
    if isinstance(value, Mapping):
        value = value.get("id")
    if value is None or value == "":
        return None
    word = str(value).strip()
    found = next((one for one in options if one.id == word), None) or next(
        (one for one in options if one.named(word)), None
    )
    if found is None:
        raise Bad("no_such_option", value=word[:100], options=", ".join(_any_name(one) for one in options[:12]))
    return found.id


def _any_name(option: Option) -> str:
    return next(iter(option.names.values()))


def _one(value: Json, settings: ChoiceSettings) -> str | None:
    return _pick(value, settings.options)


def _counted(value: Json, settings: CountedSettings) -> str | None:
    return _pick(value, settings.options)


def _many(value: Json, settings: ChoiceSettings) -> list[str] | None:
    if value is None or value == "":
        return None
    asked = value if isinstance(value, list | tuple) else [part for part in str(value).split(",") if part.strip()]
    picked = {_pick(one, settings.options) for one in asked} - {None}
    order = [one.id for one in settings.options if one.id in picked]
    return order or None


def _name_of(settings: Any, option_id: Json) -> str:
    found = next((one for one in settings.options if one.id == option_id), None)
    return _any_name(found) if found is not None else str(option_id or "")


def _number_of(stored: Json, settings: CountedSettings) -> Decimal | None:
    return next((one.value for one in settings.options if one.id == stored), None)


CHOICE = Kind(
    "choice",
    _one,
    ChoiceSettings,
    known=lambda stored, settings: None if stored is None else _name_of(settings, stored),
    operators=LISTED,
    shown=lambda stored, settings: _name_of(settings, stored),
)
CHOICES = Kind(
    "choices",
    _many,
    ChoiceSettings,
    known=lambda stored, settings: [_name_of(settings, one) for one in stored or []],
    type_of=lambda settings: list_of(TEXT),
    sql="{json}",
    sql_type="jsonb",
    operators=frozenset({"contains", "not_contains"}) | EMPTY_CHECKS,
    shown=lambda stored, settings: ", ".join(_name_of(settings, one) for one in stored or []),
)
COUNTED = Kind(
    "calculated",
    _counted,
    CountedSettings,
    known=_number_of,
    type_of=lambda settings: NUMBER,
    operators=LISTED,
    shown=lambda stored, settings: _name_of(settings, stored),
)
