"""Large values in PostgreSQL: compressed, each once per workspace and day, within the budget of its scenario."""

from collections.abc import Sequence
from uuid import UUID

from potok.adapters.store_postgres.blob_days import Days
from potok.adapters.store_postgres.connection import (
    ATTEMPTS,
    Collided,
    Connection,
    Pool,
    pause_after_collision,
    speaking,
    transaction,
)
from potok.engine.ports import StoreUnavailable
from potok.engine.ports_blobs import Large, LargeKey
from potok.engine.squeeze import squeezed, unsqueezed

KEPT = 2_000
"""Bytes that are kept of a value for which there is no room."""
_CHUNK = 16 * 1024 * 1024

_KNOWN = """-- blob: known
SELECT b.day, b.workspace_id, b.sha, b.data IS NOT NULL
FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS k(day, workspace_id, sha)
JOIN blob b ON b.day = k.day AND b.workspace_id = k.workspace_id AND b.sha = k.sha
"""
# What counts is what is on disk, summed up per day, so nothing is ever scanned.
_ROOM = """-- blob: room
SELECT s.id, coalesce(s.byte_budget, $2) - coalesce((SELECT sum(t.bytes) FROM blob_tally t
                                                      WHERE t.scenario_id = s.id), 0)::bigint
FROM unnest($1::uuid[]) AS k(id) JOIN scenario s ON s.id = k.id
"""
_PUT = """-- blob: put
WITH put AS (
  INSERT INTO blob AS b (day, workspace_id, sha, scenario_id, size, stored, data, head, created_at)
  SELECT day, workspace_id, sha, scenario_id, size, coalesce(octet_length(data), 0), data, head, now()
  FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::uuid[], $5::int[], $6::bytea[], $7::text[])
    AS i(day, workspace_id, sha, scenario_id, size, data, head)
  ON CONFLICT (day, workspace_id, sha) DO UPDATE
  SET data = excluded.data, stored = excluded.stored, head = NULL, scenario_id = excluded.scenario_id
  WHERE b.data IS NULL AND excluded.data IS NOT NULL
  RETURNING b.scenario_id, b.day, b.stored
)
INSERT INTO blob_tally AS t (scenario_id, day, bytes)
SELECT scenario_id, day, sum(stored) FROM put WHERE scenario_id IS NOT NULL GROUP BY 1, 2 HAVING sum(stored) > 0
ORDER BY 1, 2
ON CONFLICT (scenario_id, day) DO UPDATE SET bytes = t.bytes + excluded.bytes
"""
_HOLD = """-- blob: hold
INSERT INTO blob_held (run_id, sha, workspace_id, data, created_at)
SELECT run_id, sha, workspace_id, data, now()
FROM unnest($1::uuid[], $2::bytea[], $3::uuid[], $4::bytea[]) AS i(run_id, sha, workspace_id, data)
ON CONFLICT (run_id, sha) DO NOTHING
"""
_GET = """-- blob: get
SELECT b.sha, b.data FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS k(day, workspace_id, sha)
JOIN blob b ON b.day = k.day AND b.workspace_id = k.workspace_id AND b.sha = k.sha
WHERE b.data IS NOT NULL
"""
_GET_HELD = """-- blob: get held
SELECT DISTINCT ON (h.sha) h.sha, h.data
FROM unnest($1::uuid[], $2::bytea[]) AS k(workspace_id, sha)
JOIN blob_held h ON h.workspace_id = k.workspace_id AND h.sha = k.sha
"""
_FORGET = "DELETE FROM blob_held WHERE run_id = ANY($1::uuid[])"


