"""Promise 5: two API processes and three workers; none of 50,000 runs is claimed twice or done twice.

That timers fire once with three workers is shown by the test of ten thousand timers in `test_timers.py`.
"""

import asyncio
import json
from pathlib import Path
from time import monotonic
from typing import Any

import asyncpg
import pytest
from tests.bench.load import Load, pour, request
from tests.bench.processes import environment, free_port, wait_ready
from tests.bench.seed import Seeded, seed
from tests.crash.test_worker_killed import running
from uuid_utils.compat import uuid7

from potok.adapters.store_postgres import PostgresStore, engine_pool
from potok.engine.ports import NewEvent, NewRun

pytestmark = pytest.mark.alone

RUNS = 50_000
BY_WEBHOOK = 2_000
"""Of them: through each API, while the workers are busy with the others."""
GROUP = 1_000
BODY = json.dumps({"amount": 1500}).encode()
GRAPH: dict[str, Any] = {
    "format": "potok/1",
    "title": "Counted",
    "nodes": [
        {"id": "hook", "type": "webhook.received", "params": {}},
        {"id": "text", "type": "data.text", "params": {"text": "on"}},
    ],
    "edges": [{"source": "hook", "port": "out", "target": "text"}],
}
WATCH = """
CREATE TABLE claimed (run_id uuid, claim int, owner text);
CREATE FUNCTION note_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO claimed VALUES (new.run_id, new.claim, new.lease_owner); RETURN NULL; END $$;
CREATE TRIGGER watch AFTER UPDATE OF claim ON run_work FOR EACH ROW EXECUTE FUNCTION note_claim();
"""
"""The database itself writes down every claim."""


async def _ingest(url: str, place: Seeded, count: int) -> None:
    """Events as the API would write them; no queue is told, so all workers sweep for their runs at once."""
    pool = await engine_pool(url, size=2)
    store = PostgresStore(pool)
    for first in range(0, count, GROUP):
        await store.ingest([_event(place) for _ in range(min(GROUP, count - first))])
    await pool.close()


def _event(place: Seeded) -> NewEvent:
    run = NewRun(uuid7(), place.workspace_id, place.scenario_id, place.version_id, "hook")
    return NewEvent(uuid7(), place.workspace_id, "test", "", None, b'{"body": {}}', b"[]", [run])


async def _left(database: Any) -> int:
    left: int = await database.fetchval("SELECT count(*) FROM run_work")
    return left


async def test_two_apis_and_three_workers_claim_and_do_each_of_fifty_thousand_runs_once(
    fresh_database_url: str, fresh_redis_url: str, tmp_path: Path
) -> None:
    place = await seed(fresh_database_url, GRAPH)
    database = await asyncpg.connect(fresh_database_url)
    await database.execute(WATCH)
    ports = [free_port(), free_port()]
    env, other = (environment(fresh_database_url, fresh_redis_url, port, lease_seconds=30) for port in ports)
    message = request(f"/h/{place.token}", BODY)
    with running(env, tmp_path, "serve", "worker", "worker", "worker"), running(other, tmp_path, "serve"):
        for port in ports:
            await asyncio.to_thread(wait_ready, port, 90)
        began = monotonic()
        bulk = asyncio.create_task(_ingest(fresh_database_url, place, RUNS - len(ports) * BY_WEBHOOK))
        loads: list[Load] = await asyncio.gather(
            *(pour("127.0.0.1", port, message, 10, BY_WEBHOOK) for port in ports)
        )
        await bulk
        async with asyncio.timeout(120):
            while await _left(database):  # noqa: ASYNC110 (the database cannot call us)
                await asyncio.sleep(0.2)
    print(f"\n{RUNS} runs came and were over within {monotonic() - began:.0f} s")
    assert [load.accepted for load in loads] == [BY_WEBHOOK, BY_WEBHOOK]
    await _once_each(database)
    await database.close()


async def _once_each(database: Any) -> None:
    runs = dict(await database.fetch("SELECT status, count(*) FROM run GROUP BY status"))
    assert runs == {"succeeded": RUNS}
    claims = await database.fetchrow(
        "SELECT count(*), count(DISTINCT run_id), min(claim), max(claim) FROM claimed"
    )
    assert tuple(claims) == (RUNS, RUNS, 1, 1), "each run was claimed once"
    owners = dict(await database.fetch("SELECT owner, count(*) FROM claimed GROUP BY owner"))
    print(f"claims by worker: {sorted(owners.values())}")
    assert len(owners) == 3
    passes = await database.fetchrow("SELECT count(*), count(DISTINCT run_id), max(seq) FROM journal_segment")
    assert tuple(passes) == (RUNS, RUNS, 0), "the journal of each run is one pass"
    steps = await database.fetch(
        "SELECT e ->> 'n' AS node, e ->> 's' AS status, count(*)"
        " FROM journal_segment, json_array_elements(entries) e GROUP BY node, status"
    )
    assert sorted(tuple(row) for row in steps) == [("hook", "done", RUNS), ("text", "done", RUNS)]
