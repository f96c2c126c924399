"""The main job in a real browser: setup link, drag, connect, publish, POST twice, green live, history, Outbox."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.office import post
from tests.e2e.screens import Builder, picture, set_up
from tests.running import Potok


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    """A desk screen, in English."""
    return browser_context_args | {"viewport": {"width": 1680, "height": 1000}, "locale": "en-US"}


def _build(builder: Builder) -> None:
    builder.drag("When a webhook is called", 480, 300)
    builder.drag("If", 800, 300)
    builder.drag("Send an e-mail", 1120, 200)
    expect(builder.wires).to_have_count(1)  # what is dropped beside a free way out lands connected
    builder.connect("If", "true", "Send an e-mail")
    builder.drag("Set fields", 1120, 480)
    expect(builder.wires).to_have_count(3)


def _fill_in(builder: Builder) -> None:
    settings = builder.settings
    builder.choose("If")
    builder.insert("Condition 1: what is checked", "amount")
    settings.get_by_role("combobox", name="Condition 1: how").select_option("is more than")
    settings.get_by_role("textbox", name="Condition 1: compared with").fill("1000")
    builder.choose("Send an e-mail")
    settings.get_by_role("textbox", name="To", exact=True).fill("head@example.com")
    settings.get_by_role("textbox", name="Subject").press_sequentially("Big order: ")
    builder.insert("Subject", "amount")
    settings.get_by_role("textbox", name="Text").fill("Please look at it today.")
    builder.choose("Set fields")
    settings.get_by_role("textbox", name="Name 1").fill("size")
    settings.get_by_role("textbox", name="Value 1").fill("ordinary")


def test_a_scenario_dragged_together_runs_on_a_real_post_and_turns_green_live(potok: Potok, page: Page) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)

    set_up(page, potok.setup_url)
    picture(page, "home-empty")
    builder = Builder(page)
    builder.open_new()
    page.get_by_role("textbox", name="Name of the scenario").fill("Big orders")
    _build(builder)
    _fill_in(builder)
    picture(page, "builder-filled-in")

    builder.choose("When a webhook is called")
    hook = builder.settings.get_by_text(re.compile(r"^http://\S+/h/\S+$")).inner_text()
    expect(page.get_by_role("status").filter(has_text="Saved").first).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_role("dialog")).to_be_hidden()

    assert post(hook, {"amount": 1500}).status == 202
    expect(builder.node("Send an e-mail")).to_contain_text("done")
    expect(builder.node("Set fields")).to_contain_text("skipped")
    picture(page, "builder-first-run")
    assert post(hook, {"amount": 900}).status == 202
    expect(builder.node("Set fields")).to_contain_text("done")
    expect(builder.node("Send an e-mail")).to_contain_text("skipped")

    page.get_by_role("link", name="Runs").click()
    runs = page.get_by_role("main").get_by_role("link", name=re.compile("Big orders"))
    expect(runs).to_have_count(2)
    picture(page, "runs")
    runs.last.click()
    page.get_by_role("complementary", name="Steps of the run").get_by_role(
        "button", name=re.compile("^Send an e-mail")
    ).click()
    expect(page.get_by_role("main")).to_contain_text("Big order: 1500")
    picture(page, "run-page")

    page.get_by_role("link", name="Outbox").click()
    expect(page.get_by_role("main")).to_contain_text("Big order: 1500")
    expect(page.get_by_role("main")).to_contain_text("head@example.com")
    picture(page, "outbox")
    assert errors == []
