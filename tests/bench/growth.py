"""Growth: ten times the runs take ten times the time, and the worker's memory stays flat. And one or two workers.

`python -m tests.bench.growth URL COUNT` runs so many durable runs in a process of its own and prints what it took.
"""

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import uvloop
from tests.bench.executor import Silent, new_event, no_http
from tests.bench.processes import end, environment, start
from tests.bench.seed import PURE_GRAPH, Seeded, seed

from potok.adapters.store_postgres import PostgresStore, engine_pool
from potok.engine.executor import Executor
from potok.registry.load import load
from potok.server.collector import calm_collector
from potok.settings import Settings

SIZES = (1_000, 10_000, 100_000)
BACKLOG = 20_000
"""Runs that one or two workers share."""
_WARM = 500
_SLICE = 2_000
_PATIENCE = 300.0


def growing(database_url: str) -> list[dict[str, float]]:
    """One entry per size: seconds, runs a second, megabytes of the process at its start and at its peak."""
    found = []
    for count in SIZES:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.growth", database_url, str(count)],
            check=True,
            capture_output=True,
            text=True,
            timeout=_PATIENCE * 2,
        )
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return found


async def _ingest(store: PostgresStore, seeded: Seeded, count: int) -> list[Any]:
    ids = []
    for begin in range(0, count, 500):
        events = [new_event(seeded) for _ in range(min(500, count - begin))]
        await store.ingest(events)
        ids += [event.runs[0].id for event in events]
    return ids


async def _work_off(database_url: str, count: int) -> dict[str, float]:
    seeded = await seed(database_url, PURE_GRAPH)
    pool = await engine_pool(database_url)
    try:
        store = PostgresStore(pool)
        ids = await _ingest(store, seeded, _WARM + count)
        catalog = load(Settings().plugins).catalog
        executor = Executor(store, catalog, Silent(), no_http, owner="growth", capacity=1000)
        calm_collector()
        task = asyncio.create_task(executor.run())
        executor.offer(ids[:_WARM])
        await _until(executor, _WARM)
        process = psutil.Process()
        before = peak = process.memory_info().rss
        began = time.perf_counter()
        for place in range(_WARM, len(ids), _SLICE):
            await executor.room(_SLICE)
            executor.offer(ids[place : place + _SLICE])
            peak = max(peak, process.memory_info().rss)
        await _until(executor, len(ids))
        seconds = time.perf_counter() - began
        peak = max(peak, process.memory_info().rss)
        await executor.stop()
        await task
    finally:
        await pool.close()
    return {
        "runs": count,
        "seconds": round(seconds, 3),
        "runs_per_second": round(count / seconds, 1),
        "memory_mb": round(before / 1e6, 1),
        "peak_mb": round(peak / 1e6, 1),
    }


async def _until(executor: Executor, count: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while executor.finished < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{executor.finished} of {count} runs after {_PATIENCE} s")
        await asyncio.sleep(0.01)


async def shared_backlog(database_url: str, redis_url: str, workers: int, folder: Path) -> float:
    """Runs a second of so many worker processes that find a backlog, from the first tenth done to the last run."""
    seeded = await seed(database_url, PURE_GRAPH)
    pool = await engine_pool(database_url)
    try:
        await _ingest(PostgresStore(pool), seeded, BACKLOG)
    finally:
        await pool.close()
    env = environment(database_url, redis_url, 0)
    processes = [start("worker", env, folder / f"backlog-{number}.log") for number in range(workers)]
    database = await asyncpg.connect(database_url)
    try:
        tenth = await _count_to(database, seeded, BACKLOG // 10)
        began = time.perf_counter()
        done = await _count_to(database, seeded, BACKLOG)
        return (done - tenth) / (time.perf_counter() - began)
    finally:
        await database.close()
        for process in processes:
            end(process)


async def _count_to(database: Any, seeded: Seeded, wanted: int) -> int:
    deadline = time.monotonic() + _PATIENCE
    query = "SELECT count(*) FROM run WHERE scenario_id = $1 AND status = 'succeeded'"
    while True:
        count: int = await database.fetchval(query, seeded.scenario_id)
        if count >= wanted:
            return count
        if time.monotonic() > deadline:
            raise TimeoutError(f"{count} of {wanted} runs after {_PATIENCE} s")
        await asyncio.sleep(0.02)


if __name__ == "__main__":
    print(json.dumps(uvloop.run(_work_off(sys.argv[1], int(sys.argv[2])))))
