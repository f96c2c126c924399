"""What every store promises about runs that call runs."""

import asyncio
from typing import Any

from tests.contract.store.conftest import LEASE, Bench, checkpoint
from uuid_utils.compat import uuid7

from potok.engine.ports import ClaimedRun, NewCall, NewRun


def _call(bench: Bench, waits: bool = True) -> NewCall:
    place = bench.place
    run = NewRun(uuid7(), place.workspace_id, place.scenario_id, place.version_id, "hook")
    return NewCall(run, uuid7(), b'{"name": "Anna"}', 1, waits)


def _parked(run: ClaimedRun, call: NewCall, **given: Any) -> Any:
    return checkpoint(run, status="waiting", finished=False, awaits=[call.run.id], **given)


async def _child(bench: Bench, call: NewCall) -> ClaimedRun:
    (child,) = await bench.store.claim("B", LEASE, 1, [call.run.id])
    return child


async def test_the_called_run_starts_with_its_callers_checkpoint_and_wakes_it_with_its_own(bench: Bench) -> None:
    (caller,) = await bench.started()
    call = _call(bench)
    await bench.store.commit([_parked(caller, call, calls=[call])], LEASE)
    child = await _child(bench, call)
    assert (child.parent, child.depth, child.payload) == (caller.run_id, 1, '{"name": "Anna"}')
    assert await bench.store.claim("A", LEASE, 1, [caller.run_id]) == []
    await bench.store.commit([checkpoint(child, parent=child.parent, result=b"7")], LEASE)
    (again,) = await bench.store.claim("A", LEASE, 1, [caller.run_id])
    assert again.segments == 1
    ending = await bench.store.ending(call.run.id)
    assert ending is not None
    assert ending.result == 7


async def test_a_caller_that_parks_after_the_end_is_ready_at_once(bench: Bench) -> None:
    (caller,) = await bench.started()
    call = _call(bench)
    await bench.store.commit(
        [checkpoint(caller, keep=True, status="running", finished=False, calls=[call])], LEASE
    )
    child = await _child(bench, call)
    await bench.store.commit([checkpoint(child, parent=child.parent)], LEASE)
    await bench.store.commit([_parked(caller, call, seq=1)], LEASE)
    assert len(await bench.store.claim("A", LEASE, 1, [caller.run_id])) == 1


async def test_no_end_is_missed_when_both_write_at_the_same_moment(bench: Bench) -> None:
    for _ in range(20):
        (caller,) = await bench.started()
        call = _call(bench)
        await bench.store.commit(
            [checkpoint(caller, keep=True, status="running", finished=False, calls=[call])], LEASE
        )
        child = await _child(bench, call)
        await asyncio.gather(
            bench.store.commit([_parked(caller, call, seq=1)], LEASE),
            bench.store.commit([checkpoint(child, parent=child.parent)], LEASE),
        )
        assert len(await bench.store.claim("A", LEASE, 1, [caller.run_id])) == 1


async def test_who_does_not_wait_is_not_woken(bench: Bench) -> None:
    (caller,) = await bench.started()
    call = _call(bench, waits=False)
    await bench.store.commit([checkpoint(caller, calls=[call])], LEASE)
    child = await _child(bench, call)
    assert child.parent is None
    await bench.store.commit([checkpoint(child, parent=child.parent)], LEASE)
    assert await bench.status(child.run_id) == "succeeded"
    assert await bench.store.claim("A", LEASE, 1, [caller.run_id]) == []


async def test_a_worker_that_lost_its_run_calls_nobody(bench: Bench) -> None:
    (caller,) = await bench.started()
    await bench.expire(caller.run_id)
    await bench.store.claim("B", LEASE, 1, [caller.run_id])
    call = _call(bench)
    await bench.store.commit([_parked(caller, call, calls=[call])], LEASE)
    assert await bench.store.claim("A", LEASE, 1, [call.run.id]) == []


async def test_a_published_scenario_is_found_in_its_own_workspace_only(bench: Bench) -> None:
    place = bench.place
    if bench.pool is not None:
        found = await bench.store.published(place.workspace_id, place.scenario_id)
        assert found == (place.version_id, True)
    assert await bench.store.published(uuid7(), place.scenario_id) is None
