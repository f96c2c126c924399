"""The servers Potok stands on: embedded ones that we start and keep, or the ones an admin named."""

import time
from urllib.parse import urlsplit

from potok.adapters.embedded.postgres import Postgres
from potok.adapters.embedded.valkey import Valkey
from potok.supervisor.folder import DataFolder
from potok.supervisor.logs import console, rotate_if_long
from potok.supervisor.plan import Plan


class Servers:
    """Addresses for the children; embedded servers are started, revived and stopped here."""

    def __init__(self, plan: Plan, folder: DataFolder) -> None:
        self._plan = plan
        self._next_try = 0.0
        self._embedded: list[Postgres | Valkey] = []
        self._postgres = self._valkey = None
        if not plan.database_url:
            self._postgres = Postgres(folder.path / "postgres", folder.sockets, folder.logs / "postgres.log")
            self._embedded.append(self._postgres)
        if not plan.redis_url:
            self._valkey = Valkey(folder.path / "valkey", folder.sockets, folder.logs / "valkey.log")
            self._embedded.append(self._valkey)

    def start(self) -> None:
        """Start what is embedded. Raises EmbeddedError."""
        for server in self._embedded:
            rotate_if_long(server.log)
            server.start()

    @property
    def database_url(self) -> str:
        """Known after `start`."""
        return self._postgres.dsn() if self._postgres else self._plan.database_url

    @property
    def redis_url(self) -> str:
        """Known after `start`."""
        return self._valkey.url() if self._valkey else self._plan.redis_url

    def pids(self) -> dict[str, int]:
        """The embedded servers' processes, for `potok doctor` and tests."""
        named = {"postgres": self._postgres, "valkey": self._valkey}
        return {name: server.process.pid for name, server in named.items() if server and server.process}

    def revive(self) -> bool:
        """Start again a server that crashed; a second after a failed try at the earliest. True when one was."""
        fallen = [
            server for server in self._embedded if server.process is None or server.process.poll() is not None
        ]
        if not fallen or time.monotonic() < self._next_try:
            return False
        self._next_try = time.monotonic() + 1.0
        for server in fallen:
            console(
                f"potok    | {type(server).__name__} ended unexpectedly and is started again; see {server.log}"
            )
            server.start()
        return True

    def stop(self) -> None:
        """The queue first, the truth last."""
        for server in reversed(self._embedded):
            server.stop()


def shown(url: str) -> str:
    """An address fit for a message: no password."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl() if parts.password else url
