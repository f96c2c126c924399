"""Every rule by which one kind of value may stand for another. Nothing is converted anywhere else.

| wanted | taken besides itself |
|---|---|
| number | yes = 1, no = 0; empty = 0; text that is a plain number ("-2.5"); no money (AMOUNT gives it) |
| whole | a number, its fraction cut off |
| amount | number or money; a record {amount, currency} is money |
| text | number, money, yes / no, date and time (ISO), duration (ISO 8601); empty = "" |
| boolean | a number (0 is no); empty = no; text: true, yes, да, истина, 1 and false, no, нет, ложь, 0, "" |
| date | date and time (its day); text that begins with an ISO date |
| when | a date or a date and time; text in ISO form (no zone given: UTC) |
| datetime | a date (its midnight, UTC); text as above |
| duration | a number of days; a record {amount, unit} |
| list | empty = an empty list |
| record | (nothing else) |

Signs + - * / ^ take amounts, dates and durations; a text there is a number, else an ISO date, else refused.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any, NoReturn

from potok.graph.formulas.limits import MAX_TEXT
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.values import CONTEXT, ONE, ZERO, Money, kind_of

_NUMBER = re.compile(r"[+-]?[0-9]{1,400}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,3})?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?\s?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_TRUE = frozenset({"true", "yes", "да", "истина", "1"})
_FALSE = frozenset({"false", "no", "нет", "ложь", "0", ""})
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400, "weeks": 604_800}
_LARGEST_BITS = 3_320  # of a whole number below 10^1000


def refuse(value: Any, wanted: str) -> NoReturn:
    """Say that the value is not of the wanted kind."""
    if isinstance(value, str):
        raise FormulaError("bad_text", wanted=wanted, text=value)
    if value is None:
        raise FormulaError("empty_value", wanted=wanted)
    raise FormulaError("wrong_kind", wanted=wanted, found=kind_of(value))


def number(value: Any) -> Decimal:
    """See the table above."""
    if type(value) is Decimal:
        return value
    if value is True:
        return ONE
    if value is None or value is False:
        return ZERO
    if isinstance(value, int):
        if value.bit_length() > _LARGEST_BITS:
            raise FormulaError("number_too_large")
        return Decimal(value)
    if isinstance(value, float):
        found = Decimal(repr(value))
        if not found.is_finite():
            raise FormulaError("number_too_large")
        return found
    if isinstance(value, str):
        found_in_text = number_in(value)
        if found_in_text is not None:
            return found_in_text
    refuse(value, "number")


def number_in(text: str) -> Decimal | None:
    """The number a text is written as, or None."""
    text = text.strip() if len(text) < 1_000 else ""
    return CONTEXT.create_decimal(text) if _NUMBER.fullmatch(text) else None


def whole(value: Any) -> int:
    """A Python int, for places and counts."""
    found = number(value)
    if abs(found) >= 10**15:
        raise FormulaError("number_too_large")
    return int(found)


def amount(value: Any) -> Decimal | Money:
    """A number or money."""
    if type(value) is Decimal or type(value) is Money:
        return value
    return money_in(value) or number(value)


def money_in(value: Any) -> Money | None:
    """Money as data has it: {"amount": "12.50", "currency": "RUB"}."""
    if isinstance(value, Mapping) and value.keys() == {"amount", "currency"}:
        return Money(number(value["amount"]), currency(value["currency"]))
    return value if isinstance(value, Money) else None


def currency(value: Any) -> str:
    """Three capital letters."""
    code = text(value).strip().upper()
    if len(code) != 3 or not (code.isascii() and code.isalpha()):
        raise FormulaError("bad_currency", text=code)
    return code


def text(value: Any) -> str:
    """How a value reads inside a text."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Money):
        return f"{digits(value.amount)} {value.currency}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return iso_duration(value)
    money = money_in(value)
    if money is not None:
        return text(money)
    if isinstance(value, Decimal | int | float):
        return digits(number(value))
    refuse(value, "text")


def digits(value: Decimal) -> str:
    """A number without exponent and without needless zeros; beyond 10^30 with exponent."""
    if not value:
        return "0"
    if -30 <= value.adjusted() <= 30:
        shown = format(value, "f")
        return shown.rstrip("0").rstrip(".") if "." in shown else shown
    return str(CONTEXT.normalize(value))


