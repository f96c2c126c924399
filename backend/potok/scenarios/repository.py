"""Every query of the scenarios room. Deleted scenarios are invisible here, except to history (`*_by_id`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from potok.scenarios.models import Hook, Scenario, ScenarioVersion


class Place(NamedTuple):
    """Where a page of scenarios ended."""

    updated_at: datetime
    id: UUID


class Choice(NamedTuple):
    """A scenario as a list to choose from needs it."""

    id: UUID
    title: str
    version_id: UUID | None


class VersionHead(NamedTuple):
    """A version without its graph, which may be large and is seldom wanted."""

    id: UUID
    scenario_id: UUID
    number: int
    note: str
    published_by: UUID | None
    published_at: datetime


_HEAD = (
    col(ScenarioVersion.id),
    col(ScenarioVersion.scenario_id),
    col(ScenarioVersion.number),
    col(ScenarioVersion.note),
    col(ScenarioVersion.published_by),
    col(ScenarioVersion.published_at),
)


def _visible(workspace_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (col(Scenario.workspace_id) == workspace_id, col(Scenario.deleted_at).is_(None))


async def add(db: AsyncSession, *rows: SQLModel) -> None:
    """Write new or changed rows."""
    db.add_all(rows)
    await db.flush()


async def scenario(
    db: AsyncSession, workspace_id: UUID, scenario_id: UUID, *, lock: bool = False
) -> Scenario | None:
    """One scenario of the workspace; `lock` holds it till the end of the transaction."""
    query = select(Scenario).where(*_visible(workspace_id), col(Scenario.id) == scenario_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await db.execute(query)).scalar_one_or_none()


async def page(
    db: AsyncSession, workspace_id: UUID, search: str, after: Place | None, limit: int
) -> list[Scenario]:
    """Scenarios whose title contains `search`, the last changed first."""
    query = select(Scenario).where(*_visible(workspace_id))
    if search:
        query = query.where(col(Scenario.title).icontains(search, autoescape=True))
    if after:
        query = query.where(tuple_(col(Scenario.updated_at), col(Scenario.id)) < tuple_(*after))
    query = query.order_by(col(Scenario.updated_at).desc(), col(Scenario.id).desc()).limit(limit)
    return list((await db.execute(query)).scalars())


async def choices(
    db: AsyncSession, workspace_id: UUID, search: str, limit: int, offset: int, only: UUID | None
) -> list[Choice]:
    """Scenarios by title, without their drafts; or one of them."""
    query = select(col(Scenario.id), col(Scenario.title), col(Scenario.published_version_id))
    query = query.where(*_visible(workspace_id))
    if only is not None:
        query = query.where(col(Scenario.id) == only)
    if search:
        query = query.where(col(Scenario.title).icontains(search, autoescape=True))
    query = query.order_by(func.lower(col(Scenario.title)), col(Scenario.id)).limit(limit).offset(offset)
    return [Choice(*row) for row in await db.execute(query)]


async def titles(db: AsyncSession, workspace_id: UUID, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Titles by id, of deleted scenarios too."""
    query = select(col(Scenario.id), col(Scenario.title)).where(
        col(Scenario.workspace_id) == workspace_id, col(Scenario.id).in_(ids)
    )
    return dict((await db.execute(query)).all())


async def enabled(db: AsyncSession, workspace_id: UUID, ids: Sequence[UUID]) -> dict[UUID, bool]:
    """Whether each is switched on; deleted ones are missing."""
    query = select(col(Scenario.id), col(Scenario.enabled)).where(
        *_visible(workspace_id), col(Scenario.id).in_(ids)
    )
    return dict((await db.execute(query)).all())


