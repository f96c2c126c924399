"""What the signs do: + - * / ^ & and the comparisons, for every pair of kinds that makes sense."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation, Overflow
from typing import Any, TypeVar

from potok.graph.formulas.coerce import (
    days,
    digits,
    money_in,
    number,
    number_in,
    operand,
    short_enough,
    text,
    when_in,
)
from potok.graph.formulas.limits import MAX_DATA_DEPTH
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.values import CONTEXT, HUNDRED, Money, kind_of

_DAY = timedelta(days=1)
Value = TypeVar("Value")


def add(left: Any, right: Any) -> Any:
    """Amounts; a date or a moment and a duration or a number of days."""
    if type(left) is Decimal and type(right) is Decimal:
        return _kept(CONTEXT.add, left, right)
    a, b = operand(left), operand(right)
    if isinstance(a, timedelta | Decimal) and isinstance(b, date):
        a, b = b, a
    if isinstance(a, date):
        return _moved(a, b, 1)
    if isinstance(a, timedelta) or isinstance(b, timedelta):
        if isinstance(a, timedelta) and isinstance(b, timedelta):
            return _in_range(lambda: a + b)
        raise _mismatch("+", a, b)
    return _of_currency(a, b, _kept(CONTEXT.add, _amount(a), _amount(b)))


def subtract(left: Any, right: Any) -> Any:
    """Amounts; dates (days between them), moments (a duration), a date less a duration or days."""
    if type(left) is Decimal and type(right) is Decimal:
        return _kept(CONTEXT.subtract, left, right)
    a, b = operand(left), operand(right)
    if isinstance(a, date):
        return _between(a, b) if isinstance(b, date) else _moved(a, b, -1)
    if isinstance(a, timedelta) and isinstance(b, timedelta):
        return _in_range(lambda: a - b)
    if isinstance(a, timedelta) or isinstance(b, timedelta | date):
        raise _mismatch("-", a, b)
    return _of_currency(a, b, _kept(CONTEXT.subtract, _amount(a), _amount(b)))


def multiply(left: Any, right: Any) -> Any:
    """Numbers; money or a duration by a number."""
    if type(left) is Decimal and type(right) is Decimal:
        return _kept(CONTEXT.multiply, left, right)
    a, b = operand(left), operand(right)
    if isinstance(a, Decimal):
        a, b = b, a
    if not isinstance(b, Decimal) or isinstance(a, date):
        raise _mismatch("*", a, b)
    if isinstance(a, timedelta):
        return days(_kept(CONTEXT.multiply, in_days(a), b))
    if isinstance(a, Money):
        return Money(_kept(CONTEXT.multiply, a.amount, b), a.currency)
    return _kept(CONTEXT.multiply, a, b)


def divide(left: Any, right: Any) -> Any:
    """Numbers; money or a duration by a number; money by money of the same currency, durations: a number."""
    if type(left) is Decimal and type(right) is Decimal:
        return _quotient(left, right)
    a, b = operand(left), operand(right)
    if isinstance(a, date) or isinstance(b, date):
        raise _mismatch("/", a, b)
    if isinstance(a, timedelta):
        if isinstance(b, timedelta):
            return _quotient(in_days(a), in_days(b))
        if isinstance(b, Decimal):
            return days(_quotient(in_days(a), b))
        raise _mismatch("/", a, b)
    if isinstance(b, timedelta) or (isinstance(b, Money) and not isinstance(a, Money)):
        raise _mismatch("/", a, b)
    found = _quotient(_amount(a), _amount(b))
    if isinstance(a, Money) and isinstance(b, Money):
        same_currency(a, b)
        return found
    return Money(found, a.currency) if isinstance(a, Money) else found


def power(left: Any, right: Any) -> Decimal:
    """Numbers. Refuses what has no value or is beyond 10^1000."""
    base, exponent = number(left), number(right)
    if not base and not exponent:
        raise FormulaError("no_value")  # as Excel: 0^0 is #NUM!
    if not base and exponent < 0:
        raise FormulaError("divide_by_zero")
    if base < 0 and exponent != exponent.to_integral_value():
        raise FormulaError("no_value")
    return _kept(CONTEXT.power, base, exponent)


def join(left: Any, right: Any) -> str:
    """Two values as one text."""
    return short_enough(text(left) + text(right))


def negate(value: Any) -> Any:
    """The value with the other sign."""
    found = operand(value)
    if isinstance(found, date):
        raise FormulaError("wrong_kind", wanted="number", found=kind_of(found))
    if isinstance(found, Money):
        return Money(found.amount.copy_negate(), found.currency)
    return found.copy_negate() if isinstance(found, Decimal) and found else found if found == 0 else -found


def percent(value: Any) -> Decimal:
    """A hundredth."""
    return _kept(CONTEXT.divide, number(value), HUNDRED)


def in_days(value: timedelta) -> Decimal:
    """A duration as an exact number of days."""
    micros = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
    return CONTEXT.divide(Decimal(micros), Decimal(86_400_000_000))


def _kept(reckon: Callable[[Decimal, Decimal], Decimal], left: Decimal, right: Decimal) -> Decimal:
    try:
        return reckon(left, right)
    except Overflow:
        raise FormulaError("number_too_large") from None
    except InvalidOperation:
        raise FormulaError("no_value") from None


def _quotient(left: Decimal, right: Decimal) -> Decimal:
    if not right:
        raise FormulaError("divide_by_zero")
    return _kept(CONTEXT.divide, left, right)


def _amount(value: Any) -> Decimal:
    return value.amount if isinstance(value, Money) else value


def _of_currency(left: Any, right: Any, found: Decimal) -> Decimal | Money:
    """A plain number beside money is taken in its currency."""
    if isinstance(left, Money):
        if isinstance(right, Money):
            same_currency(left, right)
        return Money(found, left.currency)
    return Money(found, right.currency) if isinstance(right, Money) else found


def same_currency(left: Money, right: Money) -> None:
    """Refuses two currencies in one sum."""
    if left.currency != right.currency:
        raise FormulaError("two_currencies", first=left.currency, second=right.currency)


def _moved(start: date, by: Any, sign: int) -> date | datetime:
    span: Any = days(by) if isinstance(by, Decimal) else by
    if not isinstance(span, timedelta):
        raise _mismatch("+" if sign > 0 else "-", start, by)
    if not isinstance(start, datetime) and span % _DAY:
        raise FormulaError("date_without_time")
    if not isinstance(start, datetime):
        return _in_range(lambda: start + sign * span)
    if isinstance(by, Decimal):  # days of the calendar keep the time on the clock
        return _in_range(lambda: start + sign * span)
    return _in_range(lambda: (start.astimezone(UTC) + sign * span).astimezone(start.tzinfo))


def _between(left: date, right: date) -> Decimal | timedelta:
    if isinstance(left, datetime) or isinstance(right, datetime):
        later, earlier = _aligned(left, right)
        return later - earlier
    return Decimal((left - right).days)


def _aligned(left: date, right: date) -> tuple[datetime, datetime]:
    """A date beside a moment means its midnight in the moment's zone."""
    zone = left.tzinfo if isinstance(left, datetime) else right.tzinfo if isinstance(right, datetime) else None
    made = [one if isinstance(one, datetime) else datetime.combine(one, time(), zone) for one in (left, right)]
    return _in_range(lambda: (made[0].astimezone(UTC), made[1].astimezone(UTC)))


