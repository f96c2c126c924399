"""Days off by country, from the library `holidays`: what they are, and how they get into a calendar."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import holidays

from potok.problems import Problem, Refused

MOST_YEARS = 10
FIRST_YEAR, LAST_YEAR = 2000, 2100
_LANGUAGES = {"en": ("en_US", "en_GB", "en"), "ru": ("ru",)}


class Country(NamedTuple):
    """`code` by ISO 3166, `subdivisions` as the library knows them."""

    code: str
    subdivisions: tuple[str, ...]


class Holiday(NamedTuple):
    """A day off, or (`works`) a weekend day that is worked in place of another."""

    day: date
    name: str
    works: bool = False


def countries() -> list[Country]:
    """Every country whose holidays are known."""
    found = holidays.list_supported_countries(include_aliases=False)
    return [Country(code, tuple(parts)) for code, parts in sorted(found.items()) if len(code) == 2]


def problems_of(country: str, subdivision: str, years: Sequence[int]) -> list[Problem]:
    """Why holidays cannot be filled in."""
    found: list[Problem] = []
    known = {one.code: one for one in countries()}
    if country not in known:
        found.append(Problem("country_unknown", {"country": country[:20]}, ("country",)))
    elif subdivision and subdivision not in known[country].subdivisions:
        words = {"subdivision": subdivision[:40], "country": country}
        found.append(Problem("subdivision_unknown", words, ("subdivision",)))
    if not years or len(years) > MOST_YEARS or not all(FIRST_YEAR <= year <= LAST_YEAR for year in years):
        limits = {"most": MOST_YEARS, "first": FIRST_YEAR, "last": LAST_YEAR}
        found.append(Problem("holiday_years", limits, ("years",)))
    return found


def holidays_of(country: str, subdivision: str, years: Sequence[int], locale: str = "en") -> list[Holiday]:
    """The days off of these years in order, in the reader's language where there are words. Raises Refused."""
    if found := problems_of(country, subdivision, years):
        raise Refused(*found)
    wanted = sorted(set(years))
    known = holidays.country_holidays(country, subdiv=subdivision or None, years=wanted, expand=False)
    spoken = getattr(known, "supported_languages", ()) or ()
    language = next((one for one in _LANGUAGES.get(locale, ()) if one in spoken), None)
    if language is not None:
        known = holidays.country_holidays(
            country, subdiv=subdivision or None, years=wanted, expand=False, language=language
        )
    days = [Holiday(day, str(name)) for day, name in known.items() if day.year in wanted]
    moved = [Holiday(day, "", True) for day in getattr(known, "weekend_workdays", ()) if day.year in wanted]
    return sorted({one.day: one for one in (*days, *moved)}.values())


def fill(
    exceptions: Sequence[Mapping[str, Any]],
    found: Iterable[Holiday],
    years: Sequence[int],
    hours: Sequence[Sequence[int]],
    works: str,
) -> list[dict[str, Any]]:
    """The exceptions with these holidays. Those filled in earlier for the years go; what a person set stays.

    `hours` and `works`: the hours and the name of a weekend day that is worked.
    """
    kept = {
        one["date"]: dict(one)
        for one in exceptions
        if one["by"] == "person" or date.fromisoformat(one["date"]).year not in years
    }
    for one in found:
        said = {"name": one.name or works, "hours": [list(span) for span in hours] if one.works else []}
        kept.setdefault(one.day.isoformat(), {"date": one.day.isoformat(), **said, "by": "holidays"})
    return [kept[day] for day in sorted(kept)]
