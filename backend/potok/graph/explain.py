"""Which rules decided whether conditions hold, with the values they looked at. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from potok.graph.formula_values import CLOCK
from potok.graph.values import compile_value, is_ref
from potok.sdk.conditions import OPS, UNARY
from potok.sdk.outcome import UserError
from potok.sdk.text import text_of

LONGEST = 200
"""Characters of a shown value or name."""
MOST = 20
"""Rules told of one conditions value."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule that decided. `label`: keys of the data looked at; `found`, `wanted`: as text, None for nothing."""

    label: str
    op: str
    found: str | None
    wanted: str | None
    holds: bool
    case: str | None = None
    """Which way of a switch it belongs to."""

    def stored(self) -> dict[str, Any]:
        """As an event keeps it."""
        return {"label": self.label, "op": self.op, "found": self.found, "wanted": self.wanted}


def read_rule(value: Any) -> RuleResult | None:
    """A rule an event kept; None for anything else."""
    if not isinstance(value, Mapping) or value.get("op") not in OPS:
        return None
    found, wanted = value.get("found"), value.get("wanted")
    return RuleResult(str(value.get("label", "")), str(value["op"]), _text(found), _text(wanted), holds=False)


def explain(written: Any, resolved: Any) -> tuple[bool, list[RuleResult]]:
    """Whether the conditions hold, and the rules because of which: at most MOST.

    `written` are the conditions of the document, whose pills give the names; `resolved` the same with values.
    Raises ValueError for what is no conditions value.
    """
    holds, deciding = _group(written, resolved)
    return holds, deciding[:MOST]


def explain_cases(written: Any, resolved: Any) -> list[RuleResult]:
    """The rules that decided for each way of a switch, up to the one that was taken."""
    told: list[RuleResult] = []
    for place, case in enumerate(resolved if isinstance(resolved, list) else ()):
        other = written[place] if isinstance(written, list) and place < len(written) else None
        title = str(case.get("title") or place + 1)[:LONGEST]
        holds, rules = _group(_part(other, "when"), case.get("when"))
        told += [RuleResult(one.label, one.op, one.found, one.wanted, one.holds, title) for one in rules]
        if holds:
            break
    return told[:MOST]


def _group(written: Any, resolved: Any) -> tuple[bool, list[RuleResult]]:
    if not isinstance(resolved, Mapping) or resolved.get("match", "all") not in ("all", "any"):
        raise ValueError("not a conditions value")
    wants_all = resolved.get("match", "all") == "all"
    looked = [_rule(*pair) for pair in _pairs(_part(written, "rules"), resolved.get("rules") or ())]
    holds = all(one for one, _ in looked) if wants_all else any(one for one, _ in looked)
    deciding = [rules for one, rules in looked if one == holds]
    if holds and not wants_all:
        deciding = deciding[:1]  # the first that holds is enough
    return holds, [rule for rules in deciding for rule in rules]


def _pairs(written: Any, rules: Any) -> Iterator[tuple[Any, Any]]:
    for place, rule in enumerate(rules):
        yield (written[place] if isinstance(written, list) and place < len(written) else None), rule


def _rule(written: Any, rule: Any) -> tuple[bool, list[RuleResult]]:
    if not isinstance(rule, Mapping):
        raise ValueError("not a rule")
    if "rules" in rule:
        return _group(written, rule)
    op, left, right = rule.get("op"), rule.get("left"), rule.get("right")
    if not isinstance(op, str) or op not in OPS:
        raise ValueError(f"unknown operator {op!r}")
    holds = OPS[op](left, right)
    wanted = None if op in UNARY else shown(right)
    return holds, [RuleResult(_label(_part(written, "left")), op, shown(left), wanted, holds)]


def _part(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None


def _label(left: Any) -> str:
    """ "body · amount" of a pill, places in lists counted from one; the formula itself; else nothing."""
    if is_ref(left):
        keys = left["$ref"][1:]
        return _cut(" · ".join(key if isinstance(key, str) else f"#{key + 1}" for key in keys))
    formula = _part(left, "$formula")
    return _cut(formula) if isinstance(formula, str) else ""


def shown(value: Any) -> str | None:
    """A value as text of at most LONGEST characters; None for nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, list | dict):
        # Cut before it is written out: a body of megabytes is not worth the time.
        value = value[:LONGEST] if isinstance(value, list) else dict(list(value.items())[:LONGEST])
    return _cut(text_of(value))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why a trigger's condition let nothing start: rules that did not hold, or what kept it from being checked."""

    rules: tuple[RuleResult, ...] = ()
    error: str = ""
    code: str = ""
    """Of the error, where it has words in every language (formulas have)."""
    params: Mapping[str, Any] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """As an event keeps it."""
        if self.error:
            params = {key: one if isinstance(one, int) else _cut(str(one)) for key, one in self.params.items()}
            said = {"error": _cut(self.error), "code": self.code, "params": params}
            return {"stopped_by": "condition_error", **said}
        return {"stopped_by": "condition", "rules": [rule.stored() for rule in self.rules]}


class StartCondition:
    """A trigger's `start_if`, compiled once and asked for every event."""

    def __init__(self, node_id: str, conditions: Mapping[str, Any]) -> None:
        self._node_id = node_id
        self._written = conditions
        self._resolve = compile_value(conditions)

    def stops(self, payload: Any, now: Callable[[], datetime]) -> Stopped | None:
        """Why nothing starts; None when the conditions hold. Never raises for what a payload holds."""
        try:
            holds, rules = explain(self._written, self._resolve({self._node_id: payload, CLOCK: now}))
        except UserError as error:
            return Stopped((), error.message, error.code, error.params)
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            return Stopped(error=f"{type(error).__name__}: {error}")
        return None if holds else Stopped(tuple(rules))
