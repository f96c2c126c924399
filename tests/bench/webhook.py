"""Webhook to durable completed run: load over 1, 10 and 50 connections, and the first action of an idle system."""

import asyncio
import json
import time
from typing import Any

import asyncpg
from tests.bench.load import Load, pour, request
from tests.bench.seed import PURE_GRAPH, seed

BODY = json.dumps({"name": "Anna", "email": "anna@example.com", "amount": 1500}).encode()
_PATIENCE = 60.0


async def _completed(database: Any, scenario: Any) -> int:
    count: int = await database.fetchval(
        "SELECT count(*) FROM run WHERE scenario_id = $1 AND status = 'succeeded'", scenario
    )
    return count


async def under_load(database_url: str, port: int, connections: int, count: int) -> dict[str, float]:
    """Completed runs a second (counted in the database) and answer times."""
    place = await seed(database_url, PURE_GRAPH)
    database = await asyncpg.connect(database_url)
    try:
        message = request(f"/h/{place.token}", BODY)
        await pour("127.0.0.1", port, message, connections, connections * 4)
        warm = connections * 4
        await _wait(database, place.scenario_id, warm)
        began = time.perf_counter()
        load: Load = await pour("127.0.0.1", port, message, connections, count)
        assert load.accepted == count, f"{load.refused} of {count} requests were not accepted"
        await _wait(database, place.scenario_id, warm + count)
        seconds = time.perf_counter() - began
        return {
            "connections": connections,
            "requests": count,
            "runs_per_second": round(count / seconds, 1),
            "answers_per_second": round(count / load.seconds, 1),
            "answer_p50_ms": round(load.percentile(0.5), 2),
            "answer_p99_ms": round(load.percentile(0.99), 2),
        }
    finally:
        await database.close()


async def _wait(database: Any, scenario: Any, count: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while await _completed(database, scenario) < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{await _completed(database, scenario)} of {count} runs after {_PATIENCE} s")
        await asyncio.sleep(0.01)


async def first_action(database_url: str, port: int, rounds: int) -> dict[str, float]:
    """From the request going out to the first step after the trigger, on a system that was idle just before.

    The step's own clock counts (journal `t0`, milliseconds), so looking at it does not disturb.
    """
    place = await seed(database_url, PURE_GRAPH)
    database = await asyncpg.connect(database_url)
    sent: list[float] = []
    message = request(f"/h/{place.token}", BODY)
    try:
        for _ in range(rounds):
            await asyncio.sleep(0.15)
            sent.append(time.time() * 1000)
            await pour("127.0.0.1", port, message, 1, 1)
        await _wait(database, place.scenario_id, rounds)
        rows = await database.fetch(
            "SELECT s.entries FROM journal_segment s JOIN run r ON r.id = s.run_id"
            " WHERE r.scenario_id = $1 AND s.seq = 0 ORDER BY r.id",
            place.scenario_id,
        )
        started = [json.loads(row[0])[1]["t0"] for row in rows]
        late = sorted(max(0.0, start - out) for start, out in zip(started, sent, strict=True))
        return {
            "rounds": rounds,
            "p50_ms": round(late[len(late) // 2], 1),
            "p99_ms": round(late[min(len(late) - 1, int(len(late) * 0.99))], 1),
        }
    finally:
        await database.close()
