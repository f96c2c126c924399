"""Large values in the history: those of middle size are put back, of larger ones their beginning and a link.

Where a value is not put back stands `{"$blob": hash, "bytes": n, "head": beginning, "url": path}`; with
`"cut": true` instead of `url` there was no room for it in the scenario's budget, and only the beginning was kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from potok.engine.large import day_of, is_wrapped, pointers, put_back
from potok.engine.squeeze import unsqueezed
from potok.engine.values import from_json
from potok.runs.models import Event, Run
from potok.runs.models_blobs import BlobTally

SHOWN = 256 * 1024
"""Bytes of a value up to which it is put back."""
TOGETHER = 2 * 1024 * 1024
"""Bytes of all values that are put back into one answer."""

Entry = dict[str, Any]
_FIND = text(
    """
    SELECT w.sha, w.owner_day, CASE WHEN w.wanted THEN coalesce(b.data, h.data) END AS data,
           coalesce(b.data, h.data) IS NOT NULL AS kept, b.head
    FROM unnest(
            CAST(:workspaces AS uuid[]), CAST(:days AS uuid[]), CAST(:shas AS bytea[]), CAST(:wanted AS bool[])
        ) AS w(workspace_id, owner_day, sha, wanted)
    LEFT JOIN blob b ON b.day = w.owner_day AND b.workspace_id = w.workspace_id AND b.sha = w.sha
    LEFT JOIN LATERAL (
        SELECT data FROM blob_held WHERE workspace_id = w.workspace_id AND sha = w.sha AND b.data IS NULL LIMIT 1
    ) AS h ON true
    """
)


class Stored(NamedTuple):
    """A value with pointers at these places, of this event or run."""

    owner: UUID
    workspace_id: UUID
    value: Any
    paths: Sequence[list[str | int]]


async def open_values(db: AsyncSession, workspace_id: UUID, values: Mapping[UUID, Any]) -> dict[UUID, Any]:
    """Stored values by the event or run they belong to, as they are shown."""
    found = dict(values)
    wrapped = {owner: value for owner, value in found.items() if is_wrapped(value)}
    stored = [Stored(owner, workspace_id, one["value"], one["$large"]) for owner, one in wrapped.items()]
    found.update(zip(wrapped, await _open(db, stored), strict=True))
    return found


async def open_entries(db: AsyncSession, journals: Mapping[UUID, list[Entry]]) -> None:
    """Journals by run, changed into what is shown."""
    large = {
        run_id: found for run_id, one in journals.items() if (found := [entry for entry in one if "bl" in entry])
    }
    if not large:
        return
    query = select(col(Run.id), col(Run.workspace_id)).where(col(Run.id).in_(large))
    workspaces: dict[UUID, UUID] = dict((await db.execute(query)).all())
    await _open(
        db,
        [
            Stored(run_id, workspaces[run_id], entry, entry.pop("bl"))
            for run_id, entries in large.items()
            for entry in entries
        ],
    )


async def blob(db: AsyncSession, workspace_id: UUID, owner: UUID, sha: bytes) -> bytes | None:
    """The JSON of a large value of this event or run; None when the workspace has no such one (any more)."""
    ours = select(col(Run.id)).where(col(Run.id) == owner, col(Run.workspace_id) == workspace_id)
    theirs = select(col(Event.id)).where(col(Event.id) == owner, col(Event.workspace_id) == workspace_id)
    if (await db.execute(ours.union_all(theirs))).first() is None:
        return None
    found = await _find(db, {(workspace_id, day_of(owner), sha): True})
    data = next((row.data for row in found), None)
    return None if data is None else (await unsqueezed([data]))[0]


async def used(db: AsyncSession, scenario_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Bytes on disk of the large values of scenarios."""
    query = select(col(BlobTally.scenario_id), func.sum(col(BlobTally.bytes))).where(
        col(BlobTally.scenario_id).in_(scenario_ids)
    )
    rows = await db.execute(query.group_by(col(BlobTally.scenario_id)))
    return {scenario_id: int(total) for scenario_id, total in rows}


async def _open(db: AsyncSession, stored: Sequence[Stored]) -> list[Any]:
    sizes: dict[tuple[UUID, UUID, bytes], int] = {}
    for one in stored:
        for pointer in pointers(one.value, one.paths):
            key = one.workspace_id, day_of(one.owner), bytes.fromhex(pointer["$blob"])
            sizes[key] = pointer["bytes"]
    if not sizes:
        return [one.value for one in stored]
    rows = await _find(db, _wanted(sizes))
    kept = {(row.owner_day, row.sha.hex()): row for row in rows}
    full = [row for row in rows if row.data is not None]
    values = await unsqueezed([row.data for row in full])
    whole = {(row.owner_day, row.sha.hex()): from_json(raw) for row, raw in zip(full, values, strict=True)}
    return [_shown(one, kept, whole) for one in stored]


def _shown(one: Stored, kept: Mapping[tuple[UUID, str], Any], whole: Mapping[tuple[UUID, str], Any]) -> Any:
    day = day_of(one.owner)
    parts: dict[str, Any] = {}
    for pointer in pointers(one.value, one.paths):
        sha = pointer["$blob"]
        row = kept[day, sha]
        if (day, sha) in whole:
            parts[sha] = whole[day, sha]
        elif row.kept:
            parts[sha] = pointer | {"url": f"/blobs/{one.owner}/{sha}"}
        else:
            parts[sha] = pointer | {"head": row.head or pointer["head"], "cut": True}
    return put_back(one.value, one.paths, parts)


def _wanted(sizes: Mapping[tuple[UUID, UUID, bytes], int]) -> dict[tuple[UUID, UUID, bytes], bool]:
    """The smaller ones first, as long as there is room."""
    left = TOGETHER
    wanted = {}
    for key, size in sorted(sizes.items(), key=lambda item: item[1]):
        wanted[key] = size <= min(SHOWN, left)
        left -= size if wanted[key] else 0
    return wanted


async def _find(db: AsyncSession, wanted: Mapping[tuple[UUID, UUID, bytes], bool]) -> list[Any]:
    keys: Iterable[tuple[UUID, UUID, bytes]] = wanted
    workspaces, days, shas = zip(*keys, strict=True)
    given = {"workspaces": list(workspaces), "days": list(days), "shas": list(shas)}
    return list((await db.execute(_FIND, given | {"wanted": list(wanted.values())})).all())
