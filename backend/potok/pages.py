"""Keyset pages: a page asks for one row more than it shows, and continues below the last id it showed."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from potok.problems import refuse

Row = TypeVar("Row")

MAX_PAGE = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of one page and whether there are more."""

    rows: Sequence[Row]
    has_next: bool


def page_of(rows: Sequence[Row], first: int) -> Page[Row]:
    """Cut the row that was only asked for to know whether there are more."""
    return Page(rows[:first], len(rows) > first)


def page_size(first: int) -> int:
    """The size asked for, within what one answer may hold."""
    return max(1, min(first, MAX_PAGE))


def cursor(*parts: str) -> str:
    """An opaque place in a list."""
    return base64.urlsafe_b64encode("\n".join(parts).encode()).decode().rstrip("=")


def read_cursor(text: str, parts: int) -> list[str]:
    """The parts a cursor was made of. Raises Refused (`cursor_invalid`) for anything we did not make."""
    try:
        found = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split("\n")
    except (binascii.Error, ValueError):
        found = []
    if len(found) != parts:
        raise refuse("cursor_invalid", "after")
    return found


def read_id_cursor(text: str | None) -> UUID | None:
    """The id in a cursor made of an id alone. Raises Refused like `read_cursor`."""
    if text is None:
        return None
    try:
        return UUID(read_cursor(text, 1)[0])
    except ValueError:
        raise refuse("cursor_invalid", "after") from None
