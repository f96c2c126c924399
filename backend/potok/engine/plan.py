"""Decides what a run does next. Pure: fed with the route through the graph and what is settled, nothing else.

Rules: a node is ready when every in-edge that the entry can reach is settled and at least one is alive. An edge is
alive when its source left by that port, dead otherwise. A node with dead in-edges only is skipped, and so are its
out-edges dead in turn (dead-path elimination). A failure lets running nodes finish and starts nothing new.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from potok.graph.model import Edge


class Phase(IntEnum):
    """Where a node is inside one run."""

    UNTOUCHED = 0
    RUNNING = 1
    WAITING = 2
    DONE = 3
    SKIPPED = 4
    FAILED = 5


class RunNode(NamedTuple):
    """Run this node now."""

    node: int


class Park(NamedTuple):
    """Nothing to do until a wait is over."""


class Finish(NamedTuple):
    """The run is at its end."""

    succeeded: bool


Command = RunNode | Park | Finish
SUCCEED = (Finish(True),)
FAIL = (Finish(False),)
PARK = (Park(),)
NOTHING: tuple[Command, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """The part of a graph that one entry can reach, as arrays indexed by node."""

    entry: int
    indegree: tuple[int, ...]
    outs: tuple[tuple[tuple[str, int, int], ...], ...]
    """Edges out of each node: (port, target, edge number)."""
    sources: tuple[int, ...]
    """Source node of each edge, by edge number."""
    reachable: tuple[int, ...]
    commands: tuple[RunNode, ...]


class State:
    """What is settled in one run. Changed only by `begin`, `settle`, `suspend`, `fail`, `stop`."""

    __slots__ = ("busy", "failed", "first", "pending", "phase", "ready", "skipped", "stopped", "waiting")

    def __init__(self, route: Route) -> None:
        size = len(route.indegree)
        self.pending = list(route.indegree)
        self.first = [-1] * size
        self.phase = bytearray(size)
        self.ready: list[int] = [route.entry]
        self.skipped: list[int] = []
        self.busy = 0
        self.waiting = 0
        self.failed = False
        self.stopped: bool | None = None


def make_route(nodes: Sequence[str], edges: Sequence[Edge], entry: str) -> Route:
    """Follow the edges from the entry. Edges from nodes the entry cannot reach do not count (they are dead)."""
    index = {node: i for i, node in enumerate(nodes)}
    outs: list[list[tuple[str, int, int]]] = [[] for _ in nodes]
    for number, edge in enumerate(edges):
        outs[index[edge.source]].append((edge.port, index[edge.target], number))
    start = index[entry]
    seen = {start}
    todo = [start]
    indegree = [0] * len(nodes)
    while todo:
        for _, target, _ in outs[todo.pop()]:
            indegree[target] += 1
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return Route(
        entry=start,
        indegree=tuple(indegree),
        outs=tuple(tuple(out) for out in outs),
        sources=tuple(index[edge.source] for edge in edges),
        reachable=tuple(sorted(seen)),
        commands=tuple(RunNode(i) for i in range(len(nodes))),
    )


def plan(route: Route, state: State) -> Sequence[Command]:
    """What to do now. Nothing means: wait for a running node. Finish and Park come alone."""
    if state.stopped is not None:
        return SUCCEED if state.stopped else FAIL
    if state.ready and not state.failed:
        commands = route.commands
        return [commands[node] for node in state.ready]
    if state.busy:
        return NOTHING
    if state.failed:
        return FAIL
    return PARK if state.waiting else SUCCEED


def begin(state: State, node: int) -> None:
    """The node is running now."""
    state.ready.remove(node)
    state.phase[node] = Phase.RUNNING
    state.busy += 1


def suspend(state: State, node: int) -> None:
    """The running node waits for a moment."""
    state.phase[node] = Phase.WAITING
    state.busy -= 1
    state.waiting += 1


def wake(state: State, node: int) -> None:
    """The waiting node is running again."""
    state.phase[node] = Phase.RUNNING
    state.waiting -= 1
    state.busy += 1


def again(state: State, node: int) -> None:
    """The waiting node is to be run once more."""
    state.phase[node] = Phase.UNTOUCHED
    state.waiting -= 1
    state.ready.append(node)


def fail(state: State, node: int) -> None:
    """The running node failed, and with it the run."""
    state.phase[node] = Phase.FAILED
    state.busy -= 1
    state.failed = True


def stop(state: State, node: int, success: bool) -> None:
    """The running node ended the run."""
    state.phase[node] = Phase.DONE
    state.busy -= 1
    if state.stopped is None:
        state.stopped = success


def settle(route: Route, state: State, node: int, port: str | None) -> None:
    """The running node is done and left by `port`; what follows becomes ready or is skipped."""
    state.phase[node] = Phase.DONE
    state.busy -= 1
    dead: list[int] = []
    _leave(route, state, node, port, dead)
    while dead:
        _leave(route, state, dead.pop(), None, dead)


def _leave(route: Route, state: State, node: int, port: str | None, dead: list[int]) -> None:
    pending, first = state.pending, state.first
    for edge_port, target, number in route.outs[node]:
        left = pending[target] = pending[target] - 1
        known = first[target]
        if edge_port == port and (known < 0 or number < known):
            first[target] = known = number
        if not left:
            if known >= 0:
                state.ready.append(target)
            else:
                state.phase[target] = Phase.SKIPPED
                state.skipped.append(target)
                dead.append(target)


def first_source(route: Route, state: State, node: int) -> int:
    """The node behind the first alive in-edge (by the graph's order of edges); -1 for the entry."""
    number = state.first[node]
    return -1 if number < 0 else route.sources[number]
