"""Choosing between values."""

from collections.abc import Callable
from typing import Any

from potok.graph.formulas.coerce import boolean, text
from potok.graph.formulas.declare import Area
from potok.graph.formulas.env import Env
from potok.graph.formulas.functions.shared import alike, flat
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.types import ANY, Type, join

Lazy = Callable[[Env], Any]

area = Area("logic", "Logic", "Логика")


def _either(types: list[Type]) -> Type:
    return join(types[1:]) if len(types) > 2 else ANY


def _every_second(types: list[Type]) -> Type:
    return join(types[1::2])


def _cases(types: list[Type]) -> Type:
    return join([*types[2::2], *(types[-1:] if len(types) % 2 == 0 else [])])


@area.function(
    "IF ЕСЛИ",
    "condition|условие: boolean",
    "then|тогда: any",
    "otherwise|иначе: any?",
    returns=_either,
    lazy=True,
    en="One value if the condition holds, else the other (nothing if there is none).",
    ru="Одно значение, если условие верно, иначе другое (пусто, если его нет).",
    examples=('IF(5 > 3; "A"; "B") -> "A"', "IF(FALSE; 1) -> EMPTY", "IF(TRUE; 1; 1/0) -> 1"),
)
def _if(env: Env, condition: Lazy, then: Lazy, otherwise: Lazy | None = None) -> Any:
    if condition(env):
        return then(env)
    return otherwise(env) if otherwise is not None else None


@area.function(
    "IFS ЕСЛИМН УСЛОВИЯ",
    "condition|условие: boolean...",
    "value|значение: any...",
    returns=_every_second,
    lazy=True,
    en="The value of the first condition that holds; refuses if none does (end with TRUE; value).",
    ru="Значение первого верного условия; ошибка, если верных нет (закончите парой ИСТИНА; значение).",
    examples=('IFS(FALSE; "A"; 2 > 1; "B") -> "B"', 'IFS(FALSE; "A") -> !no_case'),
)
def _ifs(env: Env, *pairs: Lazy) -> Any:
    for condition, value in zip(pairs[::2], pairs[1::2], strict=True):
        if condition(env):
            return value(env)
    raise FormulaError("no_case")


@area.function(
    "SWITCH ПЕРЕКЛЮЧ",
    "value|значение: any",
    "case|вариант: any...",
    "result|результат: any...",
    returns=_cases,
    lazy=True,
    spare=True,
    en="The result beside the first case equal to the value; a lone last argument serves all other cases.",
    ru="Результат рядом с первым вариантом, равным значению; последний аргумент без пары — для остальных случаев.",
    examples=(
        'SWITCH(2; 1; "one"; 2; "two") -> "two"',
        'SWITCH(9; 1; "one"; "other") -> "other"',
        'SWITCH(9; 1; "one") -> !no_case',
    ),
)
def _switch(env: Env, value: Lazy, *cases: Lazy) -> Any:
    found = value(env)
    for place in range(0, len(cases) - 1, 2):
        if alike(env, found, cases[place](env)):
            return cases[place + 1](env)
    if len(cases) % 2:
        return cases[-1](env)
    raise FormulaError("no_case")


@area.function(
    "CHOOSE ВЫБОР",
    "number|номер: whole",
    "value|значение: any...",
    returns=lambda types: join(types[1:]),
    lazy=True,
    en="The value at this place, counted from 1.",
    ru="Значение с этим номером, считая с 1.",
    examples=('CHOOSE(2; "a"; "b"; "c") -> "b"', 'CHOOSE(4; "a") -> !out_of_range'),
)
def _choose(env: Env, number: Lazy, *values: Lazy) -> Any:
    place = number(env)
    if not 1 <= place <= len(values):
        raise FormulaError("out_of_range", place=place, count=len(values))
    return values[place - 1](env)


@area.function(
    "AND И",
    "condition|условие: any...",
    returns="boolean",
    lazy=True,
    en="Whether all conditions hold; stops at the first that does not.",
    ru="Верны ли все условия; останавливается на первом неверном.",
    examples=("AND(1 < 2; 2 < 3) -> TRUE", "AND(FALSE; 1/0) -> FALSE", "AND({TRUE; FALSE}) -> FALSE"),
)
def _and(env: Env, *conditions: Lazy) -> bool:
    return all(boolean(value) for one in conditions for value, _ in flat(env, [one(env)]))


