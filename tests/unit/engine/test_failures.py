"""What a step's settings make of its failure: another way, going on, trying again, a time limit."""

from datetime import timedelta
from typing import Any

import pytest
from tests.unit.engine.support import CALLS, FAILURES, Retry, World, fire, steps

from potok.engine.retry import may_repeat, next_by_policy
from potok.graph.model import RetryPolicy
from potok.sdk.outcome import UserError


@pytest.fixture(autouse=True)
def _clean() -> None:
    CALLS.clear()
    FAILURES.clear()


async def test_the_error_way_gets_the_error_and_what_went_in() -> None:
    nodes = {
        "a": ("t.pick", {"value": "bad"}, {"on_error": "branch"}),
        "e": ("t.say", {"value": [{"$ref": ["a", "error", "message"]}, {"$ref": ["a", "input", "value"]}]}),
        "z": "t.say",
    }
    kept = await World().run(nodes, "in>a", "a.error>e", "a>z")
    entry = steps(kept)["a"]
    assert (kept.run.status, entry["s"], entry["p"], entry["e"]["code"]) == (
        "succeeded",
        "done",
        "error",
        "bad_item",
    )
    assert entry["o"]["error"] == {
        "code": "bad_item",
        "message": "Bad item",
        "fix": "Mend it",
        "field": "value",
        "details": "",
    }
    assert steps(kept)["e"]["o"] == {"value": ["Bad item", "bad"]}
    assert steps(kept)["z"]["s"] == "skipped"


async def test_without_a_failure_the_error_way_is_not_taken() -> None:
    nodes = {"a": ("t.pick", {"value": 1}, {"on_error": "branch"}), "e": "t.say", "z": "t.say"}
    kept = await World().run(nodes, "in>a", "a.error>e", "a>z")
    assert (steps(kept)["e"]["s"], steps(kept)["z"]["s"]) == ("skipped", "done")


async def test_a_failure_may_be_passed_over() -> None:
    nodes = {
        "a": ("t.bug", {}, {"on_error": "continue"}),
        "z": ("t.say", {"value": {"$ref": ["a"]}}),
    }
    kept = await World().run(nodes, "in>a", "a>z")
    assert (kept.run.status, steps(kept)["z"]["o"], steps(kept)["a"]["e"]["code"]) == (
        "succeeded",
        {"value": None},
        "plugin_bug",
    )


async def test_a_condition_that_fails_and_is_passed_over_counts_as_not_held() -> None:
    nodes = {"if": ("t.if", {"value": "?"}, {"on_error": "continue"}), "yes": "t.say", "no": "t.say"}
    kept = await World().run(nodes, "in>if", "if.true>yes", "if.false>no")
    assert (steps(kept)["yes"]["s"], steps(kept)["no"]["s"]) == ("skipped", "done")


QUICK = {"attempts": 4, "first_seconds": 0.001, "factor": 1}


async def test_a_policy_tries_again_as_often_as_it_says() -> None:
    FAILURES[:] = [UserError("", "no", code="busy")] * 3
    kept = await World().run({"f": ("t.flaky", {}, {"retry": QUICK})}, "in>f")
    assert (kept.run.status, steps(kept)["f"]["a"]) == ("succeeded", 4)
    FAILURES[:] = [UserError("", "no", code="busy")] * 4
    kept = await World().run({"f": ("t.flaky", {}, {"retry": QUICK})}, "in>f")
    assert (kept.run.status, kept.error["code"]) == ("failed", "busy")


async def test_a_policy_covers_the_errors_it_names_only() -> None:
    FAILURES[:] = [UserError("", "no", code="busy"), UserError("", "no", code="gone")]
    kept = await World().run({"f": ("t.flaky", {}, {"retry": {**QUICK, "on": ["busy"]}})}, "in>f")
    assert (kept.error["code"], steps(kept)["f"]["a"]) == ("gone", 2)


async def test_when_all_attempts_have_failed_the_error_way_is_taken() -> None:
    FAILURES[:] = [Retry("busy")] * 4
    nodes = {"f": ("t.flaky", {}, {"retry": QUICK, "on_error": "branch"}), "e": "t.say"}
    kept = await World().run(nodes, "in>f", "f.error>e")
    assert (kept.run.status, steps(kept)["f"]["o"]["error"]["code"]) == ("succeeded", "retries_exhausted")


async def test_a_long_pause_is_a_timer_and_the_budget_counts_from_the_first_attempt() -> None:
    policy: dict[str, Any] = {"attempts": 9, "first_seconds": 60, "factor": 1, "budget_seconds": 100}
    FAILURES[:] = [UserError("", "no", code="busy")] * 9
    world = World()
    kept = await world.run({"f": ("t.flaky", {}, {"retry": policy})}, "in>f")
    assert (kept.run.status, steps(kept)["f"]["r"]) == ("waiting", 1)
    for entries in kept.segments.values():
        for entry in entries:
            if "b" in entry:
                entry["b"] -= 99_000
    world.shift += timedelta(seconds=61)
    await fire(world)
    kept = await world.advance(kept.run.run_id)
    assert (kept.run.status, kept.error["code"], len(FAILURES)) == ("failed", "busy", 7)


def test_pauses_grow_to_their_limit_and_ambiguous_ends_of_outward_steps_are_not_repeated() -> None:
    policy = RetryPolicy(attempts=9, first_seconds=1, factor=3, max_seconds=20)
    pauses = [next_by_policy(policy, attempt, 0, None, luck=1.0) for attempt in range(1, 10)]
    assert [pause.seconds if pause else None for pause in pauses] == [1, 3, 9, 20, 20, 20, 20, 20, None]
    after = next_by_policy(policy, 1, 0, 30, luck=0.0)
    assert after is not None
    assert (after.seconds, after.by_timer) == (30, True)
    assert next_by_policy(policy, 1, 3_600, None) is None
    assert not may_repeat(policy, "step_timeout", asks=True)
    assert may_repeat(policy, "step_timeout", asks=False)
    assert may_repeat(RetryPolicy(on=("step_timeout",)), "step_timeout", asks=True)


async def test_a_step_may_have_a_time_limit_of_its_own() -> None:
    nodes = {"a": ("t.letter", {}), "b": ("t.sleep", {"seconds": 0.2}, {"timeout_seconds": 1})}
    kept = await World().run(nodes, "in>a", "a>b")
    assert kept.run.status == "succeeded"
    kept = await World().run({"b": ("t.sleep", {"seconds": 0.04}, {"timeout_seconds": 0.01})}, "in>b")
    assert (kept.error["code"], kept.error["params"]["seconds"]) == ("step_timeout", 0.01)


async def test_a_run_beyond_its_time_limit_fails_also_while_it_waits() -> None:
    world = World()
    run_id = await world.start({"w": ("t.wait", {"seconds": 9000}), "z": "t.say"}, "in>w", "w>z", limit=60)
    kept = await world.advance(run_id)
    assert kept.run.status == "waiting"
    assert len(world.store.timers) == 2
    world.shift += timedelta(seconds=61)
    await fire(world)
    kept = await world.advance(run_id)
    assert (kept.run.status, kept.error["code"]) == ("failed", "run_timeout")
    assert {state for _, state, _ in world.store.timers.values()} == {"fired", "cancelled"}


async def test_a_run_beyond_its_time_limit_stops_the_step_under_way() -> None:
    world = World()
    run_id = await world.start({"a": ("t.sleep", {"seconds": 3}, {"timeout_seconds": 5})}, "in>a", limit=1)
    kept = await world.advance(run_id)
    assert (kept.run.status, kept.error["code"]) == ("failed", "run_timeout")
