"""What an event keeps of each scenario it was meant for: the run it started, or what stopped it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

Entry = dict[str, Any]
"""{scenario_id, node_id} with `run_id`, or with `stopped_by` and what belongs to that reason:
condition: `rules` [{label, op, found, wanted}]; condition_error: `error`, `code`, `params`;
scenario_disabled, not_published, trigger_disabled: `times` when it stands for several requests;
misfire_skipped, misfire_merged: `times`, `first`, `last` of the moments that did not fire."""


def started(scenario_id: UUID, node_id: str, run_id: UUID) -> Entry:
    """It started this run."""
    return {"scenario_id": str(scenario_id), "node_id": node_id, "run_id": str(run_id)}


def stopped(scenario_id: UUID, node_id: str, reason: str | Mapping[str, Any], **more: Any) -> Entry:
    """It started nothing; `reason` is a code or what a condition says of itself."""
    said = {"stopped_by": reason} if isinstance(reason, str) else reason
    return {"scenario_id": str(scenario_id), "node_id": node_id, **said, **more}
