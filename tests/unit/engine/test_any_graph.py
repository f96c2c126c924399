"""Any graph of conditions, joins, loops and error ways: it ends, and a crash at any checkpoint changes nothing."""

import asyncio
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.engine.support import CALLS, World, journal, steps

from potok.adapters.store_memory import KeptRun

Made = tuple[dict[str, Any], list[str]]
_KINDS = ("say", "say", "if", "fail", "thread", "letter", "loop", "join")


@st.composite
def chains(draw: st.DrawFn, prefix: str, entry: str, depth: int, item: str) -> Made:
    """A random piece of graph that hangs on `entry`: each node is led to by one or two earlier ways out."""
    nodes: dict[str, Any] = {}
    edges: list[str] = []
    ways = [entry]
    for number in range(draw(st.integers(1, 5))):
        name = f"{prefix}{number}"
        kind = draw(st.sampled_from(_KINDS if depth < 2 else _KINDS[:6]))
        value: Any = {"$ref": [item, "index"]} if item else number
        sources = draw(
            st.lists(st.sampled_from(ways), min_size=1, max_size=3 if kind == "join" else 2, unique=True)
        )
        edges += [f"{source}>{name}" for source in sources]
        if kind == "if":
            nodes[name] = ("t.if", {"value": draw(st.booleans())})
            ways += [f"{name}.true", f"{name}.false"]
        elif kind == "fail":
            way = draw(st.sampled_from(["branch", "continue"]))
            nodes[name] = ("t.pick", {"value": draw(st.sampled_from(["bad", "good"]))}, {"on_error": way})
            ways += [name, *([f"{name}.error"] if way == "branch" else [])]
        elif kind == "join":
            nodes[name] = ("t.join", {"mode": draw(st.sampled_from(["all", "any", "first"]))})
            ways.append(name)
        elif kind == "loop":
            inner, wires = draw(chains(f"{name}_", f"{name}.item", depth + 1, name))
            params = {"items": list(range(draw(st.integers(0, 4)))), "concurrency": draw(st.integers(1, 3))}
            nodes[name] = ("t.loop", params)
            nodes |= inner
            edges += wires
            ways.append(f"{name}.done")
        else:
            nodes[name] = (f"t.{kind}", {} if kind == "letter" else {"value": value})
            ways.append(name)
    return nodes, edges


GRAPHS = chains("n", "in", 0, "")
QUIET = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _runs_of(kept: KeptRun) -> list[tuple[str, tuple[int, ...]]]:
    """Each time a step came to its end."""
    ends = [one for one in journal(kept) if one["s"] in ("done", "failed") and "it" not in one]
    return [(one["n"], tuple(one.get("x", ()))) for one in ends]


def _picture(kept: KeptRun) -> dict[str, Any]:
    return {place: (one["s"], one.get("p"), one.get("o")) for place, one in steps(kept).items()}


@QUIET
@given(GRAPHS)
def test_every_run_ends_with_each_step_at_most_once_and_nothing_left_waiting(made: Made) -> None:
    CALLS.clear()
    nodes, edges = made
    kept = asyncio.run(World().run(nodes, *edges))
    assert kept.run.status == "succeeded"
    ran = _runs_of(kept)
    assert len(ran) == len(set(ran))
    found = steps(kept)
    for name in nodes:
        outer = [one for one in found if one.partition("#")[0] == name]
        assert all(found[one]["s"] in ("done", "skipped") for one in outer)
    modes = {node[1]["mode"] for node in nodes.values() if node[0] == "t.join"}
    for name, given_node in nodes.items():
        if given_node[0] == "t.join" and name in found:
            alive = [edge for edge in edges if edge.endswith(f">{name}") and _came(edge, found)]
            assert found[name]["s"] == "skipped" or alive
            assert found[name]["s"] == "done" or not alive or "first" in modes  # it may have lost to another join


def _came(edge: str, found: dict[str, dict[str, Any]]) -> bool:
    node, _, port = edge.partition(">")[0].partition(".")
    return bool(found[node]["s"] == "done" and found[node].get("p", "out") == (port or "out"))


@QUIET
@given(GRAPHS, st.lists(st.integers(0, 6), min_size=1, max_size=3))
def test_a_crash_at_any_checkpoint_leads_to_the_same_end(made: Made, crashes: list[int]) -> None:
    nodes, edges = made
    racing = any(node[0] == "t.join" and node[1]["mode"] != "all" for node in nodes.values())

    async def both() -> tuple[KeptRun, KeptRun, World]:
        calm = await World().run(nodes, *edges)
        world = World()
        run_id = await world.start(nodes, *edges)
        for commits in crashes:
            await world.die_after(run_id, commits)
        return calm, await world.advance(run_id), world

    calm, crashed, world = asyncio.run(both())
    assert crashed.run.status == calm.run.status == "succeeded"
    ran = _runs_of(crashed)
    assert len(ran) == len(set(ran))
    assert {effect["state"] for effect in world.store.effects.values()} <= {"done", "intended"}
    if not racing:  # which branch is first may differ, and all that follows from it
        assert _picture(crashed) == _picture(calm)
        assert crashed.steps == calm.steps
        assert sorted(key.partition(":")[2] for key in world.store.staged) == _letters(calm)


def _letters(kept: KeptRun) -> list[str]:
    ends = [one for one in journal(kept) if one["s"] == "done" and one["n"] in _senders(kept)]
    return sorted(f"{one['n']}:{'.'.join(map(str, one['x'])) if 'x' in one else 0}" for one in ends)


def _senders(kept: KeptRun) -> set[str]:
    """Steps that send letters: their output is nothing and nothing went in but the subject."""
    running = [one for one in journal(kept) if one["s"] == "running" and one.get("i", {}).keys() <= {"subject"}]
    return {one["n"] for one in running if "c" not in one}
