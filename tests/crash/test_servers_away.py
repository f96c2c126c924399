"""Valkey or PostgreSQL goes away and comes back: work resumes by itself, what was accepted completes."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import asyncpg
import pytest
from tests.bench.processes import end, environment, free_port, start, wait_ready
from tests.bench.seed import PURE_GRAPH, Seeded, seed

from potok.adapters.embedded.postgres import Postgres
from potok.adapters.embedded.valkey import Valkey
from potok.migrate import migrate


@dataclass
class Servers:
    """Servers of this test alone."""

    postgres: Postgres
    valkey: Valkey


@pytest.fixture
def servers(server_folder: Path) -> Iterator[Servers]:
    """Started, and stopped if they still run."""
    folder = server_folder / "away"
    postgres = Postgres(
        folder / "postgres", folder / "run", folder / "postgres.log", initdb_options=("--no-sync",)
    )
    valkey = Valkey(folder / "valkey", folder / "run", folder / "valkey.log")
    postgres.start()
    valkey.start()
    yield Servers(postgres, valkey)
    valkey.stop()
    postgres.stop()


def _post(port: int, place: Seeded) -> int:
    request = Request(
        f"http://127.0.0.1:{port}/h/{place.token}", b'{"amount": 1500}', {"content-type": "application/json"}
    )
    try:
        with urlopen(request, timeout=20) as answer:
            status: int = answer.status
            return status
    except HTTPError as error:
        with error:
            return error.code


async def _completed(url: str, place: Seeded, count: int, seconds: float) -> None:
    database = await asyncpg.connect(url)
    try:
        async with asyncio.timeout(seconds):
            query = "SELECT count(*) FROM run WHERE scenario_id = $1 AND status = 'succeeded'"
            while await database.fetchval(query, place.scenario_id) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        await database.close()


async def test_work_goes_on_without_valkey_and_without_postgres_for_a_while(
    servers: Servers, tmp_path: Path
) -> None:
    url = servers.postgres.dsn()
    await migrate(url)
    place = await seed(url, PURE_GRAPH)
    port = free_port()
    env = environment(url, servers.valkey.url(), port, lease_seconds=2)
    processes = [start(part, env, tmp_path / f"{part}.log") for part in ("serve", "worker")]
    try:
        await asyncio.to_thread(wait_ready, port)
        assert await asyncio.to_thread(_post, port, place) == 202
        await _completed(url, place, 1, 20)

        await asyncio.to_thread(servers.valkey.stop)
        for _ in range(5):
            assert await asyncio.to_thread(_post, port, place) == 202
        await _completed(url, place, 6, 20)  # by the sweep
        await asyncio.to_thread(servers.valkey.start)

        await asyncio.to_thread(servers.postgres.stop)
        await asyncio.sleep(1.2)  # the cached hook has expired as well
        assert await asyncio.to_thread(_post, port, place) == 503
        await asyncio.to_thread(servers.postgres.start)
        async with asyncio.timeout(20):
            while await asyncio.to_thread(_post, port, place) != 202:  # noqa: ASYNC110 (a caller who tries again)
                await asyncio.sleep(0.2)
        await _completed(url, place, 7, 20)
        assert [process.poll() for process in processes] == [None, None]
    finally:
        for process in processes:
            end(process)
