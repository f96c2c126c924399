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
        parts.append(matching(args.add(wish.search.strip()[:200]), shape))
    return " AND ".join(parts)


def matching(words: str, shape: Shape) -> str:
    """What a list takes for found: by its words, their beginnings, or a part of the title."""
    found = f"({by_words(words)} OR {by_beginning(words)})"
    if not shape.hidden:
        return f"({found} OR {in_title(words)})"
    seen = visible(shape)
    found = f"({found} AND ({by_words(words, seen)} OR {by_beginning(words, seen)}))"
    return found if shape.title_field in shape.hidden else f"({found} OR {in_title(words)})"


def by_words(words: str, vector: str = "search") -> str:
    """Russian and English word forms."""
    forms = " || ".join(f"websearch_to_tsquery('{one}', {words}::text)" for one in _LANGUAGES)
    return f"{vector} @@ ({forms})"


def by_beginning(words: str, vector: str = "search") -> str:
    """Of a single word its beginning."""
    single = f"quote_literal(substring({words}::text from '^[[:alnum:]]+$')) || ':*'"
    return f"{vector} @@ to_tsquery('simple', coalesce({single}, ''))"


def in_title(words: str) -> str:
    """Any part of the title."""
    literal = f"replace(replace(replace({words}::text, '\\', '\\\\'), '%', '\\%'), '_', '\\_')"
    return f"title ILIKE '%' || {literal} || '%'"


def visible(shape: Shape) -> str:
    """The words of the fields that are left of a type: what is stored for the search has the hidden ones, too."""
    texts = ", ".join(f"data->>'{key}'" for key, one in shape.fields.items() if one.kind.searched)
    text = f"concat_ws(E'\\n', {texts})" if texts else "''"
    return "(" + " || ".join(f"to_tsvector('{one}', left({text}, 100000))" for one in _LANGUAGES) + ")"


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


RANKED = 500
"""Of more matches only the newest are put in order: who finds that many adds a word."""
_LANGUAGES = ("simple", "russian", "english")
_TITLES_FIRST = " ORDER BY position(lower($2::text) in lower(title)) = 0"
_BY_RANK = f"{_TITLES_FIRST}, ts_rank(search, websearch_to_tsquery('simple', $2::text)) DESC, id DESC LIMIT $3"


async def search(
    connection: Connection, workspace_id: UUID, words: str, limit: int, blind: Sequence[Shape] = ()
) -> list[Found]:
    """The best matches of all types: titles that contain the words first, then by rank, then the newest.

    Words come from an index; only when there are none, their beginnings, and then parts of titles, are looked for.
    `blind`: types of which something is hidden; there only what is left may match, and nothing is ranked.
    """
    order = f"{_TITLES_FIRST}, id DESC LIMIT $3" if blind else _BY_RANK
    for test in (by_words, by_beginning):
        seen = [f" AND (type_id <> '{one.id}' OR {test('$2', visible(one))})" for one in blind]
        rows = await _search(connection, workspace_id, words, limit, test("$2") + "".join(seen), order)
        if rows:
            return rows
    nameless = [f" AND type_id <> '{one.id}'" for one in blind if one.title_field in one.hidden]
    return await _search(connection, workspace_id, words, limit, in_title("$2") + "".join(nameless), order)


async def _search(
    connection: Connection, workspace_id: UUID, words: str, limit: int, condition: str, order: str
) -> list[Found]:
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM (SELECT * FROM record WHERE workspace_id = $1 AND deleted_at IS NULL"  # noqa: S608 (constant)
        f" AND {condition} ORDER BY id DESC LIMIT {RANKED}) found {order}",
        workspace_id,
        words,
        limit,
    )
    return [found(row) for row in rows]
