"""Runs over large payloads: time, bytes on disk, memory. `python -m tests.bench.large [runs] [bytes] [budget MB]`.

Each payload is echoed by three steps. A third of the payloads are alike, a third resemble each other, a third are
noise that no compression makes smaller.
"""

import asyncio
import base64
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import uvloop
from tests.bench.executor import Silent, no_http
from tests.bench.seed import Seeded, seed
from uuid_utils.compat import uuid7

from potok.adapters.embedded.postgres import Postgres
from potok.adapters.larges import Larges
from potok.adapters.store_postgres import PostgresStore, engine_pool
from potok.adapters.store_postgres.blobs import PostgresBlobs
from potok.engine.bulk import Bulk
from potok.engine.executor import Executor
from potok.engine.ports import NewEvent, NewRun, Store
from potok.migrate import migrate_now
from potok.registry.load import load
from potok.settings import Settings

MB = 1024 * 1024
_TEXT: Any = {"$ref": ["hook", "body", "text"]}
ECHO: dict[str, Any] = {
    "format": "potok/1",
    "title": "Echo",
    "nodes": [
        {"id": "hook", "type": "webhook.received", "params": {}},
        {"id": "first", "type": "data.text", "params": {"text": _TEXT}},
        {"id": "second", "type": "data.text", "params": {"text": {"$ref": ["first", "text"]}}},
        {
            "id": "third",
            "type": "data.set_fields",
            "params": {"fields": [{"name": "kept", "value": {"$ref": ["second", "text"]}}]},
        },
    ],
    "edges": [
        {"source": "hook", "port": "out", "target": "first"},
        {"source": "first", "port": "out", "target": "second"},
        {"source": "second", "port": "out", "target": "third"},
    ],
}
"""Three steps that give on what came."""


def text_of(number: int, size: int) -> str:
    """Alike, resembling, or noise, in turns."""
    if number % 3 == 0:
        return "the same report, sent again and again. " * (size // 39)
    if number % 3 == 1:
        line = f'{{"order": {number}, "customer": "Anna Petrova", "total": "{number * 7}.00", "state": "paid"}}\n'
        return line * (size // len(line))
    return base64.b64encode(os.urandom(size * 3 // 4)).decode()


def event_of(place: Seeded, text: str) -> NewEvent:
    """One event as the hook makes it."""
    payload = json.dumps({"body": {"text": text}, "query": {}, "headers": {}, "method": "POST"}).encode()
    run = NewRun(uuid7(), place.workspace_id, place.scenario_id, place.version_id, "hook")
    return NewEvent(uuid7(), place.workspace_id, "webhook", "bench", None, payload, b"[]", [run])


async def run_all(store: Store, run_ids: Sequence[UUID], bulk: Bulk | None = None) -> None:
    """These, to their ends."""
    catalog = load(Settings().plugins).catalog
    executor = Executor(store, catalog, Silent(), no_http, owner="bench", capacity=500, bulk=bulk)
    executor.offer(run_ids)
    task = asyncio.create_task(executor.run())
    while executor.finished < len(run_ids):  # noqa: ASYNC110 (looking disturbs less than being told)
        await asyncio.sleep(0.02)
    await executor.stop()
    await task


async def pour_in(store: Store, place: Seeded, texts: Sequence[str]) -> list[UUID]:
    """Accept them in one group; the runs."""
    events = [event_of(place, text) for text in texts]
    await store.ingest(events)
    return [event.runs[0].id for event in events]


async def large_values(database_url: str, count: int, size: int, budget: int) -> dict[str, float]:
    """Seconds to accept and to run, MB on disk, MB of memory at the peak above the start."""
    place = await seed(database_url, ECHO)
    pool = await engine_pool(database_url)
    store = PostgresStore(pool, Larges(PostgresBlobs(pool, budget)))
    process, peak = psutil.Process(), 0
    before = await pool.fetchval("SELECT pg_database_size(current_database())")
    memory = process.memory_info().rss
    accepting = running = 0.0
    for done in range(0, count, 200):
        part = min(200, count - done)
        run_ids: list[UUID] = []
        for start in range(done, done + part, 8):
            texts = [text_of(number, size) for number in range(start, min(start + 8, done + part))]
            began = time.perf_counter()
            run_ids += await pour_in(store, place, texts)
            accepting += time.perf_counter() - began
        began = time.perf_counter()
        await run_all(store, run_ids)
        running += time.perf_counter() - began
        peak = max(peak, process.memory_info().rss)
    await pool.execute("CHECKPOINT")
    after = await pool.fetchval("SELECT pg_database_size(current_database())")
    tally = await pool.fetchval("SELECT sum(bytes) FROM blob_tally")
    succeeded = await pool.fetchval("SELECT count(*) FROM run WHERE status = 'succeeded' AND steps = 4")
    assert succeeded == count, f"{succeeded} of {count} runs succeeded"
    await pool.close()
    return {
        "runs": count,
        "payload_mb": round(size / MB, 2),
        "accept_s": round(accepting, 2),
        "run_s": round(running, 2),
        "disk_mb": round((after - before) / MB, 1),
        "counted_mb": round(float(tally or 0) / MB, 1),
        "memory_mb": round((peak - memory) / MB, 1),
    }


def main() -> None:
    """On an embedded server of its own."""
    given = [int(one) for one in sys.argv[1:]]
    count, size, budget = given + [200, MB, 1024][len(given) :]
    with tempfile.TemporaryDirectory(prefix="potok-large-") as folder:
        place = Path(folder)
        postgres = Postgres(place / "postgres", place / "run", place / "postgres.log")
        postgres.start()
        try:
            migrate_now(postgres.dsn())
            print(json.dumps(uvloop.run(large_values(postgres.dsn(), count, size, budget * MB)), indent=2))
        finally:
            postgres.stop()


if __name__ == "__main__":
    main()
