"""The checkpoint that ends a run which cannot be run."""

from time import time
from uuid import UUID

from potok.engine.errors import make_error
from potok.engine.ports import Checkpoint, ClaimedRun, Json, Receipt
from potok.engine.program import Program
from potok.engine.values import to_json

ACCUSED = 1000
"""Attempts of a run that is known to have stopped a worker: one was enough."""


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
        receipts=[_unheard(run, entry) for entry in _under_way(run.journal)] if code else (),
    )


def gave_up(run: ClaimedRun, program: Program | None) -> Checkpoint:
    """The end of a run that stopped its worker again and again: the step that was under way is named, and failed.

    Of several at once nobody knows which it was: the first is named, `details` list them.
    """
    loops = {step.id for step in program.steps if step.control} if program is not None else set()
    suspects = [entry for entry in _under_way(run.journal) if entry["n"] not in loops]
    attempts = 1 if run.attempts > ACCUSED else run.attempts - 1
    made = ended(run, "crashed_repeatedly", attempts=attempts)
    if suspects:
        names = ", ".join(dict.fromkeys(entry["n"] for entry in suspects))
        details = f"under way: {names}" if len(suspects) > 1 else ""
        error = make_error("crashed_repeatedly", suspects[0]["n"], details=details, params={"attempts": attempts})
        now = int(time() * 1000)
        over = [entry | {"s": "failed", "e": error, "t1": now} for entry in suspects]
        made.error, made.entries = to_json(error), to_json(over)
    return made


def _under_way(journal: list[Json]) -> list[Json]:
    """The newest entries of steps that were at work."""
    newest = {(entry["n"], *entry.get("x", ()), entry.get("it")): entry for entry in journal}
    return [entry for entry in newest.values() if entry["s"] == "running"]


def _unheard(run: ClaimedRun, entry: Json) -> Receipt:
    """If the step acts outside: nobody knows whether it did."""
    item = ".".join(map(str, entry.get("x", ()))) or "0"
    return Receipt(f"{run.run_id}:{entry['n']}:{item}", "unknown", leftover=True)


NONE = Checkpoint(UUID(int=0), 0, UUID(int=0), UUID(int=0), keep=False, status="")
"""Stands where there is nothing to end."""
