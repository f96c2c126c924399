"""Large values: stored once, read back for a run that goes on, within a budget, claimed no more than fit."""

import base64
import json
import os
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from tests.bench.seed import PURE_GRAPH, Seeded, seed
from tests.contract.store.conftest import LEASE, Bench, checkpoint
from uuid_utils.compat import uuid7

from potok.adapters.blobs_memory import MemoryBlobs
from potok.adapters.larges import Larges
from potok.adapters.store_memory import MemoryStore
from potok.adapters.store_postgres import PostgresStore, engine_pool
from potok.adapters.store_postgres.blobs import PostgresBlobs
from potok.engine.ports import Checkpoint, ClaimedRun

LIMIT = 1_000
BUDGET = 20_000


@pytest.fixture(params=["postgres", "memory"])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    """Stores to which a kilobyte is much and 20 kilobytes are all there is."""
    if request.param == "memory":
        memory = MemoryStore(Larges(MemoryBlobs(BUDGET), LIMIT))
        yield Bench(memory, Seeded(uuid7(), uuid7(), uuid7(), "token"))
        return
    url = request.getfixturevalue("fresh_database_url")
    place = await seed(url, PURE_GRAPH)
    pool = await engine_pool(url)
    yield Bench(PostgresStore(pool, Larges(PostgresBlobs(pool, BUDGET), LIMIT)), place, pool)
    await pool.close()


def noise(size: int) -> str:
    """Text that no compression makes smaller by much."""
    return base64.b64encode(os.urandom(size)).decode()[:size]


def body(text: str) -> bytes:
    """A payload with a large part."""
    return json.dumps({"body": {"text": text}, "method": "POST"}).encode()


def done(run: ClaimedRun, output: Any, **given: Any) -> Checkpoint:
    """A step that is done; the run waits, unless told otherwise."""
    entries = json.dumps([{"n": "a", "t": "data.text", "s": "done", "p": "out", "o": output}]).encode()
    return checkpoint(run, **({"status": "waiting", "finished": False, "entries": entries} | given))


async def again(bench: Bench, run_id: UUID) -> ClaimedRun:
    """The run claimed once more, as after a wait."""
    if isinstance(bench.store, MemoryStore):
        await bench.expire(run_id)
        bench.store.work[run_id].attempts = 0
    else:
        await bench.expire(run_id)
        await bench.pool.execute("UPDATE run SET started_at = now() WHERE id = $1", run_id)
    (run,) = await bench.store.claim("B", LEASE, 1, [run_id])
    return run


async def test_a_large_payload_is_claimed_as_a_pointer_and_loaded_exactly(bench: Bench) -> None:
    text = "Größe \0 " * 500
    (run,) = await bench.started(payload=body(text))
    assert run.needs is not None
    assert len(run.payload) < 1_000
    assert await bench.store.load(run)
    assert json.loads(run.payload) == {"body": {"text": text}, "method": "POST"}


async def test_a_small_payload_needs_nothing(bench: Bench) -> None:
    (run,) = await bench.started(payload=body("small"))
    assert run.needs is None
    assert await bench.store.load(run)
    assert json.loads(run.payload) == {"body": {"text": "small"}, "method": "POST"}


async def test_outputs_of_done_steps_come_back_after_a_wait(bench: Bench) -> None:
    text = "y" * 5_000
    (run,) = await bench.started(payload=body(text))
    await bench.store.commit([done(run, {"text": text}, keep=True)], LEASE)
    later = await again(bench, run.run_id)
    assert later.needs is not None
    assert later.needs.weight == len(text) + 2
    assert await bench.store.load(later)
    assert later.journal[0]["o"] == {"text": text}
    assert json.loads(later.payload)["body"]["text"] == text


