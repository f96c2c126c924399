"""Making dates and moments, and taking them apart."""

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from potok.graph.formulas.coerce import duration, moment, seconds, when_in
from potok.graph.formulas.declare import Area
from potok.graph.formulas.env import Env
from potok.graph.formulas.functions.patterns import format_date, read_date
from potok.graph.formulas.mistakes import FormulaError

area = Area("dates", "Dates and times", "Дата и время")

When = date | datetime


@area.function(
    "DATE ДАТА",
    "year|год: whole",
    "month|месяц: whole",
    "day|день: whole",
    returns="date",
    en="A date; month 13 is January of the next year, day 0 the last of the month before.",
    ru="Дата; месяц 13 — январь следующего года, день 0 — последний день прошлого месяца.",
    examples=(
        'DATE(2008; 7; 8) -> DATEVALUE("08.07.2008")',
        'DATE(2008; 14; 2) -> DATEVALUE("2009-02-02")',
        'DATE(2008; -3; 2) -> DATEVALUE("2007-09-02")',
        'DATE(2008; 1; 35) -> DATEVALUE("2008-02-04")',
        'DATE(2008; 1; -15) -> DATEVALUE("2007-12-16")',
    ),
)
def _date(env: Env, year: int, month: int, day: int) -> date:
    return make_date(year, month, day)


def make_date(year: int, month: int, day: int) -> date:
    """A date whose month and day may overflow."""
    try:
        years, months = divmod(month - 1, 12)
        return date(year + years, months + 1, 1) + timedelta(days=day - 1)
    except (ValueError, OverflowError):
        raise FormulaError("date_out_of_range") from None


@area.function(
    "TIME ВРЕМЯ",
    "hour|час: number",
    "minute|минута: number = 0",
    "second|секунда: number = 0",
    returns="duration",
    en="A length of time in hours, minutes and seconds.",
    ru="Длительность в часах, минутах и секундах.",
    examples=('TIME(12; 0; 0) -> DURATION(12; "hours")', 'TIME(0; 90) -> DURATION(1.5; "hours")'),
)
def _time(env: Env, hour: Decimal, minute: Decimal, second: Decimal) -> timedelta:
    return seconds(hour * 3600 + minute * 60 + second)


@area.function(
    "DATETIME ДАТАВРЕМЯ",
    "year|год: whole",
    "month|месяц: whole",
    "day|день: whole",
    "hour|час: whole = 0",
    "minute|минута: whole = 0",
    "second|секунда: whole = 0",
    returns="datetime",
    en="A moment on the clock of the workspace.",
    ru="Момент по часам пространства.",
    examples=('DATETIME(2026; 3; 5; 10; 30) -> DATEVALUE("2026-03-05T10:30:00")',),
)
def _datetime(env: Env, year: int, month: int, day: int, hour: int, minute: int, second: int) -> datetime:
    return _at(make_date(year, month, day), timedelta(hours=hour, minutes=minute, seconds=second), zone_of(env))


@area.function(
    "ATTIME ВОВРЕМЯ",
    "date|дата: date",
    "time|время: any",
    returns="datetime",
    en='This day at a time ("10:00" or a duration since midnight) on the clock of the workspace.',
    ru='Этот день во столько-то ("10:00" или длительность от полуночи) по часам пространства.',
    examples=(
        'ATTIME(DATE(2026; 3; 5); "10:30") -> DATETIME(2026; 3; 5; 10; 30)',
        'ATTIME(DATE(2026; 3; 5); "noon") -> !bad_text',
    ),
)
def _attime(env: Env, day: date, clock: Any) -> datetime:
    return _at(day, _since_midnight(clock), zone_of(env))


_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?", re.ASCII)


def _since_midnight(clock: Any) -> timedelta:
    if not isinstance(clock, str):
        return duration(clock)
    found = _CLOCK.fullmatch(clock.strip())
    hours, minutes, secs = (int(part or 0) for part in found.groups()) if found else (99, 0, 0)
    if hours > 23 or minutes > 59 or secs > 59:
        raise FormulaError("bad_text", wanted="duration", text=clock)
    return timedelta(hours=hours, minutes=minutes, seconds=secs)


