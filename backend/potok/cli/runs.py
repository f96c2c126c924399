"""`potok runs list`: the history for scripts."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from potok.cli.options import Data, Json
from potok.cli.running import running
from potok.cli.say import CliError
from potok.cli.scenario import identifier, in_transaction

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from potok.people.service import Caller


def list_(
    scenario: Annotated[str | None, typer.Option(help="Only runs of this scenario.")] = None,
    status: Annotated[
        list[str] | None, typer.Option(help="Only runs in this state; may be given several times.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many, newest first.")] = 50,
    as_json: Json = False,
    data: Data = None,
) -> None:
    """List runs, newest first."""
    from potok.runs import service as runs  # SQLAlchemy: half a second, not for `potok --help`
    from potok.runs.models import RunStatus
    from potok.scenarios import service as scenarios

    wanted = identifier(scenario) if scenario else None
    known = [state.value for state in RunStatus]
    if unknown := [name for name in status or [] if name not in known]:
        raise CliError(f"Unknown state {unknown[0]}.", f"Known: {', '.join(known)}.", code=2)

    async def work(db: "AsyncSession", caller: "Caller") -> list[dict[str, Any]]:
        if wanted is not None:
            await scenarios.get_scenario(db, caller, wanted)
        page = await runs.list_runs(
            db,
            caller,
            scenario_ids=await scenarios.all_ids(db, caller),
            one_scenario=wanted,
            statuses=[RunStatus(name) for name in status or []],
            first=limit,
            before=None,
        )
        return [
            {
                "id": str(run.id),
                "scenario_id": str(run.scenario_id),
                "event_id": str(run.event_id),
                "status": str(run.status),
                "end_name": run.end_name,
                "error": run.error,
                "steps": run.steps,
                "created_at": _iso(run.created_at),
                "started_at": _iso(run.started_at),
                "finished_at": _iso(run.finished_at),
            }
            for run in page.rows
        ]

    found = in_transaction(running(data), work)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for run in found:
        error = f"  {run['error'].get('message', '')}" if isinstance(run["error"], dict) else ""
        typer.echo(f"{run['created_at']}  {run['id']}  {run['status']}{error}")


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
