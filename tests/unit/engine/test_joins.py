"""The explicit join: all, any, first."""

from datetime import timedelta
from typing import Any

import pytest
from tests.unit.engine.support import CALLS, World, fire, steps

FORK = ("in>fast", "in>slow", "slow>after", "fast>j", "after>j", "j>z")


@pytest.fixture(autouse=True)
def _clean() -> None:
    CALLS.clear()


def _fork(mode: str, slow: Any = ("t.sleep", {"seconds": 0.02})) -> dict[str, Any]:
    return {
        "fast": ("t.say", {"value": "fast"}),
        "slow": slow,
        "after": ("t.say", {"value": "slow"}),
        "j": ("t.join", {"mode": mode}),
        "z": ("t.say", {"value": {"$ref": ["j", "value", "value"]}}),
    }


async def test_all_waits_for_every_branch_and_has_the_data_of_each() -> None:
    kept = await World().run(_fork("all"), *FORK)
    assert steps(kept)["j"]["o"]["values"] == [{"value": "fast"}, {"value": "slow"}]


async def test_any_goes_on_with_the_first_and_lets_the_others_end() -> None:
    kept = await World().run(_fork("any"), *FORK)
    assert steps(kept)["j"]["o"] == {"first": "fast", "value": {"value": "fast"}, "values": [{"value": "fast"}]}
    assert steps(kept)["after"]["s"] == "done"
    assert CALLS.count(("say", "fast")) == 2


async def test_first_stops_the_others() -> None:
    kept = await World().run(_fork("first", ("t.sleep", {"seconds": 5})), *FORK)
    found = {node: entry["s"] for node, entry in steps(kept).items()}
    assert (kept.run.status, found["slow"], found["after"], found["z"]) == (
        "succeeded",
        "skipped",
        "skipped",
        "done",
    )


async def test_first_leaves_alone_what_leads_elsewhere() -> None:
    nodes = _fork("first") | {"else": ("t.say", {"value": "else"})}
    kept = await World().run(nodes, *FORK, "slow>else")
    assert steps(kept)["else"]["s"] == "done"
    assert steps(kept)["after"]["s"] == "skipped"


async def test_first_ends_the_waits_of_the_others() -> None:
    world = World()
    kept = await world.run(_fork("first", ("t.wait", {"seconds": 3600})), *FORK)
    assert (kept.run.status, world.store.timers) == ("succeeded", {})


async def test_a_letter_on_its_way_is_awaited_although_its_branch_lost() -> None:
    world = World()
    kept = await world.run(_fork("first", "t.send"), *FORK)
    assert kept.run.status == "succeeded"
    assert [effect["state"] for effect in world.store.effects.values()] in ([], ["done"])


async def test_an_action_whose_branch_lost_is_not_left_open_by_a_crash() -> None:
    world = World()
    nodes = _fork("first", ("t.linger", {"seconds": 0.5})) | {"fast": "t.letter", "z": "t.letter"}
    run_id = await world.start(nodes, *FORK)
    await world.die_after(run_id, 2)
    effects = {key.split(":")[1]: effect for key, effect in world.store.effects.items()}
    assert [step["s"] for step in steps(world.store.runs[run_id]).values()][-2:] == ["done", "running"]
    assert effects["slow"]["state"] == "intended"
    kept = await world.advance(run_id)
    assert kept.run.status == "succeeded"
    states = {key.split(":")[1]: effect["state"] for key, effect in world.store.effects.items()}
    assert states == {"fast": "done", "z": "done", "slow": "unknown"}
    assert CALLS.count(("linger", 0.5)) == 1


async def test_a_retry_whose_branch_lost_is_over_with_the_run() -> None:
    world = World()
    nodes = _fork("first", "t.busy") | {"fast": ("t.linger", {"seconds": 0.02}), "z": ("t.say", {})}
    kept = await world.run(nodes, *FORK)
    assert kept.run.status == "succeeded"
    states = {key.split(":")[1]: effect["state"] for key, effect in world.store.effects.items()}
    assert states == {"fast": "done", "slow": "failed"}


@pytest.mark.parametrize("mode", ["all", "any", "first"])
async def test_no_join_waits_for_a_branch_that_cannot_come(mode: str) -> None:
    nodes = {
        "if": ("t.if", {"value": False}),
        "yes": "t.say",
        "no": ("t.say", {"value": 1}),
        "j": ("t.join", {"mode": mode}),
    }
    kept = await World().run(nodes, "in>if", "if.true>yes", "if.false>no", "yes>j", "no>j")
    assert steps(kept)["j"]["o"]["values"] == [{"value": 1}]


async def test_any_survives_a_wait_that_ends_after_the_join_went_on() -> None:
    world = World()
    kept = await world.run(_fork("any", ("t.wait", {"seconds": 60})), *FORK)
    assert (kept.run.status, steps(kept)["z"]["s"]) == ("waiting", "done")
    world.shift += timedelta(seconds=61)
    await fire(world)
    kept = await world.advance(kept.run.run_id)
    assert (kept.run.status, steps(kept)["after"]["s"]) == ("succeeded", "done")
    assert len([call for call in CALLS if call == ("say", "fast")]) == 2
