"""Checks of what people type about a person: name, e-mail, language, time zone."""

import re
from zoneinfo import available_timezones

from potok.problems import Problem
from potok.words import LOCALES

_EMAIL = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\"]+")
MAX_NAME = 200
MAX_EMAIL = 254


def clean_email(email: str) -> str:
    """The form e-mails are stored and compared in."""
    return email.strip().lower()


def email_problems(email: str, *path: str) -> list[Problem]:
    """Whether the (clean) e-mail looks like one. Whether it exists, only a letter can tell."""
    if not email:
        return [Problem("email_empty", {}, path)]
    if len(email) > MAX_EMAIL or not _EMAIL.fullmatch(email):
        return [Problem("email_malformed", {"email": email[:MAX_EMAIL]}, path)]
    return []


def name_problems(name: str, *path: str) -> list[Problem]:
    """A name must say something and fit on a line."""
    if not name.strip():
        return [Problem("name_empty", {}, path)]
    if len(name) > MAX_NAME:
        return [Problem("name_long", {"max": MAX_NAME}, path)]
    return []


def locale_problems(locale: str, *path: str) -> list[Problem]:
    """Only languages the product speaks."""
    if locale in LOCALES:
        return []
    return [Problem("locale_unknown", {"language": locale[:20], "known": ", ".join(LOCALES)}, path)]


def time_zone_problems(zone: str, *path: str) -> list[Problem]:
    """Only names of the IANA time zone database."""
    return [] if zone in available_timezones() else [Problem("time_zone_unknown", {"zone": zone[:60]}, path)]
