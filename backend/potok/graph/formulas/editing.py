"""What an editor shows and what is stored: steps by title on the screen, by id in the document.

Works on tokens, so spaces and half-written formulas stay as they are. `Вебхук.body.sum` <-> `@hook.body.sum`.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import TypeAlias

from potok.graph.formulas.compiler import ITEM_NAMES
from potok.graph.formulas.functions import find
from potok.graph.formulas.lexer import Token, tokens
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.printer import quote

Change: TypeAlias = Callable[[int, list[Token]], str | None]
"""(place, all tokens) -> the new text of that token, None to keep it."""


def shown_names(steps: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A name for every (id, title): the title (or the id), made unique by a number where two are alike."""
    found: dict[str, str] = {}
    taken = set(ITEM_NAMES)
    for step, title in steps:
        name = plain = title.strip() or step
        count = 1
        while name in taken:
            count += 1
            name = f"{plain} {count}"
        taken.add(name)
        found[step] = name
    return found


def to_shown(text: str, names: Mapping[str, str]) -> str:
    """Stored form -> what people read. `names`: by step id; an id without a name stays `@id`."""
    return _spliced(text, lambda place, found: _shown(found[place], names))


def _shown(token: Token, names: Mapping[str, str]) -> str | None:
    return quote(names[token.value]) if token.kind == "step" and token.value in names else None


def to_stored(text: str, names: Mapping[str, str]) -> str:
    """What people write -> stored form. A text that cannot be read at all is kept as it is."""
    ids = {name: step for step, name in names.items()}
    return _spliced(text, lambda place, found: _stored(place, found, ids))


def _stored(place: int, found: list[Token], ids: Mapping[str, str]) -> str | None:
    token = found[place]
    if token.kind not in ("name", "quoted") or token.value not in ids or token.value in _bound(found):
        return None
    before = found[place - 1].value if place and found[place - 1].kind == "sign" else ""
    after = found[place + 1].value if found[place + 1].kind == "sign" else ""
    if before == "." or (token.kind == "name" and after == "("):
        return None
    return f"@{ids[token.value]}"


def _bound(found: list[Token]) -> set[str]:
    """Names a formula gives to items itself: `order => ...`."""
    return {one.value for one, after in pairwise(found) if after.value == "=>"}


def translated(text: str, locale: str) -> str:
    """The same formula with functions named in this language, everything else as it is."""

    def named(place: int, found: list[Token]) -> str | None:
        is_call = found[place].kind == "name" and found[place + 1].value == "("
        function = find(found[place].value) if is_call else None
        return None if function is None else function.name_ru if locale == "ru" else function.name

    return _spliced(text, named)


def _spliced(text: str, change: Change) -> str:
    try:
        found = tokens(text)
    except FormulaError:
        return text
    made, place = [], 0
    for index, token in enumerate(found[:-1]):
        new = change(index, found)
        if new is not None:
            made += [text[place : token.start], new]
            place = token.end
    return "".join(made) + text[place:]
