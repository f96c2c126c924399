"""Promise 8: `potok backup` and `potok restore` between embedded and external databases, and what they refuse."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from tests.bench.seed import PURE_GRAPH, seed
from tests.running import Potok, cli

pytestmark = pytest.mark.alone


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="potok-"))
    yield made
    shutil.rmtree(made)


async def _scenarios(url: str) -> int:
    database = await asyncpg.connect(url)
    try:
        count: int = await database.fetchval("SELECT count(*) FROM scenario")
        return count
    finally:
        await database.close()


async def test_from_a_server_to_the_embedded_database_and_back(
    fresh_database_url: str, empty_database_url: str, folder: Path
) -> None:
    """Promise 8: the same file goes either way; the embedded database is started for the command alone."""
    await seed(fresh_database_url, PURE_GRAPH)
    first, second = str(folder / "first.potok"), str(folder / "second.potok")
    saved = cli("backup", first, database_url=fresh_database_url, data=str(folder / "none"))
    assert saved.returncode == 0, saved.stderr
    assert "Without secrets.json" in saved.stdout

    embedded = str(folder / "data")
    brought = cli("restore", first, data=embedded)
    assert brought.returncode == 0, brought.stderr
    assert "The backup has no secrets.json" in brought.stdout
    assert not (folder / "data" / "postgres" / "postmaster.pid").exists()
    saved = cli("backup", second, data=embedded)
    assert saved.returncode == 0, saved.stderr

    brought = cli("restore", second, data=str(folder / "other"), database_url=empty_database_url)
    assert brought.returncode == 0, brought.stderr
    assert await _scenarios(empty_database_url) == 1


def test_what_is_refused_is_said_in_words(folder: Path) -> None:
    """Promise 8: no file is overwritten, no running Potok and no used database replaced, no folder invented."""
    potok = Potok(folder / "data")
    potok.start()
    try:
        file = folder / "saved.potok"
        assert potok.cli("backup", str(file)).returncode == 0
        again = potok.cli("backup", str(file))
        running = potok.cli("restore", str(file))
    finally:
        potok.stop()
    missing = cli("backup", str(folder / "other.potok"), data=str(folder / "nowhere"))
    damaged = folder / "damaged.potok"
    damaged.write_bytes(file.read_bytes()[:5_000])
    broken = cli("restore", str(damaged), data=str(folder / "fresh"))
    for refused, words in (
        (again, "exists already"),
        (running, "Potok runs on the data folder"),
        (missing, "There is no Potok in the data folder"),
        (broken, "cannot be used"),
    ):
        assert refused.returncode == 1
        assert words in refused.stderr
        assert "Traceback" not in refused.stderr
    assert not (folder / "fresh").exists()
    assert not (folder / "nowhere").exists()
    assert cli("restore", str(file), "--check").stdout.startswith(f"{file} is whole")


def test_keys_that_are_here_stay_readable(folder: Path) -> None:
    """Promise 8: a restore adds the backup's keys before those of the folder, and loses none."""
    data = folder / "data"
    data.mkdir()
    potok = Potok(folder / "first")
    potok.start()
    try:
        assert potok.cli("backup", str(folder / "saved.potok")).returncode == 0
    finally:
        potok.stop()
    here = {"keys": [{"id": "old", "key": "b2xk"}]}
    (data / "secrets.json").write_text(json.dumps(here))
    brought = cli("restore", str(folder / "saved.potok"), data=str(data))
    assert brought.returncode == 0, brought.stderr
    kept = json.loads((data / "secrets.json").read_text())["keys"]
    saved = json.loads((folder / "first" / "secrets.json").read_text())["keys"]
    assert kept == saved + here["keys"]
