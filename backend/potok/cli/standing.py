"""The database of an install, for commands that work on it whether Potok runs or not.

It is that of the running Potok, the one named in the settings, or the embedded one, then started for the command.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from potok.adapters.embedded.postgres import Postgres
from potok.adapters.embedded.process import EmbeddedError
from potok.cli.say import CliError
from potok.settings import Settings
from potok.supervisor.folder import DataFolder, read_note
from potok.supervisor.plan import StartError


@contextmanager
def standing(settings: Settings, *, make: bool = False) -> Iterator[str]:
    """The database's address. Raises CliError.

    With `make` nobody else may use the data folder meanwhile, and what is missing is made; without it a running
    Potok is used as it is, and a folder that never had a database is refused.
    """
    folder = DataFolder(settings.data.resolve())
    note = read_note(folder.path)
    if note and make:
        raise CliError(
            f"Potok runs on the data folder {folder.path}: {note['url']}.", "Stop it first (Ctrl+C there)."
        )
    if note:
        yield note["database_url"]
        return
    if not make and settings.database_url:
        yield settings.database_url
        return
    cluster = folder.path / "postgres"
    if not make and not (cluster / "PG_VERSION").exists():
        raise CliError(
            f"There is no Potok in the data folder {folder.path}.",
            "Name its folder with --data (POTOK_DATA), or its database with POTOK_DATABASE_URL.",
        )
    with _taken(folder):
        if settings.database_url:
            yield settings.database_url
        else:
            yield from _embedded(Postgres(cluster, folder.sockets, folder.logs / "postgres.log"))


@contextmanager
def _taken(folder: DataFolder) -> Iterator[None]:
    try:
        folder.take()
    except StartError as error:
        raise CliError(str(error)) from None
    try:
        yield
    finally:
        folder.leave()


def _embedded(server: Postgres) -> Iterator[str]:
    try:
        server.start()
    except EmbeddedError as error:
        raise CliError(str(error)) from None
    try:
        yield server.dsn()
    finally:
        server.stop()
