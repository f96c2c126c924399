"""Formats of numbers ("# ##0,00") and of dates ("d mmmm yyyy"), the part of Excel's that people use."""

import re
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from potok.graph.formulas.functions.rounding import rounded
from potok.graph.formulas.limits import MAX_PATTERN
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.values import CONTEXT, HUNDRED

MONTHS = {
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "en": "January February March April May June July August September October November December",
}
MONTHS_ALONE = {
    "ru": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "en": MONTHS["en"],
}
MONTHS_SHORT = {
    "ru": "янв фев мар апр мая июн июл авг сен окт ноя дек",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
}
DAYS = {
    "ru": "понедельник вторник среда четверг пятница суббота воскресенье",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}
DAYS_SHORT = {"ru": "пн вт ср чт пт сб вс", "en": "Mon Tue Wed Thu Fri Sat Sun"}


class _Number(NamedTuple):
    before: str
    after: str
    whole: int
    """Least digits before the point."""
    fraction: int
    """Least and"""
    longest: int
    """most digits after it."""
    group: str
    point: str
    hundreds: bool


_CORE = re.compile(r"[#0](?:[#0 ,.\u00a0]*[#0])?")


def format_number(value: Decimal, pattern: str) -> str:
    """The number in this format. A comma is the decimal mark where spaces part the groups or only zeros follow."""
    form = _number_pattern(pattern)
    shown = CONTEXT.multiply(value, HUNDRED) if form.hundreds else value
    shown = rounded(shown, form.longest, ROUND_HALF_UP)
    whole, _, fraction = format(abs(shown), "f").partition(".")
    whole = whole.lstrip("0").rjust(form.whole, "0")
    fraction = fraction.rstrip("0").ljust(form.fraction, "0")
    if form.group:
        whole = _grouped(whole, form.group)
    sign = "-" if shown < 0 else ""
    return f"{sign}{form.before}{whole}{form.point if fraction else ''}{fraction}{form.after}"


def _grouped(whole: str, mark: str) -> str:
    first = len(whole) % 3
    parts = [whole[:first]] if first else []
    return mark.join([*parts, *(whole[place : place + 3] for place in range(first, len(whole), 3))])


@lru_cache(maxsize=256)
def _number_pattern(pattern: str) -> _Number:
    found = _CORE.search(pattern) if len(pattern) <= MAX_PATTERN else None
    if found is None:
        raise FormulaError("bad_format", text=pattern)
    core = found.group()
    before, after = pattern[: found.start()], pattern[found.end() :]
    point = _decimal_mark(core)
    whole, _, fraction = core.rpartition(point) if point else (core, "", "")
    group = next((char for char in whole if char in " ,.\u00a0"), "")
    if (point and set(fraction) - {"#", "0"}) or set(whole) - {"#", "0", group}:
        raise FormulaError("bad_format", text=pattern)
    clean = (before.replace('"', ""), after.replace('"', ""))
    hundreds = "%" in before or "%" in after
    return _Number(*clean, whole.count("0"), fraction.count("0"), len(fraction), group, point, hundreds)


def _decimal_mark(core: str) -> str:
    for mark in (".", ","):
        head, found, tail = core.rpartition(mark)
        if not found or mark in head:
            continue
        if mark == "." or " " in head or "\u00a0" in head or not tail.strip("0"):
            return mark
    return ""


_DATE = re.compile(r'"[^"]*"|yyyy|yy|m{1,4}|d{1,4}|hh?|ss?|гггг|гг|м{1,4}|д{1,4}|чч?|сс?', re.IGNORECASE)
_LETTERS = str.maketrans("гмдчс", "ymdhs")


def format_date(value: date | datetime, pattern: str, language: str = "ru") -> str:
    """d dd ddd dddd, m mm mmm mmmm, yy yyyy, h hh, mm after h or before s (minutes), s ss; or д м г ч м с."""
    if len(pattern) > MAX_PATTERN:
        raise FormulaError("pattern_too_long", limit=MAX_PATTERN)
    if language not in MONTHS:
        raise FormulaError("bad_language", text=language)
    pieces = list(_DATE.finditer(pattern))
    codes = [piece.group().lower().translate(_LETTERS) for piece in pieces]
    made, place = [], 0
    for index, piece in enumerate(pieces):
        made.append(pattern[place : piece.start()])
        minutes = codes[index][0] == "m" and _is_minutes(codes, index)
        made.append(_date_piece(value, codes[index], piece.group(), minutes, "d" in "".join(codes), language))
        place = piece.end()
    return "".join(made) + pattern[place:]


def _is_minutes(codes: list[str], index: int) -> bool:
    before = codes[index - 1][0] if index else ""
    after = codes[index + 1][0] if index + 1 < len(codes) else ""
    return len(codes[index]) < 3 and (before == "h" or after == "s")


def _date_piece(
    value: date | datetime, code: str, written: str, minutes: bool, has_day: bool, language: str
) -> str:
    if code[0] == '"':
        return written[1:-1]
    if code[0] == "y":
        return f"{value.year:04d}" if len(code) == 4 else f"{value.year % 100:02d}"
    if code[0] == "m" and not minutes:
        months = MONTHS if has_day else MONTHS_ALONE
        long = {3: MONTHS_SHORT, 4: months}.get(len(code))
        return long[language].split()[value.month - 1] if long else f"{value.month:0{len(code)}d}"
    if code[0] == "d":
        names = {3: DAYS_SHORT, 4: DAYS}.get(len(code))
        return names[language].split()[value.weekday()] if names else f"{value.day:0{len(code)}d}"
    clock = value.timetz() if isinstance(value, datetime) else time()
    return f"{ {'h': clock.hour, 'm': clock.minute, 's': clock.second}[code[0]]:0{len(code)}d}"


_READ = {"yyyy": r"(?P<y>\d{4})", "yy": r"(?P<y>\d\d)", "m": r"(?P<m>\d\d?)", "d": r"(?P<d>\d\d?)"}


def read_date(text: str, pattern: str) -> date:
    """The date written in this format (day, month and year as digits)."""
    try:
        found = _date_reader(pattern).fullmatch(text.strip())
        if found is not None:
            year = int(found["y"])
            return date(
                year + 2000 if year < 100 and len(found["y"]) == 2 else year, int(found["m"]), int(found["d"])
            )
    except (ValueError, IndexError):
        pass
    raise FormulaError("not_a_date", text=text, format=pattern)


@lru_cache(maxsize=256)
def _date_reader(pattern: str) -> re.Pattern[str]:
    made, place = [], 0
    if len(pattern) > MAX_PATTERN:
        raise FormulaError("pattern_too_long", limit=MAX_PATTERN)
    for piece in _DATE.finditer(pattern):
        code = piece.group().lower().translate(_LETTERS)
        made.append(re.escape(pattern[place : piece.start()]))
        if code not in ("yyyy", "yy", "m", "mm", "d", "dd"):
            raise FormulaError("bad_format", text=pattern)
        made.append(_READ[code if code[0] == "y" else code[0]])
        place = piece.end()
    try:
        return re.compile("".join(made) + re.escape(pattern[place:]), re.ASCII)
    except re.error:  # a part that stands twice
        raise FormulaError("bad_format", text=pattern) from None
