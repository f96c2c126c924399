"""Where a formula stands in a scenario: the steps it may read, what is known of them, data to try it on. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from potok.graph.formula_checks import step_type
from potok.graph.formulas import Type, of_value
from potok.graph.formulas.types import ANY, record_of
from potok.graph.model import Graph, Node
from potok.graph.problems import Types
from potok.graph.values import resolve
from potok.sdk.node import Kind, NodeType
from potok.sdk.outcome import UserError

_DEEPEST = 4
_MOST_FIELDS = 500


@dataclass(frozen=True, slots=True)
class FormulaPlace:
    """`names` and `steps` are what the checks before publishing know; `known` also what sample data shows."""

    names: Mapping[str, Type] = field(default_factory=dict)
    steps: Mapping[str, Type] = field(default_factory=dict)
    known: Mapping[str, Type] = field(default_factory=dict)
    """The nearest step first."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Own titles of all steps by id; empty where the node type's title counts."""
    samples: Mapping[str, Any] = field(default_factory=dict)
    node_type: str = ""
    types: Mapping[str, str] = field(default_factory=dict)
    """Node type of every step."""


def formula_place(graph: Graph, types: Types, node_id: str, seen: Mapping[str, Any]) -> FormulaPlace:
    """`seen`: outputs of a real run by step id; other steps are filled from settings and the catalog."""
    nodes = {node.id: node for node in graph.nodes}
    here = nodes.get(node_id)
    if here is None:
        return FormulaPlace()
    before = _before(graph, node_id)
    own = types.get(here.type)
    if own is not None and own.kind is Kind.TRIGGER:
        before = [node_id]  # a start condition reads what the trigger itself brings
    steps: dict[str, Type] = {}
    known: dict[str, Type] = {}
    samples: dict[str, Any] = {}
    for name in reversed(before):  # the farthest first: later steps are tried on what earlier ones gave
        node, found = nodes[name], types.get(nodes[name].type)
        steps[name] = step_type(node, found)
        sample = seen[name] if name in seen else _sample(node, found, samples)
        if sample is not None:
            samples[name] = sample
        known[name] = _richer(steps[name], of_value(sample)) if sample is not None else steps[name]
    return FormulaPlace(
        steps=steps,
        known={name: known[name] for name in before},
        titles={name: node.title for name, node in nodes.items()},
        samples=samples,
        node_type=here.type,
        types={name: node.type for name, node in nodes.items()},
    )


def _before(graph: Graph, node_id: str) -> list[str]:
    """Ids of all steps before this one, the nearest first; each only after all that lie between."""
    into: dict[str, list[str]] = {node.id: [] for node in graph.nodes}
    for edge in graph.edges:
        if edge.source in into and edge.target in into:
            into[edge.target].append(edge.source)
    order: list[str] = []
    state = {node_id: 1}
    stack: list[tuple[str, Iterator[str]]] = [(node_id, iter(into[node_id]))]
    while stack:  # depth first by hand: a chain may be 2,000 steps long
        name, rest = stack[-1]
        after = next((one for one in rest if one not in state), None)
        if after is not None:
            state[after] = 1
            stack.append((after, iter(into[after])))
        else:
            stack.pop()
            order.append(name)
    return [name for name in reversed(order) if name != node_id]


def _sample(node: Node, node_type: NodeType | None, samples: Mapping[str, Any]) -> Any:
    if node_type is None or node.disabled:
        return None
    if node_type.control == "loop":
        return _loop_sample(node, node_type, samples)
    named = node.params.get(node_type.output_schema.get("x-keys-from", ""))
    if not isinstance(named, list):
        return node_type.sample
    rows = [one for one in named if isinstance(one, dict) and isinstance(one.get("name"), str)]
    return {one["name"]: _tried(one.get("value"), samples) for one in rows}


def _loop_sample(node: Node, node_type: NodeType, samples: Mapping[str, Any]) -> Any:
    items = _tried(node.params.get("items"), samples)
    known = node_type.sample if isinstance(node_type.sample, dict) else {}
    return {**known, "item": items[0], "index": 0} if isinstance(items, list) and items else known or None


def _tried(value: Any, samples: Mapping[str, Any]) -> Any:
    try:
        return resolve(value, samples)
    except UserError:
        return None


def _richer(known: Type, seen: Type) -> Type:
    """What a schema says, and what data shows where it says nothing."""
    if known.kind in ("any", "empty"):
        return seen
    if known.kind == "list" and seen.kind == "list":
        return Type("list", _richer(known.of or ANY, seen.of or ANY))
    if known.kind != "record" or seen.kind != "record":
        return known
    ours, theirs = known.fields or {}, seen.fields or {}
    names = dict.fromkeys((*ours, *theirs))
    return record_of({name: _richer(ours.get(name, ANY), theirs.get(name, ANY)) for name in names})


def fields_inside(found: Type) -> Iterator[tuple[tuple[str, ...], Type]]:
    """Every field inside a step's data with its path, those nearest the top first."""
    level: list[tuple[tuple[str, ...], Type]] = [((), found)]
    count = 0
    for _ in range(_DEEPEST):
        inner = [
            ((*path, name), one) for path, holder in level for name, one in (_record(holder).fields or {}).items()
        ]
        for one in inner:
            count += 1
            if count > _MOST_FIELDS:
                return
            yield one
        level = inner


def _record(holder: Type) -> Type:
    while holder.kind == "list":
        holder = holder.of or ANY
    return holder
