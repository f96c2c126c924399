"""Declared undoing: when a run fails, its finished steps are undone, the latest first, exactly once."""

from datetime import timedelta
from typing import Any

import pytest
from tests.unit.engine.support import CALLS, World, fire, steps

UNDO = {"undo": True}
EDGES = ("in>a", "a.undo>ua", "a>b", "b.undo>ub", "b>z")


@pytest.fixture(autouse=True)
def _clean() -> None:
    CALLS.clear()


def _order(last: Any, **more: Any) -> dict[str, Any]:
    return {
        "a": ("t.say", {"value": "a"}, UNDO),
        "ua": ("t.pick", {"value": {"$text": ["undo ", {"$ref": ["a", "value"]}]}}),
        "b": ("t.say", {"value": "b"}, UNDO),
        "ub": ("t.pick", {"value": "undo b"}),
        "z": last,
    } | more


def _undone() -> list[Any]:
    return [value for kind, value in CALLS if kind == "pick"]


async def test_without_a_failure_nothing_is_undone() -> None:
    kept = await World().run(_order("t.say"), *EDGES)
    assert (kept.run.status, _undone()) == ("succeeded", [])
    assert "ua" not in steps(kept)


@pytest.mark.parametrize("last", ["t.bug", "t.thread", ("t.stop", {"success": False})])
async def test_a_failed_run_undoes_its_finished_steps_the_latest_first(last: Any) -> None:
    last = ("t.thread", {"wrong": 1}) if last == "t.thread" else last
    kept = await World().run(_order(last), *EDGES)
    assert (kept.run.status, _undone()) == ("failed", ["undo b", "undo a"])
    assert kept.error["node_id"] == "z"
    found = steps(kept)
    assert (found["ua#-1"]["s"], found["a#-1"]["s"], found["a#-1"]["it"]) == ("done", "done", 1)


async def test_a_step_that_was_not_done_is_not_undone() -> None:
    nodes = _order("t.say", b=("t.bug", {}, UNDO))
    kept = await World().run(nodes, *EDGES)
    assert (kept.run.status, _undone()) == ("failed", ["undo a"])


async def test_an_undoing_that_fails_is_named_and_the_others_go_on() -> None:
    kept = await World().run(_order("t.bug", ub=("t.pick", {"value": "bad"})), *EDGES)
    assert (kept.error["code"], kept.error["undo_failed"]) == ("plugin_bug", ["b"])
    assert _undone() == ["bad", "undo a"]
    assert steps(kept)["b#-1"]["s"] == "failed"


async def test_an_undoing_may_wait() -> None:
    world = World()
    nodes = _order("t.bug", ub=("t.wait", {"seconds": 60}))
    kept = await world.run(nodes, *EDGES)
    assert (kept.run.status, _undone()) == ("waiting", [])
    world.shift += timedelta(seconds=61)
    await fire(world)
    kept = await world.advance(kept.run.run_id)
    assert (kept.run.status, _undone(), kept.error["node_id"]) == ("failed", ["undo a"], "z")


@pytest.mark.parametrize("last", ["t.bug", ("t.stop", {"success": False, "result": 5})])
@pytest.mark.parametrize("commits", range(6))
async def test_a_crash_at_any_checkpoint_undoes_once(commits: int, last: Any) -> None:
    world = World()
    nodes = _order(last, ua="t.letter", ub="t.letter")
    run_id = await world.start(nodes, *EDGES)
    await world.die_after(run_id, commits)
    kept = await world.advance(run_id) if run_id in world.store.work else world.store.runs[run_id]
    assert (kept.run.status, kept.error["node_id"]) == ("failed", "z")
    assert kept.result == (5 if isinstance(last, tuple) else None)
    assert list(world.store.staged) == [f"{run_id}:ub:-1", f"{run_id}:ua:-1"]


async def test_a_loop_may_stand_in_an_undoing() -> None:
    nodes = _order(
        ("t.stop", {"success": False}),
        ub=("t.loop", {"items": [1, 2]}),
        each=("t.pick", {"value": {"$ref": ["ub", "item"]}}),
    )
    kept = await World().run(nodes, *EDGES, "ub.item>each")
    assert (kept.run.status, _undone()) == ("failed", [1, 2, "undo a"])
