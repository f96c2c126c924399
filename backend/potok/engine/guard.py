"""Ends plugin code that blocks the event loop, so that one bad step does not stop all runs of its worker.

A thread looks how long the code of a step has been running without giving the loop back. Beyond the budget it
sends this process a signal, whose handler raises StepBlocked inside the step: it ends as failed, by name. Code
that cannot be interrupted so costs the worker its life; its run is blamed first, and not started again.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from time import monotonic
from types import FrameType
from typing import Any

log = logging.getLogger(__name__)

_LOOK = 0.1
_STRIKES = 20
"""Interruptions without effect after which the process ends."""
EXIT_BLOCKED = 70
"""Exit code of a worker that ended itself because of a step."""


class StepBlocked(BaseException):
    """Raised inside code that blocks. Not an Exception: a plugin's own `except Exception` must not keep it."""


class _Running:
    """The step that has the event loop now: (run, node, since), or None."""

    __slots__ = ("now",)

    def __init__(self) -> None:
        self.now: tuple[str, str, float] | None = None


_running = _Running()


def enter(run_id: str, node_id: str) -> None:
    """A step's code gets the event loop."""
    _running.now = (run_id, node_id, monotonic())


def leave() -> None:
    """It gave the loop back."""
    _running.now = None


class Guarded:
    """Awaits a step's coroutine, and says when its code has the event loop."""

    __slots__ = ("_coroutine", "_node", "_run")

    def __init__(self, coroutine: Any, run_id: str, node_id: str) -> None:
        self._coroutine = coroutine
        self._run = run_id
        self._node = node_id

    def __await__(self) -> Generator[Any, None, Any]:
        error: BaseException | None = None
        while True:
            enter(self._run, self._node)
            try:
                waits_for = self._coroutine.send(None) if error is None else self._coroutine.throw(error)
            except StopIteration as end:
                return end.value
            finally:
                leave()
            error = None
            try:
                yield waits_for
            except BaseException as thrown:  # a cancellation belongs to the step, too
                error = thrown


@contextmanager
def watching(budget: float, blame: Callable[[str, str], None]) -> Iterator[None]:
    """Watch the main thread; `blame(run id, node id)` is called from another thread before the process ends."""
    stopped = threading.Event()

    def interrupt(number: int, frame: FrameType | None) -> None:
        found = _running.now
        if found is not None and monotonic() - found[2] > budget:
            raise StepBlocked(f"the step blocked its worker for more than {budget:g} seconds")

    before = signal.signal(signal.SIGUSR2, interrupt)
    watcher = threading.Thread(target=_watch, args=(budget, blame, stopped), name="guard", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stopped.set()
        watcher.join(5)
        signal.signal(signal.SIGUSR2, before)


def _watch(budget: float, blame: Callable[[str, str], None], stopped: threading.Event) -> None:
    strikes = 0
    main = threading.main_thread().ident
    assert main is not None
    while not stopped.wait(_LOOK):
        found = _running.now
        if found is None or monotonic() - found[2] <= budget:
            strikes = 0
            continue
        strikes += 1
        if strikes == 1:
            log.error("run %s, step %s: blocks its worker; it is interrupted", found[0], found[1])
        if strikes > _STRIKES:
            log.critical("run %s, step %s: cannot be interrupted; this worker ends", found[0], found[1])
            blame(found[0], found[1])
            os._exit(EXIT_BLOCKED)
        signal.pthread_kill(main, signal.SIGUSR2)
