"""Callers of this process who wait for the end of a run."""

import asyncio
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid4

from potok.engine.values import from_json

Ending = dict[str, Any]
"""{run, status, result, output, error, end_name}"""


class Replies:
    """`expect` before the run can start, `wait` after it was accepted; `hear` is fed by the reply channel."""

    def __init__(self) -> None:
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

    def forget(self, run_id: UUID) -> None:
        """Nobody waits any more."""
        future = self._waiting.pop(str(run_id), None)
        if future is not None:
            future.cancel()
