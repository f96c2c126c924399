"""JSON in and out of the engine: fast, and the same value before and after a crash."""

import json
from decimal import Decimal
from typing import Any

import orjson
from pydantic import BaseModel

_OPTIONS = orjson.OPT_NON_STR_KEYS
Fragment = orjson.Fragment


def _other(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, set | frozenset):
        return list(value)
    raise TypeError(f"{type(value).__name__} is not a JSON value")


def to_json(value: Any) -> bytes:
    """The value as JSON. Models, dates, ids, decimals (as text) and sets are understood; else TypeError."""
    try:
        return orjson.dumps(value, _other, _OPTIONS)
    except TypeError:
        if not _has_long_number(value):
            raise
        return json.dumps(value, default=_plain, ensure_ascii=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    """For the slow way, which knows neither fragments nor dates."""
    if isinstance(value, Fragment):
        return json.loads(value.contents)
    return orjson.loads(orjson.dumps(value, _other, _OPTIONS))


def _has_long_number(value: Any) -> bool:
    """Whole numbers beyond 64 bits are refused by the fast way."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    if isinstance(value, dict):
        return any(map(_has_long_number, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_has_long_number, value))
    return isinstance(value, int) and not -(2**63) <= value < 2**64


def from_json(text: str | bytes) -> Any:
    """The value behind JSON text."""
    return orjson.loads(text)
