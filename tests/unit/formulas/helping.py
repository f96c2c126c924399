"""What the tests of formulas share: one moment, strict comparison, and the ru twin of a formula."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from potok.graph.formulas import FormulaError, Mistake, formula, parse, to_text
from potok.graph.formulas.functions.shared import identity

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=ZoneInfo("Europe/Moscow"))
DATA: dict[str, Any] = {
    "deal": {
        "sum": 150000,
        "price": "12.50",
        "rate": 0.1,
        "empty": None,
        "title": "Мост",
        "closed": "2026-11-20",
        "paid": {"amount": "99.90", "currency": "RUB"},
        "contact": {"name": "Анна", "Full name": "Анна Петрова", "a.b": 1},
        "items": [
            {"name": "Стол", "price": 1000.1, "quantity": 2, "tags": ["a", "b"]},
            {"name": "Стул", "price": 250.45, "quantity": 4, "tags": ["b"]},
            {"name": "Лампа", "price": 99.99, "quantity": 1, "tags": []},
        ],
    }
}
STEPS: dict[str, Any] = {"hook": {"body": {"amount": 42, "name": "Иван"}}, "if-2": {"x": 7}}


def value(text: str) -> Any:
    """The value with the tests' data. Raises FormulaError."""
    return formula(text).run(DATA, STEPS, NOW)


def code(text: str) -> str:
    """The refusal's code, "" when there is a value."""
    mistake = _mistake(text)
    if mistake is None:
        return ""
    assert mistake.start >= 0, f"{text} is refused without a place"
    assert all(mistake.words(locale).message for locale in ("en", "ru"))
    return mistake.code


def _mistake(text: str) -> Mistake | None:
    try:
        value(text)
    except FormulaError as error:
        return error.mistake
    return None


def same(found: Any, wanted: Any) -> bool:
    """Of one kind and equal, texts to the letter."""
    return identity(found) == identity(wanted) and (not isinstance(found, str) or found == wanted)


def in_russian(text: str) -> str:
    """The same formula with Russian names."""
    return to_text(parse(text), "ru")


def agrees(text: str, wanted: str) -> None:
    """The formula gives what `wanted` (a formula, or `!code`) gives, in both languages."""
    for spelled in (text, in_russian(text)) if _readable(text) else (text,):
        if wanted.startswith("!"):
            assert code(spelled) == wanted[1:], spelled
        else:
            found, expected = value(spelled), value(wanted)
            assert same(found, expected), f"{spelled} gives {found!r}, not {expected!r}"


def _readable(text: str) -> bool:
    try:
        parse(text)
    except FormulaError:
        return False
    return True
