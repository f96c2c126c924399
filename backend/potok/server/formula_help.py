"""Tries a formula on sample data and says what an editor shows of it. Pure; small budgets: somebody is typing."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from potok.graph.formula_place import FormulaPlace, fields_inside
from potok.graph.formulas import FormulaError, Mistake, Scope, Type, check, formula, to_plain
from potok.graph.formulas.assist import Offer, complete, rank, typing
from potok.graph.formulas.printer import quote
from potok.graph.formulas.types import ANY, fits
from potok.words import Words, say

PREVIEW_STEPS = 100_000
PREVIEW_MEMORY = 1_000_000
"""A tenth of what a run may use."""
MOST_SHOWN = 4_000
MOST_OFFERS = 50
WARNINGS = frozenset({"unknown_field", "unknown_field_near"})
"""What validate warns of: data may have a field no schema names."""


@dataclass(frozen=True, slots=True)
class Tried:
    """The kind of the result, what is wrong, and the value (`cut`: its beginning), or why there is none."""

    type: Type
    mistakes: list[Mistake]
    value: Any = None
    cut: bool = False
    no_value: Words | None = None


def checked(text: str, place: FormulaPlace, wanted: str) -> Tried:
    """Everything publishing would say about this formula."""
    try:
        tree = formula(text).tree
    except FormulaError as error:
        return Tried(ANY, [error.mistake.at(0, len(text))])
    found = check(tree, Scope(place.names, place.steps))
    mistakes = found.mistakes
    if wanted and not mistakes and not fits(found.type, wanted):
        params = {"wanted": wanted, "found": found.type.kind}
        mistakes = [Mistake("wrong_kind", 0, len(text), params)]
    return Tried(found.type, mistakes)


def tried(
    text: str, found: Tried, place: FormulaPlace, now: datetime, working_day: Callable[[date], bool], locale: str
) -> Tried:
    """The same with the value on the samples."""
    if any(one.code not in WARNINGS for one in found.mistakes):
        return found
    try:
        value = to_plain(
            formula(text).run(
                steps=place.samples,
                now=now,
                max_steps=PREVIEW_STEPS,
                max_memory=PREVIEW_MEMORY,
                working_day=working_day,
            )
        )
    except FormulaError as error:
        too_dear = error.code in ("too_many_steps", "too_much_memory")
        words = say("formula.preview_dear", locale) if too_dear else error.words(locale)
        return Tried(found.type, found.mistakes, no_value=words)
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if len(shown) > MOST_SHOWN:
        return Tried(found.type, found.mistakes, shown[:MOST_SHOWN], cut=True)
    return Tried(found.type, found.mistakes, value)


def offered(text: str, caret: int, place: FormulaPlace, titles: dict[str, str], locale: str) -> list[Offer]:
    """What may stand at the caret: names, steps by title, fields of steps by their own name, functions."""
    at_sign = text[max(0, caret - 1) : caret] == "@"
    now = typing(text, caret - 1 if at_sign else caret)
    if now is None:
        return []
    found = [] if at_sign else complete(text, caret, Scope(place.names, place.known), locale, MOST_OFFERS * 4)
    plain = [one for one in found if one.kind != "step"]
    if now.field:
        return plain[:MOST_OFFERS]
    start, word = (caret - 1, "") if at_sign else (now.start, now.word)
    steps = [one for one in _steps(place, titles, start, locale) if rank(one, word) is not None]
    deep = _deep(place, titles, start, locale) if word else ()
    fields = [(nearness, one) for one in deep if (nearness := rank(one, word)) is not None]
    fields.sort(key=lambda pair: pair[0])
    ours = [*(one for one in plain if one.kind == "name"), *steps, *(one for _, one in fields[:20])]
    return [*ours, *(one for one in plain if one.kind == "function")][:MOST_OFFERS]


def _steps(place: FormulaPlace, titles: dict[str, str], start: int, locale: str) -> Iterator[Offer]:
    for name, known in place.known.items():
        yield Offer("step", titles.get(name, name), f"@{name}", start, kind_words(known.kind, locale), "")


def _deep(place: FormulaPlace, titles: dict[str, str], start: int, locale: str) -> Iterator[Offer]:
    """`sum` finds `@hook.body.sum`: nobody has to know the way to it."""
    for name, known in place.known.items():
        for path, one in fields_inside(known):
            insert = ".".join((f"@{name}", *map(quote, path)))
            where = " · ".join((titles.get(name, name), *path[:-1]))
            yield Offer("field", path[-1], insert, start, kind_words(one.kind, locale), where)


def kind_words(kind: str, locale: str) -> str:
    """A kind of values as people call it."""
    return say(f"formula.kind.{kind}", locale).message
