"""`potok setup`: the first owner from the command line, instead of the setup link."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from potok.cli.options import Data
from potok.cli.running import running
from potok.cli.say import CliError, locale


def setup(
    email: Annotated[str, typer.Option(help="The owner's e-mail, which is the name to sign in with.")],
    password_file: Annotated[
        Path, typer.Option(help="File with the password, so that it shows in no list of processes; - reads stdin.")
    ],
    name: Annotated[str, typer.Option(help="The owner's name.")] = "",
    workspace: Annotated[str, typer.Option(help="Name of the workspace.")] = "",
    time_zone: Annotated[str, typer.Option(help="Time zone of the workspace, such as Europe/Moscow.")] = "UTC",
    data: Data = None,
) -> None:
    """Create the owner of a fresh Potok."""
    from potok.cli.session import database  # SQLAlchemy: half a second, not for `potok --help`
    from potok.people import service as people

    password = _password(password_file)
    where = running(data)

    async def work() -> str:
        async with database(where.database_url) as db:
            made = await people.setup_headless(
                db,
                email=email,
                password=password,
                name=name,
                workspace_name=workspace,
                locale=locale(),
                time_zone=time_zone,
            )
            return made.name

    typer.echo(f"{email} now owns the workspace “{asyncio.run(work())}”. Sign in: {where.url}/")


def _password(path: Path) -> str:
    try:
        text = typer.get_text_stream("stdin").read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CliError(f"The password file {path} cannot be read: {error}.", code=2) from None
    return text.rstrip("\r\n")
