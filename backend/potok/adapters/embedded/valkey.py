"""Valkey as our own child process, on a unix socket only; it keeps nothing on disk, the database is the truth."""

import signal
import socket
import subprocess
from pathlib import Path
from urllib.parse import quote

from potok.adapters.embedded.places import socket_folder, valkey_binary
from potok.adapters.embedded.process import EmbeddedError, end, end_leftover, spawn, tail, wait_until

_SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "daemonize": "no",
    "save": "",
    "appendonly": "no",
    "databases": "16",
    "maxmemory": "512mb",
    "maxmemory-policy": "noeviction",
    "loglevel": "warning",
    "tcp-backlog": "128",
}
_START_SECONDS = 15.0


class Valkey:
    """One server. `start`, `stop`, `url()`."""

    def __init__(self, folder: Path, sockets: Path, log: Path, *, settings: dict[str, str] | None = None) -> None:
        self.folder = folder.resolve()
        self.log = log.resolve()
        self._wanted_sockets = sockets
        self._settings = _SETTINGS | (settings or {})
        self._socket: Path | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, database: int = 0) -> str:
        """The address that redis-py and arq take; known after `start`."""
        return f"unix://{quote(str(self._socket), safe='/')}?db={database}"

    def start(self) -> None:
        """Start the server and wait for its first answer. Raises EmbeddedError."""
        binary = valkey_binary()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._socket = socket_folder(self._wanted_sockets / "valkey") / "valkey.sock"
        note = self.folder / "valkey.pid"
        self._end_leftover(note)
        self._socket.unlink(missing_ok=True)
        command = [str(binary), "--dir", str(self.folder), "--unixsocket", str(self._socket)]
        for name, value in self._settings.items():
            command += [f"--{name}", value]
        self.process = spawn(command, output=self.log, cwd=self.folder)
        note.write_text(str(self.process.pid))
        if not wait_until(self._answers, self.process, _START_SECONDS):
            end(self.process, signal.SIGKILL)
            raise EmbeddedError(f"Valkey does not start. The end of {self.log}:\n{tail(self.log)}")

    def stop(self) -> None:
        """End the server; it has nothing to save."""
        if self.process is not None:
            end(self.process, signal.SIGTERM)
            self.process = None
            (self.folder / "valkey.pid").unlink(missing_ok=True)

    def _end_leftover(self, note: Path) -> None:
        """End the server of an earlier start that was killed before it could stop it."""
        try:
            pid = int(note.read_text())
        except (OSError, ValueError):
            return

        def belongs(command: str) -> bool:
            # a running server renames itself to "valkey-server unixsocket:PATH"
            return str(self._socket) in command

        end_leftover(pid, belongs, (signal.SIGTERM, signal.SIGKILL))

    def command(self, *lines: str) -> bytes:
        """Send inline commands and return the first answer's bytes. For tools and tests, not for the hot path."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            client.connect(str(self._socket))
            answer = b""
            for line in lines:
                client.sendall(line.encode() + b"\r\n")
                answer = client.recv(4096)
            return answer

    def _answers(self) -> bool:
        try:
            return self.command("PING").startswith(b"+PONG")
        except OSError:
            return False
