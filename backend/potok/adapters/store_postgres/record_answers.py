"""What steps do to records: each question is one transaction, and its answer the record as steps see it."""

from typing import Any
from uuid import UUID

from potok.adapters.store_postgres.record_items import add_items
from potok.adapters.store_postgres.records import Desk, an_id, keyed, lock, refuse
from potok.problems import Problem
from potok.records import reading
from potok.records.seen import seen
from potok.records.shape import Shape
from potok.records.writing import Change, Written
from potok.sdk.records import AddItems, ChangeRecord, CreateRecord, DeleteRecord, UpsertRecord, Values, Writing

_SAME = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"


async def answer_write(desk: Desk, question: Writing) -> dict[str, Any]:
    """Raises RecordRefused, and then nothing of it stays."""
    if isinstance(question, CreateRecord):
        return await create(desk, question)
    if isinstance(question, ChangeRecord):
        return await change(desk, question)
    if isinstance(question, DeleteRecord):
        return await delete(desk, question)
    if isinstance(question, UpsertRecord):
        return await upsert(desk, question)
    assert isinstance(question, AddItems)
    return await add_items(desk, question)


async def create(desk: Desk, question: CreateRecord) -> dict[str, Any]:
    """A new record."""
    shape = desk.shape(question.type)
    return _seen(await desk.write(Change(shape, keyed(shape, question.values))))


async def change(desk: Desk, question: ChangeRecord) -> dict[str, Any]:
    """Other values."""
    shape, record_id = desk.shape(question.type), an_id(question.id)
    values = keyed(shape, question.values)
    if question.add:
        values = await _with_old(desk, shape, record_id, values)
    return _seen(await desk.write(Change(shape, values, record_id)))


async def delete(desk: Desk, question: DeleteRecord) -> dict[str, Any]:
    """Into the trash."""
    return _seen(await desk.write(Change(desk.shape(question.type), {}, an_id(question.id), delete=True)))


async def upsert(desk: Desk, question: UpsertRecord) -> dict[str, Any]:
    """Two that look for the same values come one after the other."""
    shape = desk.shape(question.type)
    if not question.by:
        refuse("by", Problem("record.nothing_to_find_by", {}, ("by",)))
    by, values = keyed(shape, question.by), keyed(shape, question.values)
    same = "\n".join(f"{key}={value}" for key, value in sorted(by.items()))
    await desk.connection.fetch(_SAME, f"{shape.id}\n{same}")
    found = await desk.find(shape, by, 1)
    if found:
        return {"record": _seen(await desk.write(Change(shape, values, found[0].id))), "created": False}
    made = await desk.write(Change(shape, {**by, **values}))
    return {"record": _seen(made), "created": True}


async def _with_old(desk: Desk, shape: Shape, record_id: UUID, values: Values) -> dict[str, Any]:
    """Relations that may point to several keep what they have."""
    await lock(desk, shape, record_id)
    found = await reading.one(desk.connection, shape, record_id)
    before = found.data if found is not None else {}
    return {
        key: [*old, value] if isinstance(old := before.get(key), list) else value for key, value in values.items()
    }


def _seen(done: Written) -> dict[str, Any]:
    return seen(done.shape, done.record_id, done.data)
