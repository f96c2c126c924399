"""Whole runs over the in-memory store: what each outcome of a step makes of its run."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tests.unit.engine.support import CALLS, FAILURES, RateLimited, Retry, World, steps

from potok.engine.ports import Firing, StoreUnavailable


@pytest.fixture(autouse=True)
def _clean() -> None:
    CALLS.clear()
    FAILURES.clear()


async def test_a_pure_run_is_one_segment_and_one_message() -> None:
    world = World()
    kept = await world.run(
        {
            "a": ("t.say", {"value": {"$ref": ["in", "name"]}}),
            "b": ("t.say", {"value": {"$text": ["Hi ", {"$ref": ["a", "value"]}]}}),
        },
        "in>a",
        "a>b",
        payload={"name": "Anna"},
    )
    assert kept.run.status == "succeeded"
    assert len(kept.segments) == 1
    assert steps(kept)["b"]["o"] == {"value": "Hi Anna"}
    assert steps(kept)["b"]["i"] == {"value": "Hi Anna"}
    assert "o" not in steps(kept)["in"]
    assert [progress.status for progress in world.heard.progress] == ["succeeded"]
    assert [step["n"] for step in world.heard.progress[0].steps] == ["in", "a", "b"]


async def test_the_branch_not_taken_is_skipped_with_all_that_hangs_on_it() -> None:
    kept = await World().run(
        {"if": ("t.if", {"value": True}), "yes": "t.say", "no": "t.say", "after": "t.say", "join": "t.say"},
        "in>if",
        "if.true>yes",
        "if.false>no",
        "no>after",
        "yes>join",
        "after>join",
    )
    assert {node: entry["s"] for node, entry in steps(kept).items()} == {
        "in": "done",
        "if": "done",
        "yes": "done",
        "no": "skipped",
        "after": "skipped",
        "join": "done",
    }
    assert kept.steps == 4


async def test_a_value_that_does_not_fit_names_the_field() -> None:
    kept = await World().run({"a": ("t.number", {"value": {"$ref": ["in", "n"]}})}, "in>a", payload={"n": "many"})
    assert kept.run.status == "failed"
    assert (kept.error["node_id"], kept.error["field"], kept.error["code"]) == ("a", "value", "param_number")


async def test_a_bug_in_a_plugin_fails_its_run_with_the_place() -> None:
    kept = await World().run({"a": "t.bug"}, "in>a")
    assert (kept.run.status, kept.error["code"]) == ("failed", "plugin_bug")
    assert "ZeroDivisionError: oops" in kept.error["details"]
    assert "support.py" in kept.error["details"]


async def test_a_users_mistake_is_told_in_the_plugins_words() -> None:
    kept = await World().run({"a": "t.refuse"}, "in>a")
    error = kept.error
    assert (error["code"], error["message"], error["fix"], error["field"]) == (
        "no_address",
        "No address",
        "Fill it in",
        "to",
    )
    assert error["params"] == {"who": "Anna"}


async def test_an_unknown_node_type_fails_only_when_it_is_reached() -> None:
    nodes: dict[str, Any] = {"if": ("t.if", {"value": False}), "lost": "gone.away", "ok": "t.say"}
    kept = await World().run(nodes, "in>if", "if.true>lost", "if.false>ok")
    assert kept.run.status == "succeeded"
    kept = await World().run({"lost": "gone.away"}, "in>lost")
    assert (kept.error["code"], kept.error["node_id"]) == ("unknown_node_type", "lost")


async def test_a_slow_step_ends_at_its_timeout() -> None:
    kept = await World().run({"a": ("t.sleep", {"seconds": 5})}, "in>a")
    assert (kept.run.status, kept.error["code"]) == ("failed", "step_timeout")


async def test_an_ordinary_function_runs_in_a_thread() -> None:
    kept = await World().run({"a": ("t.thread", {"value": [1, 2]})}, "in>a")
    assert steps(kept)["a"]["o"] == [1, 2]


async def test_a_quick_step_that_awaits_something_is_simply_run_as_a_task() -> None:
    kept = await World().run({"a": ("t.sleep", {"seconds": 0.001}), "b": "t.say"}, "in>a", "a>b")
    assert kept.run.status == "succeeded"


async def test_parallel_branches_finish_when_one_of_them_fails() -> None:
    nodes = {"slow": ("t.sleep", {"seconds": 0.02}), "bad": ("t.thread", {"wrong": 1}), "after": "t.say"}
    kept = await World().run(nodes, "in>slow", "in>bad", "slow>after")
    found = {node: entry["s"] for node, entry in steps(kept).items()}
    assert kept.run.status == "failed"
    assert found["bad"] == "failed"
    assert "after" not in found or found["after"] != "done"


async def test_a_stop_ends_the_run_with_its_name_and_result() -> None:
    kept = await World().run({"a": ("t.stop", {"result": {"id": 7}}), "b": "t.say"}, "in>a", "a>b")
    assert (kept.run.status, kept.end_name, kept.result) == ("succeeded", "the end", {"id": 7})
    assert "b" not in steps(kept)
    kept = await World().run({"a": ("t.stop", {"success": False})}, "in>a")
    assert (kept.run.status, kept.error["message"]) == ("failed", "done here")


async def test_a_disabled_step_passes_the_first_living_input_through() -> None:
    kept = await World().run(
        {
            "a": ("t.say", {"value": 5}),
            "off": ("t.say", "disabled"),
            "b": ("t.say", {"value": {"$ref": ["off", "value"]}}),
        },
        "in>a",
        "a>off",
        "off>b",
    )
    assert steps(kept)["b"]["o"] == {"value": 5}


async def test_a_disabled_condition_leaves_by_its_first_port() -> None:
    kept = await World().run(
        {"if": ("t.if", "disabled"), "yes": "t.say", "no": "t.say"}, "in>if", "if.true>yes", "if.false>no"
    )
    assert (steps(kept)["yes"]["s"], steps(kept)["no"]["s"]) == ("done", "skipped")


async def test_a_wait_parks_the_run_and_the_timer_brings_it_back() -> None:
    world = World()
    kept = await world.run(
        {"w": ("t.wait", {"seconds": 3600}), "b": ("t.say", {"value": {"$ref": ["w", "waited"]}})}, "in>w", "w>b"
    )
    run_id = kept.run.run_id
    assert kept.run.status == "waiting"
    assert steps(kept)["w"]["s"] == "waiting"
    (timer_id,) = world.store.timers
    timer, state, reason = world.store.timers[timer_id]
    timer.fire_at -= timedelta(hours=2)
    world.store.timers[timer_id] = (timer, state, reason)
    world.shift = timedelta(hours=2)
    assert await world.store.fire_due(10, _fire) == [run_id]
    kept = await world.advance(run_id)
    assert kept.run.status == "succeeded"
    assert steps(kept)["b"]["o"] == {"value": 3600}


async def _fire(due: list[Any]) -> list[Firing]:
    return [Firing(timer.id) for timer in due]


async def test_an_outward_step_has_its_intent_before_and_its_receipt_after() -> None:
    world = World()
    kept = await world.run({"s": ("t.send", {"text": "hello"})}, "in>s")
    key = f"{kept.run.run_id}:s:0"
    assert world.store.effects[key] == {
        "state": "done",
        "attempts": 1,
        "preview": "send hello",
        "receipt": {"sent": "hello"},
    }
    assert [("send", key)] == CALLS
    assert [progress.status for progress in world.heard.progress] == ["running", "succeeded"]


async def test_a_step_that_fails_a_while_is_tried_again_and_then_given_up() -> None:
    FAILURES[:] = [Retry("busy", after=0.001), Retry("busy", after=0.001)]
    kept = await World().run({"f": "t.flaky"}, "in>f")
    assert (kept.run.status, steps(kept)["f"]["a"]) == ("succeeded", 3)
    FAILURES[:] = [Retry("busy", after=0.001)] * 3
    kept = await World().run({"f": "t.flaky"}, "in>f")
    assert (kept.run.status, kept.error["code"], kept.error["details"]) == ("failed", "retries_exhausted", "busy")


async def test_a_long_rate_limit_leaves_memory_and_comes_back_by_timer() -> None:
    world = World()
    FAILURES[:] = [RateLimited("slow down", after=600)]
    kept = await world.run({"f": "t.flaky"}, "in>f")
    assert kept.run.status == "waiting"
    world.shift = timedelta(hours=1)
    for timer, _, _ in world.store.timers.values():
        timer.fire_at -= timedelta(hours=1)
    await world.store.fire_due(10, _fire)
    kept = await world.advance(kept.run.run_id)
    assert (kept.run.status, steps(kept)["f"]["o"], steps(kept)["f"]["a"]) == ("succeeded", "at last", 2)


async def _crash_in_the_act(world: World, node: str) -> Any:
    """A run whose worker dies after the intent and before the receipt."""
    run_id = await world.start({"a": node, "b": "t.say"}, "in>a", "a>b")
    executor = world.executor()
    executor.offer([run_id])
    committed = world.store.commit

    async def die(checkpoints: Any, lease: float) -> Any:
        answers = await committed(checkpoints, lease)
        if any(made.intents for made in checkpoints):
            raise asyncio.CancelledError
        return answers

    world.store.commit = die  # type: ignore[method-assign]
    task = asyncio.create_task(executor.run())
    await asyncio.wait([task], timeout=1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    world.store.commit = committed  # type: ignore[method-assign]
    work = world.store.work[run_id]
    work.lease_until = None
    return run_id


async def test_a_crash_in_the_act_is_an_unknown_outcome_and_is_not_repeated() -> None:
    world = World()
    run_id = await _crash_in_the_act(world, "t.send")
    CALLS.clear()
    kept = await world.advance(run_id)
    assert CALLS == []
    assert (kept.run.status, kept.error) == ("unknown", None)
    assert steps(kept)["a"]["e"]["code"] == "outcome_unknown"
    assert world.store.effects[f"{run_id}:a:0"]["state"] == "unknown"
    assert "b" not in steps(kept), "nothing goes on before somebody has answered"


async def test_a_crash_in_the_act_repeats_with_the_same_key_where_the_receiver_takes_it() -> None:
    world = World()
    run_id = await _crash_in_the_act(world, "t.letter")
    kept = await world.advance(run_id)
    assert kept.run.status == "succeeded"
    assert list(world.store.staged) == [f"{run_id}:a:0"]
    assert world.store.effects[f"{run_id}:a:0"]["attempts"] == 2


async def test_what_the_database_refuses_fails_this_run_and_names_the_cause() -> None:
    kept = await World().run({"a": "t.raw"}, "in>a")
    assert (kept.run.status, kept.error["code"]) == ("failed", "payload_refused")
    assert "0x00" in kept.error["message"]
    assert steps(kept)["a"]["s"] == "done"


async def test_a_run_that_keeps_killing_its_worker_is_given_up() -> None:
    world = World()
    run_id = await world.start({"a": "t.say"}, "in>a")
    world.store.work[run_id].attempts = 10
    kept = await world.advance(run_id)
    assert (kept.run.status, kept.error["code"]) == ("failed", "crashed_repeatedly")
    assert CALLS == []


async def test_a_run_given_up_names_the_steps_that_were_under_way() -> None:
    world = World()
    nodes = {"calm": "t.letter", "one": ("t.linger", {"seconds": 9}), "two": ("t.linger", {"seconds": 9})}
    run_id = await world.start(nodes, "in>calm", "calm>one", "calm>two")
    await world.die_after(run_id, 2)
    world.store.work[run_id].attempts = 10
    kept = await world.advance(run_id)
    assert (kept.run.status, kept.error["code"]) == ("failed", "crashed_repeatedly")
    assert (kept.error["node_id"], kept.error["details"]) == ("one", "under way: one, two")
    found = {node: step["s"] for node, step in steps(kept).items()}
    assert found == {"in": "done", "calm": "done", "one": "failed", "two": "failed"}
    assert [effect["state"] for effect in world.store.effects.values()] == ["done", "unknown", "unknown"]


async def test_a_waiting_caller_hears_the_end() -> None:
    world = World()
    run_id = await world.start({"a": ("t.say", {"value": 1})}, "in>a")
    await world.advance(run_id, reply_to="api-1")
    (reply,) = world.heard.replies
    assert (reply.process, reply.status, reply.output) == ("api-1", "succeeded", {"value": 1})


async def test_a_stopping_worker_gives_back_what_it_cannot_finish() -> None:
    world = World()
    run_id = await world.start({"a": "t.send"}, "in>a")
    executor = world.executor()
    gate = asyncio.Event()
    committed = world.store.commit

    async def slow(checkpoints: Any, lease: float) -> Any:
        await gate.wait()
        return await committed(checkpoints, lease)

    world.store.commit = slow  # type: ignore[method-assign]
    executor.offer([run_id])
    task = asyncio.create_task(executor.run())
    while not executor.held:  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    await executor.stop(grace=0.05)
    assert world.store.work[run_id].lease_until is None
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_stopped_worker_leaves_no_receipt_behind_that_tries_for_ever() -> None:
    world = World()
    run_id = await world.start({"a": ("t.linger", {"seconds": 0.1})}, "in>a")
    executor = world.executor()
    tries = 0

    async def away(receipts: Any) -> Any:
        nonlocal tries
        tries += 1
        raise StoreUnavailable("the connections are closed")

    world.store.settle = away  # type: ignore[method-assign]
    executor.offer([run_id])
    task = asyncio.create_task(executor.run())
    while not CALLS:  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    await executor.stop(grace=0.02)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await asyncio.sleep(0.15)
    assert tries == 0
    assert world.store.effects[f"{run_id}:a:0"]["state"] == "intended"
