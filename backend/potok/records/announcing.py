"""The timeline as an outbox: changes nobody has been told of yet, in the order they were made.

Of each record only the oldest untold change is taken, and only where nobody else holds it: any number of workers
take them together, and every record's changes are told in their order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from potok.records.change import difference
from potok.records.codec import loads
from potok.records.connection import Connection
from potok.records.seen import seen
from potok.records.shape import Shape
from potok.sdk.records import RecordChange

_OPEN = """
SELECT c.id, c.workspace_id, c.type_id, c.record_id, c.what, c.changes::text, c.actor::text FROM record_change c
WHERE NOT c.announced AND NOT EXISTS (
  SELECT 1 FROM record_change o WHERE NOT o.announced AND o.record_id = c.record_id AND o.id < c.id)
ORDER BY c.id LIMIT $1 FOR UPDATE OF c SKIP LOCKED
"""
# One statement, one moment: the record as it is, and what was done to it after each of these changes.
_NOW = """
SELECT i.change_id, r.data::text, (
  SELECT json_agg(o.changes ORDER BY o.id DESC)::text FROM record_change o
  WHERE o.record_id = i.record_id AND o.id > i.change_id) AS later
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS i(change_id, type_id, record_id)
JOIN record r ON r.type_id = i.type_id AND r.id = i.record_id
"""
_TOLD = """-- tell of changes
UPDATE record_change SET announced = true WHERE id = ANY($1::uuid[])
"""


@dataclass(frozen=True, slots=True)
class OpenChange:
    """A change nobody has been told of. `changes`: {key: [before, after]}."""

    id: UUID
    workspace_id: UUID
    type_id: UUID
    record_id: UUID
    what: Any
    changes: Mapping[str, Any]
    actor: Mapping[str, Any]

    @property
    def depth(self) -> int:
        """How many runs stand behind it, each started by a change of the one before."""
        return int(self.actor.get("depth") or 0)


async def take(connection: Connection, limit: int) -> list[OpenChange]:
    """The next ones, held until the end of the transaction."""
    rows = await connection.fetch(_OPEN, limit)
    return [OpenChange(row[0], row[1], row[2], row[3], row[4], loads(row[5]), loads(row[6])) for row in rows]


async def look(connection: Connection, wanted: Sequence[tuple[OpenChange, Shape]]) -> dict[UUID, RecordChange]:
    """What triggers are asked about, by the change's id: the record right after it, whatever came later."""
    if not wanted:
        return {}
    rows = await connection.fetch(
        _NOW,
        [change.id for change, _ in wanted],
        [change.type_id for change, _ in wanted],
        [change.record_id for change, _ in wanted],
    )
    by_id = {row["change_id"]: row for row in rows}
    return {
        change.id: _as_seen(change, shape, loads(row["data"]), loads(row["later"]) or [])
        for change, shape in wanted
        if (row := by_id.get(change.id)) is not None
    }


async def mark(connection: Connection, changes: Sequence[OpenChange]) -> None:
    """They have been told."""
    await connection.execute(_TOLD, [change.id for change in changes])


def _as_seen(
    change: OpenChange, shape: Shape, data: dict[str, Any], later: Sequence[Mapping[str, Any]]
) -> RecordChange:
    for one in later:
        _undo(data, one)
    before = dict(data)
    _undo(before, change.changes)
    new = change.what == "created"
    return RecordChange(
        change.what,
        shape.key,
        seen(shape, change.record_id, data),
        {} if new else seen(shape, change.record_id, before),
        tuple(difference({} if new else before, data)),
        change.actor,
    )


def _undo(data: dict[str, Any], changes: Mapping[str, Any]) -> None:
    for key, (before, _) in changes.items():
        if before is None:
            data.pop(key, None)
        else:
            data[key] = before
