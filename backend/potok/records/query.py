"""Filters, sorts and sums of lists as SQL. Pure: a shape and a wish in, a text and its arguments out.

A filter is `{"match": "all" | "any", "rules": [{"field", "op", "value"} or a nested filter]}`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from potok.problems import Refused, refuse
from potok.records.kinds import Bad, Kind
from potok.records.kinds.base import ORDERED
from potok.records.kinds.links import RelationSettings
from potok.records.shape import FieldShape, Shape

DEEPEST = 5
MOST_RULES = 50
MOST_SORTS = 3
_COMPARED = {"eq": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
OWN = {
    "title": ("title", "text"),
    "created_at": ("created_at", "timestamptz"),
    "updated_at": ("updated_at", "timestamptz"),
}
"""Columns every record has."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One column to sort by. Empty values come last either way."""

    field: str
    descending: bool = False


@dataclass(slots=True)
class Arguments:
    """Values of a statement, in order."""

    values: list[Any] = field(default_factory=list)

    def add(self, value: Any) -> str:
        """The placeholder of a value."""
        self.values.append(value)
        return f"${len(self.values)}"


@dataclass(frozen=True, slots=True)
class Column:
    """How a field is read: its SQL, the type to cast arguments to, and the field behind it."""

    sql: str
    type: str
    field: FieldShape | None = None

    @property
    def kind(self) -> Kind | None:
        """None for a column every record has."""
        return self.field.seen_as if self.field is not None else None


def column(shape: Shape, key: str) -> Column:
    """Raises Refused (`record.no_such_field`); a key that is known is safe to stand in SQL."""
    found = shape.fields.get(key)
    if found is None:
        if key in OWN and not (key == "title" and shape.title_field in shape.hidden):
            return Column(*OWN[key])
        raise refuse("record.no_such_field", "filter", field=key[:60])
    kind = found.seen_as
    sql = kind.sql.format(field=f"(data->>'{key}')", json=f"(data->'{key}')")
    return Column(sql, kind.sql_type, found)


def where(shape: Shape, wish: Mapping[str, Any] | None, args: Arguments) -> str:
    """A condition; `true` for no filter. Raises Refused for one that makes no sense."""
    if not wish:
        return "true"
    return _group(shape, wish, args, 0, [0])


def _group(shape: Shape, wish: Mapping[str, Any], args: Arguments, depth: int, count: list[int]) -> str:
    rules = wish.get("rules")
    if depth >= DEEPEST or not isinstance(rules, list) or wish.get("match", "all") not in ("all", "any"):
        raise refuse("record.filter_invalid", "filter")
    parts = []
    for rule in rules:
        count[0] += 1
        if count[0] > MOST_RULES or not isinstance(rule, Mapping):
            raise refuse("record.filter_invalid", "filter")
        parts.append(_group(shape, rule, args, depth + 1, count) if "rules" in rule else _rule(shape, rule, args))
    if not parts:
        return "true"
    return "(" + (" AND " if wish.get("match", "all") == "all" else " OR ").join(parts) + ")"


def _rule(shape: Shape, rule: Mapping[str, Any], args: Arguments) -> str:
    key, op, value = str(rule.get("field", "")), str(rule.get("op", "")), rule.get("value")
    found = column(shape, key)
    allowed = found.kind.operators if found.kind is not None else ORDERED | {"in", "contains"}
    if op not in allowed:
        raise refuse("record.filter_operator", "filter", field=key, operator=op[:40])
    if op in ("is_empty", "is_not_empty"):
        empty = f"{found.sql} IS NULL" if found.field is None else f"data->'{key}' IS NULL"
        return empty if op == "is_empty" else f"NOT ({empty})"
    if op in ("is_true", "is_false"):
        return f"coalesce({found.sql}, false) = {'true' if op == 'is_true' else 'false'}"
    if op == "in":
        asked = value if isinstance(value, list) else [value]
        return _among(found, [_plain(found, one) for one in asked], args)
    if _is_list(found):
        held = f"coalesce(jsonb_exists({_json(key)}, {args.add(str(_member(found, value)))}::text), false)"
        return f"NOT {held}" if op in ("ne", "not_contains") else held
    if op in ("contains", "not_contains", "starts_with", "ends_with"):
        return _like(found, op, str(value or ""), args)
    return _compare(found, op, _plain(found, value), args)


def _json(key: str) -> str:
    return f"data->'{key}'"


def _is_list(found: Column) -> bool:
    one = found.field
    if one is None:
        return False
    return one.kind.sql_type == "jsonb" or (isinstance(one.settings, RelationSettings) and one.settings.many)


