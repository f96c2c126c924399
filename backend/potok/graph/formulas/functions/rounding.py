"""Rounding, half away from zero as in Excel; money keeps its currency."""

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal

from potok.graph.formulas.declare import Area, amount_of
from potok.graph.formulas.env import Env
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.values import CONTEXT, EXACT, ZERO, Money

area = Area("rounding", "Rounding", "Округление")

Amount = Decimal | Money


def rounded(value: Decimal, digits: int, rounding: str) -> Decimal:
    """To so many digits after the point (before it, when negative)."""
    if digits > CONTEXT.Emax or digits >= -int(value.as_tuple().exponent):
        return value
    if digits < -CONTEXT.Emax:
        return ZERO
    return EXACT.scaleb(EXACT.scaleb(value, digits).to_integral_value(rounding, context=EXACT), -digits)


def _each(value: Amount, digits: int, rounding: str) -> Amount:
    if isinstance(value, Money):
        return Money(rounded(value.amount, digits, rounding), value.currency)
    return rounded(value, digits, rounding)


def _to_multiple(value: Amount, step: Decimal, rounding: str) -> Amount:
    if isinstance(value, Money):
        return Money(_multiple(value.amount, step, rounding), value.currency)
    return _multiple(value, step, rounding)


def _multiple(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    if not step:
        return ZERO
    count = CONTEXT.divide(value, step).to_integral_value(rounding)
    return CONTEXT.multiply(count, step)


@area.function(
    "ROUND ОКРУГЛ",
    "number|число: amount",
    "digits|знаки: whole = 0",
    returns=amount_of,
    en="Rounds to so many digits after the point, a half away from zero.",
    ru="Округляет до стольких знаков после запятой, половину — от нуля.",
    examples=("ROUND(2.15; 1) -> 2.2", "ROUND(-1.475; 2) -> -1.48", "ROUND(626.3; -3) -> 1000", "ROUND(2.5) -> 3"),
)
def _round(env: Env, number: Amount, digits: int) -> Amount:
    return _each(number, digits, ROUND_HALF_UP)


@area.function(
    "ROUNDUP ОКРУГЛВВЕРХ",
    "number|число: amount",
    "digits|знаки: whole = 0",
    returns=amount_of,
    en="Rounds away from zero.",
    ru="Округляет от нуля.",
    examples=("ROUNDUP(3.2; 0) -> 4", "ROUNDUP(-3.14159; 1) -> -3.2", "ROUNDUP(31415.92654; -2) -> 31500"),
)
def _roundup(env: Env, number: Amount, digits: int) -> Amount:
    return _each(number, digits, ROUND_UP)


@area.function(
    "ROUNDDOWN ОКРУГЛВНИЗ",
    "number|число: amount",
    "digits|знаки: whole = 0",
    returns=amount_of,
    en="Rounds towards zero.",
    ru="Округляет к нулю.",
    examples=("ROUNDDOWN(76.9; 0) -> 76", "ROUNDDOWN(-3.14159; 1) -> -3.1", "ROUNDDOWN(31415.92654; -2) -> 31400"),
)
def _rounddown(env: Env, number: Amount, digits: int) -> Amount:
    return _each(number, digits, ROUND_DOWN)


@area.function(
    "TRUNC ОТБР",
    "number|число: amount",
    "digits|знаки: whole = 0",
    returns=amount_of,
    en="Cuts the digits off.",
    ru="Отбрасывает лишние знаки.",
    examples=("TRUNC(8.9) -> 8", "TRUNC(-8.9) -> -8"),
)
def _trunc(env: Env, number: Amount, digits: int) -> Amount:
    return _each(number, digits, ROUND_DOWN)


@area.function(
    "INT ЦЕЛОЕ",
    "number|число: amount",
    returns=amount_of,
    en="Rounds down to a whole number.",
    ru="Округляет вниз до целого.",
    examples=("INT(8.9) -> 8", "INT(-8.9) -> -9"),
)
def _int(env: Env, number: Amount) -> Amount:
    return _each(number, 0, ROUND_FLOOR)


@area.function(
    "MROUND ОКРУГЛТ",
    "number|число: amount",
    "step|кратное: number",
    returns=amount_of,
    en="Rounds to the nearest multiple of the step.",
    ru="Округляет до ближайшего кратного.",
    examples=(
        "MROUND(10; 3) -> 9",
        "MROUND(-10; -3) -> -9",
        "MROUND(1.3; 0.2) -> 1.4",
        "MROUND(5; -2) -> !no_value",
    ),
)
def _mround(env: Env, number: Amount, step: Decimal) -> Amount:
    amount = number.amount if isinstance(number, Money) else number
    if amount * step < 0:
        raise FormulaError("no_value")
    return _to_multiple(number, step, ROUND_HALF_UP)


@area.function(
    "CEILING ОКРВВЕРХ",
    "number|число: amount",
    "step|кратное: number = 1",
    returns=amount_of,
    en="Rounds up to a multiple of the step.",
    ru="Округляет вверх до кратного.",
    examples=(
        "CEILING(2.5; 1) -> 3",
        "CEILING(-2.5; 2) -> -2",
        "CEILING(-2.5; -2) -> -4",
        "CEILING(0.234; 0.01) -> 0.24",
    ),
)
def _ceiling(env: Env, number: Amount, step: Decimal) -> Amount:
    return _to_multiple(number, *_direction(number, step, ROUND_CEILING))


@area.function(
    "FLOOR ОКРВНИЗ",
    "number|число: amount",
    "step|кратное: number = 1",
    returns=amount_of,
    en="Rounds down to a multiple of the step.",
    ru="Округляет вниз до кратного.",
    examples=(
        "FLOOR(3.7; 2) -> 2",
        "FLOOR(-2.5; -2) -> -2",
        "FLOOR(1.58; 0.1) -> 1.5",
        "FLOOR(2.5; -2) -> !no_value",
    ),
)
def _floor(env: Env, number: Amount, step: Decimal) -> Amount:
    return _to_multiple(number, *_direction(number, step, ROUND_FLOOR))


def _direction(number: Amount, step: Decimal, rounding: str) -> tuple[Decimal, str]:
    """A negative step turns the direction round by itself; a positive number refuses one, as in Excel."""
    amount = number.amount if isinstance(number, Money) else number
    if amount > 0 and step < 0:
        raise FormulaError("no_value")
    return step, rounding


@area.function(
    "EVEN ЧЁТН",
    "number|число: number",
    returns="number",
    en="Rounds away from zero to an even number.",
    ru="Округляет от нуля до чётного числа.",
    examples=("EVEN(1.5) -> 2", "EVEN(3) -> 4", "EVEN(-1) -> -2"),
)
def _even(env: Env, number: Decimal) -> Decimal:
    return _multiple(number, Decimal(2), ROUND_UP)


@area.function(
    "ODD НЕЧЁТ",
    "number|число: number",
    returns="number",
    en="Rounds away from zero to an odd number.",
    ru="Округляет от нуля до нечётного числа.",
    examples=("ODD(1.5) -> 3", "ODD(2) -> 3", "ODD(-2) -> -3", "ODD(0) -> 1"),
)
def _odd(env: Env, number: Decimal) -> Decimal:
    if not number:
        return Decimal(1)
    sign = Decimal(-1 if number < 0 else 1)
    return CONTEXT.add(_multiple(CONTEXT.subtract(number, sign), Decimal(2), ROUND_UP), sign)
