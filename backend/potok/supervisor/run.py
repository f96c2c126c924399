"""The life of one Potok: take the folder, start the servers, migrate, start the children, keep them, stop all."""

import contextlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time

from potok.adapters.embedded.process import EmbeddedError, end, spawn, tail
from potok.supervisor.door import answers, base_url, listen
from potok.supervisor.folder import DataFolder
from potok.supervisor.keeper import Keeper
from potok.supervisor.logs import LineLog, console
from potok.supervisor.plan import Plan, StartError
from potok.supervisor.servers import Servers

_SERVE_GRACE = 15.0
_WORKER_GRACE = 15.0
_READY_SECONDS = 90.0
_TOO_MANY_CRASHES = 4  # before the first ready answer: it will not come
_SLOW_SECONDS = 3.0
_TICK = 0.25


class _Stopped(Exception):
    """A signal came before everything was up."""


class Supervisor:
    """`run()` returns the exit code."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._folder = DataFolder(plan.folder)
        self._servers = Servers(plan, self._folder)
        self._keepers: list[Keeper] = []
        self._door: socket.socket | None = None
        self._stop = 0
        self._reload = False
        self._ready = False
        self._wake, self._woken = os.pipe()
        for end_of_pipe in (self._wake, self._woken):
            os.set_blocking(end_of_pipe, False)

    def run(self) -> int:
        """Everything from the lock to the last child's end."""
        self._listen_to_signals()
        try:
            self._folder.take()
        except StartError as error:
            return _refuse(error)
        try:
            self._start()
            self._keep()
        except _Stopped:
            pass
        except (StartError, EmbeddedError) as error:
            return _refuse(error)
        finally:
            self._shut_down()
        console("Potok has stopped.")
        return 0

    # starting

    def _start(self) -> None:
        self._folder.make_secrets()
        self._door = listen(self._plan.host, self._plan.port)
        url = base_url(self._door, self._plan.host, self._plan.public_url)
        env = self._environment(url)
        self._keepers = self._children(env)
        for keeper in self._keepers:
            keeper.start_and_hold()  # they load their libraries while the servers start and migrate
        self._servers.start()
        self._check_stop()
        addresses = {"POTOK_DATABASE_URL": self._servers.database_url, "POTOK_REDIS_URL": self._servers.redis_url}
        saved = {} if self._plan.database_url else {"POTOK_SAVE_TO": str(self._plan.folder)}
        token = self._prepare(env | addresses | saved)
        for keeper in self._keepers:
            keeper.go(addresses)
        self._folder.announce(
            {
                "url": url,
                "port": self._door.getsockname()[1],
                "database_url": self._servers.database_url,
                "redis_url": self._servers.redis_url,
            }
        )
        self._wait_ready()
        console(f"Potok is ready: {url}")
        if token:
            console(f"Set up: {url}/setup?token={token}")

    def _environment(self, url: str) -> dict[str, str]:
        assert self._door is not None
        return os.environ | {
            "POTOK_DATA": str(self._plan.folder),
            "POTOK_HOST": self._plan.host,
            "POTOK_PORT": str(self._door.getsockname()[1]),
            "POTOK_PUBLIC_URL": url,
            "PYTHONUNBUFFERED": "1",
        }

    def _prepare(self, env: dict[str, str]) -> str:
        """Migrate and make the setup token, in a process that gives its memory back. The token, or nothing."""
        child = spawn([sys.executable, "-m", "potok.cli.prepare"], output=subprocess.PIPE, env=env)
        assert child.stdout is not None
        said, slow = b"", time.monotonic() + _SLOW_SECONDS
        while child.poll() is None:
            if time.monotonic() > slow:
                slow = float("inf")
                console("Preparing the database ...")
            if self._stop:
                end(child, signal.SIGTERM)
                raise _Stopped
            with selectors.DefaultSelector() as selector:
                selector.register(child.stdout, selectors.EVENT_READ)
                selector.register(self._wake, selectors.EVENT_READ)
                selector.select(_TICK)
            self._drain()
            os.set_blocking(child.stdout.fileno(), False)
            said += child.stdout.read() or b""
        said += child.stdout.read() or b""
        child.stdout.close()
        answer = _last_json(said)
        if child.returncode != 0 or answer is None:
            log = self._folder.logs / "prepare.log"
            log.write_bytes(said)
            raise StartError(f"The database cannot be prepared. {(answer or {}).get('error') or f'See {log}.'}")
        if told := answer.get("said"):
            console(f"potok    | {told}")
        return str(answer.get("setup_token") or "")

    def _children(self, env: dict[str, str]) -> list[Keeper]:
        assert self._door is not None
        python, fd = [sys.executable, "-m"], self._door.fileno()
        names = ["worker"] if self._plan.workers == 1 else [f"worker-{n + 1}" for n in range(self._plan.workers)]
        listening = env | {"POTOK_LISTEN_FD": str(fd)}
        serve = Keeper("serve", [*python, "potok.cli.serve"], listening, self._log("serve"), (fd,))
        return [serve, *(Keeper(name, [*python, "potok.cli.worker"], env, self._log(name)) for name in names)]

    def _log(self, name: str) -> LineLog:
        return LineLog(name, self._folder.logs / f"{name}.log", named=not self._plan.log_json)

    def _wait_ready(self) -> None:
        assert self._door is not None
        deadline = time.monotonic() + _READY_SECONDS
        while not answers(self._door):
            self._tick(0.03)
            self._check_stop()
            fallen = [keeper for keeper in self._keepers if keeper.crashes >= _TOO_MANY_CRASHES]
            if fallen or time.monotonic() > deadline:
                log = self._folder.logs / f"{(fallen or self._keepers)[0].name}.log"
                raise StartError(f"Potok does not get ready. The end of {log}:\n{tail(log)}")
        self._ready = True

    # keeping

    def _keep(self) -> None:
        while not self._stop:
            self._tick(_TICK)
            self._revive_servers()

    def _revive_servers(self) -> None:
        try:
            self._servers.revive()
        except (EmbeddedError, OSError) as error:  # tried again in a second; the children answer 503 meanwhile
            console(f"potok    | {error}", stream=sys.stderr)

    def _tick(self, seconds: float) -> None:
        """Sleep until something happens: output, a signal (also a child's end), a due restart."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake, selectors.EVENT_READ)
            for keeper in self._keepers:
                if keeper.pipe is not None:
                    selector.register(keeper.pipe, selectors.EVENT_READ, keeper)
            for key, _ in selector.select(seconds):
                if key.data is not None:
                    key.data.relay()
        self._drain()
        if self._reload:
            self._reload = False
            for keeper in self._keepers:
                keeper.ask_to_stop()
                keeper.due = time.monotonic()
        for keeper in self._keepers:
            self._look_after(keeper)

    def _look_after(self, keeper: Keeper) -> None:
        code = keeper.ended()
        if code is not None and keeper.due is None and not self._stop:
            delay = keeper.plan_restart()
            console(f"potok    | {keeper.name} ended ({_reason(code)}), starting again in {delay:g} s")
        if keeper.process is None and keeper.due is not None and time.monotonic() >= keeper.due:
            keeper.start()

    # stopping

    def _shut_down(self) -> None:
        """The API first (nothing new comes in), then the workers, then the servers they stand on."""
        if self._keepers and self._ready:
            console("Potok is stopping ...")
        serve, workers = self._keepers[:1], self._keepers[1:]
        for group, grace in ((serve, _SERVE_GRACE), (workers, _WORKER_GRACE)):
            for keeper in group:
                keeper.ask_to_stop()
            for keeper in group:
                keeper.close(grace, lambda: self._stop > 1)  # a second Ctrl+C: at once
        if self._door is not None:
            self._door.close()
        self._servers.stop()
        self._folder.leave()

    # signals

    def _listen_to_signals(self) -> None:
        signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGHUP, self._on_reload)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only to wake the loop

    def _on_stop(self, *_: object) -> None:
        self._stop += 1

    def _on_reload(self, *_: object) -> None:
        self._reload = True

    def _check_stop(self) -> None:
        if self._stop:
            raise _Stopped

    def _drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while os.read(self._wake, 512):
                pass


def _refuse(error: Exception) -> int:
    console(f"Potok cannot start. {error}", stream=sys.stderr)
    return 1


def _reason(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def _last_json(said: bytes) -> dict[str, object] | None:
    for line in reversed(said.splitlines()):
        with contextlib.suppress(ValueError):
            found = json.loads(line)
            if isinstance(found, dict):
                return found
    return None
