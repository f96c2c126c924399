"""A record as the steps of scenarios see it: its values by field key, and how choices and stages read. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from potok.records.change import title_of
from potok.records.shape import Shape
from potok.sdk.memory import plain_number

_SHOWN = frozenset({"choice", "choices", "calculated", "stage", "pipeline", "reason"})
"""Kinds whose stored values mean nothing to a reader of letters."""


def seen(shape: Shape, record_id: UUID, data: Mapping[str, Any]) -> dict[str, Any]:
    """Every field is there, empty ones as None, so that nothing picked is ever missing. Numbers are exact.

    `shown` has the words of what is stored as an id: {field key: text}.
    """
    shown = {
        key: one.kind.shown(data[key], one.settings)
        for key, one in shape.fields.items()
        if one.kind.id in _SHOWN and data.get(key) is not None
    }
    values = {key: plain(data.get(key)) for key in shape.fields}
    named = {"title": title_of(shape, data), "shown": shown, **values}
    return {**named, "id": str(record_id), "type": shape.key}


def plain(stored: Any) -> Any:
    """JSON without decimals: a number where that is exact, else text with all digits."""
    return plain_number(stored) if isinstance(stored, Decimal) else stored
