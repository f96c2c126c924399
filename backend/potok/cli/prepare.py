"""A short-lived child of `potok up`: save, migrate, make the setup link's token while nobody owns the install.

It is a process of its own so that its memory goes back. The answer is one JSON line on standard output.
"""

import asyncio
import json
import os
import sys
import traceback
from pathlib import Path

import asyncpg

from potok.cli.say import explain
from potok.migrate import MigrationError, due, migrate, plain_url

_TRIES = 30
_PAUSE = 0.5


async def _migrate(url: str) -> str:
    """A given database may still be starting (compose): wait for it 15 s. What people should know."""
    for attempt in range(_TRIES):
        try:
            said = await _save(url)
            await migrate(url)
            return said
        except (OSError, asyncpg.CannotConnectNowError) as error:
            if attempt == _TRIES - 1:
                raise MigrationError(f"It does not answer at the given address: {error}.") from error
            await asyncio.sleep(_PAUSE)
    raise AssertionError("unreachable")


async def _save(url: str) -> str:
    """The embedded database is saved before an upgrade; who keeps a server of their own keeps its backups."""
    folder = os.environ.get("POTOK_SAVE_TO")
    if not folder or not await due(url):
        return ""
    from potok.cli.before_upgrade import save_before_upgrade  # zstd and pg_dump: needed for an upgrade only
    from potok.settings import Settings

    return await save_before_upgrade(url, Path(folder), Settings().plugins)


async def _owned(url: str) -> bool:
    connection = await asyncpg.connect(plain_url(url))
    try:
        return bool(await connection.fetchval("select exists (select from membership where role = 'owner')"))
    finally:
        await connection.close()


async def _setup_token(url: str) -> str:
    from potok.cli.session import database  # SQLAlchemy: half a second, needed before the first owner only
    from potok.people import service as people

    async with database(url) as db:
        return await people.issue_setup_token(db)


async def _prepare(url: str) -> dict[str, str]:
    said = await _migrate(url)
    return {"said": said} if await _owned(url) else {"said": said, "setup_token": await _setup_token(url)}


def main() -> int:
    """Exit code 0 and a token or nothing; or 1 and an error in words."""
    try:
        answer = asyncio.run(_prepare(os.environ["POTOK_DATABASE_URL"]))
    except (MigrationError, OSError, asyncpg.PostgresError, ValueError) as error:
        print(json.dumps({"error": str(error)}))
        return 1
    except Exception as error:  # a bug of ours: the supervisor keeps this in logs/prepare.log and shows the words
        traceback.print_exc()
        print(json.dumps({"error": explain(error).message}), flush=True)
        return 1
    print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
