"""Group commit: while one group of events is being written, the next one gathers; answers come after it."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from time import monotonic
from uuid import UUID

from potok.engine.outage import why
from potok.engine.ports import Accepted, NewEvent, PayloadRefused, Queue, Store

log = logging.getLogger(__name__)

GROUP = 250
"""Events in one commit at most."""
GROUP_BYTES = 16 * 1024 * 1024
WAITING_BYTES = 64 * 1024 * 1024
"""Bytes of accepted bodies that may wait for their commit."""
TROUBLED = 5.0
"""Seconds that a failed commit keeps the process out of service."""
JOB = 250
"""Run ids in one queue job at most."""


class Overloaded(Exception):
    """More is coming in than the disk takes; the caller should come again in `retry_after` seconds."""

    def __init__(self, retry_after: int = 1) -> None:
        super().__init__("the ingest queue is full")
        self.retry_after = retry_after


class Ingestor:
    """`submit` an event; `write` and `offer` are its two background loops."""

    def __init__(self, store: Store, queue: Queue, limit: int) -> None:
        self._store = store
        self._queue = queue
        self._limit = limit
        self._waiting: deque[tuple[NewEvent, str | None, asyncio.Future[Accepted]]] = deque()
        self._bytes = 0
        self._wake = asyncio.Event()
        self._ready: list[UUID] = []
        self._replies: dict[UUID, str] = {}
        self._offering = asyncio.Event()
        self._troubled = "", 0.0

    @property
    def trouble(self) -> str:
        """Why the last group could not be written, for a few seconds: later nobody knows whether it holds."""
        reason, since = self._troubled
        return reason if reason and monotonic() - since < TROUBLED else ""

    async def submit(self, event: NewEvent, reply_to: str | None = None, /) -> Accepted:
        """On disk when it returns. Raises Overloaded, StoreUnavailable, PayloadRefused.

        `reply_to` names the process that wants to hear how the runs end.
        """
        size = len(event.payload)
        if len(self._waiting) >= self._limit or (self._waiting and self._bytes + size > WAITING_BYTES):
            raise Overloaded
        future: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()
        self._waiting.append((event, reply_to, future))
        self._bytes += size
        self._wake.set()
        return await future

    def wake(self, run_ids: Sequence[UUID]) -> None:
        """Offer runs that became ready again to the workers."""
        self._ready.extend(run_ids)
        self._offering.set()

    async def write(self) -> None:
        """Write group after group, until cancelled."""
        while True:
            if not self._waiting:
                self._wake.clear()
                await self._wake.wait()
            await self._write(self._take())

    def _take(self) -> list[tuple[NewEvent, str | None, asyncio.Future[Accepted]]]:
        group: list[tuple[NewEvent, str | None, asyncio.Future[Accepted]]] = []
        size = 0
        while self._waiting and len(group) < GROUP and size < GROUP_BYTES:
            item = self._waiting.popleft()
            size += len(item[0].payload)
            group.append(item)
        self._bytes -= size
        return group

    async def _write(self, group: list[tuple[NewEvent, str | None, asyncio.Future[Accepted]]]) -> None:
        try:
            answers: Sequence[Accepted | PayloadRefused] = await self._store.ingest(
                [event for event, _, _ in group]
            )
        except Exception as error:  # the callers are told; the loop must live on
            self._troubled = why(error), monotonic()
            for _, _, future in group:
                if not future.done():
                    future.set_exception(error)
            return
        self._troubled = "", 0.0
        for (_, reply_to, future), answer in zip(group, answers, strict=True):
            if isinstance(answer, PayloadRefused):
                if not future.done():
                    future.set_exception(answer)
                continue
            if not answer.duplicate and answer.run_ids:
                self._ready.extend(answer.run_ids)
                if reply_to is not None:
                    self._replies.update(dict.fromkeys(answer.run_ids, reply_to))
            if not future.done():
                future.set_result(answer)
        if self._ready:
            self._offering.set()

    async def offer(self) -> None:
        """Offer to the queue what became ready, until cancelled.

        A queue that is away is no harm: the workers' sweep finds the runs in the database.
        """
        while True:
            if not self._ready:
                self._offering.clear()
                await self._offering.wait()
            ids, self._ready = self._ready[:JOB], self._ready[JOB:]
            replies = {run_id: self._replies.pop(run_id) for run_id in ids if run_id in self._replies}
            await self._queue.offer(ids, replies)
