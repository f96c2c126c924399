"""A real Potok for tests: `potok up` as a process, in a data folder of its own, on a free port."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil

START_SECONDS = 60.0


def clean_env(**settings: str) -> dict[str, str]:
    """The environment without the developer's own POTOK_* settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POTOK_")}
    return kept | {f"POTOK_{name.upper()}": value for name, value in settings.items()}


def cli(*arguments: str, text: str | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one command of `potok` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "potok.cli", *arguments],
        env=clean_env(**settings),
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Potok:
    """Started by `start`; `url`, `setup_url` and `output` tell what it printed."""

    def __init__(self, data: Path, *options: str, console: Path | None = None, **settings: str) -> None:
        self.data = data
        self.url = ""
        self.setup_url = ""
        self._options = options
        self._settings = {"data": str(data), "port": "0"} | settings
        self._log = console or data.parent / f"{data.name}.console"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def output(self) -> str:
        """Everything printed by the last start."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def launch(self) -> None:
        """Start the process and do not wait."""
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "potok.cli", "up", *self._options],
                env=clean_env(**self._settings),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def start(self) -> None:
        """Start and wait for the ready line. Fails with the console's text."""
        self.launch()
        assert self.process is not None
        deadline = time.monotonic() + START_SECONDS
        while not (ready := re.search(r"^Potok is ready: (\S+)$", self.output, re.MULTILINE)):
            assert self.process.poll() is None, f"potok up ended with {self.process.returncode}:\n{self.output}"
            assert time.monotonic() < deadline, f"potok up does not get ready:\n{self.output}"
            time.sleep(0.02)
        self.url = ready.group(1)
        time.sleep(0.05)  # the setup link follows in the same breath
        link = re.search(r"^Set up: (\S+)$", self.output, re.MULTILINE)
        self.setup_url = link.group(1) if link else ""

    def stop(self, number: int = signal.SIGINT) -> int:
        """Stop as a person would; the exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(40)

    def kill(self) -> None:
        """`kill -9` of the supervisor."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def family(self) -> list[psutil.Process]:
        """All processes below the supervisor."""
        assert self.process is not None
        return psutil.Process(self.process.pid).children(recursive=True)

    def children(self, what: str) -> list[psutil.Process]:
        """The living children that run this module (`potok.cli.serve`) or program (`postgres`)."""
        assert self.process is not None
        found = []
        for one in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if one.status() != psutil.STATUS_ZOMBIE and (one.name() == what or what in one.cmdline()):
                    found.append(one)
        return found

    def child(self, what: str) -> psutil.Process:
        """The only one of `children`."""
        (found,) = self.children(what)
        return found

    def cli(self, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """A command that talks to this Potok."""
        return cli(*arguments, text=text, data=str(self.data))

    def get(self, path: str) -> int:
        """The status of a page; 0 when nobody answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0


def eventually(what: str, happened: Callable[[], bool], seconds: float = 15.0) -> None:
    """Wait for something another process does."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"still waiting: {what}"
        time.sleep(0.03)
