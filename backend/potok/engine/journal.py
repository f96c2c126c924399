"""What a run writes down: entries, effects, staged rows since the last checkpoint, and the checkpoint."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from potok.engine.frame import Frame, Path
from potok.engine.plan import Command, Finish, Park
from potok.engine.ports import (
    Checkpoint,
    ClaimedRun,
    Intent,
    Json,
    Listen,
    NewCall,
    Progress,
    Receipt,
    Reply,
    WaitUntil,
)
from potok.engine.program import Program, Step
from potok.engine.values import Fragment, from_json, to_json
from potok.sdk.ctx import Ctx
from potok.sdk.staging import Staged

HIDDEN = "***"
Stage = tuple[str, str, Staged]
"""(effect key, node id, what to write)."""
Place = tuple[Path, int]
"""A step: its item and its node."""


class Journal:
    """The writing half of a session."""

    def __init__(self, run: ClaimedRun, program: Program) -> None:
        self.run = run
        self.program = program
        self.run_key = str(run.run_id)
        self.entries: list[Json] = []
        self.seq = run.segments
        self.steps = 0
        self.waits: dict[Place, WaitUntil] = {}
        self.asks: dict[Place, str] = {}
        """Outward steps whose outcome only a person can tell, with their effect keys."""
        self.staged: list[Stage] = []
        self.intents: list[Intent] = []
        self.receipts: list[Receipt] = []
        self.open: dict[str, str] = {}
        """Actions of which more may be heard, by effect key: what the ledger says if the run is over before."""
        self.calls: list[NewCall] = []
        self.awaiting: dict[Place, UUID] = {}
        """Steps that wait for the end of a run they called."""
        self.listens: dict[Place, Listen] = {}
        """Steps that wait for a signal."""
        self.had_listens = False
        self._told_listens: tuple[Listen, ...] | None = None
        self.queued: dict[Place, tuple[Frame, str]] = {}
        """Steps that wait for a place at a limit, with their frames and effect keys."""
        self.said: dict[Place, Json] = {}
        """What the journal says already of steps that wait at a limit."""
        self.releases: list[str] = []
        """Places at limits to give back, by effect key."""
        self.had_waits = False
        self.end_name: str | None = None
        self.result: bytes | None = None
        self.last: Any = None
        self.error: Json | None = None
        self.shown: dict[str, tuple[str, str | None]] = {}
        self.counts: dict[str, tuple[int, int, int]] = {}
        """Loops: how many items there are, are over, and failed."""
        self.reply_to: str | None = None

    def effect_key(self, frame: Frame, step: Step) -> str:
        """The same on every repeat of this step."""
        if not frame.path:
            return f"{self.run_key}:{step.id}:0"
        return f"{self.run_key}:{step.id}:{'.'.join(map(str, frame.path))}"

    def stage(self, frame: Frame, step: Step, ctx: Ctx) -> None:
        """Keep what the step wants written with the checkpoint; each write has a key of its own."""
        base = self.effect_key(frame, step)
        for number, write in enumerate(ctx.staged):
            key = base if not number else f"{base}.{number}"
            self.staged.append((key, step.id, write))

    def note(
        self,
        frame: Frame,
        step: Step,
        status: str,
        port: str | None = None,
        params: Json | None = None,
        output: bytes | None = None,
        error: Json | None = None,
        started: int = 0,
        ended: int = 0,
        until: datetime | None = None,
        more: Json | None = None,
    ) -> None:
        """One entry; `more`: r (to be tried again), q (asks a person), b (first attempt, ms), c (items),
        w (signal), d (port)."""
        path = frame.path
        entry: Json = (
            {"n": step.id, "x": path, "s": status} if path else {"n": step.id, "t": step.type_id, "s": status}
        )
        if port is not None:
            entry["p"] = port
        if params:
            entry["i"] = hidden(step, params) if step.secrets else params
        if output is not None:
            entry["o"] = Fragment(output)
        if error is not None:
            entry["e"] = error
        if frame.attempts and (attempt := frame.attempts.get(step.index, 1)) != 1:
            entry["a"] = attempt
        entry["t0"] = started
        if ended:
            entry["t1"] = ended
        if until is not None:
            entry["u"] = until.isoformat()
        if more:
            entry |= more
        self.entries.append(entry)
        self.shown[step.id] = (status, port)
        if step.limits is not None and status != "running" and "l" not in entry:
            self.give_back(frame, step)

    def give_back(self, frame: Frame, step: Step) -> None:
        """The step is over, or waits for something else: others may have its place at the limit."""
        if step.limits is not None and step.limits.at_once is not None:
            self.queued.pop((frame.path, step.index), None)
            self.releases.append(self.effect_key(frame, step))

    def note_item(self, step: Step, path: Path, output: bytes | None, error: Json | None) -> None:
        """An item of a loop is over."""
        entry: Json = {"n": step.id, "x": path, "it": 1, "s": "done" if error is None else "failed"}
        if error is None:
            entry["o"] = Fragment(output or b"null")
        else:
            entry["e"] = error
        self.entries.append(entry)

    def note_skipped(self, frame: Frame) -> None:
        """Steps whose turn will not come."""
        skipped = frame.state.skipped
        for index in skipped:
            step = self.program.steps[index]
            if (frame.path, index) in self.queued:
                self.give_back(frame, step)
            if frame.path:
                self.entries.append({"n": step.id, "x": frame.path, "s": "skipped"})
            else:
                self.entries.append({"n": step.id, "t": step.type_id, "s": "skipped"})
            self.shown[step.id] = ("skipped", None)
        skipped.clear()

    @property
    def deaf(self) -> bool:
        """The database does not know yet which signals the run waits for now."""
        return self.had_listens and tuple(self.listens.values()) != self._told_listens

    def checkpoint(self, commands: Sequence[Command]) -> Checkpoint:
        """All that is to be written now. `commands` tell whether the run ends, parks, or goes on (empty)."""
        run, last = self.run, commands[0] if commands else None
        finished, parked = type(last) is Finish, type(last) is Park
        status = "running"
        if finished:
            status = "succeeded" if last.succeeded else "failed"  # type: ignore[union-attr]
        elif parked:
            status = "unknown" if self.asks else "waiting"
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
            made.had_waits, made.limited = self.had_waits, self.program.limited
            made.had_large = run.needs is not None
            made.parent = run.parent
            self.receipts += [Receipt(key, state, leftover=True) for key, state in self.open.items()]
        elif parked:
            self.had_waits = True
            made.waits = tuple(self.waits.values())
            made.asks = tuple(self.asks.values())
            made.awaits = tuple(self.awaiting.values())
        if self.had_listens and (parked or self.deaf):
            self._told_listens = made.listens = () if finished else tuple(self.listens.values())
        if self.queued:
            made.queued = [holder for _, holder in self.queued.values()]
        if self.releases:
            made.releases, self.releases = self.releases, []
        if self.calls:
            made.calls, self.calls = self.calls, []
        if self.staged or self.intents or self.receipts:
            made.staged, made.intents, made.receipts = self.staged, self.intents, self.receipts
            self.staged, self.intents, self.receipts = [], [], []
        if self.entries:
            self.seq += 1
            self.entries = []
        return made

    def progress(self, status: str) -> Progress:
        """How far the run is."""
        steps: list[Json] = [{"n": node, "s": state, "p": port} for node, (state, port) in self.shown.items()]
        for step in steps:
            if (found := self.counts.get(step["n"])) is not None:
                step["c"] = found
        run = self.run
        return Progress(run.run_id, run.scenario_id, status, self.program.number, run.created_at, steps)

    def answer(self, status: str) -> Reply:
        """What a synchronous caller is told."""
        result = from_json(self.result) if self.result is not None else None
        return Reply(self.reply_to or "", self.run.run_id, status, result, self.last, self.error, self.end_name)


def hidden(step: Step, params: Json) -> Json:
    """The parameters without what must never be written down."""
    return params if not step.secrets else params | dict.fromkeys(step.secrets, HIDDEN)
