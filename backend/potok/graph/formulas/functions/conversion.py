"""From one kind of value to another."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from potok.graph.formulas.coerce import amount, boolean, number_in, when_in
from potok.graph.formulas.coerce import text as as_text
from potok.graph.formulas.declare import Area
from potok.graph.formulas.env import Env
from potok.graph.formulas.functions.patterns import format_date, format_number
from potok.graph.formulas.functions.units import factor, span_unit
from potok.graph.formulas.limits import MAX_DATA_DEPTH
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.operators import multiply
from potok.graph.formulas.plain import to_plain
from potok.graph.formulas.values import CONTEXT, HUNDRED, Money

area = Area("conversion", "Conversion", "Преобразование")

_DATE_LETTERS = re.compile(r"[ymdhsгмдчс]", re.IGNORECASE)


@area.function(
    "TEXT ТЕКСТ",
    "value|значение: any",
    "format|формат: text",
    'language|язык: text = "ru"',
    returns="text",
    en='A number or a date as text: "# ##0,00", "0.0%", "dd.mm.yyyy", "d mmmm yyyy".',
    ru='Число или дата в виде текста: "# ##0,00", "0,0%", "дд.мм.гггг", "д мммм гггг".',
    examples=(
        'TEXT(1234.567; "# ##0,00") -> "1 234,57"',
        'TEXT(1234567; "#,##0.00") -> "1,234,567.00"',
        'TEXT(0.285; "0.0%") -> "28.5%"',
        'TEXT(7; "000") -> "007"',
        'TEXT(DATE(2026; 3; 5); "dd.mm.yyyy") -> "05.03.2026"',
        'TEXT(DATE(2026; 3; 5); "d mmmm yyyy"; "en") -> "5 March 2026"',
    ),
)
def _text(env: Env, value: Any, pattern: str, language: str) -> str:
    env.made_text(1_000)
    if isinstance(value, str):
        value = number_in(value) if number_in(value) is not None else when_in(value) or value
    if isinstance(value, date | datetime) and _DATE_LETTERS.search(pattern):
        return format_date(value, pattern, language)
    if isinstance(value, str | bool):
        return as_text(value)
    found = amount(value)
    return format_number(found.amount if isinstance(found, Money) else found, pattern)


_SPACES = re.compile(r"[\s\u00a0\u202f']")


@area.function(
    "VALUE ЗНАЧЕН",
    "text|текст: any",
    returns="number",
    en='The number in a text as people write it: "1 234,56", "1,234.56", "25%", "100 ₽".',
    ru='Число из текста, как его пишут люди: "1 234,56", "1,234.56", "25%", "100 ₽".',
    examples=(
        'VALUE("1 234,56") -> 1234.56',
        'VALUE("$1,000") -> 1000',
        'VALUE("25%") -> 0.25',
        'VALUE("abc") -> !bad_text',
    ),
)
def _value(env: Env, value: Any) -> Decimal:
    if not isinstance(value, str):
        found = amount(value)
        return found.amount if isinstance(found, Money) else found
    shown = _SPACES.sub("", value[:200]).strip("₽$€£¥").removesuffix("руб.").removesuffix("р.")
    hundredth = shown.endswith("%")
    shown = shown.removesuffix("%")
    number = number_in(_with_point(shown))
    if number is None:
        raise FormulaError("bad_text", wanted="number", text=value)
    return CONTEXT.divide(number, HUNDRED) if hundredth else number


def _with_point(shown: str) -> str:
    """A lone comma is the decimal mark, unless exactly three digits follow a number of groups."""
    if "," not in shown:
        return shown
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", shown):
        return shown.replace(",", "")
    return (
        shown.replace(".", "").replace(",", ".")
        if re.fullmatch(r"-?\d{1,3}(\.\d{3})+,\d+", shown)
        else shown.replace(",", ".", 1)
    )


@area.function(
    "BOOLEAN ЛОГИЧ",
    "value|значение: any",
    returns="boolean",
    en="Yes or no: from yes, true, 1, да; no, false, 0, нет; nothing is no.",
    ru="Да или нет: из да, истина, 1, yes; нет, ложь, 0, no; пустое — нет.",
    examples=('BOOLEAN("да") -> TRUE', "BOOLEAN(0) -> FALSE", 'BOOLEAN("maybe") -> !bad_text'),
)
def _boolean(env: Env, value: Any) -> bool:
    return boolean(value)


@area.function(
    "DURATION ДЛИТЕЛЬНОСТЬ",
    "amount|количество: number",
    "unit|единица: text",
    returns="duration",
    en='A length of time: "seconds", "minutes", "hours", "days", "weeks".',
    ru='Длительность: "секунды", "минуты", "часы", "дни", "недели".',
    examples=('DURATION(36; "hours") = DURATION(1.5; "days") -> TRUE', 'DURATION(1; "year") -> !bad_unit'),
)
def _duration(env: Env, count: Decimal, unit: str) -> timedelta:
    found: timedelta = multiply(span_unit(unit), count)
    return found


@area.function(
    "CONVERT ПРЕОБР",
    "number|число: number",
    "from|из: text",
    "to|в: text",
    returns="number",
    en="Between units: mm cm m km in ft mi, m2 ha, ml l m3, g kg t lb, s min h day.",
    ru="Между единицами: мм см м км, м2 га, мл л м3, г кг т, с мин ч сут.",
    examples=(
        'CONVERT(2500; "g"; "kg") -> 2.5',
        'CONVERT(3; "м"; "см") -> 300',
        'CONVERT(1; "in"; "cm") -> 2.54',
        'CONVERT(1; "kg"; "m") -> !bad_unit',
    ),
)
def _convert(env: Env, number: Decimal, source: str, target: str) -> Decimal:
    return factor(number, source, target)


@area.function(
    "JSON ИЗJSON",
    "text|текст: text",
    returns="any",
    en="The data written in a text as JSON; numbers stay exact.",
    ru="Данные из текста в формате JSON; числа остаются точными.",
    examples=('JSON("{""a"": [1, 2.50]}").a[2] -> 2.5', 'JSON("{") -> !bad_json'),
)
def _json(env: Env, text: str) -> Any:
    env.made_list(min(100_000, text.count(",") + text.count("[") + 1))
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, ArithmeticError, RecursionError):
        raise FormulaError("bad_json") from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


@area.function(
    "TOJSON ВJSON",
    "value|значение: any",
    returns="text",
    en="The value written as JSON.",
    ru="Значение в формате JSON.",
    examples=('TOJSON({1; "a"; TRUE}) -> "[1, ""a"", true]"', 'TOJSON(EMPTY) -> "null"'),
)
def _tojson(env: Env, value: Any) -> str:
    env.weigh(value)
    plain = to_plain(value)
    made = json.dumps(plain, ensure_ascii=False)
    env.made_text(len(made))
    return made


@area.function(
    "GET ВЗЯТЬ",
    "data|данные: any",
    "path|путь: text",
    "otherwise|иначе: any?",
    returns="any",
    en='What lies in the data at a path ("contact.phones.1"); else the last argument.',
    ru='То, что лежит в данных по пути ("contact.phones.1"); иначе последний аргумент.',
    examples=(
        'GET(RECORD("a"; RECORD("b"; {10; 20})); "a.b.2") -> 20',
        'GET(RECORD("a"; 1); "x.y"; "none") -> "none"',
        'GET(EMPTY; "a") -> EMPTY',
    ),
)
def _get(env: Env, data: Any, path: str, otherwise: Any = None) -> Any:
    keys = path.split(".")
    if len(keys) > MAX_DATA_DEPTH:
        raise FormulaError("too_deep", limit=MAX_DATA_DEPTH)
    found = data
    for key in keys:
        found = _step(found, key.strip())
        if found is None:
            return otherwise
    return found


def _step(holder: Any, key: str) -> Any:
    if isinstance(holder, Mapping):
        return holder.get(key)
    if type(holder) is list and key.isascii() and key.isdigit() and 0 < len(key) < 10:
        place = int(key) - 1
        return holder[place] if 0 <= place < len(holder) else None
    return None
