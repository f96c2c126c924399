"""`make dev`: Potok whose API and workers restart when Python changes, and Vite for the browser app."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from watchfiles import PythonFilter, watch

ROOT = Path(__file__).resolve().parents[1]
PORT = os.environ.get("POTOK_PORT", "8080")
API = f"http://127.0.0.1:{PORT}"


def main() -> int:
    """Until Ctrl+C. A change sends SIGHUP to the supervisor, which starts its children again."""
    potok = subprocess.Popen([sys.executable, "-m", "potok.cli", "up", "--port", PORT], start_new_session=True)
    vite = subprocess.Popen(
        ["npm", "run", "dev", "--", "--clearScreen", "false"],
        cwd=ROOT / "frontend",
        env=os.environ | {"POTOK_API": API},
        start_new_session=True,
    )
    print(f"Open the address that Vite prints: it passes requests on to {API}.", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # as Ctrl+C: the children must not stay
    try:
        for _ in watch(ROOT / "backend" / "potok", watch_filter=PythonFilter(), raise_interrupt=False):
            if potok.poll() is not None:
                break
            potok.send_signal(signal.SIGHUP)
    finally:
        os.killpg(vite.pid, signal.SIGTERM)
        potok.send_signal(signal.SIGTERM)
        vite.wait()
    return potok.wait()


if __name__ == "__main__":
    sys.exit(main())
