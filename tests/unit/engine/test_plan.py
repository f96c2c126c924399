"""plan() on any graph: it ends, runs each node at most once, and follows the dead-path rules."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from potok.engine.plan import (
    Finish,
    Park,
    Phase,
    Route,
    RunNode,
    State,
    begin,
    fail,
    first_source,
    make_route,
    plan,
    settle,
    stop,
    suspend,
    wake,
)
from potok.graph.model import Edge

PORTS = ("out", "true", "false")


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[str], list[Edge]]:
    """A random acyclic graph: edges lead from lower to higher numbers."""
    size = draw(st.integers(1, 12))
    nodes = [f"n{number}" for number in range(size)]
    pairs = [(a, b) for a in range(size) for b in range(a + 1, size)]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=30)) if pairs else []
    edges = [Edge(source=nodes[a], port=draw(st.sampled_from(PORTS)), target=nodes[b]) for a, b in chosen]
    return nodes, edges


def _start(nodes: Sequence[str], edges: Sequence[Edge]) -> tuple[Route, State]:
    route = make_route(nodes, edges, nodes[0])
    return route, State(route)


def _expected(nodes: Sequence[str], edges: Sequence[Edge], port_of: dict[str, str]) -> set[str]:
    """Which nodes run, told by the rule itself: reachable over taken ports."""
    alive = {nodes[0]}
    for node in nodes:
        if node in alive:
            alive |= {edge.target for edge in edges if edge.source == node and edge.port == port_of[node]}
    return alive


@given(graphs(), st.data())
def test_every_node_runs_at_most_once_and_exactly_those_on_taken_ways(
    graph: tuple[list[str], list[Edge]], data: st.DataObject
) -> None:
    nodes, edges = graph
    route, state = _start(nodes, edges)
    port_of = {node: data.draw(st.sampled_from(PORTS)) for node in nodes}
    ran: list[str] = []
    running: list[int] = []
    for _ in range(len(nodes) * 4):
        commands = plan(route, state)
        if isinstance(next(iter(commands), None), Finish):
            break
        for command in commands:
            assert isinstance(command, RunNode)
            begin(state, command.node)
            running.append(command.node)
        node = running.pop(data.draw(st.integers(0, len(running) - 1)))
        ran.append(nodes[node])
        settle(route, state, node, port_of[nodes[node]])
    else:
        raise AssertionError("the plan does not end")
    assert len(ran) == len(set(ran))
    assert set(ran) == _expected(nodes, edges, port_of)
    reachable = {nodes[node] for node in route.reachable}
    skipped = {node for node, phase in zip(nodes, state.phase, strict=True) if phase == Phase.SKIPPED}
    assert skipped == reachable - set(ran)
    assert list(plan(route, state)) == [Finish(True)]


@given(graphs(), st.data())
def test_a_node_never_runs_before_all_its_reachable_in_edges_are_settled(
    graph: tuple[list[str], list[Edge]], data: st.DataObject
) -> None:
    nodes, edges = graph
    route, state = _start(nodes, edges)
    reachable = {nodes[node] for node in route.reachable}
    settled: set[str] = set()
    while not isinstance(next(iter(plan(route, state)), None), Finish):
        command = data.draw(st.sampled_from([one for one in plan(route, state) if isinstance(one, RunNode)]))
        name = nodes[command.node]
        settled |= {node for node, phase in zip(nodes, state.phase, strict=True) if phase == Phase.SKIPPED}
        assert {edge.source for edge in edges if edge.target == name and edge.source in reachable} <= settled
        begin(state, command.node)
        settle(route, state, command.node, data.draw(st.sampled_from(PORTS)))
        settled.add(name)


@given(graphs(), st.data())
def test_after_a_failure_nothing_new_starts_and_running_nodes_finish(
    graph: tuple[list[str], list[Edge]], data: st.DataObject
) -> None:
    nodes, edges = graph
    route, state = _start(nodes, edges)
    running: list[int] = []
    for command in plan(route, state):
        assert isinstance(command, RunNode)
        begin(state, command.node)
        running.append(command.node)
    settle(route, state, running.pop(), "out")
    for command in list(plan(route, state)):
        if isinstance(command, RunNode):
            begin(state, command.node)
            running.append(command.node)
    if not running:
        return
    fail(state, running.pop(data.draw(st.integers(0, len(running) - 1))))
    while running:
        assert list(plan(route, state)) == []
        settle(route, state, running.pop(), "out")
    assert list(plan(route, state)) == [Finish(False)]


def _edges(*texts: str) -> list[Edge]:
    """`a.true>b`."""
    made = []
    for text in texts:
        source, target = text.split(">")
        node, _, port = source.partition(".")
        made.append(Edge(source=node, port=port or "out", target=target))
    return made


def test_a_join_waits_for_the_living_branch_and_not_for_the_dead_one() -> None:
    route, state = _start(["a", "b", "c", "d"], _edges("a.true>b", "a.false>c", "b>d", "c>d"))
    begin(state, 0)
    settle(route, state, 0, "true")
    assert list(plan(route, state)) == [RunNode(1)]
    begin(state, 1)
    settle(route, state, 1, "out")
    assert list(plan(route, state)) == [RunNode(3)]
    assert state.phase[2] == Phase.SKIPPED
    assert first_source(route, state, 3) == 1


def test_edges_of_another_trigger_count_as_dead() -> None:
    nodes = ["a", "other", "join"]
    route = make_route(nodes, _edges("other>join", "a>join"), "a")
    state = State(route)
    begin(state, 0)
    settle(route, state, 0, "out")
    assert list(plan(route, state)) == [RunNode(2)]


def test_a_run_with_a_waiting_branch_parks_when_the_others_are_done() -> None:
    route, state = _start(["a", "wait", "b", "join"], _edges("a>wait", "a>b", "wait>join", "b>join"))
    begin(state, 0)
    settle(route, state, 0, "out")
    begin(state, 1)
    begin(state, 2)
    suspend(state, 1)
    assert list(plan(route, state)) == []
    settle(route, state, 2, "out")
    assert list(plan(route, state)) == [Park()]
    wake(state, 1)
    settle(route, state, 1, "out")
    assert list(plan(route, state)) == [RunNode(3)]


def test_a_stop_ends_the_run_whatever_else_is_ready() -> None:
    route, state = _start(["a", "b", "c"], _edges("a>b", "a>c"))
    begin(state, 0)
    settle(route, state, 0, "out")
    begin(state, 1)
    stop(state, 1, success=False)
    assert list(plan(route, state)) == [Finish(False)]
