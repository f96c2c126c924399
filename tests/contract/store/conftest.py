"""Both stores behind one fixture, with the little a contract test has to do behind the port's back."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.bench.seed import PURE_GRAPH, Seeded, seed
from uuid_utils.compat import uuid7

from potok.adapters.store_memory import MemoryStore
from potok.adapters.store_postgres import PostgresStore, engine_pool
from potok.engine.ports import Checkpoint, ClaimedRun, DueTimer, NewEvent, NewRun, Store

LEASE = 30.0


@dataclass
class Bench:
    """A store, a place to put runs, and a look at what was written."""

    store: Store
    place: Seeded
    pool: Any = None

    def event(self, payload: bytes = b'{"amount": 1}', key: str | None = None, source: str = "test") -> NewEvent:
        """An event that starts one run."""
        place = self.place
        run = NewRun(uuid7(), place.workspace_id, place.scenario_id, place.version_id, "hook")
        return NewEvent(uuid7(), place.workspace_id, "webhook", source, key, payload, b"[]", [run])

    async def started(self, count: int = 1, payload: bytes = b'{"amount": 1}') -> list[ClaimedRun]:
        """Fresh runs, claimed by worker A."""
        events = [self.event(payload) for _ in range(count)]
        await self.store.ingest(events)
        return await self.store.claim("A", LEASE, count, [event.runs[0].id for event in events])

    async def expire(self, run_id: UUID) -> None:
        """Let the lease of a run be over."""
        if isinstance(self.store, MemoryStore):
            self.store.work[run_id].lease_until = datetime.now(UTC) - timedelta(seconds=1)
        else:
            await self.pool.execute(
                "UPDATE run_work SET lease_until = now() - interval '1 second' WHERE run_id = $1", run_id
            )

    async def status(self, run_id: UUID) -> str:
        """The run's status."""
        if isinstance(self.store, MemoryStore):
            return self.store.runs[run_id].run.status
        return str(await self.pool.fetchval("SELECT status FROM run WHERE id = $1", run_id))

    async def cancel(self, run_id: UUID) -> None:
        """What the runs room does when a person cancels."""
        if isinstance(self.store, MemoryStore):
            self.store.runs[run_id].run.status = "cancelled"
        else:
            await self.pool.execute("UPDATE run SET status = 'cancelled' WHERE id = $1", run_id)

    async def plan_schedule(self, fire_at: datetime, misfire: str = "run_once") -> UUID:
        """What the scenarios room does when a schedule is published."""
        place, timer_id = self.place, uuid7()
        if isinstance(self.store, MemoryStore):
            timer = DueTimer(
                timer_id,
                "schedule",
                place.workspace_id,
                place.scenario_id,
                place.version_id,
                None,
                "hook",
                fire_at,
                misfire,
            )
            self.store.timers[timer_id] = (timer, "planned", "")
        else:
            await self.pool.execute(
                "INSERT INTO timer (id, workspace_id, kind, scenario_id, version_id, node_id, fire_at, misfire,"
                " state, reason) VALUES ($1, $2, 'schedule', $3, $4, 'hook', $5, $6, 'planned', '')",
                timer_id,
                place.workspace_id,
                place.scenario_id,
                place.version_id,
                fire_at,
                misfire,
            )
        return timer_id

    async def timers(self) -> list[tuple[str, str]]:
        """(kind, state) of the place's timers, by moment."""
        if isinstance(self.store, MemoryStore):
            kept = sorted(self.store.timers.values(), key=lambda one: one[0].fire_at)
            return [(timer.kind, state) for timer, state, _ in kept]
        rows = await self.pool.fetch(
            "SELECT kind, state FROM timer WHERE scenario_id = $1 ORDER BY fire_at", self.place.scenario_id
        )
        return [(row[0], row[1]) for row in rows]

    async def letters(self) -> list[str]:
        """Effect keys in the Outbox."""
        if isinstance(self.store, MemoryStore):
            return sorted(self.store.staged)
        rows = await self.pool.fetch(
            "SELECT effect_key FROM outbox_message WHERE workspace_id = $1 ORDER BY effect_key",
            self.place.workspace_id,
        )
        return [row[0] for row in rows]

    async def effect(self, key: str) -> tuple[str, int, Any]:
        """State, attempts, receipt."""
        if isinstance(self.store, MemoryStore):
            found = self.store.effects[key]
            return found["state"], found["attempts"], found.get("receipt")
        row = await self.pool.fetchrow("SELECT state, attempts, receipt FROM effect WHERE key = $1", key)
        return row[0], row[1], None if row[2] is None else json.loads(row[2])


def checkpoint(run: ClaimedRun, **given: Any) -> Checkpoint:
    """The end of a run, unless told otherwise."""
    defaults: dict[str, Any] = {
        "keep": False,
        "status": "succeeded",
        "finished": True,
        "seq": run.segments,
        "entries": b'[{"n":"hook","t":"webhook.received","s":"done","p":"out"}]',
        "steps": 1,
    }
    return Checkpoint(run.run_id, run.claim, run.workspace_id, run.scenario_id, **(defaults | given))


@pytest.fixture(params=["postgres", "memory"])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    """The real store and its twin."""
    if request.param == "memory":
        yield Bench(MemoryStore(), Seeded(uuid7(), uuid7(), uuid7(), "token"))
        return
    url = request.getfixturevalue("fresh_database_url")
    place = await seed(url, PURE_GRAPH)
    pool = await engine_pool(url)
    yield Bench(PostgresStore(pool), place, pool)
    await pool.close()
