"""The history: pages of runs, one run, and what a list of scenarios says about runs."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.pages import Page, page_of
from potok.people.service import Caller
from potok.runs import repository, tally
from potok.runs.models import RunStatus
from potok.runs.repository import RunHead
from potok.runs.tally import Counts

RunPage = Page[RunHead]


async def list_runs(
    db: AsyncSession,
    caller: Caller,
    *,
    scenario_ids: Sequence[UUID],
    one_scenario: UUID | None,
    statuses: Sequence[RunStatus],
    first: int,
    before: UUID | None,
) -> RunPage:
    """A page of runs, newest first. `scenario_ids`: all scenarios of the workspace, looked through by state."""
    limit = first + 1
    if not statuses or set(statuses) == set(RunStatus):
        rows = await repository.page(db, caller.workspace_id, one_scenario, before, limit)
    else:
        wanted = [one_scenario] if one_scenario else scenario_ids
        rows = await repository.page_by_status(db, caller.workspace_id, wanted, statuses, before, limit)
    return page_of(rows, first)


async def find_run(db: AsyncSession, caller: Caller, run_id: UUID) -> RunHead | None:
    """One run; None when the caller's workspace has no such run."""
    return await repository.run(db, caller.workspace_id, run_id)


async def versions_of(db: AsyncSession, caller: Caller, run_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The version each of these runs goes by."""
    return await repository.versions_of(db, caller.workspace_id, run_ids)


async def last_runs(db: AsyncSession, caller: Caller, scenario_ids: Sequence[UUID]) -> dict[UUID, RunHead]:
    """The newest run of each scenario."""
    return await repository.newest_of(db, caller.workspace_id, scenario_ids)


async def newest_runs(db: AsyncSession, workspace_id: UUID, scenario_ids: Sequence[UUID]) -> list[UUID]:
    """The newest run of each of these scenarios, oldest first."""
    return sorted(head.id for head in (await repository.newest_of(db, workspace_id, scenario_ids)).values())


async def counts_of(db: AsyncSession, scenario_ids: Sequence[UUID]) -> dict[UUID, Counts]:
    """How many runs ended well, ended badly, are open. Give it only ids of scenarios the caller may see."""
    return await tally.counts_of(db, scenario_ids)


async def fold_counts(db: AsyncSession) -> int:
    """Bring the kept counts up to date, so that reading them stays cheap; call it about each second."""
    return await tally.fold(db)
