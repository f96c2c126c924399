"""Runs a blocking step in a thread of its own, which may be left behind when it hangs.

The event loop's own pool has few threads, keeps a hung one for ever and waits for it at the end of the process.
"""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

AT_ONCE = 32
"""Steps in threads at the same time; one that was given up on does not count."""
_slots: "WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore]" = WeakKeyDictionary()


async def in_thread(call: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """What the call returns or raises. Cancelled, it leaves the thread to itself."""
    loop = asyncio.get_running_loop()
    slots = _slots.setdefault(loop, asyncio.Semaphore(AT_ONCE))
    async with slots:
        future: asyncio.Future[Any] = loop.create_future()
        context = contextvars.copy_context()

        def settle(value: Any, error: BaseException | None) -> None:
            if future.done():
                return
            if error is None:
                future.set_result(value)
            else:
                future.set_exception(error)

        def work() -> None:
            value: Any = None
            error: BaseException | None = None
            try:
                value = context.run(call, *args, **named)
            except StopIteration as stop:  # a future cannot carry it
                error = RuntimeError(f"StopIteration: {stop}")
            except Exception as raised:
                error = raised
            except BaseException as raised:  # SystemExit would end the loop, not the step
                error = RuntimeError(f"{type(raised).__name__}: {raised}")
            with suppress(RuntimeError):  # the loop has been closed meanwhile
                loop.call_soon_threadsafe(settle, value, error)

        threading.Thread(target=work, name="step", daemon=True).start()
        return await future
