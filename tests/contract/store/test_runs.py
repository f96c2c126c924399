"""What every store promises about events, claims, leases and checkpoints."""

import asyncio
import json

import pytest
from tests.contract.store.conftest import LEASE, Bench, checkpoint

from potok.engine.ports import Accepted, Intent, PayloadRefused, Receipt
from potok.sdk.staging import NoticeWrite, OutboxWrite

ENTRY = b'[{"n":"a","t":"data.text","s":"done","p":"out"}]'


async def test_an_accepted_event_has_a_run_that_can_be_claimed_with_its_payload(bench: Bench) -> None:
    event = bench.event(
        b'{"amount": 12345678901234567890123, "name": "\\u0000 \xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82"}'
    )
    (accepted,) = await bench.store.ingest([event])
    assert accepted == Accepted(event.id, [event.runs[0].id])
    (run,) = await bench.store.claim("A", LEASE, 10, [event.runs[0].id])
    assert (run.run_id, run.entry_node, run.status, run.attempts) == (event.runs[0].id, "hook", "queued", 1)
    assert "12345678901234567890123" in run.payload
    assert json.loads(run.payload)["name"] == "\0 Привет"
    assert run.journal == []


async def test_a_duplicate_answers_the_first_event_and_starts_nothing(bench: Bench) -> None:
    first, second, other = bench.event(key="k"), bench.event(key="k"), bench.event(key="other")
    (accepted,) = await bench.store.ingest([first])
    again, fresh = await bench.store.ingest([second, other])
    assert again == Accepted(first.id, [first.runs[0].id], duplicate=True)
    assert fresh == Accepted(other.id, [other.runs[0].id])
    assert isinstance(accepted, Accepted)
    assert not accepted.duplicate
    assert await bench.store.claim("A", LEASE, 10, [second.runs[0].id]) == []


async def test_two_deliveries_in_one_group_are_one_event(bench: Bench) -> None:
    events = [bench.event(key="same") for _ in range(5)]
    answers = await bench.store.ingest(events)
    ids = {answer.event_id for answer in answers if isinstance(answer, Accepted)}
    assert len(ids) == 1
    assert sum(isinstance(answer, Accepted) and not answer.duplicate for answer in answers) == 1


async def test_groups_with_common_keys_arriving_at_once_do_not_block_each_other(bench: Bench) -> None:
    keys = [f"key-{number}" for number in range(40)]
    groups = [[bench.event(key=key) for key in order] for order in (keys, keys[::-1], keys[20:] + keys[:20])]
    answers = await asyncio.gather(*(bench.store.ingest(group) for group in groups))
    fresh = [one for group in answers for one in group if isinstance(one, Accepted) and not one.duplicate]
    assert len(fresh) == len(keys)


async def test_an_event_the_database_refuses_does_not_harm_its_group(bench: Bench) -> None:
    good, bad, last = bench.event(), bench.event(source="nul \0 here"), bench.event()
    answers = await bench.store.ingest([good, bad, last])
    assert [type(answer) for answer in answers] == [Accepted, PayloadRefused, Accepted]
    assert "0x00" in str(answers[1])


async def test_a_payload_of_ten_megabytes_goes_in_and_out(bench: Bench) -> None:
    payload = json.dumps({"text": "ы" * 5_000_000}, ensure_ascii=False).encode()
    (run,) = await bench.started(payload=payload)
    assert await bench.store.load(run)
    assert json.loads(run.payload) == json.loads(payload)


async def test_a_claimed_run_is_nobody_elses_until_its_lease_ends(bench: Bench) -> None:
    (run,) = await bench.started()
    assert await bench.store.claim("B", LEASE, 10, [run.run_id]) == []
    assert await bench.store.claim("B", LEASE, 10) == []
    await bench.expire(run.run_id)
    (stolen,) = await bench.store.claim("B", LEASE, 10)
    assert (stolen.run_id, stolen.attempts) == (run.run_id, 2)
    assert stolen.claim != run.claim


async def test_two_workers_at_once_never_claim_the_same_run(bench: Bench) -> None:
    events = [bench.event() for _ in range(200)]
    await bench.store.ingest(events)
    ids = [event.runs[0].id for event in events]
    taken = await asyncio.gather(*(bench.store.claim(f"W{number}", LEASE, 100, ids) for number in range(4)))
    claimed = [run.run_id for runs in taken for run in runs]
    assert len(claimed) == len(set(claimed)) == 200


async def test_any_ready_run_is_offered_only_when_it_has_lain_long_enough(bench: Bench) -> None:
    event = bench.event()
    await bench.store.ingest([event])
    assert await bench.store.claim("A", LEASE, 10, older_than=5) == []
    assert len(await bench.store.claim("A", LEASE, 10, older_than=0)) == 1


