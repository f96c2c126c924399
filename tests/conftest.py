"""Fixtures every test may use: real PostgreSQL and Valkey, started on demand on sockets, ended by pid.

`database_url`        a migrated database for the whole session (of this xdist worker)
`fresh_database_url`  a migrated database for one test, dropped afterwards
`redis_url`           a Valkey database for the whole session
`fresh_redis_url`     an empty Valkey database for one test (channels are shared between databases: that is Valkey)
`postgres`, `valkey`  the servers themselves, for tests that stop them
"""

import itertools
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from potok.adapters.embedded.postgres import Postgres
from potok.adapters.embedded.valkey import Valkey
from potok.migrate import migrate_now

TEMPLATE = "potok_template"
_REDIS_DATABASES = 64
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A short folder directly under the temporary one: socket paths are limited, and pytest's own are private."""
    folder = Path(tempfile.mkdtemp(prefix="potok-test-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(server_folder: Path) -> Iterator[Postgres]:
    """A PostgreSQL server; commits are real, only the disk is not waited for."""
    server = Postgres(
        server_folder / "postgres",
        server_folder / "run",
        server_folder / "postgres.log",
        settings={"fsync": "off", "full_page_writes": "off", "max_connections": "200"},
        initdb_options=("--no-sync",),
    )
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def template_database(postgres: Postgres) -> str:
    """The database all others are copied from, built by the real migrations."""
    postgres.execute(f"create database {TEMPLATE}")
    failures: list[BaseException] = []

    def work() -> None:
        try:
            migrate_now(postgres.dsn(TEMPLATE))
        except BaseException as error:  # raised again below, in the test's thread
            failures.append(error)

    thread = threading.Thread(target=work)  # a loop of its own, so that pytest-asyncio's stays untouched
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
    return TEMPLATE


@pytest.fixture(scope="session")
def database_url(postgres: Postgres, template_database: str) -> str:
    """A migrated database for the session. Tests sharing it must not assume that it is empty."""
    postgres.execute(f"create database potok_session template {template_database}")
    return postgres.dsn("potok_session")


@pytest.fixture
def fresh_database_url(postgres: Postgres, template_database: str) -> Iterator[str]:
    """An empty migrated database for one test."""
    name = f"potok_test_{next(_numbers)}"
    postgres.execute(f"create database {name} template {template_database}")
    yield postgres.dsn(name)
    postgres.execute(f"drop database {name} with (force)")


@pytest.fixture
def empty_database_url(postgres: Postgres) -> Iterator[str]:
    """A database without a single table, for migrations."""
    name = f"potok_empty_{next(_numbers)}"
    postgres.execute(f"create database {name}")
    yield postgres.dsn(name)
    postgres.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def valkey(server_folder: Path) -> Iterator[Valkey]:
    """A Valkey server."""
    server = Valkey(
        server_folder / "valkey",
        server_folder / "run",
        server_folder / "valkey.log",
        settings={"databases": str(_REDIS_DATABASES)},
    )
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def redis_url(valkey: Valkey) -> str:
    """Database 0, shared by the session."""
    return valkey.url(0)


@pytest.fixture
def fresh_redis_url(valkey: Valkey) -> str:
    """An empty database for one test."""
    number = 1 + next(_numbers) % (_REDIS_DATABASES - 1)
    valkey.command(f"SELECT {number}", "FLUSHDB")
    return valkey.url(number)
