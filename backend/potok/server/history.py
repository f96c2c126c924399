"""Prunes the history and makes its coming weeks: every worker tries once an hour, one of them does it."""

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncSession

from potok.adapters.history import keep
from potok.settings import Settings

log = logging.getLogger(__name__)

FIRST = 30.0
"""Seconds after the start of a worker; the start itself has better things to do."""
EVERY = 3600.0


async def keep_history(
    settings: Settings, open_session: Callable[[], AsyncSession], first: float = FIRST, every: float = EVERY
) -> None:
    """Until cancelled. Nothing depends on its being in time: ids beyond the last week have a place as well."""
    await asyncio.sleep(first)
    while True:
        try:
            report = await keep(settings.database_url, open_session, dedupe_days=settings.dedupe_days)
            if report is not None and (report.dropped or report.runs):
                log.info(
                    "History pruned: %s partitions, %s single runs, %s bytes given back.",
                    len(report.dropped),
                    report.runs,
                    report.bytes_before - report.bytes_after,
                )
        except Exception as error:  # the database may be away; whatever it is, the next try is in an hour
            log.warning("the history was not pruned: %s", error)
        await asyncio.sleep(every)
