"""Unique fields: their values are rows of a table of their own, so two writers at once cannot both have one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from potok.records import sql
from potok.records.connection import Connection
from potok.records.shape import FieldShape

if TYPE_CHECKING:
    from potok.records.writing import Written

Claim = tuple["Written", FieldShape, str]


def value_of(stored: object) -> str:
    """What counts as the same: letters of any case, a number however it was written."""
    return str(stored).strip().casefold()


async def claim(connection: Connection, works: Sequence["Written"]) -> None:
    """Take the new values and free the old ones. A work whose value is taken is refused, naming who has it."""
    changed = [
        (work, one)
        for work in works
        for key, one in work.shape.fields.items()
        if one.unique and (key in work.changes or work.what in ("deleted", "restored"))
    ]
    freed = [(work, one) for work, one in changed if work.what != "created"]
    if freed:
        await connection.execute(
            sql.FREE_UNIQUE, [one.id for _, one in freed], [work.record_id for work, _ in freed]
        )
    claims: list[Claim] = [
        (work, one, value_of(work.data[one.key]))
        for work, one in changed
        if work.what != "deleted" and work.data.get(one.key) is not None
    ]
    if claims:
        await _take(connection, claims)


async def look(connection: Connection, works: Sequence["Written"]) -> None:
    """Refuse what `claim` would refuse, without taking anything."""
    claims: list[Claim] = [
        (work, one, value_of(work.data[key]))
        for work in works
        for key, one in work.shape.fields.items()
        if one.unique and key in work.changes and work.data.get(key) is not None
    ]
    if not claims:
        return
    rows = await connection.fetch(sql.HOLDERS, [one.id for _, one, _ in claims], [value for *_, value in claims])
    held = {(row["field_id"], row["value"]): row["record_id"] for row in rows}
    for work, one, value in claims:
        holder = held.setdefault((one.id, value), work.record_id)
        if holder != work.record_id:
            _refuse(work, one, str(holder))


async def _take(connection: Connection, claims: Sequence[Claim]) -> None:
    fields = [one.id for _, one, _ in claims]
    values = [value for *_, value in claims]
    rows = await connection.fetch(sql.TAKE_UNIQUE, fields, values, [work.record_id for work, *_ in claims])
    got = {(row["field_id"], row["value"], row["record_id"]) for row in rows}
    lost = [each for each in claims if (each[1].id, each[2], each[0].record_id) not in got]
    if not lost:
        return
    holders = await connection.fetch(sql.HOLDERS, [one.id for _, one, _ in lost], [value for *_, value in lost])
    held = {(row["field_id"], row["value"]): row["record_id"] for row in holders}
    for work, one, value in lost:
        _refuse(work, one, str(held.get((one.id, value), "")))
    losers = {work.record_id for work, *_ in lost}
    await _give_back(connection, [each for each in claims if each[0].record_id in losers], losers)


def _refuse(work: "Written", one: FieldShape, holder: str) -> None:
    shown = one.kind.shown(work.data[one.key], one.settings)
    work.refuse("record.value.taken", one.key, value=shown[:100], record=holder)


async def _give_back(connection: Connection, claims: Sequence[Claim], losers: set[UUID]) -> None:
    """A refused record keeps what it had before: its new values go, its old ones come back."""
    await connection.execute(
        sql.FREE_UNIQUE, [one.id for _, one, _ in claims], [work.record_id for work, *_ in claims]
    )
    old = [
        (one.id, value_of(work.before[one.key]), work.record_id)
        for work, one, _ in claims
        if work.before is not None and work.what != "restored" and work.before.get(one.key) is not None
    ]
    if old:
        ids, values, records = (list(column) for column in zip(*old, strict=True))
        await connection.fetch(sql.TAKE_UNIQUE, ids, values, records)
