"""Switching a scenario on and off, and deleting it."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.announce import announce
from potok.graph.problems import Types
from potok.people.service import Caller, record
from potok.problems import refuse
from potok.runs.service import cancel_runs, cancel_schedules
from potok.scenarios import repository
from potok.scenarios.documents import load_graph
from potok.scenarios.events import ScenarioChanged
from potok.scenarios.models import Scenario
from potok.scenarios.service.read import get_scenario
from potok.scenarios.service.schedules import plan

MEGABYTE = 1024 * 1024


async def set_enabled(
    db: AsyncSession, caller: Caller, types: Types, scenario_id: UUID, *, enabled: bool
) -> Scenario:
    """Switch it: off, nothing starts it, and runs under way go on; on, its schedules count from now."""
    scenario = await get_scenario(db, caller, scenario_id, lock=True)
    if scenario.enabled == enabled:
        return scenario
    scenario.enabled = enabled
    scenario.updated_at = datetime.now(UTC)
    await repository.add(db, scenario)
    if not enabled:
        await cancel_schedules(db, scenario.id, "disabled")
    elif scenario.published_version_id is not None:
        version = await repository.version(db, scenario.workspace_id, scenario.published_version_id)
        assert version is not None
        await plan(db, scenario, load_graph(version.graph), types)
    announce(db, ScenarioChanged(scenario.id))
    action = "scenario_enabled" if enabled else "scenario_disabled"
    await record(db, caller, action, subject_id=scenario.id, subject=scenario.title)
    return scenario


async def set_budget(db: AsyncSession, caller: Caller, scenario_id: UUID, *, megabytes: int | None) -> Scenario:
    """How much disk its large values may take; None: as the installation's settings say. Raises Refused."""
    if megabytes is not None and megabytes < 0:
        raise refuse("budget_negative", "megabytes")
    scenario = await get_scenario(db, caller, scenario_id, lock=True)
    scenario.byte_budget = None if megabytes is None else megabytes * MEGABYTE
    await repository.add(db, scenario)
    await record(db, caller, "scenario_budget_set", subject_id=scenario.id, subject=scenario.title)
    return scenario


async def delete_scenario(db: AsyncSession, caller: Caller, scenario_id: UUID) -> None:
    """Take it away: its addresses die and open runs end as cancelled. The history of its runs stays."""
    scenario = await get_scenario(db, caller, scenario_id, lock=True)
    scenario.deleted_at = datetime.now(UTC)
    scenario.enabled = False
    scenario.published_version_id = None
    await repository.add(db, scenario)
    await repository.delete_hooks(db, scenario.id)
    await cancel_runs(db, caller, scenario.id, "deleted")
    announce(db, ScenarioChanged(scenario.id))
    await record(db, caller, "scenario_deleted", subject_id=scenario.id, subject=scenario.title)
