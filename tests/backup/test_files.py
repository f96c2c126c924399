"""Promise 8: what a backup file holds; which files and databases `restore` refuses before it changes anything."""

import io
import json
import stat
import tarfile
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import zstandard
from tests.bench.seed import PURE_GRAPH, seed

from potok.adapters.backup import BackupError, backup, check, restore
from potok.adapters.backup.manifest import plugins_in
from potok.migrate import current, downgrade, head, upgrade


@pytest.fixture
async def saved(fresh_database_url: str, tmp_path: Path) -> Path:
    """A backup of a database with one scenario, and with secrets."""
    await seed(fresh_database_url, PURE_GRAPH)
    secrets = tmp_path / "secrets.json"
    secrets.write_text('{"keys": [{"id": "1", "key": "k"}]}')
    file = tmp_path / "saved.potok"
    await backup(fresh_database_url, file, secrets=secrets)
    return file


async def _value(url: str, query: str) -> Any:
    database = await asyncpg.connect(url)
    try:
        return await database.fetchval(query)
    finally:
        await database.close()


async def test_a_backup_is_private_and_readable_without_potok(saved: Path) -> None:
    """Promise 8: a tar archive with plain SQL under zstd, the secrets and a manifest; mode 0600."""
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600  # noqa: ASYNC240
    with tarfile.open(saved) as archive:
        members = {one.name: one for one in archive}
        assert set(members) == {"database/000001", "secrets.json", "manifest.json"}
        assert {one.mode for one in members.values()} == {0o600}
        content = {name: archive.extractfile(one) for name, one in members.items()}
        sql = zstandard.ZstdDecompressor().decompressobj().decompress(content["database/000001"].read())  # type: ignore[union-attr]
        manifest = json.load(content["manifest.json"])  # type: ignore[arg-type]
    assert b"COPY public.workspace" in sql
    assert manifest["revision"] == head()
    assert manifest["tables"]["scenario"][0] == 1
    assert not list(saved.parent.glob("*.part"))


async def test_a_restored_database_equals_the_saved_one(saved: Path, empty_database_url: str) -> None:
    """Promise 8: every table has the rows and the fingerprint that the manifest names (restore compares them)."""
    done = await restore(empty_database_url, check(saved))
    assert not done.migrated
    assert not done.replaced
    database = await asyncpg.connect(empty_database_url)
    assert await current(database) == head()
    await database.close()
    assert await _value(empty_database_url, "SELECT title FROM scenario") == "Test"


async def test_a_database_in_use_is_refused_unless_it_may_be_replaced(
    saved: Path, fresh_database_url: str
) -> None:
    """Promise 8: restore replaces nothing by accident."""
    await _value(fresh_database_url, "UPDATE workspace SET name = 'Precious' RETURNING 1")
    with pytest.raises(BackupError, match="not empty"):
        await restore(fresh_database_url, check(saved))
    assert await _value(fresh_database_url, "SELECT name FROM workspace") == "Precious"
    assert (await restore(fresh_database_url, check(saved), force=True)).replaced
    assert await _value(fresh_database_url, "SELECT name FROM workspace") == "Test"


async def test_a_prepared_database_that_nobody_set_up_counts_as_empty(
    saved: Path, empty_database_url: str
) -> None:
    """Promise 8: `potok up`, then the wish to restore instead of setting up, is no accident."""
    await upgrade(empty_database_url, "head")
    assert (await restore(empty_database_url, check(saved))).replaced


async def test_a_database_at_work_is_refused(saved: Path, empty_database_url: str) -> None:
    """Promise 8: nobody pulls a database away from under running processes."""
    worker = await asyncpg.connect(empty_database_url, server_settings={"application_name": "potok"})
    with pytest.raises(BackupError, match="work on this database"):
        await restore(empty_database_url, check(saved), force=True)
    await worker.close()


