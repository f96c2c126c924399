"""What every store promises about limits: never more than allowed, first come first served, nothing leaks."""

import asyncio
import random
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.contract.store.conftest import LEASE, Bench, checkpoint
from tests.contract.store.test_timers import _wake as wake

from potok.adapters.store_memory import MemoryStore
from potok.engine.gates import Ask, Gate, Turn
from potok.engine.ports import ClaimedRun

SLOTS = Gate("scenario:s", 2)


def ask(run: ClaimedRun, *gates: Gate, holder: str = "", parks: bool = True) -> Ask:
    """A run (or a step of it, by its holder) at its limits."""
    name = holder or str(run.run_id)
    return Ask(run.run_id, run.claim, run.workspace_id, run.scenario_id, name, f"{name}~1", gates, parks)


async def admit(bench: Bench, runs: list[ClaimedRun], *gates: Gate) -> list[bool]:
    """Who passed."""
    return [turn.passed for turn in await bench.store.admit([ask(run, *gates) for run in runs])]


async def finish(bench: Bench, run: ClaimedRun) -> list[UUID]:
    """End a run; the runs that are ready because of it."""
    (answer,) = await bench.store.commit([checkpoint(run, limited=True)], LEASE)
    assert answer.written
    return list(answer.ready)


async def places(bench: Bench) -> list[tuple[UUID, str]]:
    """(run, state) of all that stands at limits."""
    if isinstance(bench.store, MemoryStore):
        return sorted((one.run_id, one.state) for one in bench.store.limits.places.values())
    rows = await bench.pool.fetch("SELECT run_id, state FROM limit_place ORDER BY run_id")
    return sorted((row[0], row[1]) for row in rows)


async def pause(bench: Bench, run_id: UUID, status: str = "paused") -> None:
    """What the runs room does when a person holds a waiting run back, or lets it go on."""
    if isinstance(bench.store, MemoryStore):
        bench.store.runs[run_id].run.status = status
    else:
        await bench.pool.execute("UPDATE run SET status = $2 WHERE id = $1", run_id, status)


async def test_so_many_pass_the_others_wait_out_of_the_way(bench: Bench) -> None:
    runs = await bench.started(5)
    assert await admit(bench, runs, SLOTS) == [True, True, False, False, False]
    assert [await bench.status(run.run_id) for run in runs] == ["queued", "queued", *["waiting"] * 3]
    assert await bench.store.claim("B", LEASE, 10) == []
    assert (await bench.store.commit([checkpoint(runs[2])], LEASE))[0].written is False


async def test_a_place_given_back_makes_the_first_in_line_ready_in_the_same_transaction(bench: Bench) -> None:
    runs = await bench.started(5)
    await admit(bench, runs, SLOTS)
    assert await finish(bench, runs[0]) == [runs[2].run_id]
    (woken,) = await bench.store.claim("B", LEASE, 10, [run.run_id for run in runs])
    assert (woken.run_id, woken.attempts) == (runs[2].run_id, 1)
    assert await admit(bench, [woken], SLOTS) == [True]
    assert await finish(bench, runs[1]) == [runs[3].run_id]


async def test_asking_again_finds_the_same_place(bench: Bench) -> None:
    first, second, third = await bench.started(3)
    gate = Gate("scenario:s", 1)
    assert await admit(bench, [first, second], gate) == [True, False]
    await bench.expire(first.run_id)
    (again,) = await bench.store.claim("B", LEASE, 10)
    assert await admit(bench, [again, third], gate) == [True, False]
    assert (await bench.store.admit([ask(first, gate)]))[0] == Turn(False, lost=True)
    assert await finish(bench, again) == [second.run_id]


async def test_a_newcomer_does_not_pass_those_who_wait(bench: Bench) -> None:
    runs = await bench.started(3)
    small, large = Gate("step:x", 1), Gate("step:x", 3)
    assert await admit(bench, runs[:2], small) == [True, False]
    assert await admit(bench, runs[2:], large) == [False]
    assert set(await finish(bench, runs[0])) == {runs[1].run_id, runs[2].run_id}


