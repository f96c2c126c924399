"""A memory without a database, for tests of plugins and of the engine: the same rules, kept in dictionaries."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Context, Decimal
from typing import Any

from potok.sdk.memory import AddToVariable, FirstSeen, GetVariable, Question, SetVariable

EXACT = Context(prec=1000)
"""Adds without rounding, as PostgreSQL does."""


@dataclass(slots=True)
class KeptMemory:
    """What is remembered: things seen, variables, and the answers given by effect key."""

    seen: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    variables: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)

    def ask(self, key: str, question: Question, *, workspace: str, scenario: str, run: str, now: datetime) -> Any:
        """The answer; the one given before where this key has asked already."""
        if isinstance(question, GetVariable):
            found = self.variables.get((workspace, scope_of(question, scenario), question.name))
            return None if found is None else dict(found)
        if key not in self.answers:
            self.answers[key] = self._answer(question, workspace, scenario, run, now)
        return self.answers[key]

    def _answer(self, question: Question, workspace: str, scenario: str, run: str, now: datetime) -> Any:
        scope = scope_of(question, scenario)
        if isinstance(question, FirstSeen):
            return self._see((workspace, scope, question.key), question, run, now)
        place = (workspace, scope, question.name)
        before = self.variables.get(place)
        if isinstance(question, SetVariable):
            self.variables[place] = {"kind": question.kind, "value": question.value}
            return before
        assert isinstance(question, AddToVariable)
        if before is not None and before["kind"] != "number":
            return None
        total = EXACT.add(question.amount, Decimal("0" if before is None else before["value"]))
        self.variables[place] = {"kind": "number", "value": format(total, "f")}
        return dict(self.variables[place])

    def _see(self, place: tuple[str, str, str], question: FirstSeen, run: str, now: datetime) -> dict[str, Any]:
        known = self.seen.get(place)
        if known is None or datetime.fromisoformat(known["first_at"]) <= now - question.within:
            known = {"first_run_id": run, "first_at": now.isoformat(), "times": 0}
        self.seen[place] = known | {"times": known["times"] + 1}
        return dict(self.seen[place])


def scope_of(question: Question, scenario: str) -> str:
    """Where: variables by scenario ("": the whole workspace), things seen by scenario or shared name."""
    if isinstance(question, FirstSeen):
        return f"shared:{question.shared}" if question.shared else f"scenario:{scenario}"
    return scenario if question.scope == "scenario" else ""