async def test_a_backup_of_an_older_revision_is_brought_up(
    empty_database_url: str, fresh_database_url: str, tmp_path: Path
) -> None:
    """Promise 8: a backup made before an upgrade is of use after it."""
    await seed(fresh_database_url, PURE_GRAPH)
    await downgrade(fresh_database_url, "-1")
    made = await backup(fresh_database_url, tmp_path / "old.potok", secrets=None)
    assert made.revision != head()
    done = await restore(empty_database_url, check(tmp_path / "old.potok"))
    assert done.migrated
    assert await _value(empty_database_url, "SELECT version_num FROM alembic_version") == head()


async def test_a_backup_of_a_newer_potok_is_refused(
    fresh_database_url: str, empty_database_url: str, tmp_path: Path
) -> None:
    """Promise 8: nothing is brought in that this version cannot work with."""
    await _value(fresh_database_url, "UPDATE alembic_version SET version_num = '9999' RETURNING 1")
    await backup(fresh_database_url, tmp_path / "new.potok", secrets=None)
    with pytest.raises(BackupError, match="newer version"):
        await restore(empty_database_url, check(tmp_path / "new.potok"))
    assert await _value(empty_database_url, "SELECT to_regclass('workspace')") is None


def _changed(file: Path, name: str, content: bytes | None) -> Path:
    """A copy of the archive with one member changed, or left out."""
    made = file.with_name("changed.potok")
    with tarfile.open(file) as source, tarfile.open(made, "w") as target:
        for member in source:
            data = source.extractfile(member).read()  # type: ignore[union-attr]
            if member.name == name:
                if content is None:
                    continue
                data = content
                member.size = len(data)
            target.addfile(member, io.BytesIO(data))
    return made


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("database/000001", b"\\! echo anything", "bytes are missing or were changed"),
        ("database/000001", None, "bytes are missing or were changed"),
        ("secrets.json", b"{}", "secrets are not those"),
        ("manifest.json", None, "no manifest"),
        ("manifest.json", b"{}", "malformed"),
        ("manifest.json", b'{"format": "potok-backup/9"}', "this Potok reads"),
    ],
)
async def test_a_damaged_file_is_refused(saved: Path, name: str, content: bytes | None, said: str) -> None:
    """Promise 8: the whole file is compared with its manifest before the database hears of it."""
    with pytest.raises(BackupError, match=said):
        check(_changed(saved, name, content))


async def test_half_a_file_and_no_archive_at_all_are_refused(saved: Path, tmp_path: Path) -> None:
    """Promise 8: a copy that broke off is noticed."""
    whole = saved.read_bytes()  # noqa: ASYNC240
    for content in (whole[: len(whole) // 2], b"", b"something else" * 1000):
        (tmp_path / "half.potok").write_bytes(content)
        with pytest.raises(BackupError, match="cannot be used"):
            check(tmp_path / "half.potok")
    with pytest.raises(BackupError, match="There is no file"):
        check(tmp_path / "nowhere.potok")


async def test_a_backup_that_fails_leaves_no_file(fresh_database_url: str, tmp_path: Path) -> None:
    """Promise 8: what bears the name of a backup is one."""
    with pytest.raises(BackupError, match="cannot be written"):
        await backup(fresh_database_url, tmp_path / "missing" / "file.potok", secrets=None)
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240


def test_plugins_are_listed_by_what_they_contain(tmp_path: Path) -> None:
    """Promise 8: the manifest tells which plugins the saved runs were made with."""
    (tmp_path / "mine" / "__pycache__").mkdir(parents=True)
    (tmp_path / "mine" / "__init__.py").write_text("x = 1")
    (before,) = plugins_in(tmp_path)
    (tmp_path / "mine" / "__pycache__" / "made.pyc").write_text("by Python")
    assert plugins_in(tmp_path) == [before]
    (tmp_path / "mine" / "__init__.py").write_text("x = 2")
    assert plugins_in(tmp_path) != [before]
    assert plugins_in(tmp_path / "nowhere") == []
