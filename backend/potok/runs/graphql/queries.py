"""What may be asked about runs, and their progress as it happens."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime

import strawberry
from graphql import GraphQLError

from potok.gql import Info, query, read_id, subscription
from potok.pages import page_size, read_id_cursor
from potok.people.service import Permission
from potok.problems import refuse
from potok.runs import live, service
from potok.runs.graphql.loops import StepCounts, live_counts
from potok.runs.graphql.types import Run, RunConnection, StepStatus, runs_of
from potok.runs.models import RunStatus
from potok.scenarios.service import all_ids, find_scenario

BATCH = 25
PAUSE = 0.1
"""A watcher gets at most BATCH changes per PAUSE seconds: no screen shows more, and the process has work to do."""


@strawberry.type
class StepProgress:
    """Where one node is."""

    node_id: strawberry.ID
    status: StepStatus
    port: str | None
    counts: StepCounts | None


@strawberry.type
class RunProgress:
    """How far a run is."""

    run_id: strawberry.ID
    status: RunStatus
    version_number: int
    created_at: datetime
    steps: list[StepProgress]


@strawberry.type
class RunsQuery:
    """Root fields of the runs room."""

    @query(Permission.SEE)
    async def runs(
        self,
        info: Info,
        scenario_id: strawberry.ID | None = None,
        statuses: list[RunStatus] | None = None,
        first: int = 50,
        after: str | None = None,
    ) -> RunConnection:
        """The history, newest first, of one scenario or of all, in any or some states."""
        before, who = read_id_cursor(after), info.context.who
        wanted = read_id(scenario_id) if scenario_id else None
        async with info.context.db() as db:
            if scenario_id and wanted is None:
                raise refuse("scenario_not_found", "scenarioId")
            page = await service.list_runs(
                db,
                who,
                scenario_ids=[wanted] if wanted else await all_ids(db, who),
                one_scenario=wanted,
                statuses=statuses or [],
                first=page_size(first),
                before=before,
            )
        return runs_of(page)

    @query(Permission.SEE)
    async def run(self, info: Info, id: strawberry.ID) -> Run | None:
        """One run; null when there is no such run here."""
        run_id = read_id(id)
        if run_id is None:
            return None
        async with info.context.db() as db:
            head = await service.find_run(db, info.context.who, run_id)
        return None if head is None else Run(row=head)


@strawberry.type
class RunsSubscription:
    """Live news of the runs room."""

    @subscription(Permission.SEE)
    async def run_progress(self, info: Info, scenario_id: strawberry.ID) -> AsyncGenerator[RunProgress, None]:
        """Every run of the scenario as it goes on; it begins with those under way."""
        request = info.context
        wanted = read_id(scenario_id)
        async with request.db() as db:
            found = await find_scenario(db, request.who, wanted) if wanted else None
        if found is None:
            problem = refuse("scenario_not_found").problems[0]
            raise GraphQLError(problem.words(request.locale).message, extensions={"code": problem.code})
        with request.live.watch(found.id) as mailbox:
            while True:
                news = await mailbox.take(BATCH)
                if not await request.still_welcome():
                    return
                for progress in news:
                    yield _progress(progress)
                await asyncio.sleep(PAUSE)


def _progress(progress: live.Progress) -> RunProgress:
    return RunProgress(
        run_id=strawberry.ID(str(progress.run_id)),
        status=RunStatus(progress.status),
        version_number=progress.version,
        created_at=progress.created_at,
        steps=[
            StepProgress(
                node_id=strawberry.ID(step.node_id),
                status=StepStatus(step.status),
                port=step.port,
                counts=live_counts(step.counts),
            )
            for step in progress.steps
        ],
    )
