"""Keeps the counts of runs folded: each API process tries once a second, one of them does it."""

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncSession

from potok.runs.service import fold_counts

log = logging.getLogger("potok.server")

EVERY = 1.0


async def keep_counts(open_session: Callable[[], AsyncSession]) -> None:
    """Until cancelled. Counts are right without it as well, only dearer to read."""
    while True:
        try:
            async with open_session() as db:
                await fold_counts(db)
                await db.commit()
        except Exception as error:  # the database may be away; whatever it is, the next try is near
            log.debug("counts of runs were not folded: %s", error)
        await asyncio.sleep(EVERY)
