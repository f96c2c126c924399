"""Loops of a run as the schema shows them: how many items stand how, and which steps are done for each."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import strawberry

from potok.gql import Info
from potok.graph.blocks import LOOP_PORT, bodies
from potok.graph.model import Graph
from potok.runs import service
from potok.runs.service import Bodies


@strawberry.type
class StepCounts:
    """Of a loop: its items. Of a step inside a loop: the items that came to it.

    `running`: how many are under way; null in live progress, where only the run's journal could tell.
    """

    items: int
    done: int
    failed: int
    running: int | None


def counts_shown(counts: service.ItemCounts | None) -> StepCounts | None:
    """Counts of the journal."""
    if counts is None:
        return None
    return StepCounts(items=counts.items, done=counts.done, failed=counts.failed, running=counts.running)


def live_counts(counts: tuple[int, int, int] | None) -> StepCounts | None:
    """Counts of a live message: how many items there are, are over, and failed."""
    if counts is None:
        return None
    items, over, failed = counts
    return StepCounts(items=items, done=over - failed, failed=failed, running=None)


def bodies_in(info: Info, graph: Mapping[str, Any]) -> Bodies:
    """Loop -> the nodes done for each of its items."""
    types = info.context.catalog
    loops = {}
    for node in graph.get("nodes", []):
        known = types.get(node["type"])
        if known is not None and known.control == "loop":
            loops[node["id"]] = LOOP_PORT
    if not loops:
        return {}
    return {loop: frozenset(body) for loop, body in bodies(Graph.model_validate(graph), loops).items()}


async def inside_of(info: Info, run_id: UUID, found: Bodies) -> list[service.Step]:
    """What happened inside the loops of a run."""
    if not found:
        return []
    async with info.context.db() as db:
        return (await service.inside_of(db, [run_id], found))[run_id]


def leading_in(graph: Mapping[str, Any]) -> dict[str, list[str]]:
    """Node -> the nodes with a wire to it, in the order of the graph."""
    found: dict[str, list[str]] = {node["id"]: [] for node in graph.get("nodes", [])}
    for edge in graph.get("edges", []):
        found.setdefault(edge["target"], []).append(edge["source"])
    return found
