"""Checks a value against the JSON Schema of a parameter, where a pill may stand in any place."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from potok.graph.formula_values import is_formula
from potok.graph.values import is_dynamic, is_ref, is_text

Path = tuple[str, ...]
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Misfit:
    """What does not fit, and where inside the parameter."""

    code: str
    path: Path = ()
    params: dict[str, Any] = field(default_factory=dict)


def misfits(value: Any, schema: Schema, root: Schema, path: Path = ()) -> Iterator[Misfit]:
    """Everything in the value that the schema does not allow. `root` holds the `$defs`."""
    if is_dynamic(value):
        return
    schema = _follow(schema, root)
    if "anyOf" in schema:
        yield from _any_of(value, schema["anyOf"], root, path)
        return
    wrong_type = _type_misfit(value, schema, path)
    if wrong_type is not None:
        yield wrong_type
        return
    yield from _plain(value, schema, path)
    if isinstance(value, dict):
        yield from _object(value, schema, root, path)
    elif isinstance(value, list) and isinstance(schema.get("items"), dict):
        for index, item in enumerate(value):
            yield from misfits(item, schema["items"], root, (*path, str(index)))


def _follow(schema: Schema, root: Schema) -> Schema:
    for _ in range(16):
        ref = schema.get("$ref")
        if not isinstance(ref, str) or not ref.startswith("#/$defs/"):
            break
        schema = root.get("$defs", {}).get(ref.removeprefix("#/$defs/"), {})
    return schema


def _any_of(value: Any, options: list[Schema], root: Schema, path: Path) -> Iterator[Misfit]:
    """Nothing if one option fits, else what is wrong with the option that comes nearest."""
    best: list[Misfit] | None = None
    for option in options:
        found = list(misfits(value, option, root, path))
        if not found:
            return
        deeper = best is None or max(len(one.path) for one in found) > max(len(one.path) for one in best)
        if deeper and option.get("type") != "null":
            best = found
    yield from best or []


_TYPES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "string": (lambda value: isinstance(value, str), "param_not_text"),
    "boolean": (lambda value: isinstance(value, bool), "param_not_boolean"),
    "array": (lambda value: isinstance(value, list), "param_not_list"),
    "object": (lambda value: isinstance(value, dict), "param_not_object"),
    "null": (lambda value: value is None, "param_not_empty"),
    "number": (lambda value: _is_number(value), "param_not_number"),
    "integer": (lambda value: _is_number(value) and float(value).is_integer(), "param_not_whole"),
}


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 10**300 if isinstance(value, int) else math.isfinite(value)


def _type_misfit(value: Any, schema: Schema, path: Path) -> Misfit | None:
    if "enum" in schema or "const" in schema:
        allowed = schema.get("enum", [schema.get("const")])
        fits = any(type(value) is type(one) and value == one for one in allowed)
        return None if fits else Misfit("param_not_a_choice", path, {"allowed": ", ".join(map(str, allowed))})
    known = _TYPES.get(str(schema.get("type")))
    return None if known is None or known[0](value) else Misfit(known[1], path)


def _plain(value: Any, schema: Schema, path: Path) -> Iterator[Misfit]:
    if isinstance(value, str):
        yield from _bounds(len(value), schema.get("minLength"), schema.get("maxLength"), "text", path)
        if "pattern" in schema and not _pattern(schema["pattern"]).search(value):
            yield Misfit("param_pattern", path)
    elif isinstance(value, list):
        yield from _bounds(len(value), schema.get("minItems"), schema.get("maxItems"), "list", path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _bounds(value, schema.get("minimum"), schema.get("maximum"), "number", path)
        low, high = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
        if (low is not None and value <= low) or (high is not None and value >= high):
            yield Misfit("param_out_of_bounds", path)


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _bounds(found: float, low: float | None, high: float | None, what: str, path: Path) -> Iterator[Misfit]:
    if low is not None and found < low:
        code = "param_empty" if what != "number" and low == 1 else f"param_{what}_too_small"
        yield Misfit(code, path, {"limit": low})
    if high is not None and found > high:
        yield Misfit(f"param_{what}_too_large", path, {"limit": high})


def _object(value: dict[str, Any], schema: Schema, root: Schema, path: Path) -> Iterator[Misfit]:
    known = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield Misfit("param_part_missing", (*path, name), {"part": name})
    others = schema.get("additionalProperties", True)
    for name, inner in value.items():
        if name in known:
            yield from misfits(inner, known[name], root, (*path, name))
        elif others is False:
            yield Misfit("param_part_unknown", (*path, name), {"part": name})
        elif isinstance(others, dict):
            yield from misfits(inner, others, root, (*path, name))


def bad_values(value: Any, path: Path = ()) -> Iterator[Misfit]:
    """Places that are no value at all: malformed pills, keys that begin with `$`, things JSON cannot hold."""
    if isinstance(value, dict):
        if is_ref(value) or is_text(value) or is_formula(value):
            return
        if "$ref" in value or "$text" in value or "$formula" in value:
            yield Misfit("pill_malformed", path)
            return
        for key, inner in value.items():
            if not isinstance(key, str):
                yield Misfit("value_not_json", path)
            elif not is_storable(key):
                yield Misfit("value_not_storable", path)
            elif key.startswith("$"):
                yield Misfit("dollar_key", (*path, key), {"key": key})
            else:
                yield from bad_values(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from bad_values(inner, (*path, str(index)))
    elif isinstance(value, str):
        if not is_storable(value):
            yield Misfit("value_not_storable", path)
    elif isinstance(value, float):
        if not math.isfinite(value):
            yield Misfit("value_not_json", path)
    elif value is not None and not isinstance(value, int):
        yield Misfit("value_not_json", path)


def is_storable(text: str) -> bool:
    """PostgreSQL keeps no NUL and no half of a surrogate pair."""
    if text.isascii():
        return "\0" not in text
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
