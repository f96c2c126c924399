"""Whose formulas must be worked out again after a change: found by walking the relations backwards."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from potok.records import sql
from potok.records.connection import Connection
from potok.records.shape import Shape
from potok.records.web import Reader, Step, Web

if TYPE_CHECKING:
    from potok.records.writing import Written


async def affected(connection: Connection, web: Web, works: Sequence["Written"]) -> list[tuple[Shape, UUID]]:
    """The records to be worked out again, in a steady order."""
    found: dict[UUID, Shape] = {}
    readers: dict[Reader, list[Written]] = {}
    for work in works:
        for reader in web.readers.get(work.shape.key, ()):
            if _concerns(reader, work):
                readers.setdefault(reader, []).append(work)
    for reader, changed in readers.items():
        for record_id in await _walk(connection, reader.steps, changed):
            found[record_id] = reader.shape
    return [(found[record_id], record_id) for record_id in sorted(found)]


def _concerns(reader: Reader, work: "Written") -> bool:
    last = reader.steps[-1]
    if work.what != "changed" or (last.back and last.field.key in work.changes):
        return True
    return not reader.key or reader.key in work.changes


async def _walk(connection: Connection, steps: Sequence[Step], works: Sequence["Written"]) -> set[UUID]:
    """From changed records back to those whose formulas read them."""
    last = steps[-1]
    if last.back:
        ids = {each for work in works for each in _before_and_after(work, last.field.key)}
    else:
        ids = await _ids(connection, sql.ALONG, last, [work.record_id for work in works])
    for step in reversed(steps[:-1]):
        if not ids:
            break
        ids = await _ids(connection, sql.AGAINST if step.back else sql.ALONG, step, ids)
    return ids


async def _ids(connection: Connection, query: str, step: Step, ids: Iterable[UUID]) -> set[UUID]:
    return {row["id"] for row in await connection.fetch(query, step.field.id, list(ids))}


def _before_and_after(work: "Written", key: str) -> set[UUID]:
    """What the record points to, and what it pointed to."""
    return {each for data in (work.before or {}, work.data) for each in _pointed(data, key)}


def _pointed(data: Mapping[str, Any], key: str) -> list[UUID]:
    stored = data.get(key)
    return [UUID(each) for each in (stored if isinstance(stored, list) else [stored] if stored else [])]
