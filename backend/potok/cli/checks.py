"""What `potok doctor` looks at. A check is a function that returns findings; it never raises."""

import asyncio
import os
import shutil
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
from redis.asyncio import Redis

from potok.adapters.embedded.places import postgres_binaries, valkey_binary
from potok.adapters.embedded.process import EmbeddedError
from potok.cli.say import locale
from potok.migrate import head, look, plain_url
from potok.registry import load
from potok.settings import Settings
from potok.standing import Standing
from potok.supervisor.door import listen
from potok.supervisor.folder import held, read_note
from potok.supervisor.plan import StartError
from potok.supervisor.servers import shown

_LEAST_POSTGRES = 15
_LEAST_FREE = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `fix` is empty when all is well."""

    check: str
    ok: bool
    message: str
    fix: str = ""

    def as_dict(self) -> dict[str, object]:
        """For --json."""
        return asdict(self)


def python(settings: Settings) -> Iterator[Finding]:
    """The interpreter and the package."""
    good = sys.version_info >= (3, 11)
    yield Finding(
        "python", good, f"Python {sys.version.split()[0]}", "" if good else "Install Python 3.11 or newer."
    )


def binaries(settings: Settings) -> Iterator[Finding]:
    """The embedded servers, when they are wanted."""
    wanted: list[tuple[str, str, Callable[[], Path]]] = [
        ("postgres", settings.database_url, postgres_binaries),
        ("valkey", settings.redis_url, valkey_binary),
    ]
    for name, given, find in wanted:
        if given:
            yield Finding(name, True, f"given: {shown(given)}")
            continue
        try:
            yield Finding(name, True, f"embedded: {find()}")
        except EmbeddedError as error:
            yield Finding(name, False, "not found", str(error))


def data(settings: Settings) -> Iterator[Finding]:
    """The data folder: rights, secrets, space."""
    folder = settings.data.resolve()
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(nearest, os.W_OK | os.X_OK):
        yield Finding("data", False, f"{nearest} is not writable", "Give yourself the right, or set POTOK_DATA.")
        return
    yield Finding("data", True, f"{folder}{'' if folder.exists() else ' (made at the first start)'}")
    secrets = folder / "secrets.json"
    if secrets.exists():
        mode = stat.S_IMODE(secrets.stat().st_mode)
        private = not mode & 0o077
        yield Finding("secrets", private, f"mode {mode:o}", "" if private else f"chmod 600 {secrets}")
    free = shutil.disk_usage(nearest).free
    roomy = free >= _LEAST_FREE
    yield Finding("disk", roomy, f"{free / 2**30:.1f} GiB free", "" if roomy else "Free at least 0.5 GiB.")


def port(settings: Settings) -> Iterator[Finding]:
    """The running Potok answers, or the port is free for one."""
    folder = settings.data.resolve()
    if held(folder):
        note = read_note(folder)
        if not note:
            yield Finding("potok", False, "starting or stopping just now", "Wait a moment and ask again.")
            return
        ready = _ready(note["port"], settings.host)
        fix = "" if ready else f"Look into {folder / 'logs'}."
        yield Finding("potok", ready, f"{'ready' if ready else 'running, not ready'}: {note['url']}", fix)
        return
    try:
        listen(settings.host, settings.port).close()
        yield Finding("port", True, f"{settings.host}:{settings.port} is free; Potok is not running")
    except StartError as error:
        yield Finding("port", False, "cannot be used", str(error))


def _ready(number: int, host: str) -> bool:
    address = "127.0.0.1" if host in ("0.0.0.0", "") else "::1" if host == "::" else host  # noqa: S104
    try:
        with socket.create_connection((address, number), timeout=3) as client:
            client.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return b" 200 " in client.recv(64)
    except OSError:
        return False


def servers(settings: Settings) -> Iterator[Finding]:
    """Database, migrations and queue, where they can be reached."""
    note = read_note(settings.data.resolve())
    database_url = note.get("database_url") or settings.database_url
    redis_url = note.get("redis_url") or settings.redis_url
    if database_url:
        yield from asyncio.run(_database(database_url))
    if redis_url:
        yield asyncio.run(_queue(redis_url))


async def _database(url: str) -> list[Finding]:
    try:
        connection = await asyncpg.connect(plain_url(url), timeout=5)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError) as error:
        return [Finding("database", False, f"{shown(url)}: {error}", "Start the server, or mend the address.")]
    try:
        version = connection.get_server_version().major
        good = version >= _LEAST_POSTGRES
        fix = "" if good else f"Potok needs PostgreSQL {_LEAST_POSTGRES} or newer."
        found = [Finding("database", good, f"PostgreSQL {version}", fix)]
        found.append(_migrations(await look(connection)))
        return found
    finally:
        await connection.close()


_STANDS = {
    "current": ("", ""),
    "after_pending": ("; pending, which is fine: `potok migrate` when no older process runs any more", ""),
    "ahead": ("; a newer Potok added to it, which is fine", ""),
    "behind": ("", "potok migrate"),
    "too_new": ("; a newer Potok changed it", "Use that version: this one no longer fits."),
}


def _migrations(found: Standing) -> Finding:
    more, fix = _STANDS[found.state]
    return Finding("migrations", found.fits, f"revision {found.revision or 'none'} of {head()}{more}", fix)


async def _queue(url: str) -> Finding:
    client = Redis.from_url(url, socket_connect_timeout=5)
    try:
        await client.ping()
        return Finding("queue", True, urlsplit(shown(url)).scheme + " answers")
    except Exception as error:  # a report lists what is wrong, whatever it is
        return Finding("queue", False, f"{shown(url)}: {error}", "Start the server, or mend the address.")
    finally:
        await client.aclose()


def plugins(settings: Settings) -> Iterator[Finding]:
    """Every broken plugin by name; the others go on working."""
    loaded = load(settings.plugins)
    yield Finding(
        "plugins", True, f"{len(loaded.plugins)} in {settings.plugins}, {len(loaded.catalog)} node types"
    )
    for plugin in loaded.plugins:
        if plugin.error:
            words = plugin.error.words(locale())
            place = f" ({plugin.error.file}:{plugin.error.line})" if plugin.error.line else ""
            yield Finding("plugins", False, f"{plugin.id}{place}: {words.message}", words.fix)


CHECKS: list[Callable[[Settings], Iterator[Finding]]] = [python, binaries, data, port, servers, plugins]
