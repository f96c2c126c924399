"""Turns a published graph into closures and arrays once, so that running it costs as little as possible."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from potok.engine.limits import run_gates
from potok.engine.plan import Route, make_route
from potok.engine.ports import Json, NodeTypes, VersionDoc
from potok.graph.blocks import LOOP_PORT, bodies
from potok.graph.limit_settings import StepLimits
from potok.graph.model import ERROR_PORT, UNDO_PORT, Graph, Node, RetryPolicy
from potok.graph.values import Resolver, compile_value, is_constant
from potok.sdk.node import Effect, Kind, NodeType


@dataclass(slots=True)
class Step:
    """One node, ready to run. `problem` says why it cannot run at all (found when it is reached, not before)."""

    index: int
    id: str
    type_id: str
    type: NodeType | None
    disabled: bool
    resolve: Resolver
    constant: Json | None
    """The parameters, when they hold no pills."""
    secrets: tuple[str, ...]
    """Parameters that must never be written down."""
    validate: Callable[..., Any]
    ports: frozenset[str]
    """Ports it may leave by, when they are fixed."""
    first_port: str
    quick: bool
    """A coroutine function that touches nothing but Potok's own rows: may be run inline in the event loop."""
    blocking: bool
    """An ordinary function: runs in a thread."""
    problem: str = ""
    control: str = ""
    undo: bool = False
    """Something hangs on its port `undo`."""
    on_error: str = ""
    calm_port: str = "out"
    """Where it leaves by when a failure is to be passed over."""
    retry: RetryPolicy | None = None
    timeout: float = 60.0
    limits: StepLimits | None = None

    @property
    def is_condition(self) -> bool:
        """It answers with a port."""
        return self.type is not None and self.type.kind is Kind.CONDITION


class Program:
    """A compiled version: its steps, and a route for each of its triggers."""

    def __init__(self, doc: VersionDoc, types: NodeTypes) -> None:
        graph = doc.graph
        self.version_id: UUID = doc.version_id
        self.number = doc.number
        self.title = graph.title
        self.timeout = graph.settings.run_timeout_seconds
        """Seconds a run may take, waits included."""
        self.gates = run_gates(graph.settings.limits)
        """What a run has to pass before it begins."""
        self.limited = bool(self.gates) or any(node.settings.limits is not None for node in graph.nodes)
        self.catalog = types.hash
        self.graph = graph
        self.ids = tuple(node.id for node in graph.nodes)
        self.index = {node_id: i for i, node_id in enumerate(self.ids)}
        self.steps = tuple(_compile(i, node, types) for i, node in enumerate(graph.nodes))
        self.before = _sources(graph, self.index)
        """For each node the nodes before it, in the order of the wires."""
        self._hidden = {step.id: LOOP_PORT for step in self.steps if step.control == "loop"}
        self._hidden |= {node.id: UNDO_PORT for node in graph.nodes if node.settings.undo}
        self._joins = {
            step.id: str(node.params.get("mode", "all"))
            for step, node in zip(self.steps, graph.nodes, strict=True)
            if step.control == "join" and not step.disabled and node.params.get("mode") in ("any", "first")
        }
        self.owners = _owners(graph, self.index, self._hidden)
        """For each node the loops around it (or the step it undoes), outermost first."""
        self._routes: dict[str, Route] = {}
        self._bodies: dict[int, Route] = {}

    def route(self, entry: str) -> Route:
        """The part that this trigger can reach. Raises KeyError when the version has no such node."""
        found = self._routes.get(entry)
        if found is None:
            if entry not in self.index:
                raise KeyError(entry)
            found = self._routes[entry] = make_route(
                self.ids, self.graph.edges, entry, hidden=self._hidden, joins=self._joins
            )
        return found

    def body(self, loop: int) -> Route:
        """What each item of this loop goes through, or what undoes this step."""
        found = self._bodies.get(loop)
        if found is None:
            found = self._bodies[loop] = make_route(
                self.ids,
                self.graph.edges,
                self.ids[loop],
                hidden=self._hidden,
                enter=self._hidden[self.ids[loop]],
                joins=self._joins,
            )
        return found


def _sources(graph: Graph, index: dict[str, int]) -> tuple[tuple[int, ...], ...]:
    found: list[list[int]] = [[] for _ in index]
    for edge in graph.edges:
        found[index[edge.target]].append(index[edge.source])
    return tuple(tuple(dict.fromkeys(one)) for one in found)


