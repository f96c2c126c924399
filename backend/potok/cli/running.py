"""Finds the database and the queue a command should talk to: the ones named, else those of the running Potok."""

from dataclasses import dataclass
from pathlib import Path

from potok.cli.options import settings
from potok.cli.say import CliError
from potok.supervisor.folder import read_note


@dataclass(frozen=True, slots=True)
class Running:
    """Where a Potok is."""

    url: str
    database_url: str
    redis_url: str


def running(data: Path | None = None, *, need_queue: bool = True) -> Running:
    """Raises CliError when no Potok runs on the data folder and no servers are named."""
    chosen = settings(data=data)
    note = read_note(chosen.data.resolve())
    if note:
        return Running(note["url"], note["database_url"], note["redis_url"])
    if chosen.database_url and (chosen.redis_url or not need_queue):
        url = chosen.public_url.rstrip("/") or f"http://{chosen.host}:{chosen.port}"
        return Running(url, chosen.database_url, chosen.redis_url)
    raise CliError(
        f"No Potok is running on the data folder {chosen.data.resolve()}.",
        "Start it with `potok up`, or name its folder with --data (POTOK_DATA), "
        "or its servers with POTOK_DATABASE_URL and POTOK_REDIS_URL.",
    )
