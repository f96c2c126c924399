"""Events as the schema shows them: what happened, what it started, and why it did not start the rest."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from potok.gql import Info, PageInfo, batched, query, read_id
from potok.graph.rule_words import rules_of, stop_words
from potok.pages import cursor, page_size, read_id_cursor
from potok.people.service import Permission
from potok.problems import refuse
from potok.records.service.seeing import shown_event
from potok.runs import repository, repository_events, service
from potok.runs.graphql.causes import title_in
from potok.runs.graphql.ledger import name_of
from potok.runs.graphql.rules import RuleResult, shown_rules
from potok.runs.models_considered import EventRepeat
from potok.runs.repository import EventHead, RunHead
from potok.scenarios import service as scenarios
from potok.scenarios.graphql.versions import title_of

if TYPE_CHECKING:
    from potok.runs.graphql.types import Run

LazyRun = Annotated["Run", strawberry.lazy("potok.runs.graphql.types")]


@strawberry.enum
class EventKind(Enum):
    """What kind of thing happened."""

    WEBHOOK = "webhook"
    MANUAL = "manual"
    SCHEDULE = "schedule"
    CALL = "call"
    RECORD = "record"


@strawberry.enum
class EventOutcome(Enum):
    """STARTED: it started runs; STOPPED: a scenario it was meant for was not started; DUPLICATE: it came again."""

    STARTED = "started"
    STOPPED = "stopped"
    DUPLICATE = "duplicate"


@strawberry.type
class ConsideredScenario:
    """A scenario an event was meant for: the run it started, or why it started none, in the reader's language."""

    entry: strawberry.Private[Mapping[str, Any]]
    head: strawberry.Private[RunHead | None]

    @strawberry.field
    def scenario_id(self) -> strawberry.ID:
        """Its id; it may have been deleted since."""
        return strawberry.ID(str(self.entry.get("scenario_id", "")))

    @strawberry.field
    async def scenario_title(self, info: Info) -> str:
        """Its present title; empty when it was deleted."""
        found = read_id(str(self.entry.get("scenario_id", "")))
        return await title_of(info, found) if found else ""

    @strawberry.field
    def node_id(self) -> strawberry.ID:
        """Its trigger."""
        return strawberry.ID(str(self.entry.get("node_id", "")))

    @strawberry.field
    async def step_title(self, info: Info) -> str:
        """The trigger's title in the version that ran, else in the one published now; else empty."""
        node_id, scenario = str(self.entry.get("node_id", "")), read_id(str(self.entry.get("scenario_id", "")))
        version = self.head.version_id if self.head else await _published(info, scenario) if scenario else None
        title = await title_in(info, version, node_id) if version else ""
        return "" if title == node_id else title

    @strawberry.field
    def run(self) -> LazyRun | None:
        """The run it started."""
        return None if self.head is None else _run(self.head)

    @strawberry.field
    def code(self) -> str:
        """Why nothing was started, for programs; empty when a run was."""
        return str(self.entry.get("stopped_by", ""))

    @strawberry.field
    def reason(self, info: Info) -> str:
        """Why nothing was started; empty when a run was."""
        return stop_words(self.entry, info.context.locale).message if "stopped_by" in self.entry else ""

    @strawberry.field
    def fix(self, info: Info) -> str:
        """What to do about it."""
        return stop_words(self.entry, info.context.locale).fix if "stopped_by" in self.entry else ""

    @strawberry.field
    def rules(self, info: Info) -> list[RuleResult]:
        """The rules of the start condition that did not hold, with the values found."""
        return shown_rules(info, rules_of(self.entry))

    @strawberry.field
    def times(self) -> int:
        """How many requests or moments it stands for."""
        times = self.entry.get("times", 1)
        return times if isinstance(times, int) else 1


@strawberry.type
class Event:
    """Something that happened."""

    row: strawberry.Private[EventHead]

    @strawberry.field
    def id(self) -> strawberry.ID:
        """The event's id."""
        return strawberry.ID(str(self.row.id))

    @strawberry.field
    def kind(self) -> str:
        """webhook, manual, schedule or call."""
        return self.row.kind

    @strawberry.field
    def source(self, info: Info) -> str:
        """Where it came from, if known. A hook's address is shown to those who may build."""
        hidden = self.row.kind == "webhook" and not info.context.who.may(Permission.BUILD)
        return "" if hidden else self.row.source

    @strawberry.field
    async def by(self, info: Info) -> str:
        """Who started it by hand: a person or an API key; else empty."""
        if self.row.kind != "manual":
            return ""
        person = read_id(self.row.source)
        return await name_of(info, person) or "" if person else self.row.source

    @strawberry.field
    def created_at(self) -> datetime:
        """When it was accepted."""
        return self.row.created_at

    @strawberry.field
    async def payload(self, info: Info) -> JSON | None:
        """What came with it; of a record without the fields the reader must not see."""
        found = await payload_of(info, self.row.id)
        if self.row.kind == "record":
            async with info.context.db() as db:
                found = await shown_event(db, info.context.who, found)
        return None if found is None else JSON(found)

    @strawberry.field
    async def runs(self, info: Info) -> list[LazyRun]:
        """The runs it started."""
        return [_run(head) for head in await _runs_of(info, self.row.id)]

    @strawberry.field
    async def considered(self, info: Info) -> list[ConsideredScenario]:
        """Every scenario it was meant for."""
        heads = await _runs_of(info, self.row.id)
        by_id = {str(head.id): head for head in heads}
        entries = [one for one in await _considered_of(info, self.row.id) or [] if isinstance(one, dict)]
        if not entries:  # a call: its run is all there is
            entries = [{"scenario_id": str(head.scenario_id), "node_id": head.entry_node} for head in heads]
            by_place = {str(head.scenario_id): head for head in heads}
            return [ConsideredScenario(entry=one, head=by_place[one["scenario_id"]]) for one in entries]
        return [ConsideredScenario(entry=one, head=by_id.get(str(one.get("run_id", "")))) for one in entries]

    @strawberry.field
    async def outcome(self, info: Info) -> EventOutcome:
        """Whether it started anything."""
        return EventOutcome.STARTED if await _runs_of(info, self.row.id) else EventOutcome.STOPPED

    @strawberry.field
    async def repeats(self, info: Info) -> int:
        """How often it was delivered again; a repeat starts nothing."""
        found = await _repeat_of(info, self.row.id)
        return 0 if found is None else found.times

    @strawberry.field
    async def repeated_at(self, info: Info) -> datetime | None:
        """When it was delivered again last."""
        found = await _repeat_of(info, self.row.id)
        return None if found is None else found.last_at


