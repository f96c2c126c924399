"""Limits of runs and steps: who goes, who waits in line, whose turn is when, and nothing else is asked for."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from tests.unit.engine.support import CALLS, World, fire, journal, steps
from uuid_utils.compat import uuid7

from potok.adapters.store_memory import KeptRun
from potok.engine.executor import Executor
from potok.engine.ports import NewEvent, NewRun

NAP = {"a": ("t.sleep", {"seconds": 0.01}, {"timeout_seconds": 5})}


async def again(world: World, first: UUID, count: int = 1, payload: Any = None) -> list[UUID]:
    """More runs of the same scenario."""
    run = world.store.runs[first].run
    runs = [NewRun(uuid7(), run.workspace_id, run.scenario_id, run.version_id, "in") for _ in range(count)]
    body = orjson.dumps(payload if payload is not None else {})
    await world.store.ingest([NewEvent(uuid7(), run.workspace_id, "m", "", None, body, b"[]", runs)])
    return [one.id for one in runs]


async def over(world: World, run_ids: list[UUID], *executors: Executor, within: float = 10.0) -> None:
    """Work until these runs have ended; timers fire meanwhile."""
    tasks = [asyncio.create_task(one.run()) for one in executors]
    try:
        async with asyncio.timeout(within):
            while any(world.store.runs[one].run.status in ("queued", "running", "waiting") for one in run_ids):
                await fire(world)
                executors[0].offer(list(world.store.work))
                await asyncio.sleep(0.005)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def at_once(world: World, name: str = "") -> int:
    """Places held now."""
    return sum(one.state == "held" and name in one.gate.name for one in world.store.limits.places.values())


class Peak:
    """The most places that were ever held at once."""

    def __init__(self, world: World) -> None:
        self.most = 0
        self.by_key: Counter[str] = Counter()
        limits = world.store.limits
        inner = limits.go_through

        def watched(ask: Any) -> Any:
            turn = inner(ask)
            held = [one.gate.key for one in limits.places.values() if one.state == "held"]
            self.most = max(self.most, len(held))
            self.by_key |= Counter(held)
            return turn

        limits.go_through = watched  # type: ignore[method-assign]


async def test_no_more_runs_than_allowed_go_on_at_once_and_all_end() -> None:
    world = World()
    first = await world.start(NAP, "in>a", limits={"concurrency": {"at_most": 2}})
    runs = [first, *await again(world, first, 9)]
    peak = Peak(world)
    await over(world, runs, world.executor(), world.executor())
    assert {world.store.runs[one].run.status for one in runs} == {"succeeded"}
    assert peak.most == 2
    assert at_once(world) == 0
    assert world.store.limits.places == {}


async def test_waiting_runs_leave_the_work_table_and_come_in_order() -> None:
    world = World()
    first = await world.start({"a": ("t.wait", {"seconds": 60})}, "in>a", limits={"concurrency": {"at_most": 1}})
    await world.advance(first)
    second, third = await again(world, first, 2)
    for one in (third, second):
        kept = await world.advance(one)
        assert (kept.run.status, kept.segments) == ("waiting", {})
    world.shift = timedelta(seconds=61)
    await fire(world)
    await world.advance(first)
    assert world.store.runs[first].run.status == "succeeded"
    await world.advance(third)
    assert "a" in steps(world.store.runs[third]), "it came first"
    assert steps(world.store.runs[second]) == {}


async def test_each_value_of_the_key_counts_for_itself() -> None:
    world = World()
    key = {"$ref": ["in", "client"]}
    first = await world.start(
        NAP, "in>a", payload={"client": "A"}, limits={"concurrency": {"at_most": 1, "key": key}}
    )
    runs = [first]
    for client in ("A", "B", "B", "C", "A"):
        runs += await again(world, first, payload={"client": client})
    peak = Peak(world)
    await over(world, runs, world.executor())
    assert peak.by_key == {"A": 1, "B": 1, "C": 1}
    assert peak.most == 3


async def test_a_run_that_may_not_wait_ends_as_cancelled_and_says_why() -> None:
    world = World()
    limits = {"concurrency": {"at_most": 1, "when_full": "skip"}}
    first = await world.start({"a": ("t.wait", {"seconds": 60})}, "in>a", limits=limits)
    await world.advance(first)
    (second,) = await again(world, first)
    kept = await world.advance(second)
    assert (kept.run.status, kept.error["code"]) == ("cancelled", "skipped_full")
    assert "at most 1" in kept.error["message"]
    assert [entry["n"] for entry in journal(kept)] == ["in"]
    assert at_once(world) == 1


async def test_runs_begin_no_more_often_than_allowed_each_at_its_moment() -> None:
    world = World()
    first = await world.start({"a": "t.say"}, "in>a", limits={"rate": {"at_most": 2, "per_seconds": 0.2}})
    runs = [first, *await again(world, first, 6)]
    await over(world, runs, world.executor())
    moments = sorted(one.at for one in world.store.limits.places.values() if one.at is not None)
    assert len(moments) == 7
    for early, late in zip(moments, moments[2:], strict=False):
        assert (late - early).total_seconds() >= 0.2
    assert (moments[-1] - moments[0]).total_seconds() < 0.75


async def test_the_time_limit_of_a_run_holds_while_it_waits_for_its_turn() -> None:
    world = World()
    nodes: dict[str, Any] = {"a": ("t.wait", {"seconds": 3600})}
    first = await world.start(nodes, "in>a", limit=60, limits={"concurrency": {"at_most": 1}})
    await world.advance(first)
    (second,) = await again(world, first)
    await world.advance(second)
    world.shift = timedelta(seconds=61)
    await fire(world)
    kept = await world.advance(second)
    assert (kept.run.status, kept.error["code"]) == ("failed", "run_timeout")
    assert at_once(world) == 1
    left = [timer for timer, state, _ in world.store.timers.values() if state == "planned"]
    assert {timer.run_id for timer in left} == {first}


async def test_a_key_whose_formula_has_no_value_fails_the_run_with_words() -> None:
    world = World()
    limits = {"concurrency": {"at_most": 1, "key": {"$formula": "1 / @in.zero"}}}
    first = await world.start({"a": "t.say"}, "in>a", payload={"zero": 0}, limits=limits)
    kept = await world.advance(first)
    assert kept.run.status == "failed"
    assert kept.error["field"] == "limits"


async def test_a_run_whose_worker_died_finds_its_place_again() -> None:
    world = World()
    nodes: dict[str, Any] = {"a": ("t.letter", {}), "b": "t.say"}
    first = await world.start(nodes, "in>a", "a>b", limits={"concurrency": {"at_most": 1}})
    await world.die_after(first, 0)
    assert at_once(world) == 1
    assert (await world.advance(first)).run.status == "succeeded"
    assert at_once(world) == 0


async def test_a_run_given_up_gives_its_place_back() -> None:
    world = World()
    first = await world.start({"a": "t.say"}, "in>a", limits={"concurrency": {"at_most": 1}})
    await world.die_after(first, 0)
    world.store.work[first].attempts = 11
    (second,) = await again(world, first)
    assert (await world.advance(first)).error["code"] == "crashed_repeatedly"
    assert (await world.advance(second)).run.status == "succeeded"


@pytest.mark.parametrize("limits", [{"at_once": 2}, {"at_once": 2, "name": "other side"}])
async def test_no_more_of_a_step_than_allowed_is_under_way_in_all_scenarios(limits: Any) -> None:
    world = World()
    nodes: dict[str, Any] = {"a": ("t.sleep", {"seconds": 0.01}, {"timeout_seconds": 5, "limits": limits})}
    runs = [await world.start(nodes, "in>a") for _ in range(8)]
    peak = Peak(world)
    await over(world, runs, world.executor(), world.executor())
    assert {world.store.runs[one].run.status for one in runs} == {"succeeded"}
    assert peak.most == 2
    assert world.store.limits.places == {}


async def test_items_of_a_loop_share_the_limit_and_go_on_in_memory() -> None:
    world = World()
    nodes: dict[str, Any] = {
        "loop": ("t.loop", {"items": list(range(9)), "concurrency": 6}),
        "a": ("t.sleep", {"seconds": 0.01}, {"timeout_seconds": 5, "limits": {"at_once": 2}}),
    }
    first = await world.start(nodes, "in>loop", "loop.item>a")
    peak = Peak(world)
    await over(world, [first], world.executor())
    kept = world.store.runs[first]
    assert (kept.run.status, steps(kept)["loop"]["o"]["count"]) == ("succeeded", 9)
    assert peak.most == 2
    assert world.store.limits.places == {}


async def test_a_step_waits_for_its_moment_in_memory_when_it_is_near_and_outside_when_it_is_far() -> None:
    world = World()
    near = {"a": ("t.say", {"value": 1}, {"limits": {"at_most": 1, "per_seconds": 0.1, "name": "near"}})}
    runs = [await world.start(near, "in>a") for _ in range(3)]
    await over(world, runs, world.executor())
    assert all(entry["s"] != "waiting" for one in runs for entry in journal(world.store.runs[one]))
    far = {"a": ("t.say", {"value": 1}, {"limits": {"at_most": 1, "per_seconds": 60, "name": "far"}})}
    first, second = await world.start(far, "in>a"), await world.start(far, "in>a")
    await world.advance(first)
    kept = await world.advance(second)
    assert (kept.run.status, steps(kept)["a"]["s"]) == ("waiting", "waiting")
    assert steps(kept)["a"]["l"][0] == "step:far"
    (timer,) = [timer for timer, state, _ in world.store.timers.values() if state == "planned"]
    assert timer.node_id == "a"


async def test_every_attempt_takes_a_turn_of_its_own_and_gives_its_place_back_between() -> None:
    world = World()
    settings = {
        "retry": {"attempts": 2, "first_seconds": 0.01},
        "limits": {"at_once": 1, "at_most": 5, "per_seconds": 60},
    }
    first = await world.start({"a": ("t.bug", {}, settings)}, "in>a")
    kept = await world.advance(first)
    assert (kept.run.status, at_once(world)) == ("waiting", 0)
    await over(world, [first], world.executor())
    assert world.store.runs[first].error["code"] == "plugin_bug"
    turns = [holder for (_, holder), one in world.store.limits.places.items() if one.state == "turn"]
    assert [one.rpartition("~")[2] for one in turns] == ["1", "2"]


async def test_a_step_that_waits_elsewhere_holds_no_place() -> None:
    world = World()
    nodes: dict[str, Any] = {"a": ("t.wait", {"seconds": 60}, {"limits": {"at_once": 1, "name": "x"}})}
    first, second = await world.start(nodes, "in>a"), await world.start(nodes, "in>a")
    for one in (first, second):
        kept = await world.advance(one)
        assert steps(kept)["a"].get("u")
    assert at_once(world) == 0


async def test_waiting_again_is_not_written_again() -> None:
    world = World()
    limits = {"limits": {"at_once": 1, "name": "x"}}
    holding = await world.start({"a": ("t.send", {}, limits)}, "in>a")
    await world.die_after(holding, 1)
    nodes: dict[str, Any] = {"a": ("t.say", {}, limits), "b": ("t.wait", {"seconds": 0.01})}
    waiting = await world.start(nodes, "in>a", "in>b")
    await world.advance(waiting)
    await asyncio.sleep(0.02)
    await fire(world)
    kept = await world.advance(waiting)
    assert [entry["s"] for entry in journal(kept) if entry["n"] == "a"] == ["waiting"]
    CALLS.clear()


async def test_a_scenario_without_limits_asks_for_nothing() -> None:
    world = World()
    asked: list[Any] = []
    given: list[Any] = []
    admit, commit = world.store.admit, world.store.commit

    async def note(asks: Any) -> Any:
        asked.append(asks)
        return await admit(asks)

    async def keep(checkpoints: Any, lease: float) -> Any:
        given.extend(checkpoints)
        return await commit(checkpoints, lease)

    world.store.admit, world.store.commit = note, keep  # type: ignore[method-assign]
    kept: KeptRun = await world.run({"a": "t.say", "b": "t.letter"}, "in>a", "a>b")
    assert kept.run.status == "succeeded"
    assert asked == []
    assert not any(one.limited or one.releases or one.queued for one in given)
