"""What the tests of promises 3 and 4 share: callers who try again, and the books that must balance afterwards."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from typing import Any

import asyncpg
import httpx
from tests.bench.processes import end, environment, free_port, start, wait_ready
from tests.bench.seed import Seeded

from potok.adapters.embedded.postgres import Postgres
from potok.adapters.embedded.valkey import Valkey

BODY: dict[str, Any] = {"name": "Anna", "email": "anna@example.com", "amount": 1500}


@dataclass
class Servers:
    """Servers of one test alone."""

    postgres: Postgres
    valkey: Valkey


@contextmanager
def own_servers(folder: Path, **settings: str) -> Iterator[Servers]:
    """Started, and stopped if they still run. Settings are PostgreSQL's."""
    run = folder / "run"
    postgres = Postgres(
        folder / "postgres", run, folder / "postgres.log", settings=settings, initdb_options=("--no-sync",)
    )
    valkey = Valkey(folder / "valkey", run, folder / "valkey.log")
    made = Servers(postgres, valkey)
    postgres.start()
    valkey.start()
    try:
        yield made
    finally:
        made.valkey.stop()  # another one may stand there now
        postgres.stop()


@dataclass
class System:
    """One API process and one worker on these servers."""

    port: int
    processes: list["Popen[bytes]"]

    @property
    def url(self) -> str:
        """Of the API."""
        return f"http://127.0.0.1:{self.port}"

    async def ready(self) -> dict[str, str]:
        """What /readyz says."""
        async with httpx.AsyncClient(timeout=10) as client:
            said: dict[str, str] = (await client.get(f"{self.url}/readyz")).json()
            return said

    def alive(self) -> bool:
        """Whether no process has ended."""
        return all(process.poll() is None for process in self.processes)


@asynccontextmanager
async def system(servers: Servers, folder: Path, **settings: object) -> AsyncIterator[System]:
    """Started and ready; ended afterwards."""
    port = free_port()
    env = environment(servers.postgres.dsn(), servers.valkey.url(), port, **({"lease_seconds": 2} | settings))
    made = System(port, [start(part, env, folder / f"{part}.log") for part in ("serve", "worker")])
    try:
        await asyncio.to_thread(wait_ready, port, 90)  # other tests may share the machine
        yield made
    finally:
        for process in made.processes:
            await asyncio.to_thread(end, process)


@dataclass
class Callers:
    """Callers as they should be: the same id again until there is an answer. Remembers what was answered."""

    url: str
    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    """503 answers by code."""
    slowest: float = 0.0
    body: dict[str, Any] = field(default_factory=lambda: BODY)

    async def deliver(self, client: httpx.AsyncClient, number: int) -> None:
        """One event; anything but 202, 200 (known already) and a proper 503 is a failure."""
        while True:
            began = asyncio.get_running_loop().time()
            with suppress(httpx.TransportError):
                answer = await client.post(self.url, json=self.body, headers={"webhook-id": f"event-{number}"})
                self.slowest = max(self.slowest, asyncio.get_running_loop().time() - began)
                if answer.status_code in (200, 202):
                    self.accepted += 1
                    return
                self.refused[proper_503(answer)] += 1
            await asyncio.sleep(0.1)

    async def pour(self, first: int, count: int, at_once: int = 10) -> None:
        """Deliver so many events."""
        numbers = iter(range(first, first + count))

        async def call(client: httpx.AsyncClient) -> None:
            for number in numbers:
                await self.deliver(client, number)

        async with httpx.AsyncClient(timeout=60) as client:
            await asyncio.gather(*(call(client) for _ in range(at_once)))


def proper_503(answer: httpx.Response) -> str:
    """The code of a refusal that says what happened, how to mend it, and when to come again."""
    assert answer.status_code == 503, f"{answer.status_code} {answer.text}"
    assert int(answer.headers["retry-after"]) > 0
    error = answer.json()["error"]
    assert error["message"]
    assert error["fix"]
    code: str = error["code"]
    return code


async def succeeded(url: str, place: Seeded, count: int, seconds: float = 30) -> float:
    """Wait until so many runs have succeeded; how long it took."""
    began = asyncio.get_running_loop().time()
    database = await asyncpg.connect(url)
    query = "SELECT count(*) FROM run WHERE scenario_id = $1 AND status = 'succeeded'"
    found = 0
    try:
        async with asyncio.timeout(seconds):
            while (found := await database.fetchval(query, place.scenario_id)) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"{found} of {count} runs succeeded within {seconds} s") from None
    finally:
        await database.close()
    return asyncio.get_running_loop().time() - began


async def books_balance(url: str, place: Seeded, graph: dict[str, Any], count: int) -> None:
    """Each event has one run, each run did each step once, each letter is there once; nothing is half-written."""
    database = await asyncpg.connect(url)
    try:
        for table in ("event", "run"):
            query = f"SELECT count(*) FROM {table} WHERE workspace_id = $1"
            assert await database.fetchval(query, place.workspace_id) == count, table
        work = "SELECT count(*) FROM run_work w JOIN run r ON r.id = w.run_id WHERE r.workspace_id = $1"
        assert await database.fetchval(work, place.workspace_id) == 0
        assert (
            await database.fetchval(
                "SELECT count(*) FROM run r WHERE NOT EXISTS (SELECT FROM event e WHERE e.id = r.event_id)"
            )
            == 0
        )
        rows = await database.fetch(
            "SELECT s.run_id, s.entries FROM journal_segment s JOIN run r ON r.id = s.run_id"
            " WHERE r.workspace_id = $1",
            place.workspace_id,
        )
        done = Counter((row[0], one["n"]) for row in rows for one in json.loads(row[1]) if one["s"] == "done")
        assert set(done.values()) == {1}
        assert len(done) == count * len(graph["nodes"])
        letters = await database.fetch(
            "SELECT run_id FROM outbox_message WHERE workspace_id = $1", place.workspace_id
        )
        wanted = count if any(node["type"] == "mail.send" for node in graph["nodes"]) else 0
        assert len(letters) == len({row[0] for row in letters}) == wanted
    finally:
        await database.close()
