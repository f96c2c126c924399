"""Drives a run whose steps reach outside: intents before, receipts after, retries, waits, parallel branches."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from time import time

from pydantic import BaseModel

from potok.engine.committer import Committer
from potok.engine.plan import RunNode, begin
from potok.engine.ports import Committed, Intent, Json, Receipt
from potok.engine.program import Step, effect_of
from potok.engine.retry import next_try
from potok.engine.session import Session
from potok.engine.step import Did, Outcome, prepare, run_attempt
from potok.engine.values import to_json
from potok.sdk.ctx import Ctx
from potok.sdk.staging import without_nul

Show = Callable[[Session, str], None]
Job = tuple[Step, Json, BaseModel, bool, int]
"""(step, resolved parameters, the same validated, outward?, start in ms)."""


class Lost(Exception):
    """Another worker owns the run now, or the database refused it and it has ended as failed: stop touching it."""

    def __init__(self, result: Committed) -> None:
        super().__init__(result.refused)
        self.result = result


class Driver:
    """One for each such run; `drive` returns when the run has finished, parked or was lost."""

    def __init__(self, session: Session, committer: Committer, show: Show) -> None:
        self._session = session
        self._committer = committer
        self._show = show
        self._running: dict[asyncio.Task[Outcome], Job] = {}

    async def drive(self) -> tuple[str, Committed]:
        """The status it ended with, and whether that was written. Raises Lost."""
        session = self._session
        try:
            while True:
                commands = session.inline()
                if commands and type(commands[0]) is not RunNode:
                    if session.state.stopped is not None:
                        await self._wind_down()
                    checkpoint = session.checkpoint(commands)
                    return checkpoint.status, await self._committer.commit(checkpoint)
                await self._start([command.node for command in commands if isinstance(command, RunNode)])
                if self._running:
                    await self._await_one()
        finally:
            for task in self._running:
                task.cancel()

    async def _start(self, nodes: list[int]) -> None:
        """Check parameters, write down what is about to happen, then let it happen."""
        jobs = [job for node in nodes if (job := self._prepare(self._session.program.steps[node]))]
        if not jobs:
            return
        for step, params, _, _, _ in jobs:
            self._session.start(step, params)
        result = await self._committer.commit(self._session.checkpoint(()))
        if not result.written or result.refused:
            raise Lost(result)
        self._show(self._session, "running")
        for job in jobs:
            self._running[asyncio.create_task(self._run(job))] = job

    def _prepare(self, step: Step) -> Job | None:
        session = self._session
        params, model, refused = prepare(step, session.outputs)
        started = int(time() * 1000)
        if refused is not None or model is None:
            begin(session.state, step.index)
            session.finish(step.index, params, refused or Outcome(Did.FAIL), started)
            return None
        outward = effect_of(step, model) == "outward"
        if outward and not self._intend(step, model):
            return None
        return step, params, model, outward, started

    def _intend(self, step: Step, model: BaseModel) -> bool:
        """Stage the intent; False when a crash hid the outcome of an earlier attempt that must not be repeated."""
        session, node_type = self._session, step.type
        assert node_type is not None
        if step.index in session.interrupted:
            session.interrupted.remove(step.index)
            if node_type.unknown != "retry":
                session.unknown_outcome(step)
                return False
            session.attempts[step.index] = session.attempts.get(step.index, 1) + 1
        preview = ""
        if node_type.preview is not None:
            try:
                preview = without_nul(str(node_type.preview(**model.__dict__)))
            except Exception as error:  # a faulty preview must not stop the action itself
                preview = f"({type(error).__name__}: {error})"
        attempt = session.attempts.get(step.index, 1)
        session.intents.append(Intent(session.effect_key(step), step.id, step.type_id, preview, attempt))
        return True

    async def _run(self, job: Job) -> Outcome:
        """All attempts that fit into this stay in memory; what each stages counts only if it succeeded."""
        step, _, model, _, _ = job
        session = self._session
        while True:
            ctx: Ctx = session.make_ctx(step)
            outcome = await run_attempt(step, ctx, model)
            if outcome.did is not Did.RETRY:
                if outcome.did is not Did.FAIL and ctx.staged:
                    session.stage(step, ctx)
                return outcome
            assert outcome.retry is not None
            attempt = session.attempts.get(step.index, 1)
            pause = next_try(attempt, outcome.retry.after)
            if pause is None or pause.by_timer:
                return outcome
            await asyncio.sleep(pause.seconds)
            session.attempts[step.index] = attempt + 1

    async def _await_one(self) -> None:
        done, _ = await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            self._settle(self._running.pop(task), task.result())

    def _settle(self, job: Job, outcome: Outcome) -> None:
        step, params, _, outward, started = job
        session = self._session
        if outcome.did is Did.RETRY:
            assert outcome.retry is not None
            pause = next_try(session.attempts.get(step.index, 1), outcome.retry.after)
            if pause is not None:
                until = session.now() + timedelta(seconds=pause.seconds)
                if outward:
                    session.receipts.append(Receipt(session.effect_key(step), "retrying"))
                session.retry_later(step, params, until, started)
                return
            outcome = Outcome(Did.FAIL, error=session.gave_up(step, outcome.retry))
        if outward:
            failed = outcome.did is Did.FAIL
            proof = to_json(outcome.error) if failed else outcome.output
            session.receipts.append(Receipt(session.effect_key(step), "failed" if failed else "done", proof))
        session.finish(step.index, params, outcome, started)

    async def _wind_down(self) -> None:
        """A stop ends the run at once; only actions on their way outside are awaited, for their receipts."""
        for task, job in list(self._running.items()):
            if not job[3]:
                task.cancel()
                del self._running[task]
                self._session.abandon(job[0])
        while self._running:
            await self._await_one()
