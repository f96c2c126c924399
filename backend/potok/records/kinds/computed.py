"""Fields nobody types: formulas and running numbers."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from pydantic import Field

from potok.graph.formulas.types import BOOLEAN, DATE, DATETIME, MONEY, NUMBER, TEXT, Type
from potok.records.kinds.base import Bad, Json, Kind, Settings
from potok.records.kinds.numbers import MONEY_KIND, NUMBER_KIND, MoneySettings, NumberSettings
from potok.records.kinds.simple import DATE_KIND, MOMENT_KIND, YES_NO
from potok.records.kinds.text import LINE, TextSettings

Result = Literal["number", "money", "text", "boolean", "date", "datetime"]
_TYPES: Mapping[str, Type] = {
    "number": NUMBER,
    "money": MONEY,
    "text": TEXT,
    "boolean": BOOLEAN,
    "date": DATE,
    "datetime": DATETIME,
}
_KINDS = {
    "number": NUMBER_KIND,
    "money": MONEY_KIND,
    "text": LINE,
    "boolean": YES_NO,
    "date": DATE_KIND,
    "datetime": MOMENT_KIND,
}


class FormulaSettings(Settings):
    """`formula`: its text, with keys of fields as names. `result`: what it yields."""

    formula: str = Field(min_length=1, max_length=10_000)
    result: Result = "number"
    scale: int | None = Field(default=None, ge=0, le=12)
    currency: str = Field(default="RUB", pattern=r"^[A-Z]{3}$")


class NumberingSettings(Settings):
    """`pattern`: `{n}` is the number; `{n:5}` with zeros to five digits; `{year}` the year it was made in."""

    pattern: str = Field(default="{n}", max_length=60)
    first: int = Field(default=1, ge=0, le=10**12)


def result_kind(settings: FormulaSettings) -> Kind:
    """The kind whose values this formula yields: for filters, sorts and sums."""
    return _KINDS[settings.result]


def result_settings(settings: FormulaSettings) -> Settings:
    """The settings with which the result is kept."""
    if settings.result == "number":
        return NumberSettings(scale=settings.scale)
    if settings.result == "money":
        return MoneySettings(
            currency=settings.currency, fixed=False, scale=2 if settings.scale is None else min(settings.scale, 6)
        )
    return TextSettings() if settings.result == "text" else _KINDS[settings.result].settings()


def _result(value: Json, settings: FormulaSettings) -> Json:
    """What the evaluator found, as it is stored."""
    if settings.result == "text" and isinstance(value, date | datetime):
        value = value.isoformat()
    return result_kind(settings).store(value, result_settings(settings))


def _refuse_typed(value: Json, settings: NumberingSettings) -> Json:
    raise Bad("computed")


def numbered(settings: NumberingSettings, number: int, made: date) -> str:
    """The running number as people read it."""
    text = settings.pattern.replace("{year}", str(made.year)).replace("{n}", str(number))
    for width in range(1, 13):
        text = text.replace(f"{{n:{width}}}", str(number).zfill(width))
    return text


FORMULA = Kind(
    "formula",
    _result,
    FormulaSettings,
    known=lambda stored, settings: result_kind(settings).known(stored, result_settings(settings)),
    type_of=lambda settings: _TYPES[settings.result],
    computed=True,
    shown=lambda stored, settings: result_kind(settings).shown(stored, result_settings(settings)),
)
"""Its sql, operators and sums are those of its result: ask `effective`."""
AUTONUMBER = Kind("autonumber", _refuse_typed, NumberingSettings, computed=True, unique=True, searched=True)