async def test_the_same_value_is_kept_once(bench: Bench) -> None:
    text = noise(8_000)
    runs = await bench.started(3, body(text))
    for run in runs:
        await bench.store.commit([done(run, {"text": text}, keep=True)], LEASE)
    if isinstance(bench.store, MemoryStore):
        return
    rows = await bench.pool.fetch("SELECT size, stored FROM blob")
    assert [row["size"] for row in rows] == [8_002]
    assert await bench.pool.fetchval("SELECT sum(bytes) FROM blob_tally") == rows[0]["stored"]


async def test_beyond_the_budget_a_run_under_way_still_gets_everything(bench: Bench) -> None:
    texts = [noise(15_000) for _ in range(4)]
    runs = [(await bench.started(payload=body(text)))[0] for text in texts]
    for run, text in zip(runs, texts, strict=True):
        await bench.store.commit([done(run, {"text": text[::-1]}, keep=True)], LEASE)
    for run, text in zip(runs, texts, strict=True):
        later = await again(bench, run.run_id)
        assert await bench.store.load(later)
        assert later.journal[0]["o"] == {"text": text[::-1]}
        assert json.loads(later.payload)["body"]["text"] == text


async def test_beyond_the_budget_only_the_beginning_is_left_when_the_run_has_ended(bench: Bench) -> None:
    texts = [noise(15_000) for _ in range(4)]
    for text in texts:
        (run,) = await bench.started(payload=body(text))
        await bench.store.load(run)
        await bench.store.commit([checkpoint(run, result=json.dumps(text[::-1]).encode(), had_large=True)], LEASE)
    if isinstance(bench.store, MemoryStore):
        return
    assert await bench.pool.fetchval("SELECT count(*) FROM blob_held") == 0
    assert await bench.pool.fetchval("SELECT sum(stored) FROM blob") <= BUDGET
    cut = await bench.pool.fetch("SELECT size, length(head) AS head FROM blob WHERE data IS NULL")
    assert len(cut) >= 5
    assert {(row["size"], row["head"]) for row in cut} == {(15_002, 2_000)}


async def test_a_called_runs_large_result_reaches_its_caller_beyond_the_budget(bench: Bench) -> None:
    await bench.started(payload=body(noise(30_000)))
    caller, child = await bench.started(2)
    result = noise(30_000)
    ended = checkpoint(child, result=json.dumps(result).encode(), parent=caller.run_id)
    await bench.store.commit([ended], LEASE)
    ending = await bench.store.ending(child.run_id)
    assert ending is not None
    assert ending.result == result


async def test_a_result_that_looks_like_a_pointer_stays_as_it_is(bench: Bench) -> None:
    (run,) = await bench.started()
    forged = {"$large": [["value"]], "value": {"$blob": "00" * 32, "bytes": 1, "head": ""}}
    await bench.store.commit([checkpoint(run, result=json.dumps(forged, separators=(",", ":")).encode())], LEASE)
    ending = await bench.store.ending(run.run_id)
    assert ending is not None
    assert ending.result == forged


async def test_a_claim_takes_no_more_bytes_than_it_may_but_always_one(bench: Bench) -> None:
    events = [bench.event(body(noise(5_000))) for _ in range(6)] + [bench.event() for _ in range(3)]
    await bench.store.ingest(events)
    ids = [event.runs[0].id for event in events]
    first = await bench.store.claim("A", LEASE, 50, ids, 0.0, 12_000)
    assert sorted(run.needs is None for run in first) == [False, False, True, True, True]
    assert await bench.store.claim("B", LEASE, 50, ids, 0.0, 0) == []
    assert len(await bench.store.claim("B", LEASE, 50, ids, 0.0, 100)) == 1
    assert len(await bench.store.claim("B", LEASE, 50, ids)) == 3


async def test_a_run_whose_data_is_gone_says_so(bench: Bench) -> None:
    (run,) = await bench.started(payload=body("z" * 5_000))
    assert run.needs is not None
    run.needs.of_event = {"00" * 32: 5}
    assert not await bench.store.load(run)