class PostgresBlobs:
    """See potok.engine.ports.Blobs. `budget`: bytes on disk of a scenario that has no budget of its own."""

    def __init__(self, pool: Pool, budget: int = 1 << 30) -> None:
        self._pool = pool
        self._budget = budget
        self._days = Days()

    async def put(self, larges: Sequence[Large]) -> None:
        """In a commit of its own: what a crash leaves without a reference goes with its day."""
        unique: dict[LargeKey, Large] = {}
        for one in larges:
            if (known := unique.get(one.key)) is not None:
                one = Large(one.key, one.raw, known.scenario_id, list({*known.holders, *one.holders}))
            unique[one.key] = one
        chunk: list[Large] = []
        size = 0
        for one in sorted(
            unique.values(), key=lambda one: one.key
        ):  # one order for all, so none waits in a circle
            chunk.append(one)
            size += len(one.raw)
            if size >= _CHUNK:
                await self._put(chunk)
                chunk, size = [], 0
        if chunk:
            await self._put(chunk)

    async def _put(self, larges: list[Large]) -> None:
        async with speaking(self._pool) as connection:
            await self._days.ensure(connection, {one.key.day for one in larges})
            found = await connection.fetch(_KNOWN, *_columns([one.key for one in larges]))
            known = {LargeKey(*row[:3]): row[3] for row in found}
            wanted = [one for one in larges if not known.get(one.key)]
            if not wanted:
                return None
            scenarios = list({one.scenario_id for one in wanted if one.scenario_id is not None})
            rooms = {row[0]: row[1] for row in await connection.fetch(_ROOM, scenarios, self._budget)}
        packed = await squeezed([one.raw for one in wanted])
        rows = [_row(one, data, rooms) for one, data in zip(wanted, packed, strict=True)]
        held = [
            (run, one.key, data)
            for one, data, row in zip(wanted, packed, rows, strict=True)
            if row[5] is None
            for run in one.holders
        ]
        for attempt in range(ATTEMPTS):
            try:
                async with transaction(self._pool) as connection:
                    return await _write(connection, rows, held)
            except Collided:
                await pause_after_collision(attempt)
        raise StoreUnavailable("unreachable")  # pragma: no cover

    async def get(self, keys: Sequence[LargeKey]) -> dict[bytes, bytes]:
        """From the day's table, else from what is held for runs."""
        async with speaking(self._pool) as connection:
            rows = await connection.fetch(_GET, *_columns(keys))
            found = {row[0]: row[1] for row in rows}
            missing = [key for key in keys if key.sha not in found]
            if missing:
                workspaces, shas = [key.workspace_id for key in missing], [key.sha for key in missing]
                found |= {row[0]: row[1] for row in await connection.fetch(_GET_HELD, workspaces, shas)}
        values = await unsqueezed(list(found.values()))
        return dict(zip(found, values, strict=True))

    async def forget(self, run_ids: Sequence[UUID]) -> None:
        """Ended runs hold nothing."""
        async with speaking(self._pool) as connection:
            await connection.execute(_FORGET, run_ids)


Row = tuple[UUID, UUID, bytes, UUID | None, int, bytes | None, str | None]


def _row(one: Large, data: bytes, rooms: dict[UUID, int]) -> Row:
    """Whole while there is room for it, else its beginning. What belongs to no scenario has no budget."""
    scenario = one.scenario_id
    if scenario is not None and scenario in rooms:
        if rooms[scenario] < len(data):
            head = one.raw[:KEPT].decode(errors="ignore")
            return *one.key, scenario, len(one.raw), None, head
        rooms[scenario] -= len(data)
    return *one.key, scenario, len(one.raw), data, None


async def _write(
    connection: Connection, rows: Sequence[Row], held: Sequence[tuple[UUID, LargeKey, bytes]]
) -> None:
    await connection.execute(_PUT, *([row[place] for row in rows] for place in range(7)))
    if held:
        await connection.execute(
            _HOLD,
            [run for run, _, _ in held],
            [key.sha for _, key, _ in held],
            [key.workspace_id for _, key, _ in held],
            [data for _, _, data in held],
        )


def _columns(keys: Sequence[LargeKey]) -> tuple[list[UUID], list[UUID], list[bytes]]:
    return [key.day for key in keys], [key.workspace_id for key in keys], [key.sha for key in keys]