def _owners(graph: Graph, index: dict[str, int], loops: dict[str, str]) -> tuple[tuple[int, ...], ...]:
    """An outer loop's body holds all that its inner loops' bodies hold, so the larger one comes first."""
    found: list[list[tuple[int, int]]] = [[] for _ in index]
    for loop, body in bodies(graph, loops).items():
        for node in body:
            found[index[node]].append((-len(body), index[loop]))
    return tuple(tuple(loop for _, loop in sorted(one)) for one in found)


def effect_of(step: Step, params: BaseModel) -> Effect:
    """The effect of this step with these parameters."""
    node_type = step.type
    assert node_type is not None
    return node_type.effect_of(params) if node_type.effect_of is not None else node_type.effect


def _compile(index: int, node: Node, types: NodeTypes) -> Step:
    found = types.get(node.type)
    params, problem = dict(node.params), ""
    if found is None:
        problem = "unknown_node_type"
    elif node.version != found.version:
        params, problem = _migrate(params, node.version, found)
    call = found.call if found is not None else None
    is_async = call is not None and inspect.iscoroutinefunction(call)
    ports = _ports(found, params)
    settings = node.settings
    calm = "out"
    if ports:
        calm = ports[-1] if found is not None and (found.kind is Kind.CONDITION or found.control) else ports[0]
    if settings.on_error == "branch":
        ports = [*ports, ERROR_PORT]
    return Step(
        index=index,
        id=node.id,
        type_id=node.type,
        type=found,
        disabled=node.disabled,
        resolve=compile_value(params),
        constant=None if holds_pills(params) else params,
        secrets=_secrets(found),
        validate=found.input.__pydantic_validator__.validate_python if found is not None else BaseModel,
        ports=frozenset(ports),
        first_port=_first(found, ports),
        quick=not problem
        and is_async
        and _stays_inside(found)
        and settings.retry is None
        and settings.limits is None
        and not settings.timeout_seconds,
        blocking=call is not None and not is_async,
        problem=problem,
        control=found.control if found is not None and not problem else "",
        on_error="" if settings.on_error == "fail" else settings.on_error,
        calm_port=calm,
        retry=settings.retry,
        limits=settings.limits,
        undo=settings.undo and not node.disabled,
        timeout=settings.timeout_seconds or (found.timeout if found is not None else 60.0),
    )


def _first(found: NodeType | None, ports: list[str]) -> str:
    """Where a step that is switched off passes its input on: never into a loop's items."""
    if found is not None and found.control == "loop":
        return "done"
    return ports[0] if ports else "out"


def _stays_inside(found: NodeType | None) -> bool:
    return found is not None and found.effect in ("pure", "record") and found.effect_of is None


def _ports(found: NodeType | None, params: Json) -> list[str]:
    if found is None:
        return ["out"]
    fixed = [port.id for port in found.ports]
    cases = params.get(found.ports_from) if found.ports_from else None
    if not isinstance(cases, list):
        return fixed
    return [*(str(case["id"]) for case in cases if isinstance(case, dict) and "id" in case), *fixed]


def _secrets(found: NodeType | None) -> tuple[str, ...]:
    properties = (found.input_schema.get("properties") or {}) if found is not None else {}
    return tuple(name for name, schema in properties.items() if schema.get("x-kind") == "secret")


def _migrate(params: Json, version: int, to: NodeType) -> tuple[Json, str]:
    """Bring stored parameters to the version of the code we have; the problem when there is no way."""
    while version < to.version:
        step = to.migrations.get(version)
        if step is None:
            return params, "node_type_changed"
        params = step(params)
        version += 1
    return params, "" if version == to.version else "node_type_changed"


def holds_pills(params: Json) -> bool:
    """Whether parameters need data of earlier steps."""
    return not is_constant(params)


class ProgramCache:
    """Compiled programs, least recently used ones dropped beyond `limit`; the catalog hash is part of the key."""

    def __init__(self, types: NodeTypes, load: Callable[[UUID], Any], limit: int = 500) -> None:
        self._types = types
        self._load = load
        self._limit = limit
        self._programs: dict[UUID, Program] = {}

    async def get(self, version_id: UUID) -> Program | None:
        """The program of a version, None when there is no such version."""
        found = self._programs.get(version_id)
        if found is not None and found.catalog == self._types.hash:
            return found
        doc = await self._load(version_id)
        if doc is None:
            return None
        if len(self._programs) >= self._limit:
            self._programs.pop(next(iter(self._programs)))
        program = self._programs[version_id] = Program(doc, self._types)
        return program
