"""Potok's own rows that steps asked for: Outbox messages and notices, each at most once by its effect key."""

from collections.abc import Sequence
from uuid import UUID

from uuid_utils.compat import uuid7

from potok.adapters.store_postgres.connection import Connection
from potok.engine.ports import Checkpoint
from potok.engine.values import to_json
from potok.sdk.staging import NoticeWrite, OutboxWrite

_OUTBOX = """
INSERT INTO outbox_message (id, workspace_id, channel, recipients, subject, body, state, run_id, scenario_id,
                            node_id, effect_key, created_at)
SELECT i.id, i.workspace_id, i.channel, i.recipients::json, i.subject, i.body, 'held', i.run_id, i.scenario_id,
       i.node_id, i.effect_key, now()
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::uuid[],
            $9::text[], $10::text[])
  AS i(id, workspace_id, channel, recipients, subject, body, run_id, scenario_id, node_id, effect_key)
ON CONFLICT (effect_key) DO NOTHING
"""
_NOTICES = """
INSERT INTO notice (id, workspace_id, user_id, title, body, run_id, scenario_id, effect_key, created_at)
SELECT i.id, i.workspace_id, i.user_id, i.title, i.body, i.run_id, i.scenario_id, i.effect_key, now()
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::text[])
  AS i(id, workspace_id, user_id, title, body, run_id, scenario_id, effect_key)
ON CONFLICT (effect_key) DO NOTHING
"""


async def write(connection: Connection, checkpoints: Sequence[Checkpoint]) -> None:
    """Insert what is new."""
    rows = [(made, *item) for made in checkpoints for item in made.staged]
    letters = [(made, key, node, item) for made, key, node, item in rows if isinstance(item, OutboxWrite)]
    if letters:
        await connection.execute(
            _OUTBOX,
            [uuid7() for _ in letters],
            [made.workspace_id for made, *_ in letters],
            [item.channel for *_, item in letters],
            [to_json(list(item.recipients)).decode() for *_, item in letters],
            [item.subject for *_, item in letters],
            [item.body for *_, item in letters],
            [made.run_id for made, *_ in letters],
            [made.scenario_id for made, *_ in letters],
            [node for _, _, node, _ in letters],
            [key for _, key, _, _ in letters],
        )
    lines = [(made, key, item) for made, key, _, item in rows if isinstance(item, NoticeWrite)]
    if lines:
        await connection.execute(
            _NOTICES,
            [uuid7() for _ in lines],
            [made.workspace_id for made, *_ in lines],
            [UUID(item.user_id) if item.user_id else None for *_, item in lines],
            [item.title for *_, item in lines],
            [item.body for *_, item in lines],
            [made.run_id for made, *_ in lines],
            [made.scenario_id for made, *_ in lines],
            [key for _, key, _ in lines],
        )
