"""Reads a journal: what each step did, in the order they began, with the skipped ones at their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from potok.runs.service.items import Counts

SHORT = 100
"""Entries of a list that the step of a loop shows; its items are asked for by page."""
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One node's execution inside a run, as the history shows it."""

    node_id: str
    node_type: str
    status: str
    port: str | None
    attempt: int
    input: Any
    output: Any
    error: Mapping[str, Any] | None
    started_at: datetime | None
    finished_at: datetime | None
    waits_until: datetime | None
    called_run: str | None = None
    undoing: bool = False
    shortened: bool = False
    counts: Counts | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """A step whose undoing is over; with an error: it could not be undone."""

    node_id: str
    error: Mapping[str, Any] | None


def steps_of(entries: Sequence[Entry], entry_node: str, payload: Any, inside: Sequence[Step] = ()) -> list[Step]:
    """The newest entry of each node, in the order the nodes began; the trigger's output is the event's payload.

    `inside`: what was done inside loops, counted.
    """
    lines: dict[str, list[Entry]] = {}
    began: dict[str, tuple[float, int]] = {}
    clock = 0.0
    for place, entry in enumerate(entries):
        if "it" in entry:  # an item is over, or an undoing: other fields tell of those
            continue
        clock = max(clock, entry.get("t0") or 0)
        began.setdefault(entry["n"], (entry.get("t0") or clock, place))
        lines.setdefault(entry["n"], []).append(entry)
    counted = {step.node_id: step for step in inside}
    found = []
    for name, mine in lines.items():
        step = step_of(name, mine)
        if name == entry_node:
            step = replace(step, output=payload)
        if (tally := counted.pop(name, None)) is not None:
            step = _short(replace(step, counts=tally.counts))
        found.append(step)
    for name, step in counted.items():
        began[name] = (step.started_at.timestamp() * 1000 if step.started_at else clock, len(entries))
        found.append(step)
    return sorted(found, key=lambda step: began[step.node_id])


def in_place(steps: Sequence[Step], before: Mapping[str, Iterable[str]]) -> list[Step]:
    """Skipped steps behind the last of those that lead to them, instead of where the journal noted them.

    `before`: node -> the nodes with a wire to it, in the order of the graph.
    """
    placed = [step for step in steps if step.status != "skipped"]
    left = {step.node_id: step for step in steps if step.status == "skipped"}
    while left:
        name = next(
            (one for one in left if not any(other in left for other in before.get(one, ()))), next(iter(left))
        )
        leading = set(before.get(name, ()))
        at = max((place + 1 for place, step in enumerate(placed) if step.node_id in leading), default=len(placed))
        while at < len(placed) and placed[at].status == "skipped":
            at += 1
        placed.insert(at, left.pop(name))
    return placed


def undone_of(entries: Iterable[Entry]) -> list[Undone]:
    """Steps that were undone after the run had failed, or could not be; in that order."""
    return [Undone(one["n"], one.get("e")) for one in entries if one.get("it") and one.get("x") == [-1]]


def step_of(node_id: str, entries: Sequence[Entry]) -> Step:
    """One step out of its entries, oldest first: the newest tells, what came in may stand in an earlier one."""
    entry = entries[-1]
    given = entry.get("i")
    if "i" not in entry:
        earlier = (one["i"] for one in reversed(entries) if "i" in one and one.get("x") == entry.get("x"))
        given = next(earlier, None)
    until = entry.get("u")
    return Step(
        node_id=node_id,
        node_type=entry.get("t", ""),
        status=entry["s"],
        port=entry.get("p"),
        attempt=entry.get("a") or 1,
        input=given,
        output=entry.get("o"),
        error=entry.get("e"),
        started_at=time_of(entry.get("t0")),
        finished_at=time_of(entry.get("t1")),
        waits_until=datetime.fromisoformat(until) if until else None,
        called_run=next((str(one["k"]) for one in reversed(entries) if one.get("k")), None),
        undoing=entry.get("x") == [-1],
    )


def time_of(milliseconds: float | None) -> datetime | None:
    """A moment of the journal."""
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)


def _short(step: Step) -> Step:
    """A loop's lists may hold ten thousand entries: the first are shown, the items are asked for by page."""
    given, came = _cut(step.input), _cut(step.output)
    return replace(step, input=given, output=came, shortened=given != step.input or came != step.output)


def _cut(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: one[:SHORT] if isinstance(one, list) else one for name, one in value.items()}
