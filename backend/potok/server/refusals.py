"""Keeps requests to scenarios that are switched off: the first of each minute whole, the others counted.

Whoever knows a hook's address could else fill the disk of a house that does not even listen.
"""

import asyncio
import logging
from dataclasses import dataclass
from uuid import UUID

from uuid_utils.compat import uuid7

from potok.engine.ports import NewEvent
from potok.engine.values import to_json
from potok.scenarios.considered import stopped
from potok.scenarios.dispatch import Target
from potok.server.ingest import Ingestor

log = logging.getLogger(__name__)

KEPT = 20
"""Requests kept whole per hook, reason and window, in each API process."""
WINDOW = 60.0
LARGEST = 64 * 1024
"""Bytes of a sample; a larger one is named by its size."""

Key = tuple[UUID, str, str]


@dataclass(slots=True)
class _Window:
    kept: int = 0
    counted: int = 0
    last: bytes = b""


class Refusals:
    """`keep` what was refused. What was only counted is written as one event when its window closes."""

    def __init__(self, ingestor: Ingestor, *, kept: int = KEPT, window: float = WINDOW) -> None:
        self._ingestor = ingestor
        self._kept = kept
        self._seconds = window
        self._windows: dict[Key, _Window] = {}
        self._closing: set[asyncio.Task[None]] = set()

    async def keep(self, token: str, target: Target, payload: bytes, reason: str) -> None:
        """Note a request that started nothing; without a dedupe key, as a repeat may start."""
        key = (target.scenario_id, target.node_id, reason)
        window = self._windows.get(key)
        if window is None:
            window = self._windows[key] = _Window()
            asyncio.get_running_loop().call_later(self._seconds, self._close, token, target, key)
        if window.kept < self._kept:
            window.kept += 1
            await self._ingestor.submit(_event(token, target, payload, reason))
            return
        window.counted += 1
        window.last = payload if len(payload) <= LARGEST else to_json({"left_out_bytes": len(payload)})

    def _close(self, token: str, target: Target, key: Key) -> None:
        window = self._windows.pop(key)
        if window.counted:
            event = _event(token, target, window.last, key[2], times=window.counted)
            task = asyncio.ensure_future(self._write(event))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def _write(self, event: NewEvent) -> None:
        try:
            await self._ingestor.submit(event)
        except Exception as error:  # nobody waits for it: a count that is lost is said in the log
            log.warning("requests that started nothing could not be noted: %s", error)


def _event(token: str, target: Target, payload: bytes, reason: str, **more: int) -> NewEvent:
    considered = [stopped(target.scenario_id, target.node_id, reason, **more)]
    return NewEvent(
        uuid7(),
        target.workspace_id,
        "webhook",
        token,
        None,
        payload,
        to_json(considered),
        (),
        (target.scenario_id,),
    )
