"""Brings a session to where its journal ends, so that a crash or a wait resumes there, at the item."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from potok.engine import loops, signals, undo, working
from potok.engine.calls import outcome_of
from potok.engine.frame import Frame, Loop, Path
from potok.engine.joins import tidy
from potok.engine.plan import Phase, again, begin, fail, settle, suspend, wake
from potok.engine.ports import Json, Settled
from potok.engine.step import Did, Outcome, prepare
from potok.engine.values import to_json

if TYPE_CHECKING:  # the session imports us
    from potok.engine.session import Session

Key = tuple[str, Path, bool]


def restore(session: Session, journal: list[Json]) -> None:
    """The newest entry of each step counts, in the order they were written; what is due goes on afterwards."""
    newest: dict[Key, Json] = {}
    acted: dict[Key, Json] = {}
    for entry in journal:
        newest[_key(entry)] = entry
        if entry["s"] != "skipped":
            session.shown[entry["n"]] = (entry["s"], entry.get("p"))
            acted[_key(entry)] = entry
    index, entry_index = session.program.index, session.route.entry
    due: list[tuple[Frame, int, Json]] = []
    for entry in journal:
        if entry["s"] == "undoing":
            _undo_on(session, entry)
            continue
        node = index.get(entry["n"], -1)
        if newest[_key(entry)] is not entry or node == -1:
            continue
        if entry.get("it"):
            _take_item(session, node, entry)
            continue
        session.steps += entry["s"] in ("done", "failed")
        frame = session.root if "x" not in entry else _frame(session, node, tuple(entry["x"]), newest)
        if frame is not None and (frame.path or node != entry_index):
            _replay(session, frame, node, entry, due)
    for frame, node, entry in due:
        _go_on(session, frame, node, entry)
    session.todo = _frames(session.root)
    if session.undoing:
        undo.advance(session)
        session.todo = _frames(session.undo_frame) if session.undo_frame is not None else []
    for frame in session.todo[:]:
        frame.state.skipped.clear()
        for loop in list(frame.loops.values()):
            loops.fill(session, loop)
    for entry in acted.values():
        _leave_open(session, entry)


def _leave_open(session: Session, entry: Json) -> None:
    """An action that was begun or is to be tried again; who takes the step up again takes it off the list."""
    running, node = entry["s"] == "running", session.program.index.get(entry["n"], -1)
    node_type = session.program.steps[node].type if node != -1 else None
    if node_type is None or node_type.effect != "outward" or not (running or entry.get("r")):
        return
    key = f"{session.run_key}:{entry['n']}:{'.'.join(map(str, entry.get('x', ()))) or 0}"
    if key not in session.run.ledger:
        session.open[key] = "unknown" if running else "failed"


def _undo_on(session: Session, entry: Json) -> None:
    """The run had failed already, and was undoing."""
    session.undoing = True
    session.deadline = None
    session.error, session.end_name = entry.get("e"), entry.get("end")
    session.result = to_json(entry["o"]) if "o" in entry else None


def _key(entry: Json) -> Key:
    return entry["n"], tuple(entry.get("x", ())), "it" in entry


def _frames(frame: Frame) -> list[Frame]:
    found = [frame]
    for loop in frame.loops.values():
        for child in loop.live.values():
            found += _frames(child)
    return found


def _loop(session: Session, node: int, path: Path) -> Loop | None:
    """The loop under way at `node` for the item `path` of the loops around it."""
    frame: Frame | None = session.root
    owners = session.program.owners[node]
    if path[:1] == undo.PATH:
        frame, owners, path = session.undo_frame, owners[1:], path[1:]
    for owner, number in zip(owners, path, strict=False):
        loop = frame.loops.get(owner) if frame is not None else None
        frame = loop.live.get(number) if loop is not None else None
    return frame.loops.get(node) if frame is not None else None


def _take_item(session: Session, node: int, entry: Json) -> None:
    if tuple(entry["x"]) == undo.PATH:
        session.undoable.remove(node)
        session.undo_frame = None
        if session.error is not None and "e" in entry:
            failed = [*session.error.get("undo_failed", []), entry["n"]]
            session.error = session.error | {"undo_failed": failed}
        return
    *around, number = entry["x"]
    loop = _loop(session, node, tuple(around))
    if loop is not None:
        loop.take(number, entry.get("o"), entry.get("e"))
        session.counts[entry["n"]] = (len(loop.items), loop.over, len(loop.failed))


def _frame(session: Session, node: int, path: Path, newest: dict[Key, Json]) -> Frame | None:
    """The frame of an item, begun if need be; None when the item or its loop is over."""
    frame = session.root
    for depth, owner in enumerate(session.program.owners[node][: len(path)], 1):
        if path[:depth] == undo.PATH:
            if (session.program.ids[owner], undo.PATH, True) in newest:
                return None
            undo.advance(session)
            assert session.undo_frame is not None
            frame = session.undo_frame
            continue
        loop = frame.loops.get(owner)
        if loop is None or (loop.step.id, path[:depth], True) in newest:
            return None
        found = loop.live.get(path[depth - 1])
        frame = found if found is not None else loop.begin(path[depth - 1], session.program.body(owner))
    return frame


def _replay(session: Session, frame: Frame, node: int, entry: Json, due: list[tuple[Frame, int, Json]]) -> None:
    state, status = frame.state, entry["s"]
    frame.attempts[node] = entry.get("a", 1)
    if "b" in entry:
        frame.first_try[node] = entry["b"]
    if status == "done":
        frame.outputs[entry["n"]] = entry.get("o")
        if not frame.path:
            session.last = entry.get("o")
    if status == "skipped" or state.phase[node] != Phase.UNTOUCHED or node not in state.ready:
        return  # a join has left it behind
    if status == "done":
        begin(state, node)
        if session.program.steps[node].undo and "e" not in entry and not frame.path:
            session.undoable.append(node)
        settle(frame.route, state, node, entry.get("p"))
        if state.dropped:
            tidy(session, frame)
    elif status == "failed":
        begin(state, node)
        fail(state, node)
        frame.error = frame.error or entry.get("e")
        if not frame.path:
            session.error = frame.error
    elif status == "running" and session.program.steps[node].control == "loop":
        _reopen(session, frame, node, entry)
    elif status == "running":
        settled = session.run.ledger.get(session.effect_key(frame, session.program.steps[node]))
        if settled is None:
            frame.interrupted.append(node)
        else:
            begin(state, node)
            suspend(state, node)
            due.append((frame, node, entry | {"settled": settled}))
    elif status == "waiting" and "l" in entry:  # it asks again, and finds its place in the line
        session.said[(frame.path, node)] = {"l": entry["l"]}
        session.had_waits = True
    elif status == "waiting":
        _wait_on(session, frame, node, entry, due)


def _wait_on(session: Session, frame: Frame, node: int, entry: Json, due: list[tuple[Frame, int, Json]]) -> None:
    begin(frame.state, node)
    suspend(frame.state, node)
    if "q" in entry:
        session.asks[(frame.path, node)] = entry["q"]
        if (settled := session.run.ledger.get(entry["q"])) is not None:
            due.append((frame, node, entry | {"settled": settled}))
        return
    session.had_waits = True
    if "k" in entry:
        session.awaiting[(frame.path, node)] = UUID(entry["k"])
        if entry["k"] in session.run.endings:
            due.append((frame, node, entry))
        return
    if "w" in entry:
        if (ready := signals.resume(session, frame, node, entry)) is not None:
            due.append((frame, node, ready))
        return
    if "wt" in entry:
        entry = working.resumed(session, entry)
    until = datetime.fromisoformat(entry["u"])
    if until > session.now():
        kind = "retry" if entry.get("r") else "wait"
        session.hold(frame, session.program.steps[node], until, kind, entry.get("wt"))
    else:
        due.append((frame, node, entry))


def _reopen(session: Session, frame: Frame, node: int, entry: Json) -> None:
    """The loop goes on with the items it began with."""
    step = session.program.steps[node]
    begin(frame.state, node)
    if "i" in entry:
        model = step.validate(entry["i"])
    else:
        _, model, _ = prepare(step, frame.outputs)
    made = loops.make(frame, step, model, entry["t0"])
    if isinstance(made, Loop):
        loops.adopt(session, made)
    else:
        session.finish(frame, step, None, made, entry["t0"])


def _go_on(session: Session, frame: Frame, node: int, entry: Json) -> None:
    """What a step waited for has come."""
    state, step = frame.state, session.program.steps[node]
    if state.phase[node] != Phase.WAITING:
        return  # a join has left it behind meanwhile
    settled: Settled | None = entry.get("settled")
    session.asks.pop((frame.path, node), None)
    retried = entry.get("r") if settled is None else settled.answer == "again" or settled.state == "retrying"
    if retried:
        again(state, node)
        frame.attempts[node] += 1
        return
    wake(state, node)
    if "k" in entry:
        session.awaiting.pop((frame.path, node), None)
        outcome = outcome_of(step, entry["k"], session.run.endings[entry["k"]])
    elif settled is None:
        outcome = signals.outcome_of(entry)
    elif settled.state == "failed":
        outcome = Outcome(Did.FAIL, error=settled.receipt)
    else:
        outcome = Outcome(Did.DONE, settled.port or "out", to_json(settled.receipt), settled.receipt)
    session.finish(frame, step, None, outcome, entry["t0"])
