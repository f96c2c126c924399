"""Text and long text: length, a mask, and the checks Russian office papers need."""

import re
from collections.abc import Callable
from typing import Literal

from pydantic import Field

from potok.graph.formulas.checkdigits import is_inn, is_ogrn, is_snils
from potok.records.kinds.base import TEXTUAL, Bad, Json, Kind, Settings

LONGEST_LINE = 1_000
LONGEST_TEXT = 100_000
Check = Literal["inn", "ogrn", "snils", "kpp", "bik", "account"]
_CHECKS: dict[str, Callable[[str], bool]] = {
    "inn": is_inn,
    "ogrn": is_ogrn,
    "snils": is_snils,
    "kpp": lambda text: re.fullmatch(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", text) is not None,
    "bik": lambda text: re.fullmatch(r"[0-9]{9}", text) is not None,
    "account": lambda text: re.fullmatch(r"[0-9]{20}", text) is not None,
}
_MASK = {"0": str.isdigit, "a": str.isalpha, "*": str.isalnum}


class TextSettings(Settings):
    """A line of text."""

    max_length: int = Field(default=LONGEST_LINE, ge=1, le=LONGEST_LINE)
    mask: str = Field(default="", max_length=60)
    """Letter by letter: 0 a digit, a a letter, * either; anything else stands for itself."""
    check: Check | None = None


class LongTextSettings(Settings):
    """Many lines."""

    max_length: int = Field(default=LONGEST_TEXT, ge=1, le=LONGEST_TEXT)


def follows_mask(text: str, mask: str) -> bool:
    """Whether every letter is what the mask has in its place."""
    if len(text) != len(mask):
        return False
    return all(
        _MASK[wanted](char) if wanted in _MASK else char == wanted for char, wanted in zip(text, mask, strict=True)
    )


def plain(value: Json, longest: int) -> str | None:
    """The text without NUL and spaces around it; None when nothing is left."""
    if isinstance(value, bool | dict | list):
        raise Bad("not_text")
    text = "" if value is None else str(value).replace("\0", "").strip()
    if len(text) > longest:
        raise Bad("too_long", most=longest, length=len(text))
    return text or None


def _line(value: Json, settings: TextSettings) -> str | None:
    text = plain(value, settings.max_length)
    if text is None:
        return None
    text = " ".join(text.split())
    if settings.mask and not follows_mask(text, settings.mask):
        raise Bad("mask", mask=settings.mask, value=text[:100])
    if settings.check and not _CHECKS[settings.check](text):
        raise Bad(f"check.{settings.check}", value=text[:100])
    return text


def _lines(value: Json, settings: LongTextSettings) -> str | None:
    return plain(value, settings.max_length)


LINE = Kind("text", _line, TextSettings, operators=TEXTUAL, unique=True, searched=True)
LONG = Kind("longtext", _lines, LongTextSettings, operators=TEXTUAL - {"eq", "ne", "in"}, searched=True)
