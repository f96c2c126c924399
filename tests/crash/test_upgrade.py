"""Promise 7: an upgrade with waiting and running runs: they finish on their version, whatever was upgraded."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from tests.bench.processes import end, environment, free_port, start, wait_ready
from tests.bench.seed import Seeded, seed
from tests.crash.harness import Process
from uuid_utils.compat import uuid7

from potok.migrate import scripts, upgrade
from potok.registry.load import Loader
from potok.settings import Settings

pytestmark = pytest.mark.alone


def _revisions() -> list[str]:
    """From the first to the last."""
    config = Config()
    config.set_main_option("script_location", str(scripts()))
    config.set_main_option("path_separator", "os")
    return [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()][::-1]


_ALL = _revisions()
FROM = list(dict.fromkeys([_ALL[0], *_ALL[1:-1:4], _ALL[-2]]))
"""The foundation, the revision before the newest, and some between them."""


def _graph(word: str) -> dict[str, Any]:
    return {
        "format": "potok/1",
        "title": "Upgraded",
        "nodes": [
            {"id": "hook", "type": "webhook.received", "params": {}},
            {
                "id": "pause",
                "type": "flow.wait",
                "params": {"mode": "for", "duration": {"amount": 1, "unit": "hours"}},
            },
            {"id": "say", "type": "data.text", "params": {"text": f"said by {word}"}},
        ],
        "edges": [
            {"source": "hook", "port": "out", "target": "pause"},
            {"source": "pause", "port": "out", "target": "say"},
        ],
    }


class Old:
    """Rows as the foundation's code wrote them, in a database of that time."""

    def __init__(self, database: "asyncpg.Connection[asyncpg.Record]", place: Seeded) -> None:
        self._database = database
        self._place = place

    async def run(self, status: str, journal: list[dict[str, Any]], *, work: bool) -> UUID:
        """One run with its event."""
        event, run, place = uuid7(), uuid7(), self._place
        began = datetime.now(UTC) if journal else None
        await self._database.execute(
            "INSERT INTO event (id, workspace_id, kind, source, payload, considered, created_at)"
            " VALUES ($1, $2, 'webhook', '', '{\"body\": {}}', '[]', now())",
            event,
            place.workspace_id,
        )
        await self._database.execute(
            "INSERT INTO run (id, workspace_id, scenario_id, version_id, event_id, entry_node, status, steps,"
            " created_at, started_at) VALUES ($1, $2, $3, $4, $5, 'hook', $6, 0, now(), $7)",
            *(run, place.workspace_id, place.scenario_id, place.version_id, event, status, began),
        )
        if journal:
            await self._database.execute(
                "INSERT INTO journal_segment (run_id, seq, entries, created_at) VALUES ($1, 0, $2, now())",
                run,
                json.dumps(journal),
            )
        if work:
            await self._database.execute(
                "INSERT INTO run_work (run_id, ready_at, lease_owner, lease_until, claim, attempts)"
                " VALUES ($1, now() - interval '1 minute', 'dead', now() - interval '1 s', 3, 1)",
                run,
            )
        return run

    async def timer(self, run: UUID) -> None:
        """What wakes a waiting run: its moment came while Potok was off."""
        await self._database.execute(
            "INSERT INTO timer (id, workspace_id, kind, scenario_id, version_id, run_id, node_id, fire_at,"
            " misfire, state, reason)"
            " VALUES ($1, $2, 'wait', $3, $4, $5, 'pause', now() - interval '1 s', 'run_once',"
            " 'planned', '')",
            *(uuid7(), self._place.workspace_id, self._place.scenario_id, self._place.version_id, run),
        )


def _journal(*, waits: bool) -> list[dict[str, Any]]:
    now = datetime.now(UTC)
    ms = int(now.timestamp() * 1000)
    until = (now - timedelta(seconds=1)).isoformat()
    began = {"n": "hook", "t": "webhook.received", "s": "done", "p": "out", "t0": ms, "t1": ms}
    pause: dict[str, Any] = {"n": "pause", "t": "flow.wait", "a": 1, "t0": ms}
    if waits:
        return [began, pause | {"s": "waiting", "u": until, "o": {"until": until}}]
    return [began, pause | {"s": "done", "p": "out", "o": {"until": until}, "t1": ms}]


async def _publish_next(database: "asyncpg.Connection[asyncpg.Record]", place: Seeded) -> None:
    """A second version, which the old runs must not follow."""
    version = uuid7()
    await database.execute(
        "INSERT INTO scenario_version (id, workspace_id, scenario_id, number, graph, note, published_at)"
        " VALUES ($1, $2, $3, 2, $4, '', now())",
        *(version, place.workspace_id, place.scenario_id, json.dumps(_graph("the second version"))),
    )
    await database.execute(
        "UPDATE scenario SET published_version_id = $1 WHERE id = $2", version, place.scenario_id
    )


