"""Checks a trigger's start condition (`settings.start_if`): readable, small, about this trigger's data only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from potok.graph.conditions import condition_misfits
from potok.graph.formula_checks import formula_problems
from potok.graph.limits import MAX_DEPTH, MAX_SIZE, depth_and_size
from potok.graph.model import Node
from potok.graph.problems import Problem
from potok.graph.shape import bad_values
from potok.graph.values import refs
from potok.sdk.node import NodeType

NAME = "start_if"
PLACE = ("settings", NAME)


def start_problems(
    node: Node, places: Mapping[str, int], nodes: Sequence[Node], types: Mapping[str, NodeType]
) -> Iterator[Problem]:
    """Everything wrong with the start condition of a trigger that has one."""
    given = node.settings.start_if
    if given is None:
        return
    depth, size = depth_and_size(given)
    if depth > MAX_DEPTH or size > MAX_SIZE:
        code = "params_too_deep" if depth > MAX_DEPTH else "params_too_large"
        limit = MAX_DEPTH if depth > MAX_DEPTH else MAX_SIZE // 1024
        yield Problem(code, "error", node.id, PLACE, {"limit": limit, "field": NAME}, node.type)
        return
    for misfit in list(bad_values(given)) or condition_misfits(given):
        yield Problem(
            misfit.code, "error", node.id, (*PLACE, *misfit.path), {"field": NAME, **misfit.params}, node.type
        )
    for path, (target, *_) in refs(given):
        if target != node.id:
            place = (*PLACE, *map(str, path))
            yield Problem("start_if_foreign", "error", node.id, place, {"field": NAME}, node.type)
    as_param = node.model_copy(update={"params": {NAME: given}})
    for problem in formula_problems(as_param, places, nodes, types):
        yield replace(problem, path=("settings", *problem.path[1:]))
