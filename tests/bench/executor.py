"""The executor alone: durable runs of four pure nodes, claimed, run and checkpointed by one process."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from tests.bench.seed import PURE_GRAPH, Seeded, seed
from uuid_utils.compat import uuid7

from potok.adapters.store_postgres import PostgresStore, engine_pool
from potok.engine.executor import Executor
from potok.engine.ports import NewEvent, NewRun, Progress, Reply
from potok.registry.load import load
from potok.server.collector import calm_collector
from potok.settings import Settings


class Silent:
    """A live channel nobody listens to."""

    async def publish(self, progress: Sequence[Callable[[], Progress]], scenarios: Sequence[Any]) -> None:
        """Nobody watches."""

    async def reply(self, replies: Sequence[Reply]) -> None:
        """Nobody waits."""


def no_http(step: Any) -> Any:
    """Pure steps never reach outside."""
    return None


def new_event(seeded: Seeded, amount: int = 1500) -> NewEvent:
    """One event as the hook makes it."""
    payload = {
        "body": {"name": "Anna", "email": "anna@example.com", "amount": amount},
        "query": {},
        "headers": {"content-type": "application/json"},
        "method": "POST",
    }
    run = NewRun(uuid7(), seeded.workspace_id, seeded.scenario_id, seeded.version_id, "hook")
    return NewEvent(uuid7(), seeded.workspace_id, "webhook", "bench", None, orjson.dumps(payload), b"[]", [run])


async def executor_alone(database_url: str, count: int) -> float:
    """Runs a second."""
    seeded = await seed(database_url, PURE_GRAPH)
    pool = await engine_pool(database_url)
    try:
        store = PostgresStore(pool)
        for start in range(0, count, 500):
            await store.ingest([new_event(seeded) for _ in range(min(500, count - start))])
        ids = [
            row["id"] for row in await pool.fetch("SELECT id FROM run WHERE scenario_id = $1", seeded.scenario_id)
        ]
        await pool.execute("CHECKPOINT")
        catalog = load(Settings().plugins).catalog
        executor = Executor(store, catalog, Silent(), no_http, owner="bench", capacity=1000)
        calm_collector()  # as the worker process does
        began = time.perf_counter()
        executor.offer(ids)
        task = asyncio.create_task(executor.run())
        while executor.finished < count:  # noqa: ASYNC110 (looking disturbs less than being told)
            await asyncio.sleep(0.01)
        seconds = time.perf_counter() - began
        await executor.stop()
        await task
        done = await pool.fetchval(
            "SELECT count(*) FROM run WHERE scenario_id = $1 AND status = 'succeeded' AND steps = 4",
            seeded.scenario_id,
        )
        assert done == count, f"{done} of {count} runs succeeded"
        return count / seconds
    finally:
        await pool.close()
