"""The join: what it yields, and what becomes of the branches that a `first` leaves behind."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING

from potok.engine import turns
from potok.engine.frame import Frame
from potok.engine.plan import Phase, first_source
from potok.engine.program import Step
from potok.engine.step import Did, Outcome
from potok.engine.values import to_json

if TYPE_CHECKING:  # the session imports us
    from potok.engine.session import Session


def run(session: Session, frame: Frame, step: Step) -> None:
    """The join yields which branch came first, its data, and the data of all that had come."""
    now = int(time() * 1000)
    ids, outputs, phase = session.program.ids, frame.outputs, frame.state.phase
    first = first_source(frame.route, frame.state, step.index)
    came = [source for source in session.program.before[step.index] if phase[source] == Phase.DONE]
    value = {
        "first": ids[first],
        "value": outputs.get(ids[first]),
        "values": [outputs.get(ids[source]) for source in came],
    }
    session.finish(frame, step, step.constant, Outcome(Did.DONE, "out", to_json(value), value), now)


def tidy(session: Session, frame: Frame) -> None:
    """Losers of a join that had begun: waits and questions end, items are dropped, tasks left to the driver."""
    for node, phase in frame.state.dropped:
        if phase == Phase.WAITING:
            session.waits.pop((frame.path, node), None)
            session.asks.pop((frame.path, node), None)
            session.awaiting.pop((frame.path, node), None)
            session.listens.pop((frame.path, node), None)
        elif phase == Phase.INSIDE:
            for child in frame.loops.pop(node).live.values():
                drop(session, child)
    frame.state.dropped.clear()
    session.untidy = True


def drop(session: Session, frame: Frame) -> None:
    """Nobody waits for this frame any more, nor for the frames in it."""
    frame.dropped = True
    session.untidy = True
    for loop in frame.loops.values():
        for child in loop.live.values():
            drop(session, child)
    turns.leave(session, frame)
    for held in (session.waits, session.asks, session.awaiting, session.listens):
        for place in [place for place in held if place[0] == frame.path and _in(frame, place[1])]:
            del held[place]


def _in(frame: Frame, node: int) -> bool:
    return frame.state.phase[node] == Phase.WAITING
