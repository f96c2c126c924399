"""`potok up`: read the settings, then become the supervisor."""

import os
import sys
from typing import Annotated

import typer

from potok.cli.options import Data, settings
from potok.supervisor.plan import Plan


def up(
    data: Data = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on. [POTOK_HOST]")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes any free one. [POTOK_PORT]")] = None,
    public_url: Annotated[str | None, typer.Option(help="How people reach Potok. [POTOK_PUBLIC_URL]")] = None,
    database_url: Annotated[
        str | None, typer.Option(help="PostgreSQL to use instead of the embedded one. [POTOK_DATABASE_URL]")
    ] = None,
    redis_url: Annotated[
        str | None, typer.Option(help="Valkey or Redis to use instead of the embedded one. [POTOK_REDIS_URL]")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Number of worker processes. [POTOK_WORKERS]")] = None,
) -> None:
    """Start Potok: database, queue, web server and workers, until Ctrl+C."""
    chosen = settings(
        data=data,
        host=host,
        port=port,
        public_url=public_url,
        database_url=database_url,
        redis_url=redis_url,
        workers=workers,
    )
    plan = Plan(
        data=str(chosen.data.resolve()),
        host=chosen.host,
        port=chosen.port,
        public_url=chosen.public_url,
        database_url=chosen.database_url,
        redis_url=chosen.redis_url,
        workers=chosen.workers,
        log_json=chosen.log_json,
    )
    env = os.environ | {"POTOK_UP_PLAN": plan.to_json(), "POTOK_PLUGINS": str(chosen.plugins.resolve())}
    sys.stdout.flush()
    # Same process, fresh memory: the supervisor needs none of the libraries that this command line loaded.
    os.execve(sys.executable, [sys.executable, "-m", "potok.supervisor"], env)  # noqa: S606
