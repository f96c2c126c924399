"""What an editor of formulas must know of the place it stands in: from scenario, runs, catalog and records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from potok.calendars.read import almanac_of
from potok.gql import Info, read_id
from potok.graph.formula_place import FormulaPlace, formula_place
from potok.graph.parse import parse
from potok.people.service import Caller
from potok.problems import Refused, refuse
from potok.records.service.records import seen_web
from potok.runs import service as runs
from potok.runs.graphql.events import payload_of
from potok.runs.models import RunStatus
from potok.runs.service import EventQuestion, RunHead
from potok.scenarios import service as scenarios
from potok.scenarios.models import Scenario
from potok.sdk.node import Kind

_OVER = (RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Desk:
    """The place, where its data come from (`run`, `event` or `samples`) and when, whether it is of records."""

    place: FormulaPlace
    source: str = "samples"
    as_of: datetime | None = None
    records: bool = False


async def desk(info: Info, scenario: str | None, graph: Any, node_id: str, record_type: str) -> Desk:
    """Raises Refused: no such scenario or type here, or a graph that is none."""
    if record_type:
        async with info.context.db() as db:
            web, shape = await seen_web(db, info.context.who, record_type)
        return Desk(FormulaPlace(names=web.scope(shape)), records=True)
    row = await _scenario(info, scenario) if scenario is not None else None
    given = graph if graph is not None else (row.draft if row is not None else {})
    found, problems = parse(given)
    if found is None:
        raise Refused(*problems)
    seen, source, as_of = await _seen(info, row, given) if row is not None else ({}, "samples", None)
    place = formula_place(found, info.context.catalog, node_id, seen)
    if not set(seen) & set(place.known):
        source, as_of = "samples", None
    return Desk(place, source, as_of)


async def _scenario(info: Info, scenario: str) -> Scenario:
    scenario_id = read_id(scenario)
    if scenario_id is None:
        raise refuse("scenario_not_found", "scenarioId")
    async with info.context.db() as db:
        return await scenarios.get_scenario(db, info.context.who, scenario_id)


async def _seen(info: Info, row: Scenario, graph: Any) -> tuple[dict[str, Any], str, datetime | None]:
    """Outputs by step id: of the last run that is over, else what the last event brought its trigger."""
    who: Caller = info.context.who
    async with info.context.db() as db:
        page = await runs.list_runs(
            db, who, scenario_ids=[row.id], one_scenario=row.id, statuses=_OVER, first=1, before=None
        )
    for head in page.rows:
        return await _of_run(info, head), "run", head.created_at
    async with info.context.db() as db:
        events = await runs.list_events(db, who, EventQuestion(scenario_id=row.id), first=1, before=None)
    triggers = [node["id"] for node in _nodes(graph) if _is_trigger(info, node)]
    for event in events.rows:
        if len(triggers) == 1:
            return {triggers[0]: await payload_of(info, event.id)}, "event", event.created_at
    return {}, "samples", None


async def _of_run(info: Info, head: RunHead) -> dict[str, Any]:
    async with info.context.db() as db:
        entries = (await runs.entries_of(db, [head.id])).get(head.id, [])
    steps = runs.steps_of(entries, head.entry_node, await payload_of(info, head.event_id))
    return {step.node_id: step.output for step in steps if step.status == "done"}


def _nodes(graph: Any) -> list[dict[str, Any]]:
    return [node for node in graph.get("nodes", []) if isinstance(node, dict)] if isinstance(graph, dict) else []


def _is_trigger(info: Info, node: Mapping[str, Any]) -> bool:
    found = info.context.catalog.get(str(node.get("type")))
    return found is not None and found.kind is Kind.TRIGGER and not node.get("disabled")


async def clock_of(info: Info) -> tuple[datetime, Any]:
    """The moment as the workspace's walls show it, and its default calendar's answer which dates are worked."""
    async with info.context.db() as db:
        almanac = await almanac_of(db, info.context.who.workspace_id)
    return datetime.now(UTC).astimezone(almanac.zone), almanac.default.is_working_day
