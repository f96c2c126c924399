"""A real Potok and a real browser for the end-to-end tests."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.running import Potok

# Sessions of these tests must not reach outside: without them Chromium asks for updates and more at every start.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def chromium() -> str | None:
    """The browser found by tools/chromium.py (`make test` names it), else one on the PATH."""
    found = [os.environ.get("POTOK_CHROMIUM"), *(shutil.which(name) for name in NAMES)]
    return next((path for path in found if path), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder is an end-to-end test."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """pytest-playwright's hook: which browser, and how."""
    arguments = browser_type_launch_args | {"args": list(CHROMIUM_FLAGS)}
    if path := chromium():
        arguments["executable_path"] = path
    return arguments


@pytest.fixture
def potok() -> Iterator[Potok]:
    """A fresh Potok without an owner: `url`, `setup_url`, `process`, `data`, and `cli(...)` for its commands."""
    folder = Path(tempfile.mkdtemp(prefix="potok-e2e-"))
    made = Potok(folder / "data")
    made.start()
    yield made
    if made.process is not None and made.process.poll() is None:
        made.stop(signal.SIGTERM)
    shutil.rmtree(folder, ignore_errors=True)
