"""Writes records: one transaction's worth of changes, checked, reckoned, linked, told to the timeline.

Works on an asyncpg connection in somebody's transaction, so screens, imports and steps of runs share one way in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from potok.problems import Problem
from potok.records import change, related, ripple, sql, unique
from potok.records.codec import dumps, loads
from potok.records.connection import Connection
from potok.records.kinds.computed import NumberingSettings, numbered
from potok.records.shape import Shape
from potok.records.web import Web

DEEPEST = 5
"""How far a change goes on through formulas that read formulas of others."""
GROUP = 1_000
"""Records worked out again in one go."""
Actor = Mapping[str, Any]
"""{"user": id}, {"run": id, "scenario": id} or {"import": id}."""


@dataclass(slots=True)
class Change:
    """What somebody wants of one record. Without `record_id` a new one."""

    shape: Shape
    patch: Mapping[str, Any] = field(default_factory=dict)
    record_id: UUID | None = None
    version: int | None = None
    """Refuse when the record has another version: somebody was faster."""
    delete: bool | None = None
    """True: to the trash; False: back from it."""
    locked: frozenset[str] = frozenset()
    """Keys the writer may not fill, so they are not demanded either."""


@dataclass(slots=True)
class Written:
    """What became of a change. With problems nothing of it was written; without `what` nothing had to be."""

    record_id: UUID
    shape: Shape
    draft: change.Draft
    before: Mapping[str, Any] | None = None
    version: int = 0
    title: str = ""
    what: str = ""
    """created, changed, deleted, restored"""
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    change_id: UUID | None = None

    @property
    def data(self) -> Mapping[str, Any]:
        """The record as it is now."""
        return self.draft.data

    @property
    def problems(self) -> list[Problem]:
        """Why it was not written."""
        return self.draft.problems

    def refuse(self, code: str, key: str = "", **params: Any) -> None:
        """One more reason."""
        self.problems.append(Problem(code, {**params, "field": key} if key else params, (key,) if key else ()))


async def write(
    connection: Connection,
    web: Web,
    workspace_id: UUID,
    changes: Sequence[Change],
    actor: Actor,
    now: datetime,
    depth: int = 0,
) -> list[Written]:
    """One answer per change, in order; a record may come once in a call. Formulas that read them follow."""
    works = await _open(connection, workspace_id, changes, now)
    around = await related.load(
        connection, web, workspace_id, [_known(work) for work in works if not work.problems]
    )
    for work in works:
        if not work.problems:
            _check_links(work, around)
    await _number([work for work in works if not work.problems], connection, now)
    for work in works:
        if not work.problems:
            if work.what != "deleted":
                change.reckon(work.shape, str(work.record_id), work.draft, around.value, now)
            work.title = change.title_of(work.shape, work.data)
    for work in works:
        work.changes = change.difference(work.before, work.data)
    await unique.claim(connection, [work for work in works if not work.problems])
    written = [work for work in works if _counts(work)]
    await _store(connection, workspace_id, written, actor, now)
    if depth < DEEPEST:
        others = await ripple.affected(connection, web, written)
        for start in range(0, len(others), GROUP):
            again = [Change(shape, {}, record_id) for shape, record_id in others[start : start + GROUP]]
            await write(connection, web, workspace_id, again, actor, now, depth + 1)
    return works


async def check(
    connection: Connection, web: Web, workspace_id: UUID, changes: Sequence[Change], now: datetime
) -> list[Written]:
    """What `write` would refuse, without writing. Formulas are not worked out: they refuse nothing."""
    works = await _open(connection, workspace_id, changes, now)
    fine = [work for work in works if not work.problems]
    around = await related.load(connection, web, workspace_id, [_known(work) for work in fine])
    for work in fine:
        _check_links(work, around)
        work.changes = change.difference(work.before, work.data)
        _counts(work)
    await unique.look(connection, [work for work in fine if not work.problems])
    return works


def _known(work: Written) -> related.Known:
    return related.Known(str(work.record_id), work.shape, work.data)


def _counts(work: Written) -> bool:
    """Whether there is anything to write. A change that changes nothing leaves no trace."""
    if work.problems:
        return False
    if work.what == "changed" and not work.changes:
        work.what = ""
    return bool(work.what)


async def _open(
    connection: Connection, workspace_id: UUID, changes: Sequence[Change], now: datetime
) -> list[Written]:
    """Lock what is to be changed and lay the patches over it."""
    wanted = [one for one in changes if one.record_id is not None]
    known: dict[UUID, Any] = {}
    if wanted:
        types = list({one.shape.id for one in wanted})
        rows = await connection.fetch(sql.LOCK, workspace_id, types, [one.record_id for one in wanted])
        known = {row["id"]: row for row in rows}
    return [_lay(one, known, now) for one in changes]


def _lay(one: Change, known: Mapping[UUID, Any], now: datetime) -> Written:
    if one.record_id is None:
        return Written(
            uuid7(),
            one.shape,
            change.draft(one.shape, None, one.patch, now, one.locked),
            what="created",
            version=1,
        )
    row = known.get(one.record_id)
    if row is None or row["type_id"] != one.shape.id or (row["deleted"] and one.delete is not False):
        gone = Written(one.record_id, one.shape, change.Draft({}))
        gone.refuse("record.not_found")
        return gone
    before = loads(row["data"])
    made = change.draft(one.shape, before, one.patch, now, one.locked)
    what = {None: "changed", True: "deleted", False: "restored" if row["deleted"] else "changed"}[one.delete]
    work = Written(one.record_id, one.shape, made, before, row["version"] + 1, what=what)
    if one.version is not None and one.version != row["version"]:
        work.refuse("record.changed_meanwhile")
    return work


def _check_links(work: Written, around: related.Related) -> None:
    """What was not there before must exist; what has been deleted since is left as it is."""
    before = work.before or {}
    for key, one in work.shape.fields.items():
        stored = work.data.get(key)
        if stored is None or stored == before.get(key):
            continue
        ids = stored if isinstance(stored, list) else [stored]
        if one.target and (missing := [each for each in ids if not around.has(one.target, each)]):
            work.refuse("record.value.no_such_record", key, value=missing[0])
        if one.kind.id == "person" and stored not in around.people:
            work.refuse("record.value.no_such_person", key, value=stored)


async def _number(works: Sequence[Written], connection: Connection, now: datetime) -> None:
    """Running numbers of new records: one row per field is locked, so numbers have no holes but refused ones."""
    new: dict[UUID, list[tuple[Written, str, NumberingSettings]]] = {}
    for work in works:
        if work.what == "created":
            for key, one in work.shape.fields.items():
                if isinstance(one.settings, NumberingSettings):
                    new.setdefault(one.id, []).append((work, key, one.settings))
    for field_id in sorted(new):
        takers = new[field_id]
        rows = await connection.fetch(sql.NUMBERS, field_id, takers[0][2].first, len(takers))
        for number, (work, key, settings) in enumerate(takers, rows[0]["first"]):
            work.draft.data[key] = numbered(settings, number, now.date())


async def _store(
    connection: Connection, workspace_id: UUID, works: Sequence[Written], actor: Actor, now: datetime
) -> None:
    if not works:
        return
    by = dumps(actor)
    created = [work for work in works if work.what == "created"]
    changed = [work for work in works if work.what != "created"]
    if created:
        await connection.execute(sql.INSERT, workspace_id, *_columns(created), now, by, _words(created))
    if changed:
        whats = [work.what for work in changed]
        await connection.execute(sql.UPDATE, workspace_id, *_columns(changed), now, _words(changed), whats)
    await _link(connection, workspace_id, works)
    for work in works:
        work.change_id = uuid7()
    await connection.execute(
        sql.CHANGED,
        workspace_id,
        [work.change_id for work in works],
        [work.shape.id for work in works],
        [work.record_id for work in works],
        [work.what for work in works],
        [dumps(work.changes) for work in works],
        by,
        now,
    )


def _columns(works: Sequence[Written]) -> tuple[list[Any], ...]:
    return (
        [work.record_id for work in works],
        [work.shape.id for work in works],
        [work.title for work in works],
        [dumps(work.data) for work in works],
        [dumps(work.draft.errors) if work.draft.errors else None for work in works],
    )


def _words(works: Sequence[Written]) -> list[str]:
    return [change.search_text(work.shape, work.data) for work in works]


async def _link(connection: Connection, workspace_id: UUID, works: Sequence[Written]) -> None:
    """Relations that changed, as rows."""
    moved = [(work, one) for work in works for one in work.shape.relations if one.key in work.changes]
    old = [(work, one) for work, one in moved if work.what != "created"]
    if old:
        await connection.execute(sql.UNLINK, [work.record_id for work, _ in old], [one.id for _, one in old])
    rows = []
    for work, one in moved:
        stored = work.data.get(one.key)
        ids = stored if isinstance(stored, list) else [stored] if stored is not None else []
        rows += [(work, one, UUID(each), place) for place, each in enumerate(ids)]
    if rows:
        await connection.execute(
            sql.LINK,
            workspace_id,
            [work.record_id for work, *_ in rows],
            [one.id for _, one, *_ in rows],
            [to for _, _, to, _ in rows],
            [work.shape.id for work, *_ in rows],
            [one.target for _, one, *_ in rows],
            [place for *_, place in rows],
        )
