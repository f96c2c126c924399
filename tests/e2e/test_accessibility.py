"""Axe finds nothing on any screen: English in light colours, Russian in dark ones, and the ways in."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import BrowserContext, Page, expect
from tests.e2e.conftest import Enter, Look, running, window
from tests.e2e.office import Made, Office, post

LOOKS = [Look("en", "light"), Look("ru", "dark")]
LISTS = (
    "/",
    "/scenarios",
    "/records",
    "/runs",
    "/events",
    "/calendar",
    "/inbox",
    "/outbox",
    "/plugins",
    "/people",
    "/keys",
    "/nowhere",
)
AXE = Axe()
STILL = """Promise.all(document.getAnimations()
    .filter((one) => one.playState === "running" && Number.isFinite(one.effect.getComputedTiming().endTime))
    .map((one) => one.finished.catch(() => null)))"""

FAILING = """format: potok/1
title: Fails
nodes:
  - {id: hook, type: webhook.received, at: [0, 0]}
  - {id: notice, type: notice.send, at: [352, 0], params: {title: "A new order", text: "Look at it"}}
  - {id: fail, type: flow.fail, at: [704, 0], params: {message: "No stock"}}
edges:
  - {from: hook, to: notice}
  - {from: notice, to: fail}
"""
BROKEN = """format: potok/1
title: Not ready
nodes:
  - {id: hook, type: webhook.received, at: [0, 0]}
  - {id: letter, type: mail.send, at: [352, 0]}
edges:
  - {from: hook, to: letter}
"""


def check(page: Page, screen: str) -> None:
    """Nothing is still loading or moving, and axe has nothing to say (WCAG A and AA, best practices)."""
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.evaluate(STILL)
    found = AXE.run(page)
    assert found.violations_count == 0, f"{screen}\n{found.generate_report()}"


@pytest.fixture(scope="module")
def filled(office: Office) -> Made:
    """An office with something on every screen; the answer is the scenario to look at."""
    made = office.make_orders()
    failing = office.make(FAILING)
    post(made.hook, {"amount": 1500, "client": {"name": "Anna"}})
    post(failing.hook, {})
    office.wait_for_runs(made.id, 1)
    office.wait_for_runs(failing.id, 1, "FAILED")
    return made


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_list_and_the_command_palette(filled: Made, office: Office, enter: Enter, look: Look) -> None:
    page = enter("/", look)
    for path in LISTS:
        page.goto(office.url + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        check(page, path)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog").get_by_role("option").first).to_be_visible()
    check(page, "command palette")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()  # until then its field takes the next key
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page, "help with the keys")


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_builder_as_canvas_and_as_list(filled: Made, enter: Enter, look: Look) -> None:
    page = enter(f"/scenarios/{filled.id}", look)
    expect(page.get_by_test_id("node-check")).to_be_visible()
    check(page, "canvas")
    for node in ("hook", "check", "letter"):
        page.get_by_test_id(f"node-{node}").click()
        expect(page.get_by_test_id("inspector")).to_be_visible()
        check(page, f"settings of {node}")
    page.get_by_test_id("inspector").get_by_role("textbox").last.press("Alt+ArrowDown")
    expect(page.get_by_role("tree")).to_be_visible()
    check(page, "data picker")
    page.keyboard.press("Escape")
    page.locator(".mode-label").last.click()
    expect(page.get_by_test_id("list-view")).to_be_visible()
    check(page, "list with settings")
    page.keyboard.press("Escape")
    page.get_by_test_id("list-add-letter-out").click()
    expect(page.get_by_test_id("add-step")).to_be_visible()
    check(page, "adding a step")


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_problems_versions_and_publishing(office: Office, enter: Enter, look: Look) -> None:
    page = enter(f"/scenarios/{office.make(BROKEN, publish=False).id}", look)
    expect(page.get_by_test_id("node-letter")).to_be_visible()
    page.get_by_role("button", name=re.compile("^(Problems|Проблемы|Ошибки)")).click()
    expect(page.locator(".problem-row").first).to_be_visible()
    check(page, "problems")
    page.get_by_role("button", name=re.compile("^(Versions|Версии)$")).click()
    check(page, "versions")
    page.get_by_test_id("publish").click()
    expect(page.get_by_role("dialog").locator(".problem-row").first).to_be_visible()
    check(page, "what blocks publishing")
    page.goto(f"{office.url}/scenarios/{office.make_orders(publish=False).id}")
    page.get_by_test_id("publish").click()
    expect(page.get_by_test_id("publish-confirm")).to_be_visible()
    check(page, "publishing")


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_runs_on_the_canvas_and_on_their_page(filled: Made, office: Office, enter: Enter, look: Look) -> None:
    page = enter(f"/scenarios/{filled.id}", look)
    page.locator(".run-chip").first.click()
    expect(page.locator('[data-live="done"]').first).to_be_visible()
    check(page, "a run over the canvas")
    page.goto(f"{office.url}/runs/{office.runs(filled.id)[0]['id']}")
    page.get_by_test_id("step-letter").get_by_role("button").first.click()
    check(page, "run page")


def test_the_ways_in_and_the_first_screens(new_context: Callable[..., BrowserContext]) -> None:
    with running() as potok:
        pages = [window(new_context, look).new_page() for look in LOOKS]
        for page in pages:
            page.goto(f"{potok.url}/sign-in")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            check(page, "sign-in before the setup")
            page.goto(potok.setup_url)
            expect(page.get_by_role("textbox")).to_have_count(4)
            page.get_by_role("textbox").first.press("Enter")
            expect(page.locator("[aria-invalid=true]").first).to_be_visible()
            check(page, "setup, refused")
        office = Office(potok)
        for page, owner in zip(pages, ("olga", "anna"), strict=True):
            page.goto(f"{potok.url}/sign-in")
            page.get_by_role("textbox").first.fill("nobody@example.com")
            page.get_by_role("textbox").first.press("Enter")
            expect(page.get_by_role("alert")).to_be_visible()
            check(page, "sign-in, refused")
            office.let_in(page.context, owner)
            for path in ("/", "/scenarios", "/runs", "/inbox", "/outbox"):
                page.goto(potok.url + path)
                expect(page.get_by_role("heading", level=1)).to_be_visible()
                check(page, f"{path}, empty")
