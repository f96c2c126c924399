"""Every sentence the server says to people, in each language: one JSON file per area and locale."""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

LOCALES = ("en", "ru")
DEFAULT = "en"


class Words(NamedTuple):
    """A sentence that says what happened, and one that says how to mend it (may be empty)."""

    message: str
    fix: str


@cache
def _sentences(locale: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for file in sorted(Path(__file__).parent.glob(f"*.{locale}.json")):
        found.update(json.loads(file.read_text(encoding="utf-8")))
    return found


def say(code: str, locale: str = DEFAULT, **params: Any) -> Words:
    """The words for `code`, its `{placeholders}` filled. Raises KeyError for a code nobody has written down."""
    message, fix = _sentences(locale if locale in LOCALES else DEFAULT)[code]
    return ended(message.format_map(params), fix.format_map(params))


def ended(message: str, fix: str) -> Words:
    """The two as sentences: what is said first ends like one, whatever a placeholder brought at its end."""
    said = message.rstrip(" :;,") if fix else message
    return Words(f"{said}." if fix and said and said[-1] not in ".!?…" else said, fix)


def codes(locale: str) -> frozenset[str]:
    """All codes that have words in this locale."""
    return frozenset(_sentences(locale))


def negotiate(header: str | None) -> str:
    """The best of our locales for an Accept-Language header."""
    wanted: list[tuple[float, str]] = []
    for part in (header or "").split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            weight = 0.0
        wanted.append((weight, tag.split("-")[0].lower()))
    for _, language in sorted(wanted, key=lambda pair: -pair[0]):
        if language in LOCALES:
            return language
    return DEFAULT
