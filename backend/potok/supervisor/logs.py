"""Children's output: line by line to a file that cannot grow without end, and to the console."""

import contextlib
import os
import sys
from pathlib import Path

MAX_BYTES = 10 * 1024 * 1024
_LONGEST_LINE = 64 * 1024


class LineLog:
    """Collects the bytes of one child into lines."""

    def __init__(self, name: str, path: Path, *, named: bool = True) -> None:
        self.path = path
        self._prefix = f"{name:<9}| " if named else ""
        self._rest = b""
        self._file = path.open("ab", buffering=0)

    def feed(self, data: bytes) -> None:
        """Take what was read from the child's pipe."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > _LONGEST_LINE:
            lines.append(self._rest)
            self._rest = b""
        for line in lines:
            console(self._prefix + line.decode(errors="replace"), stream=sys.stderr)
        with contextlib.suppress(OSError):  # a full disk costs lines of the log, not Potok
            self._file.write(b"".join(line + b"\n" for line in lines))
            if self._file.tell() > MAX_BYTES:
                self._rotate()

    def close(self) -> None:
        """Write what is left."""
        if self._rest:
            self.feed(b"\n")
        self._file.close()

    def _rotate(self) -> None:
        self._file.close()
        rotate(self.path)
        self._file = self.path.open("ab", buffering=0)


def rotate(path: Path) -> None:
    """Keep one older file beside the current one."""
    if path.exists():
        os.replace(path, path.with_suffix(path.suffix + ".1"))


def rotate_if_long(path: Path) -> None:
    """For logs that a server writes by itself: looked at when it starts."""
    if path.exists() and path.stat().st_size > MAX_BYTES:
        rotate(path)


def console(text: str, *, stream: object = None) -> None:
    """Print to the terminal; a closed terminal must not end Potok."""
    out = sys.stdout if stream is None else sys.stderr
    with contextlib.suppress(OSError):
        print(text, file=out, flush=True)
