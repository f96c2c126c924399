"""Writes checkpoints of many runs together: while one group is being committed, the next one gathers."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from uuid import UUID

from potok.engine.errors import make_error
from potok.engine.ports import Checkpoint, Committed, Store, StoreUnavailable
from potok.engine.values import from_json, to_json

log = logging.getLogger(__name__)

GROUP = 400
"""Checkpoints in one transaction at most."""
GROUP_BYTES = 16 * 1024 * 1024
_PAUSE = 0.2
_LONGEST_PAUSE = 2.0

Done = Callable[[Committed], None]


class Committer:
    """`put` a checkpoint with a callback; `commit` one and wait. `run` does the work until cancelled."""

    def __init__(self, store: Store, lease: float, offer: Callable[[list[UUID]], None] | None = None) -> None:
        self._offer = offer
        self._store = store
        self._lease = lease
        self._queue: deque[tuple[Checkpoint, Done]] = deque()
        self._wake = asyncio.Event()
        self._busy = False

    @property
    def idle(self) -> bool:
        """Nothing queued, nothing in flight."""
        return not self._queue and not self._busy

    def put(self, checkpoint: Checkpoint, done: Done) -> None:
        """Queue a checkpoint; `done` is called with what became of it."""
        self._queue.append((checkpoint, done))
        self._wake.set()

    async def commit(self, checkpoint: Checkpoint) -> Committed:
        """Queue a checkpoint and wait until it is written."""
        future: asyncio.Future[Committed] = asyncio.get_running_loop().create_future()
        self.put(checkpoint, lambda result: None if future.done() else future.set_result(result))
        return await future

    async def run(self) -> None:
        """Commit group after group."""
        while True:
            await self._wake.wait()
            group = self._take()
            if not group:
                self._wake.clear()
                continue
            self._busy = True
            try:
                await self._write(group)
            finally:
                self._busy = False

    def _take(self) -> list[tuple[Checkpoint, Done]]:
        """A run comes once in a group: taken from us and claimed again while the database was away, it has two
        checkpoints, and only the claim of one of them still holds.
        """
        group: list[tuple[Checkpoint, Done]] = []
        runs: set[UUID] = set()
        size = 0
        while self._queue and len(group) < GROUP and size < GROUP_BYTES and self._queue[0][0].run_id not in runs:
            item = self._queue.popleft()
            size += len(item[0].entries or b"")
            group.append(item)
            runs.add(item[0].run_id)
        return group

    async def _write(self, group: list[tuple[Checkpoint, Done]]) -> None:
        results = await self._patiently([checkpoint for checkpoint, _ in group])
        refused: list[tuple[Checkpoint, Done]] = []
        for (checkpoint, done), result in zip(group, results, strict=True):
            if result.refused:
                log.warning("run %s: the database refused a checkpoint: %s", checkpoint.run_id, result.refused)
                refused.append((failing(checkpoint, result.refused), done))
            else:
                if checkpoint.calls and result.written and self._offer is not None:
                    self._offer([call.run.id for call in checkpoint.calls])
                if result.ready and self._offer is not None:
                    self._offer(list(result.ready))
                done(result)
        if refused:
            answers = await self._patiently([checkpoint for checkpoint, _ in refused])
            for (checkpoint, done), result in zip(refused, answers, strict=True):
                done(Committed(result.written, refused=str(checkpoint.error)))

    async def _patiently(self, checkpoints: list[Checkpoint]) -> list[Committed]:
        """Try until the database answers. Leases may end meanwhile: then the fence answers "lost"."""
        pause = _PAUSE
        while True:
            try:
                return await self._store.commit(checkpoints, self._lease)
            except StoreUnavailable as error:
                log.warning("the database is away, %d checkpoints wait: %s", len(checkpoints), error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)


def failing(checkpoint: Checkpoint, cause: str) -> Checkpoint:
    """The same checkpoint as a failed end of its run, without the data that was refused."""
    entries = from_json(checkpoint.entries) if checkpoint.entries else []
    kept = [{key: value for key, value in entry.items() if key in _HARMLESS} for entry in entries]
    node = kept[-1]["n"] if kept else ""
    error = make_error("payload_refused", node, details=cause, params={"cause": cause[:300]})
    return Checkpoint(
        run_id=checkpoint.run_id,
        claim=checkpoint.claim,
        workspace_id=checkpoint.workspace_id,
        scenario_id=checkpoint.scenario_id,
        keep=False,
        status="failed",
        seq=checkpoint.seq,
        entries=to_json(kept) if kept else None,
        steps=checkpoint.steps,
        error=to_json(error),
        finished=True,
        had_waits=True,
        limited=True,
        had_large=True,
        listens=(),
    )


_HARMLESS = frozenset({"n", "t", "s", "p", "a", "t0", "t1", "u"})
