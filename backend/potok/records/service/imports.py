"""What people may do with imports: bring a file, say what it means, try, start, take back."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from potok.engine.squeeze import squeezed
from potok.people.service import Caller, record
from potok.problems import refuse
from potok.records import repository, repository_imports
from potok.records.imports import guess
from potok.records.imports.batch import Plan
from potok.records.imports.duplicates import MOST_FIELDS, can_match
from potok.records.models_imports import RecordImport, RecordImportPart
from potok.records.rights import RESTRICTED
from potok.records.service.records import shape_of
from potok.records.shape import Shape

PART = 1_000
"""Rows that are taken over in one transaction."""
MODES = ("skip", "update", "add")
LONGEST_NAME = 200


async def take_file(
    db: AsyncSession, caller: Caller, type_key: str, name: str, found: Mapping[str, Any], rows: Path
) -> RecordImport:
    """Keep a file that has been read. `found` and `rows`: what `imports.convert` answered and wrote."""
    _, shape = await shape_of(db, caller, type_key)
    now = datetime.now(UTC)
    made = RecordImport(
        id=uuid7(),
        workspace_id=caller.workspace_id,
        type_id=shape.id,
        state="ready",
        file=name[:LONGEST_NAME],
        source=found["source"],
        columns=found["columns"],
        plan={"columns": {}, "match": [], "mode": "add"},
        rows=found["rows"],
        parts=0,
        report={},
        actor=_actor(caller),
        created_at=now,
        changed_at=now,
    )
    columns = guess.guess(shape, found["columns"], caller.role)
    made.plan = {"columns": {str(place): key for place, key in columns.items()}, "match": [], "mode": "add"}
    await repository.add(db, made)
    for piece in _pieces(rows):
        [packed] = await squeezed([piece])
        part = RecordImportPart(import_id=made.id, n=made.parts, rows=packed)
        await repository.add(db, part)
        db.expunge(part)
        made.parts += 1
    await repository.add(db, made)
    await record(db, caller, "record_import_brought", subject_id=made.id, subject=f"{type_key}: {made.file}")
    return made


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.readline()  # the header
        while lines := list(islice(file, PART)):
            yield b"".join(lines)


async def get_import(db: AsyncSession, caller: Caller, import_id: UUID, *, lock: bool = False) -> RecordImport:
    """One import. Raises Refused (`record.import.not_found`)."""
    found = await repository_imports.find(db, caller.workspace_id, import_id, lock=lock)
    if found is None or not _may_see(caller, found):
        raise refuse("record.import.not_found", "id")
    return found


def _may_see(caller: Caller, found: RecordImport) -> bool:
    """A file has whatever its owner put in: fields may be hidden from whoever builds nothing."""
    return caller.role not in RESTRICTED or found.actor == _actor(caller)


def _actor(caller: Caller) -> dict[str, Any]:
    return {"user": str(caller.user_id)} if caller.user_id else {"key": caller.api_key_name}


async def list_imports(db: AsyncSession, caller: Caller, type_key: str, limit: int) -> Sequence[RecordImport]:
    """Imports into a type, newest first."""
    _, shape = await shape_of(db, caller, type_key)
    rows = await repository_imports.latest(db, caller.workspace_id, shape.id, limit)
    return [row for row in rows if _may_see(caller, row)]


async def check(
    db: AsyncSession,
    caller: Caller,
    import_id: UUID,
    columns: Mapping[int, str],
    match: Sequence[str],
    mode: str,
) -> RecordImport:
    """Say what the file means and begin to try it: nothing is written to records. Raises Refused."""
    found = await get_import(db, caller, import_id, lock=True)
    _must_be(found, "ready", "checked")
    wanted: dict[str, Any] = {
        "columns": {str(place): key for place, key in columns.items()},
        "match": list(match),
        "mode": mode,
    }
    wanted["role"] = caller.role
    await plan_of(db, caller, found, wanted)
    found.plan = wanted
    return await _begin(db, found, "checking")


async def start(db: AsyncSession, caller: Caller, import_id: UUID) -> RecordImport:
    """Begin to write what has been tried. Raises Refused."""
    found = await get_import(db, caller, import_id, lock=True)
    _must_be(found, "checked")
    await plan_of(db, caller, found, {**found.plan, "role": caller.role})
    found.actor, found.plan = _actor(caller), {**found.plan, "role": caller.role}
    await record(db, caller, "record_import_started", subject_id=found.id, subject=found.file)
    return await _begin(db, found, "running")


async def undo(db: AsyncSession, caller: Caller, import_id: UUID) -> RecordImport:
    """Begin to take back what it did, also what it did before it failed. Raises Refused."""
    found = await get_import(db, caller, import_id, lock=True)
    _must_be(found, "done", "failed")
    await record(db, caller, "record_import_undone", subject_id=found.id, subject=found.file)
    return await _begin(db, found, "undoing")


async def discard(db: AsyncSession, caller: Caller, import_id: UUID) -> None:
    """Forget a file that has not been imported. Raises Refused."""
    found = await get_import(db, caller, import_id, lock=True)
    _must_be(found, "ready", "checking", "checked")
    await repository_imports.remove(db, found.id)


def _must_be(found: RecordImport, *states: str) -> None:
    if found.state not in states:
        raise refuse("record.import.not_now", "id", state=found.state)


async def _begin(db: AsyncSession, found: RecordImport, state: str) -> RecordImport:
    found.state, found.position, found.changed_at = state, 0, datetime.now(UTC)
    found.report = {**found.report, "undo": {}} if state == "undoing" else {}
    await repository.add(db, found)
    return found


async def plan_of(db: AsyncSession, caller: Caller, found: RecordImport, wanted: Mapping[str, Any]) -> Plan:
    """The plan, if it makes sense for this caller. Raises Refused."""
    _, shape = await shape_of(db, caller, await _type_key(db, caller, found.type_id))
    return make_plan(shape, len(found.columns), wanted)


async def _type_key(db: AsyncSession, caller: Caller, type_id: UUID) -> str:
    known = await repository.types(db, caller.workspace_id)
    return next((one.key for one in known if one.id == type_id), "")


def make_plan(shape: Shape, width: int, wanted: Mapping[str, Any]) -> Plan:
    """Raises Refused for columns, fields or a way that make no sense."""
    if wanted["mode"] not in MODES:
        raise refuse("record.import.plan_invalid", "mode")
    chosen = {int(place): key for place, key in wanted["columns"].items() if key}
    if not chosen or not all(0 <= place < width for place in chosen):
        raise refuse("record.import.plan_invalid", "columns")
    if len(set(chosen.values())) != len(chosen):
        raise refuse("record.import.field_twice", "columns")
    role = str(wanted.get("role", ""))
    allowed = {one.key: one for one in guess.fillable(shape, role)}
    for key in (*chosen.values(), *wanted["match"]):
        if key not in allowed:
            raise refuse("record.no_such_field", "columns", field=str(key)[:60])
    match = [allowed[key] for key in dict.fromkeys(wanted["match"])]
    if wanted["mode"] != "add" and not match:
        raise refuse("record.import.match_missing", "match")
    if len(match) > MOST_FIELDS or not all(can_match(one) for one in match):
        raise refuse("record.import.match_impossible", "match", most=MOST_FIELDS)
    if not {one.key for one in match} <= set(chosen.values()):
        raise refuse("record.import.match_unmapped", "match")
    return Plan(shape, {place: allowed[key] for place, key in chosen.items()}, match, wanted["mode"], role)
