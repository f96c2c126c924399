"""Finds a Chromium or Chrome for the browser tests, gets one if there is none, and prints its path."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def on_machine() -> str | None:
    """The one named by POTOK_CHROMIUM, on the PATH, or in the Mac's Applications."""
    named = os.environ.get("POTOK_CHROMIUM")
    found = [named] if named else [shutil.which(name) for name in NAMES]
    return next((path for path in (*found, *MAC) if path and Path(path).exists()), None)


def of_playwright() -> str | None:
    """The one Playwright downloaded."""
    from playwright.sync_api import sync_playwright  # starts a driver: only when the machine has no browser

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def download() -> str | None:
    """Let Playwright download its Chromium; many closed networks refuse that at once."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        done = subprocess.run(command, stdout=sys.stderr, stderr=subprocess.DEVNULL, timeout=300, check=False)
    except subprocess.TimeoutExpired:
        return None
    return of_playwright() if done.returncode == 0 else None


def debian() -> str | None:
    """Install Debian's package, as root or by sudo without a password."""
    if not shutil.which("apt-get"):
        return None
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-q"], ["install", "-qy", "--no-install-recommends", "chromium"]):
        subprocess.run([*prefix, "apt-get", *arguments], stdout=sys.stderr, env=env, check=False)
    return on_machine()


def main() -> int:
    """Print the path; exit code 1 when there is no way to a browser."""
    for find in (on_machine, of_playwright, download, debian):
        if path := find():
            print(path)
            return 0
    print(
        "No Chromium or Chrome was found and none could be installed. "
        "Install one, or name it with POTOK_CHROMIUM=/path/to/chromium.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
