"""Runs all Python tests: side by side first, then those that need the machine alone, then the browser's."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "build" / "test-results.json"
CHROMIUM = ROOT / ".venv" / ".made" / "chromium"
NO_TESTS = 5
# The browser's tests have a process of their own: Playwright's event loop and the async tests' exclude each other.
PARTS = (
    ["-n", "2", "--dist", "loadgroup", "-m", "not e2e and not alone"],
    ["-m", "alone and not e2e"],
    ["-m", "e2e"],
)


def main() -> int:
    """The exit code of the worst part. The last lines are pytest's summary of all parts together."""
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.unlink(missing_ok=True)
    env = os.environ | {"PYTHONPATH": str(ROOT / "tools")}
    if CHROMIUM.exists():
        env.setdefault("POTOK_CHROMIUM", CHROMIUM.read_text(encoding="utf-8").strip())
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "one_summary", "--all-results", str(RESULTS)]
    codes = [
        subprocess.run([*pytest, *sys.argv[1:], *part], env=env, cwd=ROOT, check=False).returncode
        for part in PARTS
    ]
    return max(0 if code == NO_TESTS else code for code in codes)


if __name__ == "__main__":
    sys.exit(main())
