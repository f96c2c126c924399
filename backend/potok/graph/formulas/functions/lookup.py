"""Finding a value by another: places, and what stands at them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from potok.graph.formulas.declare import Area, item_of
from potok.graph.formulas.env import Env
from potok.graph.formulas.functions.like import is_pattern, matches
from potok.graph.formulas.functions.shared import alike
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.operators import compare
from potok.graph.formulas.types import ANY, TEXT, Type, list_of

area = Area("lookup", "Lookup", "Поиск значений")


def _third_item(types: list[Type]) -> Type:
    return (types[2].of or ANY) if len(types) == 3 else ANY


@area.function(
    "INDEX ИНДЕКС",
    "list|список: list",
    "place|место: whole",
    returns=item_of,
    en="The item at this place from 1; refuses a place that is not there.",
    ru="Элемент на этом месте, с 1; ошибка, если такого места нет.",
    examples=('INDEX({"Apples"; "Lemons"}; 2) -> "Lemons"', "INDEX({1; 2}; 3) -> !out_of_range"),
)
def _index(env: Env, values: list[Any], place: int) -> Any:
    if not 1 <= place <= len(values):
        raise FormulaError("out_of_range", place=place, count=len(values))
    return values[place - 1]


@area.function(
    "MATCH ПОИСКПОЗ",
    "value|значение: any",
    "list|список: list",
    "type|тип: whole = 0",
    returns="number",
    en="The place of a value: 0 equal (* and ? allowed), 1 the last not above (rising), -1 not below (falling).",
    ru="Место значения: 0 — равное (можно * и ?), 1 — последнее не большее, -1 — последнее не меньшее.",
    examples=(
        "MATCH(41; {25; 38; 40; 41}; 0) -> 4",
        "MATCH(39; {25; 38; 40; 41}; 1) -> 2",
        "MATCH(40; {50; 45; 30}; -1) -> 2",
        'MATCH("b*"; {"apple"; "Banana"}) -> 2',
        "MATCH(9; {1; 2}) -> !not_found",
    ),
)
def _match(env: Env, value: Any, values: list[Any], kind: int) -> Decimal:
    place = _place(env, value, values, kind)
    if place < 0:
        raise FormulaError("not_found", text=value if isinstance(value, str | Decimal | int) else "")
    return Decimal(place + 1)


def _place(env: Env, value: Any, values: list[Any], kind: int) -> int:
    if kind == 0:
        if isinstance(value, str) and is_pattern(value):
            fits = (p for p, one in enumerate(values) if isinstance(one, str) and matches(env, value, one))
            return next(fits, -1)
        return next((p for p, one in enumerate(values) if one is not None and alike(env, one, value)), -1)
    if kind not in (1, -1):
        raise FormulaError("out_of_range", place=kind, count=1)
    found = -1
    for place, one in enumerate(values):
        env.weigh(one)
        order = compare(one, value)
        if order is None:
            continue
        if order * kind > 0:
            break
        found = place
    return found


@area.function(
    "LOOKUP ПРОСМОТР",
    "value|значение: any",
    "list|список: list",
    "results|результаты: list?",
    returns=_third_item,
    en="In a rising list, the last item not above the value, or the result at its place (price steps).",
    ru="В списке по возрастанию — последний элемент, не больший значения, или результат на его месте (шкала цен).",
    examples=(
        'LOOKUP(4.19; {4.14; 4.19; 5.17; 5.77; 6.39}; {"red"; "orange"; "yellow"; "green"; "blue"}) -> "orange"',
        'LOOKUP(5.75; {4.14; 4.19; 5.17; 5.77; 6.39}; {"red"; "orange"; "yellow"; "green"; "blue"}) -> "yellow"',
        'LOOKUP(7.66; {4.14; 4.19; 5.17; 5.77; 6.39}; {"red"; "orange"; "yellow"; "green"; "blue"}) -> "blue"',
        'LOOKUP(0; {4.14; 4.19}; {"red"; "orange"}) -> !not_found',
    ),
)
def _lookup(env: Env, value: Any, values: list[Any], results: list[Any] | None = None) -> Any:
    return _result(values if results is None else results, int(_match(env, value, values, 1)))


@area.function(
    "XLOOKUP ПРОСМОТРX",
    "value|значение: any",
    "list|список: list",
    "results|результаты: list",
    "otherwise|иначе: any?",
    returns=_third_item,
    en="The result at the place of the equal item; else the last argument, if there is one.",
    ru="Результат на месте равного элемента; если такого нет — последний аргумент, если он дан.",
    examples=(
        'XLOOKUP("Brazil"; {"China"; "India"; "Brazil"}; {86; 91; 55}) -> 55',
        'XLOOKUP("x"; {"a"}; {1}; "none") -> "none"',
        'XLOOKUP("x"; {"a"}; {1}) -> !not_found',
    ),
)
def _xlookup(env: Env, value: Any, values: list[Any], results: list[Any], *otherwise: Any) -> Any:
    place = _place(env, value, values, 0)
    if place < 0 and otherwise:
        return otherwise[0]
    if place < 0:
        raise FormulaError("not_found", text=value if isinstance(value, str | Decimal | int) else "")
    return _result(results, place + 1)


def _result(results: list[Any], place: int) -> Any:
    if place > len(results):
        raise FormulaError("lengths_differ")
    return results[place - 1]


@area.function(
    "KEYS ИМЕНА",
    "record|запись: record",
    returns=lambda types: list_of(TEXT),
    en="The names of a record's fields.",
    ru="Имена полей записи.",
    examples=('KEYS(RECORD("a"; 1; "b"; 2)) -> {"a"; "b"}',),
)
def _keys(env: Env, record: Mapping[str, Any]) -> list[str]:
    env.made_list(len(record))
    return [str(key) for key in record]


@area.function(
    "HASKEY ЕСТЬИМЯ",
    "record|запись: record",
    "name|имя: text",
    returns="boolean",
    en="Whether the record has such a field.",
    ru="Есть ли в записи такое поле.",
    examples=('HASKEY(RECORD("a"; EMPTY); "a") -> TRUE', 'HASKEY(RECORD("a"; 1); "b") -> FALSE'),
)
def _haskey(env: Env, record: Mapping[str, Any], name: str) -> bool:
    return name in record
