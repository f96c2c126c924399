"""JSON of records without loss: decimals stay decimals on the way to jsonb and back."""

import json
from decimal import Decimal
from typing import Any

import orjson


def dumps(value: Any) -> str:
    """JSON in which a Decimal is a number with all its digits."""
    return orjson.dumps(value, default=_exact).decode()


def _exact(value: Any) -> Any:
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    raise TypeError(f"{type(value).__name__} is no JSON")


def loads(text: str | bytes | None) -> Any:
    """What `dumps` wrote; fractions come back as Decimal, whole numbers as int."""
    return None if text is None else json.loads(text, parse_float=Decimal)
