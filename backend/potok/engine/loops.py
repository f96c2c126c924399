"""Loops: opens them, begins their items as there is room, and takes over what became of each."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING, Any

from potok.engine.errors import make_error
from potok.engine.frame import Frame, Loop, result_of
from potok.engine.joins import drop
from potok.engine.plan import enter, leave
from potok.engine.ports import Json
from potok.engine.program import Step
from potok.engine.step import Did, Outcome, prepare
from potok.engine.values import to_json

if TYPE_CHECKING:  # the session imports us
    from potok.engine.session import Session

MAX_ITEMS = 50_000


def start(session: Session, frame: Frame, step: Step) -> None:
    """The running step becomes a loop under way, or fails because there is nothing to go through."""
    started = int(time() * 1000)
    params, model, refused = prepare(step, frame.outputs)
    made = refused or make(frame, step, model, started)
    if isinstance(made, Outcome):
        session.finish(frame, step, params, made, started)
        return
    session.note(frame, step, "running", params=params, started=started, more={"c": len(made.items)})
    adopt(session, made)
    fill(session, made)


def make(frame: Frame, step: Step, model: Any, started: int) -> Loop | Outcome:
    """A loop of checked parameters."""
    items = model.items
    if items is None:
        items = []
    elif isinstance(items, dict):
        items = [{"key": key, "value": value} for key, value in items.items()]
    if not isinstance(items, list):
        error = make_error("loop_not_a_list", step.id, field="items", params={"type": type(items).__name__})
        return Outcome(Did.FAIL, error=error)
    if len(items) > MAX_ITEMS:
        params = {"count": len(items), "limit": MAX_ITEMS}
        return Outcome(Did.FAIL, error=make_error("loop_too_long", step.id, field="items", params=params))
    return Loop(step, frame, items, model.concurrency, model.on_item_error == "stop", started)


def adopt(session: Session, loop: Loop) -> None:
    """From now on the step goes on by its items."""
    loop.frame.loops[loop.step.index] = loop
    enter(loop.frame.state, loop.step.index)
    _count(session, loop)


def fill(session: Session, loop: Loop) -> None:
    """Begin items while there is room; when none is left, the loop is over."""
    if loop.error is None and not loop.frame.state.failed and not loop.frame.stopping:
        route = session.program.body(loop.step.index)
        while len(loop.live) < loop.limit and (index := loop.next_index()) is not None:
            session.todo.append(loop.begin(index, route))
    if not loop.live:
        _end(session, loop)


def look_after(session: Session, frame: Frame) -> None:
    """After a frame was advanced: perhaps its item is over."""
    loop, state = frame.loop, frame.state
    assert loop is not None
    if state.busy or frame.dropped or not (state.failed or not (state.waiting or state.inside)):
        return
    if state.inside and any(_is_busy(child) for inner in frame.loops.values() for child in inner.live.values()):
        return
    if state.failed and (state.waiting or state.inside):
        drop(session, frame)
    failed, index = state.failed, frame.path[-1]
    if failed and frame.error is None:  # stopped from outside, not by itself
        loop.live.pop(index, None)
    else:
        _over(session, loop, frame, index)
    fill(session, loop)


def _over(session: Session, loop: Loop, frame: Frame, index: int) -> None:
    value = None if frame.state.failed else result_of(frame, session.program.ids)
    session.note_item(loop.step, frame.path, to_json(value), frame.error)
    loop.take(index, value, frame.error)
    _count(session, loop)
    if loop.error is not None:  # the others end as soon as nothing of them is under way
        session.todo.extend(loop.live.values())


def _is_busy(frame: Frame) -> bool:
    inner = (child for loop in frame.loops.values() for child in loop.live.values())
    return not frame.dropped and (frame.state.busy > 0 or any(map(_is_busy, inner)))


def _count(session: Session, loop: Loop) -> None:
    session.counts[loop.step.id] = (len(loop.items), loop.over, len(loop.failed))


def _end(session: Session, loop: Loop) -> None:
    frame, step = loop.frame, loop.step
    if frame.loops.pop(step.index, None) is None:
        return
    leave(frame.state, step.index)
    if loop.error is not None:
        outcome = Outcome(Did.FAIL, error=loop.error | {"node_id": loop.error.get("node_id") or step.id})
    elif loop.over < len(loop.items):  # the frame around it has failed
        outcome = Outcome(Did.FAIL, error=frame.error or _around(loop))
    else:
        value: Json = loop.output
        outcome = Outcome(Did.DONE, "done", to_json(value), value)
    session.finish(frame, step, None, outcome, loop.started)
    session.todo.append(frame)


def _around(loop: Loop) -> Json:
    return make_error("loop_cut_short", loop.step.id)
