"""Promise 10, second half: after pruning the disk shrinks. What is open survives, counts stay honest."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import pool as pools
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from tests.bench.seed import PURE_GRAPH, Seeded, seed
from tests.contract.store.conftest import LEASE, checkpoint
from tests.running import cli
from uuid_utils.compat import uuid7

from potok.adapters.embedded.postgres import Postgres
from potok.adapters.history import Report, keep
from potok.adapters.history.weeks import KEYS
from potok.adapters.store_postgres import PostgresStore, engine_pool
from potok.engine.ports import NewEvent, NewRun
from potok.migrate import async_url
from potok.runs.service import Counts, counts_of, fold_counts
from potok.runs.service.retention import Limits, preview
from potok.runs.weeks import WEEK, border, monday
from potok.server.history import keep_history
from potok.server.tasks import end_task
from potok.settings import Settings

NOW = datetime.now(UTC)
DAYS = 90
TEXT = "substring((SELECT string_agg(md5(random()::text || i), '') FROM generate_series(1, 40) AS i), 1, 1200)"
FILL = f"""
WITH made AS (
  SELECT $1::timestamptz + $2::interval * (i::float / $3) AS at, i FROM generate_series(0, $3 - 1) AS i
), ids AS (
  SELECT at, i, (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0')
         || substring(replace(gen_random_uuid()::text, '-', ''), 13))::uuid AS id FROM made
), e AS (
  INSERT INTO event (id, workspace_id, kind, source, payload, considered, created_at)
  SELECT id, $4, 'webhook', 'test', json_build_object('text', {TEXT}, 'i', i), '[]', at FROM ids
), s AS (
  INSERT INTO journal_segment (run_id, seq, entries, created_at)
  SELECT id, 0, json_build_array(json_build_object('n', 'hook', 't', 'webhook.received', 's', 'done', 'p', 'out'),
                                 json_build_object('n', 'a', 's', 'done', 'o', {TEXT})), at FROM ids
), f AS (
  INSERT INTO effect (key, workspace_id, run_id, node_id, node_type, preview, state, attempts, intended_at)
  SELECT id || ':a:0', $4, id, 'a', 'http.request', 'POST', 'done', 1, at FROM ids
)
INSERT INTO run (id, workspace_id, scenario_id, version_id, event_id, entry_node, status, steps, created_at,
                 started_at)
SELECT id, $4, $5, $6, id, 'hook',
       CASE WHEN i % $7 = $7 - 1 THEN 'waiting' WHEN i % 3 = 0 THEN 'failed' ELSE 'succeeded' END, 1, at, at
FROM ids
"""


@dataclass
class House:
    """A database with a workspace, and what the tests look at."""

    url: str
    place: Seeded
    db: Any
    engine: AsyncEngine

    def session(self) -> AsyncSession:
        return AsyncSession(self.engine)

    async def fill(self, begin: datetime, span: timedelta, count: int, waiting: int = 1_000_000) -> None:
        """Runs spread evenly; every `waiting`th is open."""
        place = self.place
        await self.db.execute(
            FILL, begin, span, count, place.workspace_id, place.scenario_id, place.version_id, waiting
        )

    async def weeks(self, count: int) -> None:
        """Partitions for past weeks, as they were made when those weeks began."""
        first = monday(NOW) - WEEK * count
        for table in KEYS:
            await self.db.execute(f"ALTER TABLE {table} DETACH PARTITION {table}_past")
            for number in range(count):
                low = first + WEEK * number
                await self.db.execute(
                    f"CREATE TABLE {table}_w{low:%Y%m%d} PARTITION OF {table}"
                    f" FOR VALUES FROM ('{border(low)}') TO ('{border(low + WEEK)}')"
                )
            await self.db.execute(
                f"ALTER TABLE {table} ATTACH PARTITION {table}_past"
                f" FOR VALUES FROM (MINVALUE) TO ('{border(first)}')"
            )

    async def limit(self, days: int | None = None, runs: int | None = None, size: int | None = None) -> None:
        """Set the workspace's retention."""
        await self.db.execute(
            "INSERT INTO retention VALUES ($1, $2, $3, $4, now()) ON CONFLICT (workspace_id) DO UPDATE"
            " SET days = $2, max_runs = $3, max_bytes = $4",
            self.place.workspace_id,
            days,
            runs,
            size,
        )

    async def prune(self) -> Report:
        """One pass."""
        report = await keep(self.url, self.session, dedupe_days=30)
        assert report is not None
        assert not report.busy
        return report

    async def truth(self) -> Counts:
        """Counted in the list itself."""
        row = await self.db.fetchrow(
            "SELECT count(*) FILTER (WHERE status = 'succeeded'), count(*) FILTER (WHERE status = 'failed'),"
            " count(*) FILTER (WHERE status = 'waiting') FROM run WHERE scenario_id = $1",
            self.place.scenario_id,
        )
        return Counts(*row)

    async def told(self) -> Counts:
        """What the screens show."""
        async with self.session() as db:
            await fold_counts(db)
            await db.commit()
            return (await counts_of(db, [self.place.scenario_id]))[self.place.scenario_id]

    async def size(self) -> int:
        """Bytes of the whole history."""
        total: int = await self.db.fetchval(
            "SELECT sum(pg_total_relation_size(part.relid)) FROM"
            " unnest(ARRAY['event', 'run', 'journal_segment', 'effect']) AS name,"
            " pg_partition_tree(name::regclass) AS part"
        )
        return int(total)


