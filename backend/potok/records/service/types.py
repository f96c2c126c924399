"""Types and fields as people make them: added, changed, put away. All problems are told at once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from potok.people.service import Caller, record
from potok.problems import Refused, refuse
from potok.records import repository
from potok.records.kinds import KINDS, options_of
from potok.records.models import ObjectField, ObjectType
from potok.records.query import OWN
from potok.records.service.checks import check_web
from potok.records.stages import KEYS

MOST_TYPES = 200
MOST_FIELDS = 300
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_RESERVED = frozenset({"id", "record", "type", "old", "new", "true", "false", *KEYS} | (OWN.keys() - {"title"}))


@dataclass(frozen=True, slots=True)
class NewField:
    """A field as somebody wants it."""

    key: str
    kind: str
    names: Mapping[str, str]
    settings: Mapping[str, Any] = field(default_factory=dict)
    help: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    unique: bool = False
    default: Any = None


async def list_types(db: AsyncSession, caller: Caller) -> Sequence[ObjectType]:
    """The workspace's types in their order."""
    return await repository.types(db, caller.workspace_id)


async def get_type(db: AsyncSession, caller: Caller, key: str, *, lock: bool = False) -> ObjectType:
    """One type. Raises Refused (`record.type_not_found`)."""
    found = await repository.type_by_key(db, caller.workspace_id, key, lock=lock)
    if found is None:
        raise refuse("record.type_not_found", "type")
    return found


@dataclass(frozen=True, slots=True)
class NewType:
    """A type as somebody wants it. `names`: {locale: name, or {one, many}}."""

    key: str
    names: Mapping[str, Any]
    fields: Sequence[NewField] = ()
    icon: str = ""
    color: str = ""
    title_field: str = ""


async def add_types(
    db: AsyncSession, caller: Caller, wanted: Sequence[NewType], *, pack: str = ""
) -> list[ObjectType]:
    """New types with their first fields; they may point to one another. Raises Refused with all that is wrong."""
    known = await repository.types(db, caller.workspace_id)
    taken = {one.key for one in known}
    if len(known) + len(wanted) > MOST_TYPES:
        raise refuse("record.too_many_types", most=MOST_TYPES)
    made = []
    for place, one in enumerate(wanted, len(known)):
        if one.key in taken:
            raise refuse("record.type_key_taken", "key", key=one.key)
        taken.add(one.key)
        made.append(await _make(db, caller, one, place, pack))
    await check_web(db, caller.workspace_id)
    for row in made:
        await record(db, caller, "record_type_added", subject_id=row.id, subject=row.key)
    return made


async def _make(db: AsyncSession, caller: Caller, wanted: NewType, place: int, pack: str) -> ObjectType:
    _check_key(wanted.key)
    check_names({locale: both_names(name)["one"] for locale, name in wanted.names.items()})
    now = datetime.now(UTC)
    made = ObjectType(
        id=uuid7(),
        workspace_id=caller.workspace_id,
        key=wanted.key,
        names={locale: both_names(name) for locale, name in wanted.names.items()},
        icon=wanted.icon,
        color=wanted.color,
        title_field=wanted.title_field,
        pack=pack,
        position=place,
        created_at=now,
        changed_at=now,
    )
    await repository.add(db, made)
    await repository.make_partition(db, made.id)
    rows = [_field(made, one, number) for number, one in enumerate(wanted.fields)]
    if len({row.key for row in rows}) != len(rows):
        raise refuse("record.field_key_taken", "fields", key=wanted.key)
    await repository.add(db, *rows)
    return made


async def add_field(db: AsyncSession, caller: Caller, type_key: str, wanted: NewField) -> ObjectField:
    """One more field. Records that exist have nothing in it yet."""
    owner = await get_type(db, caller, type_key, lock=True)
    fields = await repository.fields(db, [owner.id], archived=True)
    if any(one.key == wanted.key for one in fields):
        raise refuse("record.field_key_taken", "key", key=wanted.key)
    if len(fields) >= MOST_FIELDS:
        raise refuse("record.too_many_fields", most=MOST_FIELDS)
    made = _field(owner, wanted, len(fields))
    await repository.add(db, made)
    await changed(db, owner)
    await record(db, caller, "record_field_added", subject_id=made.id, subject=f"{type_key}.{made.key}")
    return made


async def archive_field(db: AsyncSession, caller: Caller, type_key: str, key: str) -> ObjectType:
    """Put a field away; its values stay in the records and come back with it."""
    owner = await get_type(db, caller, type_key, lock=True)
    found = next((one for one in await repository.fields(db, [owner.id]) if one.key == key), None)
    if found is None:
        raise refuse("record.no_such_field", "key", field=key)
    found.archived_at = datetime.now(UTC)
    if owner.title_field == key:
        owner.title_field = ""
    await repository.add(db, found)
    await changed(db, owner)
    await record(db, caller, "record_field_archived", subject_id=found.id, subject=f"{type_key}.{key}")
    return owner


async def changed(db: AsyncSession, owner: ObjectType) -> None:
    """What is compiled of the type is stale; the workspace must still hold together. Raises Refused."""
    owner.changed_at = datetime.now(UTC)
    await repository.add(db, owner)
    await check_web(db, owner.workspace_id)


def _field(owner: ObjectType, wanted: NewField, place: int) -> ObjectField:
    _check_key(wanted.key)
    check_names(wanted.names)
    kind = KINDS.get(wanted.kind)
    if kind is None:
        raise refuse("record.kind_unknown", "kind", kind=wanted.kind)
    if wanted.unique and not kind.unique:
        raise refuse("record.unique_impossible", "unique")
    try:
        settings = options_of(kind, wanted.settings)
    except ValidationError as error:
        raise settings_problem(error, wanted.key) from None
    return ObjectField(
        id=uuid7(),
        workspace_id=owner.workspace_id,
        type_id=owner.id,
        key=wanted.key,
        kind=kind.id,
        names=dict(wanted.names),
        help=dict(wanted.help),
        required=wanted.required,
        is_unique=wanted.unique,
        default=wanted.default,
        settings=settings.model_dump(mode="json", exclude_defaults=True),
        rights={},
        position=place,
    )


def _check_key(key: str) -> None:
    if not _KEY.fullmatch(key) or key in _RESERVED:
        raise refuse("record.key_invalid", "key", key=key[:60])


def settings_problem(error: ValidationError, key: str) -> Refused:
    """What is wrong with the settings of a field."""
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"])) or key
    return refuse("record.settings_invalid", "settings", setting=place, reason=first["msg"])


def check_names(names: Mapping[str, str]) -> None:
    """Raises Refused when nobody could call it anything."""
    if not any(name.strip() for name in names.values()):
        raise refuse("record.name_missing", "names")


def both_names(name: Any) -> dict[str, str]:
    """A name in the singular and, for lists, in the plural."""
    if isinstance(name, Mapping):
        return {"one": str(name.get("one", "")), "many": str(name.get("many") or name.get("one", ""))}
    return {"one": str(name), "many": str(name)}


def id_of(value: str) -> UUID:
    """An id from outside. Raises Refused (`record.not_found`)."""
    try:
        return UUID(value)
    except ValueError:
        raise refuse("record.not_found") from None
