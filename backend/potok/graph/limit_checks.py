"""Checks limits: complete, storable, and keyed by what the trigger brings only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from potok.graph.formula_checks import formula_problems
from potok.graph.limit_settings import RunLimits
from potok.graph.limits import MAX_DEPTH, MAX_SIZE, depth_and_size
from potok.graph.model import Node
from potok.graph.problems import Problem
from potok.graph.shape import bad_values, is_storable
from potok.graph.values import refs
from potok.sdk.node import Kind, NodeType

Path = tuple[str, ...]


def run_limit_problems(
    limits: RunLimits, places: Mapping[str, int], nodes: Sequence[Node], types: Mapping[str, NodeType]
) -> Iterator[Problem]:
    """Everything wrong with the keys of a scenario's limits. `places`: node id -> its position."""
    for name, limit in (("concurrency", limits.concurrency), ("rate", limits.rate)):
        if limit is not None and limit.key is not None:
            yield from _key_problems(limit.key, ("settings", "limits", name, "key"), places, nodes, types)


def _key_problems(
    key: Any, at: Path, places: Mapping[str, int], nodes: Sequence[Node], types: Mapping[str, NodeType]
) -> Iterator[Problem]:
    depth, size = depth_and_size(key)
    if depth > MAX_DEPTH or size > MAX_SIZE:
        deep = depth > MAX_DEPTH
        limit = MAX_DEPTH if deep else MAX_SIZE // 1024
        yield Problem("params_too_deep" if deep else "params_too_large", path=at, params={"limit": limit})
        return
    if wrong := list(bad_values({"key": key})):
        for misfit in wrong:
            yield Problem(misfit.code, path=(*at, *misfit.path[1:]), params={"field": "key", **misfit.params})
        return
    for path, (target, *_) in refs(key):
        found = places.get(str(target))
        kind = types[nodes[found].type].kind if found is not None and nodes[found].type in types else None
        if kind is not Kind.TRIGGER:
            yield Problem("limit_key_not_trigger", path=(*at, *map(str, path)))
    # A step of its own that exists nowhere: formulas are checked in the parameters of steps.
    carrier = Node(id="limit", type="potok.limit", params={"key": key})
    for problem in formula_problems(carrier, places, nodes, types):
        yield replace(problem, node_id=None, node_type="", path=(*at, *problem.path[2:]))


def step_limit_problems(node: Node) -> Iterator[Problem]:
    """Everything wrong with the limits of a step."""
    limits = node.settings.limits
    if limits is None:
        return
    at = ("settings", "limits")
    if not is_storable(limits.name):
        yield Problem("value_not_storable", node_id=node.id, path=(*at, "name"), params={"field": "name"})
    if (limits.at_most is None) != (limits.per_seconds is None):
        missing = "at_most" if limits.at_most is None else "per_seconds"
        yield Problem("limit_half", node_id=node.id, path=(*at, missing), node_type=node.type)
    elif limits.at_once is None and limits.at_most is None:
        yield Problem("limit_empty", node_id=node.id, path=at, node_type=node.type)
