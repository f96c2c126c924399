"""The next moment of every schedule trigger of a published graph."""

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.calendars.read import hold_almanac
from potok.engine.firing import minds_days_off, next_firing
from potok.graph.almanac import Almanac
from potok.graph.model import Graph
from potok.graph.problems import Types
from potok.people.service import Caller
from potok.runs.service import Schedule, plan_schedules, replan_schedule
from potok.scenarios import repository
from potok.scenarios.documents import load_graph, starts
from potok.scenarios.models import Scenario


async def plan(db: AsyncSession, scenario: Scenario, graph: Graph, types: Types) -> None:
    """Plan the schedules of the published version from now on; those of earlier versions fall away."""
    assert scenario.published_version_id is not None
    almanac = await hold_almanac(db, scenario.workspace_id)
    await plan_schedules(
        db,
        workspace_id=scenario.workspace_id,
        scenario_id=scenario.id,
        version_id=scenario.published_version_id,
        schedules=next_moments(graph, types, datetime.now(UTC), almanac),
    )


def next_moments(
    graph: Graph, types: Types, now: datetime, almanac: Almanac, only: Collection[str] | None = None
) -> list[Schedule]:
    """One schedule per trigger that will fire again. The graph has no problems, so its parameters are valid."""
    found: list[Schedule] = []
    for node, node_type in starts(graph, types, "schedule"):
        if node_type.next_fire is None or (only is not None and node.id not in only):
            continue
        settings, find = node_type.input.model_validate(node.params), node_type.next_fire
        moment, left_out = next_firing(lambda at, f=find, s=settings: f(s, at), settings, now, almanac)  # type: ignore[misc]
        if moment is not None:
            found.append(Schedule(node.id, moment, getattr(settings, "missed", "run_once"), left_out))
    return found


async def replan_schedules(db: AsyncSession, workspace_id: UUID, almanac: Almanac, types: Types) -> None:
    """Schedules that mind days off plan their next moments anew, as the calendars now say."""
    for scenario, stored in await repository.published_with(db, workspace_id, '"days"'):
        if not scenario.enabled or scenario.published_version_id is None:
            continue
        graph = load_graph(stored)
        nodes = [
            node.id
            for node, node_type in starts(graph, types, "schedule")
            if minds_days_off(node_type.input.model_validate(node.params))
        ]
        if nodes:
            await replan_schedule(
                db,
                workspace_id=workspace_id,
                scenario_id=scenario.id,
                version_id=scenario.published_version_id,
                nodes=nodes,
                schedules=next_moments(graph, types, datetime.now(UTC), almanac, nodes),
            )


async def scenarios_naming(db: AsyncSession, caller: Caller, setting: str, value: str) -> list[str]:
    """Titles of published scenarios with a step that has this value in this setting."""
    found = await repository.published_with(db, caller.workspace_id, value)
    return [
        scenario.title
        for scenario, graph in found
        if any(node.get("params", {}).get(setting) == value for node in graph.get("nodes", []))
    ]
