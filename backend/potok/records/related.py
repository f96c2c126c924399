"""The records around those being written: loaded in few queries, checked to exist, handed to formulas."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from potok.records import sql
from potok.records.change import Names
from potok.records.codec import loads
from potok.records.connection import Connection
from potok.records.shape import FieldShape, Path, Shape
from potok.records.web import Step, Web

Pair = tuple[str, str]
"""(key of the type, id)."""


@dataclass(frozen=True, slots=True)
class Known:
    """A record near those being written."""

    id: str
    shape: Shape
    data: Mapping[str, Any]


@dataclass(slots=True)
class Related:
    """What has been loaded."""

    web: Web
    found: dict[str, Known] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    pointing: dict[tuple[str, UUID], list[str]] = field(default_factory=dict)
    """(id, relation) -> ids of the records that point to it by this relation, in their order."""

    def has(self, type_key: str, record_id: str) -> bool:
        """Whether there is such a record of that type."""
        known = self.found.get(record_id)
        return known is not None and known.shape.key == type_key

    def value(self, shape: Shape, record_id: str, data: Mapping[str, Any], word: str) -> Any:
        """A relation as formulas know it: a record, a list of records, or nothing. Raises KeyError."""
        step = self.web.step(shape, word)
        if step is None:
            raise KeyError(word)
        stored: Any = self.pointing.get((record_id, step.field.id), []) if step.back else data.get(word)
        if isinstance(stored, list):
            return [name for each in stored if (name := self._names(each)) is not None]
        return self._names(stored)

    def _names(self, record_id: Any) -> Names | None:
        known = self.found.get(str(record_id)) if record_id is not None else None
        return None if known is None else Names(known.shape, known.id, known.data, self.value)


async def load(connection: Connection, web: Web, workspace_id: UUID, records: Sequence[Known]) -> Related:
    """Everything the records point to, and what their formulas read behind that."""
    related = Related(web)
    wanted = {pair for one in records for link in one.shape.relations for pair in _pairs(link, one.data)}
    await _fetch(connection, related, workspace_id, wanted)
    ways = [(path, one) for one in records for path in one.shape.reads]
    while ways:
        ways = await _further(connection, related, workspace_id, ways)
    people = {
        one.data[link.key]
        for one in records
        for link in one.shape.fields.values()
        if link.kind.id == "person" and link.key in one.data
    }
    if people:
        rows = await connection.fetch(sql.PEOPLE, workspace_id, [UUID(one) for one in people])
        related.people = {str(row["user_id"]) for row in rows}
    return related


async def _further(
    connection: Connection, related: Related, workspace_id: UUID, ways: Sequence[tuple[Path, Known]]
) -> list[tuple[Path, Known]]:
    """Load what the first word of each path leads to; the rest of the paths, seen from there."""
    steps = [(step, path, one) for path, one in ways if (step := related.web.step(one.shape, path[0])) is not None]
    await _point(connection, related, [(step, one) for step, _, one in steps if step.back])
    targets = [(ids, step, path) for step, path, one in steps if (ids := _ids(related, step, one))]
    wanted = {(step.to.key, each) for ids, step, _ in targets for each in ids if each not in related.found}
    await _fetch(connection, related, workspace_id, wanted)
    return [
        (path[1:], known)
        for ids, _, path in targets
        if len(path) > 1
        for each in ids
        if (known := related.found.get(each)) is not None
    ]


async def _point(connection: Connection, related: Related, steps: Sequence[tuple[Step, Known]]) -> None:
    """Who points to these records."""
    open_ = {(one.id, step.field.id) for step, one in steps} - related.pointing.keys()
    if not open_:
        return
    rows = await connection.fetch(
        sql.POINTING, [UUID(record_id) for record_id, _ in open_], [field_id for _, field_id in open_]
    )
    related.pointing.update({pair: [] for pair in open_})
    for row in rows:
        related.pointing[str(row["to_id"]), row["field_id"]].append(str(row["from_id"]))


def _ids(related: Related, step: Step, one: Known) -> list[str]:
    if step.back:
        return related.pointing.get((one.id, step.field.id), [])
    return [record_id for _, record_id in _pairs(step.field, one.data)]


def _pairs(link: FieldShape, data: Mapping[str, Any]) -> list[Pair]:
    stored = data.get(link.key)
    ids = stored if isinstance(stored, list) else [stored] if stored is not None else []
    return [(link.target, str(each)) for each in ids]


async def _fetch(connection: Connection, related: Related, workspace_id: UUID, wanted: Iterable[Pair]) -> None:
    pairs = [(shape, record_id) for key, record_id in wanted if (shape := related.web.by_key(key)) is not None]
    if not pairs:
        return
    rows = await connection.fetch(
        sql.RELATED,
        workspace_id,
        list({shape.id for shape, _ in pairs}),
        [UUID(record_id) for _, record_id in pairs],
    )
    for row in rows:
        shape = related.web.by_id(row["type_id"])
        assert shape is not None
        related.found[str(row["id"])] = Known(str(row["id"]), shape, loads(row["data"]))
