"""A backup that `potok up` makes by itself before it migrates the embedded database; the last three are kept."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from potok.adapters.backup import BackupError, backup
from potok.adapters.backup.manifest import plugins_in
from potok.migrate import current, plain_url

KEPT = 3
_SPARE = 200 * 1024 * 1024


async def save_before_upgrade(url: str, data: Path, plugins: Path) -> str:
    """Write it; what to tell about it. An upgrade is one transaction, so it may go on without."""
    connection = await asyncpg.connect(plain_url(url))
    try:
        revision = await current(connection)
        size: int = await connection.fetchval("SELECT pg_database_size(current_database())")
    finally:
        await connection.close()
    folder = data / "backups"
    free = shutil.disk_usage(data).free
    if free < size + _SPARE:
        return (
            f"No backup before the upgrade: the database has {_mb(size)}, the disk {_mb(free)} left. "
            "`potok backup FILE` writes one elsewhere."
        )
    file = folder / f"upgrade-{datetime.now(UTC):%Y%m%d-%H%M%S}-from-{revision}.potok"
    secrets = data / "secrets.json"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        await backup(url, file, secrets=secrets if secrets.exists() else None, plugins=plugins_in(plugins))
    except (BackupError, OSError) as error:
        return f"No backup before the upgrade: {error}"
    for old in sorted(folder.glob("upgrade-*.potok"))[:-KEPT]:
        old.unlink()
    return f"Saved the database before its upgrade: {file}"


def _mb(size: int) -> str:
    return f"{size / 2**20:.0f} MB"
