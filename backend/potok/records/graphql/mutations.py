"""What may be done in the records room. Each mutation answers with what it made, or with every problem."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from potok.gql import DonePayload, Info, all_told, mutation, read_id
from potok.people.service import Permission
from potok.problems import Refused, refuse
from potok.records import models, reading
from potok.records.graphql.types import (
    ObjectFieldInput,
    ObjectType,
    ObjectTypeInput,
    ObjectTypePayload,
    PackPayload,
    Record,
    RecordPayload,
)
from potok.records.service import packs, types
from potok.records.service import records as service
from potok.records.service.types import NewField, NewType

MOST_AT_ONCE = 1_000


@strawberry.type
class RecordsMutation:
    """Mutations of the records room."""

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

    @mutation(Permission.BUILD)
    async def add_object_type(self, info: Info, type: ObjectTypeInput) -> ObjectTypePayload:
        """A new type with its first fields."""
        request = info.context
        try:
            wanted = NewType(
                type.key,
                _names(type.names),
                [_new_field(one) for one in type.fields],
                type.icon,
                type.color,
                type.title_field,
            )
            async with request.change() as db:
                [row] = await types.add_types(db, request.who, [wanted])
        except Refused as refused:
            return ObjectTypePayload(type=None, problems=all_told(refused, request))
        return ObjectTypePayload(type=ObjectType(row=row), problems=[])

    @mutation(Permission.BUILD)
    async def add_object_field(self, info: Info, type: str, field: ObjectFieldInput) -> ObjectTypePayload:
        """One more field."""
        request = info.context
        try:
            async with request.change() as db:
                await types.add_field(db, request.who, type, _new_field(field))
                row = await types.get_type(db, request.who, type)
        except Refused as refused:
            return ObjectTypePayload(type=None, problems=all_told(refused, request))
        return _fresh(info, row)

    @mutation(Permission.BUILD)
    async def archive_object_field(self, info: Info, type: str, key: str) -> ObjectTypePayload:
        """Put a field away; its values stay in the records."""
        request = info.context
        try:
            async with request.change() as db:
                row = await types.archive_field(db, request.who, type, key)
        except Refused as refused:
            return ObjectTypePayload(type=None, problems=all_told(refused, request))
        return _fresh(info, row)

    @mutation(Permission.BUILD)
    async def install_pack(self, info: Info, name: str) -> PackPayload:
        """Add the types of a ready-made pack that are not there yet."""
        request = info.context
        try:
            async with request.change() as db:
                added = await packs.install_pack(db, request.who, name)
        except Refused as refused:
            return PackPayload(added=[], problems=all_told(refused, request))
        return PackPayload(added=added, problems=[])


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


def _fresh(info: Info, row: models.ObjectType) -> ObjectTypePayload:
    """What this request had loaded of its fields is stale now."""
    info.context.loaders.pop("record_fields", None)
    return ObjectTypePayload(type=ObjectType(row=row), problems=[])


def _record_id(value: str) -> UUID:
    found = read_id(value)
    if found is None:
        raise refuse("record.not_found", "id")
    return found


def _names(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise refuse("record.name_missing", "names")
    return value


def _new_field(one: ObjectFieldInput) -> NewField:
    settings: Any = one.settings if one.settings is not None else {}
    hints: Any = one.help if one.help is not None else {}
    if not isinstance(settings, Mapping) or not isinstance(hints, Mapping):
        raise refuse("record.settings_invalid", "settings", setting=one.key, reason="object")
    names = {str(locale): str(name) for locale, name in _names(one.names).items()}
    return NewField(one.key, one.kind, names, settings, hints, one.required, one.unique, one.default)
