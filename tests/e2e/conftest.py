"""A real Potok and a real browser for the end-to-end tests."""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.e2e.office import Office
from tests.running import Potok

# A busy machine is slow, not wrong.
expect.set_options(timeout=15_000)

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


@contextmanager
def running(**settings: str) -> Iterator[Potok]:
    """A fresh Potok without an owner, in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="potok-e2e-"))
    made = Potok(folder / "data", console=None, **settings)
    try:
        made.start()
        yield made
    finally:
        if made.process is not None and made.process.poll() is None:
            made.stop(signal.SIGTERM)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def potok() -> Iterator[Potok]:
    """A fresh Potok without an owner: `url`, `setup_url`, `process`, `data`, and `cli(...)` for its commands."""
    with running() as made:
        yield made


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """One office for all tests, because a start costs seconds: they leave each other's scenarios alone."""
    with running() as made:
        yield Office(made)


@dataclass(frozen=True)
class Look:
    """How a person looks at the screens."""

    language: str = "en"
    scheme: Literal["light", "dark"] = "light"
    width: int = 1440
    height: int = 900
    touch: bool = False


DESK = Look()
RUSSIAN = Look("ru", "dark")
PHONE = Look(width=360, height=740, touch=True)
Enter = Callable[..., Page]


@pytest.fixture
def enter(office: Office, new_context: Callable[..., BrowserContext]) -> Enter:
    """`enter(path, look, who=...)`: a window of its own, signed in; by default as the owner of that language."""

    def open_window(path: str = "/", look: Look = DESK, who: str = "") -> Page:
        context = window(new_context, look)
        name = who or {"en": "olga", "ru": "anna"}[look.language]
        office.let_in(context, name)
        page = context.new_page()
        page.goto(office.url + path)
        return page

    return open_window


def window(new_context: Callable[..., BrowserContext], look: Look) -> BrowserContext:
    """A browser profile of its own that speaks the language and has the colours of `look`."""
    context = new_context(
        viewport={"width": look.width, "height": look.height},
        locale="ru-RU" if look.language == "ru" else "en-US",
        color_scheme=look.scheme,
        has_touch=look.touch,
        is_mobile=look.touch,
        timezone_id="Europe/Moscow",
        reduced_motion="reduce",
    )
    context.add_init_script(f"localStorage.setItem('potok.locale', '{look.language}')")
    return context
