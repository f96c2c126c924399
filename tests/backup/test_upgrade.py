"""Promise 8: `potok up` saves the embedded database by itself before it upgrades it."""

import asyncio
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from tests.bench.seed import PURE_GRAPH, seed
from tests.crash.away import Callers, succeeded
from tests.running import Potok, cli

from potok.adapters.backup import check
from potok.adapters.embedded.postgres import Postgres
from potok.migrate import current, downgrade, head
from potok.supervisor.folder import read_note

pytestmark = pytest.mark.alone


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="potok-"))
    yield made
    shutil.rmtree(made)


async def _one_revision_back(data: Path) -> str:
    server = Postgres(data / "postgres", data / "run", data / "logs" / "postgres.log")
    server.start()
    try:
        await downgrade(server.dsn(), "-1")
        connection = await asyncpg.connect(server.dsn())
        before = await current(connection)
        await connection.close()
    finally:
        server.stop()
    assert before is not None
    return before


async def test_an_upgrade_is_preceded_by_a_backup_and_the_last_three_are_kept(folder: Path) -> None:
    """Promise 8: the file is at the old revision, whole, private, and can be restored."""
    data = folder / "data"
    potok = Potok(data)
    await asyncio.to_thread(potok.start)
    place = await seed(read_note(data)["database_url"], PURE_GRAPH)
    await asyncio.to_thread(potok.stop)
    assert not (data / "backups").exists(), "nothing was upgraded"

    before = await asyncio.to_thread(lambda: asyncio.run(_one_revision_back(data)))
    older = [data / "backups" / f"upgrade-2020010{number}-000000-from-x.potok" for number in (1, 2, 3)]
    (data / "backups").mkdir()
    for file in older:
        file.write_bytes(b"")
    await asyncio.to_thread(potok.start)
    try:
        assert "Saved the database before its upgrade" in potok.output
        url = read_note(data)["database_url"]
        await Callers(f"{potok.url}/h/{place.token}").pour(0, 5)
        await succeeded(url, place, 5)
    finally:
        await asyncio.to_thread(potok.stop)
    *kept, made = sorted((data / "backups").iterdir())
    assert kept == older[1:]
    assert check(made).manifest.revision == before != head()
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    brought = await asyncio.to_thread(cli, "restore", str(made), data=str(folder / "second"))
    assert brought.returncode == 0, brought.stderr
    assert "brought to this version" in brought.stdout
