"""What every store promises about signals: a run that waits is found, once, whatever comes at the same moment."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.contract.store.conftest import LEASE, Bench, checkpoint
from uuid_utils.compat import uuid7

from potok.engine.ports import Checkpoint, ClaimedRun, Listen
from potok.sdk.staging import SignalWrite

PAID = Listen("wait", "", "paid", "1042")


def _parked(run: ClaimedRun, *listens: Listen, **given: Any) -> Checkpoint:
    return checkpoint(run, status="waiting", finished=False, listens=listens or (PAID,), **given)


def _sending(run: ClaimedRun, data: Any = 1, node: str = "tell", **given: Any) -> Checkpoint:
    write = SignalWrite(**({"name": "paid", "key": "1042", "data": data} | given))
    return checkpoint(run, staged=[(f"{run.run_id}:{node}:0", node, write)])


async def _claimed(bench: Bench, run_id: UUID) -> ClaimedRun | None:
    found = await bench.store.claim("B", LEASE, 1, [run_id])
    return found[0] if found else None


async def _park(bench: Bench, *listens: Listen) -> ClaimedRun:
    (run,) = await bench.started()
    (answer,) = await bench.store.commit([_parked(run, *listens)], LEASE)
    assert answer.written
    assert await _claimed(bench, run.run_id) is None
    return run


async def test_a_signal_in_a_checkpoint_wakes_every_run_that_waits_for_it_and_says_whom(bench: Bench) -> None:
    first, second = await _park(bench), await _park(bench)
    other = await _park(bench, Listen("wait", "", "paid", "1043"))
    (sender,) = await bench.started()
    (answer,) = await bench.store.commit([_sending(sender, {"sum": "7.10"})], LEASE)
    assert set(answer.ready) == {first.run_id, second.run_id}
    for one in (first, second):
        assert await _claimed(bench, one.run_id) is not None
        assert await bench.store.heard(one.run_id) == {("wait", ""): {"sum": "7.10"}}
    assert await _claimed(bench, other.run_id) is None
    assert await bench.store.heard(other.run_id) == {}


async def test_a_repeated_checkpoint_or_another_with_the_same_id_sends_nothing_again(bench: Bench) -> None:
    (first,), (second,) = await bench.started(), await bench.started()
    made = _sending(first, id="bank-7")
    made.keep, made.finished, made.status = True, False, "running"
    await bench.store.commit([made], LEASE)
    waiting = await _park(bench)
    for again in (made, _sending(second, id="bank-7")):
        (answer,) = await bench.store.commit([again], LEASE)
        assert answer.written
        assert list(answer.ready) == []
    assert await bench.store.heard(waiting.run_id) == {}


async def test_a_signal_without_keeping_is_not_for_those_who_come_later(bench: Bench) -> None:
    (sender,) = await bench.started()
    await bench.store.commit([_sending(sender)], LEASE)
    waiting = await _park(bench)
    assert await bench.store.heard(waiting.run_id) == {}


async def test_a_kept_signal_is_taken_by_each_run_once(bench: Bench) -> None:
    (sender,), (one,), (two,) = await bench.started(), await bench.started(), await bench.started()
    await bench.store.commit([_sending(sender, keep=timedelta(minutes=1))], LEASE)
    for run in (one, two):
        (answer,) = await bench.store.commit([_parked(run)], LEASE)
        assert list(answer.ready) == [run.run_id]
    again = await _claimed(bench, one.run_id)
    assert again is not None
    (answer,) = await bench.store.commit([_parked(again, Listen("next", "", "paid", "1042"), seq=1)], LEASE)
    assert list(answer.ready) == []
    assert await bench.store.heard(one.run_id) == {}


async def test_it_is_not_missed_when_the_run_begins_to_wait_at_the_same_moment(bench: Bench) -> None:
    for number in range(20):
        (sender,), (waiting,) = await bench.started(), await bench.started()
        listen = Listen("wait", "", "paid", str(number))
        kept = _sending(sender, key=str(number), keep=timedelta(minutes=1))
        await asyncio.gather(
            bench.store.commit([kept], LEASE), bench.store.commit([_parked(waiting, listen)], LEASE)
        )
        assert await _claimed(bench, waiting.run_id) is not None


async def test_what_comes_while_the_run_is_held_is_found_when_it_parks(bench: Bench) -> None:
    (waiting,), (sender,) = await bench.started(), await bench.started()
    going_on = _parked(waiting)
    going_on.keep, going_on.status = True, "running"
    await bench.store.commit([going_on], LEASE)
    await bench.store.commit([_sending(sender)], LEASE)
    (answer,) = await bench.store.commit([_parked(waiting, seq=1)], LEASE)
    assert list(answer.ready) == [waiting.run_id]


async def test_it_is_not_missed_when_the_run_parks_at_the_same_moment(bench: Bench) -> None:
    for _ in range(20):
        (waiting,), (sender,) = await bench.started(), await bench.started()
        going_on = _parked(waiting)
        going_on.keep, going_on.status = True, "running"
        await bench.store.commit([going_on], LEASE)
        await asyncio.gather(
            bench.store.commit([_sending(sender)], LEASE), bench.store.commit([_parked(waiting, seq=1)], LEASE)
        )
        again = await _claimed(bench, waiting.run_id)
        assert again is not None
        await bench.store.commit([checkpoint(again, seq=2, listens=())], LEASE)


async def test_two_senders_at_once_wake_a_run_once(bench: Bench) -> None:
    waiting = await _park(bench)
    (one,), (two,) = await bench.started(), await bench.started()
    answers = await asyncio.gather(
        bench.store.commit([_sending(one, 1)], LEASE), bench.store.commit([_sending(two, 2)], LEASE)
    )
    assert [list(made.ready) for [made] in answers].count([waiting.run_id]) == 1
    assert (await bench.store.heard(waiting.run_id))[("wait", "")] in (1, 2)


async def test_after_the_deadline_a_signal_is_too_late(bench: Bench) -> None:
    waiting = await _park(bench, Listen("wait", "", "paid", "1042", datetime.now(UTC) - timedelta(seconds=1)))
    (sender,) = await bench.started()
    (answer,) = await bench.store.commit([_sending(sender)], LEASE)
    assert list(answer.ready) == []
    assert await bench.store.heard(waiting.run_id) == {}


async def test_a_step_that_waits_no_longer_is_not_found(bench: Bench) -> None:
    waiting = await _park(bench, PAID, Listen("other", "3.0", "other", ""))
    (sender,) = await bench.started()
    await bench.store.commit([_sending(sender, name="other", key="")], LEASE)
    again = await _claimed(bench, waiting.run_id)
    assert again is not None
    assert await bench.store.heard(waiting.run_id) == {("other", "3.0"): 1}
    await bench.store.commit([_parked(again, PAID, seq=1)], LEASE)
    assert await bench.store.heard(waiting.run_id) == {}
    (sender,) = await bench.started()
    (answer,) = await bench.store.commit([_sending(sender, name="other", key="")], LEASE)
    assert list(answer.ready) == []


async def test_a_worker_that_lost_its_run_neither_waits_nor_sends(bench: Bench) -> None:
    (run,) = await bench.started()
    await bench.expire(run.run_id)
    await bench.store.claim("B", LEASE, 1, [run.run_id])
    waiting = await _park(bench)
    (answer,) = await bench.store.commit([_sending(run)], LEASE)
    assert (answer.written, list(answer.ready)) == (False, [])
    assert await bench.store.heard(waiting.run_id) == {}


async def test_a_signal_of_another_workspace_is_not_for_us(bench: Bench) -> None:
    waiting = await _park(bench)
    (sender,) = await bench.started()
    made = _sending(sender)
    made.workspace_id = uuid7()
    await bench.store.commit([made], LEASE)
    assert await bench.store.heard(waiting.run_id) == {}