async def test_a_worker_that_lost_its_lease_writes_nothing(bench: Bench) -> None:
    (run,) = await bench.started()
    await bench.expire(run.run_id)
    (stolen,) = await bench.store.claim("B", LEASE, 10)
    letter = ((f"{run.run_id}:mail:0", "mail", OutboxWrite("email", ("a@example.com",))),)
    (lost,) = await bench.store.commit([checkpoint(run, staged=letter)], LEASE)
    assert not lost.written
    assert await bench.letters() == []
    assert await bench.status(run.run_id) == "queued"
    assert await bench.store.renew([(run.run_id, run.claim)], LEASE) == set()
    (written,) = await bench.store.commit([checkpoint(stolen)], LEASE)
    assert written.written
    assert await bench.status(run.run_id) == "succeeded"


async def test_a_finished_run_is_claimed_no_more_and_tells_its_end(bench: Bench) -> None:
    (run,) = await bench.started()
    assert await bench.store.ending(run.run_id) is None
    end = checkpoint(run, status="failed", error=b'{"code":"x"}', result=b'{"n":1}', end_name="no money")
    assert (await bench.store.commit([end], LEASE))[0].written
    assert await bench.store.claim("B", LEASE, 10) == []
    ending = await bench.store.ending(run.run_id)
    assert ending is not None
    assert (ending.status, ending.error, ending.result, ending.end_name) == (
        "failed",
        {"code": "x"},
        {"n": 1},
        "no money",
    )


async def test_a_checkpoint_that_keeps_the_run_is_found_by_the_next_worker(bench: Bench) -> None:
    (run,) = await bench.started()
    await bench.store.commit([checkpoint(run, keep=True, finished=False, status="running")], LEASE)
    again = checkpoint(run, keep=True, finished=False, status="running", seq=1, entries=ENTRY)
    await bench.store.commit([again, again], LEASE)
    await bench.expire(run.run_id)
    (next_one,) = await bench.store.claim("B", LEASE, 10)
    assert next_one.segments == 2
    assert [entry["n"] for entry in next_one.journal] == ["hook", "a"]
    assert next_one.attempts == 1


async def test_a_released_run_is_swept_at_once(bench: Bench) -> None:
    (run,) = await bench.started()
    await bench.store.release([(run.run_id, run.claim)])
    assert [one.run_id for one in await bench.store.claim("B", LEASE, 10, older_than=1.5)] == [run.run_id]


async def test_a_renewed_lease_holds(bench: Bench) -> None:
    (run,) = await bench.started()
    await bench.expire(run.run_id)
    assert await bench.store.renew([(run.run_id, run.claim)], LEASE) == {run.run_id}
    assert await bench.store.claim("B", LEASE, 10) == []


async def test_a_refused_checkpoint_fails_alone_and_names_the_cause(bench: Bench) -> None:
    good, bad, last = await bench.started(3)
    answers = await bench.store.commit(
        [checkpoint(good), checkpoint(bad, end_name="nul \0"), checkpoint(last)], LEASE
    )
    assert [answer.written for answer in answers] == [True, False, True]
    assert "0x00" in answers[1].refused
    assert await bench.status(bad.run_id) == "queued"


async def test_staged_writes_are_stored_once_per_key(bench: Bench) -> None:
    (run,) = await bench.started()
    key = f"{run.run_id}:mail:0"
    staged = (
        (key, "mail", OutboxWrite("email", ("a@example.com",), "Hello", "Text")),
        (f"{run.run_id}:note:0", "note", NoticeWrite("Look")),
    )
    for seq in (0, 1):
        await bench.store.commit(
            [checkpoint(run, keep=True, finished=False, status="running", seq=seq, staged=staged[:1])], LEASE
        )
    (answer,) = await bench.store.commit([checkpoint(run, seq=2, staged=staged[1:])], LEASE)
    assert answer.written
    assert [found for found in await bench.letters() if found == key] == [key]


async def test_an_intent_is_on_disk_before_and_a_receipt_after(bench: Bench) -> None:
    (run,) = await bench.started()
    key = f"{run.run_id}:call:0"
    intent = Intent(key, "call", "http.request", "POST example.com")
    await bench.store.commit(
        [checkpoint(run, keep=True, finished=False, status="running", intents=[intent])], LEASE
    )
    assert await bench.effect(key) == ("intended", 1, None)
    await bench.store.commit([checkpoint(run, seq=1, receipts=[Receipt(key, "done", b'{"id":7}')])], LEASE)
    assert await bench.effect(key) == ("done", 1, {"id": 7})


async def test_a_cancelled_run_stays_cancelled(bench: Bench) -> None:
    (run,) = await bench.started()
    await bench.cancel(run.run_id)
    await bench.store.commit([checkpoint(run)], LEASE)
    assert await bench.status(run.run_id) == "cancelled"


@pytest.mark.parametrize("count", [1, 300])
async def test_many_checkpoints_are_answered_in_order(bench: Bench, count: int) -> None:
    runs = await bench.started(count)
    lost = {run.run_id for run in runs[::7]}
    made = [checkpoint(run) for run in runs]
    for one in made:
        one.claim += 5 if one.run_id in lost else 0
    answers = await bench.store.commit(made, LEASE)
    assert [answer.written for answer in answers] == [run.run_id not in lost for run in runs]
