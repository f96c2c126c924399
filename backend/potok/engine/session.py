"""One run in memory: its state, what it has done since the last checkpoint, and how a step's end changes both."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from time import time
from typing import Any

from potok.engine.errors import from_exception, make_error
from potok.engine.plan import (
    Command,
    Finish,
    Park,
    Route,
    RunNode,
    State,
    again,
    begin,
    fail,
    first_source,
    plan,
    settle,
    stop,
    suspend,
    wake,
)
from potok.engine.ports import Checkpoint, ClaimedRun, Intent, Json, Progress, Receipt, Reply, WaitUntil
from potok.engine.program import Program, Step
from potok.engine.step import Did, Outcome, Suspended, prepare, run_inline
from potok.engine.values import Fragment, from_json, to_json
from potok.sdk.ctx import Ctx, HttpClient, RunInfo
from potok.sdk.outcome import Retry
from potok.sdk.staging import Staged, without_nul

HIDDEN = "***"
Stage = tuple[str, str, Staged]
"""(effect key, node id, what to write)."""


class Session:
    """Advances one run; knows nothing of databases or the event loop."""

    def __init__(
        self,
        run: ClaimedRun,
        program: Program,
        http: Callable[[Step], HttpClient],
        now: Callable[[], datetime],
    ) -> None:
        self.run = run
        self.program = program
        self.route: Route = program.route(run.entry_node)
        self.state = State(self.route)
        self.outputs: dict[str, Any] = {run.entry_node: from_json(run.payload)}
        self.entries: list[Json] = []
        self.seq = run.segments
        self.steps = 0
        self.attempts: dict[int, int] = {}
        self.slow: set[int] = set()
        """Quick steps that turned out to await something."""
        self.interrupted: list[int] = []
        """Outward steps a crash caught in the act."""
        self.waits: dict[int, WaitUntil] = {}
        self.staged: list[Stage] = []
        self.intents: list[Intent] = []
        self.receipts: list[Receipt] = []
        self.had_waits = False
        self.end_name: str | None = None
        self.result: bytes | None = None
        self.last: Any = None
        self.error: Json | None = None
        self.shown: dict[str, tuple[str, str | None]] = {}
        self.reply_to: str | None = None
        self._ctx: Ctx | None = None
        self._http = http
        self.now = now
        """The engine's clock."""
        self._info = RunInfo(str(run.run_id), str(run.scenario_id), program.title, str(run.workspace_id))
        self._enter()
        if run.journal:
            self._restore(run.journal)

    # what happened before

    def _enter(self) -> None:
        route, state, entry = self.route, self.state, self.route.entry
        begin(state, entry)
        settle(route, state, entry, "out")
        self.last = self.outputs[self.run.entry_node]
        if not self.run.journal:
            now = int(time() * 1000)
            self._note(self.program.steps[entry], "done", port="out", started=now, ended=now)
            self.steps += 1

    def _restore(self, journal: list[Json]) -> None:
        newest: dict[str, Json] = {}
        for entry in journal:
            newest[entry["n"]] = entry
            if entry["s"] != "skipped":
                self.shown[entry["n"]] = (entry["s"], entry.get("p"))
        now = self.now()
        for entry in journal:
            index = self.program.index.get(entry["n"], -1)
            if newest[entry["n"]] is not entry or index in (-1, self.route.entry):
                continue
            self.attempts[index] = entry.get("a", 1)
            self._replay(index, entry, now)
        self.steps = sum(entry["s"] in ("done", "failed") for entry in newest.values())
        self.state.skipped.clear()

    def _replay(self, index: int, entry: Json, now: datetime) -> None:
        state, status = self.state, entry["s"]
        if status == "done":
            begin(state, index)
            self.outputs[entry["n"]] = self.last = entry.get("o")
            settle(self.route, state, index, entry.get("p"))
        elif status == "running":
            self.interrupted.append(index)
        elif status == "waiting":
            self.had_waits = True
            begin(state, index)
            suspend(state, index)
            until = datetime.fromisoformat(entry["u"])
            if until > now:
                self.waits[index] = WaitUntil(entry["n"], until)
            elif entry.get("r"):
                again(state, index)
                self.attempts[index] += 1
            else:
                wake(state, index)
                output = to_json(entry.get("o"))
                self.finish(index, {}, Outcome(Did.DONE, "out", output, entry.get("o")), entry["t0"], resumed=True)

    # going on

    def inline(self) -> Sequence[Command]:
        """Run every ready step that needs no event loop; what is left to do then."""
        route, state, steps = self.route, self.state, self.program.steps
        while True:
            commands = plan(route, state)
            progressed = False
            for command in commands:
                if type(command) is not RunNode:
                    return commands
                step = steps[command.node]
                if step.disabled:
                    self._pass_through(step)
                elif step.quick and command.node not in self.slow:
                    self._run_inline(step)
                else:
                    continue
                progressed = True
                if state.failed or state.stopped is not None:
                    break
            if not progressed:
                return commands

    def _run_inline(self, step: Step) -> None:
        started = int(time() * 1000)
        params, model, refused = prepare(step, self.outputs)
        if refused is None:
            assert model is not None
            ctx = self._shared_ctx(step)
            try:
                refused = run_inline(step, ctx, model)
            except Suspended:
                self._ctx = None
                self.slow.add(step.index)
                return
            if ctx.staged:
                self._ctx = None
                if refused.did is not Did.FAIL:
                    self.stage(step, ctx)
        begin(self.state, step.index)
        self.finish(step.index, params, refused, started)

    def _pass_through(self, step: Step) -> None:
        now = int(time() * 1000)
        source = first_source(self.route, self.state, step.index)
        value = self.outputs.get(self.program.ids[source])
        begin(self.state, step.index)
        self.finish(step.index, {}, Outcome(Did.DONE, step.first_port, to_json(value), value), now)

    def _shared_ctx(self, step: Step) -> Ctx:
        """One Ctx serves all steps that are run to their end one after the other."""
        ctx = self._ctx
        if ctx is None:
            ctx = self._ctx = self.make_ctx(step)
        else:
            ctx.node_id, ctx.effect_key, ctx.http = step.id, self.effect_key(step), self._http(step)
        return ctx

    def make_ctx(self, step: Step) -> Ctx:
        """What a step's function is given."""
        return Ctx(
            run=self._info, node_id=step.id, effect_key=self.effect_key(step), http=self._http(step), now=self.now
        )

    def effect_key(self, step: Step) -> str:
        """The same on every repeat of this step."""
        return f"{self._info.id}:{step.id}:0"

    def stage(self, step: Step, ctx: Ctx) -> None:
        """Keep what the step wants written with the checkpoint; each write has a key of its own."""
        for number, write in enumerate(ctx.staged):
            key = ctx.effect_key if number == 0 else f"{ctx.effect_key}#{number}"
            self.staged.append((key, step.id, write))

    def start(self, step: Step, params: Json) -> None:
        """The step is about to run outside the loop; `running` goes into the journal."""
        begin(self.state, step.index)
        self._note(step, "running", params=params, started=int(time() * 1000))

    def finish(self, index: int, params: Json, outcome: Outcome, started: int, resumed: bool = False) -> None:
        """Take over the end of a running step."""
        step, state = self.program.steps[index], self.state
        now = int(time() * 1000)
        did = outcome.did
        if did is Did.DONE:
            self.steps += 1
            self.outputs[step.id] = self.last = outcome.value
            self._note(
                step, "done", outcome.port, None if resumed else params, outcome.output, started=started, ended=now
            )
            settle(self.route, state, index, outcome.port)
            self._note_skipped()
        elif did is Did.WAIT:
            assert outcome.until is not None
            self._wait(step, params, outcome, outcome.until, started)
        elif did is Did.STOP:
            self._stop(step, params, outcome, started, now)
        else:
            self.steps += 1
            self.error = self.error or outcome.error
            self._note(step, "failed", None, params, None, outcome.error, started, now)
            fail(state, index)

    def _wait(self, step: Step, params: Json, outcome: Outcome, until: datetime, started: int) -> None:
        self.waits[step.index] = WaitUntil(step.id, until)
        self._note(step, "waiting", None, params, outcome.output, started=started, until=until)
        suspend(self.state, step.index)

    def abandon(self, step: Step) -> None:
        """The run was stopped while this step was still running."""
        self.entries.append({"n": step.id, "t": step.type_id, "s": "skipped"})
        self.shown[step.id] = ("skipped", None)

    def retry_later(self, step: Step, params: Json, until: datetime, started: int) -> None:
        """The running step is to be tried again at a moment far enough away to leave memory."""
        self.waits[step.index] = WaitUntil(step.id, until)
        self._note(step, "waiting", None, params, started=started, until=until, again=True)
        suspend(self.state, step.index)

    def _stop(self, step: Step, params: Json, outcome: Outcome, started: int, now: int) -> None:
        ended = outcome.stop
        assert ended is not None
        self.steps += 1
        self.end_name = without_nul(ended.name) or None
        self.result = outcome.output if ended.result is not None else None
        self.last = outcome.value
        self.error = outcome.error
        self._note(step, "done", None, params, outcome.output, started=started, ended=now)
        stop(self.state, step.index, ended.success)

    # what is written down

    def _note(
        self,
        step: Step,
        status: str,
        port: str | None = None,
        params: Json | None = None,
        output: bytes | None = None,
        error: Json | None = None,
        started: int = 0,
        ended: int = 0,
        until: datetime | None = None,
        again: bool = False,
    ) -> None:
        entry: Json = {"n": step.id, "t": step.type_id, "s": status}
        if port is not None:
            entry["p"] = port
        if params:
            entry["i"] = params if not step.secrets else params | dict.fromkeys(step.secrets, HIDDEN)
        if output is not None:
            entry["o"] = Fragment(output)
        if error is not None:
            entry["e"] = error
        if (attempt := self.attempts.get(step.index, 1)) != 1:
            entry["a"] = attempt
        entry["t0"] = started
        if ended:
            entry["t1"] = ended
        if until is not None:
            entry["u"] = until.isoformat()
        if again:
            entry["r"] = 1
        self.entries.append(entry)
        self.shown[step.id] = (status, port)

    def _note_skipped(self) -> None:
        skipped = self.state.skipped
        if skipped:
            for index in skipped:
                step = self.program.steps[index]
                self.entries.append({"n": step.id, "t": step.type_id, "s": "skipped"})
                self.shown[step.id] = ("skipped", None)
            skipped.clear()

    def checkpoint(self, commands: Sequence[Command]) -> Checkpoint:
        """All that is to be written now. `commands` tell whether the run ends, parks, or goes on (empty)."""
        run, last = self.run, commands[0] if commands else None
        finished, parked = type(last) is Finish, type(last) is Park
        status = "running"
        if finished:
            status = "succeeded" if last.succeeded else "failed"  # type: ignore[union-attr]
        elif parked:
            status = "waiting"
        made = Checkpoint(
            run_id=run.run_id,
            claim=run.claim,
            workspace_id=run.workspace_id,
            scenario_id=run.scenario_id,
            keep=not (finished or parked),
            status=status,
            seq=self.seq,
            entries=to_json(self.entries) if self.entries else None,
            steps=self.steps,
            finished=finished,
        )
        if finished:
            made.end_name, made.result = self.end_name, self.result
            made.error = to_json(self.error) if self.error is not None else None
            made.had_waits = self.had_waits
        elif parked:
            self.had_waits = True
            made.waits = tuple(self.waits.values())
        if self.staged or self.intents or self.receipts:
            made.staged, made.intents, made.receipts = self.staged, self.intents, self.receipts
            self.staged, self.intents, self.receipts = [], [], []
        if self.entries:
            self.seq += 1
            self.entries = []
        return made

    def unknown_outcome(self, step: Step) -> None:
        """A crash hid what an outward step did, and it may not be repeated: the step fails, a person must look."""
        begin(self.state, step.index)
        self.receipts.append(Receipt(self.effect_key(step), "unknown"))
        error = make_error("outcome_unknown", step.id)
        now = int(time() * 1000)
        self.finish(step.index, {}, Outcome(Did.FAIL, error=error), now)

    def gave_up(self, step: Step, error: Retry) -> Json:
        """No further attempt: what a person reads."""
        return from_exception(error, step.id, step.type_id)

    def progress(self, status: str) -> Progress:
        """How far the run is."""
        steps = [{"n": node, "s": state, "p": port} for node, (state, port) in self.shown.items()]
        run = self.run
        return Progress(run.run_id, run.scenario_id, status, self.program.number, run.created_at, steps)

    def answer(self, status: str) -> Reply:
        """What a synchronous caller is told."""
        result = from_json(self.result) if self.result is not None else None
        return Reply(self.reply_to or "", self.run.run_id, status, result, self.last, self.error, self.end_name)


def utc_now() -> datetime:
    """The engine's default clock."""
    return datetime.now(UTC)
