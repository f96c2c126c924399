"""What a supervisor or load balancer asks: /healthz (the process lives) and /readyz (it can work)."""

import asyncio
import logging

from sqlalchemy.ext.asyncio import AsyncSession

from potok.engine.outage import why
from potok.runs.service import overflowing
from potok.server.schema_watch import SchemaWatch
from potok.server.wiring import Services
from potok.words import say

log = logging.getLogger("potok.server")

PATIENCE = 3.0


_SAID = {"behind": "not migrated", "too_new": "too new"}


async def readiness(services: Services, schema: SchemaWatch, locale: str) -> tuple[bool, dict[str, str]]:
    """Whether requests may be sent here, and the state of each part.

    A queue that is away does not take the process out of service: everything is accepted and shown all the same,
    and the worker's sweep finds the runs. The database is "ok", "not migrated", "too new", or what
    potok.engine.outage says. What migrations have left to do, or did for newer processes, keeps nobody from work.
    """
    database, queue = await asyncio.gather(_database(services, schema), _queue(services))
    parts = {"database": database, "queue": queue}
    if database in _SAID.values() and (code := schema.refusal()):
        words = say(code, locale)
        parts |= {"message": words.message, "fix": words.fix}
    elif database == "ok" and (state := schema.state) in ("after_pending", "ahead"):
        parts["migrations"] = state
    if database == "ok" and await _overflowing(services):
        parts["history"] = "overflowing"
    return database == "ok", parts


async def _overflowing(services: Services) -> bool:
    """Runs stand beyond the weeks made for them: no worker ran for weeks, or a clock is far ahead. All work."""
    try:
        async with asyncio.timeout(PATIENCE), AsyncSession(services.engine) as db:
            return await overflowing(db)
    except Exception as error:  # an alarm that cannot be read is not one
        log.debug("not known whether the history overflows: %s", error)
        return False


async def _database(services: Services, schema: SchemaWatch) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            if (state := (await schema.look()).state) in _SAID:
                return _SAID[state]
            if await services.pool.fetchval("SELECT current_setting('transaction_read_only') = 'on'"):
                return "read_only"
            return services.ingestor.trouble or "ok"
    except Exception as error:  # whatever it is, the process is not ready
        log.debug("not ready: %s", error)
        return why(error)


async def _queue(services: Services) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            await services.redis.ping()
            return "ok"
    except Exception as error:  # see above
        log.debug("the queue is away: %s", error)
        return "away"
