"""Brings waiting imports on, a part after another, in every worker; the database says whose turn it is."""

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncSession

from potok.records.service.importing import step

log = logging.getLogger("potok.server")

_LOOK = 1.0
_BREATH = 0.005
"""Between two parts, so that runs do not wait for a whole import."""


async def keep_importing(open_session: Callable[[], AsyncSession]) -> None:
    """Until cancelled."""
    while True:
        try:
            busy = await step(open_session)
        except Exception as error:
            log.warning("a part of an import was not done: %s", error)
            busy = False
        await asyncio.sleep(_BREATH if busy else _LOOK)
