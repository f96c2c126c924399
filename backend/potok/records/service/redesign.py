"""Types and fields changed after they were made: names, order, settings. Records keep what they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from potok.people.service import Caller, record
from potok.problems import refuse
from potok.records import repository, writing
from potok.records.kinds import KINDS, options_of
from potok.records.models import ObjectField, ObjectType
from potok.records.service.records import raw, shape_of
from potok.records.service.types import both_names, changed, check_names, get_type, settings_problem
from potok.records.writing import Change

KEEP: Any = object()
"""What is left as it is."""
MOST_RECKONED = 20_000
"""Records worked out at once when a formula changes; those of larger types follow at their next change."""
GROUP = 1_000
_IDS = "SELECT id FROM record WHERE type_id = :type AND deleted_at IS NULL ORDER BY id LIMIT :most"
_ANY = "SELECT EXISTS (SELECT 1 FROM record WHERE type_id = :type AND data ? :key)"
_FREE = "DELETE FROM record_unique WHERE field_id = :field"


@dataclass(frozen=True, slots=True)
class TypeChange:
    """What shall be other of a type."""

    names: Mapping[str, Any] | None = None
    icon: str | None = None
    color: str | None = None
    title_field: str | None = None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What shall be other of a field. Its key and its kind stay."""

    names: Mapping[str, str] | None = None
    help: Mapping[str, str] | None = None
    settings: Mapping[str, Any] | None = None
    required: bool | None = None
    unique: bool | None = None
    default: Any = KEEP
    position: int | None = None


async def update_type(db: AsyncSession, caller: Caller, key: str, wanted: TypeChange) -> ObjectType:
    """Call a type otherwise, or let another field name its records. Raises Refused."""
    owner = await get_type(db, caller, key, lock=True)
    if wanted.names is not None:
        names = {locale: both_names(name) for locale, name in wanted.names.items()}
        check_names({locale: name["one"] for locale, name in names.items()})
        owner.names = names
    owner.icon = owner.icon if wanted.icon is None else wanted.icon
    owner.color = owner.color if wanted.color is None else wanted.color
    owner.title_field = owner.title_field if wanted.title_field is None else wanted.title_field
    await changed(db, owner)
    await record(db, caller, "record_type_changed", subject_id=owner.id, subject=key)
    return owner


async def update_field(
    db: AsyncSession, caller: Caller, type_key: str, key: str, wanted: FieldChange
) -> ObjectType:
    """Change a field. What would make values unreadable is refused. Raises Refused."""
    owner = await get_type(db, caller, type_key, lock=True)
    fields = list(await repository.fields(db, [owner.id]))
    row = next((one for one in fields if one.key == key), None)
    if row is None:
        raise refuse("record.no_such_field", "key", field=key)
    if wanted.names is not None:
        check_names(wanted.names)
        row.names = dict(wanted.names)
    row.help = row.help if wanted.help is None else dict(wanted.help)
    row.required = row.required if wanted.required is None else wanted.required
    row.default = row.default if wanted.default is KEEP else wanted.default
    await _unique(db, row, wanted.unique)
    before = row.settings
    if wanted.settings is not None:
        row.settings = _settings(row, wanted.settings)
    if wanted.position is not None:
        _move(fields, row, wanted.position)
    await repository.add(db, *fields)
    await changed(db, owner)
    await record(db, caller, "record_field_changed", subject_id=row.id, subject=f"{type_key}.{key}")
    if row.settings != before and row.kind in ("formula", "calculated"):
        await reckon(db, caller, owner)
    return owner


async def reckon(db: AsyncSession, caller: Caller, owner: ObjectType) -> None:
    """Work out the formulas of a type's records anew; of a very large type only at their next change."""
    rows = await db.execute(text(_IDS), {"type": owner.id, "most": MOST_RECKONED + 1})
    ids: Sequence[UUID] = rows.scalars().all()
    if len(ids) > MOST_RECKONED:
        return
    web, shape = await shape_of(db, caller, owner.key)
    actor = {"user": str(caller.user_id)} if caller.user_id else {"key": caller.api_key_name}
    for start in range(0, len(ids), GROUP):
        group = [Change(shape, {}, one) for one in ids[start : start + GROUP]]
        await writing.write(await raw(db), web, caller.workspace_id, group, actor, datetime.now(UTC))


async def _unique(db: AsyncSession, row: ObjectField, wanted: bool | None) -> None:
    if wanted is None or wanted == row.is_unique:
        return
    if wanted:
        if not KINDS[row.kind].unique:
            raise refuse("record.unique_impossible", "unique")
        filled = await db.execute(text(_ANY), {"type": row.type_id, "key": row.key})
        if filled.scalar():
            raise refuse("record.unique_too_late", "unique")
    else:
        await db.execute(text(_FREE), {"field": row.id})
    row.is_unique = wanted


def _settings(row: ObjectField, wanted: Mapping[str, Any]) -> dict[str, Any]:
    kind = KINDS[row.kind]
    try:
        made = options_of(kind, wanted).model_dump(mode="json", exclude_defaults=True)
    except ValidationError as error:
        raise settings_problem(error, row.key) from None
    if gone := _option_ids(row.settings) - _option_ids(made):
        raise refuse("record.option_gone", "settings", option=", ".join(sorted(gone)))
    for fixed in ("target", "many", "result"):
        if made.get(fixed) != row.settings.get(fixed):
            raise refuse("record.setting_fixed", "settings", setting=fixed)
    return made


def _option_ids(settings: Mapping[str, Any]) -> set[str]:
    return {str(one["id"]) for one in settings.get("options", ())}


def _move(fields: list[ObjectField], row: ObjectField, position: int) -> None:
    order = [one for one in fields if one is not row]
    order.insert(max(0, min(position, len(order))), row)
    for place, one in enumerate(order):
        one.position = place
