"""Graphs as this room receives and stores them: read strictly, kept as plain JSON, compared by meaning."""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from potok.graph.model import Graph, Node
from potok.graph.problems import Types
from potok.problems import Problem, Refused
from potok.sdk.node import NodeType


def read_graph(value: Any) -> Graph:
    """The graph in a JSON value. Raises Refused with every place that is malformed; no problem of meaning stops it."""
    try:
        return Graph.model_validate(value)
    except ValidationError as error:
        raise Refused(*(_malformed(found) for found in error.errors(include_url=False, include_input=False))) from None


def _malformed(found: Any) -> Problem:
    place = tuple(str(part) for part in found["loc"])
    return Problem("graph_malformed", {"place": ".".join(place) or "graph", "what": found["msg"]}, ("graph", *place))


def stored(graph: Graph) -> dict[str, Any]:
    """The JSON that is written to the database."""
    return graph.model_dump(mode="json")


def starts(graph: Graph, types: Types, start: str) -> Iterator[tuple[Node, NodeType]]:
    """The triggers that start this way (webhook, manual, schedule) and are not switched off."""
    for node in graph.nodes:
        found = types.get(node.type, node.version)
        if found is not None and found.start == start and not node.disabled:
            yield node, found
