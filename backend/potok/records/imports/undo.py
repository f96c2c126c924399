"""Takes back what an import did: what it made goes to the trash, what it changed gets its old values again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from potok.records import writing
from potok.records.codec import loads
from potok.records.connection import Connection
from potok.records.shape import Shape
from potok.records.web import Web
from potok.records.writing import Change

COUNTS = ("removed", "restored", "kept")
_MADE = "SELECT record_id, what, changes::text AS changes FROM record_change WHERE id = ANY($1::uuid[])"
_NOW = """
SELECT id, data::text AS data FROM record
WHERE workspace_id = $1 AND type_id = $2 AND id = ANY($3::uuid[]) AND deleted_at IS NULL FOR UPDATE
"""


async def take_back(
    connection: Connection,
    web: Web,
    shape: Shape,
    change_ids: Sequence[UUID],
    actor: Mapping[str, Any],
    now: datetime,
) -> dict[str, int]:
    """Counts by COUNTS. `kept`: records of which something stays, because somebody changed it since."""
    lines = await connection.fetch(_MADE, list(change_ids))
    ids = [line["record_id"] for line in lines]
    rows = await connection.fetch(_NOW, shape.workspace_id, shape.id, ids)
    there = {row["id"]: loads(row["data"]) for row in rows}
    counts = dict.fromkeys(COUNTS, 0)
    wanted: list[tuple[Change, str]] = []
    for line in lines:
        data = there.get(line["record_id"])
        if data is None:
            continue  # somebody deleted it already
        if line["what"] == "created":
            wanted.append((Change(shape, {}, line["record_id"], delete=True), "removed"))
            continue
        patch, whole = _old_values(shape, data, loads(line["changes"]))
        counts["kept"] += not whole
        if patch:
            wanted.append((Change(shape, patch, line["record_id"]), "restored"))
    works = await writing.write(connection, web, shape.workspace_id, [one for one, _ in wanted], actor, now)
    for work, (_, what) in zip(works, wanted, strict=True):
        counts["kept" if work.problems else what] += 1
    return counts


def _old_values(shape: Shape, data: Mapping[str, Any], changes: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """What was before, of the fields that still are as the import left them; and whether that is all of them."""
    patch: dict[str, Any] = {}
    whole = True
    for key, (before, after) in changes.items():
        one = shape.fields.get(key)
        if one is None or one.kind.computed or shape.formula(key, data) is not None:
            continue
        if data.get(key) == after:
            patch[key] = before
        else:
            whole = False
    return patch, whole
