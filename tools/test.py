"""Runs all Python tests: first side by side on all cores, then one after another those that must have the machine."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EARLIER = ROOT / "build" / "test-earlier.json"
CHROMIUM = ROOT / ".venv" / ".made" / "chromium"


def main() -> int:
    """The exit code of the worse half. The last lines are pytest's summary of both halves together."""
    EARLIER.parent.mkdir(exist_ok=True)
    EARLIER.unlink(missing_ok=True)
    env = os.environ | {"PYTHONPATH": str(ROOT / "tools")}
    if CHROMIUM.exists():
        env.setdefault("POTOK_CHROMIUM", CHROMIUM.read_text(encoding="utf-8").strip())
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "one_summary", *sys.argv[1:]]
    halves = (
        ["-n", "2", "--dist", "loadgroup", "-m", "not e2e and not alone", "--write-results", str(EARLIER)],
        ["-m", "e2e or alone", "--read-results", str(EARLIER)],
    )
    codes = [subprocess.run([*pytest, *half], env=env, cwd=ROOT, check=False).returncode for half in halves]
    return max(code if code != NO_TESTS else 0 for code in codes)


NO_TESTS = 5

if __name__ == "__main__":
    sys.exit(main())
