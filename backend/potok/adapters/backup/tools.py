"""PostgreSQL's own programs, from the wheel that brings the embedded server, with passwords kept out of sight."""

import os
import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from potok.adapters.backup.errors import BackupError
from potok.adapters.embedded.places import postgres_binaries
from potok.adapters.embedded.process import EmbeddedError
from potok.migrate import plain_url

_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


def major(program: Path) -> int:
    """The major version that a program says it has; 0 when it does not say."""
    try:
        said = subprocess.run(  # noqa: S603 (a program found by us)
            [str(program), "--version"], capture_output=True, text=True, check=False, timeout=10
        ).stdout
    except OSError:
        return 0
    found = _VERSION.search(said)
    return int(found.group(1)) if found else 0


def find(name: str, at_least: int = 0) -> Path:
    """`pg_dump` or `psql` of at least this version: the wheel's, else one on the PATH. Raises BackupError."""
    candidates = []
    with suppress(EmbeddedError):
        candidates.append(postgres_binaries() / name)
    if on_path := shutil.which(name):
        candidates.append(Path(on_path))
    versions = {program: major(program) for program in candidates}
    for program, version in versions.items():
        if version >= max(at_least, 1):
            return program
    have = ", ".join(f"{program} is {version}" for program, version in versions.items()) or "none was found"
    raise BackupError(
        f"The database server is PostgreSQL {at_least}, and {name} must not be older than it: {have}.",
        f"Install PostgreSQL {at_least}'s client programs so that `{name}` is on the PATH, then try again.",
    )


def address(url: str) -> tuple[str, dict[str, str]]:
    """The DSN without its password, and the environment that holds it: arguments are visible to everybody."""
    plain = plain_url(url)
    parts = urlsplit(plain)
    env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    env |= {"PGAPPNAME": "potok-backup", "PGTZ": "UTC", "PGCLIENTENCODING": "UTF8"}
    if parts.password is None:
        return plain, env
    name, _, host = parts.netloc.rpartition("@")
    shown = f"{name.partition(':')[0]}@{host}"
    return parts._replace(netloc=shown).geturl(), env | {"PGPASSWORD": unquote(parts.password)}
