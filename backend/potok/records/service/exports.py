"""A list of records as a file: read a page at a time, in the order and with the rights of the list."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.people.service import Caller, names_of
from potok.problems import refuse
from potok.records import reading
from potok.records.exports.cells import Cell, cell, localized, pointed
from potok.records.exports.tables import Table
from potok.records.service.records import raw, read_shape, titles_of
from potok.records.shape import FieldShape, Shape

PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which list, which columns (all that can be seen when none are named), in whose language."""

    type: str
    wish: reading.Wish
    fields: Sequence[str]
    locale: str


async def columns_of(db: AsyncSession, caller: Caller, wanted: Wanted) -> tuple[Shape, list[FieldShape]]:
    """The type and the exported fields. Raises Refused for an unknown one."""
    _, shape = await read_shape(db, caller, wanted.type)
    for key in wanted.fields:
        if key not in shape.fields:
            raise refuse("record.no_such_field", "fields", field=key[:60])
    keys = dict.fromkeys(wanted.fields) or shape.fields
    await reading.page(await raw(db), shape, wanted.wish, 0)  # a filter that makes no sense is refused here
    return shape, [shape.fields[key] for key in keys]


async def export(
    open_session: Callable[[], AsyncSession], caller: Caller, wanted: Wanted, table: Table
) -> AsyncIterator[bytes]:
    """The file, piece by piece. Each page is a transaction of its own, so a slow reader holds nothing up."""
    async with open_session() as db:
        shape, fields = await columns_of(db, caller, wanted)
    yield table.rows([[Cell(localized(one.names, wanted.locale) or one.key) for one in fields]])
    place: tuple[Sequence[str | None], str] | None = None
    while True:
        async with open_session() as db:
            found = await reading.page(await raw(db), shape, wanted.wish, PAGE, place)
            titles = await _titles(db, caller, fields, found)
        if found:
            yield table.rows(
                [[cell(one, row.data.get(one.key), titles, wanted.locale) for one in fields] for row in found]
            )
        if len(found) < PAGE:
            break
        place = (found[-1].place, str(found[-1].id))
    yield table.end()


async def _titles(
    db: AsyncSession, caller: Caller, fields: Sequence[FieldShape], found: Sequence[reading.Found]
) -> Mapping[str, str]:
    ids = [UUID(one) for row in found for one in pointed(fields, row.data)]
    if not ids:
        return {}
    titles = await titles_of(db, caller, [row.id for row in found])
    people = await names_of(db, list(dict.fromkeys(ids)))
    return {**titles, **{str(one): name for one, name in people.items()}}
