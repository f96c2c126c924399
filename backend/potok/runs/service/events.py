"""What happened: pages of events by what they started or why they did not."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.people.service import Caller
from potok.runs import repository_events
from potok.runs.repository import EventHead
from potok.runs.repository_events import Span

WINDOW = 2_000
"""Events looked through for one page when kind or words are asked for; the next page goes on behind them."""


class EventQuestion(NamedTuple):
    """Which events: of one scenario, of one kind, by outcome, with words in their data, from and to a moment."""

    scenario_id: UUID | None = None
    kind: str | None = None
    outcome: str | None = None
    words: str = ""
    since: datetime | None = None
    until: datetime | None = None


class EventPage(NamedTuple):
    """Rows, and the id to go on below; None at the end. A page may be short, even empty, and have a next one."""

    rows: Sequence[EventHead]
    end: UUID | None
    has_next: bool


async def list_events(
    db: AsyncSession, caller: Caller, asked: EventQuestion, *, first: int, before: UUID | None
) -> EventPage:
    """A page of the workspace's events, newest first."""
    low = repository_events.id_at(asked.since) if asked.since else repository_events.FIRST
    high = repository_events.id_at(asked.until) if asked.until else repository_events.LAST
    span = Span(low, min(high, before) if before else high)
    sifts = bool(asked.kind or asked.words)
    limit = WINDOW if sifts else first + 1
    workspace = caller.workspace_id
    ids = await repository_events.candidates(db, workspace, asked.scenario_id, asked.outcome, span, limit)
    rows = await repository_events.heads(db, workspace, ids, asked.kind, asked.words, first + 1)
    if len(rows) > first:
        return EventPage(rows[:first], rows[first - 1].id, has_next=True)
    if len(ids) == limit:  # the window is used up: go on below it
        return EventPage(rows, ids[-1], has_next=True)
    return EventPage(rows, rows[-1].id if rows else None, has_next=False)


async def find_event(db: AsyncSession, caller: Caller, event_id: UUID) -> EventHead | None:
    """One event; None when the caller's workspace has no such event."""
    return await repository_events.event(db, caller.workspace_id, event_id)
