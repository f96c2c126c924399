"""Timers with real workers: downtime by policy, ten thousand timers on time, a hundred thousand waiting runs."""

import asyncio
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import psutil
import pytest
from tests.bench.processes import environment, free_port
from tests.bench.seed import Seeded, seed
from tests.crash.test_worker_killed import running
from uuid_utils.compat import uuid7

WAITING: dict[str, Any] = {
    "format": "potok/1",
    "title": "Waits",
    "nodes": [
        {"id": "hook", "type": "webhook.received", "params": {}},
        {"id": "hold", "type": "flow.wait", "params": {"duration": {"amount": 1, "unit": "hours"}}},
        {"id": "text", "type": "data.text", "params": {"text": "on"}},
    ],
    "edges": [
        {"source": "hook", "port": "out", "target": "hold"},
        {"source": "hold", "port": "out", "target": "text"},
    ],
}


def scheduled(at: datetime, missed: str) -> dict[str, Any]:
    """Every hour at this minute, then a text."""
    schedule = {"every": "hours", "interval": 1, "at": f"00:{at.minute:02}"}
    return WAITING | {
        "nodes": [
            {"id": "hook", "type": "schedule.fired", "params": {"schedule": schedule, "missed": missed}},
            WAITING["nodes"][2],
        ],
        "edges": [{"source": "hook", "port": "out", "target": "text"}],
    }


@pytest.mark.parametrize(
    ("policy", "runs", "missed"),
    [("run_once", 1, {"merged": 4}), ("run_all", 5, {}), ("skip", 0, {"late": 5})],
)
async def test_a_downtime_over_five_firings_follows_the_policy_and_keeps_the_reasons(
    fresh_database_url: str,
    fresh_redis_url: str,
    tmp_path: Path,
    policy: str,
    runs: int,
    missed: dict[str, int],
) -> None:
    last = (datetime.now(UTC) - timedelta(minutes=30)).replace(second=0, microsecond=0)
    first = last - timedelta(hours=4)
    place = await seed(fresh_database_url, scheduled(first, policy))
    database = await asyncpg.connect(fresh_database_url)
    await database.execute(
        "INSERT INTO timer (id, workspace_id, kind, scenario_id, version_id, node_id, fire_at, misfire, state,"
        " reason)"
        " VALUES ($1, $2, 'schedule', $3, $4, 'hook', $5, $6, 'planned', '')",
        uuid7(),
        place.workspace_id,
        place.scenario_id,
        place.version_id,
        first,
        policy,
    )
    env = environment(fresh_database_url, fresh_redis_url, free_port())
    with running(env, tmp_path, "worker", "worker"):
        async with asyncio.timeout(30):
            while await _planned(database) != [last + timedelta(hours=1)]:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            while await _count(database, "succeeded") < runs:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    assert await database.fetchval("SELECT count(*) FROM run") == runs
    rows = await database.fetch("SELECT reason, fire_at FROM timer WHERE state = 'missed'")
    assert Counter(row[0] for row in rows) == missed
    assert all(first <= row[1] <= last for row in rows)
    payloads = await database.fetch("SELECT e.payload FROM event e JOIN run r ON r.event_id = e.id ORDER BY e.id")
    moments = [datetime.fromisoformat(json.loads(row[0])["scheduled_at"]) for row in payloads]
    assert moments == [first + timedelta(hours=number) for number in range(runs)]
    await database.close()


async def _planned(database: "asyncpg.Connection[asyncpg.Record]") -> list[datetime]:
    return [row[0] for row in await database.fetch("SELECT fire_at FROM timer WHERE state = 'planned'")]


async def _count(database: "asyncpg.Connection[asyncpg.Record]", status: str) -> int:
    count: int = await database.fetchval("SELECT count(*) FROM run WHERE status = $1", status)
    return count


