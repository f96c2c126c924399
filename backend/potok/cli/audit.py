"""`potok audit verify`: whether anybody has touched the audit log."""

import asyncio
import json
from typing import Annotated

import typer

from potok.cli.options import Data, Json
from potok.cli.running import running
from potok.cli.say import CliError


def verify(
    expect: Annotated[
        str, typer.Option(help="NUMBER:HASH printed by an earlier check, which must still be in the log.")
    ] = "",
    as_json: Json = False,
    data: Data = None,
) -> None:
    """Check the chain of every workspace's log. Keep the last hash elsewhere: it alone shows a cut-off end."""
    from potok.cli.session import database  # SQLAlchemy: half a second, not for `potok --help`
    from potok.people import service as people

    where = running(data, need_queue=False)

    async def work() -> tuple[list[people.Chain], bool]:
        async with database(where.database_url) as db:
            return await people.verify(db), not expect or await people.holds(db, expect)

    chains, held = asyncio.run(work())
    if as_json:
        shown = [
            {"workspace": one.workspace, "entries": one.entries, "head": one.head, "broken_at": one.broken_at}
            for one in chains
        ]
        typer.echo(json.dumps({"chains": shown, "expected_found": held}, ensure_ascii=False))
    else:
        for one in chains:
            state = "unbroken" if one.broken_at is None else f"BROKEN at entry {one.broken_at}"
            typer.echo(
                f"{one.workspace or one.workspace_id}: {one.entries} entries, {state}, {one.entries}:{one.head}"
            )
        if not chains:
            typer.echo("The audit log is empty.")
    broken = [one for one in chains if one.broken_at is not None]
    if broken or not held:
        what = (
            "An entry of the audit log was changed, removed or added." if broken else "The expected entry is gone."
        )
        raise CliError(what, "Compare with a backup; whoever may write to the database may have done it.")
