"""What people may do with records: write them one by one or many, read lists, look at what happened to one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.people.service import Caller
from potok.problems import Refused, refuse
from potok.records import reading, writing
from potok.records.connection import Connection
from potok.records.service.shapes import web_of
from potok.records.shape import Shape
from potok.records.web import Web
from potok.records.writing import Change, Written


async def raw(db: AsyncSession) -> Connection:
    """The asyncpg connection of the session's transaction."""
    pooled = await (await db.connection()).get_raw_connection()
    return cast("Connection", pooled.driver_connection)


async def shape_of(db: AsyncSession, caller: Caller, key: str) -> tuple[Web, Shape]:
    """The type of this key, with all others. Raises Refused (`record.type_not_found`)."""
    web = await web_of(db, caller.workspace_id)
    found = web.by_key(key)
    if found is None:
        raise refuse("record.type_not_found", "type")
    return web, found


async def write_one(
    db: AsyncSession,
    caller: Caller,
    type_key: str,
    patch: dict[str, Any],
    *,
    record_id: UUID | None = None,
    version: int | None = None,
    delete: bool | None = None,
) -> Written:
    """Create, change, delete or bring back a record. Raises Refused with every problem."""
    web, shape = await shape_of(db, caller, type_key)
    wanted = Change(shape, patch, record_id, version, delete)
    [done] = await write_many(db, caller, web, [wanted])
    if done.problems:
        raise Refused(*done.problems)
    return done


async def write_many(db: AsyncSession, caller: Caller, web: Web, changes: Sequence[Change]) -> list[Written]:
    """One answer per change; those with problems were not written."""
    actor = {"user": str(caller.user_id)} if caller.user_id else {"key": caller.api_key_name}
    return await writing.write(await raw(db), web, caller.workspace_id, changes, actor, datetime.now(UTC))


async def get_record(db: AsyncSession, caller: Caller, type_key: str, record_id: UUID) -> reading.Found:
    """One record, from the trash too. Raises Refused (`record.not_found`)."""
    _, shape = await shape_of(db, caller, type_key)
    found = await reading.one(await raw(db), shape, record_id)
    if found is None:
        raise refuse("record.not_found")
    return found
