"""Tells scenarios of changes of records: event, runs and the mark are one transaction, so each is told once."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from potok.adapters.larges import Larges
from potok.adapters.store_postgres.connection import (
    ATTEMPTS,
    Collided,
    Connection,
    Pool,
    pause_after_collision,
    transaction,
)
from potok.adapters.store_postgres.ingest import insert
from potok.engine.ports import NewEvent, PayloadRefused, StoreUnavailable
from potok.records.announcing import OpenChange, mark, take
from potok.records.connection import Connection as RecordsConnection

log = logging.getLogger(__name__)

Decide = Callable[[RecordsConnection, list[OpenChange]], Awaitable[Sequence[NewEvent]]]
"""What the changes start. The connection is for looking at the records."""


async def announce(pool: Pool, larges: Larges, limit: int, decide: Decide) -> tuple[int, list[UUID]]:
    """Tell of up to so many changes: how many there were, and the runs they started."""
    mute = False
    for attempt in range(ATTEMPTS):
        try:
            async with transaction(pool) as connection:
                return await _announce(connection, larges, limit, decide, mute=mute)
        except Collided:
            await pause_after_collision(attempt)
        except PayloadRefused as refusal:  # find the guilty one, and let it not stand in the way of the others
            log.warning("a change of a record cannot become an event: %s", refusal)
            mute, limit = limit == 1, 1
    raise StoreUnavailable("changes of records cannot be told")


async def _announce(
    connection: Connection, larges: Larges, limit: int, decide: Decide, *, mute: bool
) -> tuple[int, list[UUID]]:
    changes = await take(connection, limit)
    if not changes:
        return 0, []
    ready: list[UUID] = []
    events = [] if mute else await decide(connection, changes)
    if events:
        for accepted in await insert(connection, await larges.events(events)):
            ready.extend([] if accepted.duplicate else accepted.run_ids)
    await mark(connection, changes)
    return len(changes), ready
