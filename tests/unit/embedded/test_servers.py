"""The embedded servers start anywhere, survive being killed, and leave no process behind."""

import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest
from arq.connections import RedisSettings, create_pool

from potok.adapters.embedded.postgres import Postgres
from potok.adapters.embedded.process import EmbeddedError
from potok.adapters.embedded.valkey import Valkey


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="potok-"))
    yield made
    shutil.rmtree(made)


def postgres_in(folder: Path) -> Postgres:
    return Postgres(folder / "postgres", folder / "run", folder / "postgres.log", initdb_options=("--no-sync",))


def valkey_in(folder: Path) -> Valkey:
    return Valkey(folder / "valkey", folder / "run", folder / "valkey.log")


async def test_postgres_answers_and_knows_russian_letters(folder: Path) -> None:
    server = postgres_in(folder)
    server.start()
    try:
        connection = await asyncpg.connect(server.dsn())
        assert await connection.fetchval("select upper('ёж')") == "ЁЖ"
        await connection.close()
    finally:
        server.stop()


async def test_a_deep_folder_does_not_break_the_socket(folder: Path) -> None:
    deep = folder / ("a folder with spaces " + "x" * 60) / ("y" * 60)
    postgres, valkey = postgres_in(deep), valkey_in(deep)
    postgres.start()
    valkey.start()
    try:
        connection = await asyncpg.connect(postgres.dsn())
        await connection.close()
        redis = await create_pool(RedisSettings.from_dsn(valkey.url(1)))
        assert await redis.ping()
        await redis.aclose()
    finally:
        valkey.stop()
        postgres.stop()


async def test_what_was_committed_before_a_kill_is_there_after_the_next_start(folder: Path) -> None:
    server = postgres_in(folder)
    server.start()
    server.execute("create table kept as select 42 as n", "potok")
    assert server.process is not None
    family = [server.process.pid, *(child.pid for child in psutil.Process(server.process.pid).children())]
    for pid in family:
        with contextlib.suppress(ProcessLookupError):  # children end by themselves once the first one is gone
            os.kill(pid, signal.SIGKILL)
    again = postgres_in(folder)
    again.start()
    try:
        assert again.execute("select n from kept", "potok") == "42"
    finally:
        again.stop()
        server.process.wait()


async def test_a_second_start_ends_the_server_a_killed_start_left_behind(folder: Path) -> None:
    old_postgres, old_valkey = postgres_in(folder), valkey_in(folder)
    old_postgres.start()
    old_valkey.start()
    postgres, valkey = postgres_in(folder), valkey_in(folder)
    postgres.start()
    valkey.start()
    try:
        assert old_postgres.process is not None
        assert old_valkey.process is not None
        assert old_postgres.process.wait(5) == 0
        assert old_valkey.process.wait(5) == 0
    finally:
        valkey.stop()
        postgres.stop()


async def test_a_stale_note_whose_number_now_belongs_to_a_stranger_does_no_harm(folder: Path) -> None:
    server = postgres_in(folder)
    server.start()
    note = server.folder / "postmaster.pid"
    left = note.read_text().split("\n", 1)[1]
    server.stop()
    note.write_text(f"{os.getpid()}\n{left}")
    server.start()
    server.stop()
    assert psutil.pid_exists(os.getpid())


async def test_an_interrupted_first_start_is_begun_again(folder: Path) -> None:
    (folder / "postgres" / "new" / "base").mkdir(parents=True)
    server = postgres_in(folder)
    server.start()
    server.stop()
    assert (folder / "postgres" / "PG_VERSION").exists()


async def test_a_folder_with_something_else_in_it_is_refused_and_left_alone(folder: Path) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "letter.txt").write_text("mine")
    with pytest.raises(EmbeddedError, match="not empty"):
        postgres_in(folder).start()
    assert (folder / "postgres" / "letter.txt").read_text() == "mine"
