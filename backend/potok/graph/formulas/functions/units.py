"""Units of time and measure, in both languages."""

from datetime import timedelta
from decimal import Decimal

from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.values import CONTEXT

_SPANS: dict[str, tuple[str, timedelta | None]] = {
    word: (unit, span)
    for unit, span, words in (
        ("seconds", timedelta(seconds=1), "s sec second seconds с сек секунда секунды секунд секунду"),
        ("minutes", timedelta(minutes=1), "min minute minutes мин минута минуты минут минуту"),
        ("hours", timedelta(hours=1), "h hour hours ч час часа часов часы"),
        ("days", timedelta(days=1), "d day days д день дня дней дни сут сутки"),
        ("weeks", timedelta(weeks=1), "w week weeks неделя недели недель неделю"),
        ("workdays", None, "workday workdays рабдень рабдня рабдней рабдни"),
        ("months", None, "m month months мес месяц месяца месяцев месяцы"),
        ("quarters", None, "q quarter quarters квартал квартала кварталов кварталы"),
        ("years", None, "y year years г год года лет годы"),
    )
    for word in words.split()
}


def time_unit(word: str) -> tuple[str, timedelta | None]:
    """The unit's name and its length, where that is fixed."""
    found = _SPANS.get(word.strip().casefold())
    if found is None:
        raise FormulaError("bad_unit", text=word)
    return found


def span_unit(word: str) -> timedelta:
    """The length of a unit. Refuses months and years, whose length differs."""
    span = time_unit(word)[1]
    if span is None:
        raise FormulaError("bad_unit", text=word)
    return span


_MEASURES: dict[str, tuple[str, Decimal]] = {
    word: (kind, Decimal(size))
    for kind, size, words in (
        ("length", "0.001", "mm мм"),
        ("length", "0.01", "cm см"),
        ("length", "0.1", "dm дм"),
        ("length", "1", "m м"),
        ("length", "1000", "km км"),
        ("length", "0.0254", "in"),
        ("length", "0.3048", "ft"),
        ("length", "1609.344", "mi"),
        ("area", "0.0001", "cm2 см2"),
        ("area", "1", "m2 м2"),
        ("area", "100", "ar а сотка"),
        ("area", "10000", "ha га"),
        ("area", "1000000", "km2 км2"),
        ("volume", "0.000001", "ml мл cm3 см3"),
        ("volume", "0.001", "l л"),
        ("volume", "1", "m3 м3"),
        ("mass", "0.001", "g г"),
        ("mass", "1", "kg кг"),
        ("mass", "100", "ц"),
        ("mass", "1000", "t т"),
        ("mass", "0.45359237", "lb"),
        ("time", "1", "s с сек"),
        ("time", "60", "min мин"),
        ("time", "3600", "h ч"),
        ("time", "86400", "day сут"),
    )
    for word in words.split()
}


def factor(number: Decimal, source: str, target: str) -> Decimal:
    """The same measure in another unit."""
    kinds = []
    for word in (source, target):
        found = _MEASURES.get(word.strip().casefold().replace("²", "2").replace("³", "3"))
        if found is None:
            raise FormulaError("bad_unit", text=word)
        kinds.append(found)
    (kind, size), (other, into) = kinds
    if kind != other:
        raise FormulaError("bad_unit", text=target)
    return CONTEXT.divide(CONTEXT.multiply(number, size), into)
