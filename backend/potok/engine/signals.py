"""Steps that wait for a signal: what they listen for, and what its coming (or its time running out) means."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from potok.engine.frame import Frame
from potok.engine.ports import ClaimedRun, Json, Listen, Store
from potok.engine.program import Step
from potok.engine.step import Did, Outcome
from potok.engine.values import to_json
from potok.sdk.staging import without_nul

if TYPE_CHECKING:  # the session imports us
    from potok.engine.session import Session


def listen(session: Session, frame: Frame, step: Step, outcome: Outcome) -> Json:
    """The step waits for a signal from now on; what its journal entry says of that."""
    assert outcome.signal is not None
    name, key = without_nul(outcome.signal.name), without_nul(outcome.signal.key)
    _hold(session, frame, step, name, key, outcome.until)
    more: Json = {"w": [name, key]}
    return more if outcome.port == "out" else more | {"d": outcome.port}


def _hold(session: Session, frame: Frame, step: Step, name: str, key: str, until: datetime | None) -> None:
    item = ".".join(map(str, frame.path))
    session.listens[(frame.path, step.index)] = Listen(step.id, item, name, key, until)
    session.had_listens = True
    if until is not None:
        session.hold(frame, step, until)


def resume(session: Session, frame: Frame, node: int, entry: Json) -> Json | None:
    """A waiting step of an earlier checkpoint: its entry, with what came, if it goes on now; else it waits on.

    A signal counts before the deadline: the store takes none for a step whose deadline has passed.
    """
    item = ".".join(map(str, frame.path))
    session.had_listens = True
    if (entry["n"], item) in session.run.heard:
        return entry | {"came": session.run.heard[(entry["n"], item)]}
    until = datetime.fromisoformat(entry["u"]) if "u" in entry else None
    if until is not None and until <= session.now():
        return entry
    name, key = entry["w"]
    _hold(session, frame, session.program.steps[node], name, key, until)
    return None


def outcome_of(entry: Json) -> Outcome:
    """The signal's data by the way out, else what the step yields when its moment has come."""
    if "came" in entry:
        return Outcome(Did.DONE, "out", to_json(entry["came"]), entry["came"])
    return Outcome(Did.DONE, entry.get("d", "out"), to_json(entry.get("o")), entry.get("o"))


async def gather_signals(store: Store, run: ClaimedRun) -> None:
    """Fill in what came for a run that waits for signals. Raises StoreUnavailable."""
    if any("w" in entry for entry in run.journal):
        run.heard = await store.heard(run.run_id)
