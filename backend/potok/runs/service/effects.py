"""The ledger of outward effects: what was done outside, and a person's answer where a crash hid it."""

from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.announce import announce
from potok.pages import Page, page_of
from potok.people.service import Caller, record
from potok.problems import refuse
from potok.runs import repository_control
from potok.runs.events import RunsReady
from potok.runs.models import Effect, RunStatus
from potok.runs.service.control import patiently

Answer = Literal["sent", "again", "skip"]
_STATES: dict[Answer, str] = {"sent": "done", "again": "retrying", "skip": "skipped"}


async def list_effects(
    db: AsyncSession,
    caller: Caller,
    *,
    run_id: UUID | None,
    state: str | None,
    first: int,
    before: tuple[datetime, str] | None,
) -> Page[Effect]:
    """A page of the workspace's effects, newest first."""
    rows = await repository_control.effects(db, caller.workspace_id, run_id, state, before, first + 1)
    return page_of(rows, first)


async def settle_effect(db: AsyncSession, caller: Caller, key: str, answer: Answer) -> Effect:
    """Say what an unknown outcome came to; the run goes on with it, once. Raises Refused.

    sent: it happened; again: it did not, do it once more; skip: it did not, go on without it.
    """
    return await patiently(db, lambda: _settle(db, caller, key, answer))


async def _settle(db: AsyncSession, caller: Caller, key: str, answer: Answer) -> Effect:
    effect = await repository_control.effect(db, caller.workspace_id, key)
    if effect is None:
        raise refuse("effect_not_found", "key")
    if effect.state != "unknown":
        if effect.answer == answer:
            return effect
        raise refuse("effect_settled")
    if answer == "again" and await repository_control.is_over(db, effect.run_id):
        raise refuse("effect_run_over")
    now = datetime.now(UTC)
    effect.state, effect.answer, effect.answered_by, effect.settled_at = (
        _STATES[answer],
        answer,
        caller.user_id,
        now,
    )
    await db.flush()
    await repository_control.note(
        db,
        [effect.run_id],
        workspace_id=caller.workspace_id,
        action=f"answered:{answer}",
        user_id=caller.user_id,
        key_name=caller.api_key_name,
        at=now,
    )
    if await repository_control.go_on(db, effect.run_id, RunStatus.UNKNOWN):
        announce(db, RunsReady((effect.run_id,)))
    await record(db, caller, "effect_answered", subject_id=effect.run_id, key=key, answer=answer)
    return effect
