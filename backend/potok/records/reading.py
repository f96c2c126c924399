"""Reads lists of records: a page, a sum, groups, a search. On an asyncpg connection, like `writing`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from potok.records.codec import loads
from potok.records.connection import Connection
from potok.records.query import Arguments, Sort, after, column, order, where
from potok.records.shape import Shape

_COLUMNS = (
    "id, type_id, title, data::text AS data, errors::text AS errors, version, created_at,"
    " created_by::text AS created_by, updated_at, deleted_at"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A record as it is stored."""

    id: UUID
    type_id: UUID
    title: str
    data: Mapping[str, Any]
    errors: Mapping[str, Any]
    version: int
    created_at: datetime
    created_by: Mapping[str, Any]
    updated_at: datetime
    deleted_at: datetime | None
    place: tuple[str | None, ...] = ()
    """Where it stands in a sorted list, for the cursor."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which records of a type, in which order."""

    filter: Mapping[str, Any] | None = None
    sorts: Sequence[Sort] = ()
    search: str = ""
    trash: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Records that have the same value in a field."""

    value: str | None
    count: int
    sums: Mapping[str, Decimal] = field(default_factory=dict)


async def page(
    connection: Connection,
    shape: Shape,
    wish: Wish,
    limit: int,
    place: tuple[Sequence[str | None], str] | None = None,
) -> list[Found]:
    """The next `limit` records. `place`: sort values and id of the last one shown."""
    args = Arguments()
    condition = _condition(shape, wish, args)
    ordering = order(shape, wish.sorts)
    if place is not None:
        condition = f"{condition} AND {after(ordering, place[0], place[1], args)}"
    places = "".join(f", ({sql})::text AS place{n}" for n, (sql, _, _) in enumerate(ordering.columns))
    rows = await connection.fetch(
        f"SELECT {_COLUMNS}{places} FROM record WHERE {condition} ORDER BY {ordering.sql}"  # noqa: S608 (keys are checked)
        f" LIMIT {args.add(limit)}::int",
        *args.values,
    )
    return [found(row, len(ordering.columns)) for row in rows]


async def sums(
    connection: Connection, shape: Shape, wish: Wish, keys: Sequence[str] = ()
) -> tuple[int, dict[str, Decimal]]:
    """How many there are, and the sums of these fields."""
    groups = await grouped(connection, shape, wish, None, keys)
    return (groups[0].count, dict(groups[0].sums)) if groups else (0, {})


async def grouped(
    connection: Connection, shape: Shape, wish: Wish, by: str | None, keys: Sequence[str] = ()
) -> list[Group]:
    """Count and sums for each value of a field; without one, of all together."""
    args = Arguments()
    condition = _condition(shape, wish, args)
    columns = [(key, column(shape, key)) for key in keys]
    summed = [(key, one) for key, one in columns if one.kind is not None and one.kind.summed]
    wanted = "".join(f", sum({one.sql}) AS sum{n}" for n, (_, one) in enumerate(summed))
    value = f"({column(shape, by).sql})::text" if by else "NULL"
    rows = await connection.fetch(
        f"SELECT {value} AS value, count(*) AS count{wanted} FROM record WHERE {condition}"  # noqa: S608 (keys are checked)
        + (" GROUP BY 1" if by else ""),
        *args.values,
    )
    return [
        Group(
            row["value"],
            row["count"],
            {key: row[f"sum{n}"] or Decimal(0) for n, (key, _) in enumerate(summed)},
        )
        for row in rows
    ]


async def one(connection: Connection, shape: Shape, record_id: UUID) -> Found | None:
    """A record, from the trash too."""
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM record WHERE workspace_id = $1 AND type_id = $2 AND id = $3",  # noqa: S608 (constant)
        shape.workspace_id,
        shape.id,
        record_id,
    )
    return found(rows[0]) if rows else None


def _condition(shape: Shape, wish: Wish, args: Arguments) -> str:
    workspace, type_id = args.add(shape.workspace_id), args.add(shape.id)
    parts = [
        f"workspace_id = {workspace}::uuid AND type_id = {type_id}::uuid",
        f"deleted_at IS {'NOT ' if wish.trash else ''}NULL",
        where(shape, wish.filter, args),
    ]
    if wish.search.strip():
        parts.append(matching(args.add(wish.search.strip()[:200])))
    return " AND ".join(parts)


def matching(words: str) -> str:
    """The search over everything: Russian and English word forms, parts of titles, beginnings of words."""
    forms = " || ".join(
        f"websearch_to_tsquery('{one}', {words}::text)" for one in ("simple", "russian", "english")
    )
    literal = f"replace(replace(replace({words}::text, '\\', '\\\\'), '%', '\\%'), '_', '\\_')"
    return f"(search @@ ({forms}) OR title ILIKE '%' || {literal} || '%')"


def found(row: Any, places: int = 0) -> Found:
    """A row of `record`."""
    return Found(
        row["id"],
        row["type_id"],
        row["title"],
        loads(row["data"]),
        loads(row["errors"]) or {},
        row["version"],
        row["created_at"],
        loads(row["created_by"]),
        row["updated_at"],
        row["deleted_at"],
        tuple(row[f"place{n}"] for n in range(places)),
    )


async def search(connection: Connection, workspace_id: UUID, words: str, limit: int) -> list[Found]:
    """The best matches of all types: titles that contain the words first, then by rank, then the newest."""
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM record WHERE workspace_id = $1 AND deleted_at IS NULL AND {matching('$2')}"  # noqa: S608 (constant)
        " ORDER BY position(lower($2::text) in lower(title)) = 0,"
        " ts_rank(search, websearch_to_tsquery('simple', $2::text)) DESC, id DESC LIMIT $3",
        workspace_id,
        words,
        limit,
    )
    return [found(row) for row in rows]
