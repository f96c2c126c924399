"""Drives a run whose steps reach outside: intents before, receipts after, retries, waits, parallel branches."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic, time

from pydantic import BaseModel

from potok.engine import undo
from potok.engine.calls import Caller, begin_call
from potok.engine.committer import Committer
from potok.engine.frame import Frame
from potok.engine.plan import Phase
from potok.engine.ports import Checkpoint, Committed, Intent, Json, Receipt, Store, StoreUnavailable
from potok.engine.program import Step, effect_of
from potok.engine.retry import Pause, may_repeat, next_by_policy, next_try
from potok.engine.session import Session
from potok.engine.step import Did, Outcome, prepare, run_attempt
from potok.engine.turns import TurnLost, Turns, wake
from potok.engine.values import to_json
from potok.sdk.ctx import Ctx
from potok.sdk.staging import without_nul

Show = Callable[[Session, str], None]
Keep = Callable[[Sequence[Receipt]], None]
"""Keeps receipts of a run that is no longer ours."""
Follow = Callable[[asyncio.Task[Outcome], Callable[[], None]], None]
"""Lets a task come to its end after its run has gone, and then calls back."""
_STORE_PAUSE = 0.5
_TELL_EVERY = 0.1
"""Seconds between two messages about one run under way."""


@dataclass(slots=True, frozen=True)
class Job:
    """A step under way: where, with which parameters (resolved; the same validated), since when (ms)."""

    frame: Frame
    step: Step
    params: Json
    model: BaseModel
    outward: bool
    started: int


class Lost(Exception):
    """Another worker owns the run now, or the database refused it and it has ended as failed: stop touching it."""

    def __init__(self, result: Committed) -> None:
        super().__init__(result.refused)
        self.result = result


class Driver:
    """One for each such run; `drive` returns when the run has finished, parked or was lost."""

    def __init__(
        self,
        session: Session,
        committer: Committer,
        store: Store,
        show: Show,
        keep: Keep,
        follow: Follow,
        caller: Caller,
    ) -> None:
        self._session = session
        self._committer = committer
        self._show = show
        self._keep = keep
        self._follow = follow
        self._caller = caller
        self._turns = Turns(store, session)
        self._halted = asyncio.Event()
        self._running: dict[asyncio.Task[Outcome], Job] = {}
        self._told = 0.0

    async def drive(self) -> tuple[str, Committed]:
        """The status it ended with, and whether that was written. Raises Lost."""
        session = self._session
        try:
            while True:
                session.tasks = self._under_way
                commands = session.inline()
                if session.untidy:
                    self._tidy()
                    session.todo.append(session.root)
                    if not commands:
                        session.tasks = self._under_way
                if commands:
                    if session.state.stopped is not None and not session.undoing:
                        await self._wind_down()
                    if undo.wanted(session, commands):
                        undo.start(session)
                        continue
                    checkpoint = session.checkpoint(commands)
                    return checkpoint.status, await self._commit(checkpoint)
                starts, session.starts = session.starts, []
                await self._start(starts)
                if self._under_way and not session.todo:
                    await self._await_one()
                else:
                    await asyncio.sleep(0)
        finally:
            self._leave()

    def _leave(self) -> None:
        """The run is no longer ours. What is on its way outside is let go on, and its receipt kept."""
        self._halted.set()
        if self._session.receipts:
            self._keep(self._session.receipts)
            self._session.receipts = []
        for task, job in self._running.items():
            if job.outward:
                self._follow(task, lambda task=task, job=job: self._late(job, task.result()))  # type: ignore[misc]
            else:
                task.cancel()
        self._running.clear()

    def _late(self, job: Job, outcome: Outcome) -> None:
        self._keep([self._receipt(job, outcome)])

    async def _commit(self, checkpoint: Checkpoint) -> Committed:
        result = await self._committer.commit(checkpoint)
        if checkpoint.receipts and (not result.written or result.refused):
            self._keep(checkpoint.receipts)
        return result

    async def _start(self, places: list[tuple[Frame, Step]]) -> None:
        """Check parameters, write down what is about to happen, then let it happen."""
        session = self._session
        if session.releases:
            await self._write()  # first: those who wait for a place must not wait for our next step
        jobs = [job for frame, step in places if (job := self._prepare(frame, step))]
        try:
            jobs = [job for job in await self._turns.take(jobs) if self._may_begin(job)]
        except TurnLost:
            raise Lost(Committed(False)) from None
        for job in jobs:
            session.start(job.frame, job.step, job.params)
        if jobs or session.full or session.deaf:
            await self._write()
        for job in jobs:
            self._running[asyncio.create_task(self._run(job))] = job

    async def _write(self) -> None:
        result = await self._commit(self._session.checkpoint(()))
        if not result.written or result.refused:
            raise Lost(result)
        if result.granted:
            wake(self._session, result.granted)
        self._tell()

    @property
    def _under_way(self) -> int:
        return len(self._running) + len(self._turns.soon)

    def _tell(self) -> None:
        """Not more often than a person can see."""
        if (now := monotonic()) - self._told >= _TELL_EVERY:
            self._told = now
            self._show(self._session, "running")

    def _prepare(self, frame: Frame, step: Step) -> Job | None:
        params, model, refused = prepare(step, frame.outputs)
        started = int(time() * 1000)
        if refused is not None or model is None:
            self._end(frame, step, params, refused or Outcome(Did.FAIL), started)
            return None
        outward = effect_of(step, model) == "outward"
        if step.retry is not None:
            frame.first_try.setdefault(step.index, started)
        return Job(frame, step, params, model, outward, started)

    def _may_begin(self, job: Job) -> bool:
        if job.outward and not self._intend(job):
            self._session.todo.append(job.frame)
            return False
        return True

    def _end(self, frame: Frame, step: Step, params: Json, outcome: Outcome, started: int) -> None:
        self._session.finish(frame, step, params, outcome, started)
        self._session.todo.append(frame)

    def _intend(self, job: Job) -> bool:
        """Stage the intent; False when a crash hid the outcome of an earlier attempt that must not be repeated."""
        session, frame, step, node_type = self._session, job.frame, job.step, job.step.type
        assert node_type is not None
        session.open.pop(session.effect_key(frame, step), None)
        if step.index in frame.interrupted:
            frame.interrupted.remove(step.index)
            if node_type.unknown != "retry":
                session.unknown_outcome(frame, step, job.params)
                return False
            frame.attempts[step.index] = frame.attempts.get(step.index, 1) + 1
        preview = ""
        if node_type.preview is not None:
            try:
                preview = without_nul(str(node_type.preview(**job.model.__dict__)))
            except Exception as error:  # a faulty preview must not stop the action itself
                preview = f"({type(error).__name__}: {error})"
        attempt = frame.attempts.get(step.index, 1)
        session.intents.append(Intent(session.effect_key(frame, step), step.id, step.type_id, preview, attempt))
        return True

    async def _run(self, job: Job) -> Outcome:
        """All attempts that fit into this stay in memory; what each stages counts only if it succeeded."""
        session, frame, step = self._session, job.frame, job.step
        if step.control == "call":
            return await self._call(job)
        while True:
            ctx: Ctx = session.make_ctx(frame, step)
            outcome = await run_attempt(step, ctx, job.model)
            if outcome.did not in (Did.RETRY, Did.FAIL):
                if ctx.staged:
                    session.stage(frame, step, ctx)
                return outcome
            pause = self._pause(job, outcome)
            # Each attempt at a limited step takes its own turn, and waits for it outside.
            if pause is None or pause.by_timer or step.limits or await self._halts_within(pause.seconds):
                return outcome
            frame.attempts[step.index] = frame.attempts.get(step.index, 1) + 1

    async def _call(self, job: Job) -> Outcome:
        while True:
            try:
                found = await self._caller.prepare(self._session.run, job.step, job.model)
            except StoreUnavailable:
                await asyncio.sleep(_STORE_PAUSE)
            else:
                return found if isinstance(found, Outcome) else Outcome(Did.CALL, call=found)

    def _pause(self, job: Job, outcome: Outcome) -> Pause | None:
        """How long to wait before the next attempt; None: this was the last one."""
        step, attempt = job.step, job.frame.attempts.get(job.step.index, 1)
        after = outcome.retry.after if outcome.retry is not None else None
        if step.retry is None:
            return next_try(attempt, after) if outcome.did is Did.RETRY else None
        if outcome.did is Did.FAIL:
            code = str((outcome.error or {}).get("code", ""))
            asks = job.outward and step.type is not None and step.type.unknown == "ask"
            if not may_repeat(step.retry, code, asks):
                return None
        spent = time() - job.frame.first_try.get(step.index, job.started) / 1000
        return next_by_policy(step.retry, attempt, spent, after)

    async def _halts_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                return await self._halted.wait()
        except TimeoutError:
            return False

    def _receipt(self, job: Job, outcome: Outcome) -> Receipt:
        key = self._session.effect_key(job.frame, job.step)
        if outcome.did is Did.RETRY:
            return Receipt(key, "retrying")
        if outcome.did is Did.FAIL:
            return Receipt(key, "failed", to_json(outcome.error))
        return Receipt(key, "done", outcome.output, outcome.port)

    async def _await_one(self) -> None:
        left = self._turns.seconds(self._session.seconds_left)
        if not self._running:
            await asyncio.sleep(left or 0)
        else:
            await self._first_done(left)
        self._session.starts += self._turns.due()

    async def _first_done(self, left: float | None) -> None:
        done, _ = await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED, timeout=left)
        for task in done:
            self._settle(self._running.pop(task), task.result())

    def _settle(self, job: Job, outcome: Outcome) -> None:
        frame, step, session = job.frame, job.step, self._session
        if frame.dropped or frame.state.phase[step.index] != Phase.RUNNING:
            if job.outward:
                session.receipts.append(self._receipt(job, outcome))
            session.give_back(frame, step)
            return
        if outcome.did in (Did.RETRY, Did.FAIL) and (pause := self._pause(job, outcome)) is not None:
            until = session.now() + timedelta(seconds=pause.seconds)
            if job.outward:
                key = session.effect_key(frame, step)
                session.receipts.append(Receipt(key, "retrying"))
                session.open[key] = "failed"  # a join, or the end of the run, may come before the next try
            session.retry_later(frame, step, job.params, until, job.started)
            session.todo.append(frame)
            return
        if outcome.did is Did.RETRY:
            assert outcome.retry is not None
            outcome = Outcome(Did.FAIL, error=session.gave_up(step, outcome.retry))
        if outcome.call is not None:
            begin_call(session, frame, step, job.params, outcome.call, job.started)
            session.todo.append(frame)
            return
        if job.outward:
            session.receipts.append(self._receipt(job, outcome))
        self._end(frame, step, job.params, outcome, job.started)

    def _tidy(self) -> None:
        """A join went on without these. What is on its way outside is awaited for its receipt all the same."""
        self._session.untidy = False
        for task, job in list(self._running.items()):
            stale = job.frame.dropped or job.frame.state.phase[job.step.index] != Phase.RUNNING
            if stale and not job.outward:
                task.cancel()
                del self._running[task]
                self._session.give_back(job.frame, job.step)

    async def _wind_down(self) -> None:
        """A stop ends the run at once; only actions on their way outside are awaited, for their receipts."""
        for task, job in list(self._running.items()):
            if not job.outward:
                task.cancel()
                del self._running[task]
                self._session.abandon(job.frame, job.step)
        for _, frame, step in self._turns.soon:
            self._session.abandon(frame, step)
        self._turns.soon.clear()
        while self._running:
            done, _ = await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                self._settle(self._running.pop(task), task.result())