@strawberry.type
class EventConnection:
    """A page of events, newest first. Filtered by kind or text it may be short and still have a next one."""

    nodes: list[Event]
    page_info: PageInfo


@strawberry.input
class EventFilter:
    """Which events; `text` is looked for in their data."""

    scenario_id: strawberry.ID | None = None
    kind: EventKind | None = None
    outcome: EventOutcome | None = None
    text: str | None = None
    from_: datetime | None = strawberry.field(default=None, name="from")
    to: datetime | None = None


@strawberry.type
class EventsQuery:
    """What happened."""

    @query(Permission.SEE)
    async def events(
        self, info: Info, filter: EventFilter | None = None, first: int = 50, after: str | None = None
    ) -> EventConnection:
        """Events, newest first: what came in, what it started, and why not."""
        asked, before = _question(filter or EventFilter()), read_id_cursor(after)
        async with info.context.db() as db:
            page = await service.list_events(db, info.context.who, asked, first=page_size(first), before=before)
        end = cursor(str(page.end)) if page.end else None
        return EventConnection(
            nodes=[Event(row=row) for row in page.rows],
            page_info=PageInfo(end_cursor=end, has_next_page=page.has_next),
        )

    @query(Permission.SEE)
    async def event(self, info: Info, id: strawberry.ID) -> Event | None:
        """One event; null when there is no such event here."""
        event_id = read_id(id)
        if event_id is None:
            return None
        async with info.context.db() as db:
            head = await service.find_event(db, info.context.who, event_id)
        return None if head is None else Event(row=head)


def _question(given: EventFilter) -> service.EventQuestion:
    scenario_id = read_id(given.scenario_id) if given.scenario_id else None
    if given.scenario_id and scenario_id is None:
        raise refuse("scenario_not_found", "filter", "scenarioId")
    return service.EventQuestion(
        scenario_id,
        given.kind.value if given.kind else None,
        given.outcome.value if given.outcome else None,
        (given.text or "").strip()[:_LONGEST].replace("\0", ""),
        given.from_,
        given.to,
    )


_LONGEST = 200
"""Characters looked for."""


def _run(head: RunHead) -> "Run":
    from potok.runs.graphql.types import Run  # here, as runs show their event, and events their runs

    return Run(row=head)


async def payload_of(info: Info, event_id: UUID) -> Any:
    """An event's payload, batched."""

    async def load(ids: list[UUID]) -> dict[UUID, Any]:
        async with info.context.db() as db:
            return await repository.payloads(db, info.context.who.workspace_id, ids)

    return await batched(info, "payloads", load).load(event_id)


async def _considered_of(info: Info, event_id: UUID) -> Any:
    async def load(ids: list[UUID]) -> dict[UUID, Any]:
        async with info.context.db() as db:
            return await repository_events.considered(db, info.context.who.workspace_id, ids)

    return await batched(info, "considered", load).load(event_id)


async def _runs_of(info: Info, event_id: UUID) -> list[RunHead]:
    async def load(ids: list[UUID]) -> dict[UUID, list[RunHead]]:
        async with info.context.db() as db:
            return await repository_events.runs(db, info.context.who.workspace_id, ids)

    return await batched(info, "runs_of_events", load).load(event_id) or []


async def _repeat_of(info: Info, event_id: UUID) -> EventRepeat | None:
    async def load(ids: list[UUID]) -> dict[UUID, EventRepeat]:
        async with info.context.db() as db:
            return await repository_events.repeats(db, ids)

    return await batched(info, "repeats", load).load(event_id)


async def _published(info: Info, scenario_id: UUID) -> UUID | None:
    async def load(ids: list[UUID]) -> dict[UUID, UUID]:
        async with info.context.db() as db:
            return await scenarios.published_ids(db, info.context.who, ids)

    return await batched(info, "published_ids", load).load(scenario_id)
