"""Which version an event starts: looked up by hook address or scenario, cached for a second, dropped on change."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Generic, TypeVar
from uuid import UUID

import asyncpg
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col

from potok.engine.ports import StoreUnavailable
from potok.graph.explain import StartCondition
from potok.graph.model import Graph, Node
from potok.graph.problems import Types
from potok.scenarios.models import Hook, Scenario, ScenarioVersion
from potok.sdk.node import NodeType

FRESH = 1.0
"""Seconds a looked-up answer counts."""
MOST = 10_000
_AWAY = (
    SQLAlchemyError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server ended the connection while a statement was being prepared
    OSError,
    TimeoutError,
)

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Target:
    """What an event of one trigger would start. Without `version_id` nothing is published (with this trigger)."""

    workspace_id: UUID
    scenario_id: UUID
    node_id: str
    enabled: bool
    version_id: UUID | None = None
    type: NodeType | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    """The trigger's validated parameters; defaults where the stored ones do not fit."""
    is_off: bool = False
    """The trigger itself is switched off in the published version."""
    start_if: StartCondition | None = None

    @property
    def stopped_by(self) -> str:
        """Why nothing would start, whatever the event brings; empty when it would."""
        if self.version_id is None:
            return "trigger_disabled" if self.is_off else "not_published"
        return "" if self.enabled else "scenario_disabled"


def settings_of(found: NodeType | None, node: Node) -> Mapping[str, Any]:
    """The trigger's validated parameters; defaults where the stored ones do not fit."""
    if found is None:
        return {}
    try:
        return found.input.model_validate(node.params).__dict__
    except ValidationError:
        fields = found.input.model_fields
        return {name: one.get_default(call_default_factory=True) for name, one in fields.items()}


class Cache(Generic[K, V]):
    """Remembers answers for a moment; those who ask at the same time share one look-up."""

    def __init__(self, load: Callable[[K], Awaitable[V]]) -> None:
        self._load = load
        self._known: dict[K, tuple[float, V]] = {}
        self._asking: dict[K, asyncio.Future[V]] = {}

    async def get(self, key: K) -> V:
        """The answer, at most a second old."""
        known = self._known.get(key)
        if known is not None and known[0] > monotonic():
            return known[1]
        asking = self._asking.get(key)
        if asking is None:
            asking = self._asking[key] = asyncio.ensure_future(self._ask(key))
            asking.add_done_callback(
                lambda done: self._asking.pop(key, None) if self._asking.get(key) is done else None
            )
        return await asyncio.shield(asking)

    async def _ask(self, key: K) -> V:
        answer = await self._load(key)
        if self._asking.get(key) is asyncio.current_task():  # else it was dropped meanwhile
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[key] = (monotonic() + FRESH, answer)
        return answer

    def drop(self, stale: Callable[[V], bool]) -> None:
        """Forget answers, and do not trust those on their way."""
        self._asking.clear()
        for key in [key for key, (_, answer) in self._known.items() if stale(answer)]:
            del self._known[key]


@asynccontextmanager
async def connecting(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection for looking things up. Raises StoreUnavailable."""
    try:
        async with engine.connect() as connection:
            yield connection
    except _AWAY as error:
        raise StoreUnavailable(f"{type(error).__name__}: {error}") from error


class Dispatcher:
    """Answers what a hook address or a schedule would start now."""

    def __init__(self, engine: AsyncEngine, types: Types) -> None:
        self._engine = engine
        self._types = types
        self._hooks: Cache[str, Target | None] = Cache(self._load_hook)
        self._graphs: dict[UUID, Graph] = {}

    async def hook(self, token: str) -> Target | None:
        """The target of a hook address, None when there is no such address. Raises StoreUnavailable."""
        return await self._hooks.get(token)

    async def trigger(self, scenario_id: UUID, node_id: str) -> Target | None:
        """What this trigger of a scenario would start, read afresh; None when the scenario is gone.

        Raises StoreUnavailable.
        """
        query = select(
            col(Scenario.workspace_id), col(Scenario.enabled), col(Scenario.published_version_id)
        ).where(col(Scenario.id) == scenario_id)
        async with connecting(self._engine) as connection:
            row = (await connection.execute(query)).one_or_none()
            if row is None:
                return None
            return await self._target(connection, row[0], scenario_id, node_id, row[1], row[2])

    def drop(self, scenario_id: UUID) -> None:
        """The scenario has changed."""
        self._hooks.drop(lambda target: target is None or target.scenario_id == scenario_id)

    async def _load_hook(self, token: str) -> Target | None:
        query = (
            select(
                col(Hook.workspace_id),
                col(Hook.scenario_id),
                col(Hook.node_id),
                col(Scenario.enabled),
                col(Scenario.published_version_id),
            )
            .join(Scenario, col(Scenario.id) == col(Hook.scenario_id))
            .where(col(Hook.token) == token)
        )
        async with connecting(self._engine) as connection:
            row = (await connection.execute(query)).one_or_none()
            return None if row is None else await self._target(connection, *row)

    async def _target(
        self,
        connection: AsyncConnection,
        workspace: UUID,
        scenario: UUID,
        node_id: str,
        enabled: bool,
        version: UUID | None,
    ) -> Target:
        graph = None if version is None else await self._graph(connection, version)
        node = next((one for one in graph.nodes if one.id == node_id), None) if graph is not None else None
        if node is None or node.disabled:
            return Target(workspace, scenario, node_id, enabled, is_off=node is not None)
        found = self._types.get(node.type)
        given = node.settings.start_if
        start_if = None if given is None else StartCondition(node_id, given)
        return Target(
            workspace, scenario, node_id, enabled, version, found, settings_of(found, node), start_if=start_if
        )

    async def _graph(self, connection: AsyncConnection, version_id: UUID) -> Graph | None:
        """Versions never change, so their graphs are kept."""
        found = self._graphs.get(version_id)
        if found is None:
            query = select(col(ScenarioVersion.graph)).where(col(ScenarioVersion.id) == version_id)
            stored = (await connection.execute(query)).scalar_one_or_none()
            if stored is None:
                return None
            if len(self._graphs) >= MOST // 20:
                self._graphs.clear()
            found = self._graphs[version_id] = Graph.model_validate(stored)
        return found
