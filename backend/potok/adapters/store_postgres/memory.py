"""Questions of steps: what they change and the answer they get are one transaction, kept by effect key."""

from decimal import Decimal
from typing import Any

from potok.adapters.store_postgres.connection import (
    ATTEMPTS,
    Collided,
    Connection,
    Pool,
    pause_after_collision,
    speaking,
    transaction,
)
from potok.adapters.store_postgres.record_answers import answer_write
from potok.adapters.store_postgres.records import Desk, Webs, answer_read
from potok.engine.ports import StoreUnavailable
from potok.engine.questions import Asking, NotOurs
from potok.engine.values import from_json, to_json
from potok.memory.statements import ADD, GET, GET_LOCKED, SEE, SET
from potok.records.web import Web
from potok.sdk.memory import AddToVariable, FirstSeen, GetVariable, Question, SetVariable
from potok.sdk.memory_kept import scope_of
from potok.sdk.records import Reading, RecordQuestion, RecordRefused, UpsertRecord, Writing

# Not locked against the lease's renewal, but against the run being taken away.
_OURS = "SELECT true FROM run_work WHERE run_id = $1 AND claim = $2 FOR KEY SHARE"
# Whoever asks again with the same key at the same time waits here until the answer is there.
_ASK = """-- ask
INSERT INTO memory_answer (key, run_id, told_at) VALUES ($1, $2, now()) ON CONFLICT DO NOTHING RETURNING key
"""
_TOLD = "SELECT answer FROM memory_answer WHERE key = $1"
_TELL = "-- answer\nUPDATE memory_answer SET answer = $2::json WHERE key = $1"


async def remember(pool: Pool, asking: Asking, webs: Webs | None = None) -> Any:
    """The answer. Raises NotOurs when the run was taken away, RecordRefused when a record may not be so."""
    question = asking.question
    if isinstance(question, GetVariable):
        async with speaking(pool) as connection:
            return await _get(connection, GET, asking, question)
    web = await webs.of(asking.workspace_id) if webs is not None and isinstance(question, RecordQuestion) else None
    if isinstance(question, Reading):
        assert web is not None, "this store keeps no records"
        async with speaking(pool) as connection:
            return await answer_read(Desk(connection, web, asking), question)
    for attempt in range(ATTEMPTS):
        try:
            async with transaction(pool) as connection:
                return await _once(connection, asking, web)
        except RecordRefused as refused:
            # Somebody has just created what was not found: now it is.
            if attempt or refused.code != "record.value.taken" or not isinstance(question, UpsertRecord):
                raise
        except Collided:
            await pause_after_collision(attempt)
    raise StoreUnavailable("unreachable")  # pragma: no cover


async def _once(connection: Connection, asking: Asking, web: Web | None) -> Any:
    if await connection.fetchval(_OURS, asking.run_id, asking.claim) is None:
        raise NotOurs(str(asking.run_id))
    if not await connection.fetch(_ASK, asking.key, asking.run_id):
        told = await connection.fetchval(_TOLD, asking.key)
        return None if told is None else from_json(told)
    question = asking.question
    if isinstance(question, Writing):
        assert web is not None, "this store keeps no records"
        answer = await answer_write(Desk(connection, web, asking), question)
    else:
        assert not isinstance(question, Reading), "reading keeps no answer"
        answer = await _answer(connection, asking, question)
    await connection.execute(_TELL, asking.key, to_json(answer).decode())
    return answer


async def _answer(connection: Connection, asking: Asking, question: Question) -> Any:
    scope = scope_of(question, str(asking.scenario_id))
    if isinstance(question, FirstSeen):
        given = (asking.workspace_id, scope, question.key, asking.run_id, question.within)
        (row,) = await connection.fetch(SEE, *given)
        return {"first_run_id": str(row[0]), "first_at": row[1].isoformat(), "times": row[2]}
    if isinstance(question, SetVariable):
        before = await _get(connection, GET_LOCKED, asking, question)
        number = Decimal(question.value) if question.kind == "number" else None
        value = None if question.kind == "number" else to_json(question.value).decode()
        place = (asking.workspace_id, scope, question.name)
        await connection.execute(SET, *place, question.kind, value, number, asking.run_id, None)
        return before
    assert isinstance(question, AddToVariable)
    place = (asking.workspace_id, scope, question.name)
    rows = await connection.fetch(ADD, *place, question.amount, asking.run_id)
    return {"kind": "number", "value": format(rows[0][0], "f")} if rows else None


async def _get(connection: Connection, query: str, asking: Asking, question: GetVariable | SetVariable) -> Any:
    scope = scope_of(question, str(asking.scenario_id))
    row = await connection.fetchrow(query, asking.workspace_id, scope, question.name)
    if row is None:
        return None
    number = row["kind"] == "number"
    return {"kind": row["kind"], "value": format(row["number"], "f") if number else from_json(row["value"])}
