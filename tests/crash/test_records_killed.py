"""kill -9 around a change of a record: it is told once, what it starts runs once and writes once."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from tests.bench.processes import end, environment, free_port, start
from tests.bench.seed import Seeded, seed

from potok.migrate import async_url
from potok.people.models import Role
from potok.people.service import Caller
from potok.records.service.packs import install_pack
from potok.records.service.records import write_one

GRAPH: dict[str, Any] = {
    "format": "potok/1",
    "title": "New request",
    "nodes": [
        {"id": "start", "type": "record.created", "params": {"type": "contact"}},
        {
            "id": "ask",
            "type": "record.create",
            "params": {
                "type": "request",
                "values": [
                    {"name": "title", "value": {"$ref": ["start", "record", "title"]}},
                    {"name": "contact", "value": {"$ref": ["start", "record"]}},
                ],
            },
        },
        {
            "id": "same",
            "type": "record.upsert",
            "params": {
                "type": "task",
                "by": [{"name": "title", "value": "Call"}],
                "values": [{"name": "contact", "value": {"$ref": ["start", "record"]}}],
            },
        },
    ],
    "edges": [
        {"source": "start", "port": "out", "target": "ask"},
        {"source": "ask", "port": "out", "target": "same"},
    ],
}
LEFT = "SELECT (SELECT count(*) FROM record_change WHERE NOT announced) + (SELECT count(*) FROM run_work)"
SEEN = """
SELECT payload->'record'->>'id', payload->'record'->>'note', payload->'old'->>'note' FROM event ORDER BY id
"""
TOLD = "commit of insert event_key+insert event+insert run+insert run_work + tell of changes#1"
WRITTEN = (
    "commit of ask + insert record_counter + insert record + insert record_link + insert record_change + answer#1"
)
POINTS = (f"before {TOLD}", f"after {TOLD}", f"before {WRITTEN}", f"after {WRITTEN}", "before tell of changes#2")


@dataclass
class Office:
    """A scenario, the CRM pack, and a look at the database."""

    place: Seeded
    engine: AsyncEngine
    database: Any

    async def contact(self, name: str) -> None:
        """Somebody adds one; nobody is told in time."""
        caller = Caller(self.place.workspace_id, Role.OWNER, api_key_name="test")
        async with AsyncSession(self.engine) as db, db.begin():
            await write_one(db, caller, "contact", {"name": name})

    async def quiet(self) -> None:
        """Return when everything was told and every run is over."""
        async with asyncio.timeout(40):
            while await self.database.fetchval(LEFT):  # noqa: ASYNC110 (the database cannot call us)
                await asyncio.sleep(0.05)


@pytest.fixture
async def office(fresh_database_url: str) -> AsyncIterator[Office]:
    """Ready to begin."""
    engine = create_async_engine(async_url(fresh_database_url), poolclass=pool.NullPool)
    database = await asyncpg.connect(fresh_database_url)
    made = Office(await seed(fresh_database_url, GRAPH), engine, database)
    caller = Caller(made.place.workspace_id, Role.OWNER, api_key_name="test")
    async with AsyncSession(engine) as db, db.begin():
        await install_pack(db, caller, "crm")
    yield made
    await database.close()
    await engine.dispose()


@pytest.mark.parametrize("point", POINTS)
async def test_a_worker_killed_at_any_point_of_it_leaves_everything_there_exactly_once(
    fresh_database_url: str, fresh_redis_url: str, tmp_path: Path, office: Office, point: str
) -> None:
    env = environment(fresh_database_url, fresh_redis_url, free_port(), lease_seconds=2)
    await office.contact("Anna")
    victim = start("worker", env | {"POTOK_FAULT": point}, tmp_path / "victim.log")
    try:
        assert await asyncio.to_thread(victim.wait, 30) == -9
    finally:
        end(victim)
    heir = start("worker", env, tmp_path / "heir.log")
    try:
        await office.quiet()
    finally:
        end(heir)
    rows = await office.database.fetch(
        "SELECT t.key, r.title FROM record r JOIN object_type t ON t.id = r.type_id ORDER BY t.key"
    )
    assert [tuple(row) for row in rows] == [("contact", "Anna"), ("request", "Anna"), ("task", "Call")]
    assert await office.database.fetchval("SELECT count(*) FROM event WHERE kind = 'record'") == 1
    assert [row[0] for row in await office.database.fetch("SELECT status FROM run")] == ["succeeded"]
    assert await office.database.fetchval("SELECT count(*) FROM record_link") == 2


async def test_many_workers_tell_each_change_once_and_those_of_a_record_in_their_order(
    fresh_database_url: str, fresh_redis_url: str, tmp_path: Path, office: Office
) -> None:
    async with AsyncSession(office.engine) as db, db.begin():
        caller = Caller(office.place.workspace_id, Role.OWNER, api_key_name="test")
        written = [await write_one(db, caller, "contact", {"name": f"c{number}"}) for number in range(40)]
    changed = GRAPH["nodes"][0] | {"type": "record.changed"}
    graph = {**GRAPH, "nodes": [changed, {"id": "done", "type": "flow.succeed", "params": {}}]}
    graph["edges"] = [{"source": "start", "port": "out", "target": "done"}]
    await office.database.execute("UPDATE scenario_version SET graph = $1", json.dumps(graph))
    for number in range(5):
        async with AsyncSession(office.engine) as db, db.begin():
            for one in written:
                await write_one(db, caller, "contact", {"note": str(number)}, record_id=one.record_id)
    env = environment(fresh_database_url, fresh_redis_url, free_port(), lease_seconds=2)
    workers = [start("worker", env, tmp_path / f"{number}.log") for number in range(2)]
    try:
        await office.quiet()
    finally:
        for worker in workers:
            end(worker)
    rows = await office.database.fetch(SEEN)
    told: dict[str, list[str]] = {}
    for record_id, note, old in rows:
        told.setdefault(record_id, []).append(note)
        assert old == (None if note == "0" else str(int(note) - 1))
    assert list(told.values()) == [["0", "1", "2", "3", "4"]] * 40
    assert await office.database.fetchval("SELECT count(*) FROM run WHERE status = 'succeeded'") == 200
