"""The records that others point to: loaded once per call, checked to exist, handed to formulas when they ask."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from potok.records import sql
from potok.records.change import Names
from potok.records.codec import loads
from potok.records.connection import Connection, Shapes
from potok.records.shape import FieldShape, Path, Shape

DEEPEST = 4
"""Relations a formula may read through, one behind another."""

Wanted = set[tuple[str, str]]
"""(key of the type, id)."""


@dataclass(slots=True)
class Related:
    """What is known of the records around those being written."""

    shapes: Shapes
    found: dict[str, tuple[Shape, str, Mapping[str, Any]]] = field(default_factory=dict)
    """id -> its type, title and data."""
    people: set[str] = field(default_factory=set)

    def has(self, type_key: str, record_id: str) -> bool:
        """Whether there is such a record of that type."""
        known = self.found.get(record_id)
        return known is not None and known[0].key == type_key

    def value(self, one: FieldShape, stored: Any) -> Any:
        """A relation as formulas know it: a record, a list of records, or nothing."""
        if isinstance(stored, list):
            return [name for each in stored if (name := self._names(each)) is not None]
        return self._names(stored)

    def _names(self, record_id: Any) -> Names | None:
        known = self.found.get(str(record_id)) if record_id is not None else None
        return Names(known[0], known[2], self.value) if known is not None else None

    def forget(self, record_id: str) -> None:
        """It is being changed in this very call."""
        self.found.pop(record_id, None)


async def load(
    connection: Connection,
    shapes: Shapes,
    workspace_id: UUID,
    records: Iterable[tuple[Shape, Mapping[str, Any]]],
) -> Related:
    """Everything the records point to, and what their formulas read behind that."""
    related = Related(shapes)
    records = list(records)
    wanted: Wanted = set()
    people: set[str] = set()
    for shape, data in records:
        wanted |= {pair for one in shape.relations for pair in _pairs(one, data)}
        people |= {data[one.key] for one in shape.fields.values() if one.kind.id == "person" and one.key in data}
    await _fetch(connection, related, workspace_id, wanted)
    paths: list[tuple[Path, Mapping[str, Any], Shape]] = [
        (path, data, shape) for shape, data in records for path in shape.follows
    ]
    for _ in range(DEEPEST):
        paths = list(_one_further(related, paths))
        wanted = {pair for path, data, shape in paths for pair in _next(path, data, shape)}
        wanted -= {pair for pair in wanted if pair[1] in related.found}
        if not wanted:
            break
        await _fetch(connection, related, workspace_id, wanted)
    if people:
        rows = await connection.fetch(sql.PEOPLE, workspace_id, [UUID(one) for one in people])
        related.people = {str(row["user_id"]) for row in rows}
    return related


def _pairs(one: FieldShape, data: Mapping[str, Any]) -> Wanted:
    stored = data.get(one.key)
    ids = stored if isinstance(stored, list) else [stored] if stored is not None else []
    return {(one.target, str(each)) for each in ids}


def _next(path: Path, data: Mapping[str, Any], shape: Shape) -> Wanted:
    one = shape.fields.get(path[0])
    return _pairs(one, data) if one is not None and one.target else set()


def _one_further(
    related: Related, paths: Iterable[tuple[Path, Mapping[str, Any], Shape]]
) -> Iterable[tuple[Path, Mapping[str, Any], Shape]]:
    """The rest of each path, seen from the records its first part points to."""
    for path, data, shape in paths:
        if len(path) < 2:
            continue
        for _, record_id in _next(path, data, shape):
            known = related.found.get(record_id)
            if known is not None:
                yield path[1:], known[2], known[0]


async def _fetch(connection: Connection, related: Related, workspace_id: UUID, wanted: Wanted) -> None:
    types = {key: shape for key in {key for key, _ in wanted} if (shape := related.shapes.by_key(key))}
    if not types:
        return
    rows = await connection.fetch(
        sql.RELATED,
        workspace_id,
        [shape.id for shape in types.values()],
        [UUID(record_id) for key, record_id in wanted if key in types],
    )
    by_id = {shape.id: shape for shape in types.values()}
    for row in rows:
        related.found[str(row["id"])] = (by_id[row["type_id"]], row["title"], loads(row["data"]))


Follow = Callable[[FieldShape, Any], Any]
