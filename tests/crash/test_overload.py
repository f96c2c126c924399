"""Promise 11: ten times more comes in than the disk takes: 503 + Retry-After, and what was accepted completes.

The promise says a minute; here it is `SECONDS`, since every second of it is like the others. The capacity is made
small (a database whose commits take half a second, a short queue): ten times of it is no load for the machine.
"""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil
import pytest
from tests.bench.load import request
from tests.bench.processes import environment, free_port, wait_ready
from tests.bench.seed import Seeded, seed
from tests.crash.away import succeeded
from tests.crash.test_scale_out import GRAPH
from tests.crash.test_worker_killed import running

pytestmark = pytest.mark.alone

SECONDS = 20.0
QUEUE = 10
"""Requests that may wait for their commit."""
COMMIT = 0.5
"""Seconds that one takes: two groups of at most QUEUE a second."""
CALLERS = 120
EVERY = 0.25
"""Seconds between two requests of a caller, unless the answer takes longer."""
BODY = json.dumps({"amount": 1500, "text": "x" * 20_000}).encode()
GROWTH = 30_000_000
"""Bytes of memory: a third of what was refused in the half that is measured, had it been kept."""
SLOW = f"""
CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_sleep({COMMIT}); RETURN NULL; END $$;
CREATE TRIGGER slow BEFORE INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION slowly();
"""


@dataclass
class Flood:
    """Callers that do not care how the other side feels."""

    port: int
    message: bytes
    answers: Counter[int] = field(default_factory=Counter)
    impolite: list[str] = field(default_factory=list)
    """Refusals that do not say when to come again, or why."""
    slowest: float = 0.0

    async def pour(self) -> None:
        """All callers, for SECONDS."""
        await asyncio.gather(*(self._call(EVERY * number / CALLERS) for number in range(CALLERS)))

    async def _call(self, begin: float) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + SECONDS
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        await asyncio.sleep(begin)
        while (sent := loop.time()) < until:
            writer.write(self.message)
            status, head, body = await _answer(reader)
            took = loop.time() - sent
            self.slowest = max(self.slowest, took)
            self.answers[status] += 1
            if status == 503 and (b"\r\nretry-after: 1" not in head or b'"overloaded"' not in body):
                self.impolite.append(f"{head!r} {body!r}")
            await asyncio.sleep(max(0.0, EVERY - took))
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
    return int(head[9:12]), head, await reader.readexactly(length)


@dataclass
class Watch:
    """Memory of the processes and what the API says about itself, again and again."""

    port: int
    pids: list[int]
    memory: list[list[int]] = field(default_factory=list)
    said: Counter[tuple[str, int]] = field(default_factory=Counter)
    slowest: float = 0.0

    async def look(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=10) as client:
            while True:
                self.memory.append([psutil.Process(pid).memory_info().rss for pid in self.pids])
                for path in ("/healthz", "/readyz"):
                    asked = loop.time()
                    self.said[path, (await client.get(path)).status_code] += 1
                    self.slowest = max(self.slowest, loop.time() - asked)
                await asyncio.sleep(0.5)

    def growth(self) -> list[int]:
        """Of each process, from the middle of the flood to its end."""
        middle = len(self.memory) // 2
        early, late = self.memory[middle], self.memory[-1]
        return [after - before for before, after in zip(early, late, strict=True)]


async def test_ten_times_the_capacity_is_refused_politely_and_what_was_accepted_completes(
    fresh_database_url: str, fresh_redis_url: str, tmp_path: Path
) -> None:
    place = await seed(fresh_database_url, GRAPH)
    database = await asyncpg.connect(fresh_database_url)
    await database.execute(SLOW)
    port = free_port()
    env = environment(fresh_database_url, fresh_redis_url, port, ingest_queue=QUEUE, worker_runs=20)
    with running(env, tmp_path, "serve", "worker") as processes:
        await asyncio.to_thread(wait_ready, port, 90)
        flood = Flood(port, request(f"/h/{place.token}", BODY))
        watch = Watch(port, [process.pid for process in processes])
        looking = asyncio.create_task(watch.look())
        await flood.pour()
        looking.cancel()
        accepted, refused = flood.answers[202], flood.answers[503]
        print(
            f"\noffered {flood.answers.total() / SECONDS:.0f}/s, accepted {accepted / SECONDS:.0f}/s;"
            f" slowest answer {flood.slowest:.1f} s, of health {watch.slowest:.1f} s; memory: {watch.growth()}"
        )
        assert flood.answers.total() == accepted + refused, flood.answers
        assert accepted > 0
        assert flood.answers.total() >= 10 * accepted
        assert flood.impolite == []
        assert flood.slowest < 5, "a bounded queue means a bounded wait"
        await succeeded(fresh_database_url, place, accepted)
        await _whole(database, place, accepted)
        await database.execute("DROP TRIGGER slow ON event")
        assert await _one(port, place) == 202
        await succeeded(fresh_database_url, place, accepted + 1)
    assert set(watch.said) == {("/healthz", 200), ("/readyz", 200)}
    assert watch.slowest < 3
    assert max(watch.growth()) < GROWTH
    await database.close()


async def _whole(database: Any, place: Seeded, accepted: int) -> None:
    """What was refused left nothing behind."""
    for table in ("event", "run"):
        query = f"SELECT count(*) FROM {table} WHERE workspace_id = $1"
        assert await database.fetchval(query, place.workspace_id) == accepted


async def _one(port: int, place: Seeded) -> int:
    async with httpx.AsyncClient(timeout=10) as client:
        answer = await client.post(f"http://127.0.0.1:{port}/h/{place.token}", json={})
        return answer.status_code