async def test_nobody_waits_behind_a_run_that_is_held_back_and_it_keeps_its_place(bench: Bench) -> None:
    runs = await bench.started(4)
    gate = Gate("scenario:s", 1)
    await admit(bench, runs[:3], gate)
    await pause(bench, runs[1].run_id)
    assert await finish(bench, runs[0]) == [runs[2].run_id]
    await admit(bench, runs[3:], gate)
    await pause(bench, runs[1].run_id, "waiting")
    (third,) = await bench.store.claim("B", LEASE, 9, [runs[2].run_id])
    assert await finish(bench, third) == [runs[1].run_id]


async def test_keys_count_for_themselves_and_workspaces_too(bench: Bench) -> None:
    runs = await bench.started(4)
    gates = [Gate("scenario:s", 1, key=key) for key in ("a", "b", "a", "b")]
    turns = await bench.store.admit([ask(run, gate) for run, gate in zip(runs, gates, strict=True)])
    assert [turn.passed for turn in turns] == [True, True, False, False]
    assert turns[2].gate == gates[2]


async def test_who_may_not_wait_leaves_nothing_behind(bench: Bench) -> None:
    first, second = await bench.started(2)
    gate = Gate("scenario:s", 1, skips=True)
    passed, refused = await bench.store.admit([ask(first, gate), ask(second, gate)])
    assert (passed.passed, refused.passed, refused.skipped) == (True, False, True)
    assert await bench.status(second.run_id) == "queued"
    assert await places(bench) == [(first.run_id, "held")]
    assert (await bench.store.admit([ask(first, gate)]))[0].passed


async def test_turns_are_moments_and_no_time_holds_more_than_allowed(bench: Bench) -> None:
    runs = await bench.started(7)
    gate = Gate("scenario:s", 2, 600.0)
    turns = await bench.store.admit([ask(run, gate) for run in runs])
    assert [turn.passed for turn in turns] == [True, True, *[False] * 5]
    waits = [round(turn.seconds, 0) for turn in turns[2:]]
    assert waits == [600, 600, 1200, 1200, 1800]
    again = await bench.store.admit([ask(run, gate) for run in runs[:1]])
    assert again[0].passed, "its turn is its own"
    assert [kind for kind, _ in await bench.timers()] == ["limit"] * 5


async def test_a_timer_wakes_the_run_whose_turn_has_come(bench: Bench) -> None:
    first, second = await bench.started(2)
    gate = Gate("scenario:s", 1, 0.05)
    assert await admit(bench, [first, second], gate) == [True, False]
    await asyncio.sleep(0.06)
    assert await bench.store.fire_due(10, wake) == [second.run_id]
    (woken,) = await bench.store.claim("B", LEASE, 10, [second.run_id])
    assert await admit(bench, [woken], gate) == [True]


async def test_a_turn_that_never_came_is_free_again_one_that_came_counts_on(bench: Bench) -> None:
    first, second, third = await bench.started(3)
    gate = Gate("step:x", 1, 600.0)
    turns = await bench.store.admit([ask(run, gate, parks=False) for run in (first, second)])
    assert [turn.passed for turn in turns] == [True, False]
    await finish(bench, first)
    await finish(bench, second)
    assert [state for _, state in await places(bench)] == ["turn"]
    (turn,) = await bench.store.admit([ask(third, gate, parks=False)])
    assert 590 < turn.seconds <= 600


async def test_the_first_limit_is_passed_before_the_second_is_asked_for(bench: Bench) -> None:
    first, second = await bench.started(2)
    gates = Gate("step:x", 1), Gate("step:x", 1, 600.0)
    turns = await bench.store.admit([ask(run, *gates, parks=False) for run in (first, second)])
    assert turns[0].passed
    assert (turns[1].gate, turns[1].until) == (gates[0], None)
    assert sorted(state for _, state in await places(bench)) == ["held", "turn", "waiting"]


