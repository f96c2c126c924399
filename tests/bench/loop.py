"""One run of 10,000 loop items, durable: claimed, run and checkpointed by one process."""

import asyncio
import time
import tracemalloc
from typing import Any

import orjson
from tests.bench.executor import Silent, no_http
from tests.bench.seed import seed
from uuid_utils.compat import uuid7

from potok.adapters.store_postgres import PostgresStore, engine_pool
from potok.engine.executor import Executor
from potok.engine.ports import NewEvent, NewRun
from potok.registry.load import load
from potok.settings import Settings

GRAPH: dict[str, Any] = {
    "format": "potok/1",
    "title": "Loop",
    "nodes": [
        {"id": "hook", "type": "webhook.received"},
        {"id": "each", "type": "flow.loop", "params": {"items": {"$ref": ["hook", "body", "rows"]}}},
        {
            "id": "line",
            "type": "data.text",
            "params": {
                "text": {"$text": ["Row ", {"$ref": ["each", "index"]}, ": ", {"$ref": ["each", "item", "name"]}]}
            },
        },
    ],
    "edges": [{"source": "hook", "target": "each"}, {"source": "each", "port": "item", "target": "line"}],
}


async def loop_items(database_url: str, count: int = 10_000) -> tuple[float, float]:
    """(seconds for the run, megabytes of Python memory at its peak beyond the start)."""
    seeded = await seed(database_url, GRAPH)
    pool = await engine_pool(database_url)
    try:
        store = PostgresStore(pool)
        rows = [{"name": f"Customer {number}"} for number in range(count)]
        payload = orjson.dumps({"body": {"rows": rows}})
        seconds = await _run(store, seeded, payload)
        tracemalloc.start()
        await _run(store, seeded, payload)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        return seconds, peak
    finally:
        await pool.close()


async def _run(store: PostgresStore, seeded: Any, payload: bytes) -> float:
    run = NewRun(uuid7(), seeded.workspace_id, seeded.scenario_id, seeded.version_id, "hook")
    event = NewEvent(uuid7(), seeded.workspace_id, "webhook", "bench", None, payload, b"[]", [run])
    await store.ingest([event])
    catalog = load(Settings().plugins).catalog
    executor = Executor(store, catalog, Silent(), no_http, owner="bench", capacity=10)
    began = time.perf_counter()
    executor.offer([run.id])
    task = asyncio.create_task(executor.run())
    while not executor.finished:  # noqa: ASYNC110 (looking disturbs less than being told)
        await asyncio.sleep(0.005)
    seconds = time.perf_counter() - began
    await executor.stop()
    await task
    ending = await store.ending(run.id)
    assert ending is not None
    assert ending.status == "succeeded", ending.error
    return seconds
