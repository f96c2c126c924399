"""What people may do with records: write them one by one or many, read lists, look at what happened to one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.announce import announce
from potok.pages import Page, cursor, page_of, read_cursor
from potok.people.service import Caller
from potok.problems import Problem, Refused, refuse
from potok.records import reading, repository, writing
from potok.records import repository_around as around
from potok.records.codec import dumps, loads
from potok.records.connection import Connection
from potok.records.events import RecordsChanged
from potok.records.models import ObjectField, ObjectType, RecordChange
from potok.records.rights import RESTRICTED, locked, right_of, seen_by, seen_data
from potok.records.service.shapes import web_of
from potok.records.shape import Shape
from potok.records.web import Web, make_web
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


async def seen_web(db: AsyncSession, caller: Caller, key: str) -> tuple[Web, Shape]:
    """The same with all other types as the caller may see them, too."""
    web, shape = await read_shape(db, caller, key)
    whole = make_web([seen_by(one, caller.role) for one in web.shapes.values()], web.as_of)
    return whole, whole.shapes[shape.key]


async def titles_of(db: AsyncSession, caller: Caller, ids: Sequence[UUID]) -> Mapping[str, str]:
    """{id: title} of everything these records point to, as far as the caller may see titles."""
    web = await web_of(db, caller.workspace_id)
    rows = await around.linked(db, caller.workspace_id, ids)
    return {str(to_id): title for _, _, to_id, key, title in rows if not _is_nameless(web, caller, key)}


def _is_nameless(web: Web, caller: Caller, type_key: str) -> bool:
    """Whether the caller must not see what names records of this type."""
    shape = web.by_key(type_key)
    return shape is not None and _is_nameless_shape(shape, caller)


def _is_nameless_shape(shape: Shape, caller: Caller) -> bool:
    return shape.title_field in seen_by(shape, caller.role).hidden


def as_seen(shape: Shape, found: reading.Found) -> reading.Found:
    """A record without what is hidden. `shape`: of `read_shape`."""
    if not shape.hidden:
        return found
    title = "" if shape.title_field in shape.hidden else found.title
    data, errors = seen_data(shape, found.data), seen_data(shape, found.errors)
    return replace(found, title=title, data=data, errors=errors)


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
    problems = [_not_yours(shape, caller, key) for key in patch if key in locked(shape, caller.role)]
    if problems:
        raise Refused(*problems)
    wanted = Change(shape, patch, record_id, version, delete, locked(shape, caller.role))
    [done] = await write_many(db, caller, web, [wanted])
    if done.problems:
        raise Refused(*done.problems)
    return done


def _not_yours(shape: Shape, caller: Caller, key: str) -> Problem:
    """A hidden field is as unknown as one that does not exist."""
    hidden = right_of(shape.fields[key], caller.role) == "none"
    return Problem("record.no_such_field" if hidden else "record.read_only", {"field": key}, (key,))


async def write_many(db: AsyncSession, caller: Caller, web: Web, changes: Sequence[Change]) -> list[Written]:
    """One answer per change; those with problems were not written."""
    actor = {"user": str(caller.user_id)} if caller.user_id else {"key": caller.api_key_name}
    announce(db, RecordsChanged(caller.workspace_id))
    return await writing.write(await raw(db), web, caller.workspace_id, changes, actor, datetime.now(UTC))


async def find_record(db: AsyncSession, caller: Caller, type_key: str, record_id: UUID) -> reading.Found | None:
    """One record, from the trash too; None when there is no such record or no such type."""
    shape = (await web_of(db, caller.workspace_id)).by_key(type_key)
    found = None if shape is None else await reading.one(await raw(db), shape, record_id)
    return None if shape is None or found is None else as_seen(seen_by(shape, caller.role), found)


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
    _, shape = await read_shape(db, caller, type_key)
    found = await reading.one(await raw(db), shape, record_id)
    if found is None:
        raise refuse("record.not_found")
    return as_seen(shape, found)


@dataclass(frozen=True, slots=True)
class Ref:
    """A record another one points to."""

    id: UUID
    type: str
    title: str


async def fields_of(db: AsyncSession, caller: Caller, type_ids: list[UUID]) -> Mapping[UUID, list[ObjectField]]:
    """Fields by type, in their order, as far as the caller may see them."""
    found: dict[UUID, list[ObjectField]] = {one: [] for one in type_ids}
    for row in await repository.fields(db, type_ids):
        if caller.role not in RESTRICTED or (row.rights or {}).get(caller.role) != "none":
            found[row.type_id].append(row)
    return found


async def title_field_of(db: AsyncSession, caller: Caller, owner: ObjectType) -> str:
    """Key of the field that names records, when the caller may see it."""
    shape = (await web_of(db, caller.workspace_id)).by_id(owner.id)
    return "" if shape is not None and _is_nameless_shape(shape, caller) else owner.title_field


async def count_of(db: AsyncSession, caller: Caller, type_key: str) -> int:
    """Records of a type, the trash left out."""
    _, shape = await shape_of(db, caller, type_key)
    return await repository.count_of(db, shape.id)


async def refs_of(
    db: AsyncSession, caller: Caller, found: list[tuple[str, UUID]]
) -> Mapping[tuple[str, UUID], list[Ref]]:
    """What each of these records points to."""
    web = await web_of(db, caller.workspace_id)
    seen = {one.id for shape in web.shapes.values() for one in seen_by(shape, caller.role).fields.values()}
    rows = await around.linked(db, caller.workspace_id, [record_id for _, record_id in found])
    by_id: dict[UUID, list[Ref]] = {}
    for from_id, field_id, to_id, type_key, title in rows:
        if field_id in seen:
            named = "" if _is_nameless(web, caller, type_key) else title
            by_id.setdefault(from_id, []).append(Ref(to_id, type_key, named))
    return {pair: by_id.get(pair[1], []) for pair in found}


async def list_records(
    db: AsyncSession, caller: Caller, type_key: str, wish: reading.Wish, first: int, after: str | None
) -> Page[reading.Found]:
    """A page of a type's records. Raises Refused for a filter, sort or cursor that makes no sense."""
    _, shape = await read_shape(db, caller, type_key)
    place = _read_place(after, len(wish.sorts)) if after else None
    rows = await reading.page(await raw(db), shape, wish, first + 1, place)
    return page_of([as_seen(shape, row) for row in rows], first)


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
    _, shape = await read_shape(db, caller, type_key)
    return await reading.sums(await raw(db), shape, wish, fields)


