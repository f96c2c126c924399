"""What an editor offers while somebody types: completion at the caret, the signature of the call around it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from potok.graph.formulas.checker import Scope
from potok.graph.formulas.compiler import ITEM_NAMES
from potok.graph.formulas.declare import Function, Param
from potok.graph.formulas.functions import FUNCTIONS, find, fold
from potok.graph.formulas.lexer import Token, tokens
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.printer import quote
from potok.graph.formulas.types import ANY, Type
from potok.words import say


class Offer(NamedTuple):
    """One thing to insert in place of the characters from `start` to the caret."""

    kind: str
    """function, name, field or step"""
    label: str
    insert: str
    start: int
    detail: str
    """The kind of the value, or the signature."""
    help: str


@dataclass(frozen=True, slots=True)
class Signature:
    """The call the caret stands in. `active`: which of `parts` is being written."""

    name: str
    parts: tuple[str, ...]
    active: int
    help: str
    start: int


def signature_text(function: Function, locale: str = "en") -> str:
    """`ROUND(number; [digits])`."""
    return f"{_called(function, locale)}({'; '.join(_parts(function, locale))})"


def _called(function: Function, locale: str) -> str:
    return function.name_ru if locale == "ru" else function.name


def _parts(function: Function, locale: str) -> list[str]:
    shown = [_part(param, locale) for param in function.params]
    return [*shown, "…"] if function.fixed < len(function.params) else shown


def _part(param: Param, locale: str) -> str:
    name = param.name_ru if locale == "ru" else param.name
    return f"[{name}]" if param.optional else name


def signature(text: str, caret: int, locale: str = "en") -> Signature | None:
    """The innermost call around the caret, also in a formula that is not finished."""
    open_calls: list[tuple[Function | None, int, int]] = []
    before: Token | None = None
    for token in _read(text[:caret]):
        if token.kind == "sign" and token.value in ("(", "{", "["):
            is_call = token.value == "(" and before is not None and before.kind == "name"
            function = find(before.value) if is_call and before is not None else None
            open_calls.append((function, 0, before.start if before is not None else token.start))
        elif token.kind == "sign" and token.value in (")", "}", "]") and open_calls:
            open_calls.pop()
        elif token.kind == "sign" and token.value in (";", ",") and open_calls:
            function, count, start = open_calls[-1]
            open_calls[-1] = (function, count + 1, start)
        before = token
    for function, count, start in reversed(open_calls):
        if function is not None:
            return _signature(function, count, start, locale)
    return None


def _signature(function: Function, count: int, start: int, locale: str) -> Signature:
    group = len(function.params) - function.fixed
    active = (
        count if count < len(function.params) or not group else function.fixed + (count - function.fixed) % group
    )
    text = function.ru if locale == "ru" else function.en
    return Signature(_called(function, locale), tuple(_parts(function, locale)), active, text, start)


def _read(text: str) -> list[Token]:
    """The tokens of the beginning of a formula; of a text that is still open, those before it."""
    try:
        return tokens(text)[:-1]
    except FormulaError as error:
        return tokens(text[: error.mistake.start])[:-1] if 0 < error.mistake.start < len(text) else []


class Typing(NamedTuple):
    """The word at the caret. `field`: a point stands before it."""

    start: int
    word: str
    field: bool


def typing(text: str, caret: int) -> Typing | None:
    """What is being written at the caret; None inside a text or an open name in brackets."""
    head = text[:caret]
    found = _read(head)
    if _inside_text(head, found):
        return None
    now = found[-1] if found and found[-1].kind in ("name", "step") and found[-1].end == caret else None
    done = found[:-1] if now is not None else found
    start = now.start if now is not None else caret
    return Typing(start, head[start:], bool(done) and done[-1].kind == "sign" and done[-1].value == ".")


def complete(text: str, caret: int, scope: Scope, locale: str = "en", limit: int = 50) -> list[Offer]:
    """What may stand at the caret: after a point the fields, else names, steps and functions, best first.

    Steps are offered by the names the editor shows: put them into `scope.names` under those names.
    """
    now = typing(text, caret)
    if now is None:
        return []
    if now.field:
        before = [token for token in _read(text[: now.start]) if token.end <= now.start]
        offers = list(_fields(_type_before(before[:-1], scope), now.start, locale))
    else:
        offers = [*_names(scope, now.start, locale), *_functions(now.start, locale)]
    ranked = [(place, offer) for offer in offers if (place := rank(offer, now.word)) is not None]
    ranked.sort(key=lambda pair: pair[0])  # of equal rank as they come
    return [offer for _, offer in ranked[:limit]]


def _inside_text(head: str, found: list[Token]) -> bool:
    rest = head[found[-1].end if found else 0 :]
    return '"' in rest or "[" in rest


def rank(offer: Offer, wanted: str) -> int | None:
    """0 begins so, 1 has it inside; names before functions."""
    shown, sought = fold(offer.label), fold(wanted.lstrip("@"))
    other = _other_name(offer)
    base = {"name": 0, "step": 0, "field": 0}.get(offer.kind, 2)
    if shown.startswith(sought) or other.startswith(sought):
        return base
    return base + 1 if sought in shown or sought in other else None


def _other_name(offer: Offer) -> str:
    """A function is found by its name in the other language too."""
    function = find(offer.label) if offer.kind == "function" else None
    return f"{fold(function.name)} {fold(function.name_ru)}" if function is not None else ""


def _names(scope: Scope, start: int, locale: str) -> Iterator[Offer]:
    for name, found in scope.names.items():
        yield Offer("name", name, quote(name), start, _kind(found, locale), "")
    for step, found in (scope.steps or {}).items():
        yield Offer("step", step, f"@{step}", start, _kind(found, locale), "")


def _functions(start: int, locale: str) -> Iterator[Offer]:
    for function in FUNCTIONS.values():
        name = _called(function, locale)
        text = function.ru if locale == "ru" else function.en
        yield Offer("function", name, f"{name}(", start, signature_text(function, locale), text)


def _fields(holder: Type, start: int, locale: str) -> Iterator[Offer]:
    while holder.kind == "list":
        holder = holder.of or ANY
    for name, found in (holder.fields or {}).items():
        yield Offer("field", name, quote(name), start, _kind(found, locale), "")


def _kind(found: Type, locale: str) -> str:
    return say(f"formula.kind.{found.kind}", locale).message


def _type_before(done: list[Token], scope: Scope) -> Type:
    """The type of the chain `a.b[1].c` that ends here; `item` is looked for in the list of the call around it."""
    keys: list[str | None] = []
    place = len(done) - 1
    while place >= 0:
        token = done[place]
        if token.kind == "sign" and token.value == "]":
            place = _opening(done, place)
            keys.append(None)
            continue
        if place and done[place - 1].kind == "sign" and done[place - 1].value == ".":
            keys.append(token.value)
            place -= 2
            continue
        return _walked(_root(done, place, scope), keys[::-1])
    return ANY


def _opening(done: list[Token], place: int) -> int:
    """The place before the bracket that this one closes."""
    depth = 0
    while place >= 0:
        depth += {"]": 1, "[": -1}.get(done[place].value, 0) if done[place].kind == "sign" else 0
        place -= 1
        if depth == 0:
            break
    return place


def _root(done: list[Token], place: int, scope: Scope) -> Type:
    token = done[place]
    if token.kind == "step":
        return (scope.steps or {}).get(token.value, ANY)
    if token.kind not in ("name", "quoted"):
        return ANY
    if token.value in scope.names:
        return scope.names[token.value]
    if token.value in ITEM_NAMES:
        return _item(done, place, scope)
    return ANY


def _item(done: list[Token], place: int, scope: Scope) -> Type:
    """`MAP(orders; item.` : the items of what stands between the call's bracket and its first separator."""
    depth, separator = 0, -1
    for at in range(place - 1, -1, -1):
        sign = done[at].value if done[at].kind == "sign" else ""
        if sign in (")", "}", "]"):
            depth += 1
        elif sign in ("(", "{", "[") and depth:
            depth -= 1
        elif sign in (";", ",") and not depth:
            separator = at
        elif sign == "(":
            is_call = at > 0 and done[at - 1].kind == "name" and find(done[at - 1].value) is not None
            if is_call and separator > 0:
                found = _type_before(done[at + 1 : separator], scope)
                return (found.of or ANY) if found.kind == "list" else ANY
            separator = -1
    return ANY


def _walked(found: Type, keys: list[str | None]) -> Type:
    for key in keys:
        if key is None:
            found = (found.of or ANY) if found.kind == "list" else ANY
            continue
        while found.kind == "list":
            found = found.of or ANY
        found = (found.fields or {}).get(key, ANY)
    return found