def _at(day: date, since: timedelta, zone: tzinfo) -> datetime:
    try:
        return (datetime.combine(day, time()) + since).replace(tzinfo=zone)
    except OverflowError:
        raise FormulaError("date_out_of_range") from None


def zone_of(env: Env) -> tzinfo:
    """The zone of the given moment, else UTC."""
    return (env.now.tzinfo if env.now is not None else None) or UTC


@area.function(
    "TODAY СЕГОДНЯ",
    returns="date",
    clock=True,
    en="Today's date in the workspace.",
    ru="Сегодняшняя дата в пространстве.",
    examples=("TODAY() = DATE(YEAR(NOW()); MONTH(NOW()); DAY(NOW())) -> TRUE",),
)
def _today(env: Env) -> date:
    return env.clock().date()


@area.function(
    "NOW ТДАТА СЕЙЧАС",
    returns="datetime",
    clock=True,
    en="The present moment.",
    ru="Текущие дата и время.",
    examples=("NOW() >= TODAY() -> TRUE",),
)
def _now(env: Env) -> datetime:
    return env.clock()


def _part(names: str, en: str, ru: str, example: str, take: Any) -> None:
    """Declares a function that takes one part of a date."""

    @area.function(names, "date|дата: when", returns="number", en=en, ru=ru, examples=(example,))
    def _(env: Env, value: When) -> Decimal:
        return Decimal(take(value))


_part("YEAR ГОД", "The year.", "Год.", "YEAR(DATE(2008; 7; 5)) -> 2008", lambda value: value.year)
_part(
    "MONTH МЕСЯЦ",
    "The month, 1 to 12.",
    "Месяц, от 1 до 12.",
    "MONTH(DATE(2011; 4; 15)) -> 4",
    lambda value: value.month,
)
_part("DAY ДЕНЬ", "The day of the month.", "День месяца.", "DAY(DATE(2011; 4; 15)) -> 15", lambda value: value.day)
_part(
    "QUARTER КВАРТАЛ",
    "The quarter, 1 to 4.",
    "Квартал, от 1 до 4.",
    "QUARTER(DATE(2026; 5; 1)) -> 2",
    lambda value: (value.month + 2) // 3,
)
_part(
    "HOUR ЧАС",
    "The hour, 0 to 23.",
    "Час, от 0 до 23.",
    'HOUR("2026-01-01T18:45:30Z") -> 18',
    lambda value: _clock(value).hour,
)
_part(
    "MINUTE МИНУТЫ",
    "The minute.",
    "Минута.",
    'MINUTE("2026-01-01T18:45:30Z") -> 45',
    lambda value: _clock(value).minute,
)
_part(
    "SECOND СЕКУНДЫ",
    "The second.",
    "Секунда.",
    'SECOND("2026-01-01T18:45:30Z") -> 30',
    lambda value: _clock(value).second,
)
_part(
    "ISOWEEKNUM НОМНЕДЕЛИISO",
    "The week's number by ISO 8601 (weeks begin on Monday).",
    "Номер недели по ISO 8601 (неделя с понедельника).",
    "ISOWEEKNUM(DATE(2012; 3; 9)) -> 10",
    lambda value: value.isocalendar().week,
)


def _clock(value: When) -> time:
    return value.timetz() if isinstance(value, datetime) else time()


@area.function(
    "WEEKDAY ДЕНЬНЕД",
    "date|дата: date",
    "type|тип: whole = 1",
    returns="number",
    en="The day of the week: 1 = from Sunday 1 (as in Excel), 2 = from Monday 1, 3 = from Monday 0.",
    ru="День недели: тип 1 — с воскресенья 1 (как в Excel), 2 — с понедельника 1, 3 — с понедельника 0.",
    examples=(
        "WEEKDAY(DATE(2008; 2; 14)) -> 5",
        "WEEKDAY(DATE(2008; 2; 14); 2) -> 4",
        "WEEKDAY(DATE(2008; 2; 14); 3) -> 3",
    ),
)
def _weekday(env: Env, value: date, kind: int) -> Decimal:
    if kind not in (1, 2, 3):
        raise FormulaError("out_of_range", place=kind, count=3)
    monday = value.weekday()
    return Decimal({1: (monday + 1) % 7 + 1, 2: monday + 1, 3: monday}[kind])


