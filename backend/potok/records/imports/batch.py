"""A thousand rows of a file as changes of records: told apart, looked up, checked or written, counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple
from uuid import UUID

from potok.problems import AnyProblem, Problem
from potok.records import writing
from potok.records.connection import Connection
from potok.records.imports.cells import value_of
from potok.records.imports.duplicates import existing, key_of
from potok.records.imports.lookups import PEOPLE, Lookups, look_up
from potok.records.kinds import Bad
from potok.records.rights import locked
from potok.records.shape import FieldShape, Shape
from potok.records.unique import value_of as unique_value
from potok.records.web import Web
from potok.records.writing import Change, Written

COUNTS = ("created", "updated", "same", "skipped", "failed")


class Row(NamedTuple):
    """A row of the file, with the number a spreadsheet shows for it."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody wants of a file: which column fills which field, and what happens to what is there already."""

    shape: Shape
    columns: Mapping[int, FieldShape]
    match: Sequence[FieldShape] = ()
    mode: str = "add"
    role: str = ""
    """Whose rights hold."""


@dataclass(slots=True)
class Item:
    """A row under way; those that are about one record go on as the first of them."""

    row: int
    patch: dict[str, Any]
    key: str | None = None
    record_id: UUID | None = None
    merged: int = 0
    problems: list[AnyProblem] = field(default_factory=list)


@dataclass(slots=True)
class Outcome:
    """What became of the rows."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    problems: list[tuple[int, AnyProblem]] = field(default_factory=list)
    changes: list[UUID] = field(default_factory=list)
    """Ids in the timeline."""
    keys: list[int] = field(default_factory=list)
    """Hashes of what must not come twice in a file."""


_OF = {"created": "created", "changed": "updated", "": "same"}


async def read(connection: Connection, web: Web, plan: Plan, rows: Sequence[Row]) -> list[Item]:
    """The rows with ids where cells name records or people."""
    items = [Item(row.number, _patch(plan, row)) for row in rows]
    wanted = [
        (target, word)
        for item in items
        for key, value in item.patch.items()
        if (target := _target(plan.shape.fields[key])) is not None
        for word in (value if isinstance(value, list) else [value])
    ]
    found = await look_up(connection, web, plan.shape.workspace_id, wanted, plan.role)
    for item in items:
        for key in list(item.patch):
            target = _target(plan.shape.fields[key])
            if target is not None:
                _settle(item, key, target, found)
        item.key = key_of(plan.match, item.patch) if plan.match else None
    return items


def _patch(plan: Plan, row: Row) -> dict[str, Any]:
    """Empty cells say nothing: they neither fill nor clear a field."""
    return {
        one.key: value_of(one, row.cells[place])
        for place, one in plan.columns.items()
        if place < len(row.cells) and row.cells[place]
    }


def _target(one: FieldShape) -> str | None:
    return one.target or (PEOPLE if one.kind.id == "person" else None)


def _settle(item: Item, key: str, target: str, found: Lookups) -> None:
    value = item.patch[key]
    ids: list[str] = []
    for word in value if isinstance(value, list) else [value]:
        answer = found.id_of(target, word, key)
        if isinstance(answer, Problem):
            item.problems.append(answer)
        else:
            ids.append(answer)
    item.patch[key] = ids if isinstance(value, list) else ids[0] if ids else None


async def sort_out(
    connection: Connection, plan: Plan, items: Sequence[Item], outcome: Outcome, seen: frozenset[int] = frozenset()
) -> list[Item]:
    """Those that are to be written. `seen`: hashes of keys that earlier parts of the file have brought."""
    fine = []
    for item in items:
        if item.problems:
            _fail(outcome, item.row, item.problems)
        else:
            fine.append(item)
    if plan.mode == "add" or not plan.match:
        return fine
    keys = {item.key for item in fine if item.key is not None}
    known = await existing(connection, plan.shape, plan.match, sorted(keys))
    first: dict[str | UUID, Item] = {}
    left = []
    for item in fine:
        if item.key is None:
            left.append(item)
            continue
        item.record_id = known.get(item.key)
        outcome.keys.append(hashed("", item.key))
        twin = first.setdefault(item.record_id or item.key, item)
        if plan.mode == "skip" and (twin is not item or item.record_id or outcome.keys[-1] in seen):
            outcome.counts["skipped"] += 1
        elif twin is not item:
            twin.patch |= item.patch
            twin.merged += 1
        elif item.record_id is None and outcome.keys[-1] in seen:
            outcome.counts["updated"] += 1  # of the check only: by then the earlier row has made the record
        else:
            left.append(item)
    return left


def _changes(plan: Plan, items: Sequence[Item]) -> list[Change]:
    keys = locked(plan.shape, plan.role)
    return [Change(plan.shape, item.patch, item.record_id, locked=keys) for item in items]


def hashed(what: str, value: str) -> int:
    """A number that stands for a value that must not come twice."""
    return int.from_bytes(blake2b(f"{what}\0{value}".encode(), digest_size=8).digest(), "big", signed=True)


def _fail(outcome: Outcome, row: int, problems: Sequence[AnyProblem]) -> None:
    outcome.counts["failed"] += 1
    outcome.problems += [(row, problem) for problem in problems]


async def write(
    connection: Connection, web: Web, plan: Plan, items: Sequence[Item], actor: Mapping[str, Any], now: datetime
) -> Outcome:
    """Bring the rows into the records."""
    outcome = Outcome()
    left = await sort_out(connection, plan, items, outcome)
    changes = _changes(plan, left)
    works = await writing.write(connection, web, plan.shape.workspace_id, changes, actor, now)
    _count(outcome, left, works)
    outcome.changes = [work.change_id for work in works if work.change_id is not None]
    return outcome


async def check(
    connection: Connection,
    web: Web,
    plan: Plan,
    items: Sequence[Item],
    now: datetime,
    seen: frozenset[int],
) -> Outcome:
    """What would become of the rows; nothing is written."""
    outcome = Outcome()
    left = await sort_out(connection, plan, items, outcome, seen)
    changes = _changes(plan, left)
    works = await writing.check(connection, web, plan.shape.workspace_id, changes, now)
    for work in works:
        for key, hash_of in _uniques(work):
            if hash_of in seen and not work.problems:
                work.refuse("record.value.taken", key, value=str(work.data[key])[:100])
    outcome.keys += [hash_of for work in works if not work.problems for _, hash_of in _uniques(work)]
    _count(outcome, left, works)
    return outcome


def _uniques(work: Written) -> list[tuple[str, int]]:
    return [
        (key, hashed(key, unique_value(work.data[key])))
        for key, one in work.shape.fields.items()
        if one.unique and key in work.changes and work.data.get(key) is not None
    ]


def will_bring(plan: Plan, items: Sequence[Item]) -> list[int]:
    """Hashes of everything in these rows that must not come twice."""
    keys = [hashed("", item.key) for item in items if item.key is not None]
    for key in (one.key for one in plan.columns.values() if one.unique):
        values = [item.patch[key] for item in items if item.patch.get(key) is not None]
        keys += [hashed(key, _stored(plan.shape.fields[key], value)) for value in values]
    return keys


def _stored(one: FieldShape, value: Any) -> str:
    try:
        return unique_value(one.kind.store(value, one.settings))
    except Bad:  # the check will refuse it
        return ""


def _count(outcome: Outcome, items: Sequence[Item], works: Sequence[Written]) -> None:
    for item, work in zip(items, works, strict=True):
        if work.problems:
            _fail(outcome, item.row, work.problems)
        else:
            outcome.counts[_OF[work.what]] += 1
            outcome.counts["updated"] += item.merged
