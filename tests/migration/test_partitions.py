"""History written before it was cut into weeks is all there afterwards, goes on, and comes back as it was."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from tests.bench.seed import PURE_GRAPH, Seeded, seed
from tests.contract.store.conftest import LEASE, checkpoint
from uuid_utils.compat import uuid7

from potok.adapters.store_postgres import PostgresStore, engine_pool
from potok.engine.ports import Accepted, NewEvent, NewRun
from potok.migrate import downgrade, migrate, upgrade

BEFORE = "20261124_1800"
TABLES = ("event", "run", "journal_segment", "effect", "run_tally_delta")
EVENT = """
INSERT INTO event (id, workspace_id, kind, source, dedupe_key, payload, considered, created_at)
VALUES ($1, $2, 'webhook', 'test', $3, '{"amount": 12345678901234567890123}', '[]', $4)
"""
RUN = """
INSERT INTO run (id, workspace_id, scenario_id, version_id, event_id, entry_node, status, steps, created_at,
                 started_at)
VALUES ($1, $2, $3, $4, $5, 'hook', $6, 1, $7, $7)
"""
SEGMENT = """
INSERT INTO journal_segment (run_id, seq, entries, created_at)
VALUES ($1, 0, '[{"n":"hook","t":"webhook.received","s":"done","p":"out"}]', $2)
"""
EFFECT = """
INSERT INTO effect (key, workspace_id, run_id, node_id, node_type, preview, state, attempts, intended_at)
VALUES ($1 || ':call:0', $2, $1::uuid, 'call', 'http.request', '', 'done', 1, $3)
"""


def id_at(moment: datetime) -> UUID:
    """A fresh UUIDv7 as made at that moment."""
    return UUID(int=(uuid7().int & ((1 << 80) - 1)) | int(moment.timestamp() * 1000) << 80)


@pytest.fixture
async def before(empty_database_url: str) -> AsyncIterator[tuple[Seeded, list[UUID], Any]]:
    """A database as the version before left it: runs of four months, one of them waiting, one from the future."""
    await upgrade(empty_database_url, BEFORE)
    place = await seed(empty_database_url, PURE_GRAPH)
    database = await asyncpg.connect(empty_database_url)
    ids = []
    for days, status in ((-120, "waiting"), (-30, "succeeded"), (0, "failed"), (40, "succeeded")):
        moment = datetime.now(UTC) + timedelta(days=days)
        event, run = id_at(moment), id_at(moment)
        await database.execute(EVENT, event, place.workspace_id, f"key {days}", datetime.now(UTC))
        await database.execute(
            RUN, run, place.workspace_id, place.scenario_id, place.version_id, event, status, moment
        )
        await database.execute(SEGMENT, run, moment)
        await database.execute(EFFECT, str(run), place.workspace_id, moment)
        ids.append(run)
    yield place, ids, database
    await database.close()


async def content(database: Any) -> dict[str, set[str]]:
    """Every row of the history as text."""
    return {
        table: {row[0] for row in await database.fetch(f"SELECT (to_jsonb({table}) - 'id')::text FROM {table}")}
        for table in TABLES
    }


async def test_what_was_there_is_there_after_up_and_after_down(
    before: tuple[Seeded, list[UUID], Any], empty_database_url: str
) -> None:
    _, ids, database = before
    rows = await content(database)
    await migrate(empty_database_url)
    assert await content(database) == rows
    assert [row[0] for row in await database.fetch("SELECT id FROM run ORDER BY id")] == ids
    places = await database.fetch("SELECT DISTINCT tableoid::regclass::text FROM run WHERE id <= $1", ids[2])
    assert [row[0] for row in places] == ["run_old"]  # nothing was copied
    assert await database.fetchval("SELECT tableoid::regclass::text FROM run WHERE id = $1", ids[3]) != "run_old"
    await downgrade(empty_database_url, BEFORE)
    assert await content(database) == rows
    await migrate(empty_database_url)
    assert await content(database) == rows


async def test_a_run_that_waited_before_the_upgrade_goes_on_after_it(
    before: tuple[Seeded, list[UUID], Any], empty_database_url: str
) -> None:
    _, ids, database = before
    await database.execute(
        "INSERT INTO run_work (run_id, ready_at, claim, attempts) VALUES ($1, now(), 7, 0)", ids[0]
    )
    await migrate(empty_database_url)
    pool = await engine_pool(empty_database_url)
    store = PostgresStore(pool)
    (run,) = await store.claim("A", LEASE, 10, [ids[0]])
    assert run.segments == 1
    assert "12345678901234567890123" in run.payload
    assert (await store.commit([checkpoint(run)], LEASE))[0].written
    assert await database.fetchval("SELECT status FROM run WHERE id = $1", ids[0]) == "succeeded"
    await pool.close()


async def test_a_delivery_from_before_the_upgrade_is_a_duplicate_after_it(
    before: tuple[Seeded, list[UUID], Any], empty_database_url: str
) -> None:
    place, ids, _ = before
    await migrate(empty_database_url)
    pool = await engine_pool(empty_database_url)
    run = NewRun(uuid7(), place.workspace_id, place.scenario_id, place.version_id, "hook")
    again = NewEvent(uuid7(), place.workspace_id, "webhook", "test", "key -30", b"{}", b"[]", [run])
    (answer,) = await PostgresStore(pool).ingest([again])
    assert isinstance(answer, Accepted)
    assert answer.duplicate
    assert answer.run_ids == [ids[1]]
    await pool.close()
