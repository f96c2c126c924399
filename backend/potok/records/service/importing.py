"""Does the work of imports, a part at a time: each in one transaction, so after a crash it goes on at the part."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from potok.engine.squeeze import unsqueezed
from potok.problems import AnyProblem, Problem, Refused, refuse
from potok.records import repository_imports as repository
from potok.records.imports import batch, undo
from potok.records.imports.batch import Outcome, Plan, Row
from potok.records.models_imports import RecordImport
from potok.records.service.imports import make_plan
from potok.records.service.records import raw
from potok.records.service.shapes import web_of
from potok.records.web import Web

log = logging.getLogger("potok.records")

MOST_PROBLEMS = 100
_TRIES = 3
_NEXT = {"checking": "checked", "running": "done", "undoing": "undone"}
_failed: dict[UUID, int] = {}
"""How often a part could not be done in this process."""


async def step(open_session: Callable[[], AsyncSession]) -> bool:
    """Do one part of one import; False when none waits. Raises what keeps it from being done, twice at most."""
    async with open_session() as db, db.begin():
        found = await repository.next_at_work(db)
        if found is None:
            return False
        import_id = found.id
        try:
            async with db.begin_nested():
                await _advance(db, found)
        except Refused as refused:
            await _fail(db, import_id, refused.problems[0])
        except Exception as error:
            _failed[import_id] = _failed.get(import_id, 0) + 1
            if _failed[import_id] < _TRIES:
                raise
            log.exception("the import %s cannot go on", import_id)
            await _fail(db, import_id, Problem("record.import.broken", {"reason": type(error).__name__}))
        _failed.pop(import_id, None)
    return True


async def _fail(db: AsyncSession, import_id: UUID, problem: AnyProblem) -> None:
    params = {key: str(value)[:200] for key, value in getattr(problem, "params", {}).items()}
    told = {"code": problem.code, "params": params}
    row = await db.get(RecordImport, import_id, populate_existing=True)
    assert row is not None
    query = update(RecordImport).where(col(RecordImport.id) == import_id)
    await db.execute(query.values(state="failed", report={**row.report, "problem": told}))


async def _advance(db: AsyncSession, found: RecordImport) -> None:
    web = await web_of(db, found.workspace_id)
    shape = web.by_id(found.type_id)
    if shape is None:
        raise refuse("record.type_not_found", "type")
    if found.state == "undoing":
        await _take_back(db, web, found)
    else:
        await _take_over(db, web, found, make_plan(shape, len(found.columns), found.plan))
    found.position += 1
    found.changed_at = datetime.now(UTC)
    if found.position >= found.parts:
        if found.state == "running":
            await repository.forget_rows(db, found.id)
        found.state = _NEXT[found.state]
    db.add(found)
    await db.flush()


async def _take_over(db: AsyncSession, web: Web, found: RecordImport, plan: Plan) -> None:
    part = await repository.part(db, found.id, found.position)
    [lines] = await unsqueezed([part.rows])
    rows = [Row(*orjson.loads(line)) for line in lines.splitlines()]
    connection, now = await raw(db), datetime.now(UTC)
    items = await batch.read(connection, web, plan, rows)
    if found.state == "checking":
        keys = batch.will_bring(plan, items)
        seen = await repository.earlier_keys(db, found.id, found.position, keys)
        outcome = await batch.check(connection, web, plan, items, now, seen)
        part.keys = outcome.keys
    else:
        actor = {**found.actor, "import": str(found.id)}
        outcome = await batch.write(connection, web, plan, items, actor, now)
        part.changes = outcome.changes
    db.add(part)
    found.report = _report(found, plan, outcome)


def _report(found: RecordImport, plan: Plan, outcome: Outcome) -> dict[str, Any]:
    counts = {name: found.report.get(name, 0) + count for name, count in outcome.counts.items()}
    told = list(found.report.get("problems", ()))
    places = {one.key: place for place, one in plan.columns.items()}
    for row, problem in outcome.problems[: MOST_PROBLEMS - len(told)]:
        key = str(problem.path[0]) if problem.path else ""
        column = found.columns[places[key]]["name"] if key in places else ""
        told.append({"row": row, "column": column, "field": key, **_plain(problem, column)})
    return {**counts, "problems": told}


def _plain(problem: AnyProblem, column: str) -> dict[str, Any]:
    """People know the column, not the key of the field."""
    params: Mapping[str, Any] = getattr(problem, "params", {})
    plain = {key: str(value)[:200] for key, value in params.items()}
    return {"code": problem.code, "params": plain | ({"field": column} if column and "field" in plain else {})}


async def _take_back(db: AsyncSession, web: Web, found: RecordImport) -> None:
    """The last part first."""
    shape = web.by_id(found.type_id)
    assert shape is not None
    part = await repository.part(db, found.id, found.parts - 1 - found.position)
    actor = {**found.actor, "import": str(found.id)}
    ids: Sequence[UUID] = part.changes or []
    done = await undo.take_back(await raw(db), web, shape, ids, actor, datetime.now(UTC))
    before = found.report.get("undo", {})
    counts = {name: before.get(name, 0) + count for name, count in done.items()}
    found.report = {**found.report, "undo": counts}
