"""Holding runs back, letting them go on and ending them, in any state they are in; who did it is written down."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from potok.announce import announce
from potok.people.service import Caller, record
from potok.problems import refuse
from potok.runs import repository, repository_calls, repository_control, repository_limits
from potok.runs.events import RunsHalted, RunsReady
from potok.runs.models import RunControl, RunStatus
from potok.runs.repository import RunHead
from potok.runs.repository_control import OPEN, Filter

CHUNK = 500
"""Runs ended in one transaction: other runs' checkpoints must not wait for thousands of locks."""
_TRIES = 5
_COLLISIONS = ("40P01", "40001")  # deadlock detected, serialization failure
T = TypeVar("T")


async def cancel_run(db: AsyncSession, caller: Caller, run_id: UUID) -> RunHead:
    """End it now. What is on its way outside is not called back; its receipt is kept. Raises Refused."""
    return await _halt_one(db, caller, run_id, OPEN, RunStatus.CANCELLED)


async def pause_run(db: AsyncSession, caller: Caller, run_id: UUID) -> RunHead:
    """Hold it back exactly where it is. Raises Refused."""
    wanted = [status for status in OPEN if status is not RunStatus.PAUSED]
    return await _halt_one(db, caller, run_id, wanted, RunStatus.PAUSED)


async def resume_run(db: AsyncSession, caller: Caller, run_id: UUID) -> RunHead:
    """Let it go on where it was held; nothing happens to a run that is not paused. Raises Refused."""
    head = await _find(db, caller, run_id)
    if head.status not in OPEN:
        raise refuse("run_over")
    if await repository_control.go_on(db, run_id, RunStatus.PAUSED):
        await _note(db, caller, [run_id], "resumed")
        announce(db, RunsReady((run_id,)))
        await record(db, caller, "run_resumed", subject_id=run_id)
    return await _find(db, caller, run_id)


async def cancel_some(db: AsyncSession, caller: Caller, wanted: Filter) -> int:
    """End the oldest runs the filter meets, at most CHUNK of them; how many it were."""
    ids = await repository_control.open_ids(db, caller.workspace_id, wanted, CHUNK)
    return len(await _halt(db, caller, ids, OPEN, RunStatus.CANCELLED)) if ids else 0


async def count_open(db: AsyncSession, caller: Caller, wanted: Filter) -> int:
    """How many runs `cancel_some` would end if it were called until nothing is left."""
    return await repository_control.count_open(db, caller.workspace_id, wanted)


async def end_all(db: AsyncSession, caller: Caller, scenario_id: UUID) -> None:
    """End every open run of a scenario that is being deleted."""
    wanted = Filter(scenario_id)
    while await cancel_some(db, caller, wanted):
        pass


async def controls_of(db: AsyncSession, run_ids: Sequence[UUID]) -> dict[UUID, list[RunControl]]:
    """What people did to these runs, oldest first. Give it only ids of runs the caller may see."""
    return await repository_control.controls(db, run_ids)


async def patiently(db: AsyncSession, change: Callable[[], Awaitable[T]]) -> T:
    """Do it again when it stood in the way of a worker's transaction: both take the same locks."""
    for left in reversed(range(_TRIES)):
        try:
            async with db.begin_nested():
                return await change()
        except DBAPIError as error:
            if left == 0 or getattr(error.orig, "sqlstate", "") not in _COLLISIONS:
                raise
    raise AssertionError("unreachable")  # pragma: no cover


async def _halt_one(
    db: AsyncSession, caller: Caller, run_id: UUID, wanted: Sequence[RunStatus], to: RunStatus
) -> RunHead:
    await _find(db, caller, run_id)
    halted = await _halt(db, caller, [run_id], wanted, to)
    head = await _find(db, caller, run_id)
    if not halted and head.status != to:
        raise refuse("run_over")
    return head


async def _halt(
    db: AsyncSession, caller: Caller, run_ids: Sequence[UUID], wanted: Sequence[RunStatus], to: RunStatus
) -> list[UUID]:
    now = datetime.now(UTC)
    halted = await patiently(db, lambda: repository_control.halt(db, run_ids, wanted, to, now))
    if halted:
        await _note(db, caller, halted, to)
        announce(db, RunsHalted(tuple(halted)))
        one = halted[0] if len(halted) == 1 else None
        await record(db, caller, f"run_{to}", subject_id=one, runs=len(halted))
        if to is RunStatus.CANCELLED:
            next_ones = await repository_limits.leave(db, halted)
            if next_ones:
                announce(db, RunsReady(tuple(next_ones)))
            await _follow_calls(db, caller, halted)
    return halted


async def _follow_calls(db: AsyncSession, caller: Caller, ended: Sequence[UUID]) -> None:
    """What a cancelled run called and waits for is cancelled too; who waits for it learns of its end."""
    called = await repository_calls.called_by(db, ended, OPEN)
    if called:
        await _halt(db, caller, called, OPEN, RunStatus.CANCELLED)
    woken = await repository_calls.wake_callers(db, ended)
    if woken:
        announce(db, RunsReady(tuple(woken)))


async def _note(db: AsyncSession, caller: Caller, run_ids: Sequence[UUID], action: str) -> None:
    await repository_control.note(
        db,
        run_ids,
        workspace_id=caller.workspace_id,
        action=action,
        user_id=caller.user_id,
        key_name=caller.api_key_name,
        at=datetime.now(UTC),
    )


async def _find(db: AsyncSession, caller: Caller, run_id: UUID) -> RunHead:
    head = await repository.run(db, caller.workspace_id, run_id)
    if head is None:
        raise refuse("run_not_found", "id")
    return head
