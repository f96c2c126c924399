"""Potok's own processes, started as the supervisor starts them, for benchmarks and crash tests."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def environment(database_url: str, redis_url: str, port: int, **settings: object) -> dict[str, str]:
    """What a process of this Potok is given."""
    named = {f"POTOK_{name.upper()}": str(value) for name, value in settings.items()}
    servers = {"POTOK_DATABASE_URL": database_url, "POTOK_REDIS_URL": redis_url, "POTOK_PORT": str(port)}
    return os.environ | servers | named


def start(part: str, env: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    """`serve` or `worker`."""
    with log.open("ab") as output:
        return subprocess.Popen([sys.executable, "-m", f"potok.cli.{part}"], env=env, stdout=output, stderr=output)


def wait_ready(port: int, seconds: float = 30.0) -> None:
    """Return when the web server says it can work."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            pass
        time.sleep(0.02)
    raise TimeoutError(f"nothing is ready on port {port} after {seconds} s")


def end(process: "subprocess.Popen[bytes]", seconds: float = 20.0) -> int:
    """Ask it to stop and wait."""
    if process.poll() is None:
        process.terminate()
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