def _in_range(reckon: Callable[[], Value]) -> Value:
    try:
        return reckon()
    except OverflowError:
        raise FormulaError("date_out_of_range") from None


def _mismatch(sign: str, left: Any, right: Any) -> FormulaError:
    return FormulaError("sign_mismatch", sign=sign, found=kind_of(left), other=kind_of(right))


_PLAIN = frozenset({Decimal, int})


def equal(left: Any, right: Any, depth: int = 0) -> bool:
    """Texts in any case; numbers also when written as text; empty equals "" and 0. Never refuses kinds."""
    if type(left) in _PLAIN and type(right) in _PLAIN:
        return bool(left == right)
    if type(left) is str and type(right) is str:
        return left == right or left.casefold() == right.casefold()
    if isinstance(left, list) and isinstance(right, list):
        _not_too_deep(depth)
        return len(left) == len(right) and all(equal(a, b, depth + 1) for a, b in zip(left, right, strict=True))
    if left is None or right is None:
        other = left if right is None else right
        return (
            other is None or other == "" or (type(other) is not bool and kind_of(other) == "number" and not other)
        )
    try:
        found = compare(left, right)
    except FormulaError as error:
        if error.code == "two_currencies":
            return False
        found = None
    if found is None and isinstance(left, Mapping) and isinstance(right, Mapping):
        _not_too_deep(depth)
        return left.keys() == right.keys() and all(equal(left[key], right[key], depth + 1) for key in left)
    return found == 0


