"""`potok migrate`: bring a database to this version, for installs that start servers and workers by themselves."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer

from potok.cli.options import Data, Json
from potok.cli.running import running
from potok.cli.say import CliError

if TYPE_CHECKING:
    from potok.standing import Standing

Before = Annotated[
    bool, typer.Option("--before", help="Only what adds: may be done while processes of the version before run.")
]
Status = Annotated[bool, typer.Option("--status", help="Change nothing; print what is pending, with its half.")]

_STATES = {
    "current": "Nothing is pending.",
    "after_pending": "This version works on it. Apply the rest with `potok migrate` when no older process runs.",
    "ahead": "A newer Potok added to it; this version works on it.",
    "behind": "This version does not work on it yet.",
    "too_new": "A newer Potok changed it; this version does not work on it any more.",
}


def migrate(data: Data = None, before: Before = False, status: Status = False, as_json: Json = False) -> None:
    """Bring the database to the newest revision. Safe to run from several machines at once."""
    from potok.migrate import MigrationError, migrate_now, standing  # asyncpg: not for `potok --help`

    url = running(data, need_queue=False).database_url
    try:
        changed = False if status else migrate_now(url, before=before)
    except MigrationError as error:
        raise CliError(str(error)) from None
    found = asyncio.run(standing(url))
    if as_json:
        typer.echo(json.dumps(_report(found, changed=changed), ensure_ascii=False, indent=2))
    elif status:
        _print(found)
    else:
        typer.echo(f"{'Migrated to' if changed else 'Already at'} revision {found.revision}.")
        if found.state in ("after_pending", "ahead"):
            typer.echo(_STATES[found.state])
    if not status and not found.fits:
        raise CliError(
            f"Revision {found.pending[0].id} comes next; it takes away or reshapes what older processes use, and "
            "this version needs what comes behind it.",
            "Upgrade to the version between first, or stop all processes and run `potok migrate`.",
        )


def _report(found: "Standing", *, changed: bool) -> dict[str, object]:
    from potok.migrate import head  # see above

    pending = [{"revision": one.id, "half": one.half, "title": one.title} for one in found.pending]
    return {
        "revision": found.revision,
        "newest": head(),
        "state": found.state,
        "works": found.fits,
        "changed": changed,
        "pending": pending,
    }


def _print(found: "Standing") -> None:
    typer.echo(f"Revision {found.revision or 'none'}. {_STATES[found.state]}")
    for one in found.pending:
        typer.echo(f"  {one.id:<14} {one.half:<7} {one.title}")
