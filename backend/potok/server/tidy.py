"""Gives back the disk of large values whose runs are gone: each API process looks once a minute."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from uuid import UUID

from potok.adapters.store_postgres.blob_days import tidy
from potok.adapters.store_postgres.connection import Pool
from potok.engine.large import day_of
from potok.engine.ports import StoreUnavailable

log = logging.getLogger("potok.server")

EVERY = 60.0
_GRACE = timedelta(days=1)
"""A day is left alone while something of it may still be on its way to the disk."""


async def tidy_blobs(pool: Pool) -> None:
    """Until cancelled."""
    while True:
        await asyncio.sleep(EVERY)
        try:
            moment = datetime.now(UTC) - _GRACE
            dropped = await tidy(pool, day_of(UUID(int=int(moment.timestamp() * 1000) << 80)))
            if dropped:
                log.info("large values of %d days are gone with their runs", len(dropped))
        except StoreUnavailable as error:
            log.debug("large values were not tidied: %s", error)
