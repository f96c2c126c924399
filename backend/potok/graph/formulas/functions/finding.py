"""Looking into texts: finding, comparing, taking apart."""

from decimal import Decimal
from typing import Any

from potok.graph.formulas.coerce import text as as_text
from potok.graph.formulas.declare import Area
from potok.graph.formulas.env import Env
from potok.graph.formulas.functions import like
from potok.graph.formulas.functions.shared import alike, flat
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.types import TEXT, list_of

area = Area("finding", "Looking into text", "Поиск в тексте")


@area.function(
    "FIND НАЙТИ",
    "what|что: text",
    "text|где: text",
    "start|начало: whole = 1",
    returns="number",
    en="Where a text stands in another, counted from 1; capital and small letters differ.",
    ru="Место текста в другом тексте, считая с 1; заглавные и строчные различаются.",
    examples=(
        'FIND("M"; "Miriam McGovern") -> 1',
        'FIND("m"; "Miriam McGovern") -> 6',
        'FIND("M"; "Miriam McGovern"; 3) -> 8',
        'FIND("x"; "abc") -> !not_found',
    ),
)
def _find(env: Env, what: str, text: str, start: int) -> Decimal:
    return _found(text.find(what, _begin(text, start)), what)


@area.function(
    "SEARCH ПОИСК",
    "what|что: text",
    "text|где: text",
    "start|начало: whole = 1",
    returns="number",
    en="The same whatever the case; * stands for any characters, ? for one, ~ before them for themselves.",
    ru="То же без учёта регистра; * — любые символы, ? — один, ~ перед ними — они сами.",
    examples=(
        'SEARCH("e"; "Statements"; 6) -> 7',
        'SEARCH("margin"; "Profit Margin") -> 8',
        'SEARCH("p*t"; "Report") -> 3',
        'SEARCH("~?"; "ab?") -> 3',
    ),
)
def _search(env: Env, what: str, text: str, start: int) -> Decimal:
    return _found(like.search(env, what, text, _begin(text, start)), what)


def _begin(text: str, start: int) -> int:
    if not 1 <= start <= len(text) + 1:
        raise FormulaError("out_of_range", place=start, count=len(text))
    return start - 1


def _found(place: int, what: str) -> Decimal:
    if place < 0:
        raise FormulaError("not_found", text=what)
    return Decimal(place + 1)


@area.function(
    "CONTAINS СОДЕРЖИТ",
    "where|где: any",
    "what|что: any",
    returns="boolean",
    en="Whether a text has a part, or a list an item; the case of letters does not matter.",
    ru="Есть ли в тексте такая часть или в списке такой элемент; регистр не важен.",
    examples=(
        'CONTAINS("Оплата счёта"; "СЧЁТ") -> TRUE',
        "CONTAINS({1; 2}; 2) -> TRUE",
        'CONTAINS("abc"; "x") -> FALSE',
    ),
)
def _contains(env: Env, where: Any, what: Any) -> bool:
    if type(where) is list:
        return any(alike(env, item, what) for item, _ in flat(env, [where]))
    return _folded(env, what) in _folded(env, where)


@area.function(
    "STARTSWITH НАЧИНАЕТСЯ",
    "text|текст: text",
    "part|часть: text",
    returns="boolean",
    en="Whether the text begins so; the case of letters does not matter.",
    ru="Начинается ли текст так; регистр не важен.",
    examples=('STARTSWITH("Иванов"; "ива") -> TRUE', 'STARTSWITH("abc"; "b") -> FALSE'),
)
def _startswith(env: Env, text: str, part: str) -> bool:
    return text.casefold().startswith(part.casefold())


@area.function(
    "ENDSWITH ЗАКАНЧИВАЕТСЯ",
    "text|текст: text",
    "part|часть: text",
    returns="boolean",
    en="Whether the text ends so; the case of letters does not matter.",
    ru="Заканчивается ли текст так; регистр не важен.",
    examples=('ENDSWITH("doc.PDF"; ".pdf") -> TRUE',),
)
def _endswith(env: Env, text: str, part: str) -> bool:
    return text.casefold().endswith(part.casefold())


@area.function(
    "EXACT СОВПАД",
    "first|первый: text",
    "second|второй: text",
    returns="boolean",
    en="Whether two texts are the same, letter case included.",
    ru="Совпадают ли тексты полностью, с учётом регистра.",
    examples=(
        'EXACT("word"; "word") -> TRUE',
        'EXACT("Word"; "word") -> FALSE',
        'EXACT("w ord"; "word") -> FALSE',
    ),
)
def _exact(env: Env, one: str, other: str) -> bool:
    return one == other


@area.function(
    "LIKE ПОХОЖЕ",
    "text|текст: text",
    "pattern|образец: text",
    returns="boolean",
    en="Whether the whole text fits a pattern: * stands for any characters, ? for one.",
    ru="Подходит ли весь текст под образец: * — любые символы, ? — один.",
    examples=(
        'LIKE("INV-2026-7"; "inv-????-*") -> TRUE',
        'LIKE("abc"; "b*") -> FALSE',
        'LIKE("a*c"; "a~*c") -> TRUE',
    ),
)
def _like(env: Env, text: str, pattern: str) -> bool:
    return like.matches(env, pattern, text)


@area.function(
    "SPLIT РАЗДЕЛИТЬ",
    "text|текст: text",
    "delimiter|разделитель: text",
    returns=lambda types: list_of(TEXT),
    en="The parts of a text between delimiters, without spaces round them.",
    ru="Части текста между разделителями, без пробелов по краям.",
    examples=(
        'SPLIT("a, b,c"; ",") -> {"a"; "b"; "c"}',
        'SPLIT(""; ",") -> {}',
        'SPLIT("ab"; "") -> !one_character',
    ),
)
def _split(env: Env, text: str, delimiter: str) -> list[str]:
    if not delimiter:
        raise FormulaError("one_character")
    env.made_list(text.count(delimiter) + 1)
    env.made_text(len(text))
    return [part.strip() for part in text.split(delimiter)] if text else []


@area.function(
    "BEFORE ТЕКСТДО TEXTBEFORE",
    "text|текст: text",
    "mark|метка: text",
    returns="text",
    en="What stands before the mark; all of the text if it is not there.",
    ru="Часть текста до метки; весь текст, если метки нет.",
    examples=('BEFORE("anna@example.com"; "@") -> "anna"', 'BEFORE("abc"; "-") -> "abc"'),
)
def _before(env: Env, text: str, mark: str) -> str:
    return text.partition(mark)[0] if mark else text


@area.function(
    "AFTER ТЕКСТПОСЛЕ TEXTAFTER",
    "text|текст: text",
    "mark|метка: text",
    returns="text",
    en="What stands after the mark; nothing if it is not there.",
    ru="Часть текста после метки; пусто, если метки нет.",
    examples=('AFTER("anna@example.com"; "@") -> "example.com"', 'AFTER("abc"; "-") -> ""'),
)
def _after(env: Env, text: str, mark: str) -> str:
    return text.partition(mark)[2] if mark else ""


def _folded(env: Env, value: Any) -> str:
    text = as_text(value)
    env.spend(len(text) >> 8)
    return text.casefold()
