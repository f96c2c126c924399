"""The bodies of loops: what is reachable from a loop's port `item` and from none of its other ports."""

from collections.abc import Iterator, Mapping, Sequence

from potok.graph.model import Edge, Graph
from potok.graph.order import reachable

LOOP_PORT = "item"


def bodies(graph: Graph, loops: Mapping[str, str]) -> dict[str, set[str]]:
    """Loop -> the nodes of its body. `loops`: loop -> the port its items leave by. Nested bodies are inside."""
    if not loops:
        return {}
    places = {node.id: place for place, node in enumerate(graph.nodes)}
    links: list[list[int]] = [[] for _ in graph.nodes]
    for edge in graph.edges:
        if edge.source in places and edge.target in places:
            links[places[edge.source]].append(places[edge.target])
    found: dict[str, set[str]] = {}
    for loop, port in loops.items():
        inner = reachable(links, _targets(graph.edges, places, loop, lambda one, port=port: one == port))
        outer = reachable(links, _targets(graph.edges, places, loop, lambda one, port=port: one != port))
        found[loop] = {graph.nodes[place].id for place in inner - outer - {places[loop]}}
    return found


def _targets(edges: Sequence[Edge], places: Mapping[str, int], loop: str, wanted: object) -> list[int]:
    assert callable(wanted)
    return [
        places[edge.target]
        for edge in edges
        if edge.source == loop and wanted(edge.port) and edge.target in places
    ]


def crossing(
    graph: Graph, found: Mapping[str, set[str]], loops: Mapping[str, str]
) -> Iterator[tuple[int, str, bool]]:
    """Wires that cross the border of a body: (position of the edge, loop, whether it leads out)."""
    for position, edge in enumerate(graph.edges):
        for loop, body in found.items():
            starts, ends = edge.source in body, edge.target in body
            enters = edge.source == loop and edge.port == loops[loop]
            if starts and not ends:
                yield position, loop, True
            elif ends and not starts and not enters:
                yield position, loop, False
            elif enters and not ends:
                yield position, loop, True
