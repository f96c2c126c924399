"""Hook addresses: made with the first save, so that the builder shows them; kept for as long as the scenario."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.graph.model import Graph
from potok.graph.problems import Types
from potok.people.service import Caller, Permission
from potok.scenarios import repository
from potok.scenarios.documents import starts
from potok.scenarios.models import Hook, Scenario


async def ensure_hooks(db: AsyncSession, scenario: Scenario, graph: Graph, types: Types) -> None:
    """Give every webhook trigger of the graph an address.

    Addresses of removed triggers stay: undo, or restoring a version, brings the trigger back with the address that
    others were given. Until then it answers that nothing is published there.
    """
    now = datetime.now(UTC)
    hooks = [
        Hook(
            token=secrets.token_urlsafe(24),
            workspace_id=scenario.workspace_id,
            scenario_id=scenario.id,
            node_id=node.id,
            created_at=now,
        )
        for node, _ in starts(graph, types, "webhook")
    ]
    await repository.ensure_hooks(db, hooks)


async def hooks_of(db: AsyncSession, caller: Caller, scenario_ids: Sequence[UUID]) -> dict[UUID, list[Hook]]:
    """Addresses by scenario. Who knows one can start runs, so those who may only look see none."""
    if not caller.may(Permission.BUILD):
        return {}
    return await repository.hooks_of(db, caller.workspace_id, scenario_ids)
