"""Lists: choosing, changing and ordering their items. `item` (`элемент`) stands for each item in turn."""

from decimal import Decimal
from typing import Any

from potok.graph.formulas.coerce import boolean
from potok.graph.formulas.coerce import text as as_text
from potok.graph.formulas.declare import Area, item_of, list_by_formula, same_list
from potok.graph.formulas.env import Env
from potok.graph.formulas.functions.shared import Body, by_order, flattened, key_of
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.types import ANY, NUMBER, Type, join, list_of
from potok.graph.formulas.values import CONTEXT

area = Area("lists", "Lists", "Списки")


@area.function(
    "FILTER ФИЛЬТР",
    "list|список: list",
    "condition|условие: formula",
    returns=same_list,
    en="The items for which the condition holds.",
    ru="Элементы, для которых верно условие.",
    examples=("FILTER({1; 5; 10}; item > 3) -> {5; 10}", "FILTER({1; 5}; n => n > 9) -> {}"),
)
def _filter(env: Env, values: list[Any], condition: Body) -> list[Any]:
    return [value for value in values if boolean(condition(env, value))]


@area.function(
    "MAP ПРЕОБРАЗОВАТЬ",
    "list|список: list",
    "formula|формула: formula",
    returns=list_by_formula,
    en="What the formula gives for each item.",
    ru="Результат формулы для каждого элемента.",
    examples=(
        "MAP({1; 2; 3}; item * 2) -> {2; 4; 6}",
        "MAP({{1; 2}; {3}}; row => SUM(MAP(row; n => n * 10))) -> {30; 30}",
    ),
)
def _map(env: Env, values: list[Any], formula: Body) -> list[Any]:
    env.made_list(len(values))
    return [formula(env, value) for value in values]


@area.function(
    "ANY ЛЮБОЙ",
    "list|список: list",
    "condition|условие: formula?",
    returns="boolean",
    en="Whether the condition holds for at least one item.",
    ru="Верно ли условие хотя бы для одного элемента.",
    examples=("ANY({1; 5}; item > 3) -> TRUE", "ANY({}; item > 3) -> FALSE", "ANY({FALSE; TRUE}) -> TRUE"),
)
def _any(env: Env, values: list[Any], condition: Body | None = None) -> bool:
    return any(boolean(condition(env, value) if condition else value) for value in values)


@area.function(
    "ALL ВСЕ",
    "list|список: list",
    "condition|условие: formula?",
    returns="boolean",
    en="Whether the condition holds for every item.",
    ru="Верно ли условие для каждого элемента.",
    examples=("ALL({1; 5}; item > 3) -> FALSE", "ALL({}; item > 3) -> TRUE"),
)
def _all(env: Env, values: list[Any], condition: Body | None = None) -> bool:
    return all(boolean(condition(env, value) if condition else value) for value in values)


@area.function(
    "SORT СОРТ",
    "list|список: list",
    "by|по: formula?",
    "descending|убывание: boolean = FALSE",
    returns=same_list,
    en="The items in order, by themselves or by a formula; empty ones come last.",
    ru="Элементы по порядку — сами по себе или по формуле; пустые в конце.",
    examples=(
        "SORT({3; 1; 2}) -> {1; 2; 3}",
        "SORT({3; 1; 2}; item; TRUE) -> {3; 2; 1}",
        'SORT({"bb"; "a"}; LEN(item)) -> {"a"; "bb"}',
        'SORT({1; "x"}) -> !no_order',
    ),
)
def _sort(env: Env, values: list[Any], by: Body | None = None, descending: bool = False) -> list[Any]:
    env.made_list(len(values))
    keys = [by(env, value) for value in values] if by else values
    return by_order(env, values, keys, descending=descending)


@area.function(
    "UNIQUE УНИК",
    "list|список: list",
    "by|по: formula?",
    returns=same_list,
    en="Every item once: the first of equal ones (of those with an equal formula).",
    ru="Каждый элемент один раз: первый из одинаковых (или одинаковых по формуле).",
    examples=('UNIQUE({1; 2; 1; "a"; "A"}) -> {1; 2; "a"}', "UNIQUE({11; 21; 12}; MOD(item; 10)) -> {11; 12}"),
)
def _unique(env: Env, values: list[Any], by: Body | None = None) -> list[Any]:
    env.made_list(len(values))
    found: dict[Any, Any] = {}
    for value in values:
        found.setdefault(key_of(env, by(env, value) if by else value), value)
    return list(found.values())


@area.function(
    "FIRST ПЕРВЫЙ",
    "list|список: list",
    returns=item_of,
    en="The first item; nothing of an empty list.",
    ru="Первый элемент; пусто, если список пуст.",
    examples=("FIRST({7; 8}) -> 7", "FIRST({}) -> EMPTY"),
)
def _first(env: Env, values: list[Any]) -> Any:
    return values[0] if values else None


@area.function(
    "LAST ПОСЛЕДНИЙ",
    "list|список: list",
    returns=item_of,
    en="The last item; nothing of an empty list.",
    ru="Последний элемент; пусто, если список пуст.",
    examples=("LAST({7; 8}) -> 8", "LAST({}) -> EMPTY"),
)
def _last(env: Env, values: list[Any]) -> Any:
    return values[-1] if values else None


