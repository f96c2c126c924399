"""Why an open run does not go on right now: no stuck run without a stated cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from potok.runs.models import RunStatus

Kind = Literal["paused", "answer", "timer", "retry", "limit", "call", "signal", "queue", "no_worker"]
MANY = 1_000
"""Runs ahead are counted up to here."""


@dataclass(frozen=True, slots=True)
class LimitCause:
    """The limit a run waits at: of its scenario (no name), or the one that steps share by this name."""

    name: str
    key: str
    at_most: int
    per_seconds: float
    """0: so many at once."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What a run waits for: the step `node_id`, `ahead` ready runs that come first, or whoever paused it."""

    kind: Kind
    until: datetime | None = None
    node_id: str = ""
    ahead: int = 0
    user_id: UUID | None = None
    key_name: str = ""
    signal: tuple[str, str] = ("", "")
    """The name and key of the signal that is waited for."""
    limit: LimitCause | None = None


_FACTS = text(
    """
    SELECT run.id, run.status, work.run_id IS NOT NULL AS queued,
           coalesce(work.lease_until > now(), false) AS held, timer.kind, timer.fire_at, timer.node_id,
           EXISTS (
               SELECT FROM run AS called WHERE called.called_by = run.id AND called.parent_waits
                   AND called.finished_at IS NULL
           ) AS calls,
           asked.node_id AS asked, signal.name AS signal, signal.key AS signal_key, signal.node_id AS listens,
           paused.user_id, paused.key_name,
           line.name AS limit_name, line.key AS limit_key, line.at_most, line.per_seconds, line.at AS turn,
           line.holder, line.before,
           CASE WHEN work.run_id IS NOT NULL THEN (
               SELECT count(*) FROM (
                   SELECT FROM run_work AS other WHERE other.ready_at < work.ready_at
                       AND (other.lease_until IS NULL OR other.lease_until < now()) LIMIT :many
               ) AS first
           ) END AS ahead
    FROM run
    LEFT JOIN run_work AS work ON work.run_id = run.id
    LEFT JOIN LATERAL (
        SELECT kind, fire_at, node_id FROM timer WHERE run_id = run.id AND state = 'planned' AND kind <> 'deadline'
        ORDER BY fire_at LIMIT 1
    ) AS timer ON run.status IN ('waiting', 'unknown')
    LEFT JOIN LATERAL (
        SELECT name, key, node_id FROM signal_wait WHERE run_id = run.id AND came_at IS NULL
        ORDER BY until, began_at, node_id, item LIMIT 1
    ) AS signal ON run.status IN ('waiting', 'unknown')
    LEFT JOIN LATERAL (
        SELECT p.name, p.key, p.at_most, p.per_seconds, p.at, p.holder, CASE WHEN p.state = 'waiting' THEN (
            SELECT count(*) FROM (
                SELECT FROM limit_place AS other WHERE other.gate_id = p.gate_id AND other.state = 'waiting'
                    AND other.place < p.place LIMIT :many
            ) AS first
        ) END AS before
        FROM limit_place AS p
        WHERE p.run_id = run.id AND (p.state = 'waiting' OR p.state = 'turn' AND p.at > now())
        ORDER BY p.state DESC, p.place LIMIT 1
    ) AS line ON run.status = 'waiting'
    LEFT JOIN LATERAL (
        SELECT node_id FROM effect WHERE run_id = run.id AND state = 'unknown' ORDER BY intended_at LIMIT 1
    ) AS asked ON run.status = 'unknown'
    LEFT JOIN LATERAL (
        SELECT user_id, key_name FROM run_control WHERE run_id = run.id AND action = 'paused'
        ORDER BY id DESC LIMIT 1
    ) AS paused ON run.status = 'paused'
    WHERE run.id = ANY(:runs)
    """
)
# Each worker holds an advisory lock that its session takes to the grave (adapters/store_postgres/owners.py).
_WORKERS = text(
    """
    SELECT count(*) FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND classid = CAST(:class AS bigint)::oid AND objsubid = 2
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    """
)
_CLASS = 0x706F746F


async def causes_of(db: AsyncSession, run_ids: Sequence[UUID]) -> dict[UUID, Cause]:
    """Causes by run id; runs that go on or have ended are left out. Give it only ids the caller may see."""
    rows = (await db.execute(_FACTS, {"runs": list(run_ids), "many": MANY})).mappings().all()
    alive = await living_workers(db) if any(row["queued"] and not row["held"] for row in rows) else 1
    found = {row["id"]: _cause(row, alive) for row in rows}
    return {run_id: cause for run_id, cause in found.items() if cause is not None}


async def living_workers(db: AsyncSession) -> int:
    """How many workers have a session in the database."""
    return int((await db.execute(_WORKERS, {"class": _CLASS})).scalar_one())


def _cause(facts: Mapping[Any, Any], alive: int) -> Cause | None:
    if facts["status"] == RunStatus.PAUSED:
        return Cause("paused", user_id=facts["user_id"], key_name=facts["key_name"] or "")
    if facts["queued"]:
        if facts["held"]:
            return None
        return Cause("queue", ahead=facts["ahead"]) if alive else Cause("no_worker")
    if facts["status"] == RunStatus.UNKNOWN:
        return Cause("answer", node_id=facts["asked"] or "")
    if facts["signal"] is not None and facts["node_id"] in (None, facts["listens"]):
        heard = (facts["signal"], facts["signal_key"])
        return Cause("signal", until=facts["fire_at"], node_id=facts["listens"], signal=heard)
    if facts["holder"] is not None and facts["kind"] in (None, "limit"):
        return _at_limit(facts)
    if facts["fire_at"] is None:
        return Cause("call") if facts["calls"] else None
    kind: Kind = "retry" if facts["kind"] == "retry" else "timer"
    return Cause(kind, until=facts["fire_at"], node_id=facts["node_id"])


def _at_limit(facts: Mapping[Any, Any]) -> Cause:
    scope, _, name = facts["limit_name"].partition(":")
    _, _, step = facts["holder"].partition(":")
    limit = LimitCause(name if scope == "step" else "", facts["limit_key"], facts["at_most"], facts["per_seconds"])
    return Cause(
        "limit", until=facts["turn"], node_id=step.partition(":")[0], ahead=facts["before"] or 0, limit=limit
    )