@pytest.mark.parametrize("revision", FROM)
async def test_open_runs_of_an_older_database_finish_on_their_version(
    empty_database_url: str, revision: str
) -> None:
    """Promise 7: queued, interrupted and waiting runs written before the migrations go on after them."""
    url = empty_database_url
    await upgrade(url, revision)
    place = await seed(url, _graph("the first version"))
    database = await asyncpg.connect(url)
    try:
        old = Old(database, place)
        runs = [
            await old.run("running", _journal(waits=False), work=True),
            await old.run("waiting", _journal(waits=True), work=False),
        ]
        await old.timer(runs[1])
        queued = await old.run("queued", [], work=True)
        await upgrade(url, "head")
        await _publish_next(database, place)
        types = Loader(Settings().plugins).load().catalog

        async def ended() -> None:
            query = "SELECT array_agg(status ORDER BY id) FROM run"
            while await database.fetchval(query) != ["succeeded", "succeeded", "waiting"]:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

        await Process(url, types).live([*runs, queued], ended)
        for run in runs:
            assert await _said(database, run) == {"text": "said by the first version"}
    finally:
        await database.close()


async def _said(database: "asyncpg.Connection[asyncpg.Record]", run: UUID) -> Any:
    rows = await database.fetch("SELECT entries FROM journal_segment WHERE run_id = $1 ORDER BY seq", run)
    outputs = [one["o"] for row in rows for one in json.loads(row[0]) if one["n"] == "say" and one["s"] == "done"]
    assert len(outputs) == 1, "each step once"
    return outputs[0]


FIRST = '''"""Says things."""

from potok.sdk import action


@action("saying.say")
async def say(word: str) -> dict[str, str]:
    """Say."""
    return {"said": f"{word} (first)"}


@action("saying.gone")
async def gone(word: str) -> dict[str, str]:
    """Gone."""
    return {"said": word}
'''
SECOND = '''"""Says things, otherwise."""

from potok.sdk import action


@action("saying.say", version=2)
async def say(phrase: str) -> dict[str, str]:
    """Say."""
    return {"said": f"{phrase} (second)"}


@say.migrate(1)
def _(params: dict) -> dict:
    return {"phrase": params["word"]}


@action("saying.gone", version=2)
async def gone(phrase: str) -> dict[str, str]:
    """Gone."""
    return {"said": phrase}
'''


def _saying(kind: str) -> dict[str, Any]:
    graph = _graph("")
    pause = {"id": "pause", "type": "flow.wait", "params": {"duration": {"amount": 4, "unit": "seconds"}}}
    say = {"id": "say", "type": kind, "params": {"word": "hello"}}
    return graph | {"nodes": [graph["nodes"][0], pause, say]}


async def test_a_waiting_run_goes_on_when_the_plugin_of_its_next_step_was_upgraded(
    fresh_database_url: str, fresh_redis_url: str, tmp_path: Path
) -> None:
    """Promise 7: frozen settings go through the node type's migrations; without them the run fails with words."""
    plugins = tmp_path / "plugins"
    shutil.copytree(Settings().plugins, plugins, ignore=shutil.ignore_patterns("__pycache__"))
    _write(plugins / "saying", FIRST, "1.0.0")
    kept, lost = [await seed(fresh_database_url, _saying(kind)) for kind in ("saying.say", "saying.gone")]
    port = free_port()
    env = environment(fresh_database_url, fresh_redis_url, port, plugins=plugins)
    database = await asyncpg.connect(fresh_database_url)
    try:
        with _processes(env, tmp_path):
            await asyncio.to_thread(wait_ready, port)
            async with httpx.AsyncClient() as client:
                for place in (kept, lost):
                    answer = await client.post(f"http://127.0.0.1:{port}/h/{place.token}", json={})
                    assert answer.status_code == 202
            await _status(database, kept, "waiting")
            await _status(database, lost, "waiting")
        _write(plugins / "saying", SECOND, "2.0.0")
        with _processes(env, tmp_path):
            run = await _status(database, kept, "succeeded")
            assert await _said(database, run) == {"said": "hello (second)"}
            run = await _status(database, lost, "failed")
            error = json.loads(await database.fetchval("SELECT error FROM run WHERE id = $1", run))
            assert (error["code"], error["node_id"]) == ("node_type_changed", "say")
            assert error["message"]
            assert error["fix"]
    finally:
        await database.close()


def _write(plugin: Path, source: str, version: str) -> None:
    plugin.mkdir(exist_ok=True)
    (plugin / "__init__.py").write_text(source)
    (plugin / "plugin.toml").write_text(f'title = "Saying"\nversion = "{version}"\nicon = "mail"\napi = 1\n')


@contextmanager
def _processes(env: dict[str, str], folder: Path) -> Iterator[None]:
    started = [start(part, env, folder / f"{part}.log") for part in ("serve", "worker")]
    try:
        yield
    finally:
        for process in started:
            end(process)


async def _status(
    database: "asyncpg.Connection[asyncpg.Record]", place: Seeded, wanted: str, seconds: float = 60
) -> UUID:
    """Wait until the scenario's only run has this status; the run."""
    query = "SELECT id, status FROM run WHERE scenario_id = $1"
    row = None
    async with asyncio.timeout(seconds):
        while (row := await database.fetchrow(query, place.scenario_id)) is None or row[1] != wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    run: UUID = row[0]
    return run
