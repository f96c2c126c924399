"""Brings older documents and older node params to the present form, step by step."""

import copy
from collections.abc import Callable
from typing import Any

from potok.graph.model import FORMAT, Graph, Node
from potok.graph.problems import Problem, Types
from potok.sdk.node import NodeType

Raw = dict[str, Any]

CURRENT = int(FORMAT.partition("/")[2])

UPGRADES: dict[int, Callable[[Raw], Raw]] = {}
"""Format number -> a function that makes the document of the next number. `potok/1` is the first format."""


class FormatRefused(Exception):
    """The document's format is none we can read; `problem` has the words."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.words().message)
        self.problem = problem


def upgrade(raw: Raw, upgrades: dict[int, Callable[[Raw], Raw]] | None = None, current: int = CURRENT) -> Raw:
    """The document in the present format (the very same object when it is already). Raises FormatRefused."""
    steps = UPGRADES if upgrades is None else upgrades
    number = _number(raw.get("format"))
    if number > current:
        raise FormatRefused(Problem("format_newer", path=("format",), params={"format": raw["format"]}))
    while number < current:
        step = steps.get(number)
        if step is None:
            raise FormatRefused(Problem("format_unknown", path=("format",), params={"format": raw["format"]}))
        number += 1
        raw = {**step(copy.deepcopy(raw)), "format": f"potok/{number}"}
    return raw


def _number(found: Any) -> int:
    if found is None:
        raise FormatRefused(Problem("format_missing", path=("format",)))
    name, _, number = found.partition("/") if isinstance(found, str) else ("", "", "")
    if name != "potok" or not (number.isascii() and number.isdigit() and len(number) < 6):
        raise FormatRefused(Problem("format_unknown", path=("format",), params={"format": str(found)[:40]}))
    return int(number)


def migrate_params(node: Node, node_type: NodeType) -> tuple[dict[str, Any], Problem | None]:
    """The node's params for the version of the code we have.

    With a problem (and the params untouched) when a step is missing or fails, or the node is newer than the code.
    """
    version, params = node.version, node.params
    if version > node_type.version:
        return params, _problem("newer_version", node, ours=node_type.version)
    if version < node_type.version:
        params = copy.deepcopy(params)
    while version < node_type.version:
        step = node_type.migrations.get(version)
        if step is None:
            return node.params, _problem("migration_missing", node, at=version, ours=node_type.version)
        try:
            params = step(params)
        except Exception as error:  # a plugin's code; whatever it raises is its own fault and must not stop us
            return node.params, _problem("migration_failed", node, at=version, reason=str(error)[:200])
        version += 1
    if not isinstance(params, dict):
        return node.params, _problem("migration_failed", node, at=node.version, reason="no object came back")
    return params, None


def migrate_graph(graph: Graph, types: Types) -> tuple[Graph, list[Problem]]:
    """The graph with every node at the version of the code we have; nodes with a problem stay as they are."""
    problems: list[Problem] = []
    nodes: list[Node] = []
    for node in graph.nodes:
        node_type = types.get(node.type)
        if node_type is None or node_type.version == node.version:
            nodes.append(node)
            continue
        params, problem = migrate_params(node, node_type)
        if problem is not None:
            problems.append(problem)
            nodes.append(node)
        else:
            nodes.append(node.model_copy(update={"params": params, "version": node_type.version}))
    return graph.model_copy(update={"nodes": nodes}), problems


def _problem(code: str, node: Node, **params: Any) -> Problem:
    return Problem(
        code, node_id=node.id, params={"type": node.type, "version": node.version, **params}, node_type=node.type
    )