async def _park(
    database: "asyncpg.Connection[asyncpg.Record]", place: Seeded, moments: list[datetime]
) -> list[UUID]:
    """Runs as the engine leaves them that wait for these moments."""
    ids = [uuid7() for _ in moments]
    head = {"n": "hook", "t": "webhook.received", "s": "done", "p": "out", "t0": 1, "t1": 1}
    hold = {"n": "hold", "t": "flow.wait", "s": "waiting", "t0": 1, "o": {"until": "later"}}
    journals = [json.dumps([head, hold | {"u": moment.isoformat()}]) for moment in moments]
    async with database.transaction():
        await database.execute(
            "INSERT INTO event (id, workspace_id, kind, source, payload, considered, created_at)"
            " SELECT id, $2, 'webhook', '', '{}', '[]', now() FROM unnest($1::uuid[]) AS id",
            ids,
            place.workspace_id,
        )
        await database.execute(
            "INSERT INTO run (id, workspace_id, scenario_id, version_id, event_id, entry_node, status, steps,"
            " created_at, started_at)"
            " SELECT id, $2, $3, $4, id, 'hook', 'waiting', 1, now(), now() FROM unnest($1::uuid[]) AS id",
            ids,
            place.workspace_id,
            place.scenario_id,
            place.version_id,
        )
        await database.execute(
            "INSERT INTO journal_segment (run_id, seq, entries, created_at)"
            " SELECT id, 0, entries::json, now() FROM unnest($1::uuid[], $2::text[]) AS j(id, entries)",
            ids,
            journals,
        )
        await database.execute(
            "INSERT INTO timer (id, workspace_id, kind, scenario_id, run_id, node_id, fire_at, misfire, state,"
            " reason)"
            " SELECT id, $2, 'wait', $3, id, 'hold', fire_at, 'run_once', 'planned', ''"
            " FROM unnest($1::uuid[], $4::timestamptz[]) AS t(id, fire_at)",
            ids,
            place.workspace_id,
            place.scenario_id,
            moments,
        )
    await database.execute("ANALYZE")
    return ids


@pytest.mark.alone
async def test_ten_thousand_timers_and_three_workers_fire_each_once_and_on_time(
    fresh_database_url: str, fresh_redis_url: str, tmp_path: Path
) -> None:
    place = await seed(fresh_database_url, WAITING)
    database = await asyncpg.connect(fresh_database_url)
    count, begin = 10_000, datetime.now(UTC) + timedelta(seconds=15)
    ids = await _park(database, place, [begin + timedelta(milliseconds=3 * n) for n in range(count)])
    env = environment(fresh_database_url, fresh_redis_url, free_port())
    with running(env, tmp_path, "worker", "worker", "worker"):
        async with asyncio.timeout(90):
            while await _count(database, "succeeded") < count:  # noqa: ASYNC110
                await asyncio.sleep(0.3)
    rows = await database.fetch("SELECT extract(epoch FROM fired_at - fire_at)::float AS late FROM timer")
    late = sorted(row[0] for row in rows)
    ended = await database.fetch(
        "SELECT extract(epoch FROM r.finished_at - t.fire_at)::float FROM run r JOIN timer t ON t.run_id = r.id"
    )
    done = sorted(row[0] for row in ended)
    p50, p99 = late[count // 2], late[count * 99 // 100]
    p99_done = done[count * 99 // 100]
    print(f"lateness p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms; done p99 {p99_done * 1000:.0f} ms")
    assert late[0] >= 0
    assert p99 < 0.25
    journal = await database.fetch("SELECT run_id, entries FROM journal_segment")
    waits = Counter(
        row[0] for row in journal for one in json.loads(row[1]) if (one["n"], one["s"]) == ("hold", "done")
    )
    assert waits == Counter(ids), "each wait was over once"
    await database.close()


@pytest.mark.alone
async def test_a_hundred_thousand_waiting_runs_cost_rows_not_memory_and_wake_after_a_restart(
    fresh_database_url: str, fresh_redis_url: str, tmp_path: Path
) -> None:
    place = await seed(fresh_database_url, WAITING)
    database = await asyncpg.connect(fresh_database_url)
    env = environment(fresh_database_url, fresh_redis_url, free_port())
    with running(env, tmp_path, "worker") as (worker,):
        await asyncio.sleep(4)
        before = psutil.Process(worker.pid).memory_info().rss
    far = datetime.now(UTC) + timedelta(days=30)
    soon = datetime.now(UTC) + timedelta(seconds=25)
    for _ in range(10):
        moments = [far + timedelta(seconds=n) for n in range(9_900)] + [
            soon + timedelta(milliseconds=n) for n in range(100)
        ]
        await _park(database, place, moments)
    with running(env, tmp_path, "worker") as (worker,):
        await asyncio.sleep(4)
        with_them = psutil.Process(worker.pid).memory_info().rss
        worker.kill()
        worker.wait()
    while datetime.now(UTC) < soon:  # noqa: ASYNC110 (nobody works while the moments pass)
        await asyncio.sleep(0.2)
    with running(env, tmp_path, "worker"):
        async with asyncio.timeout(60):
            while await _count(database, "succeeded") < 1_000:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    print(f"memory of a worker: {before / 1e6:.0f} MB without, {with_them / 1e6:.0f} MB with 100,000 waiting runs")
    assert with_them - before < 50e6
    assert await _count(database, "waiting") == 99_000
    await database.close()
