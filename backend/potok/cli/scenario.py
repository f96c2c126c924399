"""`potok scenario`: scenarios as readable text, in and out, byte for byte."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from uuid import UUID

import typer

from potok.cli.options import Data, Json, settings
from potok.cli.running import Running, running
from potok.cli.say import CliError

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from potok.people.service import Caller

Result = TypeVar("Result")


def import_(
    file: Annotated[Path, typer.Argument(help="The scenario's text; - reads standard input.")],
    publish: Annotated[bool, typer.Option("--publish", help="Publish it at once.")] = False,
    as_json: Json = False,
    data: Data = None,
) -> None:
    """Make a scenario from its text and print its id and hook addresses."""
    from potok.registry import load  # plugins and services load here: `potok --help` needs neither
    from potok.scenarios import service as scenarios

    text = _read(file)
    where = running(data)
    types = load(settings(data=data).plugins).catalog

    async def work(db: "AsyncSession", caller: "Caller") -> dict[str, Any]:
        made = await scenarios.import_text(db, caller, types, text)
        if publish:
            made = await scenarios.publish_scenario(db, caller, types, made.id, revision=made.draft_revision)
        hooks = (await scenarios.hooks_of(db, caller, [made.id])).get(made.id, [])
        return {
            "id": str(made.id),
            "title": made.title,
            "published": made.published_version_id is not None,
            "enabled": made.enabled,
            "url": f"{where.url}/scenarios/{made.id}",
            "hooks": [{"node_id": hook.node_id, "url": f"{where.url}/h/{hook.token}"} for hook in hooks],
        }

    found = in_transaction(where, work)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    typer.echo(f"{found['title'] or 'Untitled'}  {found['id']}  {'published' if found['published'] else 'draft'}")
    for hook in found["hooks"]:
        typer.echo(f"  hook {hook['node_id']}: {hook['url']}")


def export(
    scenario: Annotated[str, typer.Argument(help="The scenario's id.")],
    version: Annotated[int | None, typer.Option(help="A published version; the draft when not given.")] = None,
    output: Annotated[Path | None, typer.Option(help="Write to this file instead of standard output.")] = None,
    data: Data = None,
) -> None:
    """Print a scenario as text, which `potok scenario import` takes back unchanged."""
    from potok.scenarios import service as scenarios  # SQLAlchemy: half a second, not for `potok --help`

    wanted = identifier(scenario)

    async def work(db: "AsyncSession", caller: "Caller") -> str:
        return await scenarios.export_text(db, caller, wanted, version)

    text = in_transaction(running(data), work).encode()
    if output is None:
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
        return
    try:
        output.write_bytes(text)
    except OSError as error:
        raise CliError(f"{output} cannot be written: {error.strerror}.") from None


def list_(as_json: Json = False, data: Data = None) -> None:
    """List scenarios, the last changed first."""
    from potok.scenarios import service as scenarios  # SQLAlchemy: half a second, not for `potok --help`

    async def work(db: "AsyncSession", caller: "Caller") -> list[dict[str, Any]]:
        page = await scenarios.list_scenarios(db, caller, search="", first=1_000, after=None)
        return [
            {
                "id": str(one.id),
                "title": one.title,
                "published": one.published_version_id is not None,
                "enabled": one.enabled,
                "updated_at": one.updated_at.isoformat(),
            }
            for one in page.rows
        ]

    found = in_transaction(running(data), work)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        state = "draft" if not one["published"] else "on" if one["enabled"] else "off"
        typer.echo(f"{one['id']}  {state:<5}  {one['title']}")
    if not found:
        typer.echo("No scenarios yet. `potok scenario import FILE` makes one.", err=True)


def in_transaction(where: Running, work: "Callable[[AsyncSession, Caller], Awaitable[Result]]") -> Result:
    """Do a command's work as the command line's caller, and commit."""
    from potok.cli.session import command_line, database  # SQLAlchemy: half a second, not for `potok --help`

    async def go() -> Result:
        async with database(where.database_url, where.redis_url) as db:
            return await work(db, await command_line(db))

    return asyncio.run(go())


def identifier(text: str) -> UUID:
    """A UUID given by a person."""
    try:
        return UUID(text)
    except ValueError:
        raise CliError(f"“{text}” is no id.", "`potok scenario list` shows the ids.", code=2) from None


def _read(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise CliError(f"{file} is not UTF-8 text.", code=2) from None
    except OSError as error:
        raise CliError(f"{file} cannot be read: {error.strerror}.", code=2) from None
