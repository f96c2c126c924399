"""Sums, averages and counts of values and lists."""

from decimal import Decimal
from functools import cmp_to_key, reduce
from typing import Any

from potok.graph.formulas.coerce import number_in
from potok.graph.formulas.declare import Area, item_of, sum_of
from potok.graph.formulas.env import Env
from potok.graph.formulas.functions.logic import is_empty
from potok.graph.formulas.functions.shared import amounts, by_order, flat
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.operators import add, divide, multiply, order
from potok.graph.formulas.types import ANY, NUMBER, Type
from potok.graph.formulas.values import ONE, ZERO, kind_of

area = Area("statistics", "Sums and counts", "Суммы и подсчёты")


def _numbers_of(types: list[Type]) -> Type:
    found = sum_of(types)
    return NUMBER if found.kind == "empty" else found


@area.function(
    "SUM СУММ",
    "value|значение: values...",
    returns=_numbers_of,
    en="The sum of numbers, money or durations; lists are added up item by item.",
    ru="Сумма чисел, денег или длительностей; списки складываются по элементам.",
    examples=(
        "SUM(3; 2) -> 5",
        "SUM({5; 15; 30}; 2) -> 52",
        'SUM("5"; 15; TRUE) -> 21',
        'SUM(MONEY(1.1; "RUB"); MONEY(2.2; "RUB")) -> MONEY(3.3; "RUB")',
        'SUM(MONEY(1; "RUB"); MONEY(1; "USD")) -> !two_currencies',
    ),
)
def _sum(env: Env, *values: Any) -> Any:
    return total(env, values)


def total(env: Env, values: tuple[Any, ...]) -> Any:
    """The sum, 0 of nothing."""
    found = list(amounts(env, values))
    return reduce(add, found) if found else ZERO


@area.function(
    "AVERAGE СРЗНАЧ",
    "value|значение: values...",
    returns=_numbers_of,
    en="The average.",
    ru="Среднее значение.",
    examples=(
        "AVERAGE({10; 7; 9; 27; 2}) -> 11",
        "AVERAGE({10; 7; 9; 27; 2}; 5) -> 10",
        "AVERAGE({}) -> !divide_by_zero",
    ),
)
def _average(env: Env, *values: Any) -> Any:
    found = list(amounts(env, values))
    return divide(reduce(add, found), Decimal(len(found))) if found else divide(ZERO, ZERO)


@area.function(
    "MIN МИН",
    "value|значение: values...",
    returns=_numbers_of,
    en="The smallest number, amount or date (0 of nothing).",
    ru="Наименьшее число, сумма или дата (0, если значений нет).",
    examples=(
        "MIN({10; 7; 9; 27; 2}) -> 2",
        "MIN({10; 7}; 0) -> 0",
        "MIN(DATE(2026; 2; 1); DATE(2026; 1; 1)) -> DATE(2026; 1; 1)",
    ),
)
def _min(env: Env, *values: Any) -> Any:
    return min(amounts(env, values), key=cmp_to_key(order), default=ZERO)


@area.function(
    "MAX МАКС",
    "value|значение: values...",
    returns=_numbers_of,
    en="The largest number, amount or date (0 of nothing).",
    ru="Наибольшее число, сумма или дата (0, если значений нет).",
    examples=("MAX({10; 7; 9; 27; 2}) -> 27", "MAX({10; 7}; 30) -> 30"),
)
def _max(env: Env, *values: Any) -> Any:
    return max(amounts(env, values), key=cmp_to_key(order), default=ZERO)


@area.function(
    "COUNT СЧЁТ",
    "value|значение: any...",
    returns="number",
    en="How many of the values are numbers, amounts or dates.",
    ru="Сколько значений — числа, суммы или даты.",
    examples=('COUNT({1; "a"; 3; EMPTY}) -> 2', 'COUNT(1; "5"; "x") -> 2', "COUNT({}) -> 0"),
)
def _count(env: Env, *values: Any) -> Decimal:
    return Decimal(sum(_is_counted(value) for value, _ in flat(env, values)))


def _is_counted(value: Any) -> bool:
    if isinstance(value, str):
        return number_in(value) is not None
    return kind_of(value) in ("number", "money", "date", "datetime")


