"""Promise 8: a backup of a busy Potok, restored into a fresh data folder, is that Potok as of one moment."""

import asyncio
import json
import shutil
import stat
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest
from tests.bench.seed import seed
from tests.crash.away import Callers, books_balance, succeeded
from tests.crash.test_worker_killed import LETTER_GRAPH
from tests.running import Potok, cli

from potok.supervisor.folder import read_note

pytestmark = pytest.mark.alone

WAITING: dict[str, Any] = {
    "format": "potok/1",
    "title": "Waiting",
    "nodes": [
        {"id": "hook", "type": "webhook.received", "params": {}},
        {
            "id": "pause",
            "type": "flow.wait",
            "params": {"mode": "for", "duration": {"amount": 6, "unit": "seconds"}},
        },
        {"id": "end", "type": "data.text", "params": {"text": "awake"}},
    ],
    "edges": [
        {"source": "hook", "port": "out", "target": "pause"},
        {"source": "pause", "port": "out", "target": "end"},
    ],
}
OUTSIDE: dict[str, Any] = {
    "format": "potok/1",
    "title": "Outside",
    "nodes": [
        {"id": "hook", "type": "webhook.received", "params": {}},
        {
            "id": "post",
            "type": "http.request",
            "params": {"method": "POST", "url": {"$ref": ["hook", "body", "url"]}, "body_kind": "none"},
        },
    ],
    "edges": [{"source": "hook", "port": "out", "target": "post"}],
}


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="potok-"))
    yield made
    shutil.rmtree(made)


@asynccontextmanager
async def running(data: Path) -> AsyncIterator[Potok]:
    """A Potok on this folder that may call this machine."""
    potok = Potok(data, allow_private_hosts="127.0.0.1")
    await asyncio.to_thread(potok.start)
    try:
        yield potok
    finally:
        await asyncio.to_thread(potok.stop)


@asynccontextmanager
async def silent() -> AsyncIterator[tuple[str, asyncio.Event]]:
    """Somebody outside who takes requests and never answers; the address, and whether one came."""
    came = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        came.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", came
    finally:
        server.close()


async def _values(url: str, query: str, *given: object) -> list[Any]:
    database = await asyncpg.connect(url)
    try:
        return [row[0] for row in await database.fetch(query, *given)]
    finally:
        await database.close()


async def test_a_busy_potok_goes_on_elsewhere_from_the_moment_it_was_saved(folder: Path) -> None:
    """Promise 8: one snapshot under load; every table is the same, open runs end once, waiting ones wake."""
    file = folder / "saved.potok"
    async with silent() as (outside, came), running(folder / "first") as potok:
        url = read_note(potok.data)["database_url"]
        letters, waits, posts = [await seed(url, graph) for graph in (LETTER_GRAPH, WAITING, OUTSIDE)]
        hook = f"{potok.url}/h/"
        await Callers(hook + waits.token).pour(0, 20)
        await Callers(hook + posts.token, body={"url": outside}).pour(0, 1)
        await came.wait()
        pouring = asyncio.create_task(Callers(hook + letters.token).pour(0, 3000, at_once=4))
        await succeeded(url, letters, 50)
        said = await asyncio.to_thread(potok.cli, "backup", str(file), "--json")
        assert said.returncode == 0, said.stderr
        assert not pouring.done(), "the load ended before the backup"
        pouring.cancel()
        await asyncio.gather(pouring, return_exceptions=True)
        family = potok.family()
        await asyncio.to_thread(potok.kill)  # that machine is lost
        await asyncio.to_thread(psutil.wait_procs, family, 10)
    manifest = json.loads(said.stdout)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert manifest["tables"]["run"][0] == manifest["tables"]["event"][0] > 70

    restored = await asyncio.to_thread(cli, "restore", str(file), data=str(folder / "second"))
    assert restored.returncode == 0, restored.stderr  # it compares every table with the manifest
    assert "actions were on their way outside" in restored.stdout
    keys = [(folder / name / "secrets.json").read_text() for name in ("first", "second")]
    assert json.loads(keys[0]) == json.loads(keys[1])
    assert stat.S_IMODE((folder / "second" / "secrets.json").stat().st_mode) == 0o600

    async with running(folder / "second") as potok:
        url = read_note(potok.data)["database_url"]
        (count,) = await _values(url, "SELECT count(*) FROM run WHERE scenario_id = $1", letters.scenario_id)
        assert count == manifest["tables"]["run"][0] - 21
        await succeeded(url, letters, count, 20)
        await succeeded(url, waits, 20, 20)
        await books_balance(url, letters, LETTER_GRAPH, count)
        states = "SELECT status FROM run WHERE scenario_id = $1"
        async with asyncio.timeout(10):
            while await _values(url, states, posts.scenario_id) != ["unknown"]:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        more = Callers(f"{potok.url}/h/{letters.token}")
        await more.pour(100_000, 10)
        await succeeded(url, letters, count + 10)
