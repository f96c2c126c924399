"""Pages of events: what happened, what it started, and what it did not."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from potok.runs.models import Event, Run
from potok.runs.models_considered import EventRepeat
from potok.runs.repository import EventHead, RunHead

FIRST = UUID(int=0)
LAST = UUID(int=(1 << 128) - 1)
_SKEW_MS = 1_000
"""A run's id may be older or younger than its event's by less than this."""
_SLACK = 150
"""Runs read beyond those wanted, as runs of one moment may lie in another order than their events."""


class Span(NamedTuple):
    """Ids from `low` (included) to `high` (not included)."""

    low: UUID = FIRST
    high: UUID = LAST


def id_at(moment: datetime) -> UUID:
    """The lowest UUIDv7 of this moment: its first 48 bits are milliseconds."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=min(max(milliseconds, 0), (1 << 48) - 1) << 80)


def _moved(place: UUID, milliseconds: int) -> UUID:
    return UUID(int=min(max(place.int + (milliseconds << 80), 0), LAST.int))


async def candidates(
    db: AsyncSession, workspace_id: UUID, scenario_id: UUID | None, outcome: str | None, span: Span, limit: int
) -> list[UUID]:
    """The newest events of the span by outcome (started, stopped, duplicate, None for all), newest first.

    Each way walks an index backwards from the end of the span and stops at the limit, however large the history.
    """
    parts = []
    if outcome == "duplicate":
        parts.append(_REPEATED_OF if scenario_id else _REPEATED)
    elif outcome is None and scenario_id is None:
        parts.append(_ALL)
    else:
        if outcome != "stopped":
            parts.append(_STARTED.format(whose="scenario_id = :scenario AND" if scenario_id else ""))
        if outcome != "started":
            parts.append(_STOPPED.format(whose="scenario_id = :scenario AND" if scenario_id else ""))
    union = " UNION ALL ".join(f"({part})" for part in parts)
    found = await db.execute(
        text(f"SELECT DISTINCT id FROM ({union}) AS one ORDER BY id DESC LIMIT :limit"),  # noqa: S608 (our own parts)
        {
            "workspace": workspace_id,
            "scenario": scenario_id,
            "low": span.low,
            "high": span.high,
            "run_low": _moved(span.low, -_SKEW_MS),
            "run_high": _moved(span.high, _SKEW_MS),
            "limit": limit,
            "runs": limit + _SLACK,
        },
    )
    return list(found.scalars())


_ALL = """SELECT id FROM event WHERE workspace_id = :workspace
  AND id >= CAST(:low AS uuid) AND id < CAST(:high AS uuid) ORDER BY id DESC LIMIT :limit"""
_STARTED = """SELECT event_id AS id FROM run WHERE {whose} workspace_id = :workspace
  AND id >= CAST(:run_low AS uuid) AND id < CAST(:run_high AS uuid)
  AND event_id >= CAST(:low AS uuid) AND event_id < CAST(:high AS uuid) ORDER BY run.id DESC LIMIT :runs"""
_STOPPED = """SELECT DISTINCT event_id AS id FROM event_stopped WHERE {whose} workspace_id = :workspace
  AND event_id >= CAST(:low AS uuid) AND event_id < CAST(:high AS uuid) ORDER BY event_id DESC LIMIT :limit"""
_REPEATED = """SELECT event_id AS id FROM event_repeat WHERE workspace_id = :workspace
  AND event_id >= CAST(:low AS uuid) AND event_id < CAST(:high AS uuid) ORDER BY event_id DESC LIMIT :limit"""
_REPEATED_OF = """SELECT event_id AS id FROM event_repeat AS again WHERE workspace_id = :workspace
  AND event_id >= CAST(:low AS uuid) AND event_id < CAST(:high AS uuid)
  AND (EXISTS (SELECT FROM run WHERE run.event_id = again.event_id AND run.scenario_id = :scenario)
    OR EXISTS (SELECT FROM event_stopped AS stopped
               WHERE stopped.scenario_id = :scenario AND stopped.event_id = again.event_id))
  ORDER BY event_id DESC LIMIT :limit"""


async def heads(
    db: AsyncSession, workspace_id: UUID, ids: Sequence[UUID], kind: str | None, words: str, limit: int
) -> list[EventHead]:
    """Those of the events that are of the kind and hold the words in their payload, newest first."""
    query = select(col(Event.id), col(Event.kind), col(Event.source), col(Event.created_at)).where(
        col(Event.workspace_id) == workspace_id, col(Event.id).in_(ids)
    )
    if kind:
        query = query.where(col(Event.kind) == kind)
    if words:
        query = query.where(text("payload::text ILIKE ANY (:patterns)").bindparams(patterns=patterns(words)))
    rows = await db.execute(query.order_by(col(Event.id).desc()).limit(limit))
    return [EventHead(*row) for row in rows]


def patterns(words: str) -> list[str]:
    """How the words may stand in stored JSON: as they are, or with letters written as \\u0430."""
    forms = {words, words.lower(), words.upper(), words.capitalize()}
    written = [json.dumps(words, ensure_ascii=False)[1:-1], *(json.dumps(form)[1:-1] for form in sorted(forms))]
    return [f"%{_literally(form)}%" for form in dict.fromkeys(written)]


def _literally(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def event(db: AsyncSession, workspace_id: UUID, event_id: UUID) -> EventHead | None:
    """One event of the workspace."""
    found = await heads(db, workspace_id, [event_id], None, "", 1)
    return found[0] if found else None


async def considered(db: AsyncSession, workspace_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Any]:
    """What each event keeps of the scenarios it was meant for."""
    query = select(col(Event.id), col(Event.considered)).where(
        col(Event.workspace_id) == workspace_id, col(Event.id).in_(ids)
    )
    return dict((await db.execute(query)).all())


async def repeats(db: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, EventRepeat]:
    """How often events came again. Give it only ids of events the caller may see."""
    found = await db.execute(select(EventRepeat).where(col(EventRepeat.event_id).in_(ids)))
    return {one.event_id: one for one in found.scalars()}


async def runs(db: AsyncSession, workspace_id: UUID, ids: Sequence[UUID]) -> dict[UUID, list[RunHead]]:
    """The runs each event started, oldest first."""
    columns = [col(getattr(Run, name)) for name in RunHead._fields]
    query = select(*columns).where(col(Run.workspace_id) == workspace_id, col(Run.event_id).in_(ids))
    found: dict[UUID, list[RunHead]] = {}
    for row in await db.execute(query.order_by(col(Run.id))):
        head = RunHead(*row)
        found.setdefault(head.event_id, []).append(head)
    return found
