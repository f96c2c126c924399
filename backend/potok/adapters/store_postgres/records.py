"""What steps ask of records, answered on the engine's connection: one transaction with the answer kept by key."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NoReturn
from uuid import UUID

import asyncpg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from potok.adapters.store_postgres.connection import Connection
from potok.engine.ports import StoreUnavailable
from potok.engine.questions import Asking
from potok.problems import AnyProblem, Problem, Refused
from potok.records import reading, writing
from potok.records.kinds import Bad
from potok.records.seen import seen
from potok.records.service.shapes import web_of
from potok.records.shape import Shape
from potok.records.web import Web
from potok.records.writing import Change, Written
from potok.sdk.records import (
    FindRecords,
    GetRecord,
    Reading,
    RecordRefused,
    Values,
)
from potok.words import DEFAULT

_LOST = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
# Who writes, for the timeline; and how many runs stand behind it, each started by a change of the one before.
_ACTOR = """
WITH RECURSIVE up AS (
  SELECT r.event_id, r.called_by, r.scenario_id, 0 AS n FROM run r WHERE r.id = $1
  UNION ALL SELECT r.event_id, r.called_by, up.scenario_id, up.n + 1 FROM up JOIN run r ON r.id = up.called_by
  WHERE up.n < 50
)
SELECT max(s.title) AS title,
       max(CASE WHEN e.kind = 'record' THEN (e.payload -> 'actor' ->> 'depth')::int END) AS depth
FROM up JOIN event e ON e.id = up.event_id LEFT JOIN scenario s ON s.id = up.scenario_id
"""


class Webs:
    """The compiled types of workspaces."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def of(self, workspace_id: UUID) -> Web:
        """As they are now; kept until one changes. Raises StoreUnavailable."""
        try:
            async with AsyncSession(self._engine) as db:
                return await web_of(db, workspace_id)
        except _LOST as error:
            raise StoreUnavailable(f"{type(error).__name__}: {error}") from error


class Desk:
    """One question of a step: the connection of its transaction, the types, who asks."""

    def __init__(self, connection: Connection, web: Web, asking: Asking) -> None:
        self.connection = connection
        self.web = web
        self.workspace_id = asking.workspace_id
        self._asking = asking
        self._actor: dict[str, Any] | None = None

    def shape(self, key: str) -> Shape:
        """The type of this key. Raises RecordRefused."""
        found = self.web.by_key(key)
        if found is None:
            refuse("type", Problem("record.type_not_found", {}, ("type",)))
        return found

    async def write(self, change: Change) -> Written:
        """One change. Raises RecordRefused, and with it nothing of this transaction stays."""
        [done] = await self.write_all([change])
        return done

    async def write_all(self, changes: Sequence[Change]) -> list[Written]:
        """Several at once: all or none, and what reads them is worked out again once."""
        who, now = await self._who(), datetime.now(UTC)
        done = await writing.write(self.connection, self.web, self.workspace_id, changes, who, now)
        for one, work in zip(changes, done, strict=True):
            if work.problems:
                refuse("values" if one.patch else "id", *work.problems, shape=one.shape)
        return done

    async def find(self, shape: Shape, values: Values, limit: int) -> list[reading.Found]:
        """The newest records that have these values. Raises RecordRefused."""
        rules = [_rule(shape, key, value) for key, value in keyed(shape, values).items()]
        try:
            wish = reading.Wish({"match": "all", "rules": rules})
            return await reading.page(self.connection, shape, wish, max(1, min(limit, 1_000)))
        except Refused as refused:
            refuse("values", *refused.problems, shape=shape)

    async def _who(self) -> dict[str, Any]:
        if self._actor is None:
            asking = self._asking
            [row] = await self.connection.fetch(_ACTOR, asking.run_id)
            self._actor = {
                "run": str(asking.run_id),
                "scenario": str(asking.scenario_id),
                "name": row["title"] or "",
                "depth": (row["depth"] or 0) + 1,
            }
        return self._actor


def keyed(shape: Shape, values: Values) -> dict[str, Any]:
    """The values by the keys of their fields; people may also write a field's name, in any language it has."""
    names = {str(name).casefold(): one.key for one in shape.fields.values() for name in one.names.values()}
    return {key if key in shape.fields else names.get(key.casefold(), key): one for key, one in values.items()}


async def answer_read(desk: Desk, question: Reading) -> Any:
    """Nothing is changed."""
    shape = desk.shape(question.type)
    if isinstance(question, FindRecords):
        return [seen(shape, one.id, one.data) for one in await desk.find(shape, question.values, question.limit)]
    assert isinstance(question, GetRecord)
    wanted = maybe_id(question.id)
    found = None if wanted is None else await reading.one(desk.connection, shape, wanted)
    return None if found is None or found.deleted_at is not None else seen(shape, found.id, found.data)


async def lock(desk: Desk, shape: Shape, record_id: UUID) -> None:
    """Nobody else changes it until the end of the transaction."""
    await desk.connection.fetch(
        "SELECT id FROM record WHERE workspace_id = $1 AND type_id = $2 AND id = $3 FOR UPDATE",
        desk.workspace_id,
        shape.id,
        record_id,
    )


def maybe_id(value: str) -> UUID | None:
    """An id in a text."""
    try:
        return UUID(value.strip())
    except ValueError:
        return None


def an_id(value: str) -> UUID:
    """Raises RecordRefused."""
    found = maybe_id(value)
    if found is None:
        refuse("id", Problem("record.not_found", {}, ("id",)))
    return found


def refuse(place: str, *problems: AnyProblem, shape: Shape | None = None) -> NoReturn:
    """Say what is wrong in the words of the records room; fields by their names in every language they have."""
    first = problems[0]
    params: dict[str, Any] = dict(getattr(first, "params", {}))
    one = shape.fields.get(str(params.get("field"))) if shape is not None else None
    if one is not None:
        params |= {f"field_{locale}": name for locale, name in one.names.items()}
        params["field"] = one.names.get(DEFAULT) or one.key
    words = Problem(first.code, params).words()
    raise RecordRefused(place, words.message, words.fix, code=first.code, params=params)


def _rule(shape: Shape, key: str, value: Any) -> Mapping[str, Any]:
    """A filter's rule for "has this value", by what the field can be asked."""
    if value is None or value == "":
        return {"field": key, "op": "is_empty"}
    one = shape.fields.get(key)
    known = one.seen_as.operators if one is not None else frozenset({"eq"})
    if "eq" not in known and "is_true" in known and one is not None:
        try:
            return {"field": key, "op": "is_true" if one.kind.store(value, one.settings) else "is_false"}
        except Bad as bad:
            refuse("values", Problem(f"record.value.{bad.code}", {**bad.params, "field": key}), shape=shape)
    return {"field": key, "op": "eq" if "eq" in known else "contains", "value": value}
