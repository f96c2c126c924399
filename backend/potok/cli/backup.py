"""`potok backup` and `potok restore`: everything of an install in one file, and back."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from potok.cli.options import Data, Json, settings
from potok.cli.say import CliError
from potok.supervisor.folder import write_private

if TYPE_CHECKING:
    from potok.adapters.backup import Manifest
    from potok.settings import Settings

_SECRETS = "secrets.json"


def backup(
    file: Annotated[Path, typer.Argument(help="File to write; by custom it ends in .potok.")],
    without_secrets: Annotated[
        bool, typer.Option("--without-secrets", help="Leave out the keys that saved passwords are locked with.")
    ] = False,
    as_json: Json = False,
    data: Data = None,
) -> None:
    """Save everything in one file while Potok goes on working: the database as of one moment, and its secrets."""
    from potok.adapters.backup import BackupError  # asyncpg, zstd: not for `potok --help`
    from potok.adapters.backup import backup as write
    from potok.adapters.backup.manifest import plugins_in
    from potok.cli.standing import standing

    if file.exists():
        raise CliError(f"{file} exists already; a backup replaces nothing.", "Choose another name.")
    chosen = settings(data=data)
    with standing(chosen) as url:
        secrets = chosen.data.resolve() / _SECRETS
        kept = None if without_secrets or not secrets.exists() else secrets
        try:
            made = asyncio.run(write(url, file, secrets=kept, plugins=plugins_in(chosen.plugins)))
        except BackupError as error:
            raise CliError(error.message, error.fix) from None
    if as_json:
        typer.echo(json.dumps({"file": str(file), "bytes": file.stat().st_size} | json.loads(made.to_json())))
        return
    typer.echo(f"Saved {made.rows} rows of {len(made.tables)} tables ({_size(file)}) to {file}.")
    if kept is not None:
        typer.echo("The file holds the keys of your saved passwords: keep it as carefully as those.")
    else:
        typer.echo(f"Without {_SECRETS}: keep that file elsewhere, saved passwords cannot be read without it.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `potok backup` wrote.")],
    force: Annotated[
        bool, typer.Option("--force", help="Replace what is in the database. It is gone afterwards.")
    ] = False,
    check_only: Annotated[bool, typer.Option("--check", help="Only read the file and compare it.")] = False,
    data: Data = None,
) -> None:
    """Bring a backup into an empty database (embedded, or POTOK_DATABASE_URL) while Potok is stopped."""
    from potok.adapters.backup import BackupError, check  # see backup
    from potok.adapters.backup import restore as bring
    from potok.cli.standing import standing

    chosen = settings(data=data)
    try:
        found = check(file)
        listed = found.manifest
        said = f"{listed.rows} rows of {len(listed.tables)} tables, saved {listed.made_at} by Potok {listed.potok}"
        if check_only:
            typer.echo(f"{file} is whole: {said}.")
            return
        with standing(chosen, make=True) as url:
            keys = _keys(chosen, found.secrets)
            done = asyncio.run(bring(url, found, force=force))
            if keys:
                write_private(chosen.data.resolve() / _SECRETS, {"keys": keys})
    except BackupError as error:
        raise CliError(error.message, error.fix) from None
    typer.echo(f"Restored {said}.")
    if done.migrated:
        typer.echo("The database was brought to this version.")
    if done.unknown:
        typer.echo(
            f"{done.unknown} actions were on their way outside. Those whose receiver knows Potok's key are "
            "repeated with it; about the others Potok asks a person."
        )
    typer.echo("What was sent after the backup was made may be sent again. Everybody has to sign in again.")
    if not found.secrets:
        typer.echo(f"The backup has no {_SECRETS}: put yours into {chosen.data.resolve()}.")
    for line in _other_plugins(listed, chosen):
        typer.echo(line)


def _keys(chosen: "Settings", brought: bytes) -> list[dict[str, str]]:
    """The backup's keys first, since it locks with the first; those that are here already stay readable."""
    here = chosen.data.resolve() / _SECRETS
    merged: dict[str, dict[str, str]] = {}
    try:
        for text in (brought, here.read_bytes() if here.exists() else b""):
            for key in json.loads(text)["keys"] if text else ():
                merged.setdefault(key["id"], key)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CliError(f"{_SECRETS} cannot be read: {error}.", f"Look at {here}.") from None
    return list(merged.values())


def _other_plugins(listed: "Manifest", chosen: "Settings") -> list[str]:
    """Plugins that differ from those the runs of the backup were made with."""
    from potok.adapters.backup.manifest import plugins_in  # see backup

    here = {one.id: one.digest for one in plugins_in(chosen.plugins)}
    missing = [one.id for one in listed.plugins if one.id not in here]
    changed = [one.id for one in listed.plugins if here.get(one.id, one.digest) != one.digest]
    lines = []
    if missing:
        lines.append(f"Plugins that were there and are not in {chosen.plugins}: {', '.join(missing)}.")
    if changed:
        lines.append(f"Plugins that are another version here: {', '.join(changed)}.")
    return lines


def _size(file: Path) -> str:
    size = file.stat().st_size
    return f"{size / 2**20:.1f} MB" if size >= 2**20 else f"{size / 2**10:.0f} kB"
