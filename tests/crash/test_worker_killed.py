"""kill -9 of a worker in the middle of its work: every accepted event is completed, none twice."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tests.bench.load import pour, request
from tests.bench.processes import end, environment, free_port, start, wait_ready
from tests.bench.seed import PURE_GRAPH, Seeded, seed

COUNT = 500
LETTER_GRAPH: dict[str, Any] = PURE_GRAPH | {
    "nodes": [
        *PURE_GRAPH["nodes"][:3],
        {
            "id": "mail",
            "type": "mail.send",
            "params": {
                "to": [{"$ref": ["hook", "body", "email"]}],
                "subject": "Thank you",
                "text": {"$text": ["Hello ", {"$ref": ["fields", "name"]}]},
            },
        },
        {"id": "letter", "type": "data.text", "params": {"text": "sent"}},
    ],
    "edges": [
        *PURE_GRAPH["edges"][:2],
        {"source": "fields", "port": "out", "target": "mail"},
        {"source": "mail", "port": "out", "target": "letter"},
    ],
}
BODY = json.dumps({"name": "Anna", "email": "anna@example.com", "amount": 1500}).encode()


@contextmanager
def running(env: dict[str, str], folder: Path, *parts: str) -> Iterator[list[Any]]:
    """Processes, ended afterwards."""
    processes = [start(part, env, folder / f"{part}.log") for part in parts]
    try:
        yield processes
    finally:
        for process in processes:
            end(process)


async def _completed(database: "asyncpg.Connection[asyncpg.Record]", place: Seeded) -> int:
    count: int = await database.fetchval(
        "SELECT count(*) FROM run WHERE scenario_id = $1 AND status = 'succeeded'", place.scenario_id
    )
    return count


async def _wait_for(
    database: "asyncpg.Connection[asyncpg.Record]", place: Seeded, count: int, seconds: float
) -> None:
    async with asyncio.timeout(seconds):
        while await _completed(database, place) < count:  # noqa: ASYNC110 (the database cannot call us)
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("graph", [PURE_GRAPH, LETTER_GRAPH], ids=["pure", "letter"])
async def test_a_killed_worker_loses_nothing_and_doubles_nothing(
    fresh_database_url: str, fresh_redis_url: str, tmp_path: Path, graph: dict[str, Any]
) -> None:
    place = await seed(fresh_database_url, graph)
    port = free_port()
    env = environment(fresh_database_url, fresh_redis_url, port, lease_seconds=2, worker_runs=20)
    database = await asyncpg.connect(fresh_database_url)
    with running(env, tmp_path, "serve", "worker") as (_, worker):
        wait_ready(port)
        pouring = asyncio.create_task(pour("127.0.0.1", port, request(f"/h/{place.token}", BODY), 20, COUNT))
        await _wait_for(database, place, 50, 30)
        worker.kill()
        worker.wait()
        at_the_kill = await _completed(database, place)
        load = await pouring
        assert load.accepted == COUNT
        assert at_the_kill < COUNT, "the worker was killed too late to prove anything"
        with running(env, tmp_path, "worker"):
            await _wait_for(database, place, COUNT, 60)
    assert await database.fetchval("SELECT count(*) FROM run WHERE scenario_id = $1", place.scenario_id) == COUNT
    assert await database.fetchval("SELECT count(*) FROM run_work") == 0
    await _nothing_twice(database, place, graph)
    await database.close()


async def _nothing_twice(
    database: "asyncpg.Connection[asyncpg.Record]", place: Seeded, graph: dict[str, Any]
) -> None:
    """Each node of each run is done once in the journal; each letter is in the Outbox once."""
    rows = await database.fetch("SELECT run_id, entries FROM journal_segment")
    done = Counter((row[0], entry["n"]) for row in rows for entry in json.loads(row[1]) if entry["s"] == "done")
    assert set(done.values()) == {1}
    assert len(done) == COUNT * len(graph["nodes"])
    letters = await database.fetch("SELECT run_id FROM outbox_message WHERE workspace_id = $1", place.workspace_id)
    expected = COUNT if graph is LETTER_GRAPH else 0
    assert len(letters) == len({row[0] for row in letters}) == expected
    states = await database.fetch("SELECT state, count(*) FROM effect GROUP BY state")
    assert {row[0]: row[1] for row in states} == ({"done": COUNT} if expected else {})


async def test_a_stopped_worker_finishes_or_gives_back_and_the_next_one_goes_on_at_once(
    fresh_database_url: str, fresh_redis_url: str, tmp_path: Path
) -> None:
    place = await seed(fresh_database_url, LETTER_GRAPH)
    port = free_port()
    env = environment(fresh_database_url, fresh_redis_url, port, lease_seconds=600)
    database = await asyncpg.connect(fresh_database_url)
    with running(env, tmp_path, "serve", "worker") as (_, worker):
        wait_ready(port)
        pouring = asyncio.create_task(pour("127.0.0.1", port, request(f"/h/{place.token}", BODY), 20, COUNT))
        await _wait_for(database, place, 50, 30)
        assert end(worker) == 0
        assert (await pouring).accepted == COUNT
        assert await database.fetchval("SELECT count(*) FROM run_work WHERE lease_until IS NOT NULL") == 0
        with running(env, tmp_path, "worker"):
            await _wait_for(database, place, COUNT, 20)
    await _nothing_twice(database, place, LETTER_GRAPH)
    await database.close()


async def test_the_runs_of_a_killed_worker_go_on_within_seconds_however_long_its_lease(
    fresh_database_url: str, fresh_redis_url: str, tmp_path: Path
) -> None:
    place = await seed(fresh_database_url, LETTER_GRAPH)
    port = free_port()
    env = environment(fresh_database_url, fresh_redis_url, port, lease_seconds=600)
    database = await asyncpg.connect(fresh_database_url)
    with running(env, tmp_path, "serve", "worker", "worker") as (_, victim, _):
        wait_ready(port)
        await _database_has_run_for(database, 10)
        pouring = asyncio.create_task(pour("127.0.0.1", port, request(f"/h/{place.token}", BODY), 20, COUNT))
        await _wait_for(database, place, 50, 30)
        held = "SELECT count(*) FROM run_work WHERE lease_until > now() + interval '60 s'"
        victim.kill()
        victim.wait()
        left_behind = await database.fetchval(held)
        assert (await pouring).accepted == COUNT
        began = asyncio.get_running_loop().time()
        await _wait_for(database, place, COUNT, 20)
        took = asyncio.get_running_loop().time() - began
    print(f"\n{left_behind} runs were held at the kill; all were done {took:.1f} s later (lease 600 s)")
    await _nothing_twice(database, place, LETTER_GRAPH)
    await database.close()


async def _database_has_run_for(database: "asyncpg.Connection[asyncpg.Record]", seconds: float) -> None:
    age = "SELECT extract(epoch FROM now() - pg_postmaster_start_time())::float"
    await asyncio.sleep(max(0.0, seconds - await database.fetchval(age)))
