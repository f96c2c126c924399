"""Promise 4: PostgreSQL restarted, out of connections, read-only: a clear 503, nothing half-written, recovery.

A second `potok up` on one data folder and a folder left by `kill -9` of all are in tests/supervisor/test_up.py:
test_a_second_start_on_the_same_folder_refuses_and_names_the_first, test_kill_9_of_everything_at_once_starts_clean.
The full disk is in test_disk_full.py.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest
from tests.bench.seed import Seeded, seed
from tests.crash.away import BODY, Callers, Servers, System, books_balance, own_servers, succeeded, system
from tests.crash.test_worker_killed import LETTER_GRAPH

from potok.migrate import migrate

pytestmark = pytest.mark.alone

CONNECTIONS = 40


@pytest.fixture
def servers(server_folder: Path) -> Iterator[Servers]:
    folder = server_folder / "unwell"
    with own_servers(folder, fsync="off", max_connections=str(CONNECTIONS)) as made:
        yield made
    shutil.rmtree(folder)


async def _seeded(servers: Servers) -> tuple[str, Seeded]:
    url = servers.postgres.dsn()
    await migrate(url)
    return url, await seed(url, LETTER_GRAPH)


async def _says(running: System, database: str, seconds: float = 15) -> None:
    """Wait until /readyz says this of the database."""
    said: dict[str, str] = {}
    try:
        async with asyncio.timeout(seconds):
            while (said := await running.ready())["database"] != database:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"/readyz still says {said}, not {database}") from None


async def _refusal(url: str, seconds: float = 15) -> tuple[str, str]:
    """Code and words of the first refusal that a caller gets, in Russian."""
    async with httpx.AsyncClient(timeout=30) as client, asyncio.timeout(seconds):
        while True:
            answer = await client.post(url, json=BODY, headers={"webhook-id": "asked", "accept-language": "ru"})
            if answer.status_code == 503:
                assert int(answer.headers["retry-after"]) > 0
                error = answer.json()["error"]
                return error["code"], error["message"]
            await asyncio.sleep(0.1)


async def test_restarted_under_load(servers: Servers, tmp_path: Path) -> None:
    """Promise 4: three restarts while events pour in; callers get 503 and come again, every run is done once."""
    url, place = await _seeded(servers)
    async with system(servers, tmp_path) as running:
        callers = Callers(f"{running.url}/h/{place.token}")
        pouring = asyncio.create_task(callers.pour(0, 1500, at_once=4))
        for _ in range(3):
            await asyncio.sleep(0.5)
            await asyncio.to_thread(servers.postgres.stop)
            await asyncio.sleep(0.5)
            await asyncio.to_thread(servers.postgres.start)
        assert not pouring.done(), "the load ended before the last restart"
        await pouring
        assert callers.accepted == 1500
        assert set(callers.refused) == {"unavailable"}
        await succeeded(url, place, 1500)
        assert running.alive()
    await books_balance(url, place, LETTER_GRAPH, 1500)


@asynccontextmanager
async def _all_taken(url: str) -> AsyncIterator[None]:
    """Somebody else takes every connection, also those that Potok's processes had."""
    first = await asyncpg.connect(url)
    taken = [first]
    mine = "SELECT pid FROM pg_stat_activity WHERE application_name = 'hog'"
    await first.execute("SET application_name = 'hog'")
    end = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        f" WHERE backend_type = 'client backend' AND pid NOT IN ({mine})"
    )
    try:
        for _ in range(50):
            await first.execute(end)
            try:
                while True:
                    taken.append(await asyncpg.connect(url, server_settings={"application_name": "hog"}))
            except asyncpg.TooManyConnectionsError:
                pass
            if len(taken) == CONNECTIONS:
                break
            await asyncio.sleep(0.02)
        assert len(taken) == CONNECTIONS
        yield
    finally:
        await asyncio.gather(*(connection.close() for connection in taken))


async def test_out_of_connections(servers: Servers, tmp_path: Path) -> None:
    """Promise 4: another client holds every connection: 503 that says so, and recovery when it lets go."""
    url, place = await _seeded(servers)
    async with system(servers, tmp_path) as running:
        hook = f"{running.url}/h/{place.token}"
        callers = Callers(hook)
        await callers.pour(0, 50)
        async with _all_taken(url):
            code, message = await _refusal(hook)
            assert code == "database_connections"
            assert "нет свободных соединений" in message
            await _says(running, "connections")
            pouring = asyncio.create_task(callers.pour(50, 100))
            await asyncio.sleep(2)
            assert callers.accepted == 50
            assert set(callers.refused) == {"database_connections"}
        await pouring
        await _says(running, "ok")
        await succeeded(url, place, 150)
        assert running.alive()
    await books_balance(url, place, LETTER_GRAPH, 150)


async def test_read_only(servers: Servers, tmp_path: Path) -> None:
    """Promise 4: a database that takes no changes: 503 that says so, pages still show, recovery by itself."""
    url, place = await _seeded(servers)
    async with system(servers, tmp_path) as running:
        hook = f"{running.url}/h/{place.token}"
        callers = Callers(hook)
        await callers.pour(0, 50)
        pouring = asyncio.create_task(callers.pour(50, 600))
        await asyncio.sleep(0.2)
        await _read_only(servers, "on")
        code, message = await _refusal(hook)
        assert code == "database_read_only"
        assert "только для чтения" in message
        await _says(running, "read_only")
        async with httpx.AsyncClient(timeout=10) as client:
            answer = await client.post(f"{running.url}/graphql", json={"query": "{ install { needsSetup } }"})
            assert answer.json()["data"]["install"]["needsSetup"] is True
        await _read_only(servers, "off")
        await pouring
        await _says(running, "ok")
        assert callers.accepted == 650
        assert set(callers.refused) <= {"database_read_only"}
        await succeeded(url, place, 650)
        assert running.alive()
    await books_balance(url, place, LETTER_GRAPH, 650)


async def _read_only(servers: Servers, state: str) -> None:
    for sql in (f"ALTER SYSTEM SET default_transaction_read_only = {state}", "SELECT pg_reload_conf()"):
        await asyncio.to_thread(servers.postgres.execute, sql)
