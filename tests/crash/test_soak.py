"""Promise 1: 1,000 events under load, 20 random kills of API, workers and Valkey; nothing lost, none doubled."""

import asyncio
import json
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil
import pytest
from tests.bench.seed import Seeded, seed
from tests.crash.graphs import SOAK
from tests.crash.harness import Receiver, receiver
from tests.running import Potok

pytestmark = pytest.mark.alone

EVENTS = 1_000
KILLS = 20
CALLERS = 20
SEED = 20261124
VICTIMS = ("potok.cli.serve", "potok.cli.worker", "valkey-server")
_SUSTAINED = 22.0
"""Seconds over which the callers spread their events, so that every kill meets work."""


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="potok-"))
    yield made
    shutil.rmtree(made)


async def _deliver(client: httpx.AsyncClient, url: str, number: int, body: dict[str, Any]) -> None:
    """A caller as callers should be: the same id again until there is an answer."""
    while True:
        with suppress(httpx.TransportError):
            answer = await client.post(url, json=body, headers={"webhook-id": f"event-{number}"})
            if answer.status_code in (200, 202):
                return
            assert answer.status_code == 503, answer.text
        await asyncio.sleep(0.1)


async def _load(url: str, body: dict[str, Any]) -> int:
    numbers = iter(range(EVENTS))
    accepted = 0

    async def call(client: httpx.AsyncClient) -> None:
        nonlocal accepted
        for number in numbers:
            await _deliver(client, url, number, body)
            accepted += 1
            await asyncio.sleep(_SUSTAINED * CALLERS / EVENTS * random.random() * 2)

    async with httpx.AsyncClient(timeout=10, limits=httpx.Limits(max_connections=CALLERS)) as client:
        await asyncio.gather(*(call(client) for _ in range(CALLERS)))
    return accepted


async def _kill_at_random(potok: Potok) -> Counter[str]:
    chance = random.Random(SEED)
    killed: Counter[str] = Counter()
    while killed.total() < KILLS:
        await asyncio.sleep(chance.uniform(0.3, 1.6))
        what = chance.choice(VICTIMS)
        alive = potok.children(what)
        if alive:
            with suppress(psutil.NoSuchProcess):
                chance.choice(alive).kill()
                killed[what] += 1
    return killed


async def test_a_thousand_events_survive_twenty_random_kills(fresh_database_url: str, folder: Path) -> None:
    potok = Potok(folder / "data", database_url=fresh_database_url, workers="2", allow_private_hosts="127.0.0.1")
    await asyncio.to_thread(potok.start)
    try:
        async with receiver() as other:
            place = await seed(fresh_database_url, SOAK)
            body = {"amount": 1500, "email": "anna@example.com", "url": other.url}
            accepted, killed = await asyncio.gather(
                _load(f"{potok.url}/h/{place.token}", body), _kill_at_random(potok)
            )
            print(f"\nkilled: {dict(killed)}")
            await _settled(fresh_database_url, place)
            await _nothing_lost_nothing_doubled(fresh_database_url, place, other, accepted)
    finally:
        await asyncio.to_thread(potok.stop)


async def _settled(url: str, place: Seeded) -> None:
    database = await asyncpg.connect(url)
    async with asyncio.timeout(40):
        while await database.fetchval("SELECT count(*) FROM run_work"):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    await database.close()


async def _nothing_lost_nothing_doubled(url: str, place: Seeded, other: Receiver, accepted: int) -> None:
    database = await asyncpg.connect(url)

    async def counts(query: str) -> Counter[Any]:
        return Counter([row[0] for row in await database.fetch(query)])

    keys = await counts("SELECT dedupe_key FROM event")
    runs = await counts("SELECT id FROM run")
    ended = await counts(
        "SELECT CASE WHEN r.status = 'succeeded' THEN 'done' WHEN e.state = 'unknown' THEN 'unknown'"
        " ELSE r.status END FROM run r LEFT JOIN effect e ON e.run_id = r.id AND e.node_id = 'post'"
    )
    done: Counter[Any] = Counter()
    for row in await database.fetch("SELECT run_id, entries FROM journal_segment"):
        done.update((row[0], entry["n"]) for entry in json.loads(row[1]) if entry["s"] == "done")
    notices = await counts("SELECT run_id FROM notice")
    letters = await counts("SELECT run_id FROM outbox_message")
    await database.close()
    doubled = sum(
        number - 1 for counted in (keys, runs, done, notices, letters, other.calls) for number in counted.values()
    )
    completed = ended["done"] + ended["unknown"]
    print(f"accepted / completed / doubled = {accepted} / {completed} / {doubled}; {dict(ended)}")
    assert (accepted, len(keys), len(runs), completed, doubled) == (EVENTS, EVENTS, EVENTS, EVENTS, 0)
    assert set(notices) == set(letters) == set(runs), "record effects and the Outbox: exactly once each"
    assert ended["unknown"] <= KILLS * 10, "more doubtful requests than can have been on their way"
