"""Matching with * and ? (and ~ before them for themselves), in time that grows with the text, never explodes.

The pattern is cut at its stars; each piece is looked for once, from left to right. No backtracking is ever needed.
"""

import re
from functools import lru_cache

from potok.graph.formulas.env import Env
from potok.graph.formulas.limits import MAX_PATTERN
from potok.graph.formulas.mistakes import FormulaError

Piece = tuple[re.Pattern[str], int]
"""A part without stars: literal characters and `.` only, and its length."""


def is_pattern(text: str) -> bool:
    """Whether it has a star, a question mark or an escape."""
    return "*" in text or "?" in text or "~" in text


def matches(env: Env, pattern: str, text: str) -> bool:
    """Whether the whole text fits the pattern, without regard to case."""
    pieces = _pieces(pattern)
    _pay(env, pieces, text)
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        return first[0].fullmatch(text) is not None
    if first[0].match(text) is None or len(text) < first[1] + last[1]:
        return False
    place = first[1]
    for piece, _ in pieces[1:-1]:
        found = piece.search(text, place)
        if found is None:
            return False
        place = found.end()
    return len(text) - last[1] >= place and last[0].match(text, len(text) - last[1]) is not None


def search(env: Env, pattern: str, text: str, start: int) -> int:
    """Where the pattern begins in the text, at `start` or after; -1 if nowhere."""
    pieces = _pieces(pattern)
    _pay(env, pieces, text)
    place, begins = start, -1
    for piece, _ in pieces:
        found = piece.search(text, place)
        if found is None:
            return -1
        begins = found.start() if begins < 0 else begins
        place = found.end()
    return begins


def _pay(env: Env, pieces: tuple[Piece, ...], text: str) -> None:
    """At worst every character of a piece is compared at every place of the text."""
    env.spend(len(pieces) + sum(length for _, length in pieces) * len(text) // 256)


@lru_cache(maxsize=1024)
def _pieces(pattern: str) -> tuple[Piece, ...]:
    if len(pattern) > MAX_PATTERN:
        raise FormulaError("pattern_too_long", limit=MAX_PATTERN)
    parts: list[list[str]] = [[]]
    escaped = False
    for char in pattern:
        if escaped or char not in "*?~":
            parts[-1].append(re.escape(char))
            escaped = False
        elif char == "~":
            escaped = True
        elif char == "*":
            parts.append([])
        else:
            parts[-1].append(".")
    if escaped:
        parts[-1].append("~")
    return tuple((re.compile("".join(part), re.IGNORECASE | re.DOTALL), len(part)) for part in parts)
