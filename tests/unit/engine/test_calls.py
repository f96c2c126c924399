"""A scenario calls another: it waits for the other's end, exactly once, however long that takes."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.unit.engine.support import CALLS, World, fire, steps

from potok.adapters.store_memory import KeptRun


@pytest.fixture(autouse=True)
def _clean() -> None:
    CALLS.clear()


def _call(scenario: str, **params: Any) -> dict[str, Any]:
    given = {"scenario": scenario, "inputs": [{"name": "name", "value": "Anna"}], **params}
    return {"c": ("t.call", given), "z": ("t.say", {"value": {"$ref": ["c", "result"]}})}


async def _settle(world: World) -> None:
    """Let one worker work until nothing is ready."""
    executor = world.executor()
    executor.offer(list(world.store.work))
    task = asyncio.create_task(executor.run())
    async with asyncio.timeout(10):
        while world.store.work or executor.held:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        await executor.stop()
        await task


async def _run(world: World, nodes: dict[str, Any], *edges: str) -> KeptRun:
    run_id = await world.start(nodes, *edges)
    await _settle(world)
    return world.store.runs[run_id]


def _child(world: World, caller: KeptRun) -> KeptRun:
    return world.store.runs[UUID(steps(caller)["c"]["k"] if "k" in steps(caller)["c"] else _called(caller))]


def _called(caller: KeptRun) -> str:
    return str(steps(caller)["c"]["o"]["run_id"])


async def test_the_caller_gets_the_result_of_the_called_scenarios_end() -> None:
    world = World()
    scenario = await world.publish({"s": ("t.stop", {"result": {"hi": {"$ref": ["in", "name"]}}})}, "in>s")
    kept = await _run(world, _call(scenario), "in>c", "c>z")
    assert (kept.run.status, steps(kept)["z"]["o"]) == ("succeeded", {"value": {"hi": "Anna"}})
    assert steps(kept)["c"]["o"]["end_name"] == "the end"
    child = world.store.runs[UUID(_called(kept))]
    assert (child.run.parent, child.run.depth) == (kept.run.run_id, 1)


async def test_the_caller_waits_as_long_as_the_called_one() -> None:
    world = World()
    scenario = await world.publish({"w": ("t.wait", {"seconds": 60}), "s": "t.stop"}, "in>w", "w>s")
    kept = await _run(world, _call(scenario), "in>c", "c>z")
    assert (kept.run.status, _child(world, kept).run.status) == ("waiting", "waiting")
    world.shift += timedelta(seconds=61)
    await fire(world)
    await _settle(world)
    assert kept.run.status == "succeeded"


async def test_it_need_not_wait() -> None:
    world = World()
    scenario = await world.publish({"w": ("t.wait", {"seconds": 60})}, "in>w")
    kept = await _run(world, _call(scenario, wait=False), "in>c", "c>z")
    assert (kept.run.status, _child(world, kept).run.status) == ("succeeded", "waiting")


async def test_a_failure_of_the_called_one_is_a_failure_of_the_step() -> None:
    world = World()
    scenario = await world.publish({"a": ("t.pick", {"value": "bad"})}, "in>a")
    kept = await _run(world, _call(scenario), "in>c", "c>z")
    assert (kept.run.status, kept.error["code"], kept.error["params"]["cause"]) == (
        "failed",
        "call_failed",
        "Bad item",
    )


@pytest.mark.parametrize("scenario", ["nonsense", "01a20e4e-a4d9-75db-9fe4-33ecfb73e167"])
async def test_an_unknown_scenario_is_refused_by_name(scenario: str) -> None:
    kept = await _run(World(), _call(scenario), "in>c", "c>z")
    assert (kept.error["code"], kept.error["field"]) == ("call_unknown", "scenario")


async def test_a_scenario_of_another_workspace_does_not_exist() -> None:
    world = World()
    scenario = await world.publish({"s": "t.stop"}, "in>s")
    world.workspace = UUID(int=7)
    kept = await _run(world, _call(scenario), "in>c", "c>z")
    assert kept.error["code"] == "call_unknown"


async def test_calls_that_never_end_are_stopped() -> None:
    world = World()
    run_id = await world.start({"c": ("t.call", {"scenario": {"$ref": ["in", "me"]}, "inputs": []})}, "in>c")
    me = str(world.store.runs[run_id].run.scenario_id)
    kept = world.store.runs[run_id]
    kept.run.payload = f'{{"me": "{me}"}}'
    for version in world.store.versions.values():
        version.graph.nodes[1].params = {"scenario": me, "inputs": []}
    await _settle(world)
    assert (kept.run.status, kept.error["code"]) == ("failed", "call_failed")
    assert len(world.store.runs) == 11
    assert max(one.run.depth for one in world.store.runs.values()) == 10


async def test_every_item_of_a_loop_may_call() -> None:
    world = World()
    scenario = await world.publish({"s": ("t.stop", {"result": {"$ref": ["in", "n"]}})}, "in>s")
    call = {"scenario": scenario, "inputs": [{"name": "n", "value": {"$ref": ["l", "item"]}}]}
    nodes = {
        "l": ("t.loop", {"items": [5, 6, 7], "concurrency": 2}),
        "c": ("t.call", call),
        "r": ("t.say", {"value": {"$ref": ["c", "result"]}}),
    }
    kept = await _run(world, nodes, "in>l", "l.item>c", "c>r")
    assert steps(kept)["l"]["o"]["items"] == [{"value": 5}, {"value": 6}, {"value": 7}]
    assert len(world.store.runs) == 4


@pytest.mark.parametrize("commits", range(6))
async def test_a_crash_at_any_checkpoint_calls_once(commits: int) -> None:
    world = World()
    scenario = await world.publish({"a": "t.letter", "s": ("t.stop", {"result": 1})}, "in>a", "a>s")
    run_id = await world.start(_call(scenario), "in>c", "c>z")
    await world.die_after(run_id, commits)
    for work in world.store.work.values():
        work.lease_until = None
    await _settle(world)
    kept = world.store.runs[run_id]
    assert (kept.run.status, steps(kept)["z"]["o"]) == ("succeeded", {"value": 1})
    assert len(world.store.runs) == 2
    assert len(world.store.staged) == 1
