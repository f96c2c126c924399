"""Reckoning with dates: months, working days, differences."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from potok.graph.formulas.coerce import day
from potok.graph.formulas.declare import Area, first
from potok.graph.formulas.env import Env
from potok.graph.formulas.functions.dates import When, last_day, make_date
from potok.graph.formulas.functions.shared import flat, only_whole
from potok.graph.formulas.functions.units import time_unit
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.operators import add, multiply

area = Area("periods", "Periods and working days", "Периоды и рабочие дни")


def months_later(value: Any, months: int) -> Any:
    """The same day so many months later, or the last of a shorter month; a moment keeps its time."""
    years, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    if not 1 <= years <= 9999:
        raise FormulaError("date_out_of_range")
    return value.replace(year=years, month=month + 1, day=min(value.day, last_day(years, month + 1)))


@area.function(
    "EDATE ДАТАМЕС",
    "date|дата: when",
    "months|месяцы: whole",
    returns=first,
    en="The same day so many months later or, if negative, earlier.",
    ru="Тот же день через столько месяцев или, если число отрицательное, раньше.",
    examples=(
        "EDATE(DATE(2011; 1; 15); 1) -> DATE(2011; 2; 15)",
        "EDATE(DATE(2011; 1; 15); -1) -> DATE(2010; 12; 15)",
        "EDATE(DATE(2026; 1; 31); 1) -> DATE(2026; 2; 28)",
    ),
)
def _edate(env: Env, value: When, months: int) -> When:
    found: When = months_later(value, months)
    return found


@area.function(
    "EOMONTH КОНМЕСЯЦА",
    "date|дата: date",
    "months|месяцы: whole = 0",
    returns="date",
    en="The last day of the month, so many months later.",
    ru="Последний день месяца через столько месяцев.",
    examples=(
        "EOMONTH(DATE(2011; 1; 1); 1) -> DATE(2011; 2; 28)",
        "EOMONTH(DATE(2011; 1; 1); -3) -> DATE(2010; 10; 31)",
    ),
)
def _eomonth(env: Env, value: date, months: int) -> date:
    found = months_later(value.replace(day=1), months)
    return make_date(found.year, found.month, last_day(found.year, found.month))


def _holidays(env: Env, given: Any) -> set[date]:
    return {day(one) for one, _ in flat(env, [given]) if one is not None and one != ""}


def _is_working(env: Env, value: date, holidays: set[date]) -> bool:
    return _works(env, value) and value not in holidays


def _works(env: Env, value: date) -> bool:
    return value.weekday() < 5 if env.working_day is None else env.working_day(value)


@area.function(
    "WORKDAY РАБДЕНЬ",
    "start|начало: date",
    "days|дни: whole",
    "holidays|праздники: any?",
    returns="date",
    en="The date so many working days of the default calendar after (or before) the start; holidays do not count.",
    ru="Дата через столько рабочих дней после (до) начала по основному календарю, без названных праздников.",
    examples=(
        "WORKDAY(DATE(2008; 10; 1); 151) -> DATE(2009; 4; 30)",
        'WORKDAY("2008-10-01"; 151; {"2008-11-26"; "2008-12-04"; "2009-01-21"}) -> DATE(2009; 5; 5)',
        "WORKDAY(DATE(2026; 11; 27); 1) -> DATE(2026; 11; 30)",
    ),
)
def _workday(env: Env, start: date, days: int, holidays: Any = None) -> date:
    return workdays_later(env, start, days, _holidays(env, holidays))


def workdays_later(env: Env, start: date, days: int, holidays: set[date]) -> date:
    """Counts day by day; the start itself is day 0."""
    env.spend(abs(days) * 2)
    one = timedelta(days=1 if days > 0 else -1)
    left, found = abs(days), start
    try:
        while left:
            found += one
            left -= _is_working(env, found, holidays)
    except OverflowError:
        raise FormulaError("date_out_of_range") from None
    return found


@area.function(
    "NETWORKDAYS ЧИСТРАБДНИ",
    "start|начало: date",
    "end|конец: date",
    "holidays|праздники: any?",
    returns="number",
    en="How many working days of the default calendar lie between two dates, both included.",
    ru="Сколько рабочих дней основного календаря между датами, включая обе.",
    examples=(
        "NETWORKDAYS(DATE(2012; 10; 1); DATE(2013; 3; 1)) -> 110",
        "NETWORKDAYS(DATE(2012; 10; 1); DATE(2013; 3; 1); DATE(2012; 11; 22)) -> 109",
        "NETWORKDAYS(DATE(2026; 11; 30); DATE(2026; 11; 27)) -> -2",
    ),
)
def _networkdays(env: Env, start: date, end: date, holidays: Any = None) -> Decimal:
    early, late = min(start, end), max(start, end)
    count = (late - early).days + 1
    if env.working_day is None:
        weeks, rest = divmod(count, 7)
        found = weeks * 5 + sum((early.weekday() + extra) % 7 < 5 for extra in range(rest))
    else:
        env.spend(count)
        found = sum(_works(env, early + timedelta(days=number)) for number in range(count))
    found -= sum(early <= one <= late and _works(env, one) for one in _holidays(env, holidays))
    return Decimal(found if start <= end else -found)


@area.function(
    "DAYS ДНИ",
    "end|конец: date",
    "start|начало: date",
    returns="number",
    en="How many days lie between two dates.",
    ru="Сколько дней между датами.",
    examples=(
        "DAYS(DATE(2021; 3; 15); DATE(2021; 2; 1)) -> 42",
        "DAYS(DATE(2021; 1; 1); DATE(2021; 12; 31)) -> -364",
    ),
)
def _days(env: Env, end: date, start: date) -> Decimal:
    return Decimal((end - start).days)


@area.function(
    "DATEDIF РАЗНДАТ",
    "start|начало: date",
    "end|конец: date",
    "unit|единица: text",
    returns="number",
    en='Whole years "Y", months "M" or days "D" between two dates; "YM", "MD", "YD": what is left over.',
    ru='Полных лет "Y", месяцев "M" или дней "D" между датами; "YM", "MD", "YD" — остаток.',
    examples=(
        'DATEDIF(DATE(2001; 1; 1); DATE(2003; 1; 1); "Y") -> 2',
        'DATEDIF(DATE(2001; 6; 1); DATE(2002; 8; 15); "D") -> 440',
        'DATEDIF(DATE(2001; 6; 1); DATE(2002; 8; 15); "YD") -> 75',
        'DATEDIF(DATE(2002; 1; 1); DATE(2001; 1; 1); "D") -> !dates_reversed',
    ),
)
def _datedif(env: Env, start: date, end: date, unit: str) -> Decimal:
    if start > end:
        raise FormulaError("dates_reversed")
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    match unit.strip().upper():
        case "Y":
            return Decimal(months // 12)
        case "M":
            return Decimal(months)
        case "D":
            return Decimal((end - start).days)
        case "YM":
            return Decimal(months % 12)
        case "MD":
            return Decimal((end - months_later(start, months)).days)
        case "YD":
            return Decimal((end - months_later(start, months // 12 * 12)).days)
    raise FormulaError("bad_unit", text=unit)


@area.function(
    "DATEADD ДОБАВИТЬ",
    "date|дата: when",
    "amount|количество: number",
    "unit|единица: text",
    returns=first,
    en='A date or moment later by "days", "weeks", "months", "quarters", "years", "workdays", "hours", "minutes".',
    ru='Дата или момент позже на "дни", "недели", "месяцы", "кварталы", "годы", "рабдни", "часы", "минуты".',
    examples=(
        'DATEADD(DATE(2026; 1; 31); 1; "month") -> DATE(2026; 2; 28)',
        'DATEADD(DATE(2026; 11; 27); 2; "рабдня") -> DATE(2026; 12; 1)',
        'DATEADD(DATE(2026; 1; 1); -1; "week") -> DATE(2025; 12; 25)',
        'DATEADD("2026-01-01T10:00:00Z"; 90; "minutes") -> DATEVALUE("2026-01-01T11:30:00Z")',
    ),
)
def _dateadd(env: Env, value: When, amount: Decimal, unit: str) -> Any:
    name, span = time_unit(unit)
    if name in ("days", "weeks"):  # days of the calendar
        return add(value, amount * (7 if name == "weeks" else 1))
    if span is not None:
        return add(value, multiply(span, amount))
    count = int(only_whole(amount)) if abs(amount) < 10**6 else 10**6
    if name == "workdays":
        later = workdays_later(env, day(value), count, set())
        return value.replace(later.year, later.month, later.day) if isinstance(value, datetime) else later
    return months_later(value, count * {"months": 1, "quarters": 3, "years": 12}[name])
