"""Rules that decided, as the schema shows them: of conditions in a run, and of a trigger's start condition."""

from collections.abc import Iterable, Mapping
from typing import Any

import strawberry

from potok.gql import Info
from potok.graph.explain import RuleResult as Decided
from potok.graph.explain import explain, explain_cases
from potok.graph.rule_words import rule_words


@strawberry.type
class RuleResult:
    """One rule that decided: what was looked at, what was found there, and in words why it holds or does not."""

    label: str
    operator: str
    found: str | None
    wanted: str | None
    holds: bool
    case: str | None
    words: str


def shown_rules(info: Info, rules: Iterable[Decided]) -> list[RuleResult]:
    """In the reader's language."""
    return [
        RuleResult(
            label=rule.label,
            operator=rule.op,
            found=rule.found,
            wanted=rule.wanted,
            holds=rule.holds,
            case=rule.case,
            words=rule_words(rule, info.context.locale),
        )
        for rule in rules
    ]


def explained(info: Info, node_type: str, node: Mapping[str, Any] | None, given: Any) -> list[RuleResult]:
    """Why a condition went the way it did: its journalled input (`given`), named by the pills of its `node`."""
    found = info.context.catalog.get(node_type)
    if found is None or not isinstance(given, Mapping):
        return []
    written = (node or {}).get("params", {})
    for name, field in found.input_schema.get("properties", {}).items():
        try:
            if field.get("x-kind") == "conditions":
                return shown_rules(info, explain(written.get(name), given.get(name))[1])
            if field.get("x-kind") == "cases":
                return shown_rules(info, explain_cases(written.get(name), given.get(name)))
        except (ValueError, TypeError, AttributeError, RecursionError):
            return []  # what the journal kept is no conditions value; the step's error says so
    return []
