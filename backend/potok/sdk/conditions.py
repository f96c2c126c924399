"""Does a conditions value hold? The one meaning of if, switch, filter and (later) trigger filters. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from potok.sdk.text import text_of

_NUMBER = re.compile(r"[+-]?\d{1,400}(\.\d{1,400})?([eE][+-]?\d{1,3})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?", re.ASCII)
_TRUE = frozenset({"true", "yes", "y", "on", "1", "да"})
_FALSE = frozenset({"false", "no", "n", "off", "0", "нет", ""})


def holds(conditions: Mapping[str, Any]) -> bool:
    """True if all (or any) rules hold. No rules: `all` holds, `any` does not.

    Raises ValueError for an operator nobody knows or a match other than all / any.
    """
    match, rules = conditions.get("match", "all"), conditions.get("rules") or ()
    if match == "all":
        return all(_rule(rule) for rule in rules)
    if match == "any":
        return any(_rule(rule) for rule in rules)
    raise ValueError(f"match must be all or any, not {match!r}")


def _rule(rule: Mapping[str, Any]) -> bool:
    if "rules" in rule:
        return holds(rule)
    op = rule.get("op")
    test = OPS.get(op) if isinstance(op, str) else None
    if test is None:
        raise ValueError(f"unknown operator {op!r}")
    return test(rule.get("left"), rule.get("right"))


def compare(left: Any, right: Any) -> int | None:
    """-1, 0, 1; None where the two have no order.

    Numbers and numeric texts as exact decimals, else dates and times (without a zone: UTC), else texts without
    regard to case. Nothing and structures have no order.
    """
    if type(left) is int and type(right) is int:  # the usual case of the hot path
        return (left > right) - (left < right)
    a, b = _decimal(left), _decimal(right)
    if a is not None and b is not None:
        return (a > b) - (a < b)
    moment, other = _moment(left), _moment(right)
    if moment is not None and other is not None:
        return (moment > other) - (moment < other)
    if _is_blank_or_structure(left) or _is_blank_or_structure(right):
        return None
    this, that = _fold(left), _fold(right)
    return (this > that) - (this < that)


def equal(left: Any, right: Any) -> bool:
    """Equality by the same rules; nothing equals nothing and the empty text; structures item by item."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    found = compare(left, right)
    return found == 0 if found is not None else _fold(left) == _fold(right)


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        found = Decimal(repr(value))
        return found if found.is_finite() else None
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, str):
        stripped = value.strip()
        if _NUMBER.fullmatch(stripped):
            try:
                return Decimal(stripped)
            except InvalidOperation:  # pragma: no cover  # the pattern keeps exponents small
                return None
    return None


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str):
        stripped = value.strip()
        if not _DATE.fullmatch(stripped):
            return None
        try:
            value = datetime.fromisoformat(stripped)
        except ValueError:
            return None
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


def _is_blank_or_structure(value: Any) -> bool:
    return value is None or value == "" or isinstance(value, list | dict)


def _fold(value: Any) -> str:
    return text_of(value).casefold()


def _ordered(wanted: Callable[[int], bool]) -> Callable[[Any, Any], bool]:
    def test(left: Any, right: Any) -> bool:
        found = compare(left, right)
        return found is not None and wanted(found)

    return test


def contains(left: Any, right: Any) -> bool:
    """A list has such an item, an object such a key, a text such a part (an empty part never counts)."""
    if isinstance(left, list):
        return any(equal(item, right) for item in left)
    if isinstance(left, dict):
        return any(equal(key, right) for key in left)
    part = _fold(right)
    return part != "" and part in _fold(left)


def _is_in(left: Any, right: Any) -> bool:
    if isinstance(right, str):
        right = [piece.strip() for piece in re.split(r"[,;\n]", right)]
    return contains(right, left) if isinstance(right, list) else equal(left, right)


def is_empty(value: Any) -> bool:
    """Nothing, an empty list or object, or a text of spaces only."""
    return value is None or value == [] or value == {} or (isinstance(value, str) and not value.strip())


OPS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": equal,
    "ne": lambda left, right: not equal(left, right),
    "gt": _ordered(lambda found: found > 0),
    "gte": _ordered(lambda found: found >= 0),
    "lt": _ordered(lambda found: found < 0),
    "lte": _ordered(lambda found: found <= 0),
    "contains": contains,
    "not_contains": lambda left, right: not contains(left, right),
    "starts_with": lambda left, right: _fold(right) != "" and _fold(left).startswith(_fold(right)),
    "ends_with": lambda left, right: _fold(right) != "" and _fold(left).endswith(_fold(right)),
    "in": _is_in,
    "is_empty": lambda left, _: is_empty(left),
    "is_not_empty": lambda left, _: not is_empty(left),
    "is_true": lambda left, _: text_of(left).strip().casefold() in _TRUE,
    "is_false": lambda left, _: text_of(left).strip().casefold() in _FALSE,
    "exists": lambda left, _: left is not None,
}
"""Every operator; the unary ones ignore `right`."""

UNARY = frozenset({"is_empty", "is_not_empty", "is_true", "is_false", "exists"})
"""Operators without a right side."""
