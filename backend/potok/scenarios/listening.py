"""Which scenarios a change of a record is for: published, switched on, with a record trigger for that type."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col

from potok.graph.explain import StartCondition
from potok.graph.model import Graph, Node
from potok.graph.problems import Types
from potok.scenarios.dispatch import Cache, Target, connecting, settings_of
from potok.scenarios.models import Scenario, ScenarioVersion

_MOST = 20_000
Listening = Mapping[str, Sequence[Target]]
"""{key of a type of record: the triggers that listen to it}."""


class Listeners:
    """Answers for a workspace, at most a second old; dropped when one of its scenarios changes."""

    def __init__(self, engine: AsyncEngine, types: Types) -> None:
        self._engine = engine
        self._types = types
        self._known: Cache[UUID, Listening] = Cache(self._load)
        self._triggers: dict[UUID, Sequence[Node]] = {}
        """Triggers by version; versions never change."""

    async def of(self, workspace_id: UUID) -> Listening:
        """Who listens. Raises StoreUnavailable."""
        return await self._known.get(workspace_id)

    def drop(self, scenario_id: UUID) -> None:
        """The scenario has changed; which workspace's it is need not be known."""
        self._known.drop(lambda listening: True)

    async def _load(self, workspace_id: UUID) -> Listening:
        query = select(col(Scenario.id), col(Scenario.published_version_id)).where(
            col(Scenario.workspace_id) == workspace_id,
            col(Scenario.enabled),
            col(Scenario.published_version_id).is_not(None),
        )
        async with connecting(self._engine) as connection:
            rows = (await connection.execute(query.order_by(col(Scenario.id)))).all()
            await self._read(connection, [row[1] for row in rows if row[1] is not None])
        found: dict[str, list[Target]] = {}
        for scenario_id, version_id in rows:
            blank = Target(workspace_id, scenario_id, "", True, version_id)
            for key, target in self._targets(blank):
                found.setdefault(key, []).append(target)
        return found

    def _targets(self, blank: Target) -> list[tuple[str, Target]]:
        made = []
        assert blank.version_id is not None
        for node in self._triggers.get(blank.version_id, ()):
            found = self._types.get(node.type)
            if found is None or found.start != "record":
                continue
            settings, given = settings_of(found, node), node.settings.start_if
            start_if = None if given is None else StartCondition(node.id, given)
            target = replace(blank, node_id=node.id, type=found, settings=settings, start_if=start_if)
            made.append((str(settings.get("type") or ""), target))
        return made

    async def _read(self, connection: AsyncConnection, versions: Sequence[UUID]) -> None:
        """The triggers of versions not met yet: every node nothing leads to, whatever its type is today."""
        if len(self._triggers) > _MOST:
            self._triggers.clear()
        new = [one for one in versions if one not in self._triggers]
        if not new:
            return
        query = select(col(ScenarioVersion.id), col(ScenarioVersion.graph)).where(col(ScenarioVersion.id).in_(new))
        for version_id, stored in (await connection.execute(query)).all():
            graph = Graph.model_validate(stored)
            led_to = {edge.target for edge in graph.edges}
            self._triggers[version_id] = [
                node for node in graph.nodes if node.id not in led_to and not node.disabled
            ]