@area.function(
    "WEEKNUM НОМНЕДЕЛИ",
    "date|дата: date",
    "type|тип: whole = 1",
    returns="number",
    en="The week's number in the year: 1 = weeks from Sunday, 2 = from Monday, 21 = ISO 8601.",
    ru="Номер недели в году: тип 1 — недели с воскресенья, 2 — с понедельника, 21 — ISO 8601.",
    examples=(
        "WEEKNUM(DATE(2012; 3; 9)) -> 10",
        "WEEKNUM(DATE(2012; 3; 9); 2) -> 11",
        "WEEKNUM(DATE(2021; 1; 1); 21) -> 53",
    ),
)
def _weeknum(env: Env, value: date, kind: int) -> Decimal:
    if kind == 21:
        return Decimal(value.isocalendar().week)
    if kind not in (1, 2):
        raise FormulaError("out_of_range", place=kind, count=2)
    first = value.replace(month=1, day=1)
    lead = (first.weekday() + (2 - kind)) % 7
    return Decimal((value.timetuple().tm_yday - 1 + lead) // 7 + 1)


@area.function(
    "DATEVALUE ДАТАЗНАЧ",
    "text|текст: text",
    'format|формат: text = ""',
    returns="any",
    en="The date or the moment (no zone named: the workspace's) in a text: 31.12.2026, ISO 8601, or by a format.",
    ru="Дата или момент (без пояса — по часам пространства) из текста: 31.12.2026, ISO 8601 или по формату.",
    examples=(
        'DATEVALUE("31.12.2026") -> DATE(2026; 12; 31)',
        'DATEVALUE("2011-02-23") -> DATE(2011; 2; 23)',
        'DATEVALUE("12/31/26"; "mm/dd/yy") -> DATE(2026; 12; 31)',
        'DATEVALUE("31.02.2026") -> !not_a_date',
    ),
)
def _datevalue(env: Env, text: str, pattern: str) -> When:
    if pattern:
        return read_date(text, pattern)
    found = when_in(text, zone_of(env))
    return found if found is not None else read_date(text, "d.m.yyyy")


@area.function(
    "FORMATDATE ФОРМАТДАТЫ",
    "date|дата: when",
    "format|формат: text",
    'language|язык: text = "ru"',
    returns="text",
    en='A date as text: "d mmmm yyyy", "dd.mm.yyyy hh:mm"; language "ru" or "en".',
    ru='Дата текстом: "д мммм гггг", "дд.мм.гггг чч:мм"; язык "ru" или "en".',
    examples=(
        'FORMATDATE(DATE(2026; 3; 5); "д мммм гггг") -> "5 марта 2026"',
        'FORMATDATE(DATE(2026; 3; 5); "mmmm yyyy") -> "март 2026"',
        'FORMATDATE(DATE(2026; 3; 5); "dddd, d mmm"; "en") -> "Thursday, 5 Mar"',
        'FORMATDATE("2026-03-05T09:05:00Z"; "dd.mm.yy hh:mm") -> "05.03.26 09:05"',
    ),
)
def _formatdate(env: Env, value: When, pattern: str, language: str) -> str:
    return format_date(value, pattern, language)


@area.function(
    "INZONE ВПОЯСЕ",
    "moment|момент: datetime",
    "zone|пояс: text",
    returns="datetime",
    en='The same moment on the clock of another zone ("Europe/Moscow").',
    ru='Тот же момент по часам другого пояса ("Europe/Moscow").',
    examples=(
        'HOUR(INZONE("2026-01-01T09:00:00Z"; "Europe/Moscow")) -> 12',
        'INZONE(NOW(); "Mars/Base") -> !bad_zone',
    ),
)
def _inzone(env: Env, value: datetime, zone: str) -> datetime:
    try:
        return moment(value).astimezone(ZoneInfo(zone))
    except (ValueError, OSError, KeyError, OverflowError):
        raise FormulaError("bad_zone", text=zone) from None


def last_day(year: int, month: int) -> int:
    """The last day of a month."""
    return calendar.monthrange(year, month)[1]
