"""Says everything that is wrong with a document, each problem with its place. Pure, linear, never raises."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from potok.graph.blocks import LOOP_PORT, bodies, crossing
from potok.graph.formula_checks import formula_problems
from potok.graph.limit_checks import run_limit_problems, step_limit_problems
from potok.graph.limits import MAX_EDGES, MAX_NODES
from potok.graph.model import ERROR_PORT, UNDO_PORT, Edge, Graph, Node, NodeSettings
from potok.graph.order import Links, ancestors, components, cycle_in, reachable
from potok.graph.params import param_problems, size_problem
from potok.graph.problems import Problem, Types
from potok.graph.references import ref_problems
from potok.graph.shape import is_storable
from potok.graph.start import start_problems
from potok.sdk.node import Kind, NodeType, Port


def ports_of(node: Node, node_type: NodeType) -> tuple[Port, ...]:
    """The ways out of this node: one per case where the type says so, the fixed ones, `error` where it is set."""
    cases = node.params.get(node_type.ports_from) if node_type.ports_from else None
    own = [
        Port(case["id"], str(case.get("title") or ""))
        for case in (cases if isinstance(cases, list) else [])
        if isinstance(case, dict) and isinstance(case.get("id"), str)
    ]
    error = (Port(ERROR_PORT),) if node.settings.on_error == "branch" else ()
    undo = (Port(UNDO_PORT),) if node.settings.undo else ()
    return (*own, *node_type.ports, *error, *undo)


def validate(graph: Graph, types: Types) -> list[Problem]:
    """Every problem: those of the whole document first, then of the edges, then node by node."""
    if not graph.nodes:
        return [Problem("empty", path=("nodes",))]
    view = _view(graph, types)
    return [
        *_document_problems(view),
        *_edge_problems(view),
        *_order_problems(view),
        *_loop_problems(view),
        *(problem for place, node in enumerate(graph.nodes) for problem in _node_problems(view, place, node)),
    ]


@dataclass(slots=True)
class _View:
    graph: Graph
    all_types: Types
    types: dict[str, NodeType]
    places: dict[str, int]
    """Id -> position; of duplicates the first."""
    links: Links
    parts: list[list[int]]
    upstream: list[int]
    loops: dict[str, str]
    """Loop -> the port its items leave by; step that can be undone -> its port `undo`."""
    bodies: dict[str, set[str]]


def _view(graph: Graph, types: Types) -> _View:
    places: dict[str, int] = {}
    for place, node in enumerate(graph.nodes):
        places.setdefault(node.id, place)
    links: list[list[int]] = [[] for _ in graph.nodes]
    for edge in dict.fromkeys((edge.source, edge.target) for edge in graph.edges):
        if edge[0] in places and edge[1] in places:
            links[places[edge[0]]].append(places[edge[1]])
    parts = components(links)
    known = {name: types.get(name) for name in {node.type for node in graph.nodes}}
    found = {name: one for name, one in known.items() if one is not None}
    loops = {
        node.id: LOOP_PORT for node in graph.nodes if node.type in found and found[node.type].control == "loop"
    }
    loops |= {node.id: UNDO_PORT for node in graph.nodes if node.settings.undo and node.id not in loops}
    upstream = ancestors(links, parts)
    return _View(graph, types, found, places, links, parts, upstream, loops, bodies(graph, loops))


def _starts(view: _View) -> list[int]:
    """Positions of the triggers that may start the scenario."""
    return [
        place
        for place, node in enumerate(view.graph.nodes)
        if node.type in view.types and view.types[node.type].kind is Kind.TRIGGER and not node.disabled
    ]


def _document_problems(view: _View) -> Iterator[Problem]:
    graph = view.graph
    if len(graph.nodes) > MAX_NODES:
        yield Problem("too_many_nodes", path=("nodes",), params={"count": len(graph.nodes), "limit": MAX_NODES})
    if len(graph.edges) > MAX_EDGES:
        yield Problem("too_many_edges", path=("edges",), params={"count": len(graph.edges), "limit": MAX_EDGES})
    if not is_storable(graph.title):
        yield Problem("value_not_storable", path=("title",), params={"field": "title"})
    if not _starts(view) and all(node.type in view.types for node in graph.nodes):
        yield Problem("no_trigger", path=("nodes",))
    if graph.settings.limits is not None:
        yield from run_limit_problems(graph.settings.limits, view.places, graph.nodes, view.types)
    for node_id, count in Counter(node.id for node in graph.nodes).items():
        if count > 1:
            yield Problem("duplicate_id", node_id=node_id, path=("id",), params={"id": node_id, "count": count})


def _edge_problems(view: _View) -> Iterator[Problem]:
    seen: set[tuple[str, str, str]] = set()
    for index, edge in enumerate(view.graph.edges):
        path = ("edges", str(index))
        key = (edge.source, edge.port, edge.target)
        if key in seen:
            yield Problem("duplicate_edge", path=path, **_ends(view, edge))
            continue
        seen.add(key)
        missing = [end for end in (edge.source, edge.target) if end not in view.places]
        if missing:
            yield Problem("dangling_edge", path=path, params={"missing": ", ".join(missing)})
        elif edge.source == edge.target:
            yield Problem("self_edge", node_id=edge.source, params={"edge": index}, **_ends(view, edge))
        if not missing:
            yield from _wire_problems(view, edge, path)


def _wire_problems(view: _View, edge: Edge, path: tuple[str, ...]) -> Iterator[Problem]:
    source, target = (view.graph.nodes[view.places[end]] for end in (edge.source, edge.target))
    if source.type in view.types:
        ports = [port.id for port in ports_of(source, view.types[source.type])]
        if edge.port not in ports:
            params = {"port": edge.port, "ports": ", ".join(ports)}
            yield Problem("unknown_port", "error", None, path, params, "", ((source.title, source.type),))
    if target.type in view.types and view.types[target.type].kind is Kind.TRIGGER:
        yield Problem("edge_into_trigger", "error", None, path, {}, "", ((target.title, target.type),))


def _ends(view: _View, edge: Edge) -> dict[str, Any]:
    names = []
    for end in (edge.source, edge.target):
        node = view.graph.nodes[view.places[end]] if end in view.places else None
        names.append((node.title, node.type) if node is not None else (end, ""))
    return {"nodes": tuple(names)}


def _order_problems(view: _View) -> Iterator[Problem]:
    nodes = view.graph.nodes
    for part in view.parts:
        if len(part) > 1:
            ring = [nodes[place] for place in cycle_in(part, view.links)]
            names = tuple((node.title, node.type) for node in (*ring, ring[0]))
            params = {"ids": ", ".join(node.id for node in ring)}
            yield Problem("cycle", "error", ring[0].id, (), params, ring[0].type, names)
    starts = _starts(view)
    if not starts:
        return
    found = reachable(view.links, starts)
    for place, node in enumerate(nodes):
        is_trigger = node.type in view.types and view.types[node.type].kind is Kind.TRIGGER
        if place in starts and not view.links[place]:
            yield Problem("nothing_after_trigger", "warning", node.id, (), {}, node.type)
        elif place not in found and not is_trigger and view.places[node.id] == place:
            yield Problem("unreachable", "warning", node.id, (), {}, node.type)


def _loop_problems(view: _View) -> Iterator[Problem]:
    if any(len(part) > 1 for part in view.parts):
        return
    named = {node.id: (node.title, node.type) for node in view.graph.nodes}
    for position, owner, outward in crossing(view.graph, view.bodies, view.loops):
        edge = view.graph.edges[position]
        kind = "loop" if view.loops[owner] == LOOP_PORT else "undo"
        code = f"{kind}_wire_out" if outward else f"{kind}_wire_in"
        names = (named[edge.source], named[edge.target])
        yield Problem(code, "error", None, ("edges", str(position)), {}, "", names)
    for loop, body in view.bodies.items():
        if not body and not view.graph.nodes[view.places[loop]].disabled:
            code = "loop_empty" if view.loops[loop] == LOOP_PORT else "undo_empty"
            yield Problem(code, "warning", loop, (), {}, named[loop][1])


def _settings_problems(node: Node, node_type: NodeType, is_inside: bool) -> Iterator[Problem]:
    """Settings that could have no effect on a node of this type."""
    plain = NodeSettings()
    given = node.settings
    if given == plain:
        return
    fixed: tuple[str, ...] = ()
    if node_type.kind is Kind.TRIGGER:
        fixed = ("on_error", "retry", "timeout_seconds", "undo", "limits")
    elif node_type.control:
        fixed = ("retry", "timeout_seconds", "undo", "limits", "start_if")
    elif node_type.kind is Kind.CONDITION or is_inside:
        fixed = ("undo", "start_if")
    else:
        fixed = ("start_if",)
    for name in fixed:
        if getattr(given, name) != getattr(plain, name):
            yield Problem("setting_not_here", "error", node.id, ("settings", name), {"setting": name}, node.type)


def _node_problems(view: _View, place: int, node: Node) -> Iterator[Problem]:
    node_type = view.types.get(node.type)
    if node_type is None:
        yield Problem(
            "unknown_type", node_id=node.id, path=("type",), params={"type": node.type}, node_type=node.type
        )
    if not is_storable(node.title):
        yield Problem("value_not_storable", node_id=node.id, path=("title",), params={"field": "title"})
    if node.disabled:
        return
    limit = size_problem(node)
    if limit is not None:
        yield limit
        return
    inside = frozenset(loop for loop, body in view.bodies.items() if node.id in body)
    if node_type is not None:
        yield from _settings_problems(node, node_type, bool(inside))
        if node_type.kind is Kind.TRIGGER:
            yield from start_problems(node, view.places, view.graph.nodes, view.types)
        yield from param_problems(node, node_type)
    yield from step_limit_problems(node)
    yield from formula_problems(node, view.places, view.graph.nodes, view.types)
    yield from ref_problems(node, place, view.upstream[place], view.places, view.graph.nodes, view.types, inside)
