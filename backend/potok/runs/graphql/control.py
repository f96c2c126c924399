"""What may be done to runs under way: pause, resume, cancel, and answer where an outcome is unknown."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from potok.announce import announce, take_announced
from potok.gql import Info, Problem, all_told, mutation, query, read_id
from potok.pages import cursor, page_size, read_cursor
from potok.people.service import Permission
from potok.problems import Refused, refuse
from potok.runs import service
from potok.runs.graphql.ledger import Effect, EffectAnswer, EffectConnection, EffectState, effects_of
from potok.runs.graphql.types import Run
from potok.runs.models import RunStatus
from potok.runs.repository import RunHead
from potok.runs.service import Filter

CALL = 20_000
"""Runs one call of `cancelRuns` ends at most; it says how many are left."""
Change = Callable[[AsyncSession], Awaitable[RunHead]]


@strawberry.type
class RunChangePayload:
    """The run as it is now, or why nothing was done."""

    run: Run | None
    problems: list[Problem]


@strawberry.type
class CancelRunsPayload:
    """How many runs were ended, and how many the filter still meets."""

    cancelled: int
    left: int
    problems: list[Problem]


@strawberry.type
class SettleEffectPayload:
    """The effect with its answer, or why it was not taken."""

    effect: Effect | None
    problems: list[Problem]


@strawberry.input
class OpenRuns:
    """Runs that have not ended: of one scenario or all, in some states or any, begun before a moment or ever."""

    scenario_id: strawberry.ID | None = None
    statuses: list[RunStatus] | None = None
    before: datetime | None = None


@strawberry.type
class ControlQuery:
    """What is under way, and what was done outside."""

    @query(Permission.SEE)
    async def open_run_count(self, info: Info, filter: OpenRuns) -> int:
        """How many runs `cancelRuns` with this filter would end."""
        async with info.context.db() as db:
            return await service.count_open(db, info.context.who, _filter(filter))

    @query(Permission.SEE)
    async def effects(
        self,
        info: Info,
        run_id: strawberry.ID | None = None,
        state: EffectState | None = None,
        first: int = 50,
        after: str | None = None,
    ) -> EffectConnection:
        """The ledger of outward effects, newest first: of one run or all, in one state or any."""
        wanted = read_id(run_id) if run_id else None
        if run_id and wanted is None:
            raise refuse("run_not_found", "runId")
        async with info.context.db() as db:
            page = await service.list_effects(
                db,
                info.context.who,
                run_id=wanted,
                state=state.value if state else None,
                first=page_size(first),
                before=_place(after),
            )
        end = cursor(page.rows[-1].intended_at.isoformat(), page.rows[-1].key) if page.rows else None
        return effects_of(page, end)


@strawberry.type
class ControlMutation:
    """Mutations of the runs room."""

    @mutation(Permission.BUILD)
    async def cancel_run(self, info: Info, id: strawberry.ID) -> RunChangePayload:
        """End a run now, in whatever state it is."""
        return await _change(info, id, service.cancel_run)

    @mutation(Permission.BUILD)
    async def pause_run(self, info: Info, id: strawberry.ID) -> RunChangePayload:
        """Hold a run back exactly where it is."""
        return await _change(info, id, service.pause_run)

    @mutation(Permission.BUILD)
    async def resume_run(self, info: Info, id: strawberry.ID) -> RunChangePayload:
        """Let a paused run go on."""
        return await _change(info, id, service.resume_run)

    @mutation(Permission.BUILD)
    async def cancel_runs(self, info: Info, filter: OpenRuns) -> CancelRunsPayload:
        """End every run the filter meets now; later ones are left alone."""
        request = info.context
        before = min(filter.before or datetime.now(UTC), datetime.now(UTC))
        try:
            wanted = _filter(filter)._replace(before=before)
        except Refused as refused:
            return CancelRunsPayload(cancelled=0, left=0, problems=all_told(refused, request))
        cancelled = 0
        while cancelled < CALL:  # each chunk is a transaction of its own, so that workers never wait long
            async with request.open_session() as db:
                ended = await service.cancel_some(db, request.who, wanted)
                await db.commit()
                events = take_announced(db)
            async with request.db() as own:
                for event in events:
                    announce(own, event)
            cancelled += ended
            if not ended:
                break
        async with request.db() as db:
            left = await service.count_open(db, request.who, wanted)
        return CancelRunsPayload(cancelled=cancelled, left=left, problems=[])

    @mutation(Permission.BUILD)
    async def settle_effect(self, info: Info, key: strawberry.ID, answer: EffectAnswer) -> SettleEffectPayload:
        """Say what an unknown outcome came to; the run goes on with it."""
        request = info.context
        try:
            async with request.change() as db:
                row = await service.settle_effect(db, request.who, key, answer.value)
        except Refused as refused:
            return SettleEffectPayload(effect=None, problems=all_told(refused, request))
        return SettleEffectPayload(effect=Effect(row=row), problems=[])


async def _change(
    info: Info, run_id: strawberry.ID, change: Callable[..., Awaitable[RunHead]]
) -> RunChangePayload:
    request = info.context
    try:
        wanted = read_id(run_id)
        if wanted is None:
            raise refuse("run_not_found", "id")
        async with request.change() as db:
            head = await change(db, request.who, wanted)
    except Refused as refused:
        return RunChangePayload(run=None, problems=all_told(refused, request))
    return RunChangePayload(run=Run(row=head), problems=[])


def _filter(given: OpenRuns) -> Filter:
    scenario_id = read_id(given.scenario_id) if given.scenario_id else None
    if given.scenario_id and scenario_id is None:
        raise refuse("scenario_not_found", "filter", "scenarioId")
    return Filter(scenario_id, tuple(given.statuses or ()), given.before)


def _place(after: str | None) -> tuple[datetime, str] | None:
    if after is None:
        return None
    moment, key = read_cursor(after, 2)
    try:
        return datetime.fromisoformat(moment), key
    except ValueError:
        raise refuse("cursor_invalid", "after") from None