@pytest.fixture
async def house(fresh_database_url: str) -> AsyncIterator[House]:
    place = await seed(fresh_database_url, PURE_GRAPH)
    database = await asyncpg.connect(fresh_database_url)
    engine = create_async_engine(async_url(fresh_database_url), poolclass=pools.NullPool)
    yield House(fresh_database_url, place, database, engine)
    await engine.dispose()
    await database.close()


def on_disk(folder: Path) -> int:
    """Bytes of all files; some vanish while one looks."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_blocks * 512 if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total


async def test_promise_10_after_pruning_the_disk_shrinks_and_open_runs_survive_and_finish(
    house: House, postgres: Postgres
) -> None:
    await house.weeks(20)
    await house.fill(NOW - timedelta(days=130), timedelta(days=120), 12_000, waiting=600)
    before, listed = await house.size(), await house.truth()
    base = Path(await house.db.fetchval("SELECT current_setting('data_directory')")) / "base"
    await house.db.execute("CHECKPOINT")
    disk = on_disk(base)
    assert listed.open == 20
    oldest = await house.db.fetchval("SELECT min(id::text)::uuid FROM run WHERE status = 'waiting'")
    report = await house.prune()
    await house.db.execute("CHECKPOINT")
    after = await house.size()
    kept = 90 + 7
    assert len([name for name in report.dropped if name.startswith("run_")]) >= (130 - kept) // 7
    assert after < before * 0.85
    assert on_disk(base) < disk - (before - after) * 0.8
    assert (report.bytes_before, report.bytes_after) == (before, after)
    now_listed = await house.truth()
    assert now_listed.open == 20
    assert now_listed.succeeded < listed.succeeded * 0.85
    assert await house.told() == now_listed
    # The oldest open run is whole: event, journal, effects. It goes on, ends, and is pruned the next time.
    pool = await engine_pool(house.url)
    store = PostgresStore(pool)
    await house.db.execute(
        "INSERT INTO run_work (run_id, ready_at, claim, attempts) VALUES ($1, now(), 7, 0)", oldest
    )
    (run,) = await store.claim("A", LEASE, 10, [oldest])
    assert run.segments == 1
    assert "text" in run.payload
    assert await house.db.fetchval("SELECT count(*) FROM effect WHERE run_id = $1", oldest) == 1
    assert (await store.commit([checkpoint(run)], LEASE))[0].written
    await pool.close()
    assert (await house.prune()).runs == 1
    for table, key in KEYS.items():
        assert await house.db.fetchval(f"SELECT count(*) FROM {table} WHERE {key} = $1", oldest) == 0
    assert await house.told() == await house.truth()


async def test_ingest_and_pruning_at_once_lose_nothing_and_wait_for_nobody_long(house: House) -> None:
    await house.weeks(30)
    await house.fill(NOW - timedelta(days=200), timedelta(days=190), 20_000, waiting=200)
    pool = await engine_pool(house.url)
    store, place = PostgresStore(pool), house.place
    accepted, slowest, pruning = 0, 0.0, True

    async def take() -> None:
        nonlocal accepted, slowest
        loop = asyncio.get_running_loop()
        while pruning:
            runs = [NewRun(uuid7(), place.workspace_id, place.scenario_id, place.version_id, "hook")]
            event = NewEvent(uuid7(), place.workspace_id, "webhook", "test", None, b"{}", b"[]", runs)
            began = loop.time()
            await store.ingest([event])
            slowest = max(slowest, loop.time() - began)
            (run,) = await store.claim("A", LEASE, 10, [runs[0].id])
            assert (await store.commit([checkpoint(run)], LEASE))[0].written
            accepted += 1

    before = await house.truth()
    takers = [asyncio.create_task(take()) for _ in range(4)]
    report = await house.prune()
    pruning = False
    await asyncio.gather(*takers)
    await pool.close()
    assert len(report.dropped) > 40
    assert slowest < 1.0
    found = await house.truth()
    assert found.open == before.open
    assert (
        await house.db.fetchval("SELECT count(*) FROM run WHERE created_at > $1", NOW - timedelta(minutes=5))
        == accepted
    )
    assert await house.told() == found


async def test_a_workspace_that_keeps_less_than_others_loses_its_own_runs_only(house: House) -> None:
    await house.weeks(20)
    await house.fill(NOW - timedelta(days=130), timedelta(days=120), 1_200, waiting=600)
    mine, other = house.place, await seed(house.url, PURE_GRAPH)
    house.place = other
    await house.fill(NOW - timedelta(days=130), timedelta(days=120), 1_200)
    await house.limit(days=20)
    report = await house.prune()
    assert report.runs > 500  # one by one: their weeks are still needed by the other workspace
    assert (await house.truth()).failed > 0
    oldest = await house.db.fetchval("SELECT min(created_at) FROM run WHERE workspace_id = $1", other.workspace_id)
    assert NOW - timedelta(days=28) < oldest < NOW - timedelta(days=19)
    assert await house.told() == await house.truth()
    house.place = mine
    oldest = await house.db.fetchval(
        "SELECT min(created_at) FROM run WHERE workspace_id = $1 AND status <> 'waiting'", mine.workspace_id
    )
    assert NOW - timedelta(days=98) < oldest < NOW - timedelta(days=89)
    assert await house.told() == await house.truth()


async def test_limits_by_number_and_bytes_keep_the_newest_and_the_preview_says_so(house: House) -> None:
    await house.weeks(5)
    await house.fill(NOW - timedelta(days=30), timedelta(days=29), 2_000)
    await house.limit(runs=500)
    async with house.session() as db:
        told = await preview(db, house.place.workspace_id, Limits(None, 500, None), NOW)
    assert (told.runs, told.open) == (1_500, 0)
    await house.prune()
    assert sum(await house.truth()) == 500
    assert await house.told() == await house.truth()
    row = await house.db.fetchrow("SELECT count(*), avg(pg_column_size(payload)) FROM event")
    assert row[0] == 500
    await house.limit(size=500 * 1_000)
    await house.prune()
    left = sum(await house.truth())
    assert 20 < left < 300
    assert (await house.prune()).runs == 0  # what is left fits; nothing more goes


async def test_a_called_run_stays_while_its_caller_needs_it(house: House) -> None:
    await house.weeks(20)
    await house.fill(NOW - timedelta(days=120), timedelta(hours=1), 2, waiting=2)
    caller = await house.db.fetchval("SELECT id FROM run WHERE status = 'waiting'")
    await house.db.execute("UPDATE run SET called_by = $1, parent_waits = true WHERE id <> $1", caller)
    await house.prune()
    assert sum(await house.truth()) == 2
    assert await house.db.fetchval("SELECT count(*) FROM run_past") == 2
    await house.db.execute("UPDATE run SET status = 'succeeded' WHERE id = $1", caller)
    await house.prune()
    await house.prune()
    assert sum(await house.truth()) == 0
    assert await house.told() == Counts()


async def test_the_command_says_what_would_go_and_then_does_it(house: House) -> None:
    await house.weeks(20)
    await house.fill(NOW - timedelta(days=130), timedelta(days=10), 90)
    await house.fill(NOW - timedelta(days=2), timedelta(days=1), 10)

    def command(*options: str) -> Any:
        done = cli("runs", "prune", "--json", *options, database_url=house.url)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    told = await asyncio.to_thread(command, "--dry-run")
    assert [one["runs"] for one in told["workspaces"]] == [90]
    assert sum(await house.truth()) == 100
    done = await asyncio.to_thread(command)
    assert sorted(done["partitions"]) == sorted(one["name"] for one in told["partitions"])
    assert done["complete"]
    assert sum(await house.truth()) == 10
    assert (await asyncio.to_thread(command, "--dry-run"))["partitions"] == []


async def test_two_workers_prune_one_after_the_other_or_not_at_all(house: House) -> None:
    await house.weeks(20)
    await house.fill(NOW - timedelta(days=130), timedelta(days=10), 90)
    settings = Settings(database_url=house.url)
    workers = [asyncio.create_task(keep_history(settings, house.session, 0, 0.05)) for _ in range(2)]
    async with asyncio.timeout(20):
        while sum(await house.truth()):  # noqa: ASYNC110 (other connections delete)
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.2)
    assert not any(worker.done() for worker in workers)
    for worker in workers:
        await end_task(worker)
    assert await house.told() == Counts()
