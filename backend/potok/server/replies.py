"""Callers of this process who wait for the end of a run."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid4

from potok.engine.values import from_json

Ending = dict[str, Any]
"""{run, status, result, output, error, end_name}"""


async def _nothing(run_id: str) -> None:
    """Where large ends are never put aside."""


class Replies:
    """`expect` before the run can start, `wait` after it was accepted; `hear` is fed by the reply channel."""

    def __init__(self, fetch: Callable[[str], Awaitable[bytes | None]] = _nothing) -> None:
        self._fetch = fetch
        self.process = uuid4().hex
        self._waiting: dict[str, asyncio.Future[Ending]] = {}

    def hear(self, message: bytes) -> None:
        """One message of the channel."""
        ending: Ending = from_json(message)
        future = self._waiting.get(ending["run"])
        if future is not None and not future.done():
            future.set_result(ending)

    def expect(self, run_id: UUID) -> asyncio.Future[Ending]:
        """The run's end. `forget` it afterwards."""
        future: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        self._waiting[str(run_id)] = future
        return future

    async def whole(self, ending: Ending) -> Ending | None:
        """The end itself, where only word of a large one came; None when it was lost."""
        if not ending.get("large"):
            return ending
        kept = await self._fetch(ending["run"])
        return None if kept is None else from_json(kept)

    def forget(self, run_id: UUID) -> None:
        """Nobody waits any more."""
        future = self._waiting.pop(str(run_id), None)
        if future is not None:
            future.cancel()
