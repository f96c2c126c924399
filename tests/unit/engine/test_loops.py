"""Loops: every item has a run of its own inside the run, and a crash resumes at the item."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tests.unit.engine.support import CALLS, World, fire, journal, steps

BODY = ("in>l", "l.item>a", "l.done>z")


@pytest.fixture(autouse=True)
def _clean() -> None:
    CALLS.clear()


def _loop(**params: Any) -> dict[str, Any]:
    return {
        "l": ("t.loop", {"items": {"$ref": ["in", "list"]}, **params}),
        "a": ("t.pick", {"value": {"$ref": ["l", "item"]}}),
        "z": ("t.say", {"value": {"$ref": ["l", "items"]}}),
    }


async def test_every_item_goes_through_the_body_and_the_results_are_gathered_in_order() -> None:
    kept = await World().run(_loop(), *BODY, payload={"list": ["x", "y"]})
    assert kept.run.status == "succeeded"
    assert steps(kept)["l"]["o"] == {"items": ["x", "y"], "failed": [], "count": 2}
    assert steps(kept)["z"]["o"] == {"value": ["x", "y"]}
    assert steps(kept)["a#1"]["i"] == {"value": "y"}
    assert (steps(kept)["l#1"]["it"], steps(kept)["l#1"]["o"]) == (1, "y")
    assert kept.steps == 5


@pytest.mark.parametrize(
    ("given", "results"), [([], []), (None, []), ({"k": 1}, [{"key": "k", "value": 1}]), ([None], [None])]
)
async def test_nothing_is_no_item_and_an_object_is_its_pairs(given: Any, results: Any) -> None:
    kept = await World().run(_loop(), *BODY, payload={"list": given})
    assert steps(kept)["z"]["o"] == {"value": results}


async def test_what_is_no_list_is_refused_by_name() -> None:
    kept = await World().run(_loop(), *BODY, payload={"list": "text"})
    assert (kept.error["code"], kept.error["node_id"], kept.error["field"]) == ("loop_not_a_list", "l", "items")


async def test_too_many_items_are_refused_with_both_numbers() -> None:
    kept = await World().run(_loop(), *BODY, payload={"list": [0] * 50_001})
    assert kept.error["code"] == "loop_too_long"
    assert kept.error["params"] == {"count": 50001, "limit": 50000}


async def test_a_failed_item_stops_the_loop_and_names_the_item() -> None:
    kept = await World().run(_loop(), *BODY, payload={"list": ["x", "bad", "y"]})
    assert (kept.run.status, kept.error["code"], kept.error["node_id"]) == ("failed", "bad_item", "a")
    assert kept.error["params"]["item"] == 2
    assert [value for _, value in CALLS] == ["x", "bad"]
    assert steps(kept)["l#1"]["s"] == "failed"


async def test_a_failed_item_may_be_passed_over() -> None:
    kept = await World().run(_loop(on_item_error="continue"), *BODY, payload={"list": ["x", "bad", "y"]})
    output = steps(kept)["l"]["o"]
    assert (kept.run.status, output["items"], output["count"]) == ("succeeded", ["x", None, "y"], 3)
    (failed,) = output["failed"]
    assert (failed["index"], failed["error"]["code"], failed["error"]["fix"]) == (1, "bad_item", "Mend it")


async def test_a_failed_loop_may_go_its_error_way() -> None:
    nodes = _loop()
    nodes["l"] = (*nodes["l"], {"on_error": "branch"})
    nodes["e"] = ("t.say", {"value": {"$ref": ["l", "error", "code"]}})
    kept = await World().run(nodes, *BODY, "l.error>e", payload={"list": ["bad", "y"]})
    assert (kept.run.status, steps(kept)["e"]["o"], steps(kept)["z"]["s"]) == (
        "succeeded",
        {"value": "bad_item"},
        "skipped",
    )


async def test_a_branch_inside_the_body_is_settled_for_each_item() -> None:
    nodes = {
        "l": ("t.loop", {"items": [True, False, True]}),
        "if": ("t.if", {"value": {"$ref": ["l", "item"]}}),
        "yes": ("t.say", {"value": {"$ref": ["l", "index"]}}),
        "no": ("t.say", {"value": "no"}),
    }
    kept = await World().run(nodes, "in>l", "l.item>if", "if.true>yes", "if.false>no")
    assert steps(kept)["l"]["o"]["items"] == [{"value": 0}, {"value": "no"}, {"value": 2}]
    assert steps(kept)["no#0"]["s"] == "skipped"


async def test_loops_stand_inside_loops() -> None:
    nodes = {
        "o": ("t.loop", {"items": [[1, 2], [], [3]]}),
        "i": ("t.loop", {"items": {"$ref": ["o", "item"]}}),
        "a": ("t.say", {"value": [{"$ref": ["o", "index"]}, {"$ref": ["i", "item"]}]}),
        "sum": ("t.say", {"value": {"$ref": ["i", "count"]}}),
    }
    kept = await World().run(nodes, "in>o", "o.item>i", "i.item>a", "i.done>sum")
    assert steps(kept)["o"]["o"]["items"] == [{"value": 2}, {"value": 0}, {"value": 1}]
    assert steps(kept)["a#2.0"]["o"] == {"value": [2, 3]}
    assert steps(kept)["i#0"]["o"]["items"] == [{"value": [0, 1]}, {"value": [0, 2]}]


async def test_items_run_at_the_same_time_up_to_the_limit() -> None:
    nodes = {"l": ("t.loop", {"items": [0] * 20, "concurrency": 10}), "a": ("t.sleep", {"seconds": 0.03})}
    began = asyncio.get_running_loop().time()
    kept = await World().run(nodes, "in>l", "l.item>a")
    assert kept.run.status == "succeeded"
    assert asyncio.get_running_loop().time() - began < 0.4


async def test_each_item_has_an_effect_key_of_its_own() -> None:
    world = World()
    nodes = {"l": ("t.loop", {"items": [1, 2], "concurrency": 2}), "a": "t.letter"}
    kept = await world.run(nodes, "in>l", "l.item>a")
    run = kept.run.run_id
    assert sorted(world.store.staged) == [f"{run}:a:0", f"{run}:a:1"]
    assert {effect["state"] for effect in world.store.effects.values()} == {"done"}


async def test_items_may_wait_and_go_on_when_their_moment_has_come() -> None:
    world = World()
    nodes = {
        "l": ("t.loop", {"items": [60, 120, 60], "concurrency": 2}),
        "w": ("t.wait", {"seconds": {"$ref": ["l", "item"]}}),
        "a": ("t.say", {"value": {"$ref": ["w", "waited"]}}),
    }
    kept = await world.run(nodes, "in>l", "l.item>w", "w>a")
    for _ in range(4):
        assert kept.run.status == "waiting"
        assert sum(state == "planned" for _, state, _ in world.store.timers.values()) <= 2
        world.shift += timedelta(seconds=61)
        await fire(world)
        kept = await world.advance(kept.run.run_id)
        if kept.run.status == "succeeded":
            break
    assert steps(kept)["l"]["o"]["items"] == [{"value": 60}, {"value": 120}, {"value": 60}]


async def test_an_end_inside_the_loop_ends_the_run() -> None:
    nodes = {"l": ("t.loop", {"items": [1, 2]}), "s": "t.stop", "z": "t.say"}
    kept = await World().run(nodes, "in>l", "l.item>s", "l.done>z")
    assert (kept.run.status, kept.end_name) == ("succeeded", "the end")
    assert "z" not in steps(kept)


async def test_a_loop_that_is_switched_off_passes_its_input_on_to_done() -> None:
    nodes = {"l": ("t.loop", "disabled"), "a": "t.say", "z": ("t.say", {"value": {"$ref": ["l", "list"]}})}
    kept = await World().run(nodes, *BODY, payload={"list": [5]})
    assert steps(kept)["z"]["o"] == {"value": [5]}
    assert "a" not in steps(kept)


async def test_a_loop_writes_checkpoints_on_its_way_and_a_crash_resumes_at_the_item() -> None:
    world = World()
    run_id = await world.start(_loop(), *BODY, payload={"list": list(range(1000))})
    await world.die_after(run_id, commits=2)
    done = len([one for one in journal(world.store.runs[run_id]) if one.get("it")])
    assert 200 < done < 1000
    CALLS.clear()
    kept = await world.advance(run_id)
    assert kept.run.status == "succeeded"
    assert [value for kind, value in CALLS if kind == "pick"] == list(range(done, 1000))
    assert steps(kept)["z"]["o"] == {"value": list(range(1000))}
    assert kept.steps == 1003
