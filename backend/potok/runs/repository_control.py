"""Every query that holds runs back, lets them go on or ends them, and the ledger of effects.

Locks are taken in the engine's order: limits, timers, then the work row, then the run. Taking the work row away
fences the worker that holds the run: it can write nothing any more.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col
from uuid_utils.compat import uuid7

from potok.engine.large import is_wrapped
from potok.runs.models import Effect, Run, RunControl, RunStatus, RunWork, Timer
from potok.runs.repository_blobs import open_values
from potok.runs.repository_limits import lock_gates
from potok.runs.repository_signals import listen_no_longer

OPEN = (RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.WAITING, RunStatus.PAUSED, RunStatus.UNKNOWN)


class Filter(NamedTuple):
    """Which open runs: of one scenario or all, in some states or any, started before a moment or ever."""

    scenario_id: UUID | None = None
    statuses: tuple[str, ...] = ()
    before: datetime | None = None


async def halt(
    db: AsyncSession, run_ids: Sequence[UUID], wanted: Sequence[str], to: RunStatus, now: datetime
) -> list[UUID]:
    """Take these runs, where they are in a wanted state, away from the engine; those it happened to."""
    ids = sorted(set(run_ids))
    await lock_gates(db, ids)
    planned = (
        select(col(Timer.id))
        .where(col(Timer.run_id).in_(ids), col(Timer.state) == "planned")
        .order_by(col(Timer.id))
    )
    await db.execute(planned.with_for_update())
    work = select(col(RunWork.run_id)).where(col(RunWork.run_id).in_(ids)).order_by(col(RunWork.run_id))
    await db.execute(work.with_for_update())
    over = {"finished_at": now} if to is RunStatus.CANCELLED else {}
    changed = await db.execute(
        update(Run)
        .where(col(Run.id).in_(ids), col(Run.status).in_(wanted))
        .values(status=to, **over)
        .returning(col(Run.id))
    )
    halted = list(changed.scalars())
    if halted:
        await db.execute(delete(RunWork).where(col(RunWork.run_id).in_(halted)))
        if to is RunStatus.CANCELLED:
            await listen_no_longer(db, halted)
            await db.execute(_NOTHING_MORE, {"runs": halted})
        await db.execute(
            update(Timer)
            .where(col(Timer.run_id).in_(halted), col(Timer.state) == "planned")
            .values(state="cancelled", reason="run_paused" if to is RunStatus.PAUSED else "run_cancelled")
        )
    return halted


async def go_on(db: AsyncSession, run_id: UUID, held: RunStatus) -> bool:
    """Put a held run back into the queue; False when it is not in that state."""
    return (await db.execute(_GO_ON, {"run": run_id, "held": held})).first() is not None


# The first claim number is random: numbers of an earlier stay in the work table must never come again.
_GO_ON = text(
    """
    WITH woken AS (
        UPDATE run SET status = CASE WHEN started_at IS NULL THEN 'queued' ELSE 'running' END
        WHERE id = :run AND status = :held RETURNING id
    )
    INSERT INTO run_work (run_id, ready_at, claim, attempts)
    SELECT id, now(), 1000 + (random() * 1000000000)::int, 0 FROM woken
    ON CONFLICT (run_id) DO NOTHING RETURNING run_id
    """
)


# A receipt that comes all the same is taken: it settles what is unknown and not answered.
_NOTHING_MORE = text(
    """
    UPDATE effect SET state = CASE state WHEN 'retrying' THEN 'failed' ELSE 'unknown' END, settled_at = now()
    WHERE run_id = ANY(:runs) AND state IN ('intended', 'retrying')
    """
)


async def is_over(db: AsyncSession, run_id: UUID) -> bool:
    """Whether the run has ended."""
    status = (await db.execute(select(col(Run.status)).where(col(Run.id) == run_id))).scalar_one()
    return status not in OPEN


async def note(db: AsyncSession, run_ids: Sequence[UUID], **shared: Any) -> None:
    """Write down who did what; one line per run."""
    if run_ids:
        await db.execute(insert(RunControl), [{"id": uuid7(), "run_id": run_id, **shared} for run_id in run_ids])


async def controls(db: AsyncSession, run_ids: Sequence[UUID]) -> dict[UUID, list[RunControl]]:
    """What people did to these runs, oldest first. Give it only ids of runs the caller may see."""
    query = select(RunControl).where(col(RunControl.run_id).in_(run_ids)).order_by(col(RunControl.id))
    found: dict[UUID, list[RunControl]] = {}
    for row in (await db.execute(query)).scalars():
        found.setdefault(row.run_id, []).append(row)
    return found


async def count_open(db: AsyncSession, workspace_id: UUID, wanted: Filter) -> int:
    """How many runs the filter meets."""
    query = select(func.count()).select_from(Run).where(*_met(workspace_id, wanted))
    return int((await db.execute(query)).scalar_one())


async def open_ids(db: AsyncSession, workspace_id: UUID, wanted: Filter, limit: int) -> list[UUID]:
    """The oldest runs the filter meets."""
    query = select(col(Run.id)).where(*_met(workspace_id, wanted)).order_by(col(Run.id)).limit(limit)
    return list((await db.execute(query)).scalars())


def _met(workspace_id: UUID, wanted: Filter) -> list[ColumnElement[bool]]:
    statuses = [one for one in wanted.statuses if one in OPEN] if wanted.statuses else list(OPEN)
    clauses: list[ColumnElement[bool]] = [col(Run.workspace_id) == workspace_id, col(Run.status).in_(statuses)]
    if wanted.scenario_id is not None:
        clauses.append(col(Run.scenario_id) == wanted.scenario_id)
    if wanted.before is not None:
        clauses.append(col(Run.created_at) < wanted.before)
    return clauses


async def effect(db: AsyncSession, workspace_id: UUID, key: str) -> Effect | None:
    """One effect, its run locked first and then itself, as everybody does who settles one."""
    try:
        run_id = UUID(key.partition(":")[0])
    except ValueError:
        return None
    query = select(Effect).where(
        col(Effect.run_id) == run_id, col(Effect.key) == key, col(Effect.workspace_id) == workspace_id
    )
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        return None
    await db.execute(select(col(Run.id)).where(col(Run.id) == found.run_id).with_for_update())
    await db.refresh(found, with_for_update=True)
    return found


async def effects(
    db: AsyncSession,
    workspace_id: UUID,
    run_id: UUID | None,
    state: str | None,
    before: tuple[datetime, str] | None,
    limit: int,
) -> list[Effect]:
    """A page of the ledger, newest first."""
    query = select(Effect).where(col(Effect.workspace_id) == workspace_id)
    if run_id is not None:
        query = query.where(col(Effect.run_id) == run_id)
    if state is not None:
        query = query.where(col(Effect.state) == state)
    if before is not None:
        query = query.where(tuple_(col(Effect.intended_at), col(Effect.key)) < before)
    query = query.order_by(col(Effect.intended_at).desc(), col(Effect.key).desc()).limit(limit)
    rows = list((await db.execute(query)).scalars())
    for row in rows:
        if is_wrapped(row.receipt):
            opened = await open_values(db, workspace_id, {row.run_id: row.receipt})
            set_committed_value(row, "receipt", opened[row.run_id])  # shown only, never written back
    return rows
