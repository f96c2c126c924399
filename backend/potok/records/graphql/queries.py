"""What may be asked of the records room."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from potok.gql import Info, PageInfo, query, read_id
from potok.graph.formulas.coerce import digits
from potok.pages import cursor, page_size, read_id_cursor
from potok.people.service import Permission, list_members, names_of
from potok.problems import refuse
from potok.records import models, reading
from potok.records.graphql.objects import FieldKind, ObjectType
from potok.records.graphql.types import (
    Record,
    RecordActor,
    RecordChange,
    RecordChangeConnection,
    RecordChangeKind,
    RecordConnection,
    RecordEdge,
    RecordGroup,
    RecordPerson,
    RecordSort,
    RecordSums,
    plain,
)
from potok.records.kinds import KINDS
from potok.records.query import Sort
from potok.records.service import records as service
from potok.records.service import types

MOST_SUMS = 20
MOST_FOUND = 50


@strawberry.type
class RecordsQuery:
    """Root fields of the records room."""

    @query(Permission.SEE)
    async def field_kinds(self) -> list[FieldKind]:
        """The kinds of fields there are."""
        return [
            FieldKind(
                id=strawberry.ID(kind.id),
                settings=JSON(kind.settings.model_json_schema()),
                operators=sorted(kind.operators),
                summed=kind.summed,
                unique=kind.unique,
                computed=kind.computed,
            )
            for kind in KINDS.values()
        ]

    @query(Permission.SEE)
    async def object_types(self, info: Info) -> list[ObjectType]:
        """The workspace's types in their order."""
        async with info.context.db() as db:
            return [ObjectType(row=row) for row in await types.list_types(db, info.context.who)]

    @query(Permission.SEE)
    async def object_type(self, info: Info, key: str) -> ObjectType | None:
        """One type."""
        async with info.context.db() as db:
            found = [row for row in await types.list_types(db, info.context.who) if row.key == key]
        return ObjectType(row=found[0]) if found else None

    @query(Permission.SEE)
    async def records(
        self,
        info: Info,
        type: str,
        filter: JSON | None = None,
        sort: list[RecordSort] | None = None,
        search: str = "",
        trash: bool = False,
        first: int = 50,
        after: str | None = None,
    ) -> RecordConnection:
        """A page of a type's records. `filter`: {match: all | any, rules: [{field, op, value} or a filter]}."""
        wish = wish_of(filter, sort, search, trash)
        async with info.context.db() as db:
            page = await service.list_records(db, info.context.who, type, wish, page_size(first), after)
        edges = [RecordEdge(node=Record(found=row, type=type), cursor=service.place_of(row)) for row in page.rows]
        end = edges[-1].cursor if edges else None
        return RecordConnection(edges=edges, page_info=PageInfo(end_cursor=end, has_next_page=page.has_next))

    @query(Permission.SEE)
    async def record(self, info: Info, type: str, id: strawberry.ID) -> Record | None:
        """One record, from the trash too."""
        record_id = read_id(id)
        if record_id is None:
            return None
        async with info.context.db() as db:
            row = await service.find_record(db, info.context.who, type, record_id)
        return Record(found=row, type=type) if row is not None else None

    @query(Permission.SEE)
    async def record_sums(
        self, info: Info, type: str, fields: list[str], filter: JSON | None = None, search: str = ""
    ) -> RecordSums:
        """How many records, and the exact sums of these fields."""
        async with info.context.db() as db:
            wish = wish_of(filter, None, search, False)
            count, sums = await service.sums_of(db, info.context.who, type, wish, fields[:MOST_SUMS])
        return RecordSums(count=count, sums=_told(sums))

    @query(Permission.SEE)
    async def record_groups(
        self, info: Info, type: str, by: str, fields: list[str], filter: JSON | None = None, search: str = ""
    ) -> list[RecordGroup]:
        """Count and sums for each value of a field."""
        async with info.context.db() as db:
            wish = wish_of(filter, None, search, False)
            groups = await service.groups_of(db, info.context.who, type, wish, by, fields[:MOST_SUMS])
        return [RecordGroup(value=one.value, count=one.count, sums=_told(one.sums)) for one in groups]

    @query(Permission.SEE)
    async def search_records(self, info: Info, text: str, first: int = 20) -> list[Record]:
        """The best matches of all types."""
        async with info.context.db() as db:
            found = await service.search_everything(db, info.context.who, text, max(1, min(first, MOST_FOUND)))
        return [Record(found=row, type=key) for key, row in found]

    @query(Permission.SEE)
    async def record_people(self, info: Info) -> list[RecordPerson]:
        """Everybody a field can name: colleagues by name, without their addresses."""
        async with info.context.db() as db:
            rows = await list_members(db, info.context.who)
        return [RecordPerson(id=strawberry.ID(str(row.user.id)), name=row.user.name) for row in rows]

    @query(Permission.SEE)
    async def record_timeline(
        self, info: Info, type: str, id: strawberry.ID, first: int = 50, after: str | None = None
    ) -> RecordChangeConnection:
        """What happened to a record, newest first."""
        record_id = read_id(id)
        if record_id is None:
            raise refuse("record.not_found")
        before = read_id_cursor(after)
        async with info.context.db() as db:
            page = await service.timeline_of(db, info.context.who, type, record_id, page_size(first), before)
            people = await names_of(db, _people(page.rows))
        end = cursor(str(page.rows[-1].id)) if page.rows else None
        return RecordChangeConnection(
            nodes=[_line(row, people) for row in page.rows],
            page_info=PageInfo(end_cursor=end, has_next_page=page.has_next),
        )


def wish_of(filter: Any, sort: list[RecordSort] | None, search: str, trash: bool) -> reading.Wish:
    """What a list is asked for. Raises Refused."""
    if filter is not None and not isinstance(filter, Mapping):
        raise refuse("record.filter_invalid", "filter")
    return reading.Wish(filter, [Sort(one.field, one.descending) for one in sort or []], search, trash)


def _told(sums: Mapping[str, Any]) -> JSON:
    return JSON({key: digits(value) for key, value in sums.items()})


def _people(rows: Sequence[models.RecordChange]) -> list[UUID]:
    found = {read_id(str(row.actor.get("user", ""))) for row in rows}
    return [one for one in found if one is not None]


def _line(row: models.RecordChange, people: Mapping[UUID, str]) -> RecordChange:
    actor, user_id = row.actor, read_id(str(row.actor.get("user", "")))
    return RecordChange(
        id=strawberry.ID(str(row.id)),
        at=row.at,
        what=RecordChangeKind(row.what),
        changes=JSON(plain(row.changes)),
        actor=RecordActor(
            user=people.get(user_id) if user_id is not None else None,
            run_id=_maybe_id(actor.get("run")),
            scenario_id=_maybe_id(actor.get("scenario")),
            scenario=actor.get("name"),
            key=actor.get("key"),
        ),
    )


def _maybe_id(value: Any) -> strawberry.ID | None:
    return strawberry.ID(str(value)) if value else None
