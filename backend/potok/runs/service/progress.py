"""Progress read from the journal, for watchers whom no message reached."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.runs import repository, repository_items
from potok.runs.live import FINAL, Hub, Progress, StepState
from potok.runs.repository import RunHead
from potok.runs.repository_items import Tally
from potok.runs.service.items import STANDS

NEWEST = 20
"""Runs of a scenario that are looked at, besides those known to be under way."""


async def progress_of(db: AsyncSession, scenario_id: UUID, hub: Hub, since: datetime) -> list[Progress]:
    """Runs of a watched scenario whose state in the database is news to the hub, oldest first.

    Runs that had ended before `since`, when the watching began, are not news.
    """
    rows = await repository.watched_runs(db, scenario_id, hub.open_runs(scenario_id), NEWEST)
    fresh = [head for head, _ in rows if _is_news(head, hub, since)]
    if not fresh:
        return []
    numbers = {head.id: number for head, number in rows}
    ids = [head.id for head in fresh]
    journals = await repository_items.outer(db, ids)
    tallies = await repository_items.tallies(db, ids)
    return [
        Progress(
            run_id=head.id,
            scenario_id=scenario_id,
            status=head.status,
            version=numbers[head.id],
            created_at=head.created_at,
            steps=_states(journals.get(head.id, []), [row for row in tallies if row.run_id == head.id]),
        )
        for head in fresh
    ]


def _is_news(head: RunHead, hub: Hub, since: datetime) -> bool:
    known = hub.known(head.scenario_id, head.id)
    if head.status not in FINAL:
        return known is None or known.status not in FINAL
    if known is not None:
        return known.status != head.status
    return head.finished_at is not None and head.finished_at >= since


def _states(entries: list[repository.Entry], tallies: list[Tally]) -> tuple[StepState, ...]:
    newest = {entry["n"]: entry for entry in entries if "it" not in entry}
    states = {name: StepState(name, entry["s"], entry.get("p")) for name, entry in newest.items()}
    for name in dict.fromkeys(row.node_id for row in tallies):
        over = {row.status: row.items for row in tallies if row.node_id == name and row.over}
        found = {row.status for row in tallies if row.node_id == name and not row.over}
        status = next((one for one in STANDS if one in found), "skipped")
        counts = (over.get("items", 0), over.get("done", 0) + over.get("failed", 0), over.get("failed", 0))
        known = states.get(name) or StepState(name, status, None)
        states[name] = replace(known, counts=counts) if over else known
    return tuple(states.values())
