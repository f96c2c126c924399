"""When a run fails: its finished steps are undone as they declared, the latest first, exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from potok.engine import turns
from potok.engine.frame import Frame, Path
from potok.engine.joins import drop
from potok.engine.plan import FAIL, NOTHING, Command, Finish, Park, begin, plan, settle
from potok.engine.ports import Json
from potok.engine.values import Fragment

if TYPE_CHECKING:  # the session imports us
    from potok.engine.session import Session

PATH: Path = (-1,)
"""The place of steps that undo, in journal entries and effect keys."""


def wanted(session: Session, commands: Sequence[Command]) -> bool:
    """Whether this end of the run is a failure with something left to undo."""
    last = commands[0]
    ended = type(last) is Finish and not last.succeeded
    return ended and not session.undoing and bool(session.undoable)


def start(session: Session) -> None:
    """The run has failed; from now on it undoes. What else it waited for counts for nothing."""
    session.undoing = True
    turns.leave(session)
    for held in (session.waits, session.asks, session.awaiting, session.listens):
        held.clear()
    for loop in session.root.loops.values():
        for child in loop.live.values():
            drop(session, child)
    entry: Json = {"n": "", "it": 1, "s": "undoing", "e": session.error, "end": session.end_name}
    if session.result is not None:
        entry["o"] = Fragment(session.result)
    session.entries.append(entry)
    session.todo = []
    session.starts = []
    session.deadline = None
    advance(session)


def open_frame(session: Session, node: int) -> Frame:
    """The steps that undo this one, entered; they see everything the run knows."""
    frame = Frame(session.program.body(node), session.root.outputs.copy(), PATH)
    begin(frame.state, node)
    settle(frame.route, frame.state, node, "undo")
    return frame


def advance(session: Session) -> bool:
    """Open the next undoing; False when nothing is left."""
    if session.undo_frame is None and session.undoable:
        session.undo_frame = open_frame(session, session.undoable[-1])
        session.todo.append(session.undo_frame)
    return session.undo_frame is not None


def inline(session: Session) -> Sequence[Command]:
    """As Session.inline, for a run that undoes."""
    while True:
        session.work_off()
        if session.starts or session.tasks:
            return NOTHING
        frame = session.undo_frame
        if frame is None:
            return FAIL
        commands = plan(frame.route, frame.state)
        if type(commands[0]) is Park:
            return commands
        _over(session, frame)
        if not advance(session):
            return FAIL


def _over(session: Session, frame: Frame) -> None:
    node = session.undoable.pop()
    step = session.program.steps[node]
    session.note_item(step, PATH, None, frame.error)
    session.undo_frame = None
    if session.error is not None and frame.error is not None:
        session.error = session.error | {"undo_failed": [*session.error.get("undo_failed", []), step.id]}
