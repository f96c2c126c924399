"""Phone, e-mail and link: one form for all, so that equal ones are equal and duplicates are found."""

import re
from typing import Literal
from urllib.parse import urlsplit

from potok.graph.formulas.functions.contacts import is_email, normal_phone
from potok.records.kinds.base import Bad, Json, Kind, NoSettings, Settings
from potok.records.kinds.text import plain

_LONGEST = 2_000
_SCHEME = re.compile(r"(?i)[a-z][a-z0-9+.-]*:(?!\d)")
"""A scheme; `example.com:8080` has a port instead."""
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})


class PhoneSettings(Settings):
    """`country`: whose numbers may be written without the international prefix."""

    country: Literal["RU", "KZ"] = "RU"


def _phone(value: Json, settings: PhoneSettings) -> str | None:
    text = plain(value, _LONGEST)
    if text is None:
        return None
    found = normal_phone(text, settings.country)
    if found is None:
        raise Bad("not_phone", value=text[:100])
    return found


def _email(value: Json, settings: NoSettings) -> str | None:
    text = plain(value, _LONGEST)
    if text is None:
        return None
    if not is_email(text.lower()):
        raise Bad("not_email", value=text[:100])
    return text.lower()


def _link(value: Json, settings: NoSettings) -> str | None:
    """Only schemes that open a page, a letter or a call: a stored link must never run a script."""
    text = plain(value, _LONGEST)
    if text is None:
        return None
    if not _SCHEME.match(text):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        wants_host = parts.scheme in ("http", "https")
        wrong = parts.scheme not in _SCHEMES or (wants_host and (not parts.hostname or parts.port == 0))
    except ValueError:
        wrong = True
    if wrong or any(char.isspace() for char in text):
        raise Bad("not_link", value=text[:100])
    return text


PHONE = Kind("phone", _phone, PhoneSettings, unique=True, searched=True)
EMAIL = Kind("email", _email, unique=True, searched=True)
LINK = Kind("link", _link, searched=True)
