"""Runs one node: resolves and checks its parameters, calls it, and reads what it answered."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

from pydantic import BaseModel, ValidationError

from potok.engine.errors import from_exception, from_validation, make_error, short_traceback
from potok.engine.guard import Guarded, StepBlocked, enter, leave
from potok.engine.ports import Json, NewCall
from potok.engine.program import Step
from potok.engine.threads import in_thread
from potok.engine.values import from_json, to_json
from potok.sdk.ctx import Ctx
from potok.sdk.outcome import Branch, Retry, Signal, Stop, UserError, Wait
from potok.sdk.working import WorkingWait


class Did(IntEnum):
    """What a step came to."""

    DONE = 0
    WAIT = 1
    STOP = 2
    FAIL = 3
    RETRY = 4
    CALL = 5


@dataclass(slots=True)
class Outcome:
    """The end of one attempt. `output` is JSON already; `value` the same as Python data."""

    did: Did
    port: str | None = None
    output: bytes = b"null"
    value: Any = None
    error: Json | None = None
    until: datetime | None = None
    signal: Signal | None = None
    working: WorkingWait | None = None
    stop: Stop | None = None
    retry: Retry | None = None
    call: NewCall | None = None


class Suspended(Exception):
    """A step that was run inline awaits something; nothing of it counts, run it again as a task."""


_PLAIN = (str, int, bool, type(None))


def prepare(step: Step, outputs: Mapping[str, Any]) -> tuple[Json, BaseModel | None, Outcome | None]:
    """Resolved parameters, the same validated, or why they cannot be used."""
    if step.problem:
        error = make_error(step.problem, step.id, params={"type": step.type_id})
        return {}, None, Outcome(Did.FAIL, error=error)
    params: Json = {}
    try:
        params = step.constant if step.constant is not None else step.resolve(outputs)
        return params, step.validate(params), None
    except ValidationError as problem:
        return params, None, Outcome(Did.FAIL, error=from_validation(problem, step.id, step.type_id))
    except UserError as problem:  # a formula that has no value
        return params, None, Outcome(Did.FAIL, error=from_exception(problem, step.id, step.type_id))


def run_inline(step: Step, ctx: Ctx, model: BaseModel) -> Outcome:
    """Run a quick step to its end without the event loop. Raises Suspended when it awaits something real."""
    node_type = step.type
    assert node_type is not None
    assert node_type.call is not None
    coroutine: Any = node_type.call(ctx, **model.__dict__)
    try:
        enter(ctx.run.id, step.id)
        try:
            coroutine.send(None)
        finally:
            leave()
    except StopIteration as end:
        return interpret(step, end.value)
    except Retry:
        raise Suspended from None
    except StepBlocked as error:
        return Outcome(Did.FAIL, error=_blocked(step, error))
    except (Exception, SystemExit) as error:  # a plugin may not end its worker
        return Outcome(Did.FAIL, error=from_exception(error, step.id, step.type_id))
    coroutine.close()
    raise Suspended


async def run_attempt(step: Step, ctx: Ctx, model: BaseModel) -> Outcome:
    """Run any step once, within its timeout; an ordinary function runs in a thread."""
    node_type = step.type
    assert node_type is not None
    call = node_type.call
    if call is None:
        return Outcome(Did.FAIL, error=make_error("not_executable", step.id, params={"type": step.type_id}))
    try:
        async with asyncio.timeout(step.timeout) as limit:
            if step.blocking:
                value = await in_thread(call, ctx, **model.__dict__)
            else:
                value = await Guarded(call(ctx, **model.__dict__), ctx.run.id, step.id)
    except Retry as error:
        return Outcome(Did.RETRY, retry=error)
    except TimeoutError as error:
        code = "step_timeout" if limit.expired() else "plugin_bug"
        return Outcome(Did.FAIL, error=_timeout(step, step.timeout, code, error))
    except StepBlocked as error:
        return Outcome(Did.FAIL, error=_blocked(step, error))
    except (Exception, SystemExit) as error:  # a plugin may not end its worker
        return Outcome(Did.FAIL, error=from_exception(error, step.id, step.type_id))
    return interpret(step, value)


def _blocked(step: Step, error: StepBlocked) -> Json:
    return make_error("step_blocked", step.id, details=short_traceback(error), params={"type": step.type_id})


def _timeout(step: Step, seconds: float, code: str, error: TimeoutError) -> Json:
    if code == "plugin_bug":
        return from_exception(
            RuntimeError(f"TimeoutError: {error}").with_traceback(error.__traceback__), step.id, step.type_id
        )
    return make_error(code, step.id, params={"type": step.type_id, "seconds": seconds})


def interpret(step: Step, value: Any) -> Outcome:
    """What the answer of a node means."""
    port = "out"
    if type(value) is dict:
        pass
    elif isinstance(value, Branch):
        port, value = value.port, value.output
    elif isinstance(value, Stop):
        return _stopped(step, value)
    elif isinstance(value, Wait):
        return _waiting(step, value)
    elif step.is_condition:
        port = ("true" if value else "false") if isinstance(value, bool) else str(value)
    if port not in step.ports:
        return _bug(step, f"left by port {port!r}; it has {', '.join(sorted(step.ports))}")
    try:
        output = to_json(value)
    except (TypeError, ValueError, RecursionError) as error:
        return _bug(step, f"its output is not JSON: {error}")
    return Outcome(Did.DONE, port, output, value if isinstance(value, _PLAIN) else from_json(output))


def _waiting(step: Step, wait: Wait) -> Outcome:
    until = wait.until
    if until is None and wait.signal is None:
        return _bug(step, "waits for nothing")
    if until is not None and until.tzinfo is None:
        return _bug(step, "waits until a moment without a time zone")
    if wait.port not in step.ports:
        return _bug(step, f"left by port {wait.port!r}; it has {', '.join(sorted(step.ports))}")
    try:
        output = to_json(wait.output)
    except (TypeError, ValueError, RecursionError) as error:
        return _bug(step, f"its output is not JSON: {error}")
    moment = None if until is None else until.astimezone(UTC)
    return Outcome(
        Did.WAIT, wait.port, output, from_json(output), until=moment, signal=wait.signal, working=wait.working
    )


def _stopped(step: Step, stop: Stop) -> Outcome:
    try:
        output = to_json(stop.result)
    except (TypeError, ValueError, RecursionError) as error:
        return _bug(step, f"its result is not JSON: {error}")
    return Outcome(Did.STOP, None, output, from_json(output), error=_failure(step, stop), stop=stop)


def _failure(step: Step, stop: Stop) -> Json | None:
    if stop.success:
        return None
    text = stop.message or stop.name
    if not text:
        return make_error("stopped_silently", step.id)
    return make_error("stopped", step.id, message=text, params={"name": stop.name})


def _bug(step: Step, what: str) -> Outcome:
    return Outcome(
        Did.FAIL,
        error=make_error("plugin_bug", step.id, details=what, params={"type": step.type_id, "error": what}),
    )
