"""A limit as a store knows it: the gate to pass, who asks to pass it, and what becomes of that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

OF_SCENARIO = "scenario:"
OF_STEPS = "step:"


@dataclass(frozen=True, slots=True)
class Gate:
    """At most `at_most` at once; with `per_seconds` at most so many that pass within any such time.

    `name` begins with OF_SCENARIO or OF_STEPS; each `key` counts by itself. `skips`: nobody waits here.
    """

    name: str
    at_most: int
    per_seconds: float = 0.0
    key: str = ""
    skips: bool = False

    def id(self, workspace_id: UUID) -> UUID:
        """The same for everybody who has to pass it."""
        kind = "rate" if self.per_seconds else "slots"
        return uuid5(workspace_id, f"{kind}\0{self.name}\0{self.key}")


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody wants to pass gates, one after the other. Asking again finds what it has already.

    `holder` keeps its place at a gate for so many at once until it is given back; `turn` names this one passing
    of a gate for so many in a time. `parks`: the run as a whole waits, so it leaves the work table if it has to;
    it is woken at its `deadline` in any case.
    """

    run_id: UUID
    claim: int
    workspace_id: UUID
    scenario_id: UUID
    holder: str
    turn: str
    gates: Sequence[Gate]
    parks: bool = False
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """`passed` all gates, or stands at `gate`: until a moment, or (None) until a place is given back to it.

    `lost`: the run is no longer ours. Where the gate skips, nothing waits.
    """

    passed: bool
    lost: bool = False
    gate: Gate | None = None
    until: datetime | None = None
    seconds: float = 0.0
    """How long it is until that moment, by the store's clock."""

    @property
    def skipped(self) -> bool:
        """It could not pass, and does not wait."""
        return self.gate is not None and self.gate.skips