def iso_duration(value: timedelta) -> str:
    """As ISO 8601: P1DT2H30M."""
    sign, span = ("-", -value) if value < timedelta(0) else ("", value)
    hours, rest = divmod(span.seconds, 3_600)
    minutes, seconds = divmod(rest, 60)
    exact = digits(Decimal(seconds) + Decimal(span.microseconds) / 1_000_000)
    parts = [f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (exact, "S")) if n not in (0, "0")]
    days = f"{span.days}D" if span.days or not parts else ""
    return f"{sign}P{days}{'T' if parts else ''}{''.join(parts)}"


def boolean(value: Any) -> bool:
    """Yes or no."""
    if value is True or value is False:
        return bool(value)
    if value is None:
        return False
    if isinstance(value, str):
        word = value.strip().casefold()
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
        refuse(value, "boolean")
    if isinstance(value, Decimal | int | float):
        return number(value) != 0
    refuse(value, "boolean")


def when_in(value: str, zone: tzinfo = UTC) -> date | datetime | None:
    """The date or the moment a text is written as (ISO 8601), or None. `zone`: of a moment that names none."""
    shown = value.strip() if len(value) < 50 else ""
    try:
        if _DATE.fullmatch(shown):
            return date.fromisoformat(shown)
        if _MOMENT.fullmatch(shown):
            found = datetime.fromisoformat(shown.replace(" ", "T", 1).replace(" ", ""))
            return found if found.tzinfo is not None else found.replace(tzinfo=zone)
    except ValueError:  # the 30th of February
        return None
    return None


def when(value: Any) -> date | datetime:
    """A date, or an aware moment."""
    if isinstance(value, datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        found = when_in(value)
        if found is not None:
            return found
    refuse(value, "date")


def day(value: Any) -> date:
    """A date without time."""
    found = when(value)
    return found.date() if isinstance(found, datetime) else found


def moment(value: Any) -> datetime:
    """An aware moment."""
    found = when(value)
    return found if isinstance(found, datetime) else datetime.combine(found, time(), UTC)


def duration(value: Any) -> timedelta:
    """A length of time."""
    if isinstance(value, timedelta):
        return value
    found = duration_in(value)
    if found is not None:
        return found
    if isinstance(value, str) or value is None or isinstance(value, bool):
        refuse(value, "duration")
    return days(number(value))


def duration_in(value: Any) -> timedelta | None:
    """A duration as data has it: {"amount": 2, "unit": "hours"}."""
    if isinstance(value, timedelta):
        return value
    if isinstance(value, Mapping) and value.keys() == {"amount", "unit"}:
        unit = value["unit"]
        if isinstance(unit, str) and unit in _SECONDS:
            return seconds(CONTEXT.multiply(number(value["amount"]), Decimal(_SECONDS[unit])))
    return None


def days(count: Decimal) -> timedelta:
    """So many days, to the microsecond."""
    return seconds(CONTEXT.multiply(count, Decimal(86_400)))


def seconds(count: Decimal) -> timedelta:
    """So many seconds, to the microsecond. Refuses more than ten thousand years."""
    if abs(count) > 315_576_000_000:
        raise FormulaError("date_out_of_range")
    return timedelta(microseconds=int(CONTEXT.multiply(count, Decimal(1_000_000)).to_integral_value()))


def items(value: Any) -> list[Any]:
    """A list."""
    if type(value) is list:
        return value
    if value is None:
        return []
    refuse(value, "list")


def record(value: Any) -> Mapping[str, Any]:
    """A record."""
    if isinstance(value, Mapping):
        return value
    refuse(value, "record")


def operand(value: Any) -> Any:
    """What the signs reckon with: Decimal, Money, date, datetime or timedelta."""
    if type(value) is Decimal:
        return value
    if isinstance(value, str):
        found: Any = number_in(value)
        found = found if found is not None else when_in(value)
        return found if found is not None else refuse(value, "number")
    if isinstance(value, Money | timedelta):
        return value
    if isinstance(value, datetime | date):
        return when(value)
    if isinstance(value, Mapping):
        structured = money_in(value) or duration_in(value)
        return structured if structured is not None else refuse(value, "number")
    return number(value)


def short_enough(made: str) -> str:
    """The text itself, unless it is beyond the limit."""
    if len(made) > MAX_TEXT:
        raise FormulaError("text_too_long", limit=MAX_TEXT)
    return made


COERCIONS: dict[str, Callable[[Any], Any]] = {
    "number": number,
    "whole": whole,
    "amount": amount,
    "text": text,
    "boolean": boolean,
    "date": day,
    "when": when,
    "datetime": moment,
    "duration": duration,
    "list": items,
    "record": record,
}
"""By the kind a parameter declares. `any` and `values` are taken as they come."""
