"""Limits of a scenario's runs: whether a run may begin now, waits for its turn, or ends because it may not."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import BaseModel

from potok.engine.errors import from_exception, make_error
from potok.engine.gates import OF_SCENARIO, OF_STEPS, Ask, Gate
from potok.engine.plan import FAIL
from potok.engine.ports import Checkpoint, Committed, Json, Store
from potok.graph.limit_settings import Concurrency, Rate, RunLimits, StepLimits
from potok.graph.values import Resolver, compile_value
from potok.sdk.outcome import UserError
from potok.sdk.staging import without_nul
from potok.sdk.text import text_of

if TYPE_CHECKING:  # the session imports us
    from potok.engine.session import Session

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class RunGate:
    """One limit of a scenario, ready to be asked for; `key` finds what it counts by."""

    limit: Concurrency | Rate
    key: Resolver | None

    def of(self, name: str, outputs: Mapping[str, Any]) -> Gate:
        """The gate of a run with this data. Raises UserError when the key is a formula without a value."""
        limit = self.limit
        key = "" if self.key is None else _short(text_of(self.key(outputs)))
        seconds = limit.per_seconds if isinstance(limit, Rate) else 0.0
        return Gate(name, limit.at_most, seconds, key, limit.when_full == "skip")


def run_gates(limits: RunLimits | None) -> tuple[RunGate, ...]:
    """What each run has to pass to begin: first the number at once, so that no turn is wasted waiting."""
    given = (limits.concurrency, limits.rate) if limits is not None else ()
    return tuple(
        RunGate(limit, None if limit.key is None else compile_value(limit.key))
        for limit in given
        if limit is not None
    )


def step_gates(limits: StepLimits, type_id: str, params: BaseModel) -> tuple[Gate, ...]:
    """What this step has to pass; without a name of its own the host it calls counts, else its type."""
    name = OF_STEPS + _short(limits.name.strip() or _host(params) or type_id)
    gates = []
    if limits.at_once is not None:
        gates.append(Gate(name, limits.at_once))
    if limits.at_most is not None and limits.per_seconds is not None:
        gates.append(Gate(name, limits.at_most, limits.per_seconds))
    return tuple(gates)


def _host(params: BaseModel) -> str:
    url = getattr(params, "url", None)
    try:
        return (urlsplit(url.strip()).hostname or "") if isinstance(url, str) else ""
    except ValueError:  # the step itself will say what is wrong with it
        return ""


def _short(text: str) -> str:
    """Storable, and still different for different texts."""
    clean = without_nul(text).encode("utf-8", "replace").decode()
    if len(clean) <= _LONGEST:
        return clean
    return f"{clean[: _LONGEST - 41]} {hashlib.sha256(clean.encode()).hexdigest()[:40]}"


Verdict = Checkpoint | Committed | None
"""None: it begins. A checkpoint: it ends with it. Else it waits, or is no longer ours (not written)."""


async def admit(store: Store, arrivals: Sequence[Session]) -> list[tuple[Session, Verdict]]:
    """What becomes of runs that have not begun. Raises StoreUnavailable."""
    verdicts: list[tuple[Session, Verdict]] = []
    asking: list[tuple[Session, Ask]] = []
    for session in arrivals:
        session.had_waits = session.run.status == "waiting"  # for its turn
        if session.deadline is not None and session.now() >= session.deadline:
            verdicts.append((session, None))  # it begins, finds that its time is over, and ends
            continue
        try:
            asking.append((session, _ask(session)))
        except UserError as error:
            found = from_exception(error, "", "") | {"field": "limits"}
            verdicts.append((session, _end(session, "failed", found)))
    turns = await store.admit([ask for _, ask in asking]) if asking else []
    for (session, _), turn in zip(asking, turns, strict=True):
        if turn.passed:
            verdicts.append((session, None))
        elif turn.gate is not None and turn.skipped:
            verdicts.append((session, _end(session, "cancelled", _refusal(turn.gate))))
        else:
            verdicts.append((session, Committed(not turn.lost)))
    return verdicts


def _ask(session: Session) -> Ask:
    run, name = session.run, f"{OF_SCENARIO}{session.run.scenario_id}"
    gates = tuple(gate.of(name, session.root.outputs) for gate in session.program.gates)
    key = session.run_key
    place = (run.run_id, run.claim, run.workspace_id, run.scenario_id)
    return Ask(*place, key, key, gates, parks=True, deadline=session.deadline)


def _refusal(gate: Gate) -> Json:
    params: dict[str, Any] = {"limit": gate.at_most}
    if not gate.per_seconds:
        return make_error("skipped_full", params=params)
    return make_error("skipped_rate", params=params | {"seconds": int(gate.per_seconds) or gate.per_seconds})


def _end(session: Session, status: str, error: Json) -> Checkpoint:
    """The run did nothing; its history says why."""
    session.error = error
    made = session.checkpoint(FAIL)
    made.status, made.had_waits = status, True
    return made
