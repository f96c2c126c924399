"""One run in memory: its frames, and how a step's end changes them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from time import time

from potok.engine import joins, loops, signals, undo, working
from potok.engine.errors import from_exception, make_error
from potok.engine.frame import Frame, plain_error
from potok.engine.journal import Journal, hidden
from potok.engine.plan import (
    NOTHING,
    Command,
    Park,
    Phase,
    Route,
    State,
    begin,
    fail,
    first_source,
    plan,
    settle,
    shelve,
    stop,
    suspend,
)
from potok.engine.ports import ClaimedRun, Json, Receipt, WaitUntil
from potok.engine.program import Program, Step
from potok.engine.remember import Asked
from potok.engine.restore import restore
from potok.engine.step import Did, Outcome, Suspended, prepare, run_inline
from potok.engine.values import from_json, to_json
from potok.graph.almanac import Almanac
from potok.graph.formula_values import CALENDAR, CLOCK
from potok.sdk.ctx import Ctx, HttpClient, RunInfo
from potok.sdk.outcome import Retry
from potok.sdk.staging import without_nul

FULL = 500
"""Entries of loop items after which a checkpoint is due, so that memory stays flat."""


class Session(Journal):
    """Advances one run; knows nothing of databases or the event loop."""

    def __init__(
        self,
        run: ClaimedRun,
        program: Program,
        http: Callable[[Step], HttpClient],
        now: Callable[[], datetime],
        almanac: Almanac,
    ) -> None:
        self.almanac = almanac
        """The workspace's calendars and time zone."""
        super().__init__(run, program)
        self.route: Route = program.route(run.entry_node)
        self.root = Frame(
            self.route, {run.entry_node: from_json(run.payload), CLOCK: self.local_now, CALENDAR: almanac.default}
        )
        self.state: State = self.root.state
        self.todo: list[Frame] = [self.root]
        """Frames in which something may have become ready."""
        self.starts: list[tuple[Frame, Step]] = []
        """Steps that need the event loop: begun, to be started by whoever drives the run."""
        self.tasks = 0
        """How many such steps are under way; told by the driver."""
        self.full = False
        """A checkpoint is due."""
        self.untidy = False
        """Something under way counts for nothing any more."""
        self.undoable: list[int] = []
        """Finished steps that declared their undoing, the latest last."""
        self.undoing = False
        self.undo_frame: Frame | None = None
        self.recall: Asked | None = None
        """What `ctx.memory` and `ctx.records` ask."""
        self._ctx: Ctx | None = None
        self._http = http
        self.now = now
        """The engine's clock."""
        self._info = RunInfo(self.run_key, str(run.scenario_id), program.title, str(run.workspace_id))
        self.deadline = run.created_at + timedelta(seconds=program.timeout) if program.timeout else None
        self._enter()
        if run.journal:
            restore(self, run.journal)

    def _enter(self) -> None:
        route, state, entry = self.route, self.state, self.route.entry
        begin(state, entry)
        settle(route, state, entry, "out")
        self.last = self.root.outputs[self.run.entry_node]
        if not self.run.journal:
            now = int(time() * 1000)
            self.note(self.root, self.program.steps[entry], "done", port="out", started=now, ended=now)
            self.steps += 1

    # going on

    def inline(self) -> Sequence[Command]:
        """Run every ready step that needs no event loop; then the end, or nothing: see `starts`, `full`."""
        if self.undoing:
            return undo.inline(self)
        todo, state = self.todo, self.state
        self.full = False
        if self.deadline is not None and state.stopped is None and self.now() >= self.deadline:
            self._expire()
        while todo and state.stopped is None:
            frame = todo.pop()
            if not frame.dropped:
                self._advance(frame)
            if len(self.entries) >= FULL and frame.path and todo:
                self.full = True
                return NOTHING
            if not todo and self.starts:
                self._shelve_late()
        if state.stopped is not None:
            return plan(self.route, state)
        if self.starts or self.tasks:
            return NOTHING
        commands = plan(self.route, state)
        if self.deadline is not None and type(commands[0]) is Park:
            self.waits[((), self.route.entry)] = WaitUntil("", self.deadline, kind="deadline")
        return commands

    def work_off(self) -> None:
        """Advance every frame that may have something ready."""
        while self.todo:
            frame = self.todo.pop()
            if not frame.dropped:
                self._advance(frame)
            if not self.todo and self.starts:
                self._shelve_late()

    @property
    def seconds_left(self) -> float | None:
        """Until the run must be over; None when it may take its time."""
        return None if self.deadline is None else max(0.0, (self.deadline - self.now()).total_seconds())

    def _expire(self) -> None:
        self.error = make_error("run_timeout", params={"seconds": self.program.timeout})
        self.state.stopped = False

    def _advance(self, frame: Frame) -> None:
        state, steps, root = frame.state, self.program.steps, self.state
        if frame.loop is not None and frame.stopping:
            state.failed = True
        ready = state.ready
        while ready and not state.failed:
            for node in tuple(ready) if len(ready) > 1 else (ready[0],):
                if state.phase[node]:
                    continue  # a join has dropped it meanwhile
                step = steps[node]
                begin(state, node)
                if step.disabled:
                    self._pass_through(frame, step)
                elif step.quick and node not in frame.slow:
                    self._run_inline(frame, step)
                elif step.control and step.control != "call":
                    self._control(frame, step)
                else:
                    self.starts.append((frame, step))
                if state.failed or root.stopped is not None:
                    break
        if frame.loop is not None and (self.undoing or root.stopped is None):
            loops.look_after(self, frame)

    def _control(self, frame: Frame, step: Step) -> None:
        if step.control == "loop":
            loops.start(self, frame, step)
        else:
            joins.run(self, frame, step)

    def _shelve_late(self) -> None:
        """What failed meanwhile starts nothing new."""
        kept = []
        for frame, step in self.starts:
            if frame.dropped or frame.state.phase[step.index] != Phase.RUNNING:
                continue
            if frame.state.failed or frame.stopping:
                shelve(frame.state, step.index)
                if frame is not self.root:
                    self.todo.append(frame)
            else:
                kept.append((frame, step))
        self.starts = kept

    def _run_inline(self, frame: Frame, step: Step) -> None:
        started = int(time() * 1000)
        params, model, refused = prepare(step, frame.outputs)
        if refused is None:
            assert model is not None
            ctx = self._shared_ctx(frame, step)
            try:
                refused = run_inline(step, ctx, model)
            except Suspended:
                self._ctx = None
                frame.slow.add(step.index)
                self.starts.append((frame, step))
                return
            if ctx.staged:
                self._ctx = None
                if refused.did is not Did.FAIL:
                    self.stage(frame, step, ctx)
        self.finish(frame, step, params, refused, started)

    def _pass_through(self, frame: Frame, step: Step) -> None:
        now = int(time() * 1000)
        source = first_source(frame.route, frame.state, step.index)
        value = frame.outputs.get(self.program.ids[source])
        self.finish(frame, step, None, Outcome(Did.DONE, step.first_port, to_json(value), value), now)

    def _shared_ctx(self, frame: Frame, step: Step) -> Ctx:
        """One Ctx serves all steps that are run to their end one after the other."""
        ctx = self._ctx
        if ctx is None:
            ctx = self._ctx = self.make_ctx(frame, step)
        else:
            ctx.node_id, ctx.effect_key, ctx.http = step.id, self.effect_key(frame, step), self._http(step)
        return ctx

    def local_now(self) -> datetime:
        """The engine's clock as the workspace's walls show it: "today" in formulas is its day."""
        return self.now().astimezone(self.almanac.zone)

    def make_ctx(self, frame: Frame, step: Step) -> Ctx:
        """What a step's function is given."""
        key = self.effect_key(frame, step)
        return Ctx(
            run=self._info,
            node_id=step.id,
            effect_key=key,
            http=self._http(step),
            now=self.now,
            calendars=self.almanac,
            recall=self.recall,
            records=self.recall,
        )

    # how a step ends

    def start(self, frame: Frame, step: Step, params: Json) -> None:
        """The step is about to run outside the loop; `running` goes into the journal."""
        self.note(frame, step, "running", params=params, started=int(time() * 1000))

    def finish(self, frame: Frame, step: Step, params: Json | None, outcome: Outcome, started: int) -> None:
        """Take over the end of a running step. Without `params` an earlier entry has them."""
        did = outcome.did
        if did is Did.DONE:
            self._done(frame, step, params, outcome, started)
        elif did is Did.FAIL:
            outcome = self._failed(frame, step, params, outcome, started)
            if outcome.did is Did.DONE:
                self._done(frame, step, params, outcome, started)
        elif did is Did.WAIT:
            self._wait(frame, step, params, outcome, started)
        elif did is Did.STOP:
            self._stop(frame, step, params, outcome, started)

    def _done(self, frame: Frame, step: Step, params: Json | None, outcome: Outcome, started: int) -> None:
        state = frame.state
        self.steps += 1
        frame.outputs[step.id] = outcome.value
        if not frame.path:
            self.last = outcome.value
            if step.undo and outcome.error is None:
                self.undoable.append(step.index)
        now = int(time() * 1000)
        self.note(frame, step, "done", outcome.port, params, outcome.output, outcome.error, started, now)
        settle(frame.route, state, step.index, outcome.port)
        if state.skipped:
            self.note_skipped(frame)
            if state.dropped:
                joins.tidy(self, frame)

    def _failed(self, frame: Frame, step: Step, params: Json | None, outcome: Outcome, started: int) -> Outcome:
        """What the step's settings make of a failure: another way on, or the end of the frame."""
        error = outcome.error
        assert error is not None
        if step.on_error == "branch":
            value = {"error": plain_error(error), "input": hidden(step, params or {})}
            return Outcome(Did.DONE, "error", to_json(value), value, error=error)
        if step.on_error == "continue":
            return Outcome(Did.DONE, step.calm_port, b"null", None, error=error)
        self.steps += 1
        frame.error = frame.error or error
        if not frame.path:
            self.error = self.error or error
        self.note(frame, step, "failed", None, params, None, error, started, int(time() * 1000))
        fail(frame.state, step.index)
        return outcome

    def _wait(self, frame: Frame, step: Step, params: Json | None, outcome: Outcome, started: int) -> None:
        until, more = outcome.until, None
        if outcome.signal is not None:
            more = signals.listen(self, frame, step, outcome)
        elif until is not None:
            kept = working.said(outcome.working)
            more = None if kept is None else {"wt": kept}
            self.hold(frame, step, until, working=kept)
        self.note(frame, step, "waiting", None, params, outcome.output, started=started, until=until, more=more)
        suspend(frame.state, step.index)

    def hold(
        self, frame: Frame, step: Step, until: datetime, kind: str = "wait", working: Json | None = None
    ) -> None:
        """The suspended step goes on at that moment."""
        item = ".".join(map(str, frame.path))
        self.waits[(frame.path, step.index)] = WaitUntil(step.id, until, item, kind, working=working)

    def abandon(self, frame: Frame, step: Step) -> None:
        """The run was stopped while this step was still running."""
        frame.state.skipped.append(step.index)
        self.note_skipped(frame)

    def retry_later(self, frame: Frame, step: Step, params: Json, until: datetime, started: int) -> None:
        """The running step is to be tried again at a moment far enough away to leave memory."""
        self.hold(frame, step, until, "retry")
        more: Json = {"r": 1, "b": frame.first_try[step.index]} if step.index in frame.first_try else {"r": 1}
        self.note(frame, step, "waiting", None, params, started=started, until=until, more=more)
        suspend(frame.state, step.index)

    def _stop(self, frame: Frame, step: Step, params: Json | None, outcome: Outcome, started: int) -> None:
        ended = outcome.stop
        assert ended is not None
        self.steps += 1
        if self.undoing:
            now = int(time() * 1000)
            self.note(frame, step, "done", None, params, outcome.output, started=started, ended=now)
            stop(frame.state, step.index, ended.success)
            return
        self.end_name = without_nul(ended.name) or None
        self.result = outcome.output if ended.result is not None else None
        self.last = outcome.value
        self.error = outcome.error
        now = int(time() * 1000)
        self.note(frame, step, "done", None, params, outcome.output, started=started, ended=now)
        stop(frame.state, step.index, ended.success)
        if self.state.stopped is None:
            self.state.stopped = ended.success

    def unknown_outcome(self, frame: Frame, step: Step, params: Json) -> None:
        """A crash hid what an outward step did, and it may not be repeated: a person must answer."""
        key = self.asks[(frame.path, step.index)] = self.effect_key(frame, step)
        self.receipts.append(Receipt(key, "unknown"))
        error = make_error("outcome_unknown", step.id)
        self.note(frame, step, "waiting", None, params, error=error, started=int(time() * 1000), more={"q": key})
        suspend(frame.state, step.index)

    def gave_up(self, step: Step, error: Retry) -> Json:
        """No further attempt: what a person reads."""
        return from_exception(error, step.id, step.type_id)


def utc_now() -> datetime:
    """The engine's default clock."""
    return datetime.now(UTC)
