"""One pass over the history: weeks ahead, limits of every workspace, whole partitions first, then single runs."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.adapters.history import drop, rows, weeks
from potok.adapters.history.connection import Busy, Connection, upkeep
from potok.runs.service.retention import SETTLED, borders
from potok.runs.weeks import FIRST, border, moment_of

log = logging.getLogger(__name__)
_SIZE = """
SELECT sum(pg_total_relation_size(part.relid))::bigint
FROM unnest(ARRAY['event', 'run', 'journal_segment', 'effect']) AS name, pg_partition_tree(name::regclass) AS part
"""


@dataclass(slots=True)
class Report:
    """What a pass did. `busy`: some partitions stay until the next pass, as their tables were never free."""

    made: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    runs: int = 0
    """Runs removed one by one; those of dropped partitions are not among them."""
    bytes_before: int = 0
    bytes_after: int = 0
    busy: bool = False


async def look_ahead(dsn: str, now: datetime | None = None) -> list[str]:
    """Only make the coming weeks; what was made. Another process at it: nothing to do."""
    async with upkeep(dsn) as connection:
        return [] if connection is None else await weeks.make_ahead(connection, now or datetime.now(UTC))


async def keep(
    dsn: str, open_session: Callable[[], AsyncSession], *, dedupe_days: int, now: datetime | None = None
) -> Report | None:
    """Do everything that is due; None when another process is just doing it."""
    moment = now or datetime.now(UTC)
    async with upkeep(dsn) as connection:
        if connection is None:
            return None
        report = Report(bytes_before=await connection.fetchval(_SIZE))
        try:
            report.made = await weeks.make_ahead(connection, moment)
            await _prune(connection, open_session, moment, report)
        except Busy as busy:
            log.warning("the history is not pruned to its end: %s", busy)
            report.busy = True
        await rows.forget_keys(connection, moment - timedelta(days=dedupe_days))
        report.bytes_after = await connection.fetchval(_SIZE)
        return report


async def _prune(
    connection: Connection, open_session: Callable[[], AsyncSession], now: datetime, report: Report
) -> None:
    workspaces = [row[0] for row in await connection.fetch("SELECT id FROM workspace")]
    async with open_session() as db:
        found = await borders(db, workspaces, now)
    lowest = min([border(now - SETTLED), *found.values()]) if found else FIRST
    report.dropped = await drop.drop_expired(connection, lowest)
    for workspace_id, below in found.items():
        report.runs += await rows.remove(connection, workspace_id, below, now - SETTLED)
        if below > FIRST:
            await rows.forget_moments(connection, workspace_id, moment_of(below))
    highest: UUID = max(found.values(), default=FIRST)
    if report.dropped or report.runs:
        await rows.remove_orphans(connection, highest)
        await rows.give_back(connection, highest)
