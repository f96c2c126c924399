"""What the weeks of the history promise: every id has a place, duplicates stay exact, few tables are opened."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import pytest
from tests.bench.seed import PURE_GRAPH, Seeded, seed
from tests.contract.store.conftest import LEASE, checkpoint
from uuid_utils.compat import uuid7

from potok.adapters.history import rows
from potok.adapters.history.connection import upkeep
from potok.adapters.history.weeks import AHEAD, KEYS, make_ahead, parts
from potok.adapters.store_postgres import PostgresStore, claim, commit, engine_pool
from potok.engine.ports import Accepted, NewEvent, NewRun
from potok.runs.weeks import FIRST, LAST, WEEK, border, monday

NOW = datetime.now(UTC)


class Bench(NamedTuple):
    """A store on a database of this test, and the database itself."""

    store: PostgresStore
    place: Seeded
    pool: Any
    url: str

    def event(self, at: datetime | None = None, key: str | None = None) -> NewEvent:
        """An event with one run, made on a machine whose clock says `at`."""
        event_id, run_id = (uuid7() if at is None else made_at(at) for _ in range(2))
        run = NewRun(run_id, self.place.workspace_id, self.place.scenario_id, self.place.version_id, "hook")
        return NewEvent(event_id, self.place.workspace_id, "webhook", "test", key, b"{}", b"[]", [run])

    async def place_of(self, run_id: UUID) -> str:
        """The partition a run is in."""
        return str(await self.pool.fetchval("SELECT tableoid::regclass::text FROM run WHERE id = $1", run_id))

    async def finish(self, event: NewEvent) -> None:
        """Take its run through the engine's statements to its end."""
        (run,) = await self.store.claim("A", LEASE, 10, [event.runs[0].id])
        assert (await self.store.commit([checkpoint(run)], LEASE))[0].written
        assert await self.pool.fetchval("SELECT status FROM run WHERE id = $1", event.runs[0].id) == "succeeded"


def made_at(moment: datetime) -> UUID:
    """A UUIDv7 of that moment."""
    return UUID(int=(uuid7().int & ((1 << 80) - 1)) | border(moment).int)


@pytest.fixture
async def bench(fresh_database_url: str) -> AsyncIterator[Bench]:
    place = await seed(fresh_database_url, PURE_GRAPH)
    pool = await engine_pool(fresh_database_url, size=12)
    yield Bench(PostgresStore(pool), place, pool, fresh_database_url)
    await pool.close()


async def test_of_deliveries_at_the_same_moment_one_starts_and_the_others_answer_with_it(bench: Bench) -> None:
    for number in range(10):
        events = [bench.event(key=f"same {number}") for _ in range(8)]
        answers = [one for (one,) in await asyncio.gather(*(bench.store.ingest([event]) for event in events))]
        accepted = [one for one in answers if isinstance(one, Accepted)]
        [first] = [one for one in accepted if not one.duplicate]
        assert {one.event_id for one in accepted} == {first.event_id}
        assert {tuple(one.run_ids) for one in accepted} == {tuple(first.run_ids)}
    assert await bench.pool.fetchval("SELECT count(*) FROM event") == 10
    assert await bench.pool.fetchval("SELECT count(*) FROM run") == 10


async def test_a_delivery_that_was_rolled_back_leaves_its_key_to_the_next(bench: Bench) -> None:
    async with bench.pool.acquire() as connection:
        begun = connection.transaction()
        await begun.start()
        await connection.execute(
            "INSERT INTO event_key VALUES ($1, 'key', $2, now())", bench.place.workspace_id, uuid7()
        )
        waiting = asyncio.create_task(bench.store.ingest([bench.event(key="key")]))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        await begun.rollback()
    [answer] = await waiting
    assert isinstance(answer, Accepted)
    assert not answer.duplicate


async def test_a_key_is_forgotten_after_its_days_and_a_duplicate_of_a_pruned_event_still_is_one(
    bench: Bench,
) -> None:
    first = bench.event(key="key")
    await bench.store.ingest([first])
    await bench.pool.execute("DELETE FROM run")
    await bench.pool.execute("DELETE FROM event")
    [again] = await bench.store.ingest([bench.event(key="key")])
    assert again == Accepted(first.id, [], duplicate=True)
    async with upkeep(bench.url) as connection:
        assert connection is not None
        assert await rows.forget_keys(connection, datetime.now(UTC) - timedelta(days=30)) == 0
        assert await rows.forget_keys(connection, datetime.now(UTC) + timedelta(seconds=1)) == 1
    [later] = await bench.store.ingest([bench.event(key="key")])
    assert isinstance(later, Accepted)
    assert not later.duplicate


