"""Line items that a step adds to a record: the products looked up, duplicates by their rule, one write for all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from potok.adapters.store_postgres.records import Desk, an_id, keyed, lock, maybe_id, refuse
from potok.problems import Problem
from potok.records import reading
from potok.records.kinds import Bad
from potok.records.kinds.numbers import exact
from potok.records.shape import FieldShape, Shape
from potok.records.writing import Change
from potok.sdk.records import AddItems

MOST = 1_000


@dataclass(slots=True)
class _Slot:
    """An item as it will be: one that is there already, or a new one."""

    id: UUID | None
    data: Mapping[str, Any]
    patch: dict[str, Any] = field(default_factory=dict)


async def add_items(desk: Desk, wanted: AddItems) -> dict[str, Any]:
    """The parent is locked, so that two runs which add the same item meet."""
    shape = desk.shape(wanted.type)
    relation = shape.fields.get(wanted.relation)
    parents = desk.web.by_key(relation.target) if relation is not None and relation.target else None
    if parents is None or relation is None:
        refuse("relation", Problem("record.no_such_field", {"field": wanted.relation}))
    if len(wanted.items) > MOST:
        refuse("items", Problem("record.too_many_at_once", {"most": MOST}))
    parent = an_id(wanted.parent)
    await lock(desk, parents, parent)
    slots, known = await _there(desk, shape, wanted)
    done: dict[str, Any] = {"added": 0, "changed": 0, "skipped": 0}
    for values in wanted.items:
        patch, same = await _completed(desk, shape, wanted, values)
        slot = known.get(same) if same and wanted.same != "add" else None
        if slot is None:
            slot = _Slot(None, {}, {**patch, relation.key: wanted.parent})
            slots.append(slot)
            known[same] = slot
            done["added"] += 1
        elif wanted.same == "skip":
            done["skipped"] += 1
        else:
            _lay(shape, slot, wanted, patch)
            done["changed"] += 1
    changes = [Change(shape, slot.patch, slot.id) for slot in slots if slot.patch]
    written = await desk.write_all(changes) if changes else []
    return {**done, "items": [str(one.record_id) for one in written]}


async def _there(desk: Desk, shape: Shape, wanted: AddItems) -> tuple[list[_Slot], dict[str, _Slot]]:
    if wanted.same == "add":
        return [], {}
    found = await desk.find(shape, {wanted.relation: wanted.parent}, MOST)
    slots = [_Slot(one.id, one.data) for one in reversed(found)]
    known: dict[str, _Slot] = {}
    for slot in slots:
        known.setdefault(_word(slot.data.get(wanted.key)), slot)
    return slots, known


def _lay(shape: Shape, slot: _Slot, wanted: AddItems, patch: Mapping[str, Any]) -> None:
    if wanted.same == "replace":
        slot.patch |= patch
        return
    before = slot.patch.get(wanted.quantity, slot.data.get(wanted.quantity))
    slot.patch[wanted.quantity] = _number(shape, wanted.quantity, before) + _number(
        shape, wanted.quantity, patch.get(wanted.quantity)
    )


def _number(shape: Shape, key: str, value: Any) -> Decimal:
    try:
        return exact(value) or Decimal(0)
    except Bad as bad:
        refuse("items", Problem(f"record.value.{bad.code}", {**bad.params, "field": key}), shape=shape)


async def _completed(
    desk: Desk, shape: Shape, wanted: AddItems, values: Mapping[str, Any]
) -> tuple[dict[str, Any], str]:
    """The values with what the product adds to them, and by what the item is the same as another."""
    patch = keyed(shape, values)
    one = shape.fields.get(wanted.key)
    target = desk.web.by_key(one.target) if one is not None and one.target else None
    if one is None or target is None or not patch.get(wanted.key):
        return patch, _word(patch.get(wanted.key))
    product = await _product(desk, target, one, patch[wanted.key])
    patch[wanted.key] = str(product.id)
    for key, own in shape.fields.items():
        other = target.fields.get(key)
        if key not in patch and other is not None and other.kind is own.kind and _plain(own):
            patch[key] = product.data.get(key)
    return patch, str(product.id)


def _plain(one: FieldShape) -> bool:
    return not one.kind.computed and not one.target and one.kind.id != "longtext"


async def _product(desk: Desk, target: Shape, one: FieldShape, value: Any) -> reading.Found:
    given = value.get("id") if isinstance(value, Mapping) else value
    record_id = maybe_id(str(given))
    if record_id is not None:
        found = await reading.one(desk.connection, target, record_id)
    else:
        rules = [{"field": "title", "op": "eq", "value": str(given).strip()}]
        page = await reading.page(desk.connection, target, reading.Wish({"rules": rules}), 1)
        found = page[0] if page else None
    if found is None or found.deleted_at is not None:
        problem = Problem("record.value.no_such_record", {"value": str(given)[:100], "field": one.key})
        refuse("items", problem)
    return found


def _word(value: Any) -> str:
    return "" if value is None else str(value).strip().casefold()
