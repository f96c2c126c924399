"""Finds the records and people that cells name: by id, by a unique value, by title, by e-mail or name."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from potok.problems import Problem
from potok.records import sql
from potok.records.connection import Connection
from potok.records.rights import seen_by
from potok.records.shape import Shape
from potok.records.unique import value_of
from potok.records.web import Web

_TITLED = """
SELECT lower(title) AS word, min(id::text) AS id, count(*) AS many FROM record
WHERE workspace_id = $1 AND type_id = $2 AND deleted_at IS NULL AND lower(title) = ANY($3::text[]) GROUP BY 1
"""
_PEOPLE = """
SELECT u.id::text AS id, lower(u.email) AS email, lower(u.name) AS name FROM membership m
JOIN user_account u ON u.id = m.user_id
WHERE m.workspace_id = $1 AND (lower(u.email) = ANY($2::text[]) OR lower(u.name) = ANY($2::text[]))
"""
PEOPLE = ""
"""Stands for the people of the workspace where the key of a type is expected."""


@dataclass(slots=True)
class Lookups:
    """{(key of a type, word in small letters): id}; `several`: words that mean more than one."""

    found: dict[tuple[str, str], str] = field(default_factory=dict)
    several: set[tuple[str, str]] = field(default_factory=set)

    def id_of(self, target: str, word: str, key: str) -> str | Problem:
        """The id, or why there is none."""
        pair = (target, word.lower())
        if pair in self.several:
            return Problem("record.import.ambiguous", {"value": word[:100], "field": key}, (key,))
        if pair in self.found:
            return self.found[pair]
        if target == PEOPLE:
            return Problem("record.value.no_such_person", {"value": word[:100], "field": key}, (key,))
        return Problem("record.value.no_such_record", {"value": word[:100], "field": key}, (key,))


async def look_up(
    connection: Connection, web: Web, workspace_id: UUID, wanted: Iterable[tuple[str, str]], role: str = ""
) -> Lookups:
    """`wanted`: (key of a type or PEOPLE, word). What is hidden from the role finds nothing."""
    words: dict[str, set[str]] = {}
    made = Lookups()
    for target, word in wanted:
        if _is_id(word):
            made.found[target, word.lower()] = word
        else:
            words.setdefault(target, set()).add(word)
    for target, named in words.items():
        shape = web.by_key(target)
        if target == PEOPLE:
            await _people(connection, made, workspace_id, named)
        elif shape is not None:
            await _records(connection, made, seen_by(shape, role), named)
    return made


def _is_id(word: str) -> bool:
    try:
        return str(UUID(word)) == word.lower()
    except ValueError:
        return False


async def _records(connection: Connection, made: Lookups, shape: Shape, words: set[str]) -> None:
    """Unique values decide before titles, which several records may share."""
    lower = [] if shape.title_field in shape.hidden else [word.lower() for word in words]
    rows = await connection.fetch(_TITLED, shape.workspace_id, shape.id, lower)
    for row in rows:
        pair = (shape.key, row["word"])
        made.found[pair] = row["id"]
        if row["many"] > 1:
            made.several.add(pair)
    unique = [one for one in shape.fields.values() if one.unique]
    pairs = [(one.id, value_of(word)) for one in unique for word in words]
    if not pairs:
        return
    rows = await connection.fetch(sql.HOLDERS, [one for one, _ in pairs], [value for _, value in pairs])
    held = {row["value"]: str(row["record_id"]) for row in rows}
    for word in words:
        if value_of(word) in held:
            made.found[shape.key, word.lower()] = held[value_of(word)]
            made.several.discard((shape.key, word.lower()))


async def _people(connection: Connection, made: Lookups, workspace_id: UUID, words: set[str]) -> None:
    for row in await connection.fetch(_PEOPLE, workspace_id, [word.lower() for word in words]):
        for word in (row["name"], row["email"]):
            if made.found.setdefault((PEOPLE, word), row["id"]) != row["id"]:
                made.several.add((PEOPLE, word))
