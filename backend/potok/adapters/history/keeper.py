"""One pass over the history: weeks ahead, limits of every workspace, whole partitions first, then single runs."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from potok.adapters.history import drop, rows, weeks
from potok.adapters.history.connection import Busy, Connection, upkeep
from potok.adapters.history.forget import forget
from potok.adapters.history.weeks import KEYS
from potok.migrate import plain_url
from potok.runs.service.retention import SETTLED, Preview, borders, limits_of, preview
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


@dataclass(slots=True)
class Plan:
    """What a pass would do: partitions that go with their bytes, and for each workspace runs that go and stay."""

    partitions: list[tuple[str, int]]
    workspaces: list[tuple[str, Preview]]


async def plan(dsn: str, open_session: Callable[[], AsyncSession], *, now: datetime | None = None) -> Plan:
    """Look, and change nothing."""
    moment = now or datetime.now(UTC)
    connection = await asyncpg.connect(plain_url(dsn))
    try:
        rows = await connection.fetch("SELECT id, name FROM workspace ORDER BY name, id")
        names: dict[UUID, str] = {row[0]: row[1] for row in rows}
        async with open_session() as db:
            lowest = _lowest(await borders(db, list(names), moment), moment)
            found = [
                (name, await preview(db, one, await limits_of(db, one), moment)) for one, name in names.items()
            ]
        going = [part.name for table in KEYS for part in await drop.expired(connection, table, lowest)]
        sizes = [await connection.fetchval("SELECT pg_total_relation_size($1::regclass)", one) for one in going]
        return Plan(list(zip(going, sizes, strict=True)), found)
    finally:
        await connection.close()


def _lowest(found: dict[UUID, UUID], now: datetime) -> UUID:
    """Below it nobody's history is kept."""
    return min([border(now - SETTLED), *found.values()]) if found else FIRST


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
        await forget(connection)
        report.bytes_after = await connection.fetchval(_SIZE)
        return report


async def _prune(
    connection: Connection, open_session: Callable[[], AsyncSession], now: datetime, report: Report
) -> None:
    workspaces = [row[0] for row in await connection.fetch("SELECT id FROM workspace")]
    async with open_session() as db:
        found = await borders(db, workspaces, now)
    report.dropped = await drop.drop_expired(connection, _lowest(found, now))
    for workspace_id, below in found.items():
        report.runs += await rows.remove(connection, workspace_id, below, now - SETTLED)
        if below > FIRST:
            await rows.forget_moments(connection, workspace_id, moment_of(below))
    highest: UUID = max(found.values(), default=FIRST)
    if report.dropped or report.runs:
        await rows.remove_orphans(connection, highest)
        await rows.give_back(connection, highest)
