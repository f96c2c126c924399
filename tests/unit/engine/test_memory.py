"""Steps that ask what is remembered: once each, in loops and after a death, and not while the database is away."""

from datetime import timedelta
from typing import Any

import pytest
from tests.unit.engine.support import CALLS, World, fire, steps

from potok.engine.ports import StoreUnavailable


@pytest.fixture(autouse=True)
def _clean() -> None:
    CALLS.clear()


def _kept(world: World) -> dict[str, Any]:
    return {name: found["value"] for (_, _, name), found in world.store.memory.variables.items()}


async def test_a_step_is_told_the_new_value_at_once() -> None:
    world = World()
    kept = await world.run(
        {"a": "t.count", "b": "t.count", "z": ("t.say", {"value": {"$ref": ["b"]}})}, "in>a", "a>b", "b>z"
    )
    assert (kept.run.status, steps(kept)["z"]["o"]) == ("succeeded", {"value": 2})
    assert _kept(world) == {"n": "2"}


async def test_each_item_of_a_loop_counts_and_each_question_of_a_step_has_an_answer_of_its_own() -> None:
    world = World()
    nodes = {"l": ("t.loop", {"items": [1, 2, 3], "concurrency": 3}), "c": ("t.count", {"twice": True})}
    kept = await world.run(nodes, "in>l", "l.item>c")
    assert kept.run.status == "succeeded"
    assert _kept(world) == {"n": "33"}
    assert len(world.store.memory.answers) == 6


@pytest.mark.parametrize("commits", [0, 1, 2, 3, 4])
async def test_a_death_after_any_checkpoint_counts_nothing_twice(commits: int) -> None:
    world = World()
    nodes = {"a": ("t.count", {"twice": True}), "f": "t.flaky", "b": "t.count"}
    run_id = await world.start(nodes, "in>a", "a>f", "f>b")
    await world.die_after(run_id, commits)
    kept = await world.advance(run_id)
    assert (kept.run.status, steps(kept)["a"]["o"], steps(kept)["b"]["o"]) == ("succeeded", 11, 12)
    assert _kept(world) == {"n": "12"}


async def test_while_the_database_is_away_the_step_waits_and_is_then_done_once() -> None:
    world = World()
    run_id = await world.start({"a": "t.count"}, "in>a")
    asked, remember = 0, world.store.remember

    async def away(asking: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked == 1:
            await remember(asking)  # it was done, and the answer was lost
            raise StoreUnavailable("gone")
        return await remember(asking)

    world.store.remember = away  # type: ignore[method-assign]
    kept = await world.advance(run_id)
    assert (kept.run.status, steps(kept)["a"]["s"]) == ("waiting", "waiting")
    world.shift = timedelta(seconds=30)
    await fire(world)
    await world.advance(run_id)
    assert (kept.run.status, _kept(world), asked) == ("succeeded", {"n": "1"}, 2)
