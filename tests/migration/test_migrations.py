"""The migrations build exactly the tables the code declares, go down and up again, and meet no race."""

import asyncio

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

from potok.migrate import MigrationError, async_url, current, downgrade, head, migrate, upgrade
from potok.tables import declared, metadata


async def tables(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("select tablename from pg_tables where schemaname = 'public'")
    finally:
        await connection.close()
    return {row["tablename"] for row in rows}


async def test_an_empty_database_gets_every_table_and_a_second_call_does_nothing(empty_database_url: str) -> None:
    assert await migrate(empty_database_url) is True
    assert set(metadata.tables) <= await tables(empty_database_url)
    assert await migrate(empty_database_url) is False


async def test_down_removes_everything_and_up_builds_it_again(empty_database_url: str) -> None:
    await upgrade(empty_database_url, "head")
    before = await tables(empty_database_url)
    await downgrade(empty_database_url, "base")
    assert await tables(empty_database_url) == {"alembic_version"}
    await upgrade(empty_database_url, "head")
    assert await tables(empty_database_url) == before


async def test_the_declared_tables_and_the_migrated_database_do_not_drift_apart(database_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": declared})
        return list(compare_metadata(context, metadata))

    engine = create_async_engine(async_url(database_url), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_several_starters_at_once_migrate_one_time(empty_database_url: str) -> None:
    done = await asyncio.gather(*(migrate(empty_database_url) for _ in range(3)))
    assert sorted(done) == [False, False, True]


async def test_a_database_of_a_newer_potok_is_refused_with_words(fresh_database_url: str) -> None:
    connection = await asyncpg.connect(fresh_database_url)
    assert await current(connection) == head()
    await connection.execute("update alembic_version set version_num = '9999'")
    await connection.close()
    with pytest.raises(MigrationError, match="newer version"):
        await migrate(fresh_database_url)
