"""What may be done to types, fields and pipelines. Each mutation answers with the type, or with every problem."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from potok.gql import Info, all_told, mutation, read_id
from potok.people.service import Permission
from potok.problems import Refused, refuse
from potok.records import models
from potok.records.graphql.objects import (
    ObjectFieldChange,
    ObjectFieldInput,
    ObjectType,
    ObjectTypeChange,
    ObjectTypeInput,
    ObjectTypePayload,
    PackPayload,
)
from potok.records.graphql.pipelines import PipelineInput
from potok.records.service import packs, pipelines, redesign, types
from potok.records.service import rights as field_rights
from potok.records.service.types import NewField, NewType


@strawberry.type
class ObjectsMutation:
    """Mutations of types, fields and pipelines."""

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
                if field.kind == "formula":
                    await redesign.reckon(db, request.who, row)
        except Refused as refused:
            return ObjectTypePayload(type=None, problems=all_told(refused, request))
        return _fresh(info, row)

    @mutation(Permission.BUILD)
    async def update_object_type(self, info: Info, key: str, change: ObjectTypeChange) -> ObjectTypePayload:
        """Call a type otherwise. Its key stays."""
        request = info.context
        try:
            names = None if change.names is None else _names(change.names)
            wanted = redesign.TypeChange(names, change.icon, change.color, change.title_field)
            async with request.change() as db:
                row = await redesign.update_type(db, request.who, key, wanted)
        except Refused as refused:
            return ObjectTypePayload(type=None, problems=all_told(refused, request))
        return _fresh(info, row)

    @mutation(Permission.BUILD)
    async def update_object_field(
        self, info: Info, type: str, key: str, change: ObjectFieldChange
    ) -> ObjectTypePayload:
        """Change a field. Its key and kind stay; what would make values unreadable is refused."""
        request = info.context
        try:
            wanted = _field_change(key, change)
            async with request.change() as db:
                row = await redesign.update_field(db, request.who, type, key, wanted)
        except Refused as refused:
            return ObjectTypePayload(type=None, problems=all_told(refused, request))
        return _fresh(info, row)

    @mutation(Permission.BUILD)
    async def set_field_rights(self, info: Info, type: str, key: str, rights: JSON) -> ObjectTypePayload:
        """Say what viewers and members may do with a field: {role: none | read | write}."""
        request = info.context
        try:
            if not isinstance(rights, Mapping):
                raise refuse("record.rights_invalid", "rights", role="")
            async with request.change() as db:
                row = await field_rights.set_rights(db, request.who, type, key, rights)
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

    @mutation(Permission.BUILD)
    async def save_pipeline(self, info: Info, type: str, pipeline: PipelineInput) -> ObjectTypePayload:
        """Make or change a pipeline. A stage in which records stand cannot be left out."""
        request = info.context
        try:
            wanted = _wanted(pipeline)
            async with request.change() as db:
                row = await pipelines.save_pipeline(db, request.who, type, wanted)
        except Refused as refused:
            return ObjectTypePayload(type=None, problems=all_told(refused, request))
        return _fresh(info, row)

    @mutation(Permission.BUILD)
    async def archive_pipeline(self, info: Info, type: str, id: strawberry.ID) -> ObjectTypePayload:
        """Put a pipeline away in which no record stands."""
        request = info.context
        try:
            async with request.change() as db:
                row = await pipelines.archive_pipeline(db, request.who, type, _id(id))
        except Refused as refused:
            return ObjectTypePayload(type=None, problems=all_told(refused, request))
        return _fresh(info, row)


def _fresh(info: Info, row: models.ObjectType) -> ObjectTypePayload:
    """What this request had loaded of its parts is stale now."""
    for name in ("record_fields", "record_pipelines"):
        info.context.loaders.pop(name, None)
    return ObjectTypePayload(type=ObjectType(row=row), problems=[])


def _new_field(one: ObjectFieldInput) -> NewField:
    settings: Any = one.settings if one.settings is not None else {}
    hints: Any = one.help if one.help is not None else {}
    if not isinstance(settings, Mapping) or not isinstance(hints, Mapping):
        raise refuse("record.settings_invalid", "settings", setting=one.key, reason="object")
    names = {str(locale): str(name) for locale, name in _names(one.names).items()}
    return NewField(one.key, one.kind, names, settings, hints, one.required, one.unique, one.default)


def _field_change(key: str, one: ObjectFieldChange) -> redesign.FieldChange:
    settings: Any = one.settings
    if settings is not None and not isinstance(settings, Mapping):
        raise refuse("record.settings_invalid", "settings", setting=key, reason="object")
    return redesign.FieldChange(
        names=None if one.names is None else _texts(one.names),
        help=None if one.help is None else _texts(one.help),
        settings=settings,
        required=one.required,
        unique=one.unique,
        default=redesign.KEEP if one.default is strawberry.UNSET else one.default,
        position=one.position,
    )


def _wanted(one: PipelineInput) -> pipelines.NewPipeline:
    stages = [
        pipelines.NewStage(
            _texts(each.names),
            _id(each.id) if each.id else None,
            each.color,
            each.outcome.value,
            each.probability,
            each.required,
            [{"id": reason.id, "names": _texts(reason.names)} for reason in each.reasons],
        )
        for each in one.stages
    ]
    pipeline_id = _id(one.id) if one.id else None
    return pipelines.NewPipeline(
        _texts(one.names), stages, pipeline_id, one.sum_mode.value, one.sum_field, one.sum_formula
    )


def _names(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise refuse("record.name_missing", "names")
    return value


def _texts(value: Any) -> dict[str, str]:
    return {str(locale): str(name) for locale, name in _names(value).items()}


def _id(value: str) -> UUID:
    found = read_id(value)
    if found is None:
        raise refuse("record.no_such_pipeline", "id")
    return found
