"""The store port on a PostgreSQL pool."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from potok.adapters.larges import Larges
from potok.adapters.store_postgres import changes, ledger, limits, memory, signals, timers
from potok.adapters.store_postgres import claim as claims
from potok.adapters.store_postgres import commit as commits
from potok.adapters.store_postgres import ingest as ingests
from potok.adapters.store_postgres.blobs import PostgresBlobs
from potok.adapters.store_postgres.connection import Pool, speaking
from potok.adapters.store_postgres.records import Webs
from potok.engine.gates import Ask, Turn
from potok.engine.ports import (
    Accepted,
    Checkpoint,
    ClaimedRun,
    Committed,
    DueTimer,
    Firing,
    NewEvent,
    PayloadRefused,
    Receipt,
    Reply,
    VersionDoc,
)
from potok.engine.questions import Asking
from potok.engine.values import from_json
from potok.graph.model import Graph
from potok.sdk.records import Writing

_VERSION = "SELECT scenario_id, workspace_id, number, graph FROM scenario_version WHERE id = $1"
_PUBLISHED = "SELECT published_version_id, enabled FROM scenario WHERE workspace_id = $1 AND id = $2"
_ENDING = """
SELECT status, result, error, end_name, workspace_id FROM run
WHERE id = $1 AND status IN ('succeeded', 'failed', 'cancelled')
"""


class PostgresStore:
    """See potok.engine.ports.Store for the meaning of every method."""

    def __init__(self, pool: Pool, larges: Larges | None = None, webs: Webs | None = None) -> None:
        self._pool = pool
        self._webs = webs
        self._larges = larges or Larges(PostgresBlobs(pool))
        self.on_planned: Callable[[datetime], None] = lambda _: None
        """Called with the soonest moment of the timers that a commit planned."""
        self.on_records: Callable[[], None] = lambda: None
        """Called when a step has changed records."""

    async def ingest(self, events: Sequence[NewEvent]) -> list[Accepted | PayloadRefused]:
        """Events with their runs, in one commit."""
        try:
            return await ingests.ingest(self._pool, await self._larges.events(events))
        except PayloadRefused as refusal:  # of a large value
            return [refusal] if len(events) == 1 else [(await self.ingest([event]))[0] for event in events]

    async def claim(
        self,
        owner: str,
        lease: float,
        limit: int,
        run_ids: Sequence[UUID] | None = None,
        older_than: float = 0.0,
        most_bytes: int | None = None,
    ) -> list[ClaimedRun]:
        """Ready runs, leased to the owner."""
        return await claims.claim(self._pool, owner, lease, limit, run_ids, older_than, most_bytes)

    async def load(self, run: ClaimedRun) -> bool:
        """Large values put back."""
        return await self._larges.load(run)

    async def renew(self, held: Sequence[tuple[UUID, int]], lease: float) -> set[UUID]:
        """The ids still ours."""
        return await claims.renew(self._pool, held, lease)

    async def release(self, held: Sequence[tuple[UUID, int]]) -> None:
        """Runs given back."""
        await claims.release(self._pool, held)

    async def commit(self, checkpoints: Sequence[Checkpoint], lease: float) -> list[Committed]:
        """Checkpoints of many runs in one transaction."""
        try:
            packed = await self._larges.checkpoints(checkpoints)
        except PayloadRefused as refusal:  # of a large value
            if len(checkpoints) == 1:
                return [Committed(False, str(refusal))]
            return [(await self.commit([one], lease))[0] for one in checkpoints]
        made = await commits.commit(self._pool, packed, lease)
        await self._larges.ended(checkpoints, made)
        soonest = min((wait.fire_at for one in checkpoints for wait in one.waits), default=None)
        if soonest is not None:
            self.on_planned(soonest)
        return made

    async def admit(self, asks: Sequence[Ask]) -> list[Turn]:
        """As far as each comes."""
        turns = await limits.admit(self._pool, asks)
        soonest = min((turn.until for turn in turns if turn.until is not None), default=None)
        if soonest is not None:
            self.on_planned(soonest)
        return turns

    async def settle(self, receipts: Sequence[Receipt]) -> list[UUID]:
        """Late receipts."""
        return await ledger.settle(self._pool, receipts)

    async def version(self, version_id: UUID) -> VersionDoc | None:
        """A published graph."""
        async with speaking(self._pool) as connection:
            row = await connection.fetchrow(_VERSION, version_id)
        if row is None:
            return None
        graph = Graph.model_validate(from_json(row["graph"]))
        return VersionDoc(version_id, row["scenario_id"], row["workspace_id"], row["number"], graph)

    async def fire_due(
        self, limit: int, decide: Callable[[list[DueTimer]], Awaitable[list[Firing]]]
    ) -> list[UUID]:
        """The runs that became ready."""
        return await timers.fire_due(self._pool, limit, decide)

    async def next_fire(self) -> float | None:
        """Seconds until the next timer."""
        return await timers.next_fire(self._pool)

    async def published(self, workspace_id: UUID, scenario_id: UUID) -> tuple[UUID | None, bool] | None:
        """The published version, and whether the scenario is switched on."""
        async with speaking(self._pool) as connection:
            row = await connection.fetchrow(_PUBLISHED, workspace_id, scenario_id)
        return None if row is None else (row["published_version_id"], row["enabled"])

    async def ending(self, run_id: UUID) -> Reply | None:
        """How a run ended."""
        async with speaking(self._pool) as connection:
            row = await connection.fetchrow(_ENDING, run_id)
        if row is None:
            return None
        result, error = (None if value is None else from_json(value) for value in (row["result"], row["error"]))
        result = await self._larges.value(result, run_id, row["workspace_id"])
        return Reply("", run_id, row["status"], result=result, error=error, end_name=row["end_name"])

    async def heard(self, run_id: UUID) -> dict[tuple[str, str], Any]:
        """What came for the waiting steps of a run."""
        return await signals.heard(self._pool, run_id)

    async def remember(self, asking: Asking) -> Any:
        """The answer to a step's question."""
        answer = await memory.remember(self._pool, asking, self._webs)
        if isinstance(asking.question, Writing):
            self.on_records()
        return answer

    async def announce(self, limit: int, decide: changes.Decide) -> tuple[int, list[UUID]]:
        """Tell scenarios of changes of records: how many there were, and the runs they started."""
        return await changes.announce(self._pool, self._larges, limit, decide)
