"""What people may do with records: write them one by one or many, read lists, look at what happened to one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.announce import announce
from potok.pages import Page, cursor, page_of, read_cursor
from potok.people.service import Caller
from potok.problems import Refused, refuse
from potok.records import reading, repository, writing
from potok.records import repository_around as around
from potok.records.codec import dumps, loads
from potok.records.connection import Connection
from potok.records.events import RecordsChanged
from potok.records.models import ObjectField, RecordChange
from potok.records.rights import seen_by
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


async def read_shape(db: AsyncSession, caller: Caller, key: str) -> tuple[Web, Shape]:
    """The same as the caller's role may see it: for everything that reads."""
    web, shape = await shape_of(db, caller, key)
    return web, seen_by(shape, caller.role)


async def titles_of(db: AsyncSession, caller: Caller, ids: Sequence[UUID]) -> Mapping[str, str]:
    """{id: title} of everything these records point to, as far as the caller may see titles."""
    rows = await around.linked(db, caller.workspace_id, ids)
    return {str(to_id): title for _, to_id, _, title in rows}


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
    announce(db, RecordsChanged(caller.workspace_id))
    return await writing.write(await raw(db), web, caller.workspace_id, changes, actor, datetime.now(UTC))


async def find_record(db: AsyncSession, caller: Caller, type_key: str, record_id: UUID) -> reading.Found | None:
    """One record, from the trash too; None when there is no such record or no such type."""
    shape = (await web_of(db, caller.workspace_id)).by_key(type_key)
    return None if shape is None else await reading.one(await raw(db), shape, record_id)


async def bin_records(
    db: AsyncSession, caller: Caller, type_key: str, ids: Sequence[UUID], *, delete: bool
) -> None:
    """Put records into the trash or take them out of it: all or none. Raises Refused."""
    web, shape = await shape_of(db, caller, type_key)
    changes = [Change(shape, {}, one, delete=delete) for one in dict.fromkeys(ids)]
    done = await write_many(db, caller, web, changes)
    problems = [problem for one in done for problem in one.problems]
    if problems:
        raise Refused(*problems[:20])


async def get_record(db: AsyncSession, caller: Caller, type_key: str, record_id: UUID) -> reading.Found:
    """One record, from the trash too. Raises Refused (`record.not_found`)."""
    _, shape = await shape_of(db, caller, type_key)
    found = await reading.one(await raw(db), shape, record_id)
    if found is None:
        raise refuse("record.not_found")
    return found


@dataclass(frozen=True, slots=True)
class Ref:
    """A record another one points to."""

    id: UUID
    type: str
    title: str


async def fields_of(db: AsyncSession, type_ids: list[UUID]) -> Mapping[UUID, list[ObjectField]]:
    """Fields by type, in their order."""
    found: dict[UUID, list[ObjectField]] = {one: [] for one in type_ids}
    for row in await repository.fields(db, type_ids):
        found[row.type_id].append(row)
    return found


async def count_of(db: AsyncSession, caller: Caller, type_key: str) -> int:
    """Records of a type, the trash left out."""
    _, shape = await shape_of(db, caller, type_key)
    return await repository.count_of(db, shape.id)


async def refs_of(
    db: AsyncSession, caller: Caller, found: list[tuple[str, UUID]]
) -> Mapping[tuple[str, UUID], list[Ref]]:
    """What each of these records points to."""
    rows = await around.linked(db, caller.workspace_id, [record_id for _, record_id in found])
    by_id: dict[UUID, list[Ref]] = {}
    for from_id, to_id, type_key, title in rows:
        by_id.setdefault(from_id, []).append(Ref(to_id, type_key, title))
    return {pair: by_id.get(pair[1], []) for pair in found}


async def list_records(
    db: AsyncSession, caller: Caller, type_key: str, wish: reading.Wish, first: int, after: str | None
) -> Page[reading.Found]:
    """A page of a type's records. Raises Refused for a filter, sort or cursor that makes no sense."""
    _, shape = await shape_of(db, caller, type_key)
    place = _read_place(after, len(wish.sorts)) if after else None
    return page_of(await reading.page(await raw(db), shape, wish, first + 1, place), first)


def place_of(found: reading.Found) -> str:
    """The cursor after a record: its sort values and its id."""
    return cursor(dumps([*found.place, str(found.id)]))


def _read_place(text: str, sorts: int) -> tuple[list[str | None], str]:
    [inner] = read_cursor(text, 1)
    try:
        *values, record_id = loads(inner)
        known = str(UUID(record_id))
    except (ValueError, TypeError):
        raise refuse("cursor_invalid", "after") from None
    if len(values) != sorts or not all(one is None or isinstance(one, str) for one in values):
        raise refuse("cursor_invalid", "after")
    return values, known


async def sums_of(
    db: AsyncSession, caller: Caller, type_key: str, wish: reading.Wish, fields: Sequence[str]
) -> tuple[int, Mapping[str, Decimal]]:
    """How many, and the sums of these fields."""
    _, shape = await shape_of(db, caller, type_key)
    return await reading.sums(await raw(db), shape, wish, fields)


async def groups_of(
    db: AsyncSession, caller: Caller, type_key: str, wish: reading.Wish, by: str, fields: Sequence[str]
) -> Sequence[reading.Group]:
    """Count and sums for each value of a field."""
    _, shape = await shape_of(db, caller, type_key)
    return await reading.grouped(await raw(db), shape, wish, by, fields)


async def timeline_of(
    db: AsyncSession, caller: Caller, type_key: str, record_id: UUID, first: int, before: UUID | None
) -> Page[RecordChange]:
    """What happened to a record, newest first."""
    _, shape = await shape_of(db, caller, type_key)
    rows = await around.timeline(db, caller.workspace_id, shape.id, record_id, before, first + 1)
    return page_of(rows, first)


async def search_everything(
    db: AsyncSession, caller: Caller, words: str, first: int
) -> Sequence[tuple[str, reading.Found]]:
    """The best matches of all types, as (key of the type, record)."""
    web = await web_of(db, caller.workspace_id)
    if not words.strip():
        return []
    rows = await reading.search(await raw(db), caller.workspace_id, words.strip()[:200], first)
    return [(shape.key, row) for row in rows if (shape := web.by_id(row.type_id)) is not None]
