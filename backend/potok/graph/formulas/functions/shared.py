"""What several areas of functions need: going through values and lists, and one order of sorting."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from potok.graph.formulas.coerce import money_in, number, operand
from potok.graph.formulas.env import Env
from potok.graph.formulas.limits import MAX_DATA_DEPTH
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.operators import equal, order
from potok.graph.formulas.values import Money, kind_of

Body = Callable[[Env, Any], Any]
"""A formula reckoned for one item."""


def flat(env: Env, values: tuple[Any, ...] | list[Any]) -> Iterator[tuple[Any, bool]]:
    """Every value, also those inside lists: (value, whether it stood alone)."""
    for value in values:
        if type(value) is list:
            yield from ((inner, False) for inner in flattened(env, value))
        else:
            yield value, True


def flattened(env: Env, value: list[Any]) -> Iterator[Any]:
    """The items of a list and of the lists inside it."""
    env.spend(len(value))
    stack = [iter(value)]
    while stack:
        for item in stack[-1]:
            if type(item) is list:
                env.spend(len(item) + 1)
                stack.append(iter(item))
                break
            yield item
        else:
            stack.pop()


def amounts(env: Env, values: tuple[Any, ...]) -> Iterator[Any]:
    """Numbers, money, dates and durations to reckon with.

    Inside lists nothing, "" and yes / no are passed over, as in Excel's ranges; a text that is a number counts
    (data often comes so), any other text is refused rather than silently left out.
    """
    for value, alone in flat(env, values):
        if type(value) is Decimal:
            yield value
        elif alone or not (value is None or value == "" or isinstance(value, bool)):
            yield operand(value)


def only_whole(value: Decimal) -> Decimal:
    """The value itself, unless it has a fraction."""
    if value != value.to_integral_value():
        raise FormulaError("not_whole")
    return value


def alike(env: Env, left: Any, right: Any) -> bool:
    """Whether two values are equal, paid for first."""
    env.weigh(left)
    env.weigh(right)
    return equal(left, right)


def by_order(env: Env, values: list[Any], keys: list[Any], *, descending: bool) -> list[Any]:
    """Values sorted by their keys, equal ones as they were, empty ones last."""
    count = len(values)
    weight = sum(len(key) >> 8 for key in keys if isinstance(key, str))
    env.spend((count + weight) * max(1, count.bit_length()))
    present = [place for place in range(count) if keys[place] is not None]
    if all(isinstance(keys[place], str) for place in present):
        folded = {place: keys[place].casefold() for place in present}
        present.sort(key=folded.__getitem__, reverse=descending)
    elif all(type(keys[place]) in (Decimal, int) for place in present):
        present.sort(key=keys.__getitem__, reverse=descending)
    else:
        present.sort(key=lambda place: cmp_to_key(order)(keys[place]), reverse=descending)
    return [values[place] for place in present] + [values[p] for p in range(count) if keys[p] is None]


def key_of(env: Env, value: Any) -> Any:
    """Something hashable that is the same for equal values, paid for first."""
    env.weigh(value)
    return identity(value)


def identity(value: Any, depth: int = 0) -> Any:
    """Something hashable that is the same for equal values: numbers by value, texts without regard to case."""
    if depth > MAX_DATA_DEPTH:
        raise FormulaError("too_deep", limit=MAX_DATA_DEPTH)
    kind = kind_of(value)
    if kind == "text":
        return kind, value.casefold()
    if kind == "number":
        return kind, number(value)
    if kind == "list":
        return kind, tuple(identity(item, depth + 1) for item in value)
    if kind == "record":
        money = money_in(value)
        if money is not None:
            return identity(money)
        return kind, frozenset((key, identity(inner, depth + 1)) for key, inner in value.items())
    if isinstance(value, Money):
        return kind, value.amount, value.currency
    return kind, value if isinstance(value, date | datetime | timedelta | bool) else None