async def published_ids(db: AsyncSession, workspace_id: UUID, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The published version of each scenario that has one."""
    query = select(col(Scenario.id), col(Scenario.published_version_id)).where(
        col(Scenario.workspace_id) == workspace_id, col(Scenario.id).in_(ids)
    )
    return {scenario_id: found for scenario_id, found in (await db.execute(query)) if found}


async def all_ids(db: AsyncSession, workspace_id: UUID) -> list[UUID]:
    """Ids of all scenarios of the workspace, deleted ones too: what its runs may belong to."""
    query = select(col(Scenario.id)).where(col(Scenario.workspace_id) == workspace_id)
    return list((await db.execute(query)).scalars())


async def workspaces_of(db: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Which workspace each scenario belongs to."""
    query = select(col(Scenario.id), col(Scenario.workspace_id)).where(col(Scenario.id).in_(ids))
    return dict((await db.execute(query)).all())


async def ids_by_workspace(db: AsyncSession, workspace_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Scenarios that are not deleted, by workspace."""
    query = select(col(Scenario.workspace_id), col(Scenario.id)).where(
        col(Scenario.workspace_id).in_(workspace_ids), col(Scenario.deleted_at).is_(None)
    )
    found: dict[UUID, list[UUID]] = {}
    for workspace_id, scenario_id in await db.execute(query):
        found.setdefault(workspace_id, []).append(scenario_id)
    return found


# --- versions


async def next_number(db: AsyncSession, scenario_id: UUID) -> int:
    """The number of the next version; the caller holds the scenario's lock."""
    query = select(func.coalesce(func.max(col(ScenarioVersion.number)), 0) + 1).where(
        col(ScenarioVersion.scenario_id) == scenario_id
    )
    return (await db.execute(query)).scalar_one()


async def version_by_number(
    db: AsyncSession, workspace_id: UUID, scenario_id: UUID, number: int
) -> ScenarioVersion | None:
    """One version with its graph."""
    query = select(ScenarioVersion).where(
        col(ScenarioVersion.workspace_id) == workspace_id,
        col(ScenarioVersion.scenario_id) == scenario_id,
        col(ScenarioVersion.number) == number,
    )
    return (await db.execute(query)).scalar_one_or_none()


async def version(db: AsyncSession, workspace_id: UUID, version_id: UUID) -> ScenarioVersion | None:
    """One version with its graph."""
    query = select(ScenarioVersion).where(
        col(ScenarioVersion.workspace_id) == workspace_id, col(ScenarioVersion.id) == version_id
    )
    return (await db.execute(query)).scalar_one_or_none()


async def heads_of(
    db: AsyncSession, workspace_id: UUID, scenario_ids: Sequence[UUID]
) -> dict[UUID, list[VersionHead]]:
    """All versions by scenario, newest first."""
    query = select(*_HEAD).where(
        col(ScenarioVersion.workspace_id) == workspace_id, col(ScenarioVersion.scenario_id).in_(scenario_ids)
    )
    found: dict[UUID, list[VersionHead]] = {}
    for row in await db.execute(query.order_by(col(ScenarioVersion.number).desc())):
        head = VersionHead(*row)
        found.setdefault(head.scenario_id, []).append(head)
    return found


async def head_by_number(
    db: AsyncSession, workspace_id: UUID, scenario_id: UUID, number: int
) -> VersionHead | None:
    """One version without its graph. They count from 1; a number beyond the column's range is no version."""
    if not 0 < number < 2**31:
        return None
    query = select(*_HEAD).where(
        col(ScenarioVersion.workspace_id) == workspace_id,
        col(ScenarioVersion.scenario_id) == scenario_id,
        col(ScenarioVersion.number) == number,
    )
    row = (await db.execute(query)).one_or_none()
    return None if row is None else VersionHead(*row)


async def heads_by_id(db: AsyncSession, workspace_id: UUID, ids: Sequence[UUID]) -> dict[UUID, VersionHead]:
    """Versions by id, without their graphs."""
    query = select(*_HEAD).where(
        col(ScenarioVersion.workspace_id) == workspace_id, col(ScenarioVersion.id).in_(ids)
    )
    return {row[0]: VersionHead(*row) for row in await db.execute(query)}


async def graphs_by_id(db: AsyncSession, workspace_id: UUID, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The graphs of versions by version id."""
    query = select(col(ScenarioVersion.id), col(ScenarioVersion.graph)).where(
        col(ScenarioVersion.workspace_id) == workspace_id, col(ScenarioVersion.id).in_(ids)
    )
    return dict((await db.execute(query)).all())


async def published_with(db: AsyncSession, workspace_id: UUID, text: str) -> list[tuple[Scenario, dict[str, Any]]]:
    """Scenarios with the published graphs that hold this text anywhere, by title."""
    query = (
        select(Scenario, col(ScenarioVersion.graph))
        .join(ScenarioVersion, col(ScenarioVersion.id) == col(Scenario.published_version_id))
        .where(*_visible(workspace_id), cast(col(ScenarioVersion.graph), Text).contains(text, autoescape=True))
        .order_by(func.lower(col(Scenario.title)), col(Scenario.id))
    )
    return [(row[0], row[1]) for row in await db.execute(query)]


# --- hooks


async def ensure_hooks(db: AsyncSession, hooks: Sequence[Hook]) -> None:
    """Write the hooks that are missing; an existing one of the same scenario and node keeps its token."""
    if hooks:
        rows = [hook.model_dump() for hook in hooks]
        await db.execute(insert(Hook).values(rows).on_conflict_do_nothing())


async def hooks_of(db: AsyncSession, workspace_id: UUID, scenario_ids: Sequence[UUID]) -> dict[UUID, list[Hook]]:
    """Hooks by scenario, in the order they were made."""
    query = select(Hook).where(col(Hook.workspace_id) == workspace_id, col(Hook.scenario_id).in_(scenario_ids))
    found: dict[UUID, list[Hook]] = {}
    for hook in (await db.execute(query.order_by(col(Hook.created_at), col(Hook.node_id)))).scalars():
        found.setdefault(hook.scenario_id, []).append(hook)
    return found


async def delete_hooks(db: AsyncSession, scenario_id: UUID) -> None:
    """Nothing answers at these addresses any more."""
    await db.execute(delete(Hook).where(col(Hook.scenario_id) == scenario_id))
