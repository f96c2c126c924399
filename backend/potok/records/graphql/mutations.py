"""What may be done to records. Each mutation answers with what it made, or with every problem."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from potok.gql import DonePayload, Info, all_told, mutation, read_id
from potok.people.service import Permission
from potok.problems import Refused, refuse
from potok.records import reading
from potok.records.graphql.types import Record, RecordPayload
from potok.records.service import records as service

MOST_AT_ONCE = 1_000


@strawberry.type
class RecordsMutation:
    """Mutations of records."""

    @mutation(Permission.WORK)
    async def create_record(self, info: Info, type: str, values: JSON) -> RecordPayload:
        """A new record of a type. `values`: {field key: value}, as people type them."""
        return await _write(info, type, values, None, None)

    @mutation(Permission.WORK)
    async def update_record(
        self, info: Info, type: str, id: strawberry.ID, values: JSON, version: int | None = None
    ) -> RecordPayload:
        """Change the fields that are named. With `version` it is refused when somebody was faster."""
        return await _write(info, type, values, _record_id(id), version)

    @mutation(Permission.WORK)
    async def delete_records(self, info: Info, type: str, ids: list[strawberry.ID]) -> DonePayload:
        """Put records into the trash: all or none."""
        return await _bin(info, type, ids, True)

    @mutation(Permission.WORK)
    async def restore_records(self, info: Info, type: str, ids: list[strawberry.ID]) -> DonePayload:
        """Take records out of the trash: all or none."""
        return await _bin(info, type, ids, False)


async def _write(
    info: Info, type_key: str, values: Any, record_id: UUID | None, version: int | None
) -> RecordPayload:
    request = info.context
    try:
        if not isinstance(values, Mapping):
            raise refuse("record.values_invalid", "values")
        async with request.change() as db:
            done = await service.write_one(
                db, request.who, type_key, dict(values), record_id=record_id, version=version
            )
            found = await service.get_record(db, request.who, type_key, done.record_id)
    except Refused as refused:
        return RecordPayload(record=None, problems=all_told(refused, request))
    return RecordPayload(record=_shown(found, type_key), problems=[])


async def _bin(info: Info, type_key: str, ids: list[strawberry.ID], delete: bool) -> DonePayload:
    request = info.context
    try:
        if len(ids) > MOST_AT_ONCE:
            raise refuse("record.too_many_at_once", "ids", most=MOST_AT_ONCE)
        async with request.change() as db:
            await service.bin_records(db, request.who, type_key, [_record_id(one) for one in ids], delete=delete)
    except Refused as refused:
        return DonePayload(done=False, problems=all_told(refused, request))
    return DonePayload(done=True, problems=[])


def _shown(found: reading.Found, type_key: str) -> Record:
    return Record(found=found, type=type_key)


def _record_id(value: str) -> UUID:
    found = read_id(value)
    if found is None:
        raise refuse("record.not_found", "id")
    return found
