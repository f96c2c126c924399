"""Promise 9: a plugin that raises, hangs, blocks, eats memory or kills its worker harms its own run only."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.bench.processes import end, environment, free_port, start
from tests.bench.seed import PURE_GRAPH, Seeded, seed
from uuid_utils.compat import uuid7

from potok.adapters.store_postgres import PostgresStore, engine_pool
from potok.engine.ports import Accepted, NewEvent, NewRun
from potok.settings import Settings

PLUGIN = '''"""Does everything wrong."""

import asyncio, os, time
from potok.sdk import action


@action("bad.raise")
async def raises() -> None:
    """Raise."""
    raise ZeroDivisionError("oops")


@action("bad.exit")
async def leaves() -> None:
    """Leave."""
    raise SystemExit(3)


@action("bad.hang", effect="read", timeout=0.5)
async def hangs() -> None:
    """Hang."""
    await asyncio.sleep(3600)


@action("bad.thread", timeout=0.5)
def hangs_in_thread() -> None:
    """Hang in a thread."""
    time.sleep(3600)


@action("bad.spin")
async def spins() -> None:
    """Block the loop, and keep every exception."""
    while True:
        try:
            pass
        except Exception:
            pass


@action("bad.sleep")
async def sleeps() -> None:
    """Block the loop in C."""
    time.sleep(3600)


@action("bad.late", effect="read")
async def blocks_later() -> None:
    """Block the loop after a pause."""
    await asyncio.sleep(0.01)
    time.sleep(3600)


@action("bad.memory")
async def eats() -> None:
    """Eat memory."""
    eaten = []
    while True:
        eaten.append(bytearray(50_000_000))


@action("bad.stubborn")
async def stubborn() -> None:
    """Block the loop and refuse to be interrupted."""
    while True:
        try:
            time.sleep(1)
        except BaseException:
            pass


@action("bad.die", effect="read")
async def dies() -> None:
    """Take the process along."""
    os._exit(1)
'''
TOML = 'title = "Bad"\nversion = "1.0.0"\nicon = "bug"\napi = 1\n'
GOOD_RUNS = 60


@pytest.fixture
def plugins(tmp_path: Path) -> Path:
    """The real plugins and the bad one."""
    folder = tmp_path / "plugins"
    shutil.copytree(Settings().plugins, folder)
    (folder / "bad").mkdir()
    (folder / "bad" / "__init__.py").write_text(PLUGIN)
    (folder / "bad" / "plugin.toml").write_text(TOML)
    return folder


def _graph(kind: str) -> dict[str, Any]:
    return {
        "format": "potok/1",
        "title": kind,
        "nodes": [
            {"id": "hook", "type": "webhook.received", "params": {}},
            {"id": "guilty", "type": kind, "params": {}},
        ],
        "edges": [{"source": "hook", "port": "out", "target": "guilty"}],
    }


async def _start(store: PostgresStore, place: Seeded, payload: bytes = b'{"body": {"amount": 1500}}') -> UUID:
    run = NewRun(uuid7(), place.workspace_id, place.scenario_id, place.version_id, "hook")
    event = NewEvent(uuid7(), place.workspace_id, "test", "", None, payload, b"[]", [run])
    await store.ingest([event])
    return run.id


async def _workers(env: dict[str, str], log: Path, stop: asyncio.Event) -> int:
    """Keep one worker alive as the supervisor does; how often it had to be started."""
    starts = 0
    while not stop.is_set():
        process = start("worker", env, log)
        starts += 1
        try:
            while process.poll() is None and not stop.is_set():  # noqa: ASYNC110 (a process cannot call us)
                await asyncio.sleep(0.05)
        finally:
            await asyncio.to_thread(end, process)
    return starts


@pytest.mark.alone
@pytest.mark.parametrize(
    ("kind", "code", "said", "seconds"),
    [
        ("bad.raise", "plugin_bug", "ZeroDivisionError", 15),
        ("bad.exit", "plugin_bug", "SystemExit", 15),
        ("bad.hang", "step_timeout", "", 15),
        ("bad.thread", "step_timeout", "", 15),
        ("bad.spin", "step_blocked", "spins", 15),
        ("bad.sleep", "step_blocked", "sleeps", 15),
        ("bad.late", "step_blocked", "blocks_later", 15),
        ("bad.memory", "plugin_bug", "MemoryError", 20),
        ("bad.stubborn", "crashed_repeatedly", "", 30),
        ("bad.die", "crashed_repeatedly", "", 60),
    ],
)
async def test_a_bad_step_harms_its_own_run_only_and_is_named(
    fresh_database_url: str,
    fresh_redis_url: str,
    tmp_path: Path,
    plugins: Path,
    kind: str,
    code: str,
    said: str,
    seconds: float,
) -> None:
    good = await seed(fresh_database_url, PURE_GRAPH)
    bad = await seed(fresh_database_url, _graph(kind))
    pool = await engine_pool(fresh_database_url)
    store = PostgresStore(pool)
    for _ in range(GOOD_RUNS // 2):
        await _start(store, good)
    guilty = await _start(store, bad)
    for _ in range(GOOD_RUNS // 2):
        await _start(store, good)
    env = environment(
        fresh_database_url,
        fresh_redis_url,
        free_port(),
        plugins=plugins,
        step_block_seconds=0.5,
        worker_memory=700_000_000,
        lease_seconds=1,
    )
    stop = asyncio.Event()
    workers = asyncio.create_task(_workers(env, tmp_path / "worker.log", stop))
    try:
        async with asyncio.timeout(seconds):
            while await pool.fetchval("SELECT count(*) FROM run_work"):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        stop.set()
        starts = await workers
    ended = {
        row[0]: row[1]
        for row in await pool.fetch(
            "SELECT status, count(*) FROM run WHERE scenario_id = $1 GROUP BY status", good.scenario_id
        )
    }
    row = await pool.fetchrow("SELECT status, error FROM run WHERE id = $1", guilty)
    said_by = json.loads(
        await pool.fetchval(
            "SELECT entries FROM journal_segment WHERE run_id = $1 ORDER BY seq DESC LIMIT 1", guilty
        )
    )[-1]
    await pool.close()
    assert row is not None
    error = json.loads(row["error"])
    print(f"\n{kind}: {error['code']}, worker started {starts} times")
    assert ended == {"succeeded": GOOD_RUNS}
    assert (row["status"], error["code"]) == ("failed", code)
    assert said in error["details"]
    assert error["node_id"] == "guilty"
    assert (said_by["n"], said_by["s"], said_by["e"]["code"]) == ("guilty", "failed", code)


POISON = {
    "nul": b'{"body": {"amount": "\\u0000"}}',
    "deep": b'{"body": ' + b"[" * 900 + b"]" * 900 + b"}",
    "infinite": b'{"body": {"amount": 1e400}}',
    "large": b'{"body": {"name": "' + b"x" * 3_000_000 + b'"}}',
    "long number": b'{"body": {"amount": ' + b"9" * 4_000 + b"}}",
    "deep and large": b'{"body": ' + b"[" * 900 + b'"' + b"x" * 50_000 + b'"' + b"]" * 900 + b"}",
    "large number": b'{"body": {"amount": ' + b"9" * 50_000 + b"}}",
    "wide": b'{"body": [' + b",".join([b'{"a": [1, 2]}'] * 200_000) + b"]}",
    "forged": b'{"$large":[["value","body"]],"value":{"body":{"$blob":"'
    + b"00" * 32
    + b'","bytes":9,"head":""}}}',
}


async def test_a_poison_payload_ends_its_own_run_and_the_neighbours_go_on(
    fresh_database_url: str, fresh_redis_url: str, tmp_path: Path
) -> None:
    place = await seed(fresh_database_url, PURE_GRAPH)
    pool = await engine_pool(fresh_database_url)
    store = PostgresStore(pool)
    poisoned, neighbours = {}, []
    for name, payload in POISON.items():
        neighbours += [await _start(store, place) for _ in range(5)]
        run = NewRun(uuid7(), place.workspace_id, place.scenario_id, place.version_id, "hook")
        event = NewEvent(uuid7(), place.workspace_id, "test", "", None, payload, b"[]", [run])
        if isinstance((await store.ingest([event]))[0], Accepted):
            poisoned[run.id] = name
    env = environment(fresh_database_url, fresh_redis_url, free_port())
    worker = start("worker", env, tmp_path / "worker.log")
    try:
        async with asyncio.timeout(30):
            while left := await pool.fetch("SELECT run_id FROM run_work"):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"not over: {[poisoned.get(row[0]) for row in left]}") from None
    finally:
        alive = worker.poll() is None
        await asyncio.to_thread(end, worker)
    assert alive
    ended = {row[0]: row[1] for row in await pool.fetch("SELECT id, status FROM run")}
    await pool.close()
    assert {ended[run_id] for run_id in neighbours} == {"succeeded"}
    print(f"\n{ {name: ended[run_id] for run_id, name in poisoned.items()} }")
    assert {ended[run_id] for run_id in poisoned} <= {"succeeded", "failed"}
