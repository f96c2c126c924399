"""The data folder: who holds it, the secrets made once, and the note that tells commands where Potok listens."""

import base64
import contextlib
import fcntl
import json
import os
import secrets
from pathlib import Path
from typing import Any

from potok.supervisor.plan import StartError


class DataFolder:
    """One folder, one running Potok. The lock is the kernel's, so it vanishes with us however we die."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.logs = path / "logs"
        self.sockets = path / "run"
        self.secrets = path / "secrets.json"
        self.note = path / "running.json"
        self._lock: int | None = None

    def take(self) -> None:
        """Make the folder and lock it. Raises StartError when another Potok holds it."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.logs.mkdir(exist_ok=True)
            self.sockets.mkdir(exist_ok=True)
            self._lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StartError(
                f"The data folder {self.path} cannot be used: {error.strerror}. "
                "Give yourself the right to write there, or choose another folder with POTOK_DATA."
            ) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartError(self._taken()) from None
        os.ftruncate(self._lock, 0)
        os.write(self._lock, str(os.getpid()).encode())
        self.note.unlink(missing_ok=True)

    def _taken(self) -> str:
        assert self._lock is not None
        pid = os.pread(self._lock, 32, 0).decode(errors="replace").strip()
        where = read_note(self.path).get("url", "")
        return (
            f"Potok already runs on the data folder {self.path}: process {pid or 'unknown'}"
            + (f", {where}" if where else "")
            + f". Stop it first (kill {pid or 'PID'}), or choose another folder with POTOK_DATA."
        )

    def make_secrets(self) -> None:
        """Make the master key on the first start; it is never replaced. Readable by us only."""
        if self.secrets.exists():
            self.secrets.chmod(0o600)
            return
        key = {"id": secrets.token_hex(4), "key": base64.b64encode(secrets.token_bytes(32)).decode()}
        write_private(self.secrets, {"keys": [key]})

    def announce(self, note: dict[str, Any]) -> None:
        """Tell other commands of this machine where everything is; private, since addresses hold passwords."""
        write_private(self.note, note | {"pid": os.getpid()})

    def leave(self) -> None:
        """Take the note away and let the folder go."""
        self.note.unlink(missing_ok=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def write_private(path: Path, value: dict[str, Any]) -> None:
    """Write JSON in one step, mode 0600: a reader sees all of it or the file before."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


def read_note(folder: Path) -> dict[str, Any]:
    """What the running Potok of a folder announced; empty when none runs (or one was killed)."""
    note: dict[str, Any] = {}
    with contextlib.suppress(OSError, ValueError):
        note = json.loads((folder / "running.json").read_text(encoding="utf-8"))
    return note if held(folder) else {}


def held(folder: Path) -> bool:
    """Whether a living Potok holds the folder."""
    try:
        handle = os.open(folder / "lock", os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
