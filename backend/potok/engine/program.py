"""Turns a published graph into closures and arrays once, so that running it costs as little as possible."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from potok.engine.plan import Route, make_route
from potok.engine.ports import Json, NodeTypes, VersionDoc
from potok.graph.model import Node
from potok.graph.values import Resolver, compile_value
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
        self.catalog = types.hash
        self.graph = graph
        self.ids = tuple(node.id for node in graph.nodes)
        self.index = {node_id: i for i, node_id in enumerate(self.ids)}
        self.steps = tuple(_compile(i, node, types) for i, node in enumerate(graph.nodes))
        self._routes: dict[str, Route] = {}

    def route(self, entry: str) -> Route:
        """The part that this trigger can reach. Raises KeyError when the version has no such node."""
        found = self._routes.get(entry)
        if found is None:
            if entry not in self.index:
                raise KeyError(entry)
            found = self._routes[entry] = make_route(self.ids, self.graph.edges, entry)
        return found


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
        first_port=ports[0] if ports else "out",
        quick=not problem and is_async and _stays_inside(found),
        blocking=call is not None and not is_async,
        problem=problem,
    )


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
    return compile_value(params)({}) is not params


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