def _not_too_deep(depth: int) -> None:
    if depth > MAX_DATA_DEPTH:
        raise FormulaError("too_deep", limit=MAX_DATA_DEPTH)


def order(left: Any, right: Any) -> int:
    """-1, 0 or 1. Refuses two values that have no order."""
    if type(left) in _PLAIN and type(right) in _PLAIN:
        return int(left > right) - int(left < right)
    found = compare(left, right)
    if found is None:
        raise FormulaError("no_order", found=kind_of(left), other=kind_of(right))
    return found


def compare(left: Any, right: Any) -> int | None:
    """Like `order`, but None where there is none. Raises FormulaError for two currencies."""
    a, b = _comparable(left, right), _comparable(right, left)
    if isinstance(a, Money) and isinstance(b, Money):
        same_currency(a, b)
    a = a.amount if isinstance(a, Money) and isinstance(b, Money | Decimal) else a
    b = b.amount if isinstance(b, Money) and isinstance(a, Decimal) else b
    if isinstance(a, date) and isinstance(b, date) and (isinstance(a, datetime) or isinstance(b, datetime)):
        a, b = _aligned(a, b)
        return (a > b) - (a < b)
    if isinstance(a, str) and isinstance(b, str):
        a, b = a.casefold(), b.casefold()
    for kinds in (Decimal, str, bool, date, timedelta):
        if isinstance(a, kinds) and isinstance(b, kinds):
            return int(a > b) - int(a < b)  # type: ignore[operator]  # both are of one kind
    return None


def _comparable(value: Any, other: Any) -> Any:
    """In a form Python orders; a text beside a number or a date is read as one, empty beside a number is 0."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, str):
        kind = kind_of(other)
        read = number_in(value) if kind in ("number", "money") else None
        read_date = when_in(value) if kind in ("date", "datetime") else None
        return read if read is not None else read_date if read_date is not None else value
    if value is None:
        return {"text": "", "number": number(0), "money": number(0), "boolean": False}.get(kind_of(other))
    if isinstance(value, Mapping):
        money = money_in(value)
        return money if money is not None else value
    return operand(value) if isinstance(value, date | Money | timedelta) else value


BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "^": power,
    "&": join,
    "=": equal,
    "<>": lambda left, right: not equal(left, right),
    "<": lambda left, right: order(left, right) < 0,
    "<=": lambda left, right: order(left, right) <= 0,
    ">": lambda left, right: order(left, right) > 0,
    ">=": lambda left, right: order(left, right) >= 0,
}
"""By the sign."""

COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})

__all__ = [
    "BINARY",
    "COMPARISONS",
    "compare",
    "digits",
    "equal",
    "in_days",
    "negate",
    "order",
    "percent",
    "same_currency",
]
