"""Timers as the schema shows them: what comes next, what fired, what was missed or taken back, and why."""

from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry

from potok.gql import Info, PageInfo, batched, query, read_id
from potok.pages import cursor, page_size, read_cursor
from potok.people.service import Permission
from potok.problems import refuse
from potok.runs import models, service
from potok.runs.graphql.causes import title_in
from potok.scenarios.graphql.versions import enabled_of, title_of
from potok.words import say


@strawberry.enum
class TimerState(Enum):
    """What became of a timer."""

    PLANNED = "planned"
    FIRED = "fired"
    MISSED = "missed"
    CANCELLED = "cancelled"


@strawberry.enum
class TimerKind(Enum):
    """What a timer does: start a run, end a wait, try a step again, end a run, or let it go on in its turn."""

    SCHEDULE = "schedule"
    WAIT = "wait"
    RETRY = "retry"
    DEADLINE = "deadline"
    LIMIT = "limit"


@strawberry.type
class Timer:
    """A moment at which something happens by itself."""

    row: strawberry.Private[models.Timer]

    @strawberry.field
    def id(self) -> strawberry.ID:
        """The timer's id."""
        return strawberry.ID(str(self.row.id))

    @strawberry.field
    def kind(self) -> TimerKind:
        """What it does."""
        return TimerKind(self.row.kind)

    @strawberry.field
    def state(self) -> TimerState:
        """What became of it."""
        return TimerState(self.row.state)

    @strawberry.field
    def fire_at(self) -> datetime:
        """Its moment."""
        return self.row.fire_at

    @strawberry.field
    def fired_at(self) -> datetime | None:
        """When it was really taken."""
        return self.row.fired_at

    @strawberry.field
    def scenario_id(self) -> strawberry.ID:
        """Its scenario."""
        return strawberry.ID(str(self.row.scenario_id))

    @strawberry.field
    async def scenario_title(self, info: Info) -> str:
        """The scenario's present title."""
        return await title_of(info, self.row.scenario_id)

    @strawberry.field
    async def scenario_enabled(self, info: Info) -> bool:
        """Whether events start the scenario now. Runs under way go on either way."""
        return await enabled_of(info, self.row.scenario_id)

    @strawberry.field
    def run_id(self) -> strawberry.ID | None:
        """The run that waits for it; null for a schedule."""
        return strawberry.ID(str(self.row.run_id)) if self.row.run_id else None

    @strawberry.field
    def node_id(self) -> strawberry.ID:
        """The step that waits or starts."""
        return strawberry.ID(self.row.node_id)

    @strawberry.field
    async def step_title(self, info: Info) -> str:
        """That step's title; empty for the time limit of a whole run."""
        if not self.row.node_id:
            return ""
        version_id = self.row.version_id or await _version_of(info, self.row.run_id)
        return await title_in(info, version_id, self.row.node_id) if version_id else ""

    @strawberry.field
    def reason(self, info: Info) -> str:
        """Why it did not fire or was moved, in the reader's language; else empty."""
        code = _REASONS.get(self.row.reason)
        return self.row.reason if code is None else say(code, info.context.locale).message


async def _version_of(info: Info, run_id: UUID | None) -> UUID | None:
    """The version a run goes by, batched: timers of runs do not repeat it."""

    async def load(ids: list[UUID]) -> dict[UUID, UUID]:
        async with info.context.db() as db:
            return await service.versions_of(db, info.context.who, ids)

    return None if run_id is None else await batched(info, "run_versions", load).load(run_id)


_REASONS = {
    "replaced": "timer_replaced",
    "disabled": "timer_disabled",
    "scenario_disabled": "timer_scenario_disabled",
    "deleted": "timer_deleted",
    "not_published": "timer_not_published",
    "unknown_node_type": "timer_unknown_node_type",
    "late": "timer_late",
    "merged": "timer_merged",
    "and_more": "timer_and_more",
    "day_off": "timer_day_off",
    "moved_to_working_day": "timer_moved_to_working_day",
    "calendar_changed": "timer_calendar_changed",
    "run_paused": "timer_run_paused",
    "run_cancelled": "timer_run_cancelled",
    "run_finished": "timer_run_finished",
    "wait_over": "timer_wait_over",
}
"""Others are what a faulty plugin said, shown as it is."""


@strawberry.type
class TimerConnection:
    """A page of timers."""

    nodes: list[Timer]
    page_info: PageInfo


@strawberry.type
class TimersQuery:
    """The calendar."""

    @query(Permission.SEE)
    async def timers(
        self,
        info: Info,
        state: TimerState = TimerState.PLANNED,
        scenario_id: strawberry.ID | None = None,
        kinds: list[TimerKind] | None = None,
        first: int = 50,
        after: str | None = None,
    ) -> TimerConnection:
        """Planned timers from the next one on; fired, missed and cancelled ones from the latest one back."""
        wanted = read_id(scenario_id) if scenario_id else None
        if scenario_id and wanted is None:
            raise refuse("scenario_not_found", "scenarioId")
        async with info.context.db() as db:
            page = await service.list_timers(
                db,
                info.context.who,
                state=state.value,
                scenario_id=wanted,
                first=page_size(first),
                after=_place(after),
                kinds=[kind.value for kind in kinds or []],
            )
        end = cursor(page.rows[-1].fire_at.isoformat(), str(page.rows[-1].id)) if page.rows else None
        return TimerConnection(
            nodes=[Timer(row=row) for row in page.rows],
            page_info=PageInfo(end_cursor=end, has_next_page=page.has_next),
        )


def _place(after: str | None) -> tuple[datetime, UUID] | None:
    if after is None:
        return None
    moment, timer_id = read_cursor(after, 2)
    try:
        return datetime.fromisoformat(moment), UUID(timer_id)
    except ValueError:
        raise refuse("cursor_invalid", "after") from None
