"""What every store does with large values: takes them out before it writes, reads them back for a run."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from potok.engine.large import (
    INLINE,
    day_of,
    fill_run,
    is_large,
    is_wrapped,
    keys_of,
    pack_checkpoint,
    pack_event,
    pointers,
    put_back,
)
from potok.engine.ports import Checkpoint, ClaimedRun, Committed, NewEvent, StoreUnavailable
from potok.engine.ports_blobs import Blobs, Large, LargeKey
from potok.engine.values import from_json

log = logging.getLogger(__name__)

_AT_ONCE = 128 * 1024
"""Bytes up to which a thread costs more than it saves."""
_T = TypeVar("_T", NewEvent, Checkpoint)


class Larges:
    """`limit`: bytes of JSON up to which a value stays where it is."""

    def __init__(self, blobs: Blobs, limit: int = INLINE) -> None:
        self._blobs = blobs
        self._limit = limit
        self._holding: set[UUID] = set()
        """Runs for which something may be held because of what we wrote."""

    async def events(self, events: Sequence[NewEvent]) -> Sequence[NewEvent]:
        """The events as they are stored. Raises StoreUnavailable, PayloadRefused."""
        limit = self._limit
        places = [
            place
            for place, event in enumerate(events)
            if len(event.payload) > limit or event.payload.startswith(b'{"$large"')
        ]
        if not places:
            return events
        size = sum(len(events[place].payload) for place in places)
        return await self._pack(events, places, size, pack_event)

    async def checkpoints(self, made: Sequence[Checkpoint]) -> Sequence[Checkpoint]:
        """The checkpoints as they are stored. Raises StoreUnavailable, PayloadRefused."""
        places = [place for place, one in enumerate(made) if is_large(one, self._limit)]
        if not places:
            return made
        self._holding.update(made[place].run_id for place in places if not made[place].finished)
        size = sum(len(made[place].entries or b"") for place in places)
        return await self._pack(made, places, size, pack_checkpoint)

    async def _pack(
        self,
        given: Sequence[_T],
        places: Sequence[int],
        size: int,
        pack: Callable[[_T, int], tuple[_T, list[Large]]],
    ) -> Sequence[_T]:
        def work() -> tuple[list[_T], list[Large]]:
            packed, larges = list(given), []
            for place in places:
                try:
                    packed[place], found = pack(given[place], self._limit)
                except ValueError:
                    continue  # malformed: the database says so
                larges += found
            return packed, larges

        packed, larges = await asyncio.to_thread(work) if size > _AT_ONCE else work()
        if larges:
            await self._blobs.put(larges)
        return packed

    async def ended(self, made: Sequence[Checkpoint], results: Sequence[Committed]) -> None:
        """Let go of what was held for runs that have just ended. Never raises: tidying up finds what is left."""
        over = [
            one.run_id
            for one, result in zip(made, results, strict=True)
            if one.finished and (one.had_large or one.run_id in self._holding) and result.written
        ]
        if over:
            self._holding.difference_update(over)
            try:
                await self._blobs.forget(over)
            except StoreUnavailable as error:
                log.info("large values of %d ended runs are let go of later: %s", len(over), error)
        self._holding.difference_update(one.run_id for one in made if not one.keep)

    async def load(self, run: ClaimedRun) -> bool:
        """Put back what the run needs; False when something is gone. Raises StoreUnavailable."""
        needs = run.needs
        if needs is None:
            return True
        keys = keys_of(run, needs)
        kept = await self._blobs.get(keys) if keys else {}
        if needs.weight > _AT_ONCE:
            return await asyncio.to_thread(fill_run, run, needs, kept)
        return fill_run(run, needs, kept)

    async def value(self, stored: Any, owner: UUID, workspace_id: UUID) -> Any:
        """A stored value as it was; parts that are gone stay pointers. Raises StoreUnavailable."""
        if not is_wrapped(stored):
            return stored
        value, paths = stored["value"], stored["$large"]
        shas = {bytes.fromhex(one["$blob"]) for one in pointers(value, paths)}
        kept = await self._blobs.get([LargeKey(day_of(owner), workspace_id, sha) for sha in shas]) if shas else {}
        return put_back(value, paths, {sha.hex(): from_json(raw) for sha, raw in kept.items()})
