"""Making and changing texts."""

import re
from decimal import Decimal
from typing import Any

from potok.graph.formulas.coerce import text as as_text
from potok.graph.formulas.declare import Area
from potok.graph.formulas.env import Env
from potok.graph.formulas.functions.shared import flat
from potok.graph.formulas.mistakes import FormulaError

area = Area("text", "Text", "Текст")


def put_together(env: Env, parts: list[str], between: str = "") -> str:
    """The parts as one text, paid for first."""
    env.made_text(sum(map(len, parts)) + len(between) * max(0, len(parts) - 1))
    return between.join(parts)


@area.function(
    "CONCAT СЦЕП CONCATENATE СЦЕПИТЬ",
    "value|значение: any...",
    returns="text",
    en="The values one after another as one text; lists item by item.",
    ru="Значения подряд одним текстом; списки — по элементам.",
    examples=('CONCAT("a"; 1; {"b"; "c"}) -> "a1bc"', 'CONCAT("x"; EMPTY; TRUE) -> "xTRUE"'),
)
def _concat(env: Env, *values: Any) -> str:
    return put_together(env, [as_text(value) for value, _ in flat(env, values)])


@area.function(
    "TEXTJOIN ОБЪЕДИНИТЬ",
    "delimiter|разделитель: text",
    "skip_empty|без_пустых: boolean",
    "value|значение: any...",
    returns="text",
    en="The values as one text with a delimiter between them.",
    ru="Значения одним текстом через разделитель.",
    examples=(
        'TEXTJOIN(", "; TRUE; "US Dollar"; ""; {"Euro"; "Yuan"}) -> "US Dollar, Euro, Yuan"',
        'TEXTJOIN("-"; FALSE; "a"; ""; "b") -> "a--b"',
    ),
)
def _textjoin(env: Env, delimiter: str, skip_empty: bool, *values: Any) -> str:
    parts = [as_text(value) for value, _ in flat(env, values)]
    return put_together(env, [part for part in parts if part or not skip_empty], delimiter)


@area.function(
    "LEFT ЛЕВСИМВ",
    "text|текст: text",
    "count|количество: whole = 1",
    returns="text",
    en="So many characters from the beginning.",
    ru="Столько символов с начала.",
    examples=(
        'LEFT("Sale Price"; 4) -> "Sale"',
        'LEFT("Sweden") -> "S"',
        'LEFT("ab"; 9) -> "ab"',
        'LEFT("a"; -1) -> !negative',
    ),
)
def _left(env: Env, text: str, count: int) -> str:
    return text[: _not_negative(count)]


@area.function(
    "RIGHT ПРАВСИМВ",
    "text|текст: text",
    "count|количество: whole = 1",
    returns="text",
    en="So many characters from the end.",
    ru="Столько символов с конца.",
    examples=('RIGHT("Sale Price"; 5) -> "Price"', 'RIGHT("Stock Number") -> "r"', 'RIGHT("abc"; 0) -> ""'),
)
def _right(env: Env, text: str, count: int) -> str:
    return text[max(0, len(text) - _not_negative(count)) :]


@area.function(
    "MID ПСТР",
    "text|текст: text",
    "start|начало: whole",
    "count|количество: whole",
    returns="text",
    en="So many characters from a place, counted from 1.",
    ru="Столько символов с указанного места, считая с 1.",
    examples=(
        'MID("Fluid Flow"; 1; 5) -> "Fluid"',
        'MID("Fluid Flow"; 7; 20) -> "Flow"',
        'MID("Fluid Flow"; 20; 5) -> ""',
    ),
)
def _mid(env: Env, text: str, start: int, count: int) -> str:
    begin = _place(start) - 1
    return text[begin : begin + _not_negative(count)]


@area.function(
    "LEN ДЛСТР",
    "text|текст: text",
    returns="number",
    en="How many characters the text has.",
    ru="Сколько символов в тексте.",
    examples=('LEN("Phoenix, AZ") -> 11', 'LEN("") -> 0', 'LEN("Привет") -> 6'),
)
def _len(env: Env, text: str) -> Decimal:
    return Decimal(len(text))


@area.function(
    "SUBSTITUTE ПОДСТАВИТЬ",
    "text|текст: text",
    "old|старый: text",
    "new|новый: text",
    "which|номер: whole?",
    returns="text",
    en="Puts a new text where the old one stands (everywhere, or only the so-manieth time).",
    ru="Ставит новый текст на место старого (везде или только в указанный по счёту раз).",
    examples=(
        'SUBSTITUTE("Sales Data"; "Sales"; "Cost") -> "Cost Data"',
        'SUBSTITUTE("Quarter 1, 2008"; "1"; "2"; 1) -> "Quarter 2, 2008"',
        'SUBSTITUTE("Quarter 1, 2011"; "1"; "2"; 3) -> "Quarter 1, 2012"',
    ),
)
def _substitute(env: Env, text: str, old: str, new: str, which: int | None = None) -> str:
    if not old:
        return text
    if which is None:
        env.made_text(len(text) + text.count(old) * max(0, len(new) - len(old)))
        return text.replace(old, new)
    env.made_text(len(text) + len(new))
    parts = text.split(old, _place(which))
    if len(parts) <= which:
        return text
    return old.join(parts[:which]) + new + parts[which]


