"""Promise 4: the disk of a whole Potok is full: a clear 503, nothing half-written, recovery once there is room."""

import asyncio
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import httpx
import pytest
from tests.bench.seed import Seeded, seed
from tests.crash.away import BODY, Callers, books_balance, proper_503, succeeded
from tests.crash.test_worker_killed import LETTER_GRAPH
from tests.running import Potok

from potok.supervisor.folder import read_note

pytestmark = pytest.mark.alone

SIZE = "220m"


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of its own, so small that it fills in a moment."""
    folder = Path(tempfile.mkdtemp(prefix="potok-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
    )
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip(f"a small file system cannot be mounted here (that takes root): {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


@pytest.fixture
def potok(small_disk: Path, tmp_path: Path) -> Iterator[Potok]:
    """Everything of it, logs too, lies on the small disk; the console is written elsewhere."""
    made = Potok(small_disk / "data", console=tmp_path / "console")
    try:
        made.start()
        yield made
    finally:
        if made.process is not None and made.process.poll() is None:
            made.stop()


def _fill(folder: Path) -> Path:
    """A file that leaves not a byte."""
    ballast = folder / "ballast"
    with ballast.open("ab", buffering=0) as file, suppress(OSError):
        for size in (1 << 20, 4096):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * size)
    return ballast


async def _refused(client: httpx.AsyncClient, url: str, times: int = 5) -> set[str]:
    """Send large events until so many were refused, one after the other; the codes of the refusals."""
    codes: list[str] = []
    for _ in range(400):
        answer = await client.post(url, json=BODY | {"filler": os.urandom(40_000).hex()})
        if answer.status_code == 202:
            continue
        codes.append(proper_503(answer))
        if len(codes) == times:
            return set(codes)
        await asyncio.sleep(0.1)
    raise AssertionError(f"the disk does not get full: refused {codes}")


async def test_no_room_for_rows(potok: Potok, small_disk: Path) -> None:
    """Promise 4: a full disk is a 503 that says so, what was accepted is kept, nothing has to be started."""
    url, place, callers = await _at_work(potok)
    ballast = await asyncio.to_thread(_fill, small_disk)
    async with httpx.AsyncClient(timeout=60) as client:
        assert await _refused(client, callers.url) == {"database_disk_full"}
        assert (await client.get(f"{potok.url}/healthz")).status_code == 200
        ready = await client.get(f"{potok.url}/readyz")
        assert (ready.status_code, ready.json()["database"]) == (503, "disk_full")
    ballast.unlink()
    await callers.pour(1000, 50)
    assert potok.get("/readyz") == 200
    await _all_over(url, place)


async def test_no_room_for_the_databases_own_log(potok: Potok, small_disk: Path) -> None:
    """Promise 4: PostgreSQL gives up when its own log does not fit; it is started again once there is room."""
    url, place, callers = await _at_work(potok)
    ballast = await asyncio.to_thread(_fill, small_disk)
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await _write_log_without_end(url)
    async with httpx.AsyncClient(timeout=60) as client:
        assert await _refused(client, callers.url) <= {"unavailable", "database_disk_full"}
        assert (await client.get(f"{potok.url}/healthz")).status_code == 200
    ballast.unlink()
    await callers.pour(1000, 50)
    assert potok.get("/readyz") == 200
    await _all_over(url, place)


async def _write_log_without_end(url: str) -> None:
    database = await asyncpg.connect(url)
    try:
        while True:
            await database.execute("SELECT pg_logical_emit_message(true, 'test', 'x'), pg_switch_wal()")
    finally:
        database.terminate()


async def _at_work(potok: Potok) -> tuple[str, Seeded, Callers]:
    url = read_note(potok.data)["database_url"]
    place = await seed(url, LETTER_GRAPH)
    callers = Callers(f"{potok.url}/h/{place.token}")
    await callers.pour(0, 50)
    await succeeded(url, place, 50)
    return url, place, callers


async def _all_over(url: str, place: Seeded) -> None:
    """Everything that was accepted comes to its end, once."""
    database = await asyncpg.connect(url)
    try:
        count = await database.fetchval("SELECT count(*) FROM event WHERE workspace_id = $1", place.workspace_id)
    finally:
        await database.close()
    assert count >= 100
    await succeeded(url, place, count, 20)
    await books_balance(url, place, LETTER_GRAPH, count)
