"""Asking what a value is."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from potok.graph.formulas.coerce import money_in, when_in
from potok.graph.formulas.declare import Area
from potok.graph.formulas.env import Env
from potok.graph.formulas.functions.logic import is_empty
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.values import kind_of

area = Area("info", "About a value", "О значении")


@area.function(
    "ISNUMBER ЕЧИСЛО",
    "value|значение: any",
    returns="boolean",
    en="Whether it is a number (a text that looks like one is not).",
    ru="Число ли это (текст, похожий на число, — нет).",
    examples=("ISNUMBER(330.92) -> TRUE", 'ISNUMBER("5") -> FALSE', "ISNUMBER(EMPTY) -> FALSE"),
)
def _isnumber(env: Env, value: Any) -> bool:
    return kind_of(value) == "number"


@area.function(
    "ISTEXT ЕТЕКСТ",
    "value|значение: any",
    returns="boolean",
    en="Whether it is a text.",
    ru="Текст ли это.",
    examples=('ISTEXT("Region1") -> TRUE', "ISTEXT(330.92) -> FALSE"),
)
def _istext(env: Env, value: Any) -> bool:
    return isinstance(value, str)


@area.function(
    "ISLOGICAL ЕЛОГИЧ",
    "value|значение: any",
    returns="boolean",
    en="Whether it is yes or no.",
    ru="Логическое ли это значение.",
    examples=("ISLOGICAL(TRUE) -> TRUE", 'ISLOGICAL("TRUE") -> FALSE'),
)
def _islogical(env: Env, value: Any) -> bool:
    return isinstance(value, bool)


@area.function(
    "ISEMPTY ЕПУСТО ISBLANK",
    "value|значение: any",
    returns="boolean",
    en="Whether it is nothing, a text of spaces only, an empty list or record.",
    ru="Пусто ли это: ничего, только пробелы, пустой список или запись.",
    examples=('ISEMPTY(" ") -> TRUE', "ISEMPTY(EMPTY) -> TRUE", "ISEMPTY(0) -> FALSE", "ISEMPTY({}) -> TRUE"),
)
def _isempty(env: Env, value: Any) -> bool:
    return is_empty(value)


@area.function(
    "ISDATE ЕДАТА",
    "value|значение: any",
    returns="boolean",
    en="Whether it is a date or a moment, also one written in ISO form.",
    ru="Дата ли это или момент, в том числе записанные в виде ISO.",
    examples=(
        "ISDATE(DATE(2026; 1; 1)) -> TRUE",
        'ISDATE("2026-01-01") -> TRUE',
        'ISDATE("01.01") -> FALSE',
        "ISDATE(45000) -> FALSE",
    ),
)
def _isdate(env: Env, value: Any) -> bool:
    return isinstance(value, date) or (isinstance(value, str) and when_in(value) is not None)


@area.function(
    "ISLIST ЕСПИСОК",
    "value|значение: any",
    returns="boolean",
    en="Whether it is a list.",
    ru="Список ли это.",
    examples=("ISLIST({1}) -> TRUE", "ISLIST(1) -> FALSE"),
)
def _islist(env: Env, value: Any) -> bool:
    return type(value) is list


@area.function(
    "ISRECORD ЕЗАПИСЬ",
    "value|значение: any",
    returns="boolean",
    en="Whether it is a record.",
    ru="Запись ли это.",
    examples=('ISRECORD(RECORD("a"; 1)) -> TRUE', "ISRECORD({1}) -> FALSE"),
)
def _isrecord(env: Env, value: Any) -> bool:
    return isinstance(value, Mapping)


@area.function(
    "ISMONEY ЕДЕНЬГИ",
    "value|значение: any",
    returns="boolean",
    en="Whether it is an amount of a currency.",
    ru="Денежная ли это сумма.",
    examples=("ISMONEY(MONEY(1)) -> TRUE", "ISMONEY(1) -> FALSE"),
)
def _ismoney(env: Env, value: Any) -> bool:
    return money_in(value) is not None


@area.function(
    "ISERROR ЕОШИБКА",
    "value|значение: any",
    returns="boolean",
    lazy=True,
    en="Whether the value cannot be reckoned.",
    ru="Нельзя ли вычислить значение.",
    examples=("ISERROR(1/0) -> TRUE", "ISERROR(1) -> FALSE"),
)
def _iserror(env: Env, value: Callable[[Env], Any]) -> bool:
    try:
        value(env)
    except FormulaError as error:
        if error.fatal:
            raise
        return True
    return False


@area.function(
    "TYPE ТИП",
    "value|значение: any",
    returns="text",
    en="The kind of the value: number, money, text, boolean, date, datetime, duration, list, record, empty.",
    ru="Вид значения: number, money, text, boolean, date, datetime, duration, list, record, empty.",
    examples=(
        'TYPE(1) -> "number"',
        'TYPE({1}) -> "list"',
        'TYPE(EMPTY) -> "empty"',
        'TYPE(TIME(1)) -> "duration"',
    ),
)
def _type(env: Env, value: Any) -> str:
    return kind_of(value)
