"""Decides what a run does next. Pure: fed with the route through the graph and what is settled, nothing else.

Rules: a node is ready when every in-edge that the entry can reach is settled and at least one is alive. An edge is
alive when its source left by that port, dead otherwise. A node with dead in-edges only is skipped, and so are its
out-edges dead in turn (dead-path elimination). A failure lets running nodes finish and starts nothing new.

An eager join (any, first) is ready with its first alive in-edge; later ones mean nothing to it. `first` also drops
its losers: what leads only to the join and has not finished is skipped.
"""

from collections.abc import Mapping, Sequence
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
    INSIDE = 6
    """It goes on by steps of its own: the items of a loop."""


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
    eager: Mapping[int, tuple[int, ...]]
    """Joins that start with the first branch, and the nodes that are dropped then (none for `any`)."""
    backwards: tuple[int, ...] = ()
    """Items of a loop: its nodes, later ones first."""


class State:
    """What is settled in one run (or one item of a loop). Changed only by the functions below."""

    __slots__ = (
        "busy",
        "dropped",
        "failed",
        "first",
        "inside",
        "pending",
        "phase",
        "ready",
        "skipped",
        "stopped",
        "waiting",
    )

    def __init__(self, route: Route) -> None:
        size = len(route.indegree)
        self.pending = list(route.indegree)
        self.first = [-1] * size
        self.phase = bytearray(size)
        self.ready: list[int] = [route.entry]
        self.skipped: list[int] = []
        self.busy = 0
        self.waiting = 0
        self.inside = 0
        self.dropped: list[tuple[int, int]] = []
        """Losers of a `first` that had begun: (node, its phase); whoever drives the run cleans up after them."""
        self.failed = False
        self.stopped: bool | None = None


def make_route(
    nodes: Sequence[str],
    edges: Sequence[Edge],
    entry: str,
    *,
    hidden: Mapping[str, str] | None = None,
    enter: str = "",
    joins: Mapping[str, str] | None = None,
) -> Route:
    """Follow the edges from the entry. Edges from nodes the entry cannot reach do not count (they are dead).

    `hidden`: loop -> its port whose edges belong to the items and not to this route. `enter`: the one port of the
    entry that counts. `joins`: join -> `any` or `first`.
    """
    index = {node: i for i, node in enumerate(nodes)}
    outs: list[list[tuple[str, int, int]]] = [[] for _ in nodes]
    for number, edge in enumerate(edges):
        if edge.port == enter if enter and edge.source == entry else not _is_hidden(edge, hidden):
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
    eager = {
        index[join]: _losers(index[join], start, outs, seen) if mode == "first" else ()
        for join, mode in (joins or {}).items()
        if index[join] in seen
    }
    return Route(
        entry=start,
        indegree=tuple(indegree),
        outs=tuple(tuple(out) for out in outs),
        sources=tuple(index[edge.source] for edge in edges),
        reachable=tuple(sorted(seen)),
        commands=tuple(RunNode(i) for i in range(len(nodes))),
        eager=eager,
        backwards=_backwards(start, outs, indegree) if enter else (),
    )


def _backwards(entry: int, outs: Sequence[Sequence[tuple[str, int, int]]], indegree: list[int]) -> tuple[int, ...]:
    left, order = indegree.copy(), [entry]
    for node in order:
        for _, target, _ in outs[node]:
            left[target] -= 1
            if not left[target]:
                order.append(target)
    return tuple(order[:0:-1])


def _is_hidden(edge: Edge, hidden: Mapping[str, str] | None) -> bool:
    return hidden is not None and hidden.get(edge.source) == edge.port


def _losers(
    join: int, entry: int, outs: Sequence[Sequence[tuple[str, int, int]]], seen: set[int]
) -> tuple[int, ...]:
    """The nodes from which every way leads to the join and nowhere else."""
    inner = {join}
    grown = True
    while grown:
        found = {
            node
            for node in seen - inner - {entry}
            if outs[node] and all(target in inner for _, target, _ in outs[node])
        }
        inner |= found
        grown = bool(found)
    return tuple(sorted(inner - {join}))


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
    return PARK if state.waiting or state.inside else SUCCEED


def begin(state: State, node: int) -> None:
    """The node is running now."""
    state.ready.remove(node)
    state.phase[node] = Phase.RUNNING
    state.busy += 1


def shelve(state: State, node: int) -> None:
    """The node was begun, but will not be run: something failed first."""
    state.phase[node] = Phase.UNTOUCHED
    state.busy -= 1


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


def enter(state: State, node: int) -> None:
    """The running node goes on by steps of its own."""
    state.phase[node] = Phase.INSIDE
    state.busy -= 1
    state.inside += 1


def leave(state: State, node: int) -> None:
    """The steps inside the node are over; it is running again, about to end."""
    state.phase[node] = Phase.RUNNING
    state.inside -= 1
    state.busy += 1


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


_STARTED = -(1 << 30)
"""In place of the in-edges still open: the node has started (or will never start) whatever they come to."""


def _leave(route: Route, state: State, node: int, port: str | None, dead: list[int]) -> None:
    pending, first, eager = state.pending, state.first, route.eager
    for edge_port, target, number in route.outs[node]:
        left = pending[target] = pending[target] - 1
        if left < 0:
            continue
        known = first[target]
        if edge_port == port and (known < 0 or number < known):
            first[target] = known = number
        if not left:
            if known >= 0:
                state.ready.append(target)
                if eager and target in eager:
                    _drop(state, eager[target])
            else:
                state.phase[target] = Phase.SKIPPED
                state.skipped.append(target)
                dead.append(target)
        elif known >= 0 and eager and target in eager:
            pending[target] = _STARTED
            state.ready.append(target)
            _drop(state, eager[target])


def _drop(state: State, losers: Sequence[int]) -> None:
    for node in losers:
        phase = state.phase[node]
        if phase in (Phase.DONE, Phase.SKIPPED, Phase.FAILED):
            continue
        if phase == Phase.UNTOUCHED:
            if node in state.ready:
                state.ready.remove(node)
        else:
            state.busy -= phase == Phase.RUNNING
            state.waiting -= phase == Phase.WAITING
            state.inside -= phase == Phase.INSIDE
            state.dropped.append((node, phase))
        state.phase[node] = Phase.SKIPPED
        state.pending[node] = _STARTED
        state.skipped.append(node)


def first_source(route: Route, state: State, node: int) -> int:
    """The node behind the first alive in-edge (by the graph's order of edges); -1 for the entry."""
    number = state.first[node]
    return -1 if number < 0 else route.sources[number]
