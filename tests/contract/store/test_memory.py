"""What every store promises about what scenarios remember: one answer for each effect key, whoever asks."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.contract.store.conftest import LEASE, Bench, checkpoint

from potok.engine.ports import ClaimedRun
from potok.engine.questions import Asking, NotOurs
from potok.sdk.memory import AddToVariable, FirstSeen, GetVariable, Question, SetVariable

DAY = timedelta(days=1)


async def _ask(bench: Bench, run: ClaimedRun, question: Question, key: str = "step:0") -> Any:
    place = (run.run_id, run.claim, run.workspace_id, run.scenario_id)
    return await bench.store.remember(Asking(f"{run.run_id}:{key}", *place, question))


def _add(amount: str, name: str = "sum") -> AddToVariable:
    return AddToVariable(name, "scenario", Decimal(amount))


async def test_the_first_of_many_at_once_is_new_and_the_others_are_told_who_was_first(bench: Bench) -> None:
    runs = await bench.started(12)
    told = await asyncio.gather(*(_ask(bench, run, FirstSeen("order-1", DAY)) for run in runs))
    assert sorted(one["times"] for one in told) == list(range(1, 13))
    first = next(run for run, one in zip(runs, told, strict=True) if one["times"] == 1)
    assert {one["first_run_id"] for one in told} == {str(first.run_id)}
    assert len({one["first_at"] for one in told}) == 1


async def test_asked_again_by_the_same_step_the_answer_is_the_same(bench: Bench) -> None:
    (run,) = await bench.started()
    first = await _ask(bench, run, FirstSeen("order-1", DAY))
    assert first["times"] == 1
    assert await _ask(bench, run, FirstSeen("order-1", DAY)) == first
    assert (await _ask(bench, run, FirstSeen("order-1", DAY), "other:0"))["times"] == 2
    both = await asyncio.gather(*(_ask(bench, run, FirstSeen("order-2", DAY), "third:0") for _ in range(5)))
    assert {one["times"] for one in both} == {1}


async def test_what_was_seen_before_that_time_is_new_again(bench: Bench) -> None:
    one, two, three = await bench.started(3)
    await _ask(bench, one, FirstSeen("order-1", DAY))
    again = await _ask(bench, two, FirstSeen("order-1", timedelta()))
    assert (again["first_run_id"], again["times"]) == (str(two.run_id), 1)
    assert (await _ask(bench, three, FirstSeen("order-1", DAY)))["first_run_id"] == str(two.run_id)


async def test_scenarios_remember_together_only_under_a_shared_name(bench: Bench) -> None:
    one, two, three, four = await bench.started(4)
    assert (await _ask(bench, one, FirstSeen("k", DAY)))["times"] == 1
    assert (await _ask(bench, two, FirstSeen("k", DAY, "orders")))["times"] == 1
    assert (await _ask(bench, three, FirstSeen("k", DAY, "orders")))["times"] == 2
    assert (await _ask(bench, four, FirstSeen("k", DAY, "letters")))["times"] == 1


async def test_no_addition_is_lost_or_rounded_and_none_counts_twice(bench: Bench) -> None:
    runs = await bench.started(20)
    await asyncio.gather(*(_ask(bench, run, _add("0.1")) for run in runs))
    await asyncio.gather(*(_ask(bench, run, _add("0.1")) for run in runs))
    told = await _ask(bench, runs[0], GetVariable("sum", "scenario"))
    assert (told["kind"], Decimal(told["value"])) == ("number", Decimal(2))
    long = "123456789012345678901234567890.123456789"
    total = await _ask(bench, runs[0], _add(long, "long"), "b:0")
    assert total["value"] == long


async def test_a_variable_holds_what_was_set_and_tells_what_was_before(bench: Bench) -> None:
    one, two = await bench.started(2)
    data = {"a": [1, None, "ё"]}
    assert await _ask(bench, one, GetVariable("v", "workspace")) is None
    assert await _ask(bench, one, SetVariable("v", "workspace", "json", data)) is None
    assert await _ask(bench, two, SetVariable("v", "workspace", "number", "1.50")) == {
        "kind": "json",
        "value": data,
    }
    assert await _ask(bench, two, SetVariable("v", "workspace", "text", "never")) == {
        "kind": "json",
        "value": data,
    }
    assert await _ask(bench, one, GetVariable("v", "workspace")) == {"kind": "number", "value": "1.50"}
    assert await _ask(bench, one, GetVariable("v", "scenario")) is None


async def test_nothing_is_added_to_what_is_no_number(bench: Bench) -> None:
    (run,) = await bench.started()
    await _ask(bench, run, SetVariable("sum", "scenario", "text", "many"))
    assert await _ask(bench, run, _add("1"), "b:0") is None
    assert await _ask(bench, run, GetVariable("sum", "scenario")) == {"kind": "text", "value": "many"}


async def test_a_worker_that_lost_its_run_changes_nothing(bench: Bench) -> None:
    (run,) = await bench.started()
    await bench.store.commit([checkpoint(run)], LEASE)
    with pytest.raises(NotOurs):
        await _ask(bench, run, _add("1"))
    (other,) = await bench.started()
    assert await _ask(bench, other, GetVariable("sum", "scenario")) is None
