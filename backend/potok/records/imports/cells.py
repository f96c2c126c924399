"""What stands in a cell, as a field takes it: 1 234,50 ₽, several options, a text guarded by an apostrophe."""

import re
from typing import Any

from potok.records.kinds.links import RelationSettings
from potok.records.shape import FieldShape

_GUARDED = re.compile(r"'[=+\-@\t\r]")
_CURRENCY = re.compile(
    r"(?P<amount>.*\d)\s*(?P<currency>[A-Za-z]{3}|₽|руб\.?|р\.|\$|€)", re.DOTALL | re.IGNORECASE
)
_SIGNS = {"₽": "RUB", "руб": "RUB", "руб.": "RUB", "р.": "RUB", "$": "USD", "€": "EUR"}


def value_of(one: FieldShape, cell: str) -> Any:
    """The value to store; the words of relations and people are looked up by `lookups`."""
    if _GUARDED.match(cell):
        cell = cell[1:]
    if one.kind.id == "money" and (found := _CURRENCY.fullmatch(cell)) is not None:
        sign = found["currency"].lower()
        return {"amount": found["amount"], "currency": _SIGNS.get(sign, sign.upper())}
    if one.kind.id == "choices" or (isinstance(one.settings, RelationSettings) and one.settings.many):
        return [part.strip() for part in cell.split(";" if ";" in cell else ",") if part.strip()]
    return cell