async def test_a_step_gives_its_place_back_while_its_run_goes_on(bench: Bench) -> None:
    first, second = await bench.started(2)
    gate = Gate("step:x", 1)
    asks = [ask(run, gate, holder=f"{run.run_id}:a:0", parks=False) for run in (first, second)]
    assert [turn.passed for turn in await bench.store.admit(asks)] == [True, False]
    busy = {"keep": True, "finished": False, "status": "running"}
    parked = checkpoint(second, status="waiting", finished=False, queued=[asks[1].holder])
    assert not (await bench.store.commit([parked], LEASE))[0].ready
    (answer,) = await bench.store.commit([checkpoint(first, **busy, releases=[asks[0].holder])], LEASE)
    assert list(answer.ready) == [second.run_id]
    assert len(await bench.store.claim("B", LEASE, 9, [second.run_id])) == 1


async def test_a_place_that_became_free_while_the_run_was_parking_is_not_overlooked(bench: Bench) -> None:
    first, second = await bench.started(2)
    gate = Gate("step:x", 1)
    holder = f"{second.run_id}:a:0"
    await bench.store.admit([ask(first, gate), ask(second, gate, holder=holder, parks=False)])
    await finish(bench, first)
    parked = checkpoint(second, status="waiting", finished=False, queued=[holder])
    assert (await bench.store.commit([parked], LEASE))[0].ready == [second.run_id]
    assert len(await bench.store.claim("B", LEASE, 9, [second.run_id])) == 1


async def test_a_run_in_memory_is_told_of_the_place_its_own_step_gave_back(bench: Bench) -> None:
    (run,) = await bench.started(1)
    gate = Gate("step:x", 1)
    one, two = f"{run.run_id}:a:0", f"{run.run_id}:a:1"
    await bench.store.admit([ask(run, gate, holder=holder, parks=False) for holder in (one, two)])
    busy = checkpoint(run, keep=True, finished=False, status="running", releases=[one], queued=[two])
    (answer,) = await bench.store.commit([busy], LEASE)
    assert list(answer.granted) == [two]


async def test_workers_at_random_never_let_in_too_many_and_bring_all_to_an_end(bench: Bench) -> None:
    """Some workers die with what they hold; whoever claims their runs finds the places again."""
    gate, chance = Gate("scenario:s", 3), random.Random(7)
    events = [bench.event() for _ in range(60)]
    await bench.store.ingest(events)
    left = {event.runs[0].id for event in events}
    inside: set[UUID] = set()
    most = 0

    async def worker(name: str) -> None:
        nonlocal most
        while left:
            runs = await bench.store.claim(name, LEASE, 4)
            if not runs:
                await asyncio.sleep(0.002)
            for run, passed in zip(runs, await admit(bench, runs, gate) if runs else [], strict=True):
                if not passed:
                    continue
                inside.add(run.run_id)
                most = max(most, len(inside))
                await asyncio.sleep(chance.random() * 0.004)
                if chance.random() < 0.2:
                    await bench.expire(run.run_id)
                    continue
                inside.discard(run.run_id)
                if (await bench.store.commit([checkpoint(run, limited=True)], LEASE))[0].written:
                    left.discard(run.run_id)

    async with asyncio.timeout(60):
        await asyncio.gather(*(worker(f"W{number}") for number in range(3)))
    assert most <= 3
    assert await places(bench) == []


def _moment(turn: Turn) -> datetime:
    assert turn.until is not None
    return turn.until


async def test_moments_given_out_at_random_by_many_hold_the_rate(bench: Bench) -> None:
    runs = await bench.started(40)
    gates = [Gate("step:x", 5, 60.0), Gate("step:x", 3, 60.0)]
    chance = random.Random(3)
    asks: list[Any] = [ask(run, chance.choice(gates), parks=False) for run in runs]
    turns = [one for some in await asyncio.gather(*(bench.store.admit([a]) for a in asks)) for one in some]
    waits = sorted(0.0 if turn.passed else turn.seconds for turn in turns)
    for early, late in zip(waits, waits[5:], strict=False):
        assert late - early > 59
