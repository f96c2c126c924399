"""`potok serve` and `potok worker`: one process each, for installs whose processes something else keeps."""

import os
from typing import Annotated

import typer

from potok.cli.options import Data, settings
from potok.cli.running import running


def _point_at_servers(**options: object) -> None:
    """Children of this process, and the process itself, read everything from the environment."""
    for name, value in options.items():
        if value is not None:
            os.environ[f"POTOK_{name.upper()}"] = str(value)
    chosen = settings()
    if not (chosen.database_url and chosen.redis_url):
        where = running()
        os.environ["POTOK_DATABASE_URL"] = where.database_url
        os.environ["POTOK_REDIS_URL"] = where.redis_url


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on. [POTOK_HOST]")] = None,
    port: Annotated[int | None, typer.Option(help="Port. [POTOK_PORT]")] = None,
    data: Data = None,
) -> None:
    """Run one API process (web pages, GraphQL, hooks). `potok up` does this for you."""
    from potok.cli import serve as process  # the whole server: not for `potok --help`

    _point_at_servers(host=host, port=port, data=data)
    process.main()


def worker(data: Data = None) -> None:
    """Run one worker, which advances runs. `potok up` does this for you."""
    from potok.cli import worker as process  # the whole engine: not for `potok --help`

    _point_at_servers(data=data)
    process.main()
