"""Publishing: the draft becomes an immutable version that events start from now on."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from potok.announce import announce
from potok.graph.problems import Types
from potok.graph.upgrade import migrate_graph
from potok.graph.validate import validate
from potok.people.service import Caller, record
from potok.problems import Refused, refuse
from potok.scenarios import repository
from potok.scenarios.documents import load_graph, stored
from potok.scenarios.events import ScenarioChanged
from potok.scenarios.models import Scenario, ScenarioVersion
from potok.scenarios.service.drafts import check_revision
from potok.scenarios.service.hooks import ensure_hooks
from potok.scenarios.service.read import get_scenario
from potok.scenarios.service.schedules import plan

MAX_NOTE = 2_000


async def publish_scenario(
    db: AsyncSession, caller: Caller, types: Types, scenario_id: UUID, *, revision: int, note: str = ""
) -> Scenario:
    """Freeze the draft with today's versions of its node types. Raises Conflict, or Refused with all problems.

    When nothing has changed since the last version, that one stays the published version.
    """
    if len(note) > MAX_NOTE:
        raise refuse("note_long", "note", max=MAX_NOTE)
    scenario = await get_scenario(db, caller, scenario_id, lock=True)
    check_revision(scenario, revision)
    graph, unmigrated = migrate_graph(load_graph(scenario.draft), types)
    problems = [*unmigrated, *validate(graph, types)]
    if any(problem.severity == "error" for problem in problems):
        raise Refused(*problems)
    frozen = stored(graph)
    current = await _published(db, scenario)
    if current is not None and current.graph == frozen:
        return scenario
    now = datetime.now(UTC)
    version = ScenarioVersion(
        id=uuid7(),
        workspace_id=scenario.workspace_id,
        scenario_id=scenario.id,
        number=await repository.next_number(db, scenario.id),
        graph=frozen,
        note=note.strip(),
        published_by=caller.user_id,
        published_at=now,
    )
    await repository.add(db, version)
    scenario.published_version_id = version.id
    scenario.updated_at = now
    await repository.add(db, scenario)
    await ensure_hooks(db, scenario, graph, types)
    if scenario.enabled:
        await plan(db, scenario, graph, types)
    announce(db, ScenarioChanged(scenario.id))
    said = {"version": version.number, "note": version.note}
    await record(db, caller, "scenario_published", subject_id=scenario.id, subject=scenario.title, **said)
    return scenario


async def _published(db: AsyncSession, scenario: Scenario) -> ScenarioVersion | None:
    if scenario.published_version_id is None:
        return None
    return await repository.version(db, scenario.workspace_id, scenario.published_version_id)
