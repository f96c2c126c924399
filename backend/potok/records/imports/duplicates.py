"""Finds the record a row is about, by the fields somebody chose to tell records apart."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from potok.records import sql
from potok.records.connection import Connection
from potok.records.kinds import Bad
from potok.records.query import column
from potok.records.shape import FieldShape, Shape
from potok.records.unique import value_of

MOST_FIELDS = 5


def can_match(one: FieldShape) -> bool:
    """Whether records can be told apart by it."""
    return not one.kind.computed and one.kind.sql_type in ("text", "numeric") and one.kind.id != "longtext"


def key_of(match: Sequence[FieldShape], patch: Mapping[str, Any]) -> str | None:
    """What counts as the same: letters of any case, a number however it was written. None: nothing to go by."""
    parts = []
    for one in match:
        try:
            stored = one.kind.store(patch.get(one.key), one.settings)
        except Bad:
            return None
        stored = stored["amount"] if isinstance(stored, Mapping) else stored
        parts.append(_same(one, stored))
    return "\x1f".join(parts) if any(parts) else None


def _same(one: FieldShape, stored: Any) -> str:
    if stored is None or isinstance(stored, list):
        return ""
    if one.kind.sql_type == "numeric":
        return format(Decimal(str(stored)).normalize(), "f")
    return str(stored).lower()


async def existing(
    connection: Connection, shape: Shape, match: Sequence[FieldShape], keys: Sequence[str]
) -> dict[str, UUID]:
    """The oldest record of each key."""
    if not keys:
        return {}
    if len(match) == 1 and match[0].unique:
        values = {value_of(key): key for key in keys}
        rows = await connection.fetch(sql.HOLDERS, [match[0].id] * len(values), list(values))
        return {values[row["value"]]: row["record_id"] for row in rows}
    parts = [f"coalesce({_sql(shape, one)}, '')" for one in match]
    whole = " || E'\\x1f' || ".join(parts)
    rows = await connection.fetch(
        f"SELECT {whole} AS key, min(id::text) AS id FROM record"  # noqa: S608 (keys are checked)
        f" WHERE workspace_id = $1 AND type_id = $2 AND deleted_at IS NULL AND {parts[0]} = ANY($3::text[])"
        " GROUP BY 1",
        shape.workspace_id,
        shape.id,
        [key.split("\x1f")[0] for key in keys],
    )
    return {row["key"]: UUID(row["id"]) for row in rows}


def _sql(shape: Shape, one: FieldShape) -> str:
    found = column(shape, one.key)
    return f"trim_scale({found.sql})::text" if found.type == "numeric" else f"lower({found.sql})"