async def groups_of(
    db: AsyncSession, caller: Caller, type_key: str, wish: reading.Wish, by: str, fields: Sequence[str]
) -> Sequence[reading.Group]:
    """Count and sums for each value of a field."""
    _, shape = await read_shape(db, caller, type_key)
    return await reading.grouped(await raw(db), shape, wish, by, fields)


async def timeline_of(
    db: AsyncSession, caller: Caller, type_key: str, record_id: UUID, first: int, before: UUID | None
) -> Page[RecordChange]:
    """What happened to a record, newest first."""
    _, shape = await read_shape(db, caller, type_key)
    keys = sorted(shape.fields) if shape.hidden else None
    rows = await around.timeline(db, caller.workspace_id, shape.id, record_id, before, first + 1, keys)
    for row in rows if shape.hidden else ():
        db.expunge(row)  # what is left out for a reader must never be written back
        row.changes = seen_data(shape, row.changes)
    return page_of(rows, first)


async def search_everything(
    db: AsyncSession, caller: Caller, words: str, first: int
) -> Sequence[tuple[str, reading.Found]]:
    """The best matches of all types, as (key of the type, record)."""
    web = await web_of(db, caller.workspace_id)
    if not words.strip():
        return []
    seen = {shape.id: seen_by(shape, caller.role) for shape in web.shapes.values()}
    blind = [shape for shape in seen.values() if shape.hidden]
    rows = await reading.search(await raw(db), caller.workspace_id, words.strip()[:200], first, blind)
    return [(shape.key, as_seen(shape, row)) for row in rows if (shape := seen.get(row.type_id)) is not None]