@area.function(
    "REPLACE ЗАМЕНИТЬ",
    "text|текст: text",
    "start|начало: whole",
    "count|количество: whole",
    "new|новый: text",
    returns="text",
    en="Puts a new text in place of so many characters from a place.",
    ru="Ставит новый текст вместо стольких символов с указанного места.",
    examples=('REPLACE("abcdefghijk"; 6; 5; "*") -> "abcde*k"', 'REPLACE("2009"; 3; 2; "10") -> "2010"'),
)
def _replace(env: Env, text: str, start: int, count: int, new: str) -> str:
    begin = _place(start) - 1
    return put_together(env, [text[:begin], new, text[begin + _not_negative(count) :]])


@area.function(
    "TRIM СЖПРОБЕЛЫ",
    "text|текст: text",
    returns="text",
    en="Without spaces at the ends, and with one space between words.",
    ru="Без пробелов по краям и с одним пробелом между словами.",
    examples=('TRIM(" First Quarter   Earnings ") -> "First Quarter Earnings"', 'TRIM("   ") -> ""'),
)
def _trim(env: Env, text: str) -> str:
    return " ".join(part for part in text.replace("\u00a0", " ").split(" ") if part)


@area.function(
    "CLEAN ПЕЧСИМВ",
    "text|текст: text",
    returns="text",
    en="Without line breaks and other characters that cannot be printed.",
    ru="Без переводов строки и других непечатных символов.",
    examples=('CLEAN(CHAR(9) & "Report" & CHAR(10)) -> "Report"',),
)
def _clean(env: Env, text: str) -> str:
    return "".join(char for char in text if char.isprintable())


@area.function(
    "UPPER ПРОПИСН",
    "text|текст: text",
    returns="text",
    en="In capital letters.",
    ru="Заглавными буквами.",
    examples=('UPPER("total") -> "TOTAL"', 'EXACT(UPPER("ёж"); "ЁЖ") -> TRUE'),
)
def _upper(env: Env, text: str) -> str:
    return text.upper()


@area.function(
    "LOWER СТРОЧН",
    "text|текст: text",
    returns="text",
    en="In small letters.",
    ru="Строчными буквами.",
    examples=('EXACT(LOWER("E. E. Cummings"); "e. e. cummings") -> TRUE',),
)
def _lower(env: Env, text: str) -> str:
    return text.lower()


@area.function(
    "PROPER ПРОПНАЧ",
    "text|текст: text",
    returns="text",
    en="Every word with a capital first letter.",
    ru="Каждое слово с заглавной буквы.",
    examples=(
        'EXACT(PROPER("this is a TITLE"); "This Is A Title") -> TRUE',
        'EXACT(PROPER("76BudGet"); "76Budget") -> TRUE',
        'EXACT(PROPER("иванов пётр"); "Иванов Пётр") -> TRUE',
    ),
)
def _proper(env: Env, text: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda word: word.group()[:1].upper() + word.group()[1:].lower(), text)


@area.function(
    "REPT ПОВТОР",
    "text|текст: text",
    "count|количество: whole",
    returns="text",
    en="The text repeated so many times.",
    ru="Текст, повторённый столько раз.",
    examples=('REPT("*-"; 3) -> "*-*-*-"', 'REPT("x"; 0) -> ""', 'REPT("x"; 10000000) -> !text_too_long'),
)
def _rept(env: Env, text: str, count: int) -> str:
    env.made_text(len(text) * _not_negative(count))
    return text * count


@area.function(
    "PAD ДОПОЛНИТЬ",
    "text|текст: text",
    "length|длина: whole",
    'with|чем: text = " "',
    returns="text",
    en="The text made so long by a character put before it.",
    ru="Текст, дополненный символом слева до этой длины.",
    examples=('PAD(7; 3; "0") -> "007"', 'PAD("1234"; 3; "0") -> "1234"'),
)
def _pad(env: Env, text: str, length: int, filler: str) -> str:
    if len(filler) != 1:
        raise FormulaError("one_character")
    env.made_text(max(length, len(text)))
    return text.rjust(length, filler)


@area.function(
    "CHAR СИМВОЛ",
    "number|число: whole",
    returns="text",
    en="The character with this Unicode number.",
    ru="Символ с этим номером Юникода.",
    examples=('CHAR(65) -> "A"', 'CHAR(33) -> "!"', "CHAR(0) -> !no_value"),
)
def _char(env: Env, number: int) -> str:
    if not 1 <= number <= 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        raise FormulaError("no_value")
    return chr(number)


@area.function(
    "CODE КОДСИМВ",
    "text|текст: text",
    returns="number",
    en="The Unicode number of the first character.",
    ru="Номер Юникода первого символа.",
    examples=('CODE("A") -> 65', 'CODE("!") -> 33', 'CODE("") -> !no_value'),
)
def _code(env: Env, text: str) -> Decimal:
    if not text:
        raise FormulaError("no_value")
    return Decimal(ord(text[0]))


def _not_negative(count: int) -> int:
    if count < 0:
        raise FormulaError("negative")
    return count


def _place(start: int) -> int:
    if start < 1:
        raise FormulaError("place_from_one")
    return start
