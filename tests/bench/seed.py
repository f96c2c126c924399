"""Rows a benchmark or a crash test starts from: a workspace, a published scenario, its hook."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from uuid_utils.compat import uuid7

PURE_GRAPH: dict[str, Any] = {
    "format": "potok/1",
    "title": "Bench",
    "nodes": [
        {"id": "hook", "type": "webhook.received", "params": {}},
        {
            "id": "big",
            "type": "logic.if",
            "params": {
                "conditions": {
                    "match": "all",
                    "rules": [{"left": {"$ref": ["hook", "body", "amount"]}, "op": "gt", "right": 1000}],
                }
            },
        },
        {
            "id": "fields",
            "type": "data.set_fields",
            "params": {
                "fields": [
                    {"name": "name", "value": {"$ref": ["hook", "body", "name"]}},
                    {"name": "amount", "value": {"$ref": ["hook", "body", "amount"]}},
                ]
            },
        },
        {
            "id": "letter",
            "type": "data.text",
            "params": {"text": {"$text": ["Hello ", {"$ref": ["fields", "name"]}, ", thank you for your order."]}},
        },
    ],
    "edges": [
        {"source": "hook", "port": "out", "target": "big"},
        {"source": "big", "port": "true", "target": "fields"},
        {"source": "fields", "port": "out", "target": "letter"},
    ],
}
"""webhook -> if -> set fields -> text: four nodes without effects."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was made."""

    workspace_id: UUID
    scenario_id: UUID
    version_id: UUID
    token: str


async def seed(database_url: str, graph: dict[str, Any], *, enabled: bool = True, token: str = "") -> Seeded:
    """Publish the graph in a workspace of its own; its first node is the trigger."""
    made = Seeded(uuid7(), uuid7(), uuid7(), token or f"test-{uuid7().hex}")
    connection = await asyncpg.connect(database_url)
    try:
        async with connection.transaction():
            await connection.execute(
                "INSERT INTO workspace (id, name, time_zone, created_at) VALUES ($1, 'Test', 'UTC', now())",
                made.workspace_id,
            )
            await _publish(connection, graph, made, enabled)
            await connection.execute(
                "INSERT INTO hook (token, workspace_id, scenario_id, node_id, created_at)"
                " VALUES ($1, $2, $3, $4, now())",
                made.token,
                made.workspace_id,
                made.scenario_id,
                graph["nodes"][0]["id"],
            )
    finally:
        await connection.close()
    return made


async def seed_beside(database_url: str, place: Seeded, graph: dict[str, Any], scenario_id: UUID) -> None:
    """Publish one more scenario in the same workspace: one that others call, so it has no hook."""
    connection = await asyncpg.connect(database_url)
    try:
        async with connection.transaction():
            await _publish(connection, graph, Seeded(place.workspace_id, scenario_id, uuid7(), ""), True)
    finally:
        await connection.close()


async def _publish(
    connection: "asyncpg.Connection[asyncpg.Record]", graph: dict[str, Any], made: Seeded, enabled: bool
) -> None:
    text = orjson.dumps(graph).decode()
    await connection.execute(
        "INSERT INTO scenario (id, workspace_id, title, enabled, draft, draft_revision, created_at, updated_at)"
        " VALUES ($1, $2, 'Test', $3, $4, 1, now(), now())",
        made.scenario_id,
        made.workspace_id,
        enabled,
        text,
    )
    await connection.execute(
        "INSERT INTO scenario_version (id, workspace_id, scenario_id, number, graph, note, published_at)"
        " VALUES ($1, $2, $3, 1, $4, '', now())",
        made.version_id,
        made.workspace_id,
        made.scenario_id,
        text,
    )
    await connection.execute(
        "UPDATE scenario SET published_version_id = $1 WHERE id = $2", made.version_id, made.scenario_id
    )
