"""One kept child: started, watched, started again when it crashes, a little later each time it does so at once."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

from potok.adapters.embedded.process import spawn
from potok.supervisor.logs import LineLog

_FIRST_DELAY = 0.25
_LONGEST_DELAY = 30.0
_HEALTHY_SECONDS = 20.0


class Keeper:
    """A Python child of Potok (API process or worker) with its log."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str],
        log: LineLog,
        pass_fds: Sequence[int] = (),
    ) -> None:
        self.name = name
        self.process: subprocess.Popen[bytes] | None = None
        self.crashes = 0
        self.due: float | None = None
        self._command, self._env, self._fds = list(command), dict(env), tuple(pass_fds)
        self._log = log
        self._since = 0.0
        self._go: int | None = None

    def start_and_hold(self) -> None:
        """Start the child, which loads its libraries and then waits for `go`."""
        told, self._go = os.pipe()
        try:
            self._spawn(self._env | {"POTOK_GO_FD": str(told)}, (*self._fds, told))
        finally:
            os.close(told)

    def go(self, env: Mapping[str, str]) -> None:
        """Tell a held child its remaining settings; later starts have them from the beginning."""
        self._env |= env
        if self._go is not None:
            with contextlib.suppress(BrokenPipeError):  # it has crashed: it will be started again
                os.write(self._go, json.dumps(dict(env)).encode())
            self._release()

    def start(self) -> None:
        """Start the child now."""
        self._spawn(self._env, self._fds)

    def _spawn(self, env: Mapping[str, str], fds: Sequence[int]) -> None:
        self.due = None
        # Killed at once if we die: what was answered is on disk, and a new start needs the folder and the port.
        self.process = spawn(
            self._command, output=subprocess.PIPE, env=env, pass_fds=fds, death_signal=signal.SIGKILL
        )
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        self._since = time.monotonic()

    @property
    def pipe(self) -> int | None:
        """The descriptor to watch for output."""
        running = self.process is not None and self.process.stdout is not None
        return self.process.stdout.fileno() if running and self.process and self.process.stdout else None

    def relay(self) -> None:
        """Move what the child said to its log and the console."""
        pipe = self.pipe
        while pipe is not None:
            try:
                data = os.read(pipe, 65536)
            except BlockingIOError:
                return
            if not data:
                return
            self._log.feed(data)

    def ended(self) -> int | None:
        """The exit code if the child has ended since it was started; then it may be started again."""
        if self.process is None or (code := self.process.poll()) is None:
            return None
        self.relay()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = None
        return code

    def plan_restart(self) -> float:
        """Set the time of the next start; the delay in seconds."""
        if time.monotonic() - self._since > _HEALTHY_SECONDS:
            self.crashes = 0
        delay = min(_LONGEST_DELAY, _FIRST_DELAY * 2.0 ** min(self.crashes, 10))
        self.crashes += 1
        self.due = time.monotonic() + delay
        return delay

    def ask_to_stop(self) -> None:
        """The polite signal."""
        self.due = None
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def close(self, seconds: float, impatient: Callable[[], bool]) -> None:
        """Wait for the end, kill when it takes longer (or patience ends); the last words go to the log."""
        deadline = time.monotonic() + seconds
        while self.process is not None and self.ended() is None:
            if time.monotonic() > deadline or impatient():
                self.process.kill()
            self.relay()  # a child that cannot write would never end
            time.sleep(0.02)
        self._release()
        self._log.close()

    def _release(self) -> None:
        if self._go is not None:
            os.close(self._go)
            self._go = None
