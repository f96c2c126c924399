"""Kept counts of runs: right whatever happens at once, folded without loss, begun by the migration."""

import asyncio
import random
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest_asyncio
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from uuid_utils.compat import uuid7

from potok.migrate import async_url, plain_url, upgrade
from potok.runs.service import Counts, counts_of, fold_counts

INSERT = """
INSERT INTO run (id, workspace_id, scenario_id, version_id, event_id, entry_node, status, steps, created_at)
SELECT id, $2, scenario, $2, $2, 'start', 'queued', 0, now()
FROM unnest($1::uuid[], $3::uuid[]) AS new(id, scenario)
"""
MOVE = "UPDATE run SET status = $2 WHERE id = ANY($1::uuid[]) AND status <> $2"
TRUTH = """
SELECT count(*) FILTER (WHERE status = 'succeeded'), count(*) FILTER (WHERE status = 'failed'),
       count(*) FILTER (WHERE status NOT IN ('succeeded', 'failed', 'cancelled'))
FROM run WHERE scenario_id = $1
"""
BEFORE = "20261124_1556"


@pytest_asyncio.fixture
async def raw(fresh_database_url: str) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    """Connections like the engine's, on a database of this test."""
    async with asyncpg.create_pool(plain_url(fresh_database_url), min_size=1, max_size=8) as found:
        yield found


@pytest_asyncio.fixture
async def session(fresh_database_url: str) -> AsyncIterator[AsyncSession]:
    engine = create_async_engine(async_url(fresh_database_url), poolclass=pool.NullPool)
    async with AsyncSession(engine) as found:
        yield found
    await engine.dispose()


async def kept(db: AsyncSession, scenario: UUID) -> Counts:
    found = await counts_of(db, [scenario])
    await db.commit()
    return found.get(scenario, Counts())


async def fold(db: AsyncSession) -> int:
    folded = await fold_counts(db)
    await db.commit()
    return folded


async def test_runs_are_counted_as_they_begin_move_and_end(
    raw: "asyncpg.Pool[asyncpg.Record]", session: AsyncSession
) -> None:
    mine, other = uuid7(), uuid7()
    ids = [uuid7() for _ in range(5)]
    await raw.execute(INSERT, [*ids, uuid7()], uuid7(), [mine] * 5 + [other])
    assert await kept(session, mine) == Counts(open=5)
    await raw.execute(MOVE, ids[:3], "running")
    await raw.execute(MOVE, ids[:2], "succeeded")
    await raw.execute(MOVE, ids[2:3], "failed")
    await raw.execute(MOVE, ids[3:4], "cancelled")
    expected = Counts(succeeded=2, failed=1, open=1)
    assert await kept(session, mine) == expected
    assert await fold(session) > 0
    assert await fold(session) == 0
    assert await kept(session, mine) == expected
    assert await kept(session, other) == Counts(open=1)
    assert await kept(session, uuid7()) == Counts()


async def test_a_statement_that_moves_no_run_to_another_count_writes_nothing(
    raw: "asyncpg.Pool[asyncpg.Record]", session: AsyncSession
) -> None:
    run, scenario = uuid7(), uuid7()
    await raw.execute(INSERT, [run], uuid7(), [scenario])
    await fold(session)
    await raw.execute(MOVE, [run], "running")
    await raw.execute(MOVE, [run], "waiting")
    assert await fold(session) == 0


async def test_what_is_rolled_back_was_never_counted(
    raw: "asyncpg.Pool[asyncpg.Record]", session: AsyncSession
) -> None:
    scenario = uuid7()
    async with raw.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(INSERT, [uuid7()], uuid7(), [scenario])
        await fold(session)
        assert await kept(session, scenario) == Counts()
        await transaction.rollback()
    await fold(session)
    assert await kept(session, scenario) == Counts()


async def test_counts_stay_right_while_many_write_and_two_fold(
    raw: "asyncpg.Pool[asyncpg.Record]", session: AsyncSession, fresh_database_url: str
) -> None:
    scenarios = [uuid7() for _ in range(3)]
    writing = True

    async def write(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(25):
            ids = [uuid7() for _ in range(dice.randint(1, 20))]
            await raw.execute(INSERT, ids, uuid7(), [dice.choice(scenarios) for _ in ids])
            for status in ("running", "waiting", "running"):
                await raw.execute(MOVE, dice.sample(ids, len(ids) // 2), status)
            for status in ("succeeded", "failed", "cancelled"):
                await raw.execute(MOVE, dice.sample(ids, len(ids) // 4), status)

    async def fold_again_and_again() -> None:
        engine = create_async_engine(async_url(fresh_database_url), poolclass=pool.NullPool)
        async with AsyncSession(engine) as db:
            while writing:
                await fold(db)
        await engine.dispose()

    async def look() -> None:
        """In one snapshot the kept and the true numbers are the same, also in the middle of it all."""
        async with raw.acquire() as connection:
            while writing:
                async with connection.transaction(isolation="repeatable_read", readonly=True):
                    for scenario in scenarios:
                        said = await connection.fetchrow(
                            "SELECT sum(succeeded), sum(failed), sum(open) FROM (SELECT scenario_id, succeeded,"
                            " failed, open FROM run_tally UNION ALL SELECT scenario_id, succeeded, failed, open"
                            " FROM run_tally_delta) AS found WHERE scenario_id = $1",
                            scenario,
                        )
                        truth = await connection.fetchrow(TRUTH, scenario)
                        assert said is not None
                        assert truth is not None
                        assert [int(one or 0) for one in said] == list(truth)

    others = [asyncio.create_task(one) for one in (fold_again_and_again(), fold_again_and_again(), look())]
    await asyncio.gather(*(write(seed) for seed in range(6)))
    writing = False
    await asyncio.gather(*others)
    await fold(session)
    for scenario in scenarios:
        truth = await raw.fetchrow(TRUTH, scenario)
        assert truth is not None
        assert await kept(session, scenario) == Counts(*truth)


async def test_the_migration_counts_what_ran_before(empty_database_url: str) -> None:
    await upgrade(empty_database_url, BEFORE)
    scenario, ids = uuid7(), [uuid7() for _ in range(6)]
    connection = await asyncpg.connect(plain_url(empty_database_url))
    await connection.execute(INSERT, ids, uuid7(), [scenario] * 6)
    await connection.execute(MOVE, ids[:3], "succeeded")
    await connection.execute(MOVE, ids[3:4], "failed")
    await connection.close()
    await upgrade(empty_database_url, "head")
    engine = create_async_engine(async_url(empty_database_url), poolclass=pool.NullPool)
    async with AsyncSession(engine) as db:
        assert (await counts_of(db, [scenario]))[scenario] == Counts(succeeded=3, failed=1, open=2)
    await engine.dispose()
