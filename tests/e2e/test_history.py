"""Undo and redo of everything, autosave, two windows on one draft, a draft that may not be published yet."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import Enter
from tests.e2e.office import Office
from tests.e2e.screens import Builder

CHAIN = """format: potok/1
title: Chain
nodes:
  - {id: hook, type: webhook.received, at: [0, 0]}
  - {id: middle, type: data.text, title: Middle, at: [352, 0], params: {text: Hello}}
  - {id: last, type: data.set_fields, title: Last, at: [704, 0], params: {fields: [{name: a, value: "1"}]}}
edges:
  - {from: hook, to: middle}
  - {from: middle, to: last}
"""
INVALID = CHAIN.replace("params: {text: Hello}", "disabled: false").replace("data.text", "mail.send")


def saved(page: Page) -> None:
    """Everything typed is on the server."""
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-phase", "saved")


def shape(draft: dict[str, Any]) -> tuple[set[str], set[tuple[str, str, str]]]:
    """Steps and wires of a graph."""
    nodes = {node["id"] for node in draft["nodes"]}
    return nodes, {(edge["source"], edge["port"], edge["target"]) for edge in draft["edges"]}


@pytest.fixture
def opened(office: Office, enter: Enter) -> tuple[Page, str]:
    """The chain in the builder, and its id."""
    made = office.make(CHAIN, publish=False)
    page = enter(f"/scenarios/{made.id}")
    expect(page.get_by_test_id("node-last")).to_be_visible()
    return page, made.id


def test_every_kind_of_change_is_undone_and_done_again_by_keyboard(
    office: Office, opened: tuple[Page, str]
) -> None:
    page, scenario = opened
    builder = Builder(page)
    before = office.draft(scenario)
    page.locator(".react-flow__pane").click(position={"x": 20, "y": 20})
    builder.add_by_slash("notice", "notice.send")
    builder.settings.get_by_role("textbox", name="Title").fill("Hi")
    page.keyboard.press("Escape")
    builder.node("Middle").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Delete")
    expect(builder.node("Middle")).to_be_hidden()
    saved(page)
    after = office.draft(scenario)
    nodes, edges = shape(after)
    assert "middle" not in nodes
    assert ("hook", "out", "last") in edges, "the wire around a removed step heals"

    for _ in range(4):
        page.keyboard.press("Control+z")
    expect(builder.node("Middle")).to_be_visible()
    expect(page.get_by_role("group", name="Then: Show a notice")).to_be_hidden()
    saved(page)
    assert office.draft(scenario) == before
    for _ in range(4):
        page.keyboard.press("Control+Shift+z")
    expect(builder.node("Middle")).to_be_hidden()
    saved(page)
    assert office.draft(scenario) == after


def test_a_wire_and_a_name_are_undone_too(office: Office, opened: tuple[Page, str]) -> None:
    page, scenario = opened
    builder = Builder(page)
    before = office.draft(scenario)
    page.get_by_role("textbox", name="Name of the scenario").fill("Another name")
    page.keyboard.press("Enter")
    page.locator(".react-flow__edge").last.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Delete")
    expect(page.locator(".react-flow__edge")).to_have_count(1)
    builder.connect("When a webhook is called", "out", "Last")
    saved(page)
    assert shape(office.draft(scenario))[1] == {("hook", "out", "middle"), ("hook", "out", "last")}
    for _ in range(3):
        page.keyboard.press("Control+z")
    expect(page.get_by_role("textbox", name="Name of the scenario")).to_have_value("Chain")
    saved(page)
    assert office.draft(scenario) == before


def test_what_was_edited_is_there_after_a_reload(opened: tuple[Page, str]) -> None:
    page, _ = opened
    builder = Builder(page)
    builder.choose("Middle")
    builder.settings.get_by_role("textbox", name="Text").fill("Good morning")
    saved(page)
    page.reload()
    builder.choose("Middle")
    expect(builder.settings.get_by_role("textbox", name="Text")).to_have_text("Good morning")


def test_two_windows_on_one_draft_tell_the_conflict_and_lose_nothing(
    office: Office, opened: tuple[Page, str], enter: Enter
) -> None:
    mine, scenario = opened
    theirs = enter(f"/scenarios/{scenario}", who="anna")
    for page, words in ((theirs, "from Anna"), (mine, "from Olga")):
        builder = Builder(page)
        page.get_by_test_id("node-middle").click()
        page.get_by_test_id("inspector").locator('[data-field="text"]').get_by_role("textbox").fill(words)
        if page is theirs:
            saved(page)
            assert _middle(office, scenario) == "from Anna"
    dialog = mine.get_by_role("dialog", name="The scenario was changed elsewhere")
    expect(dialog).to_contain_text("anna saved this scenario")
    dialog.get_by_role("button", name="Take theirs").click()
    text = Builder(mine).settings.get_by_role("textbox", name="Text")
    expect(text).to_have_text("from Anna")
    builder.close_settings() if builder.settings.is_visible() else None
    mine.keyboard.press("Control+z")
    mine.get_by_test_id("node-middle").click()
    expect(text).to_have_text("from Olga")
    saved(mine)
    assert _middle(office, scenario) == "from Olga"


def _middle(office: Office, scenario: str) -> Any:
    return next(one for one in office.draft(scenario)["nodes"] if one["id"] == "middle")["params"]["text"]


def test_an_unfinished_scenario_saves_but_does_not_publish_and_the_problems_lead_to_the_step(
    office: Office, enter: Enter
) -> None:
    made = office.make(INVALID, publish=False)
    page = enter(f"/scenarios/{made.id}")
    builder = Builder(page)
    page.get_by_role("textbox", name="Name of the scenario").fill("Unfinished")
    saved(page)
    assert office.draft(made.id)["title"] == "Unfinished"
    page.get_by_role("button", name="Publish").click()
    dialog = page.get_by_role("dialog", name="Not ready to publish")
    expect(dialog.get_by_role("button", name=re.compile("^Middle:"))).not_to_have_count(0)
    dialog.get_by_role("button", name=re.compile("^Middle:")).first.click()
    expect(dialog).to_be_hidden()
    settings = page.get_by_role("complementary", name="Step: Middle")
    settings.get_by_role("textbox", name="To", exact=True).fill("a@example.com")
    settings.get_by_role("textbox", name="Subject").fill("Hello")
    settings.get_by_role("textbox", name="Text").fill("Hello")
    builder.close_settings()
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_test_id("on-off")).to_be_attached()
