"""`potok migrate`: bring a database to this version, for installs that start servers and workers by themselves."""

import typer

from potok.cli.options import Data
from potok.cli.running import running
from potok.cli.say import CliError


def migrate(data: Data = None) -> None:
    """Bring the database to the newest revision. Safe to run from several machines at once."""
    from potok.migrate import MigrationError, head, migrate_now  # asyncpg: not for `potok --help`

    url = running(data, need_queue=False).database_url
    try:
        changed = migrate_now(url)
    except MigrationError as error:
        raise CliError(str(error)) from None
    typer.echo(f"{'Migrated to' if changed else 'Already at'} revision {head()}.")
