"""Limits of the store's in-memory twin: the same rules as on PostgreSQL, without rows."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

from potok.engine.gates import Ask, Gate, Turn
from potok.engine.ports import Checkpoint


@dataclass(slots=True)
class Place:
    """A row: see potok.runs.models_limits.LimitPlace."""

    run_id: UUID
    gate: Gate
    state: str
    number: int
    at: datetime | None = None


class MemoryLimits:
    """`status` tells the state a run is in."""

    def __init__(self, status: Callable[[UUID], str]) -> None:
        self.places: dict[tuple[UUID, str], Place] = {}
        self._status = status
        self._numbers = count()

    def go_through(self, ask: Ask) -> Turn:
        """As far as it comes."""
        for gate in ask.gates:
            gate_id = gate.id(ask.workspace_id)
            passes = self._in_time if gate.per_seconds else self._at_once
            stopped = passes(gate_id, gate, ask)
            if stopped is not None:
                return stopped
        return Turn(True)

    def _line(self, gate_id: UUID, state: str) -> list[tuple[str, Place]]:
        found = [
            (holder, one) for (gate, holder), one in self.places.items() if gate == gate_id and one.state == state
        ]
        return sorted(found, key=lambda item: item[1].number)

    def _at_once(self, gate_id: UUID, gate: Gate, ask: Ask) -> Turn | None:
        mine = self.places.get((gate_id, ask.holder))
        if mine is not None and mine.state == "held":
            return None
        before = [
            one
            for _, one in self._line(gate_id, "waiting")
            if (mine is None or one.number < mine.number) and self._status(one.run_id) != "paused"
        ]
        free = len(self._line(gate_id, "held")) < gate.at_most and not before
        if mine is None and (free or not gate.skips):
            mine = Place(ask.run_id, gate, "waiting", next(self._numbers))
            self.places[(gate_id, ask.holder)] = mine
        if free and mine is not None:
            mine.state = "held"
            return None
        return Turn(False, gate=gate)

    def _in_time(self, gate_id: UUID, gate: Gate, ask: Ask) -> Turn | None:
        now, mine = datetime.now(UTC), self.places.get((gate_id, ask.turn))
        if mine is None:
            given = sorted((one.at for _, one in self._line(gate_id, "turn") if one.at is not None), reverse=True)
            at = now
            if len(given) >= gate.at_most:
                at = max(now, given[gate.at_most - 1] + timedelta(seconds=gate.per_seconds))
            if at > now and gate.skips:
                return Turn(False, gate=gate)
            mine = self.places[(gate_id, ask.turn)] = Place(ask.run_id, gate, "turn", next(self._numbers), at)
        assert mine.at is not None
        left = (mine.at - now).total_seconds()
        return Turn(False, gate=gate, until=mine.at, seconds=left) if left > 0 else None

    def follow(self, made: Checkpoint) -> dict[UUID, list[str]]:
        """Give back, let the next ones in; the holders that have a place now, by run."""
        now = datetime.now(UTC)
        gone = [
            (key, one)
            for key, one in self.places.items()
            if one.run_id == made.run_id
            and (
                ((one.state != "turn" or (one.at or now) > now) and made.finished and made.limited)
                or (one.state != "turn" and key[1] in made.releases)
            )
        ]
        for key, _ in gone:
            del self.places[key]
        passed = [holder for gate_id in {key[0] for key, _ in gone} for holder in self._next(gate_id)]
        passed += [
            (made.run_id, holder)
            for (_, holder), one in self.places.items()
            if holder in made.queued and one.run_id == made.run_id and one.state == "held"
        ]
        found: dict[UUID, list[str]] = {}
        for run_id, holder in dict.fromkeys(passed):
            found.setdefault(run_id, []).append(holder)
        return found

    def _next(self, gate_id: UUID) -> list[tuple[UUID, str]]:
        passed: list[tuple[UUID, str]] = []
        held = len(self._line(gate_id, "held"))
        for holder, one in self._line(gate_id, "waiting"):
            if self._status(one.run_id) == "paused":
                continue
            if held >= one.gate.at_most:
                break
            held += 1
            self.places[(gate_id, holder)] = replace(one, state="held")
            passed.append((one.run_id, holder))
        return passed
