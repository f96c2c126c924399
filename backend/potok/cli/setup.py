"""`potok setup`: the first owner from the command line, instead of the setup link."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from potok.cli.options import Data
from potok.cli.running import Running, running
from potok.cli.say import CliError, locale


def setup(
    email: Annotated[str, typer.Option(help="The owner's e-mail, which is the name to sign in with.")] = "",
    password_file: Annotated[
        Path | None,
        typer.Option(help="File with the password, so that it shows in no list of processes; - reads stdin."),
    ] = None,
    name: Annotated[str, typer.Option(help="The owner's name.")] = "",
    workspace: Annotated[str, typer.Option(help="Name of the workspace.")] = "",
    time_zone: Annotated[str, typer.Option(help="Time zone of the workspace, such as Europe/Moscow.")] = "UTC",
    link: Annotated[bool, typer.Option("--link", help="Print a new one-time setup link instead.")] = False,
    data: Data = None,
) -> None:
    """Create the owner of a fresh Potok: with --email and --password-file, or in the browser with --link."""
    from potok.cli.session import database  # SQLAlchemy: half a second, not for `potok --help`
    from potok.people import service as people

    where = running(data)
    if link:
        typer.echo(f"{where.url}/setup?token={asyncio.run(_token(where))}")
        return
    if not email or password_file is None:
        raise CliError("Say who the owner is.", "Give --email and --password-file, or --link.", code=2)
    password = _password(password_file)

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


async def _token(where: Running) -> str:
    from potok.cli.session import database  # see setup
    from potok.people import service as people

    async with database(where.database_url) as db:
        return await people.issue_setup_token(db)


def _password(path: Path) -> str:
    try:
        text = typer.get_text_stream("stdin").read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CliError(f"The password file {path} cannot be read: {error}.", code=2) from None
    return text.rstrip("\r\n")
