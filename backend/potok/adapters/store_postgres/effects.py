"""The ledger of outward effects: intents before, receipts after."""

from collections.abc import Sequence

from potok.adapters.store_postgres.connection import Connection
from potok.engine.ports import Checkpoint

_INTEND = """-- intent
INSERT INTO effect (key, workspace_id, run_id, node_id, node_type, preview, state, attempts, intended_at)
SELECT i.key, i.workspace_id, i.run_id, i.node_id, i.node_type, i.preview, 'intended', i.attempts, now()
FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::int[])
  AS i(key, workspace_id, run_id, node_id, node_type, preview, attempts)
ON CONFLICT (run_id, key) DO UPDATE
SET state = 'intended', attempts = excluded.attempts, preview = excluded.preview, settled_at = NULL,
    answer = NULL, port = NULL
"""
_SETTLE = """-- receipt
UPDATE effect e SET state = i.state, receipt = i.receipt::json, settled_at = now()
FROM unnest($1::text[], $2::text[], $3::text[], $4::bool[]) AS i(key, state, receipt, leftover)
WHERE e.run_id = split_part(i.key, ':', 1)::uuid AND e.key = i.key AND e.run_id BETWEEN $5 AND $6
  AND (NOT i.leftover OR e.state IN ('intended', 'retrying'))
"""


async def intend(connection: Connection, checkpoints: Sequence[Checkpoint]) -> None:
    """Write down what is about to happen."""
    rows = [(made, intent) for made in checkpoints for intent in made.intents]
    if rows:
        await connection.execute(
            _INTEND,
            [intent.key for _, intent in rows],
            [made.workspace_id for made, _ in rows],
            [made.run_id for made, _ in rows],
            [intent.node_id for _, intent in rows],
            [intent.node_type for _, intent in rows],
            [intent.preview for _, intent in rows],
            [intent.attempt for _, intent in rows],
        )


async def settle(connection: Connection, checkpoints: Sequence[Checkpoint]) -> None:
    """Write down what became of it."""
    rows = [receipt for made in checkpoints for receipt in made.receipts]
    if rows:
        runs = [made.run_id for made in checkpoints if made.receipts]
        await connection.execute(
            _SETTLE,
            [receipt.key for receipt in rows],
            [receipt.state for receipt in rows],
            [None if receipt.receipt is None else receipt.receipt.decode() for receipt in rows],
            [receipt.leftover for receipt in rows],
            min(runs),
            max(runs),
        )
