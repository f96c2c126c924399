"""A pause or a cancel whose message is lost with Valkey: the worker notices within a third of its lease."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from tests.bench.executor import no_http
from tests.bench.seed import seed
from tests.crash.harness import Silent, Stage

from potok.adapters.store_postgres import PostgresStore, engine_pool
from potok.engine.executor import Executor
from potok.registry.catalog import Catalog
from potok.registry.load import load
from potok.runs import repository_control
from potok.runs.models import RunStatus
from potok.sdk import action
from potok.sdk.node import NodeType
from potok.settings import Settings

LEASE = 3.0
GRAPH: dict[str, Any] = {
    "format": "potok/1",
    "title": "Long",
    "nodes": [
        {"id": "hook", "type": "webhook.received", "params": {}},
        {"id": "long", "type": "test.long", "params": {}},
        {"id": "tell", "type": "notice.send", "params": {"title": "Over", "text": ""}},
    ],
    "edges": [
        {"source": "hook", "port": "out", "target": "long"},
        {"source": "long", "port": "out", "target": "tell"},
    ],
}
_events: list[str] = []


@action("test.long", effect="read", output={}, sample=None)
async def long() -> None:
    """Take long. Says when it begins and when it is let go."""
    _events.append("began")
    try:
        await asyncio.sleep(60)
    finally:
        _events.append("let go")


_LONG = long.build()


class Types:
    """The real node types and the long one."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self.hash = catalog.hash

    def get(self, type_id: str, /) -> NodeType | None:
        """See NodeTypes."""
        return _LONG if type_id == "test.long" else self._catalog.get(type_id)


@asynccontextmanager
async def _worker(url: str, types: Types) -> AsyncIterator[Executor]:
    pool = await engine_pool(url, size=4)
    executor = Executor(PostgresStore(pool), types, Silent(), no_http, owner="deaf", lease=LEASE)
    working = asyncio.create_task(executor.run())
    try:
        yield executor
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        await executor.stop(0)
        await pool.close()


@pytest.mark.parametrize("to", [RunStatus.PAUSED, RunStatus.CANCELLED])
async def test_a_worker_that_hears_nothing_lets_go_at_its_next_renewal(
    fresh_database_url: str, to: RunStatus
) -> None:
    _events.clear()
    place = await seed(fresh_database_url, GRAPH)
    database = await asyncpg.connect(fresh_database_url)
    types = Types(load(Settings().plugins).catalog)
    run_id = await Stage(fresh_database_url, place, types, "hook", {"body": {}}, database).start()
    async with _worker(fresh_database_url, types) as executor:
        executor.offer([run_id])
        async with asyncio.timeout(20):
            while not _events:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await _halt_and_tell_nobody(fresh_database_url, run_id, to)
        async with asyncio.timeout(LEASE / 3 + 1):  # one more for a busy machine
            while executor.held:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert _events == ["began", "let go"]
    assert await database.fetchval("SELECT status FROM run WHERE id = $1", run_id) == to
    assert await database.fetchval("SELECT count(*) FROM notice WHERE run_id = $1", run_id) == 0
    await database.close()


async def _halt_and_tell_nobody(url: str, run_id: Any, to: RunStatus) -> None:
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with AsyncSession(engine) as db:
        halted = await repository_control.halt(db, [run_id], repository_control.OPEN, to, datetime.now(UTC))
        await db.commit()
    await engine.dispose()
    assert halted == [run_id]
