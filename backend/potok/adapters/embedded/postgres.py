"""PostgreSQL 18 as our own child process, on a unix socket only, with little memory."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from potok.adapters.embedded.places import let_pass, let_read, postgres_binaries, server_user, socket_folder
from potok.adapters.embedded.process import EmbeddedError, end, end_leftover, spawn, tail, wait_until

DATABASE = "potok"
SUPERUSER = "postgres"

# Every commit is on disk before it is answered. The rest keeps an idle server small: no replication, no I/O
# workers, no JIT; a small cache, since the system's page cache stands behind it.
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "synchronous_commit": "on",
    "shared_buffers": "64MB",
    "max_connections": "120",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "min_wal_size": "80MB",
    "max_wal_size": "1GB",
    "max_logical_replication_workers": "0",
    "autovacuum_max_workers": "2",
    "io_method": "sync",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "lc_messages": "C",
}
_START_SECONDS = 60.0  # recovery after a crash may take a while
_BUSY = "shared memory block"
_TAKEN = 'lock file "postmaster.pid" already exists'


class Postgres:
    """One server over one folder. `start`, `stop`, `dsn()`; a folder left behind by `kill -9` starts clean."""

    def __init__(
        self,
        folder: Path,
        sockets: Path,
        log: Path,
        *,
        settings: dict[str, str] | None = None,
        initdb_options: tuple[str, ...] = (),
    ) -> None:
        self.folder = folder.resolve()
        self.log = log.resolve()
        self._wanted_sockets = sockets
        self._settings = _SETTINGS | (settings or {})
        self._initdb_options = initdb_options
        self._sockets: Path | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def dsn(self, database: str = DATABASE) -> str:
        """The address of a database; known after `start`."""
        return f"postgresql://{SUPERUSER}@/{quote(database)}?host={quote(str(self._sockets), safe='/')}"

    def start(self) -> None:
        """Make the cluster and the database when missing, and start the server. Raises EmbeddedError."""
        binaries = postgres_binaries()
        user = server_user()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        if user is not None:
            let_read(binaries)
            let_pass(self.folder)
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self._sockets = socket_folder(self._wanted_sockets / "postgres", user)
        fresh = self._initialise(binaries, user)
        self._end_leftover()
        self._run(binaries, user)
        if fresh or not self._has_database():
            self._tool(binaries, "createdb", DATABASE)

    def stop(self) -> None:
        """Fast shutdown: sessions end, what was committed is on disk already."""
        if self.process is not None:
            end(self.process, signal.SIGINT, seconds=20)
            self.process = None

    def _initialise(self, binaries: Path, user: pwd.struct_passwd | None) -> bool:
        """Run initdb once, in a folder inside, so that an interrupted one is never taken for a cluster."""
        if (self.folder / "PG_VERSION").exists():
            return False
        leftovers = [entry.name for entry in self.folder.iterdir() if entry.name != "new"]
        if leftovers:
            raise EmbeddedError(f"{self.folder} is not empty and holds no PostgreSQL cluster: {leftovers[:3]}.")
        new = self.folder / "new"
        if new.exists():
            shutil.rmtree(new)
        command = [
            str(binaries / "initdb"),
            *("-D", str(new), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--no-instructions"),
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *self._initdb_options,
        ]
        identity = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        made = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **identity)  # type: ignore[call-overload]
        if made.returncode != 0:
            raise EmbeddedError(f"PostgreSQL cannot make its folder {self.folder}:\n{made.stderr.strip()}")
        # PG_VERSION goes last: until it is there, the folder counts as unfinished.
        for entry in sorted(new.iterdir(), key=lambda path: path.name == "PG_VERSION"):
            entry.rename(self.folder / entry.name)
        new.rmdir()
        return True

    def _end_leftover(self) -> None:
        """After `kill -9` of the supervisor an old server may still be shutting down, or its pid be another's."""
        note = self.folder / "postmaster.pid"
        try:
            pid = int(note.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return

        def belongs(command: str) -> bool:
            return "postgres" in command and str(self.folder) in command

        end_leftover(pid, belongs, (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL), seconds=8)
        if self._sockets is not None:  # the folder is this cluster's alone, so what lies in it is stale now
            (self._sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _run(self, binaries: Path, user: pwd.struct_passwd | None) -> None:
        command = [str(binaries / "postgres"), "-D", str(self.folder), "-k", str(self._sockets)]
        for name, value in self._settings.items():
            command += ["-c", f"{name}={value}"]
        for _ in range(40):
            mark = self.log.stat().st_size if self.log.exists() else 0
            self.process = spawn(
                command,
                output=self.log,
                cwd=self.folder,
                user=user and user.pw_uid,
                group=user and user.pw_gid,
                death_signal=signal.SIGINT,
            )
            if wait_until(self._ready, self.process, _START_SECONDS):
                return
            end(self.process, signal.SIGQUIT)
            with self.log.open("rb") as log:
                log.seek(mark)
                said = log.read().decode(errors="replace")
            if _BUSY not in said and _TAKEN not in said:
                break
            time.sleep(0.25)  # a backend of the killed server may still be on its way out
            if _TAKEN in said:  # _end_leftover saw to it that the number belongs to a stranger or a zombie now
                (self.folder / "postmaster.pid").unlink(missing_ok=True)
        raise EmbeddedError(f"PostgreSQL does not start. The end of {self.log}:\n{tail(self.log)}")

    def _ready(self) -> bool:
        assert self.process is not None
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready"

    def execute(self, sql: str, database: str = "postgres") -> str:
        """Run one statement through psql; its unaligned output. For tools and tests, not for the hot path."""
        return self._tool(
            postgres_binaries(), "psql", "-d", database, "-v", "ON_ERROR_STOP=1", "-Atqc", sql
        ).strip()

    def _has_database(self) -> bool:
        return self.execute(f"select count(*) from pg_database where datname = '{DATABASE}'") == "1"  # noqa: S608

    def _tool(self, binaries: Path, name: str, *arguments: str) -> str:
        command = [str(binaries / name), "-h", str(self._sockets), "-U", SUPERUSER, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise EmbeddedError(f"PostgreSQL refused `{name}`: {done.stderr.strip()}")
        return done.stdout
