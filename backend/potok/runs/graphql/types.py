"""Runs, steps and events as the schema shows them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from potok.gql import Info, PageInfo, batched
from potok.pages import Page, cursor, page_size, read_id_cursor
from potok.runs import models, repository, service
from potok.runs.graphql.causes import RunCause, cause_of, title_in
from potok.runs.graphql.events import Event, payload_of
from potok.runs.graphql.ledger import name_of
from potok.runs.graphql.loops import StepCounts, bodies_in, counts_shown, inside_of, leading_in
from potok.runs.graphql.rules import RuleResult, explained
from potok.runs.models import RunStatus
from potok.runs.repository import EventHead, RunHead
from potok.runs.tally import Counts
from potok.scenarios.graphql.versions import ScenarioVersion, graph_of, title_of, version_of

strawberry.enum(RunStatus)


@strawberry.enum
class StepStatus(Enum):
    """Where a step is."""

    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


@strawberry.type
class RunError:
    """What went wrong and how to mend it, in the reader's language."""

    code: str
    message: str
    fix: str
    node_id: strawberry.ID | None
    field: str | None
    details: str


@strawberry.type
class Step:
    """One node's execution inside a run."""

    node_id: strawberry.ID
    node_type: str
    title: str
    status: StepStatus
    port: str | None
    attempt: int
    input: JSON | None
    output: JSON | None
    error: RunError | None
    started_at: datetime | None
    finished_at: datetime | None
    waits_until: datetime | None
    explains: list[RuleResult]
    """For a condition: the rules that decided its way."""
    counts: StepCounts | None
    """Of a loop and of the steps inside one."""
    called_run_id: strawberry.ID | None
    """The run it called."""
    undoing: bool
    """It undid what another step had done, after the run had failed."""
    shortened: bool
    """Only the beginning of its lists is shown; `stepItems` has every item."""


@strawberry.type
class UndoneStep:
    """A step whose undoing is over. With an error it could not be undone."""

    node_id: strawberry.ID
    title: str
    error: RunError | None


@strawberry.type
class RunControl:
    """Something a person or program did to a run."""

    row: strawberry.Private[models.RunControl]

    @strawberry.field
    def action(self) -> str:
        """paused, resumed, cancelled, or answered:sent, answered:again, answered:skip."""
        return self.row.action

    @strawberry.field
    def at(self) -> datetime:
        """When."""
        return self.row.at

    @strawberry.field
    async def by(self, info: Info) -> str:
        """The person's name, or the API key's."""
        return await name_of(info, self.row.user_id) or self.row.key_name or ""