@area.function(
    "OR ИЛИ",
    "condition|условие: any...",
    returns="boolean",
    lazy=True,
    en="Whether at least one condition holds; stops at the first that does.",
    ru="Верно ли хотя бы одно условие; останавливается на первом верном.",
    examples=("OR(1 > 2; 2 < 3) -> TRUE", "OR(TRUE; 1/0) -> TRUE", "OR(FALSE; FALSE) -> FALSE"),
)
def _or(env: Env, *conditions: Lazy) -> bool:
    return any(boolean(value) for one in conditions for value, _ in flat(env, [one(env)]))


@area.function(
    "XOR ИСКЛИЛИ",
    "condition|условие: boolean...",
    returns="boolean",
    en="Whether an odd number of conditions holds (of two: exactly one).",
    ru="Верно ли нечётное число условий (из двух — ровно одно).",
    examples=("XOR(TRUE; FALSE) -> TRUE", "XOR(TRUE; TRUE) -> FALSE"),
)
def _xor(env: Env, *conditions: bool) -> bool:
    return sum(conditions) % 2 == 1


@area.function(
    "NOT НЕ",
    "condition|условие: boolean",
    returns="boolean",
    en="The opposite.",
    ru="Наоборот: ложь вместо истины и истина вместо лжи.",
    examples=("NOT(1 > 2) -> TRUE", "NOT(TRUE) -> FALSE"),
)
def _not(env: Env, condition: bool) -> bool:
    return not condition


@area.function(
    "IFERROR ЕСЛИОШИБКА",
    "value|значение: any",
    "instead|взамен: any",
    returns=lambda types: join(types),
    lazy=True,
    en="The value, or the other one if the first cannot be reckoned.",
    ru="Значение, а если его нельзя вычислить — другое.",
    examples=('IFERROR(1/0; "none") -> "none"', "IFERROR(4/2; 0) -> 2"),
)
def _iferror(env: Env, value: Lazy, instead: Lazy) -> Any:
    try:
        return value(env)
    except FormulaError as error:
        if error.fatal:
            raise
        return instead(env)


@area.function(
    "IFEMPTY ЕСЛИПУСТО",
    "value|значение: any",
    "instead|взамен: any",
    returns=lambda types: join(types),
    lazy=True,
    en="The value, or the other one if the first is empty.",
    ru="Значение, а если оно пустое — другое.",
    examples=('IFEMPTY(""; "none") -> "none"', "IFEMPTY(0; 1) -> 0", "IFEMPTY(EMPTY; 1) -> 1"),
)
def _ifempty(env: Env, value: Lazy, instead: Lazy) -> Any:
    found = value(env)
    return instead(env) if is_empty(found) else found


@area.function(
    "COALESCE ПЕРВНЕПУСТ",
    "value|значение: any...",
    returns=lambda types: join(types),
    lazy=True,
    en="The first value that is not empty.",
    ru="Первое непустое значение.",
    examples=('COALESCE(""; EMPTY; "c"; 1/0) -> "c"', 'COALESCE("") -> EMPTY'),
)
def _coalesce(env: Env, *values: Lazy) -> Any:
    for value in values:
        found = value(env)
        if not is_empty(found):
            return found
    return None


@area.function(
    "ERROR ОШИБКА",
    "message|сообщение: text",
    returns="any",
    en="Refuses with this message: the step then fails and says it.",
    ru="Отказ с этим сообщением: шаг завершится ошибкой и покажет его.",
    examples=('ERROR("No price") -> !own', 'IFERROR(ERROR("x"); 1) -> 1'),
)
def _error(env: Env, message: str) -> Any:
    raise FormulaError("own", text=text(message))


def is_empty(value: Any) -> bool:
    """Nothing, a text of spaces only, an empty list or record."""
    return value is None or (isinstance(value, str) and not value.strip()) or value == [] or value == {}
