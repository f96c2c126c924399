"""Graphs as this room receives and stores them: read strictly, kept as plain JSON, compared by meaning."""

from collections.abc import Iterator
from typing import Any

from potok.graph.model import Graph, Node
from potok.graph.parse import parse
from potok.graph.problems import Types
from potok.problems import Refused
from potok.sdk.node import NodeType


def read_graph(value: Any) -> Graph:
    """The graph in a JSON value from outside. Raises Refused with every malformed place; what it means is free."""
    graph, problems = parse(value)
    if graph is None:
        raise Refused(*problems)
    return graph


def load_graph(value: dict[str, Any]) -> Graph:
    """A graph this room has stored."""
    return Graph.model_validate(value)


def stored(graph: Graph) -> dict[str, Any]:
    """The JSON that is written to the database."""
    return graph.model_dump(mode="json")


def starts(graph: Graph, types: Types, start: str) -> Iterator[tuple[Node, NodeType]]:
    """The triggers that start this way (webhook, manual, schedule) and are not switched off."""
    for node in graph.nodes:
        found = types.get(node.type, node.version)
        if found is not None and found.start == start and not node.disabled:
            yield node, found
