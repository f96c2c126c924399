"""A call enters by the start by hand, so what that start demands is demanded of calls too."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from tests.unit.engine.support import World, steps

from potok.graph.model import NodeSettings

GREETS_ANNA = {"match": "all", "rules": [{"left": {"$ref": ["in", "name"]}, "op": "eq", "right": "Anna"}]}


@pytest.mark.parametrize(("name", "status"), [("Anna", "succeeded"), ("Boris", "failed")])
async def test_a_call_that_does_not_meet_the_start_condition_fails_and_says_why(name: str, status: str) -> None:
    world = World()
    scenario = await world.publish({"s": ("t.stop", {"result": "hi"})}, "in>s")
    [document] = [one for one in world.store.versions.values() if one.scenario_id == UUID(scenario)]
    start = next(node for node in document.graph.nodes if node.id == "in")
    start.settings = NodeSettings(start_if=GREETS_ANNA)
    given: dict[str, Any] = {"scenario": scenario, "inputs": [{"name": "name", "value": name}]}
    run_id = await world.start({"c": ("t.call", given)}, "in>c")
    executor = world.executor()
    executor.offer(list(world.store.work))
    task = asyncio.create_task(executor.run())
    async with asyncio.timeout(10):
        while world.store.work or executor.held:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        await executor.stop()
        await task
    kept = world.store.runs[run_id]
    assert kept.run.status == status
    if status == "failed":
        assert steps(kept)["c"]["e"]["code"] == "call_not_wanted"
        assert "name (“Boris”) is not “Anna”" in steps(kept)["c"]["e"]["details"]
        assert len(world.store.runs) == 1
