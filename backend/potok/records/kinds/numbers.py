"""Numbers and money: exact decimals, never floats."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pydantic import Field

from potok.graph.formulas import FormulaError, Money
from potok.graph.formulas.coerce import digits, number, number_in
from potok.graph.formulas.types import MONEY, NUMBER
from potok.records.kinds.base import ORDERED, Bad, Json, Kind, Settings

LARGEST = Decimal(10) ** 24
MOST_DIGITS = 12
"""After the point."""


class NumberSettings(Settings):
    """`scale`: digits after the point; None keeps what was typed."""

    scale: int | None = Field(default=None, ge=0, le=MOST_DIGITS)
    least: Decimal | None = None
    most: Decimal | None = None
    unit: str = Field(default="", max_length=20)


class MoneySettings(Settings):
    """`currency` (ISO 4217) is taken when a value brings none; with `fixed` no other is taken."""

    currency: str = Field(default="RUB", pattern=r"^[A-Z]{3}$")
    fixed: bool = True
    scale: int = Field(default=2, ge=0, le=6)
    least: Decimal | None = None
    most: Decimal | None = None


def exact(value: Json) -> Decimal | None:
    """The decimal a person or a program wrote: 1 234,50 as well as 1234.5. Raises Bad."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool | dict | list):
        raise Bad("not_number", value=str(value)[:100])
    if isinstance(value, str):
        return _typed(value)
    try:
        found = number(value)
    except FormulaError:
        raise Bad("not_number", value=str(value)[:100]) from None
    return found


def _typed(text: str) -> Decimal:
    tidy = "".join(text.split()).replace("\u202f", "").replace("\u2212", "-")
    if tidy.count(",") == 1 and "." not in tidy:
        tidy = tidy.replace(",", ".")
    found = number_in(tidy)
    if found is None:
        raise Bad("not_number", value=text[:100])
    return found


def _within(found: Decimal, scale: int | None, least: Decimal | None, most: Decimal | None) -> Decimal:
    if abs(found) >= LARGEST:
        raise Bad("number_too_large", most=f"{LARGEST:,}")
    if least is not None and found < least:
        raise Bad("below", least=digits(least))
    if most is not None and found > most:
        raise Bad("above", most=digits(most))
    places = MOST_DIGITS if scale is None else scale
    exponent = found.as_tuple().exponent
    if isinstance(exponent, int) and (-exponent > places or exponent > 0):
        found = found.quantize(Decimal(1).scaleb(-min(places, max(-exponent, 0))), rounding=ROUND_HALF_UP)
    return found if scale is None else found.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_HALF_UP)


def _number(value: Json, settings: NumberSettings) -> Decimal | None:
    found = exact(value)
    return None if found is None else _within(found, settings.scale, settings.least, settings.most)


def _money(value: Json, settings: MoneySettings) -> dict[str, Any] | None:
    currency = settings.currency
    if isinstance(value, Money):
        value, currency = value.amount, value.currency
    elif isinstance(value, dict):
        currency = str(value.get("currency") or currency).upper()
        value = value.get("amount")
    found = exact(value)
    if found is None:
        return None
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
        raise Bad("not_currency", value=currency[:10])
    if settings.fixed and currency != settings.currency:
        raise Bad("other_currency", wanted=settings.currency, found=currency)
    amount = _within(found, settings.scale, settings.least, settings.most)
    return {"amount": digits(amount), "currency": currency}


def _as_money(stored: Json, settings: MoneySettings) -> Any:
    return None if stored is None else Money(Decimal(stored["amount"]), stored["currency"])


NUMBER_KIND = Kind(
    "number",
    _number,
    NumberSettings,
    type_of=lambda settings: NUMBER,
    sql="({field})::numeric",
    sql_type="numeric",
    operators=ORDERED,
    summed=True,
    unique=True,
    shown=lambda stored, settings: "" if stored is None else digits(stored),
)
MONEY_KIND = Kind(
    "money",
    _money,
    MoneySettings,
    known=_as_money,
    type_of=lambda settings: MONEY,
    sql="({json}->>'amount')::numeric",
    sql_type="numeric",
    operators=ORDERED,
    summed=True,
    shown=lambda stored, settings: "" if stored is None else f"{stored['amount']} {stored['currency']}",
)
