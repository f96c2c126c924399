"""`potok key create`: an API key for `Authorization: Bearer`, shown once."""

import asyncio
from typing import Annotated

import typer

from potok.cli.options import Data
from potok.cli.running import running


def create(
    name: Annotated[str, typer.Option(help="What the key is for; shown in the list of keys.")],
    scope: Annotated[str, typer.Option(help="read, work, build or admin.")] = "read",
    data: Data = None,
) -> None:
    """Print a new API key, and nothing else, on standard output. It cannot be shown again."""
    from potok.cli.session import database  # SQLAlchemy: half a second, not for `potok --help`
    from potok.people import service as people

    where = running(data)

    async def work() -> str:
        async with database(where.database_url) as db:
            workspace = await people.only_workspace(db)
            made = await people.create_api_key(db, workspace_id=workspace.id, name=name, scope=scope)
            return made.secret

    typer.echo(asyncio.run(work()))
