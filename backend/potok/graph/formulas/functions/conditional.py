"""Sums, averages and counts of the items that meet a criterion."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from potok.graph.formulas.declare import Area, item_of
from potok.graph.formulas.env import Env
from potok.graph.formulas.functions.criteria import criterion
from potok.graph.formulas.functions.shared import amounts
from potok.graph.formulas.functions.statistics import total
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.operators import divide, order
from potok.graph.formulas.types import ANY, NUMBER, Type
from potok.graph.formulas.values import ZERO

area = Area("conditional", "Sums and counts by criterion", "Суммы и подсчёты по условию")


def _summed(types: list[Type]) -> Type:
    found = types[2] if len(types) > 2 else types[0] if types else ANY
    inner = found.of or ANY
    return NUMBER if inner == NUMBER else ANY


def chosen(env: Env, values: list[Any], pairs: Sequence[Any]) -> list[Any]:
    """The values at the places where every (list, criterion) pair holds."""
    kept = [True] * len(values)
    for tested, wanted in zip(pairs[::2], pairs[1::2], strict=True):
        if len(tested) != len(values):
            raise FormulaError("lengths_differ")
        env.spend(len(tested))
        test = criterion(env, wanted)
        kept = [holds and test(item) for holds, item in zip(kept, tested, strict=True)]
    return [value for value, holds in zip(values, kept, strict=True) if holds]


@area.function(
    "SUMIF СУММЕСЛИ",
    "list|список: list",
    "criterion|условие: any",
    "values|значения: list?",
    returns=_summed,
    en="Adds up the items that meet the criterion, or the values at their places.",
    ru="Складывает элементы, отвечающие условию, или значения на их местах.",
    examples=(
        'SUMIF({100000; 200000; 300000; 400000}; ">160000") -> 900000',
        'SUMIF({100000; 200000; 300000; 400000}; ">160000"; {7000; 14000; 21000; 28000}) -> 63000',
        'SUMIF({"стол"; "стул"; "шкаф"}; "ст*"; {1; 2; 4}) -> 3',
    ),
)
def _sumif(env: Env, tested: list[Any], wanted: Any, values: list[Any] | None = None) -> Any:
    return total(env, (chosen(env, tested if values is None else values, (tested, wanted)),))


@area.function(
    "SUMIFS СУММЕСЛИМН",
    "values|значения: list",
    "list|список: list...",
    "criterion|условие: any...",
    returns=item_of,
    en="Adds up the values at the places where every criterion holds.",
    ru="Складывает значения там, где верны все условия.",
    examples=('SUMIFS({5; 4; 15; 3}; {"A"; "A"; "B"; "A"}; "A"; {1; 2; 1; 1}; 1) -> 8',),
)
def _sumifs(env: Env, values: list[Any], *pairs: Any) -> Any:
    return total(env, (chosen(env, values, pairs),))


@area.function(
    "COUNTIF СЧЁТЕСЛИ",
    "list|список: list",
    "criterion|условие: any",
    returns="number",
    en='How many items meet the criterion: a value, a text with * and ?, or one like ">10".',
    ru='Сколько элементов отвечает условию: значению, тексту с * и ? или условию вида ">10".',
    examples=(
        'COUNTIF({"apples"; "oranges"; "peaches"; "apples"}; "apples") -> 2',
        'COUNTIF({32; 54; 75; 86}; ">55") -> 2',
        'COUNTIF({32; 54; 75; 86}; "<>75") -> 3',
        'COUNTIF({"a"; EMPTY; ""}; "") -> 2',
    ),
)
def _countif(env: Env, tested: list[Any], wanted: Any) -> Decimal:
    return Decimal(len(chosen(env, tested, (tested, wanted))))


@area.function(
    "COUNTIFS СЧЁТЕСЛИМН",
    "list|список: list...",
    "criterion|условие: any...",
    returns="number",
    en="At how many places every criterion holds.",
    ru="На скольких местах верны все условия.",
    examples=('COUNTIFS({1; 2; 3; 4}; ">1"; {"a"; "a"; "b"; "a"}; "a") -> 2',),
)
def _countifs(env: Env, *pairs: Any) -> Decimal:
    return Decimal(len(chosen(env, pairs[0], pairs)))


@area.function(
    "AVERAGEIF СРЗНАЧЕСЛИ",
    "list|список: list",
    "criterion|условие: any",
    "values|значения: list?",
    returns=_summed,
    en="The average of the items that meet the criterion, or of the values at their places.",
    ru="Среднее элементов, отвечающих условию, или значений на их местах.",
    examples=(
        'AVERAGEIF({7000; 14000; 21000; 28000}; "<23000") -> 14000',
        'AVERAGEIF({1; 2}; ">5") -> !divide_by_zero',
    ),
)
def _averageif(env: Env, tested: list[Any], wanted: Any, values: list[Any] | None = None) -> Any:
    found = list(amounts(env, (chosen(env, tested if values is None else values, (tested, wanted)),)))
    return divide(total(env, (found,)), Decimal(len(found)))


@area.function(
    "MINIFS МИНЕСЛИ",
    "values|значения: list",
    "list|список: list...",
    "criterion|условие: any...",
    returns=item_of,
    en="The smallest of the values at the places where every criterion holds (0 if none).",
    ru="Наименьшее из значений там, где верны все условия (0, если таких нет).",
    examples=("MINIFS({89; 93; 96; 85; 91; 88}; {1; 2; 2; 3; 1; 1}; 1) -> 88",),
)
def _minifs(env: Env, values: list[Any], *pairs: Any) -> Any:
    return min(amounts(env, (chosen(env, values, pairs),)), key=cmp_to_key(order), default=ZERO)


@area.function(
    "MAXIFS МАКСЕСЛИ",
    "values|значения: list",
    "list|список: list...",
    "criterion|условие: any...",
    returns=item_of,
    en="The largest of the values at the places where every criterion holds (0 if none).",
    ru="Наибольшее из значений там, где верны все условия (0, если таких нет).",
    examples=("MAXIFS({89; 93; 96; 85; 91; 88}; {1; 2; 2; 3; 1; 1}; 1) -> 91",),
)
def _maxifs(env: Env, values: list[Any], *pairs: Any) -> Any:
    return max(amounts(env, (chosen(env, values, pairs),)), key=cmp_to_key(order), default=ZERO)
