"""Feeds the hub: from the live channel at once, from the database slowly: losing the channel only delays."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.adapters.live import Channels, live_channel
from potok.engine.values import from_json
from potok.runs.live import Hub, Progress, StepState
from potok.runs.service import progress_of

log = logging.getLogger("potok.server")

POLL = 2.0
"""Seconds between two looks into the database, for scenarios somebody watches."""


class Watch:
    """One per API process. `run` until cancelled."""

    def __init__(self, hub: Hub, channels: Channels, open_session: Callable[[], AsyncSession]) -> None:
        self._hub = hub
        self._channels = channels
        self._open_session = open_session
        self._listening: set[UUID] = set()
        self._since: dict[UUID, datetime] = {}
        self._changed = asyncio.Event()
        hub.on_change = self._changed.set

    async def run(self) -> None:
        """Follow whatever is being watched."""
        while True:
            self._changed.clear()
            await self._follow()
            if self._hub.watched:
                await self._look()
            waiting = asyncio.wait_for(self._changed.wait(), POLL if self._hub.watched else None)
            with contextlib.suppress(TimeoutError):
                await waiting

    async def _follow(self) -> None:
        """Listen to the channels of watched scenarios, and to no others: their messages would cost for nothing."""
        watched = self._hub.watched
        for scenario_id in self._listening - watched:
            await self._channels.forget(live_channel(scenario_id))
            self._since.pop(scenario_id, None)
        for scenario_id in watched - self._listening:
            self._since[scenario_id] = datetime.now(UTC)
            await self._channels.listen(live_channel(scenario_id), self._handler(scenario_id))
        self._listening = set(watched)

    def _handler(self, scenario_id: UUID) -> Callable[[bytes], None]:
        return lambda message: self._hub.deliver(read_progress(scenario_id, message))

    async def _look(self) -> None:
        """Deliver what the channel did not. A database that is away is asked again later."""
        try:
            async with self._open_session() as db:
                for scenario_id, since in list(self._since.items()):
                    for progress in await progress_of(db, scenario_id, self._hub, since):
                        self._hub.deliver(progress)
        except Exception as error:  # whatever it is, the watchers' feed must live on
            log.warning("progress could not be read from the database: %s", error)


def read_progress(scenario_id: UUID, message: bytes) -> Progress:
    """A message of the live channel."""
    found = from_json(message)
    return Progress(
        run_id=UUID(found["run"]),
        scenario_id=scenario_id,
        status=found["status"],
        version=found["version"],
        created_at=datetime.fromisoformat(found["created"]),
        steps=tuple(map(_state, found["steps"])),
    )


def _state(step: Mapping[str, Any]) -> StepState:
    counts = step.get("c")
    return StepState(step["n"], step["s"], step.get("p"), tuple(counts) if counts else None)
