"""Ending background tasks for sure."""

import asyncio
from typing import Any

_PATIENCE = 0.5


async def end_task(task: "asyncio.Task[Any]") -> None:
    """Cancel until it is over: redis-py now and then swallows a cancellation that meets it while connecting."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=_PATIENCE)
