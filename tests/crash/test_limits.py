"""Limits with two real workers, one of which is killed: never more at once than allowed, and every run ends."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tests.bench.load import pour, request
from tests.bench.processes import environment, free_port, wait_ready
from tests.bench.seed import seed
from tests.crash.test_worker_killed import _completed, _wait_for, running

COUNT = 200
AT_MOST = 3


@dataclass
class Counting:
    """The other side: how many calls it answers at once, at most."""

    url: str = ""
    now: int = 0
    most: int = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a moment for each."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            self.now += 1
            self.most = max(self.most, self.now)
            await asyncio.sleep(0.01)
            self.now -= 1
            writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok")
            await writer.drain()
        writer.close()


@asynccontextmanager
async def counting() -> AsyncIterator[Counting]:
    """It listens on a free port."""
    made = Counting()
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    try:
        yield made
    finally:
        server.close()


def limited(where: str) -> dict[str, Any]:
    """A call outside; the limit is the scenario's or the step's."""
    url = {"$ref": ["hook", "body", "url"]}
    call: dict[str, Any] = {"id": "call", "type": "http.request", "params": {"method": "GET", "url": url}}
    graph: dict[str, Any] = {
        "format": "potok/1",
        "title": "Limited",
        "nodes": [{"id": "hook", "type": "webhook.received", "params": {}}, call],
        "edges": [{"source": "hook", "port": "out", "target": "call"}],
    }
    if where == "scenario":
        return graph | {"settings": {"limits": {"concurrency": {"at_most": AT_MOST}}}}
    call["settings"] = {"limits": {"at_once": AT_MOST}}
    return graph


@pytest.mark.parametrize("where", ["scenario", "step"])
async def test_a_killed_worker_leaks_no_place_and_never_too_many_are_at_work(
    fresh_database_url: str, fresh_redis_url: str, tmp_path: Path, where: str
) -> None:
    place = await seed(fresh_database_url, limited(where))
    port = free_port()
    env = environment(fresh_database_url, fresh_redis_url, port, lease_seconds=2, allow_private_hosts="127.0.0.1")
    database = await asyncpg.connect(fresh_database_url)
    async with counting() as other:
        body = json.dumps({"url": other.url}).encode()
        with running(env, tmp_path, "serve", "worker", "worker") as (_, victim, _):
            wait_ready(port)
            pouring = asyncio.create_task(pour("127.0.0.1", port, request(f"/h/{place.token}", body), 20, COUNT))
            await _wait_for(database, place, 20, 30)
            victim.kill()
            victim.wait()
            at_the_kill = await _completed(database, place)
            assert (await pouring).accepted == COUNT
            await _wait_for(database, place, COUNT, 90)
    assert at_the_kill < COUNT, "the worker was killed too late to prove anything"
    assert other.most <= AT_MOST
    assert await database.fetchval("SELECT count(*) FROM limit_place") == 0
    assert await database.fetchval("SELECT count(*) FROM run_work") == 0
    await database.close()
