"""Runs that call runs: who called one, and whom it called."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.pages import Page, page_of
from potok.people.service import Caller
from potok.runs import repository
from potok.runs.repository import RunHead


async def caller_of(db: AsyncSession, caller: Caller, run_id: UUID) -> RunHead | None:
    """The run whose step started this one; None for a run that something else started."""
    return await repository.caller_of(db, caller.workspace_id, run_id)


async def called_by(
    db: AsyncSession, caller: Caller, run_id: UUID, *, first: int, before: UUID | None
) -> Page[RunHead]:
    """A page of the runs that steps of this one started, the newest first."""
    return page_of(await repository.called_by(db, caller.workspace_id, run_id, before, first + 1), first)