@strawberry.type
class Run:
    """One execution of one version for one event."""

    row: strawberry.Private[RunHead]

    @strawberry.field
    def id(self) -> strawberry.ID:
        """The run's id."""
        return strawberry.ID(str(self.row.id))

    @strawberry.field
    def status(self) -> RunStatus:
        """Where it is."""
        return RunStatus(self.row.status)

    @strawberry.field
    def scenario_id(self) -> strawberry.ID:
        """Its scenario, which may have been deleted since."""
        return strawberry.ID(str(self.row.scenario_id))

    @strawberry.field
    async def scenario_title(self, info: Info) -> str:
        """The scenario's present title."""
        return await title_of(info, self.row.scenario_id)

    @strawberry.field
    async def version(self, info: Info) -> ScenarioVersion:
        """The version it runs, for life."""
        return await version_of(info, self.row.version_id)

    @strawberry.field
    async def event(self, info: Info) -> Event:
        """What started it."""

        async def load(ids: list[UUID]) -> dict[UUID, EventHead]:
            async with info.context.db() as db:
                return await repository.events(db, info.context.who.workspace_id, ids)

        head = await batched(info, "events", load).load(self.row.event_id)
        assert head is not None  # written in one transaction with the run
        return Event(row=head)

    @strawberry.field
    def end_name(self) -> str | None:
        """The named end it reached."""
        return self.row.end_name

    @strawberry.field
    async def result(self, info: Info) -> JSON | None:
        """What a "stop" step gave as the result."""

        async def load(ids: list[UUID]) -> dict[UUID, Any]:
            async with info.context.db() as db:
                return await repository.results(db, info.context.who.workspace_id, ids)

        return _json(await batched(info, "results", load).load(self.row.id))

    @strawberry.field
    async def error(self, info: Info) -> RunError | None:
        """Why it failed."""
        error = self.row.error
        if not error:
            return None
        return _error(info, error, _type_in(await graph_of(info, self.row.version_id), error.get("node_id")))

    @strawberry.field
    def created_at(self) -> datetime:
        """When its event was accepted."""
        return self.row.created_at

    @strawberry.field
    def started_at(self) -> datetime | None:
        """When a worker took it first."""
        return self.row.started_at

    @strawberry.field
    def finished_at(self) -> datetime | None:
        """When it ended."""
        return self.row.finished_at

    @strawberry.field
    async def waits_for(self, info: Info) -> RunCause | None:
        """Why it does not go on right now; null while it goes on and when it has ended."""
        return await cause_of(info, self.row)

    @strawberry.field
    async def controls(self, info: Info) -> list[RunControl]:
        """Who paused, resumed or cancelled it, or answered for an effect; oldest first."""

        async def load(ids: list[UUID]) -> dict[UUID, list[models.RunControl]]:
            async with info.context.db() as db:
                return await service.controls_of(db, ids)

        rows = await batched(info, "controls", load).load(self.row.id)
        return [RunControl(row=row) for row in rows or []]

    @strawberry.field
    async def steps(self, info: Info) -> list[Step]:
        """What each node did so far, in the order they began; of the items of loops only their counts."""
        entries = await _entries_of(info, self.row.id)
        if not entries:
            return []
        payload = await payload_of(info, self.row.event_id)
        graph = await graph_of(info, self.row.version_id)
        nodes = {node["id"]: node for node in _nodes(graph)}
        inside = await inside_of(info, self.row.id, bodies_in(info, graph))
        steps = service.steps_of(entries, self.row.entry_node, payload, inside)
        return [step_shown(info, one, nodes) for one in service.in_place(steps, leading_in(graph))]

    @strawberry.field
    async def undone(self, info: Info) -> list[UndoneStep]:
        """After it had failed: the steps that were undone or could not be, in that order."""
        found = service.undone_of(await _entries_of(info, self.row.id))
        graph = await graph_of(info, self.row.version_id) if found else {}
        types = {str(node["id"]): str(node["type"]) for node in _nodes(graph)}
        return [
            UndoneStep(
                node_id=strawberry.ID(one.node_id),
                title=await title_in(info, self.row.version_id, one.node_id),
                error=_error(info, one.error, types.get(one.node_id, "")) if one.error else None,
            )
            for one in found
        ]

    @strawberry.field
    async def called_by(self, info: Info) -> Annotated["Run", strawberry.lazy(".types")] | None:
        """The run whose step called it."""
        async with info.context.db() as db:
            head = await service.caller_of(db, info.context.who, self.row.id)
        return None if head is None else Run(row=head)

    @strawberry.field
    async def calls(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> Annotated["RunConnection", strawberry.lazy(".types")]:
        """The runs its steps called, the newest first."""
        async with info.context.db() as db:
            page = await service.called_by(
                db, info.context.who, self.row.id, first=page_size(first), before=read_id_cursor(after)
            )
        return runs_of(page)


@strawberry.type
class RunConnection:
    """A page of runs, newest first."""

    nodes: list[Run]
    page_info: PageInfo


@strawberry.type
class RunCounts:
    """How many runs ended well, ended badly, and are under way."""

    succeeded: int
    failed: int
    open: int


def runs_of(page: Page[RunHead]) -> RunConnection:
    """A page as shown."""
    end = cursor(str(page.rows[-1].id)) if page.rows else None
    return RunConnection(
        nodes=[Run(row=row) for row in page.rows], page_info=PageInfo(end_cursor=end, has_next_page=page.has_next)
    )


async def counts_of(info: Info, scenario_id: UUID) -> RunCounts:
    """A scenario's counts, batched."""

    async def load(ids: list[UUID]) -> dict[UUID, Counts]:
        async with info.context.db() as db:
            return await service.counts_of(db, ids)

    counts = await batched(info, "run_counts", load).load(scenario_id) or Counts()
    return RunCounts(succeeded=counts.succeeded, failed=counts.failed, open=counts.open)


async def last_run_of(info: Info, scenario_id: UUID) -> Run | None:
    """A scenario's newest run, batched."""

    async def load(ids: list[UUID]) -> dict[UUID, RunHead]:
        async with info.context.db() as db:
            return await service.last_runs(db, info.context.who, ids)

    head = await batched(info, "last_runs", load).load(scenario_id)
    return None if head is None else Run(row=head)


def _json(value: Any) -> JSON | None:
    return None if value is None else JSON(value)


def _nodes(graph: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(graph.get("nodes", []))


def _type_in(graph: Mapping[str, Any], node_id: str | None) -> str:
    return next((str(node["type"]) for node in _nodes(graph) if node["id"] == node_id), "")


async def _entries_of(info: Info, run_id: UUID) -> list[dict[str, Any]]:
    """A run's journal without the items of its loops, batched."""

    async def load(ids: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
        async with info.context.db() as db:
            return await service.entries_of(db, ids)

    return await batched(info, "journals", load).load(run_id) or []


def step_shown(info: Info, step: service.Step, nodes: Mapping[str, Mapping[str, Any]]) -> Step:
    """A step as shown. Inside loops the journal leaves its type out: the graph has it."""
    node = nodes.get(step.node_id)
    if not step.node_type and node is not None:
        step = replace(step, node_type=node["type"])
    return _step(info, step, node)


def _step(info: Info, step: service.Step, node: Mapping[str, Any] | None) -> Step:
    title = (node or {}).get("title") or info.context.catalog.type_title(step.node_type, info.context.locale)
    return Step(
        node_id=strawberry.ID(step.node_id),
        node_type=step.node_type,
        title=title,
        status=StepStatus(step.status),
        port=step.port,
        attempt=step.attempt,
        input=_json(step.input),
        output=_json(step.output),
        error=_error(info, step.error, step.node_type) if step.error else None,
        started_at=step.started_at,
        finished_at=step.finished_at,
        waits_until=step.waits_until,
        explains=explained(info, step.node_type, node, step.input) if step.status == "done" else [],
        counts=counts_shown(step.counts),
        called_run_id=strawberry.ID(step.called_run) if step.called_run else None,
        undoing=step.undoing,
        shortened=step.shortened,
    )


def _error(info: Info, error: Mapping[str, Any], node_type: str) -> RunError:
    said = info.context.catalog.localize_error(error, info.context.locale, node_type)
    return RunError(
        code=str(said.get("code", "")),
        message=str(said.get("message", "")),
        fix=str(said.get("fix", "")),
        node_id=strawberry.ID(said["node_id"]) if said.get("node_id") else None,
        field=said.get("field") or None,
        details=str(said.get("details", "")),
    )
