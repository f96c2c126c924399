"""The whole path by keyboard only: sign in, build, publish, see it run. The mouse is never touched."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from tests.e2e.conftest import Look, window
from tests.e2e.office import PASSWORD, Office, post
from tests.running import eventually

FARTHEST = 90


def reach(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press Tab until the focus stands there."""
    expect(target).to_be_attached()
    for _ in range(FARTHEST):
        if target.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"Tab never reaches {target}; it stands at {focused(page)}")


def focused(page: Page) -> str:
    """What has the focus, for messages."""
    return str(page.evaluate("document.activeElement?.outerHTML.slice(0, 200)"))


@pytest.fixture
def page(office: Office, new_context: Callable[..., BrowserContext]) -> Page:
    """A window at the sign-in, with the mouse switched off: any press of it is an error."""
    page = window(new_context, Look()).new_page()
    page.add_init_script(
        "for (const type of ['pointerdown', 'mousedown', 'touchstart'])"
        " addEventListener(type, () => { throw new Error('mouse') }, true)"
    )
    page.goto(f"{office.url}/sign-in")
    return page


def test_orders_are_built_published_and_seen_by_keyboard_alone(office: Office, page: Page) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    keys = page.keyboard
    sign_in(page)
    reach(page, page.get_by_role("button", name="Build a scenario").first)
    keys.press("Enter")
    name = page.get_by_role("textbox", name="Name of the scenario")
    reach(page, name)
    keys.type("Orders by keyboard")
    reach(page, page.get_by_role("radio", name="Canvas"))
    keys.press("ArrowRight")
    build(page)
    hook = address(page)
    reach(page, page.get_by_role("button", name="Publish"), "Shift+Tab")
    keys.press("Enter")
    expect(page.get_by_test_id("publish-confirm")).to_be_visible()
    keys.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()

    assert post(hook, {"amount": 1500}).status == 202
    expect(page.get_by_test_id("list-view")).to_contain_text("done")
    see_the_run(page)
    assert errors == []


def sign_in(page: Page) -> None:
    """E-mail and password."""
    reach(page, page.get_by_role("textbox", name="E-mail"))
    page.keyboard.type("olga@example.com")
    reach(page, page.get_by_role("textbox", name="Password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Olga")).to_be_visible()


def add(page: Page, opener: Locator, words: str) -> None:
    """Open the list of steps at a place, type a few letters, take the first."""
    reach(page, opener)
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Find a step")).to_be_focused()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("add-step")).to_be_hidden()


def insert(page: Page, field: str, words: str) -> None:
    """Alt+Down in a field, a few letters of the data's name, Enter."""
    reach(page, page.get_by_role("textbox", name=field, exact=True))
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("combobox", name="Find data")).to_be_focused()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.get_by_role("tree")).to_be_hidden()


def write(page: Page, field: str, words: str) -> None:
    """Type into a field of the settings."""
    reach(page, page.get_by_role("textbox", name=field, exact=True))
    page.keyboard.type(words)


def build(page: Page) -> None:
    """Webhook, if with a pill from the tree, an e-mail on one way and fields on the other."""
    listed = page.get_by_test_id("list-view")
    add(page, listed.get_by_role("button", name="Choose what starts the scenario"), "webhook")
    page.keyboard.press("Escape")
    add(page, listed.get_by_role("button", name="Add a step after When a webhook is called"), "if")
    insert(page, "Condition 1: what is checked", "amount")
    reach(page, page.get_by_role("combobox", name="Condition 1: how"))
    page.keyboard.type("is more")
    write(page, "Condition 1: compared with", "1000")
    page.keyboard.press("Escape")
    add(page, listed.get_by_role("button", name="Add a step after If").first, "e-mail")
    write(page, "To", "head@example.com")
    write(page, "Subject", "Big: ")
    insert(page, "Subject", "amount")
    write(page, "Text", "Look at it")
    page.keyboard.press("Escape")
    add(page, listed.get_by_role("button", name="Add a step after If").first, "set fields")
    write(page, "Name 1", "size")
    write(page, "Value 1", "ordinary")
    page.keyboard.press("Escape")


def address(page: Page) -> str:
    """The hook's address, from the trigger's settings."""
    reach(page, page.get_by_role("button", name="When a webhook is called").first)
    page.keyboard.press("Enter")
    hook = page.get_by_test_id("hook-url")
    expect(hook).to_be_visible()
    eventually("saved", lambda: page.get_by_test_id("save-state").get_attribute("data-phase") == "saved")
    return hook.inner_text()


def see_the_run(page: Page) -> None:
    """From the builder to the run's page, and a step's data there."""
    reach(page, page.get_by_role("link", name="Open the run"))
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("run-status")).to_contain_text("Done")
    steps = page.get_by_role("complementary", name="Steps of the run")
    reach(page, steps.get_by_role("button", name="Send an e-mail"))
    page.keyboard.press("Enter")
    expect(steps).to_contain_text("Big: 1500")
