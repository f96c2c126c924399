"""What is known about a value before anything runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Optional

_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Type:
    """`kind` as in `values`, or `any`. Of a list: its items; of a record: its fields (None: unknown)."""

    kind: str
    of: Optional["Type"] = None
    fields: Mapping[str, "Type"] | None = None
    closed: bool = False
    """A record that has these fields and no others."""


ANY = Type("any")
NUMBER, MONEY, TEXT, BOOLEAN = Type("number"), Type("money"), Type("text"), Type("boolean")
DATE, DATETIME, DURATION, EMPTY = Type("date"), Type("datetime"), Type("duration"), Type("empty")
LIST, RECORD = Type("list"), Type("record")

SIMPLE = {
    one.kind: one for one in (ANY, NUMBER, MONEY, TEXT, BOOLEAN, DATE, DATETIME, DURATION, EMPTY, LIST, RECORD)
}


def list_of(item: Type) -> Type:
    """A list of such items."""
    return Type("list", item)


def record_of(fields: Mapping[str, Type], *, closed: bool = False) -> Type:
    """A record with these fields."""
    return Type("record", None, fields, closed)


def join(types: Iterable[Type]) -> Type:
    """What may be one or another of them."""
    found: Type | None = None
    for one in types:
        if one.kind == "empty":
            continue
        found = one if found is None or found == one else _either(found, one)
        if found is ANY:
            break
    return found or EMPTY


def _either(left: Type, right: Type) -> Type:
    """Of records the fields of both, of lists the items of both, else anything."""
    if left.kind != right.kind:
        return ANY
    if left.kind == "list":
        return LIST if left.of is None or right.of is None else list_of(join((left.of, right.of)))
    if left.fields is None or right.fields is None:
        return Type(left.kind)
    names = dict.fromkeys((*left.fields, *right.fields))
    fields = {name: join(one[name] for one in (left.fields, right.fields) if name in one) for name in names}
    return record_of(fields, closed=left.closed and right.closed)


_TAKES: dict[str, frozenset[str]] = {
    "number": frozenset({"number", "text", "boolean", "empty"}),
    "amount": frozenset({"number", "money", "text", "boolean", "empty", "record"}),
    "text": frozenset({"text", "number", "money", "boolean", "date", "datetime", "duration", "empty", "record"}),
    "boolean": frozenset({"boolean", "number", "text", "empty"}),
    "date": frozenset({"date", "datetime", "text", "empty"}),
    "duration": frozenset({"duration", "number", "record"}),
    "list": frozenset({"list", "empty"}),
    "record": frozenset({"record"}),
}
for _same, _as in (("whole", "number"), ("when", "date"), ("datetime", "date")):
    _TAKES[_same] = _TAKES[_as]


def fits(found: Type, wanted: str) -> bool:
    """Whether a value of this type can be taken for the wanted kind (by the table of `coerce`)."""
    return found.kind == "any" or wanted not in _TAKES or found.kind in _TAKES[wanted]


def of_schema(schema: Any, root: Mapping[str, Any] | None = None, depth: int = 0) -> Type:
    """The type a JSON Schema describes; what it does not say clearly is `any`."""
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        return ANY
    root = schema if root is None else root
    reference = schema.get("$ref")
    if isinstance(reference, str):
        target = root.get("$defs", {}).get(reference.removeprefix("#/$defs/"))
        return of_schema(target, root, depth + 1)
    kind = schema.get("type")
    if kind == "object":
        fields = schema.get("properties", {})
        known = {str(name): of_schema(inner, root, depth + 1) for name, inner in fields.items()}
        return record_of(known, closed=schema.get("additionalProperties") is False)
    if kind == "array":
        return list_of(of_schema(schema.get("items"), root, depth + 1))
    if kind == "string":
        return {"date": DATE, "date-time": DATETIME}.get(str(schema.get("format")), TEXT)
    return {"number": NUMBER, "integer": NUMBER, "boolean": BOOLEAN, "null": EMPTY}.get(str(kind), ANY)


def of_value(value: Any, depth: int = 0) -> Type:
    """The type of sample data, so that completion works on what a past event brought."""
    if isinstance(value, Mapping) and depth < _DEEPEST:
        return record_of({str(key): of_value(inner, depth + 1) for key, inner in value.items()})
    if isinstance(value, list) and depth < _DEEPEST:
        return list_of(join(of_value(inner, depth + 1) for inner in value[:20]))
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, int | float):
        return NUMBER
    return TEXT if isinstance(value, str) else EMPTY if value is None else ANY