@area.function(
    "COUNTA СЧЁТЗ",
    "value|значение: any...",
    returns="number",
    en="How many values are there at all (nothing is not counted).",
    ru="Сколько всего значений (пустые не считаются).",
    examples=('COUNTA({1; "a"; ""; EMPTY; TRUE}) -> 4', "COUNTA({}) -> 0"),
)
def _counta(env: Env, *values: Any) -> Decimal:
    return Decimal(sum(value is not None for value, _ in flat(env, values)))


@area.function(
    "COUNTBLANK СЧИТАТЬПУСТОТЫ",
    "value|значение: any...",
    returns="number",
    en="How many values are empty.",
    ru="Сколько значений пустых.",
    examples=('COUNTBLANK({1; ""; EMPTY; "a"}) -> 2',),
)
def _countblank(env: Env, *values: Any) -> Decimal:
    return Decimal(sum(is_empty(value) for value, _ in flat(env, values)))


@area.function(
    "PRODUCT ПРОИЗВЕД",
    "value|значение: values...",
    returns=_numbers_of,
    en="The product of numbers (0 of nothing).",
    ru="Произведение чисел (0, если значений нет).",
    examples=("PRODUCT({5; 15; 30}) -> 2250", "PRODUCT({5; 15; 30}; 2) -> 4500", "PRODUCT({}) -> 0"),
)
def _product(env: Env, *values: Any) -> Any:
    found = list(amounts(env, values))
    return reduce(multiply, found, ONE) if found else ZERO


@area.function(
    "MEDIAN МЕДИАНА",
    "value|значение: values...",
    returns=_numbers_of,
    en="The number in the middle when sorted.",
    ru="Число посередине, если расставить по порядку.",
    examples=("MEDIAN({1; 2; 3; 4; 5}) -> 3", "MEDIAN({1; 2; 3; 4; 5; 6}) -> 3.5", "MEDIAN({}) -> !no_value"),
)
def _median(env: Env, *values: Any) -> Any:
    found = list(amounts(env, values))
    if not found:
        raise FormulaError("no_value")
    ranked = by_order(env, found, found, descending=False)
    middle = len(ranked) // 2
    return ranked[middle] if len(ranked) % 2 else divide(add(ranked[middle - 1], ranked[middle]), Decimal(2))


@area.function(
    "LARGE НАИБОЛЬШИЙ",
    "values|значения: list",
    "place|место: whole",
    returns=item_of,
    en="The number at this place, counted from the largest.",
    ru="Число на этом месте, считая от наибольшего.",
    examples=("LARGE({3; 5; 3; 5; 4}; 3) -> 4", "LARGE({1}; 2) -> !out_of_range"),
)
def _large(env: Env, values: list[Any], place: int) -> Any:
    return _ranked(env, values, place, descending=True)


@area.function(
    "SMALL НАИМЕНЬШИЙ",
    "values|значения: list",
    "place|место: whole",
    returns=item_of,
    en="The number at this place, counted from the smallest.",
    ru="Число на этом месте, считая от наименьшего.",
    examples=("SMALL({3; 4; 5; 2; 3; 4; 6; 4; 7}; 4) -> 4",),
)
def _small(env: Env, values: list[Any], place: int) -> Any:
    return _ranked(env, values, place, descending=False)


def _ranked(env: Env, values: list[Any], place: int, *, descending: bool) -> Any:
    found = list(amounts(env, (values,)))
    if not 1 <= place <= len(found):
        raise FormulaError("out_of_range", place=place, count=len(found))
    return by_order(env, found, found, descending=descending)[place - 1]


def _product_type(types: list[Type]) -> Type:
    inner = [one.of or ANY for one in types]
    return NUMBER if inner and all(one == NUMBER for one in inner) else ANY


@area.function(
    "SUMPRODUCT СУММПРОИЗВ",
    "list|список: list...",
    returns=_product_type,
    en="Multiplies the lists item by item and adds the products up.",
    ru="Перемножает списки поэлементно и складывает произведения.",
    examples=("SUMPRODUCT({3; 8; 1}; {2; 6; 9}) -> 63", "SUMPRODUCT({1; 2}; {1}) -> !lengths_differ"),
)
def _sumproduct(env: Env, *lists: list[Any]) -> Any:
    if len({len(one) for one in lists}) > 1:
        raise FormulaError("lengths_differ")
    rows = [reduce(multiply, row) for row in zip(*lists, strict=True)]
    return total(env, (rows,))
