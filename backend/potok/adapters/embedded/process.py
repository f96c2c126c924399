"""Child processes that never outlive us: in their own session, ended by pid, killed by the kernel if we die."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LINUX = sys.platform.startswith("linux")


class EmbeddedError(Exception):
    """An embedded server cannot start; the message says what happened, where to look and how to mend it."""


def _leash(parent: int, death_signal: int) -> Callable[[], None]:
    """Make the code a child runs before exec: the kernel sends it `death_signal` when its parent dies."""
    libc = ctypes.CDLL(None, use_errno=True)  # loaded here, because loading after fork is unsafe

    def tie() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # the parent died before the leash was on
            os._exit(1)

    return tie


def spawn(
    command: Sequence[str],
    *,
    output: Path | int | None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: int | None = None,
    group: int | None = None,
    pass_fds: Sequence[int] = (),
    death_signal: int = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in its own session. `output` is a log file to append to, `subprocess.PIPE`, or nothing."""
    log = open(output, "ab") if isinstance(output, Path) else output  # noqa: SIM115 (handed to the child)
    try:
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if log is None else log,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            user=user,
            group=group,
            extra_groups=None if user is None else [],
            start_new_session=True,
            pass_fds=tuple(pass_fds),
            preexec_fn=_leash(os.getpid(), death_signal) if _LINUX else None,
        )
    finally:
        if log is not None and not isinstance(log, int):
            log.close()


def end(process: subprocess.Popen[bytes], polite: int, *, seconds: float = 10.0) -> int:
    """Ask a child to stop, kill it if it has not within `seconds`; its exit code."""
    if process.poll() is None:
        process.send_signal(polite)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Poll `ready` until it holds; False when the process ended or the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ready():
            return True
        if process.poll() is not None:
            return False
        time.sleep(0.01)
    return False


def command_line(pid: int) -> str:
    """The command line of a running process, empty when there is none (or it is a zombie)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass
    if _LINUX:
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            return ""
    found = subprocess.run(["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)
    return found.stdout.decode(errors="replace").strip()


def end_leftover(
    pid: int, belongs: Callable[[str], bool], signals: Sequence[int], *, seconds: float = 5.0
) -> None:
    """End a server that a killed start left behind. `belongs` must recognise its command line as ours."""
    for number in signals:
        if not belongs(command_line(pid)):
            return
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and belongs(command_line(pid)):
            time.sleep(0.02)


def tail(path: Path, lines: int = 12) -> str:
    """The last lines of a log, for an error message."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"
