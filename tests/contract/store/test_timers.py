"""What every store promises about timers: each fires once, wakes its run, and plans its successor."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from tests.contract.store.conftest import LEASE, Bench, checkpoint
from uuid_utils.compat import uuid7

from potok.engine.ports import ClaimedRun, DueTimer, Firing, NewEvent, NewRun, WaitUntil
from potok.graph.almanac import wait_to_json
from potok.sdk.working import WorkingWait


def _ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


async def _wake(due: list[DueTimer]) -> list[Firing]:
    return [Firing(timer.id) for timer in due]


async def _park(bench: Bench, run: ClaimedRun, moment: datetime) -> None:
    made = checkpoint(run, status="waiting", finished=False, waits=[WaitUntil("wait", moment)])
    (answer,) = await bench.store.commit([made], LEASE)
    assert answer.written


async def test_a_parked_run_is_out_of_the_way_until_its_timer_fires(bench: Bench) -> None:
    (run,) = await bench.started()
    await _park(bench, run, _ago(-3600))
    assert await bench.store.claim("B", LEASE, 10) == []
    assert await bench.store.fire_due(10, _wake) == []
    seconds = await bench.store.next_fire()
    assert seconds is not None
    assert 3590 < seconds <= 3600


async def test_a_due_timer_wakes_its_run_with_a_new_fence(bench: Bench) -> None:
    (run,) = await bench.started()
    await _park(bench, run, _ago(1))
    assert await bench.store.next_fire() == 0
    assert await bench.store.fire_due(10, _wake) == [run.run_id]
    assert await bench.store.fire_due(10, _wake) == []
    (woken,) = await bench.store.claim("B", LEASE, 10, [run.run_id])
    assert woken.claim != run.claim
    assert woken.status == "waiting"
    (stale,) = await bench.store.commit([checkpoint(run)], LEASE)
    assert not stale.written


async def test_parking_again_plans_the_same_wait_anew(bench: Bench) -> None:
    (run,) = await bench.started()
    await _park(bench, run, _ago(1))
    await bench.store.fire_due(10, _wake)
    (woken,) = await bench.store.claim("B", LEASE, 10, [run.run_id])
    await _park(bench, woken, _ago(0.5))
    assert await bench.store.fire_due(10, _wake) == [run.run_id]


async def test_a_finished_run_leaves_no_planned_timer(bench: Bench) -> None:
    (run,) = await bench.started()
    made = checkpoint(run, keep=True, finished=False, status="running", waits=[WaitUntil("wait", _ago(-60))])
    await bench.store.commit([made], LEASE)
    await bench.store.commit([checkpoint(run, seq=1, had_waits=True)], LEASE)
    assert await bench.timers() == [("wait", "cancelled")]


async def test_a_schedule_starts_a_run_and_plans_its_successor(bench: Bench) -> None:
    at, place = _ago(1), bench.place
    await bench.plan_schedule(at)
    started = NewRun(uuid7(), place.workspace_id, place.scenario_id, place.version_id, "hook")

    async def decide(due: list[DueTimer]) -> list[Firing]:
        event = NewEvent(uuid7(), place.workspace_id, "schedule", "hook", f"s:{at}", b"{}", b"[]", [started])
        return [Firing(due[0].id, event=event, next_at=at + timedelta(hours=1), version_id=place.version_id)]

    assert await bench.store.fire_due(10, decide) == [started.id]
    assert len(await bench.store.claim("A", LEASE, 10, [started.id])) == 1
    assert await bench.timers() == [("schedule", "fired"), ("schedule", "planned")]


async def test_two_timers_of_one_moment_start_one_run_and_one_successor(bench: Bench) -> None:
    at, place = _ago(1), bench.place
    await bench.plan_schedule(at)
    await bench.plan_schedule(at)

    async def decide(due: list[DueTimer]) -> list[Firing]:
        firings = []
        for timer in due:
            run = NewRun(uuid7(), place.workspace_id, place.scenario_id, place.version_id, "hook")
            event = NewEvent(uuid7(), place.workspace_id, "schedule", "hook", "s:same", b"{}", b"[]", [run])
            firings.append(
                Firing(timer.id, event=event, next_at=at + timedelta(hours=1), version_id=place.version_id)
            )
        return firings

    assert len(await bench.store.fire_due(10, decide)) == 1
    assert await bench.timers() == [("schedule", "fired"), ("schedule", "fired"), ("schedule", "planned")]


async def test_many_workers_fire_each_timer_once(bench: Bench) -> None:
    runs = await bench.started(60)
    made = [checkpoint(run, status="waiting", finished=False, waits=[WaitUntil("wait", _ago(1))]) for run in runs]
    await bench.store.commit(made, LEASE)

    async def worker() -> list[object]:
        mine: list[object] = []
        for _ in range(12):
            mine += await bench.store.fire_due(7, _wake)
        return mine

    fired = [run_id for mine in await asyncio.gather(*(worker() for _ in range(4))) for run_id in mine]
    assert len(fired) == len(set(fired)) == 60


async def test_a_timer_whose_decision_fails_stays_planned(bench: Bench) -> None:
    (run,) = await bench.started()
    await _park(bench, run, _ago(1))

    async def broken(due: list[DueTimer]) -> list[Firing]:
        raise RuntimeError("no decision")

    with pytest.raises(RuntimeError):
        await bench.store.fire_due(10, broken)
    assert await bench.store.fire_due(10, _wake) == [run.run_id]


async def test_a_wait_in_working_time_is_planned_by_the_calendar_that_holds_when_it_is_written(
    bench: Bench,
) -> None:
    if bench.pool is None:
        pytest.skip("the twin has no calendars")
    friday = datetime(2099, 11, 6, 16, tzinfo=UTC)
    (run,) = await bench.started()
    kept = wait_to_json(WorkingWait(friday, timedelta(hours=4)))
    stale = WaitUntil("wait", datetime(2099, 11, 8, tzinfo=UTC), working=kept)
    made = checkpoint(run, status="waiting", finished=False, waits=[stale])
    await bench.store.commit([made], LEASE)
    query = "SELECT fire_at, working FROM timer WHERE run_id = $1"
    row = await bench.pool.fetchrow(query, run.run_id)
    assert row[0] == datetime(2099, 11, 9, 11, tzinfo=UTC)
    assert json.loads(row[1]) == kept
