"""Promise 3: Valkey flushed, stopped, replaced or hanging costs latency only; nothing is lost, nothing doubled."""

import asyncio
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.bench.seed import Seeded, seed
from tests.crash.away import BODY, Callers, Servers, books_balance, own_servers, succeeded, system
from tests.crash.test_worker_killed import LETTER_GRAPH

from potok.adapters.embedded.valkey import Valkey
from potok.migrate import migrate

pytestmark = pytest.mark.alone

COUNT = 400
SYNCHRONOUS = LETTER_GRAPH | {
    "nodes": [
        {"id": "hook", "type": "webhook.received", "params": {"reply": "result"}},
        *LETTER_GRAPH["nodes"][1:],
    ]
}


@pytest.fixture
def servers(server_folder: Path) -> Iterator[Servers]:
    folder = server_folder / "lost"
    with own_servers(folder, fsync="off") as made:
        yield made
    shutil.rmtree(folder)


async def _seeded(servers: Servers, graph: dict[str, object] = LETTER_GRAPH) -> tuple[str, Seeded]:
    url = servers.postgres.dsn()
    await migrate(url)
    return url, await seed(url, graph)


async def test_flushed_again_and_again_while_events_pour_in(servers: Servers, tmp_path: Path) -> None:
    """Promise 3: FLUSHALL under load drops queued hints; the sweep finds their runs, each is done once."""
    url, place = await _seeded(servers)
    async with system(servers, tmp_path) as running:
        callers = Callers(f"{running.url}/h/{place.token}")
        pouring = asyncio.create_task(callers.pour(0, COUNT))
        while not pouring.done():
            await asyncio.to_thread(servers.valkey.command, "FLUSHALL")
            await asyncio.sleep(0.02)
        await pouring
        assert (callers.accepted, callers.refused) == (COUNT, {})
        assert await succeeded(url, place, COUNT, 20) < 10
        assert running.alive()
    await books_balance(url, place, LETTER_GRAPH, COUNT)


async def test_stopped_for_a_while_and_replaced_by_an_empty_one(servers: Servers, tmp_path: Path) -> None:
    """Promise 3: without Valkey the sweep carries everything; an empty one in its place is taken up."""
    url, place = await _seeded(servers)
    async with system(servers, tmp_path) as running:
        callers = Callers(f"{running.url}/h/{place.token}")
        await callers.pour(0, 50)
        await asyncio.to_thread(servers.valkey.stop)
        await callers.pour(50, 100)
        await succeeded(url, place, 150)
        assert await running.ready() == {"status": "ok", "database": "ok", "queue": "away"}

        old = servers.valkey.folder
        servers.valkey = Valkey(old.with_name("valkey-new"), old.parent / "run", old.parent / "valkey-new.log")
        await asyncio.to_thread(servers.valkey.start)
        await callers.pour(150, 50)
        await succeeded(url, place, 200)
        await asyncio.sleep(1)  # the processes look for it twice a second
        await _prompt(callers, url, place)
        assert (await running.ready())["queue"] == "ok"
        assert (callers.accepted, callers.refused) == (201, {})
        assert running.alive()
    await books_balance(url, place, LETTER_GRAPH, 201)


async def _prompt(callers: Callers, url: str, place: Seeded) -> None:
    """One more event, which the queue carries: much faster than the sweep, which waits for 1.5 s."""
    before = callers.accepted
    await callers.pour(before, 1)
    assert await succeeded(url, place, before + 1, 10) < 1.2


async def test_hanging_without_a_word(servers: Servers, tmp_path: Path) -> None:
    """Promise 3: a Valkey that neither answers nor hangs up delays runs; the API answers, and all goes on."""
    url, place = await _seeded(servers)
    async with system(servers, tmp_path) as running:
        callers = Callers(f"{running.url}/h/{place.token}")
        await callers.pour(0, 50)
        assert servers.valkey.process is not None
        servers.valkey.process.send_signal(signal.SIGSTOP)
        try:
            callers.slowest = 0.0
            await callers.pour(50, 150)
            await succeeded(url, place, 200, 20)
            assert callers.slowest < 2.0, "callers waited for Valkey"
            async with httpx.AsyncClient(timeout=10) as client:
                assert (await running.ready())["queue"] == "away"
                answer = await client.post(f"{running.url}/graphql", json={"query": "{ install { needsSetup } }"})
                assert answer.json()["data"]["install"]["needsSetup"] is True
        finally:
            servers.valkey.process.send_signal(signal.SIGCONT)
        await asyncio.sleep(3)
        await _prompt(callers, url, place)
        assert (callers.accepted, callers.refused) == (201, {})
        assert running.alive()
    await books_balance(url, place, LETTER_GRAPH, 201)


async def test_a_synchronous_caller_without_valkey(servers: Servers, tmp_path: Path) -> None:
    """Promise 3: nobody can tell the caller how the run ends, so at its timeout it gets the result or 202."""
    url, place = await _seeded(servers, SYNCHRONOUS)
    async with system(servers, tmp_path, reply_timeout=0.8) as running, httpx.AsyncClient(timeout=20) as client:
        hook = f"{running.url}/h/{place.token}"
        assert (await client.post(hook, json=BODY)).status_code == 200
        await asyncio.to_thread(servers.valkey.stop)
        answer = await client.post(hook, json=BODY)
        assert answer.status_code == 202, "the sweep takes runs that have lain for 1.5 s, so this one is not over"
        assert answer.json()["run_ids"]
        await succeeded(url, place, 2)
    async with system(servers, tmp_path, reply_timeout=12) as running, httpx.AsyncClient(timeout=20) as client:
        answer = await client.post(f"{running.url}/h/{place.token}", json=BODY)
        assert answer.status_code == 200, "the result stands in the database"
    await books_balance(url, place, SYNCHRONOUS, 3)
