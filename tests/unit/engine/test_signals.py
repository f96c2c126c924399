"""Runs that wait for a signal: woken by it exactly once, in branches, loops and joins, before or after a crash."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.unit.engine.support import World, fire, steps

from potok.adapters.store_memory import KeptRun
from potok.sdk.staging import SignalWrite

PAID = ("t.signal", {"name": "paid", "key": "1042"})
USED = ("t.say", {"value": {"$ref": ["p", "sum"]}})


def _send(world: World, data: Any = None, key: str = "1042", keep: float = 0, id: str = "x") -> None:
    world.store.send(world.workspace, SignalWrite("paid", key, data, timedelta(seconds=keep)), f"id:{id}")


async def _waiting(world: World, nodes: dict[str, Any], *edges: str, payload: Any = None) -> KeptRun:
    kept = await world.advance(await world.start(nodes, *edges, payload=payload))
    assert kept.run.status == "waiting"
    return kept


async def test_a_run_waits_as_a_row_and_goes_on_with_the_signals_data() -> None:
    world = World()
    kept = await _waiting(world, {"p": PAID, "z": USED}, "in>p", "p>z")
    assert world.store.work == {}
    _send(world, {"sum": 5})
    await world.advance(kept.run.run_id)
    assert (kept.run.status, steps(kept)["z"]["o"]) == ("succeeded", {"value": 5})
    assert steps(kept)["p"]["p"] == "out"
    assert world.store.signals.waiting == {}


async def test_a_signal_of_another_key_or_workspace_or_one_that_came_before_wakes_nobody() -> None:
    world = World()
    _send(world, id="early")
    await _waiting(world, {"p": PAID}, "in>p")
    _send(world, key="1043", id="other")
    world.store.send(UUID(int=7), SignalWrite("paid", "1042"), "id:foreign")
    assert world.store.work == {}


async def test_a_signal_wakes_every_run_that_waits_for_it_and_a_repeated_one_does_nothing() -> None:
    world = World()
    first = await _waiting(world, {"p": PAID, "z": USED}, "in>p", "p>z")
    second = await _waiting(world, {"p": PAID, "q": PAID, "z": USED}, "in>p", "p>q", "q>z")
    _send(world, {"sum": 1}, id="bank-7")
    _send(world, {"sum": 2}, id="bank-7")
    for one in (first, second):
        await world.advance(one.run.run_id)
        assert steps(one)["p"]["o"] == {"sum": 1}
    _send(world, {"sum": 3}, id="bank-7")
    assert second.run.status == "waiting"
    assert world.store.work == {}


async def test_a_kept_signal_comes_to_a_run_that_begins_to_wait_later_once() -> None:
    world = World()
    _send(world, {"sum": 9}, keep=60)
    kept = await world.advance(await world.start({"p": PAID, "q": PAID}, "in>p", "p>q"))
    assert kept.run.status == "waiting"
    assert (steps(kept)["p"]["o"], steps(kept)["q"]["s"]) == ({"sum": 9}, "waiting")


async def test_when_the_deadline_comes_first_the_run_leaves_by_its_port_and_the_signal_is_too_late() -> None:
    world = World()
    nodes = {"p": ("t.signal", {"name": "paid", "key": "1042", "seconds": 60}), "z": "t.say", "y": "t.say"}
    kept = await _waiting(world, nodes, "in>p", "p>z", "p.late>y")
    world.shift = timedelta(seconds=61)
    await fire(world)
    await world.advance(kept.run.run_id)
    _send(world, {"sum": 1})
    assert (kept.run.status, steps(kept)["p"]["p"], steps(kept)["p"]["o"]) == ("succeeded", "late", "too late")
    assert (steps(kept)["y"]["s"], steps(kept)["z"]["s"]) == ("done", "skipped")


async def test_a_signal_that_came_before_the_deadline_wins_although_both_are_there() -> None:
    world = World()
    kept = await _waiting(world, {"p": ("t.signal", {"name": "paid", "key": "1042", "seconds": 60})}, "in>p")
    _send(world, {"sum": 1})
    world.shift = timedelta(seconds=61)
    await fire(world)
    await world.advance(kept.run.run_id)
    assert (kept.run.status, steps(kept)["p"]["p"], steps(kept)["p"]["o"]) == ("succeeded", "out", {"sum": 1})


async def test_a_join_that_goes_on_with_the_first_branch_lets_the_wait_go() -> None:
    world = World()
    nodes = {"p": PAID, "s": "t.say", "j": ("t.join", {"mode": "first"}), "w": ("t.wait", {"seconds": 60})}
    kept = await _waiting(world, nodes, "in>p", "in>s", "p>j", "s>j", "j>w")
    assert steps(kept)["p"]["s"] == "skipped"
    assert world.store.signals.waiting == {}


async def test_each_item_of_a_loop_waits_for_its_own() -> None:
    world = World()
    wait = ("t.signal", {"name": "paid", "key": {"$ref": ["l", "item"]}})
    nodes = {"l": ("t.loop", {"items": ["a", "b"], "concurrency": 2}), "p": wait}
    kept = await _waiting(world, nodes, "in>l", "l.item>p")
    _send(world, 2, key="b", id="b")
    await world.advance(kept.run.run_id)
    assert (kept.run.status, len(world.store.signals.waiting)) == ("waiting", 1)
    _send(world, 1, key="a", id="a")
    await world.advance(kept.run.run_id)
    assert (kept.run.status, steps(kept)["l"]["o"]["items"]) == ("succeeded", [1, 2])


async def test_one_branch_may_send_what_the_other_waits_for() -> None:
    world = World()
    tell = ("t.tell", {"name": "paid", "key": "1042", "data": 3})
    kept = await world.advance(await world.start({"p": PAID, "t": tell}, "in>p", "in>t"))
    if kept.run.status == "waiting":
        await world.advance(kept.run.run_id)
    assert (kept.run.status, steps(kept)["p"]["o"]) == ("succeeded", 3)


async def test_what_comes_while_another_branch_is_under_way_is_there_when_the_run_parks() -> None:
    world = World()
    nodes = {"p": PAID, "f": "t.flaky", "t": ("t.tell", {"name": "paid", "key": "1042", "data": 3})}
    kept = await world.advance(await world.start(nodes, "in>p", "in>f", "f>t"))
    if kept.run.status == "waiting":
        await world.advance(kept.run.run_id)
    assert (kept.run.status, steps(kept)["p"]["o"]) == ("succeeded", 3)


@pytest.mark.parametrize("commits", [0, 1, 2])
async def test_a_death_after_any_checkpoint_neither_loses_the_signal_nor_takes_it_twice(commits: int) -> None:
    world = World()
    nodes = {"f": "t.flaky", "p": PAID, "g": "t.send", "z": USED}
    kept = world.store.runs[run_id := await world.start(nodes, "in>f", "f>p", "p>g", "g>z")]
    await world.die_after(run_id, commits)
    _send(world, {"sum": 4}, keep=60)
    for _ in range(3):
        if run_id in world.store.work:
            await world.die_after(run_id, 1)
    while run_id in world.store.work:
        await world.advance(run_id)
    assert steps(kept)["p"].get("o") == {"sum": 4}


async def test_a_failed_run_waits_for_nothing_any_more() -> None:
    world = World()
    nodes = {"p": PAID, "q": ("t.signal", {"name": "other"}), "b": "t.bug"}
    kept = await _waiting(world, nodes, "in>p", "in>q", "q>b")
    world.store.send(world.workspace, SignalWrite("other"), "id:1")
    await world.advance(kept.run.run_id)
    assert (kept.run.status, world.store.signals.waiting) == ("failed", {})


async def test_data_that_are_no_json_fail_their_own_step() -> None:
    world = World()
    kept = await world.run({"t": "t.tell_object"}, "in>t")
    assert (kept.run.status, steps(kept)["t"]["e"]["code"]) == ("failed", "plugin_bug")
