"""Reads a journal: what each step did, in the order they began."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


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


def steps_of(entries: Sequence[Mapping[str, Any]], entry_node: str, payload: Any) -> list[Step]:
    """The newest entry of each node, in the order the nodes began; the trigger's output is the event's payload."""
    newest: dict[str, Mapping[str, Any]] = {}
    began: dict[str, tuple[int, int]] = {}
    clock = 0
    for place, entry in enumerate(entries):
        if "it" in entry:  # an item of a loop is over; the loop's own entries tell of the whole
            continue
        if (
            "i" not in entry
            and (earlier := newest.get(entry["n"])) is not None
            and earlier.get("x") == entry.get("x")
        ):
            entry = {**entry, "i": earlier.get("i")}
        clock = max(clock, entry.get("t0") or 0)
        began.setdefault(entry["n"], (entry.get("t0") or clock, place))
        newest[entry["n"]] = entry
    ordered = sorted(newest.values(), key=lambda entry: began[entry["n"]])
    return [_step(entry, payload if entry["n"] == entry_node else entry.get("o")) for entry in ordered]


def _step(entry: Mapping[str, Any], output: Any) -> Step:
    until = entry.get("u")
    return Step(
        node_id=entry["n"],
        node_type=entry.get("t", ""),
        status=entry["s"],
        port=entry.get("p"),
        attempt=entry.get("a") or 1,
        input=entry.get("i"),
        output=output,
        error=entry.get("e"),
        started_at=_moment(entry.get("t0")),
        finished_at=_moment(entry.get("t1")),
        waits_until=datetime.fromisoformat(until) if until else None,
    )


def _moment(milliseconds: float | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
