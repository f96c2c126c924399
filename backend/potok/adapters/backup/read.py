"""Reads a backup: first wholly to check it, then once more to hand its database on. No member is ever unpacked."""

import hashlib
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import zstandard

from potok.adapters.backup.errors import BackupError
from potok.adapters.backup.manifest import Manifest

_LARGEST = 64 * 1024 * 1024
_READ = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Checked:
    """A backup that is whole. `secrets` is empty when they were left out."""

    file: Path
    manifest: Manifest
    secrets: bytes


def check(file: Path) -> Checked:
    """Read the whole file against its manifest. Raises BackupError when anything is missing or was changed."""
    digest = hashlib.sha256()
    size, secrets, manifest = 0, b"", b""
    with _opened(file) as archive:
        for member in archive:
            if member.name.startswith("database/"):
                for part in _parts(archive, member):
                    digest.update(part)
                    size += len(part)
            elif member.name in ("secrets.json", "manifest.json") and member.size <= _LARGEST:
                content = b"".join(_parts(archive, member))
                secrets, manifest = (content, manifest) if member.name == "secrets.json" else (secrets, content)
    if not manifest:
        raise _broken(file, "it has no manifest: it is not complete, or no backup of Potok")
    try:
        listed = Manifest.from_json(manifest)
    except ValueError as error:
        raise _broken(file, str(error)) from None
    if (size, digest.hexdigest()) != (listed.database_bytes, listed.database_sha256):
        raise _broken(file, "its database is not the one that was saved: bytes are missing or were changed")
    if (hashlib.sha256(secrets).hexdigest() if secrets else "") != listed.secrets_sha256:
        raise _broken(file, "its secrets are not those that were saved")
    return Checked(file, listed, secrets)


def statements(file: Path) -> Iterator[bytes]:
    """The database as SQL, in parts of bounded size however well it was compressed."""
    with _opened(file) as archive:
        yield from zstandard.ZstdDecompressor().read_to_iter(cast("IO[bytes]", _Joined(archive)))


class _Joined:
    """The pieces of the database as one file."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        self._parts = (
            part for member in archive if member.name.startswith("database/") for part in _parts(archive, member)
        )
        self._rest = b""

    def read(self, size: int) -> bytes:
        """At most so many bytes; none at the end."""
        if not self._rest:
            self._rest = next(self._parts, b"")
        given, self._rest = self._rest[:size], self._rest[size:]
        return given


def _parts(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    content = archive.extractfile(member)
    while content is not None and (part := content.read(_READ)):
        yield part


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file, "r|") as archive:
            yield archive
    except FileNotFoundError:
        raise BackupError(f"There is no file {file}.") from None
    except (tarfile.TarError, EOFError) as error:
        raise _broken(file, f"it is not a whole tar archive ({error})") from None
    except OSError as error:
        raise BackupError(f"{file} cannot be read: {error.strerror or error}.") from error


def _broken(file: Path, why: str) -> BackupError:
    return BackupError(f"{file} cannot be used: {why}.", "Nothing was changed. Take another copy of the backup.")