async def test_the_partitions_of_every_table_cover_all_ids_without_a_gap(bench: Bench) -> None:
    async with upkeep(bench.url) as connection:
        assert connection is not None
        for table in KEYS:
            found = await parts(connection, table)
            assert (found[0].low, found[-1].high) == (FIRST, LAST)
            assert all(one.high == other.low for one, other in itertools.pairwise(found))
            assert len(found) == AHEAD + 3


async def test_the_last_and_the_first_moment_of_a_week_are_in_their_own_partitions(bench: Bench) -> None:
    begin = monday(NOW) + WEEK
    last, first = (bench.event(begin + timedelta(milliseconds=shift)) for shift in (-1, 0))
    await bench.store.ingest([last, first])
    assert await bench.place_of(last.runs[0].id) == f"run_w{monday(NOW):%Y%m%d}"
    assert await bench.place_of(first.runs[0].id) == f"run_w{begin:%Y%m%d}"
    await bench.finish(last)
    await bench.finish(first)


async def test_an_event_of_a_clock_that_is_ahead_or_behind_is_kept_runs_and_moves_to_its_week(
    bench: Bench,
) -> None:
    ahead, behind = bench.event(monday(NOW) + WEEK * 4), bench.event(datetime(1980, 1, 1, tzinfo=UTC))
    await bench.store.ingest([ahead, behind])
    assert await bench.place_of(ahead.runs[0].id) == "run_future"
    assert await bench.place_of(behind.runs[0].id) == "run_past"
    await bench.finish(behind)
    async with upkeep(bench.url) as connection:
        assert connection is not None
        assert await make_ahead(connection, NOW) == []
        assert len(await make_ahead(connection, NOW + WEEK * 3)) == 3 * len(KEYS)
    assert await bench.place_of(ahead.runs[0].id) == f"run_w{monday(NOW) + WEEK * 4:%Y%m%d}"
    await bench.finish(ahead)
    tally = await bench.pool.fetchrow("SELECT sum(open), sum(succeeded) FROM run_tally_delta")
    assert tuple(tally) == (0, 2)  # moving counted nothing


async def test_after_a_stop_of_months_one_partition_stands_for_the_weeks_nobody_made(bench: Bench) -> None:
    late = NOW + WEEK * 20
    event = bench.event(late - WEEK)
    await bench.store.ingest([event])
    async with upkeep(bench.url) as connection:
        assert connection is not None
        await make_ahead(connection, late)
        found = await parts(connection, "run")
    assert len(found) == (AHEAD + 3) + 1 + (AHEAD + 1)
    assert all(one.high == other.low for one, other in itertools.pairwise(found))
    assert await bench.place_of(event.runs[0].id) != "run_future"


async def test_only_one_process_at_a_time_keeps_the_history(bench: Bench) -> None:
    async with upkeep(bench.url) as first, upkeep(bench.url) as second:
        assert first is not None
        assert second is None


async def plan_of(connection: Any, query: str, *values: Any) -> str:
    """How PostgreSQL does it, and what it really opened."""
    lines = await connection.fetch(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) {query}", *values)
    return "\n".join(line[0] for line in lines)


async def test_a_run_is_looked_up_in_one_partition_and_the_newest_page_stops_at_its_end(bench: Bench) -> None:
    events = [bench.event() for _ in range(60)]
    await bench.store.ingest(events)
    week = f"run_w{monday(NOW):%Y%m%d}"
    connection = await asyncpg.connect(bench.url)
    one = await plan_of(connection, "SELECT status FROM run WHERE id = $1", events[0].runs[0].id)
    assert "Append" not in one
    assert week in one
    for table, key in KEYS.items():
        found = await plan_of(connection, f"SELECT * FROM {table} WHERE {key} = $1", uuid7())
        assert "Append" not in found
    page = await plan_of(
        connection,
        "SELECT id FROM run WHERE workspace_id = $1 ORDER BY id DESC LIMIT 50",
        bench.place.workspace_id,
    )
    assert "Append" in page
    assert "Merge Append" not in page
    assert "Sort" not in page
    past = page[page.index("run_past") :].splitlines()[0]
    assert "never executed" in past
    await connection.close()


async def test_claims_and_checkpoints_open_the_partition_of_their_runs_only(bench: Bench) -> None:
    event = bench.event()
    await bench.store.ingest([event])
    run = event.runs[0].id
    week, others = f"run_w{monday(NOW):%Y%m%d}", ("run_past", f"run_w{monday(NOW) + WEEK:%Y%m%d}", "segment_past")
    claiming = await plan_of(bench.pool, claim._GIVEN, "A", LEASE, 10, [run], 1, run, run)
    writing = await plan_of(
        bench.pool,
        commit._WRITE,
        *([run], [1], [False], ["succeeded"], [0], ["[]"], [1], [None], [None], [None], [True]),
        *(LEASE, run, run),
    )
    for plan in (claiming, writing):
        assert week in plan
        assert not [other for other in others if other in plan]
