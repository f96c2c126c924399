"""Checks conditions and cases as written in a node's params (what they mean is `potok.sdk.holds`)."""

from collections.abc import Iterator
from typing import Any

from potok.graph.shape import Misfit, Path
from potok.graph.values import is_dynamic
from potok.sdk.conditions import OPS, UNARY, holds

__all__ = ["case_misfits", "condition_misfits", "holds"]

RESERVED_CASES = frozenset({"else"})


def condition_misfits(value: Any, path: Path = ()) -> Iterator[Misfit]:
    """No rule, an unknown operator, a side that is missing: each with its place."""
    if is_dynamic(value):
        yield Misfit("condition_not_a_pill", path)
        return
    if value is None or value == {}:
        yield Misfit("condition_without_rule", path)
        return
    if not isinstance(value, dict) or value.get("match", "all") not in ("all", "any"):
        yield Misfit("condition_malformed", path)
        return
    rules = value.get("rules")
    if not isinstance(rules, list) or not rules:
        yield Misfit("condition_without_rule", path)
        return
    for key in value.keys() - {"match", "rules"}:
        yield Misfit("param_part_unknown", (*path, str(key)), {"part": key})
    for index, rule in enumerate(rules):
        yield from _rule(rule, (*path, "rules", str(index)))


def _rule(rule: Any, path: Path) -> Iterator[Misfit]:
    if not isinstance(rule, dict) or is_dynamic(rule):
        yield Misfit("condition_malformed", path)
        return
    if "rules" in rule:
        yield from condition_misfits(rule, path)
        return
    op = rule.get("op")
    if not isinstance(op, str) or op not in OPS:
        yield Misfit("condition_operator", (*path, "op"), {"op": op})
        return
    if rule.get("left") in (None, ""):
        yield Misfit("condition_left_missing", (*path, "left"))
    right = rule.get("right")
    if op not in UNARY and (right is None or (right == "" and op not in ("eq", "ne"))):
        yield Misfit("condition_right_missing", (*path, "right"))
    for key in rule.keys() - {"left", "op", "right"}:
        yield Misfit("param_part_unknown", (*path, str(key)), {"part": key})


def case_misfits(value: Any, path: Path = ()) -> Iterator[Misfit]:
    """Two branches of one name, a reserved name, and whatever is wrong with their conditions."""
    if not isinstance(value, list):
        if is_dynamic(value):
            yield Misfit("condition_not_a_pill", path)
        return
    seen: set[str] = set()
    for index, case in enumerate(value):
        if not isinstance(case, dict) or is_dynamic(case):
            yield Misfit("condition_malformed", (*path, str(index)))
            continue
        case_id = case.get("id")
        if isinstance(case_id, str):
            if case_id in seen or case_id in RESERVED_CASES:
                yield Misfit("case_twice", (*path, str(index), "id"), {"case": case_id})
            seen.add(case_id)
        yield from condition_misfits(case.get("when"), (*path, str(index), "when"))
