"""From what a formula found to plain JSON data, which steps, records and the journal understand."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from potok.graph.formulas.coerce import digits
from potok.graph.formulas.limits import MAX_DATA_DEPTH
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.values import Money

_EXACT_INTEGER = 2**53
_UNITS = ((604_800, "weeks"), (86_400, "days"), (3_600, "hours"), (60, "minutes"))


def to_plain(value: Any, depth: int = 0) -> Any:
    """A number as a JSON number where that is exact, else as text with all its digits; dates as ISO text;

    money as {"amount": text, "currency"}, a duration as {"amount", "unit"}.
    """
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Money):
        return {"amount": digits(value.amount), "currency": value.currency}
    if isinstance(value, timedelta):
        return _duration(value)
    if depth > MAX_DATA_DEPTH:
        raise FormulaError("too_deep", limit=MAX_DATA_DEPTH)
    if isinstance(value, list):
        return [to_plain(item, depth + 1) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_plain(inner, depth + 1) for key, inner in value.items()}
    raise FormulaError("wrong_kind", wanted="any", found="formula")


def _number(value: Decimal) -> int | float | str:
    if value == value.to_integral_value() and abs(value) <= _EXACT_INTEGER:
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else digits(value)


def _duration(value: timedelta) -> dict[str, Any]:
    seconds = value.days * 86_400 + value.seconds
    if not value.microseconds:
        for size, unit in _UNITS:
            if seconds and seconds % size == 0:
                return {"amount": seconds // size, "unit": unit}
    exact = Decimal(seconds) + Decimal(value.microseconds) / 1_000_000
    return {"amount": _number(exact), "unit": "seconds"}
