"""Promise 7: upgrades in two halves, without a pause: what adds beneath old processes, the rest after them."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Any

import asyncpg
import httpx
import pytest
from tests.bench.processes import end, environment, free_port, start, wait_ready
from tests.bench.seed import seed
from tests.crash.away import Callers, books_balance, proper_503, succeeded
from tests.crash.newer import ADDS, TAKES, Newer
from tests.crash.test_worker_killed import LETTER_GRAPH
from tests.running import cli

from potok.migrate import downgrade, head

pytestmark = pytest.mark.alone

_HELD = 5.0
"""Seconds that something holds on to a lock which the migration wants: longer than the migration waits for it."""
_WANTED = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'run'::regclass)"
Start = Callable[[str, dict[str, str], Path], "Popen[bytes]"]


class Group:
    """One API process and one worker of the same version."""

    def __init__(self, url: str, redis_url: str, folder: Path, how: Start) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.logs = {part: folder / f"{self.port}-{part}.log" for part in ("serve", "worker")}
        env = environment(url, redis_url, self.port, lease_seconds=2)
        self.processes = {part: how(part, env, log) for part, log in self.logs.items()}

    async def started(self) -> None:
        """Until it says that it can work."""
        await asyncio.to_thread(wait_ready, self.port, 60)

    async def ready(self, locale: str = "en") -> dict[str, Any]:
        """What it says of itself."""
        async with httpx.AsyncClient(headers={"Accept-Language": locale}) as client:
            answer = await client.get(f"{self.url}/readyz")
        said: dict[str, Any] = answer.json() | {"code": answer.status_code}
        return said

    def alive(self) -> bool:
        """Both of them."""
        return all(process.poll() is None for process in self.processes.values())

    def stop(self) -> None:
        """As a supervisor stops them."""
        for process in self.processes.values():
            end(process)


@contextmanager
def _groups() -> Iterator[list[Group]]:
    """Those put into it are ended."""
    made: list[Group] = []
    try:
        yield made
    finally:
        for group in made:
            group.stop()


async def _hold_a_lock(url: str) -> None:
    """As a backup does: it reads `run`, so nobody may alter that table meanwhile."""
    database = await asyncpg.connect(url)
    async with database.transaction():
        await database.execute("LOCK TABLE run IN ACCESS SHARE MODE")
        async with asyncio.timeout(60):
            while not await database.fetchval(_WANTED):  # noqa: ASYNC110 (the database cannot call us)
                await asyncio.sleep(0.05)
        await asyncio.sleep(_HELD)
    await database.close()


async def test_an_upgrade_in_two_halves_interrupts_nobody(
    fresh_database_url: str, fresh_redis_url: str, tmp_path: Path
) -> None:
    """Promise 7: under load, old and new processes side by side; no call is refused, nothing lost or doubled."""
    url, newer = fresh_database_url, Newer(tmp_path)
    place = await seed(url, LETTER_GRAPH)
    with _groups() as groups:
        old = Group(url, fresh_redis_url, tmp_path, start)
        groups.append(old)
        await old.started()
        callers = Callers(f"{old.url}/h/{place.token}")
        load = asyncio.create_task(callers.pour(0, 600, at_once=4))
        held = asyncio.create_task(_hold_a_lock(url))
        first = await asyncio.to_thread(newer.cli, "migrate", "--before", database_url=url)
        assert first.returncode == 0, first.stderr
        assert f"Migrated to revision {ADDS}" in first.stdout
        assert held.done(), "it gave way to who held the lock"
        new = Group(url, fresh_redis_url, tmp_path, newer.start)
        groups.append(new)
        await new.started()
        assert (await new.ready())["migrations"] == "after_pending"
        assert (await old.ready()) == {
            "status": "ok",
            "database": "ok",
            "queue": "ok",
            "migrations": "ahead",
            "code": 200,
        }
        await load
        again = Callers(f"{old.url}/h/{place.token}")
        await again.pour(600, 100)
        assert old.alive()
        await asyncio.to_thread(old.stop)
        others = Callers(f"{new.url}/h/{place.token}")
        load = asyncio.create_task(others.pour(700, 300, at_once=4))
        second = await asyncio.to_thread(newer.cli, "migrate", database_url=url)
        assert f"Migrated to revision {TAKES}" in second.stdout, second.stderr
        await load
        assert "migrations" not in await new.ready()
        assert new.alive()
        await succeeded(url, place, 1000)
    assert callers.refused + again.refused + others.refused == Counter()
    assert callers.slowest < _HELD, "nobody waited for the migration as long as it waited for the lock"
    await books_balance(url, place, LETTER_GRAPH, 1000)
    for group in groups:
        for log in group.logs.values():
            assert "Traceback" not in log.read_text()


async def test_who_is_still_there_after_the_second_half_says_so_and_does_no_harm(
    fresh_database_url: str, fresh_redis_url: str, tmp_path: Path
) -> None:
    """Promise 7: old processes answer 503 with words or end with words; what they accepted is done by new ones."""
    url, newer = fresh_database_url, Newer(tmp_path)
    place = await seed(url, LETTER_GRAPH)
    with _groups() as groups:
        old = Group(url, fresh_redis_url, tmp_path, start)
        groups.append(old)
        await old.started()
        await Callers(f"{old.url}/h/{place.token}").pour(0, 50)
        done = await asyncio.to_thread(newer.cli, "migrate", database_url=url)
        assert f"Migrated to revision {TAKES}" in done.stdout, done.stderr
        assert await asyncio.to_thread(old.processes["worker"].wait, 30) == 1
        assert "replace this process" in old.logs["worker"].read_text()
        said = await old.ready("ru")
        assert (said["code"], said["database"]) == (503, "too new")
        assert "новой версии" in said["fix"]
        async with httpx.AsyncClient() as client:
            for path in (f"/h/{place.token}", "/graphql"):
                assert proper_503(await client.post(old.url + path, json={})) == "schema_too_new"
        for verb in ("migrate", "--status"):
            refused = await asyncio.to_thread(cli, *dict.fromkeys(("migrate", verb)), database_url=url)
            assert "newer" in refused.stdout + refused.stderr
        new = Group(url, fresh_redis_url, tmp_path, newer.start)
        groups.append(new)
        await new.started()
        await succeeded(url, place, 50)
    await books_balance(url, place, LETTER_GRAPH, 50)


async def test_processes_started_before_the_migration_wait_for_it(
    fresh_database_url: str, fresh_redis_url: str, tmp_path: Path
) -> None:
    url, newer = fresh_database_url, Newer(tmp_path)
    place = await seed(url, LETTER_GRAPH)
    with _groups() as groups:
        new = Group(url, fresh_redis_url, tmp_path, newer.start)
        groups.append(new)
        async with httpx.AsyncClient(timeout=10) as client, asyncio.timeout(60):
            while not await _answers(client, new.url):  # noqa: ASYNC110 (another process)
                await asyncio.sleep(0.1)
            assert proper_503(await client.post(f"{new.url}/h/{place.token}", json={})) == "schema_behind"
        said = await new.ready()
        assert (said["code"], said["database"]) == (503, "not migrated")
        assert "potok migrate" in said["fix"]
        await asyncio.to_thread(newer.cli, "migrate", "--before", database_url=url)
        await new.started()
        await Callers(f"{new.url}/h/{place.token}").pour(0, 20)
        await succeeded(url, place, 20)
        assert new.alive()


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return bool((await client.get(f"{url}/readyz")).json()["database"] == "not migrated")
    except httpx.TransportError:
        return False


async def test_commands_tell_what_is_pending_and_the_older_version_may_start_again(
    fresh_database_url: str, tmp_path: Path
) -> None:
    url, newer = fresh_database_url, Newer(tmp_path)

    async def status() -> Any:
        return json.loads(
            (await asyncio.to_thread(newer.cli, "migrate", "--status", "--json", database_url=url)).stdout
        )

    found = await status()
    assert (found["revision"], found["newest"], found["state"], found["works"]) == (head(), TAKES, "behind", False)
    assert [(one["revision"], one["half"]) for one in found["pending"]] == [(ADDS, "before"), (TAKES, "after")]
    assert found["pending"][0]["title"] == "Add a table and two columns"
    await asyncio.to_thread(newer.cli, "migrate", "--before", database_url=url)
    found = await status()
    assert (found["state"], found["works"]) == ("after_pending", True)
    plain = await asyncio.to_thread(newer.cli, "migrate", "--status", database_url=url)
    assert TAKES in plain.stdout
    assert "after" in plain.stdout
    older = await asyncio.to_thread(cli, "migrate", database_url=url)
    assert older.returncode == 0, older.stderr
    assert "works on it" in older.stdout


async def test_a_version_that_needs_what_comes_behind_a_pending_after_says_so(fresh_database_url: str) -> None:
    """Promise 7: more than one release at once is an upgrade with a pause, and is told as one."""
    url = fresh_database_url
    await asyncio.to_thread(lambda: asyncio.run(downgrade(url, "20261124_1800")))
    refused = await asyncio.to_thread(cli, "migrate", "--before", database_url=url)
    assert refused.returncode == 1
    assert "20261124_1810" in refused.stderr
    assert "stop all processes" in refused.stderr
    whole = await asyncio.to_thread(cli, "migrate", database_url=url)
    assert (whole.returncode, whole.stdout) == (0, f"Migrated to revision {head()}.\n")
