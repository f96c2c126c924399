"""Reckoning with numbers."""

from decimal import Decimal, InvalidOperation, Overflow
from typing import Any

from potok.graph.formulas.declare import Area, amount_of
from potok.graph.formulas.env import Env
from potok.graph.formulas.functions.shared import only_whole
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.operators import order, power
from potok.graph.formulas.values import CONTEXT, ONE, ZERO, Money

area = Area("numbers", "Numbers", "Числа")

_PI = Decimal("3.141592653589793238462643383279503")


def _of_amount(value: Decimal | Money, reckon: Any) -> Decimal | Money:
    return Money(reckon(value.amount), value.currency) if isinstance(value, Money) else reckon(value)


@area.function(
    "ABS МОДУЛЬ",
    "number|число: amount",
    returns=amount_of,
    en="The number without its sign.",
    ru="Число без знака.",
    examples=("ABS(-2.5) -> 2.5", 'ABS(MONEY(-3; "RUB")) -> MONEY(3; "RUB")'),
)
def _abs(env: Env, number: Decimal | Money) -> Decimal | Money:
    return _of_amount(number, Decimal.copy_abs)


@area.function(
    "SIGN ЗНАК",
    "number|число: amount",
    returns="number",
    en="1 for more than nothing, -1 for less, 0 for nothing.",
    ru="1, если число больше нуля, -1, если меньше, 0, если ноль.",
    examples=("SIGN(10) -> 1", "SIGN(-0.1) -> -1", "SIGN(0) -> 0"),
)
def _sign(env: Env, number: Decimal | Money) -> Decimal:
    amount = number.amount if isinstance(number, Money) else number
    return Decimal((amount > 0) - (amount < 0))


@area.function(
    "MOD ОСТАТ",
    "number|число: number",
    "divisor|делитель: number",
    returns="number",
    en="The rest of a division; has the divisor's sign.",
    ru="Остаток от деления; знак — как у делителя.",
    examples=("MOD(3; 2) -> 1", "MOD(-3; 2) -> 1", "MOD(3; -2) -> -1", "MOD(1; 0) -> !divide_by_zero"),
)
def _mod(env: Env, number: Decimal, divisor: Decimal) -> Decimal:
    if not divisor:
        raise FormulaError("divide_by_zero")
    rest = _tried(CONTEXT.remainder, number, divisor)
    return CONTEXT.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


@area.function(
    "QUOTIENT ЧАСТНОЕ",
    "number|число: number",
    "divisor|делитель: number",
    returns="number",
    en="How many whole times the divisor goes into the number.",
    ru="Сколько целых раз делитель помещается в числе.",
    examples=("QUOTIENT(5; 2) -> 2", "QUOTIENT(4.5; 3.1) -> 1", "QUOTIENT(-10; 3) -> -3"),
)
def _quotient(env: Env, number: Decimal, divisor: Decimal) -> Decimal:
    if not divisor:
        raise FormulaError("divide_by_zero")
    return _tried(CONTEXT.divide_int, number, divisor)


@area.function(
    "POWER СТЕПЕНЬ",
    "number|число: number",
    "exponent|степень: number",
    returns="number",
    en="The number raised to a power.",
    ru="Число в степени.",
    examples=("POWER(5; 2) -> 25", "POWER(2; -1) -> 0.5", "POWER(10; 5000) -> !number_too_large"),
)
def _power(env: Env, number: Decimal, exponent: Decimal) -> Decimal:
    return power(number, exponent)


@area.function(
    "SQRT КОРЕНЬ",
    "number|число: number",
    returns="number",
    en="The square root.",
    ru="Квадратный корень.",
    examples=("SQRT(16) -> 4", "SQRT(-16) -> !no_value"),
)
def _sqrt(env: Env, number: Decimal) -> Decimal:
    return _tried(CONTEXT.sqrt, number)


@area.function(
    "EXP EXP ЭКСП",
    "number|число: number",
    returns="number",
    en="e raised to a power.",
    ru="Число e в степени.",
    examples=("ROUND(EXP(1); 8) -> 2.71828183", "EXP(0) -> 1", "EXP(100000) -> !number_too_large"),
)
def _exp(env: Env, number: Decimal) -> Decimal:
    return _tried(CONTEXT.exp, number)


@area.function(
    "LN LN",
    "number|число: number",
    returns="number",
    en="The natural logarithm.",
    ru="Натуральный логарифм.",
    examples=("ROUND(LN(86); 7) -> 4.4543473", "LN(1) -> 0", "LN(0) -> !no_value"),
)
def _ln(env: Env, number: Decimal) -> Decimal:
    if number <= 0:
        raise FormulaError("no_value")
    return _tried(CONTEXT.ln, number)


