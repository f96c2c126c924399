"""Promise 10: many runs over large payloads stay in the byte budget, and after pruning the disk shrinks.

Bounded to be quick: 300 runs of 1 MB; `python -m tests.bench.large 10000` measures the whole promise.
"""

import asyncio
import base64
import os
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
from tests.bench.large import ECHO, MB, event_of, pour_in, run_all, text_of
from tests.bench.processes import end, environment, free_port, start
from tests.bench.seed import Seeded, seed
from uuid_utils.compat import uuid7

from potok.adapters.larges import Larges
from potok.adapters.store_postgres import PostgresStore, engine_pool
from potok.adapters.store_postgres.blob_days import after, name_of, tidy
from potok.adapters.store_postgres.blobs import PostgresBlobs
from potok.engine.large import day_of
from potok.engine.ports import Store

RUNS = 300
BUDGET = 40 * MB
OF_A_RUN = 12 * 1024
"""What a run may take beside its large values: rows, pointers, the beginnings of what was cut."""


async def _fill(store: Store, place: Seeded, runs: int) -> list[UUID]:
    """Accept and run, a hundred at a time."""
    made: list[UUID] = []
    for first in range(0, runs, 100):
        part: list[UUID] = []
        for number in range(first, min(first + 100, runs), 10):
            part += await pour_in(store, place, [text_of(one, MB) for one in range(number, number + 10)])
        await run_all(store, part)
        made += part
    return made


async def _size(pool: Any) -> int:
    await pool.execute("VACUUM")
    size: int = await pool.fetchval("SELECT pg_database_size(current_database())")
    return size


async def test_promise_10_runs_with_payloads_of_a_megabyte_stay_in_the_byte_budget_and_complete(
    fresh_database_url: str,
) -> None:
    place = await seed(fresh_database_url, ECHO)
    pool = await engine_pool(fresh_database_url)
    before = await _size(pool)
    store = PostgresStore(pool, Larges(PostgresBlobs(pool, BUDGET)))
    run_ids = await _fill(store, place, RUNS)
    rows = await pool.fetch("SELECT status, steps FROM run WHERE id = ANY($1::uuid[])", run_ids)
    assert {(row["status"], row["steps"]) for row in rows} == {("succeeded", 4)}
    assert await pool.fetchval("SELECT sum(stored) FROM blob") <= BUDGET
    assert await pool.fetchval("SELECT sum(bytes) FROM blob_tally") <= BUDGET
    assert await pool.fetchval("SELECT count(*) FROM blob WHERE data IS NULL") > RUNS // 10
    assert await pool.fetchval("SELECT count(*) FROM blob_held") == 0
    held = await pool.fetchval("SELECT pg_total_relation_size('blob_held')")
    assert await _size(pool) - before - held <= BUDGET * 1.1 + RUNS * OF_A_RUN
    await pool.close()


async def test_promise_10_after_pruning_the_disk_shrinks(fresh_database_url: str) -> None:
    place = await seed(fresh_database_url, ECHO)
    pool = await engine_pool(fresh_database_url)
    store = PostgresStore(pool)
    texts = [base64.b64encode(os.urandom(MB // 2)).decode() for _ in range(40)]
    await run_all(store, await pour_in(store, place, texts))
    full = await _size(pool)
    today = day_of(uuid7())
    assert await tidy(pool, after(today)) == []  # the runs are there
    await pool.execute("DELETE FROM run")
    await pool.execute("DELETE FROM event")
    assert await tidy(pool, today) == []  # a day that is not over stays
    assert await tidy(pool, after(today)) == [name_of(today)]
    assert full - await _size(pool) > 15 * MB
    assert await pool.fetchval("SELECT count(*) FROM blob_tally") == 0
    await run_all(PostgresStore(pool), await pour_in(PostgresStore(pool), place, texts[:2]))
    await pool.close()


async def test_a_worker_takes_no_more_large_payloads_than_its_memory_holds(
    fresh_database_url: str, fresh_redis_url: str, tmp_path: Path
) -> None:
    size, runs, most = 10 * MB, 60, 600 * MB
    graph = ECHO | {"nodes": ECHO["nodes"][:2], "edges": ECHO["edges"][:1]}
    place = await seed(fresh_database_url, graph)
    pool = await engine_pool(fresh_database_url)
    store = PostgresStore(pool)
    line = "a long report that is not quite like the others; "
    for first in range(0, runs, 6):
        texts = [f"{number} " + line * (size // len(line)) for number in range(first, first + 6)]
        await store.ingest([event_of(place, text) for text in texts])
    env = environment(fresh_database_url, fresh_redis_url, free_port()) | {"POTOK_WORKER_MEMORY": "0"}
    worker = start("worker", env, tmp_path / "worker.log")
    try:
        process, idle, peak = psutil.Process(worker.pid), 0, 0
        async with asyncio.timeout(120):
            while await pool.fetchval("SELECT count(*) FROM run WHERE status = 'succeeded'") < runs:
                now = process.memory_info().rss
                idle, peak = idle or now, max(peak, now)
                await asyncio.sleep(0.05)
    finally:
        await asyncio.to_thread(end, worker)
    await pool.close()
    print(f"\n{runs} runs of {size // MB} MB: {idle / MB:.0f} MB at the start, {peak / MB:.0f} MB at the peak")
    assert peak < most, f"{peak / MB:.0f} MB"
