"""Yes or no, dates and moments."""

from datetime import UTC, date, datetime

from potok.graph.formulas import FormulaError
from potok.graph.formulas.coerce import day, moment
from potok.graph.formulas.types import BOOLEAN, DATE, DATETIME
from potok.records.kinds.base import ORDERED, TRUTH, Bad, Json, Kind, NoSettings

_YES = frozenset({"true", "yes", "да", "1", "on", "истина"})
_NO = frozenset({"false", "no", "нет", "0", "off", "ложь"})


def _truth(value: Json, settings: NoSettings) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    if not word:
        return None
    raise Bad("not_yes_no", value=word[:100])


def _date(value: Json, settings: NoSettings) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    found = _russian(str(value)) or value
    try:
        return day(found).isoformat()
    except (FormulaError, ValueError):
        raise Bad("not_date", value=str(value)[:100]) from None


def _russian(text: str) -> str | None:
    """24.11.2026, the way dates are written in half of the offices, as ISO."""
    parts = text.strip().split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts) or len(parts[2]) != 4:
        return None
    return f"{parts[2]}-{parts[1]:0>2}-{parts[0]:0>2}"


def _moment(value: Json, settings: NoSettings) -> str | None:
    """Kept in UTC, to the second, so that text order is time order."""
    if value is None or value == "":
        return None
    try:
        found = value if isinstance(value, datetime) else moment(value)
    except (FormulaError, ValueError):
        raise Bad("not_moment", value=str(value)[:100]) from None
    try:
        return found.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
    except OverflowError:
        raise Bad("not_moment", value=str(value)[:100]) from None


YES_NO = Kind(
    "boolean",
    _truth,
    type_of=lambda settings: BOOLEAN,
    sql="({field})::boolean",
    sql_type="boolean",
    operators=TRUTH,
    shown=lambda stored, settings: {True: "✓", False: "✗"}.get(stored, ""),
)
DATE_KIND = Kind(
    "date",
    _date,
    known=lambda stored, settings: None if stored is None else date.fromisoformat(stored),
    type_of=lambda settings: DATE,
    operators=ORDERED,
)
MOMENT_KIND = Kind(
    "datetime",
    _moment,
    known=lambda stored, settings: None if stored is None else datetime.fromisoformat(stored),
    type_of=lambda settings: DATETIME,
    operators=ORDERED,
)
"""Both are kept as ISO text, whose order is the order of time: no cast, so plain text indexes serve."""