def _member(found: Column, value: Any) -> Any:
    """One item of a list as it is stored."""
    stored = _plain(found, [value] if not isinstance(value, list) else value)
    return stored[0] if isinstance(stored, list) and stored else stored


def _plain(found: Column, value: Any) -> Any:
    """The value as the field keeps it, so that what people type compares with what is stored."""
    one = found.field
    if one is None:
        return None if value is None else str(value)
    kind, settings = one.seen_as, one.settings
    if kind is not one.kind:
        return _of_formula(one, value)
    try:
        stored = kind.store(value, settings)
    except Bad as bad:
        raise refuse(f"record.value.{bad.code}", "filter", **{**bad.params, "field": one.key}) from None
    return _bare(stored)


def _of_formula(one: FieldShape, value: Any) -> Any:
    try:
        return _bare(one.kind.store(value, one.settings))
    except Bad as bad:
        raise refuse(f"record.value.{bad.code}", "filter", **{**bad.params, "field": one.key}) from None


def _bare(stored: Any) -> Any:
    """Of money the amount."""
    return stored["amount"] if isinstance(stored, Mapping) else stored


def _among(found: Column, values: Sequence[Any], args: Arguments) -> str:
    if found.type == "text" and not _has_one_case(found):
        return f"lower({found.sql}) = ANY({args.add([str(one).lower() for one in values])}::text[])"
    return f"{found.sql} = ANY({args.add([str(one) for one in values])}::text[]::{found.type}[])"


def _compare(found: Column, op: str, value: Any, args: Arguments) -> str:
    if value is None:
        raise refuse("record.filter_value", "filter", operator=op)
    left, right = found.sql, f"{args.add(str(value))}::text"
    if found.type != "text":
        right = f"({right})::{found.type}"
    elif op in ("eq", "ne") and not _has_one_case(found):
        left, right = f"lower({left})", f"lower({right})"
    if op == "ne":
        return f"({left} IS DISTINCT FROM {right})"
    return f"{left} {_COMPARED[op]} {right}"


_ONE_CASE = frozenset(
    {"choice", "calculated", "relation", "person", "stage", "pipeline", "reason", "outcome", "date", "datetime"}
    | {"phone", "email"}
)


def _has_one_case(found: Column) -> bool:
    """Whether equal values are stored letter by letter the same, so that a plain index serves."""
    return found.kind is not None and found.kind.id in _ONE_CASE


def _like(found: Column, op: str, value: str, args: Arguments) -> str:
    escaped = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    pattern = {"starts_with": f"{escaped}%", "ends_with": f"%{escaped}"}.get(op, f"%{escaped}%")
    test = f"coalesce({found.sql}, '') ILIKE {args.add(pattern)}::text"
    return f"NOT ({test})" if op == "not_contains" else test


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted: `columns` are (sql, type, descending); of equals the newest comes first."""

    columns: tuple[tuple[str, str, bool], ...]

    @property
    def sql(self) -> str:
        """The ORDER BY."""
        parts = [f"{sql} {'DESC' if down else 'ASC'} NULLS LAST" for sql, _, down in self.columns]
        return ", ".join([*parts, "id DESC"])


def order(shape: Shape, sorts: Sequence[Sort]) -> Order:
    """The newest first when nobody says otherwise. Raises Refused."""
    if len(sorts) > MOST_SORTS:
        raise refuse("record.too_many_sorts", "sort", most=MOST_SORTS)
    columns = []
    for one in sorts:
        found = column(shape, one.field)
        if found.type == "jsonb":
            raise refuse("record.sort_impossible", "sort", field=one.field)
        columns.append((found.sql, found.type, one.descending))
    return Order(tuple(columns))


def after(ordering: Order, place: Sequence[str | None], record_id: str, args: Arguments) -> str:
    """Only what comes after a place in the list: the values of its sort columns (as text) and its id."""
    if len(place) != len(ordering.columns):
        raise refuse("cursor_invalid", "after")
    below = f"id < {args.add(record_id)}::text::uuid"
    for (sql, kind, down), value in zip(reversed(ordering.columns), reversed(list(place)), strict=True):
        if value is None:
            below = f"({sql} IS NULL AND {below})"
            continue
        bound = f"({args.add(value)}::text)::{kind}"
        below = f"({sql} {'<' if down else '>'} {bound} OR {sql} IS NULL OR ({sql} = {bound} AND {below}))"
    return below


__all__ = ["Arguments", "Order", "Refused", "Sort", "after", "column", "order", "where"]