@area.function(
    "LOG LOG",
    "number|число: number",
    "base|основание: number = 10",
    returns="number",
    en="The logarithm to a base (10 unless said).",
    ru="Логарифм по основанию (по умолчанию 10).",
    examples=("LOG(10) -> 1", "LOG(8; 2) -> 3", "ROUND(LOG(86; 2.7182818); 7) -> 4.4543473"),
)
def _log(env: Env, number: Decimal, base: Decimal) -> Decimal:
    if number <= 0 or base <= 0 or base == 1:
        raise FormulaError("no_value")
    if base == 10:
        return _tried(CONTEXT.log10, number)
    found = CONTEXT.divide(CONTEXT.ln(number), CONTEXT.ln(base))
    near = found.to_integral_value()  # LOG(8; 2) is 3, not 2.99...
    return near if abs(near) < 4_000 and _tried(CONTEXT.power, base, near) == number else found


@area.function(
    "PI ПИ",
    returns="number",
    en="The number π, 34 digits of it.",
    ru="Число π, 34 знака.",
    examples=("ROUND(PI(); 4) -> 3.1416",),
)
def _pi(env: Env) -> Decimal:
    return _PI


@area.function(
    "GCD НОД",
    "first|первое: number",
    "second|второе: number",
    returns="number",
    en="The greatest whole number both can be divided by.",
    ru="Наибольший общий делитель двух целых чисел.",
    examples=("GCD(24; 36) -> 12", "GCD(5; 0) -> 5"),
)
def _gcd(env: Env, first: Decimal, second: Decimal) -> Decimal:
    a, b = abs(only_whole(first)), abs(only_whole(second))
    while b:
        a, b = b, _tried(CONTEXT.remainder, a, b)
    return a


@area.function(
    "LCM НОК",
    "first|первое: number",
    "second|второе: number",
    returns="number",
    en="The smallest whole number that can be divided by both.",
    ru="Наименьшее общее кратное двух целых чисел.",
    examples=("LCM(24; 36) -> 72", "LCM(5; 2) -> 10"),
)
def _lcm(env: Env, first: Decimal, second: Decimal) -> Decimal:
    divisor = _gcd(env, first, second)
    if not divisor:
        return ZERO
    return abs(_tried(CONTEXT.multiply, _tried(CONTEXT.divide_int, first, divisor), second))


@area.function(
    "ISEVEN ЕЧЁТН",
    "number|число: number",
    returns="boolean",
    en="Whether the number, without its fraction, is even.",
    ru="Чётно ли число (без дробной части).",
    examples=("ISEVEN(-2) -> TRUE", "ISEVEN(2.5) -> TRUE", "ISEVEN(5) -> FALSE"),
)
def _iseven(env: Env, number: Decimal) -> bool:
    return not _tried(CONTEXT.remainder, number.to_integral_value("ROUND_DOWN"), Decimal(2))


@area.function(
    "ISODD ЕНЕЧЁТ",
    "number|число: number",
    returns="boolean",
    en="Whether the number, without its fraction, is odd.",
    ru="Нечётно ли число (без дробной части).",
    examples=("ISODD(-1) -> TRUE", "ISODD(2.5) -> FALSE"),
)
def _isodd(env: Env, number: Decimal) -> bool:
    return not _iseven(env, number)


@area.function(
    "CLAMP ВПРЕДЕЛАХ",
    "number|число: amount",
    "least|наименьшее: amount",
    "most|наибольшее: amount",
    returns=amount_of,
    en="The number, but no less and no more than the bounds.",
    ru="Число, но не меньше и не больше границ.",
    examples=("CLAMP(15; 0; 10) -> 10", "CLAMP(-1; 0; 10) -> 0", "CLAMP(7; 0; 10) -> 7"),
)
def _clamp(env: Env, number: Any, least: Any, most: Any) -> Any:
    return least if order(number, least) < 0 else most if order(number, most) > 0 else number


@area.function(
    "BETWEEN МЕЖДУ",
    "value|значение: any",
    "from|от: any",
    "to|до: any",
    returns="boolean",
    en="Whether the value lies between the two, both included.",
    ru="Лежит ли значение между двумя другими, включая их.",
    examples=(
        "BETWEEN(5; 1; 5) -> TRUE",
        "BETWEEN(DATE(2026; 1; 15); DATE(2026; 2; 1); DATE(2026; 3; 1)) -> FALSE",
    ),
)
def _between(env: Env, value: Any, least: Any, most: Any) -> bool:
    return order(value, least) >= 0 and order(value, most) <= 0


def _tried(reckon: Any, *numbers: Decimal) -> Decimal:
    try:
        found: Decimal = reckon(*numbers)
    except Overflow:
        raise FormulaError("number_too_large") from None
    except InvalidOperation:
        raise FormulaError("no_value") from None
    return found if found != ONE else ONE
