"""Working time with real workers: a wait that a calendar ends early, and a schedule that leaves days off out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from tests.bench.processes import environment, free_port
from tests.bench.seed import Seeded, seed
from tests.crash.test_worker_killed import running
from uuid_utils.compat import uuid7

from potok.adapters.store_postgres import PostgresStore, engine_pool
from potok.calendars import service
from potok.calendars.service import Exceptional, Wanted
from potok.engine.ports import NewEvent, NewRun
from potok.graph.almanac import default_id
from potok.migrate import async_url
from potok.people.service import Caller, Role
from potok.registry.catalog import Catalog
from potok.registry.load import Loader
from potok.settings import Settings

ROUND_THE_CLOCK = [[(0, 1440)]] * 7
TEXT = {"id": "text", "type": "data.text", "params": {"text": "on"}}
WAITING: dict[str, Any] = {
    "format": "potok/1",
    "title": "Waits",
    "nodes": [
        {"id": "hook", "type": "webhook.received", "params": {}},
        {"id": "hold", "type": "flow.wait", "params": {"mode": "working_until"}},
        TEXT,
    ],
    "edges": [
        {"source": "hook", "port": "out", "target": "hold"},
        {"source": "hold", "port": "out", "target": "text"},
    ],
}


def catalog() -> Catalog:
    """Potok's own blocks."""
    return Loader(Settings().plugins).load().catalog


def hours(weekly: Any, *off: date) -> Wanted:
    """A calendar in UTC."""
    return Wanted("Office", "UTC", weekly, [Exceptional(day) for day in off])


@asynccontextmanager
async def changing(url: str) -> AsyncIterator[AsyncSession]:
    """A session, committed at the end."""
    engine = create_async_engine(async_url(url))
    async with AsyncSession(engine, expire_on_commit=False) as db:
        yield db
        await db.commit()
    await engine.dispose()


async def change(url: str, place: Seeded, wanted: Wanted) -> None:
    """What an owner does on the screen."""
    caller = Caller(workspace_id=place.workspace_id, role=Role.OWNER)
    async with changing(url) as db:
        await service.update_calendar(db, caller, catalog(), default_id(place.workspace_id), wanted)


async def test_a_run_that_waits_for_working_time_goes_on_when_the_calendar_makes_it_so(
    fresh_database_url: str, fresh_redis_url: str, tmp_path: Path
) -> None:
    place = await seed(fresh_database_url, WAITING)
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).weekday()
    only = [[(0, 1)] if day == tomorrow else [] for day in range(7)]
    await change(fresh_database_url, place, hours(only))
    pool = await engine_pool(fresh_database_url)
    run = NewRun(uuid7(), place.workspace_id, place.scenario_id, place.version_id, "hook")
    event = NewEvent(uuid7(), place.workspace_id, "webhook", "", None, b"{}", b"[]", [run])
    await PostgresStore(pool).ingest([event])
    database = await asyncpg.connect(fresh_database_url)
    timer = "SELECT fire_at, reason, state FROM timer WHERE run_id = $1"
    with running(environment(fresh_database_url, fresh_redis_url, free_port()), tmp_path, "worker"):
        async with asyncio.timeout(30):
            while await database.fetchrow(timer, run.id) is None:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        planned = await database.fetchrow(timer, run.id)
        assert planned is not None
        assert planned[0].weekday() == tomorrow
        await change(fresh_database_url, place, hours(ROUND_THE_CLOCK))
        async with asyncio.timeout(10):
            while await _status(database, run.id) != "succeeded":  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    await database.close()
    await pool.close()


async def test_a_schedule_leaves_days_off_out_and_keeps_each_with_its_reason(
    fresh_database_url: str, fresh_redis_url: str, tmp_path: Path
) -> None:
    last = (datetime.now(UTC) - timedelta(minutes=1)).replace(second=0, microsecond=0)
    schedule = {"every": "day", "at": f"{last:%H:%M}"}
    trigger = {"id": "hook", "type": "schedule.fired", "params": {"schedule": schedule, "days": "skip"}}
    graph = WAITING | {"nodes": [trigger, TEXT], "edges": [{"source": "hook", "port": "out", "target": "text"}]}
    place = await seed(fresh_database_url, graph)
    off = [last.date() + timedelta(days=days) for days in (1, 2)]
    await change(fresh_database_url, place, hours(ROUND_THE_CLOCK, *off))
    database = await asyncpg.connect(fresh_database_url)
    await database.execute("DELETE FROM timer")
    await database.execute(
        "INSERT INTO timer (id, workspace_id, kind, scenario_id, version_id, node_id, fire_at, misfire, state,"
        " reason) VALUES ($1, $2, 'schedule', $3, $4, 'hook', $5, 'run_once', 'planned', '')",
        uuid7(),
        place.workspace_id,
        place.scenario_id,
        place.version_id,
        last,
    )
    planned = "SELECT fire_at FROM timer WHERE state = 'planned' AND fire_at > $1"
    with running(environment(fresh_database_url, fresh_redis_url, free_port()), tmp_path, "worker"):
        async with asyncio.timeout(30):
            while await database.fetchval(planned, last) != last + timedelta(days=3):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    rows = await database.fetch("SELECT fire_at, reason FROM timer WHERE state = 'missed' ORDER BY fire_at")
    assert [(row[0], row[1]) for row in rows] == [(last + timedelta(days=days), "day_off") for days in (1, 2)]
    assert await database.fetchval("SELECT count(*) FROM event") == 1
    await database.close()


async def _status(database: "asyncpg.Connection[asyncpg.Record]", run_id: object) -> str:
    return str(await database.fetchval("SELECT status FROM run WHERE id = $1", run_id))
