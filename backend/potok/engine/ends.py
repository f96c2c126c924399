"""The checkpoint that ends a run which cannot be run."""

from uuid import UUID

from potok.engine.errors import make_error
from potok.engine.ports import Checkpoint, ClaimedRun
from potok.engine.values import to_json


def ended(run: ClaimedRun, code: str, details: str = "", **params: object) -> Checkpoint:
    """The end of a run that cannot go on; without a code it only leaves the work table (it is final already)."""
    error = to_json(make_error(code, run.entry_node, details=details, params=params)) if code else None
    return Checkpoint(
        run_id=run.run_id,
        claim=run.claim,
        workspace_id=run.workspace_id,
        scenario_id=run.scenario_id,
        keep=False,
        status="failed" if code else run.status,
        seq=run.segments,
        error=error,
        finished=bool(code),
        had_waits=True,
        limited=True,
        had_large=run.needs is not None,
        listens=(),
    )


NONE = Checkpoint(UUID(int=0), 0, UUID(int=0), UUID(int=0), keep=False, status="")
"""Stands where there is nothing to end."""
