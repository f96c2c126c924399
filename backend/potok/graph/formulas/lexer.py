"""From text to tokens, each with its place. Linear; settles whether a comma between digits is a decimal comma.

A comma is a decimal comma when it stands directly between two digits and cannot separate anything there: outside
the brackets of functions and lists, or inside brackets whose parts are separated by `;`.
"""

import re
from typing import NamedTuple

from potok.graph.formulas.limits import MAX_LENGTH
from potok.graph.formulas.mistakes import FormulaError


class Token(NamedTuple):
    """kind: number, text, name (`value` as typed), quoted (a name in brackets), step, sign or end."""

    kind: str
    value: str
    start: int
    end: int


_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<text>"[^"]*(?:""[^"]*)*")
    | (?P<step>@[A-Za-z][A-Za-z0-9_-]*)
    | (?P<name>[^\W\d]\w*)
    | (?P<sign><>|<=|>=|=>|[-+*/^&=<>%(){}\[\].;,])
    """,
    re.VERBOSE,
)
_QUOTES = frozenset("«»“”„‘’'")


def tokens(text: str) -> list[Token]:
    """All tokens and an `end`. Raises FormulaError at a character that belongs to none."""
    if len(text) > MAX_LENGTH:
        raise FormulaError("too_long", MAX_LENGTH, len(text), limit=MAX_LENGTH)
    found: list[Token] = []
    place = 0
    while place < len(text):
        token = _next(text, place, found[-1] if found else None)
        if token.kind != "space":
            found.append(token)
        place = token.end
    found.append(Token("end", "", len(text), len(text)))
    return _with_decimal_commas(found)


def _next(text: str, place: int, before: Token | None) -> Token:
    after_value = before is not None and ends_value(before)
    if text[place] == "[" and not after_value:
        return _quoted_name(text, place)
    match = _TOKEN.match(text, place)
    if match is None:
        raise _strange(text, place)
    kind, value, end = str(match.lastgroup), match.group(), match.end()
    if kind == "number":
        if value[0] == "." and after_value:
            return Token("sign", ".", place, place + 1)
        if end < len(text) and (text[end].isalnum() or text[end] == "_"):
            raise FormulaError("bad_number", place, end + 1, text=text[place : end + 1])
    elif kind == "text":
        return Token(kind, value[1:-1].replace('""', '"'), place, end)
    elif kind == "step":
        return Token(kind, value[1:], place, end)
    return Token(kind, value, place, end)


def ends_value(token: Token) -> bool:
    """Whether a value may end with this token; then `[` asks for an item and does not quote a name."""
    return token.kind not in ("sign", "end") or token.value in (")", "]", "}", "%")


def _quoted_name(text: str, place: int) -> Token:
    """`[a name]`; an apostrophe before `]` or another apostrophe takes it for itself, as in Excel's tables."""
    made: list[str] = []
    at = place + 1
    while at < len(text) and text[at] != "]":
        if text[at] == "'" and text[at + 1 : at + 2] in ("]", "'"):
            at += 1
        made.append(text[at])
        at += 1
    if at >= len(text):
        raise FormulaError("name_not_closed", place, len(text))
    if not made:
        raise FormulaError("name_empty", place, at + 1)
    return Token("quoted", "".join(made), place, at + 1)


def _strange(text: str, place: int) -> FormulaError:
    char = text[place]
    if char == '"':
        return FormulaError("text_not_closed", place, len(text))
    if char in _QUOTES:
        return FormulaError("wrong_quote", place, place + 1, char=char)
    return FormulaError("strange_character", place, place + 1, char=char if char.isprintable() else ascii(char))


def _with_decimal_commas(found: list[Token]) -> list[Token]:
    if not any(token.value == "," for token in found):
        return found
    by_semicolon = _separated_by_semicolon(found)
    merged: list[Token] = []
    for place, token in enumerate(found):
        comma = merged[-1] if merged else None
        whole = merged[-2] if len(merged) > 1 else None
        if (
            token.kind == "number"
            and comma is not None
            and whole is not None
            and comma.value == ","
            and (place - 1) in by_semicolon
            and _touch(whole, comma, token)
        ):
            merged[-2:] = [Token("number", f"{whole.value}.{token.value}", whole.start, token.end)]
        else:
            merged.append(token)
    return merged


def _touch(whole: Token, comma: Token, part: Token) -> bool:
    is_plain = (
        whole.kind == "number" and whole.value.isdigit() and part.value[0].isdigit() and "." not in part.value
    )
    return is_plain and whole.end == comma.start and comma.end == part.start


def _separated_by_semicolon(found: list[Token]) -> set[int]:
    """Positions of the commas that cannot separate anything."""
    free: set[int] = set()
    open_brackets: list[tuple[bool, list[int], bool]] = [(False, [], False)]  # separates?, commas, has semicolon
    for place, token in enumerate(found):
        if token.kind == "end" or (token.kind == "sign" and token.value in (")", "}", "]")):
            separates, commas, has_semicolon = open_brackets.pop() if open_brackets else (True, [], False)
            if has_semicolon or not separates:
                free.update(commas)
        elif token.kind == "sign" and token.value in ("(", "{", "["):
            is_call = token.value == "(" and place > 0 and found[place - 1].kind == "name"
            open_brackets.append((is_call or token.value == "{", [], False))
        elif token.kind == "sign" and token.value in (",", ";") and open_brackets:
            separates, commas, has_semicolon = open_brackets[-1]
            if token.value == ",":
                commas.append(place)
            else:
                open_brackets[-1] = (separates, commas, True)
    return free
