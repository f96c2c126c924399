"""The values formulas reckon with, and what kind a value is.

number (Decimal, also int and float of JSON), money, text, boolean, date, datetime (aware), duration (timedelta),
list, record (a mapping), empty (None).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Any

CONTEXT = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-999,
    Emax=999,
    traps=[DivisionByZero, InvalidOperation, Overflow],
)
"""All reckoning: 34 digits, half to even (as IEEE decimal128), up to 10^1000. Sums of kopecks are exact."""

EXACT = Context(prec=2_100, Emin=-999, Emax=999, traps=[InvalidOperation, Overflow])
"""For rounding to a place, which must not round twice."""

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount of a currency (three capital letters, ISO 4217)."""

    amount: Decimal
    currency: str


def kind_of(value: Any) -> str:
    """The kind's name, as `formula.kind.*` words have it."""
    found = _KINDS.get(type(value))
    if found is not None:
        return found
    for base, kind in _BASES:
        if isinstance(value, base):
            return kind
    return "other"


_KINDS: dict[type, str] = {
    Decimal: "number",
    int: "number",
    float: "number",
    Money: "money",
    str: "text",
    bool: "boolean",
    date: "date",
    datetime: "datetime",
    timedelta: "duration",
    list: "list",
    dict: "record",
    type(None): "empty",
}
_BASES: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (int, "number"),
    (float, "number"),
    (str, "text"),
    (datetime, "datetime"),
    (date, "date"),
    (Mapping, "record"),
)