@area.function(
    "NTH ЭЛЕМЕНТНОМЕР",
    "list|список: list",
    "place|место: whole",
    returns=item_of,
    en="The item at this place from 1 (from -1 at the end); nothing beyond.",
    ru="Элемент на этом месте, с 1 (с конца — с -1); за пределами — пусто.",
    examples=("NTH({7; 8; 9}; 2) -> 8", "NTH({7; 8; 9}; -1) -> 9", "NTH({7}; 5) -> EMPTY"),
)
def _nth(env: Env, values: list[Any], place: int) -> Any:
    at = place - 1 if place > 0 else len(values) + place
    return values[at] if place and 0 <= at < len(values) else None


@area.function(
    "SLICE СРЕЗ",
    "list|список: list",
    "start|начало: whole",
    "count|количество: whole?",
    returns=same_list,
    en="So many items from a place (all the rest if no number is given).",
    ru="Столько элементов с этого места (все остальные, если число не дано).",
    examples=(
        "SLICE({1; 2; 3; 4}; 2; 2) -> {2; 3}",
        "SLICE({1; 2; 3}; 2) -> {2; 3}",
        "SLICE({1}; 0) -> !place_from_one",
    ),
)
def _slice(env: Env, values: list[Any], start: int, count: int | None = None) -> list[Any]:
    if start < 1:
        raise FormulaError("place_from_one")
    if count is not None and count < 0:
        raise FormulaError("negative")
    return values[start - 1 :] if count is None else values[start - 1 : start - 1 + count]


@area.function(
    "REVERSE ОБРАТНО",
    "list|список: list",
    returns=same_list,
    en="The items in reverse order.",
    ru="Элементы в обратном порядке.",
    examples=("REVERSE({1; 2; 3}) -> {3; 2; 1}",),
)
def _reverse(env: Env, values: list[Any]) -> list[Any]:
    env.made_list(len(values))
    return values[::-1]


@area.function(
    "FLATTEN РАЗВЕРНУТЬ",
    "list|список: list",
    returns="list",
    en="One list of the items of the lists inside it.",
    ru="Один список из элементов вложенных списков.",
    examples=("FLATTEN({1; {2; {3}}; {}}) -> {1; 2; 3}",),
)
def _flatten(env: Env, values: list[Any]) -> list[Any]:
    made = list(flattened(env, values))
    env.made_list(len(made))
    return made


@area.function(
    "LIST СПИСОК",
    "value|значение: any?...",
    returns=lambda types: list_of(join(types)),
    en="A list of these values; the same as {1; 2; 3}.",
    ru="Список этих значений; то же, что {1; 2; 3}.",
    examples=("LIST(1; 2) -> {1; 2}",),
)
def _list(env: Env, *values: Any) -> list[Any]:
    env.made_list(len(values))
    return list(values)


@area.function(
    "RANGE ДИАПАЗОН",
    "from|от: number",
    "to|до: number",
    "step|шаг: number = 1",
    returns=lambda types: list_of(NUMBER),
    en="Numbers from one to another.",
    ru="Числа от одного до другого.",
    examples=(
        "RANGE(1; 4) -> {1; 2; 3; 4}",
        "RANGE(1; 0; -0.5) -> {1; 0.5; 0}",
        "RANGE(5; 1) -> {}",
        "RANGE(1; 1000000000) -> !list_too_long",
    ),
)
def _range(env: Env, start: Decimal, end: Decimal, step: Decimal) -> list[Decimal]:
    if not step:
        raise FormulaError("divide_by_zero")
    span = CONTEXT.divide(CONTEXT.subtract(end, start), step)
    count = int(span) + 1 if 0 <= span < 10**9 else 0 if span < 0 else 10**9
    env.made_list(count)
    return [CONTEXT.fma(step, Decimal(place), start) for place in range(count)]


@area.function(
    "LENGTH КОЛИЧЕСТВО",
    "list|список: list",
    returns="number",
    en="How many items the list has, empty ones too.",
    ru="Сколько элементов в списке, считая пустые.",
    examples=("LENGTH({1; EMPTY}) -> 2", "LENGTH(EMPTY) -> 0"),
)
def _length(env: Env, values: list[Any]) -> Decimal:
    return Decimal(len(values))


@area.function(
    "GROUP ГРУППИРОВАТЬ",
    "list|список: list",
    "by|по: formula",
    returns=lambda types: list_of(ANY),
    en="Records {key; items}: one for each value of the formula, in order of appearance.",
    ru="Записи {key; items}: по одной на каждое значение формулы, в порядке появления.",
    examples=(
        "GROUP({1; 2; 3}; ISODD(item)).key -> {TRUE; FALSE}",
        "MAP(GROUP({1; 2; 3}; ISODD(item)); SUM(item.items)) -> {4; 2}",
    ),
)
def _group(env: Env, values: list[Any], by: Body) -> list[Any]:
    env.made_list(len(values) * 2)
    found: dict[Any, dict[str, Any]] = {}
    for value in values:
        key = by(env, value)
        found.setdefault(key_of(env, key), {"key": key, "items": []})["items"].append(value)
    return list(found.values())


def _record_type(types: list[Type]) -> Type:
    return Type("record")


@area.function(
    "RECORD ЗАПИСЬ",
    "name|имя: text...",
    "value|значение: any...",
    returns=_record_type,
    en="A record of names and values.",
    ru="Запись из имён и значений.",
    examples=('RECORD("a"; 1; "b"; 2).b -> 2',),
)
def _record(env: Env, *pairs: Any) -> dict[str, Any]:
    env.made_list(len(pairs))
    return {as_text(name): value for name, value in zip(pairs[::2], pairs[1::2], strict=True)}
