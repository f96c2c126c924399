"""One scenario calls another: whom it may call, how the called run starts, and what it yields."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import BaseModel
from uuid_utils.compat import uuid7

from potok.engine.errors import from_exception, make_error
from potok.engine.frame import Frame
from potok.engine.plan import suspend
from potok.engine.ports import ClaimedRun, Json, NewCall, NewRun, Reply, Store
from potok.engine.program import Program, ProgramCache, Step
from potok.engine.step import Did, Outcome
from potok.engine.values import to_json
from potok.graph.explain import StartCondition
from potok.graph.rule_words import stop_words
from potok.sdk.outcome import UserError

if TYPE_CHECKING:  # the session imports us
    from potok.engine.session import Session

MAX_DEPTH = 10
"""Runs calling one another, the first one not counted."""


class Caller:
    """Finds out what a call would start. Raises StoreUnavailable."""

    def __init__(self, store: Store, programs: ProgramCache) -> None:
        self._store = store
        self._programs = programs

    async def prepare(self, run: ClaimedRun, step: Step, model: BaseModel) -> NewCall | Outcome:
        """The run to start, or why it cannot be started."""
        given: Any = model
        if run.depth >= MAX_DEPTH:
            return _refused(step, "call_too_deep", limit=MAX_DEPTH)
        try:
            scenario_id = UUID(str(given.scenario).strip())
        except ValueError:
            return _refused(step, "call_unknown", scenario=given.scenario)
        found = await self._store.published(run.workspace_id, scenario_id)
        if found is None:
            return _refused(step, "call_unknown", scenario=given.scenario)
        version_id, enabled = found
        if version_id is None or not enabled:
            return _refused(step, "call_switched_off" if version_id is not None else "call_not_published")
        program = await self._programs.get(version_id)
        entry = next((one for one in program.steps if _is_manual(one)), None) if program is not None else None
        if program is None or entry is None:
            return _refused(step, "call_no_entry")
        inputs = {pair.name: pair.value for pair in given.inputs}
        try:
            payload = _accepted(program, entry, inputs)
        except UserError as error:
            return Outcome(Did.FAIL, error=from_exception(error, step.id, step.type_id) | {"field": "inputs"})
        condition = program.graph.nodes[entry.index].settings.start_if
        if condition is not None:
            stop = StartCondition(entry.id, condition).stops(payload, lambda: datetime.now(UTC))
            if stop is not None:
                details = stop_words(stop.stored()).message
                return Outcome(Did.FAIL, error=make_error("call_not_wanted", step.id, details=details))
        made = NewRun(uuid7(), run.workspace_id, scenario_id, version_id, entry.id)
        return NewCall(made, uuid7(), to_json(payload), run.depth + 1, bool(given.wait))


def _is_manual(step: Step) -> bool:
    return step.type is not None and step.type.start == "manual" and not step.disabled


def _accepted(program: Program, entry: Step, inputs: Json) -> Any:
    """The inputs as the trigger's form takes them."""
    assert entry.type is not None
    if entry.type.accept is None:
        return inputs
    return entry.type.accept(entry.validate(program.graph.nodes[entry.index].params), inputs)


def _refused(step: Step, code: str, **params: Any) -> Outcome:
    return Outcome(Did.FAIL, error=make_error(code, step.id, field="scenario", params=params))


def begin_call(session: Session, frame: Frame, step: Step, params: Json, call: NewCall, started: int) -> None:
    """The called run starts with the next checkpoint; its caller waits for it, or goes on at once."""
    session.calls.append(call)
    child = str(call.run.id)
    if not call.waits:
        value = {"run_id": child, "end_name": None, "result": None}
        session.finish(frame, step, params, Outcome(Did.DONE, "out", to_json(value), value), started)
        return
    session.awaiting[(frame.path, step.index)] = call.run.id
    session.note(frame, step, "waiting", None, params, started=started, more={"k": child})
    suspend(frame.state, step.index)


def outcome_of(step: Step, child: str, ending: Reply) -> Outcome:
    """What the end of the called run means to its caller."""
    if ending.status == "succeeded":
        value = {"run_id": child, "end_name": ending.end_name, "result": ending.result}
        return Outcome(Did.DONE, "out", to_json(value), value)
    code = "call_cancelled" if ending.status == "cancelled" else "call_failed"
    cause = (ending.error or {}).get("message", "")
    error = make_error(code, step.id, details=cause, params={"run": child, "cause": cause})
    return Outcome(Did.FAIL, error=error)


async def gather_endings(store: Store, run: ClaimedRun) -> None:
    """Fill in how called runs ended. Raises StoreUnavailable."""
    newest: dict[tuple[Any, ...], Json] = {}
    for entry in run.journal:
        if "it" not in entry:
            newest[(entry["n"], *entry.get("x", ()))] = entry
    for entry in newest.values():
        if (
            entry["s"] == "waiting"
            and "k" in entry
            and (found := await store.ending(UUID(entry["k"]))) is not None
        ):
            run.endings[entry["k"]] = found
