"""Writes a backup of a database that goes on working: one snapshot, streamed, at most a piece in memory."""

import asyncio
import hashlib
import io
import os
import tarfile
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import zstandard

from potok import __version__
from potok.adapters.backup import tables
from potok.adapters.backup.errors import BackupError
from potok.adapters.backup.manifest import Manifest, Plugin
from potok.adapters.backup.tools import address, find
from potok.migrate import current, plain_url

PIECE = 8 * 1024 * 1024
_READ = 256 * 1024


async def backup(url: str, file: Path, *, secrets: Path | None, plugins: Sequence[Plugin] = ()) -> Manifest:
    """Write the backup, readable by us only; it appears under its name when it is complete. Raises BackupError.

    `secrets`: the file with the keys that saved passwords are locked with; None leaves them out.
    """
    draft = file.with_name(f"{file.name}.part")
    try:
        with _create(draft) as handle, tarfile.open(fileobj=handle, mode="w|") as archive:
            manifest = await _write(archive, url, secrets, plugins)
            archive.close()
            handle.flush()
            os.fsync(handle.fileno())
        draft.rename(file)
    except OSError as error:
        raise BackupError(f"The backup cannot be written to {file}: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return manifest


def _create(draft: Path) -> io.FileIO:
    draft.unlink(missing_ok=True)
    return io.FileIO(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w")


async def _write(archive: tarfile.TarFile, url: str, secrets: Path | None, plugins: Sequence[Plugin]) -> Manifest:
    connection = await asyncpg.connect(plain_url(url), server_settings={"timezone": "UTC"})
    try:
        revision = await current(connection)
        if revision is None:
            raise BackupError("The database is empty: there is nothing to save.", "Start Potok once.")
        version = connection.get_server_version()
        program = find("pg_dump", at_least=version.major)
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            listed = await tables.names(connection)
            await tables.lock(connection, listed)
            snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
            size, digest = await _dump(archive, program, url, snapshot)
            prints = {name: await tables.fingerprint(connection, name) for name in listed}
    finally:
        await connection.close()
    kept = b"" if secrets is None else await asyncio.to_thread(secrets.read_bytes)
    if kept:
        add(archive, "secrets.json", kept)
    manifest = Manifest(
        potok=__version__,
        revision=revision,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        server=f"{version.major}.{version.minor}",
        tables=prints,
        database_bytes=size,
        database_sha256=digest,
        secrets_sha256=hashlib.sha256(kept).hexdigest() if kept else "",
        plugins=list(plugins),
    )
    add(archive, "manifest.json", manifest.to_json())
    return manifest


async def _dump(archive: tarfile.TarFile, program: Path, url: str, snapshot: str) -> tuple[int, str]:
    """The database as plain SQL, compressed, in pieces; size and digest of the joined pieces."""
    target, env = address(url)
    options = ("--format=plain", "--no-owner", "--no-acl", "--no-comments", f"--snapshot={snapshot}")
    process = await asyncio.create_subprocess_exec(
        str(program),
        *options,
        f"--dbname={target}",
        env=env,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=_READ,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    complaint = asyncio.create_task(process.stderr.read())
    try:
        pieces = _Pieces(archive)
        packer = zstandard.ZstdCompressor(level=3).compressobj()
        while data := await process.stdout.read(_READ):
            pieces.add(packer.compress(data))
        pieces.add(packer.flush())
        pieces.close()
        if await process.wait() != 0:
            said = (await complaint).decode(errors="replace").strip()
            raise BackupError(f"The database cannot be read: {said[:2000]}")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await complaint
    return pieces.size, pieces.digest.hexdigest()


class _Pieces:
    """Cuts a stream of unknown length into archive members, whose lengths stand before them."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        self.size = 0
        self.digest = hashlib.sha256()
        self._archive = archive
        self._waiting = bytearray()
        self._number = 0

    def add(self, data: bytes) -> None:
        """The next part of the stream."""
        self._waiting += data
        while len(self._waiting) >= PIECE:
            self._cut(PIECE)

    def close(self) -> None:
        """The rest."""
        if self._waiting:
            self._cut(len(self._waiting))

    def _cut(self, length: int) -> None:
        piece = bytes(self._waiting[:length])
        del self._waiting[:length]
        self.size += length
        self.digest.update(piece)
        self._number += 1
        add(self._archive, f"database/{self._number:06}", piece)


def add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    """One member, readable by its owner only when somebody unpacks it."""
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = len(data), 0o600, int(time.time())
    archive.addfile(info, io.BytesIO(data))
