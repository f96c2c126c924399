"""The next moment of every schedule trigger of a published graph."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from potok.graph.model import Graph
from potok.graph.problems import Types
from potok.runs.service import Schedule, plan_schedules
from potok.scenarios.documents import starts
from potok.scenarios.models import Scenario


async def plan(db: AsyncSession, scenario: Scenario, graph: Graph, types: Types) -> None:
    """Plan the schedules of the published version from now on; those of earlier versions fall away."""
    assert scenario.published_version_id is not None
    await plan_schedules(
        db,
        workspace_id=scenario.workspace_id,
        scenario_id=scenario.id,
        version_id=scenario.published_version_id,
        schedules=next_moments(graph, types, datetime.now(UTC)),
    )


def next_moments(graph: Graph, types: Types, now: datetime) -> list[Schedule]:
    """One schedule per trigger that will fire again. The graph has no problems, so its parameters are valid."""
    found: list[Schedule] = []
    for node, node_type in starts(graph, types, "schedule"):
        if node_type.next_fire is None:
            continue
        settings = node_type.input.model_validate(node.params)
        moment = node_type.next_fire(settings, now)
        if moment is not None:
            found.append(Schedule(node.id, moment, getattr(settings, "missed", "run_once")))
    return found
