"""On a phone of 360 pixels, by touch: nothing is wider than the screen, all is reachable, steps can be added."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import PHONE, Enter, Look
from tests.e2e.office import Made, Office, post

NOTICE = """format: potok/1
title: A scenario whose name is much longer than the screen of any phone is wide
nodes:
  - {id: hook, type: webhook.received, at: [0, 0]}
  - id: notice
    type: notice.send
    at: [352, 0]
    params: {title: A rather long line about a new order, text: "https://example.com/with/a/very/long/address/in/it"}
edges:
  - {from: hook, to: notice}
"""
RUSSIAN_PHONE = Look("ru", "dark", PHONE.width, PHONE.height, touch=True)


@pytest.fixture(scope="module")
def filled(office: Office) -> Made:
    """Notices, letters and runs to look at."""
    orders = office.make_orders()
    notice = office.make(NOTICE)
    post(orders.hook, {"amount": 123456789.12345, "client": {"name": "Константинопольская-Задунайская " * 3}})
    post(notice.hook, {})
    office.wait_for_runs(orders.id, 1)
    office.wait_for_runs(notice.id, 1)
    return orders


def fits(page: Page, screen: str) -> None:
    """No sideways scrolling, and nothing pressable sticks out of the screen or under the bar at the foot."""
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    wide = page.evaluate(
        "[document.documentElement, ...document.querySelectorAll('main, .builder, .list-view, .side-panel')]"
        ".filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className || one.tagName)"
    )
    assert wide == [], f"{screen}: wider than the screen: {wide}"
    out = page.evaluate(
        "[...document.querySelectorAll('main :is(a, button, input, select, [role=textbox])')]"
        ".filter((one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true })"
        "  && !one.closest('.runs-row, .canvas-pane, .builder-head') && one.getBoundingClientRect().width > 2)"
        ".filter((one) => one.getBoundingClientRect().left < -1"
        "  || one.getBoundingClientRect().right > innerWidth + 1)"
        ".map((one) => one.outerHTML.slice(0, 160))"
    )
    assert out == [], f"{screen}: out of reach: {out}"


@pytest.mark.parametrize("look", [PHONE, RUSSIAN_PHONE], ids=str)
def test_the_daily_screens_fit_and_are_reached_by_the_bar(
    filled: Made, office: Office, enter: Enter, look: Look
) -> None:
    page = enter("/", look)
    bar = page.get_by_role("navigation").filter(visible=True)
    fits(page, "home")
    for path in ("/scenarios", "/runs", "/inbox"):
        bar.locator(f'a[href="{path}"]').tap()
        expect(page).to_have_url(office.url + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        fits(page, path)
    for path in ("/outbox", "/plugins", "/people", "/keys"):
        bar.get_by_role("button").tap()
        page.get_by_role("dialog").locator(f'a[href="{path}"]').tap()
        expect(page).to_have_url(office.url + path)
        fits(page, path)


def test_a_run_is_read_on_a_phone(filled: Made, office: Office, enter: Enter) -> None:
    page = enter("/runs", PHONE)
    page.get_by_role("main").get_by_role("link", name=re.compile("Big orders")).first.tap()
    expect(page.get_by_test_id("run-status")).to_contain_text("Done")
    step = page.get_by_test_id("step-letter").get_by_role("button").first
    step.tap()
    fits(page, "run page")
    letter = page.get_by_test_id("step-letter")
    letter.get_by_text("head@example.com").first.scroll_into_view_if_needed()
    expect(letter.get_by_text("head@example.com").first).to_be_in_viewport()


def test_a_step_is_added_and_set_by_touch_in_the_list(office: Office, enter: Enter) -> None:
    made = office.make_orders(publish=False)
    page = enter(f"/scenarios/{made.id}", PHONE)
    listed = page.get_by_test_id("list-view")
    expect(listed).to_be_visible()
    fits(page, "list view")
    page.get_by_test_id("list-add-letter-out").tap()
    page.get_by_test_id("add-step").get_by_role("option", name=re.compile("^Show a notice")).tap()
    title = page.get_by_test_id("inspector").get_by_role("textbox", name="Title")
    title.tap()
    title.fill("A letter went out")
    fits(page, "settings")
    page.get_by_role("button", name="Close the settings").tap()
    expect(listed).to_contain_text("Show a notice")
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-phase", "saved")
    draft = office.draft(made.id)
    [added] = [node for node in draft["nodes"] if node["type"] == "notice.send"]
    assert added["params"]["title"] == "A letter went out"
    assert ("letter", added["id"]) in {(edge["source"], edge["target"]) for edge in draft["edges"]}


def test_the_head_of_the_builder_is_all_on_the_phone(office: Office, enter: Enter) -> None:
    page = enter(f"/scenarios/{office.make_orders().id}", PHONE)
    publish = page.get_by_role("button", name="Publish")
    publish.scroll_into_view_if_needed()
    expect(publish).to_be_in_viewport(ratio=1)
    publish.tap()
    expect(page.get_by_role("dialog")).to_be_visible()
    fits(page, "publish dialog")


@pytest.mark.parametrize("type_title", ["If"])
def test_a_step_is_dragged_onto_the_canvas_by_a_finger(office: Office, enter: Enter, type_title: str) -> None:
    """A tablet: touch on a wide screen. Raw touch points, as no helper of Playwright drags by finger."""
    made = office.make_orders(publish=False)
    page = enter(f"/scenarios/{made.id}", Look(width=1100, height=800, touch=True))
    expect(page.get_by_test_id("node-letter")).to_be_visible()
    item = page.get_by_role("complementary", name="Steps to add").get_by_role(
        "button", name=type_title, exact=True
    )
    item.scroll_into_view_if_needed()
    box = item.bounding_box()
    assert box is not None
    client = page.context.new_cdp_session(page)
    x, y = box["x"] + 30, box["y"] + 15
    path = [(x + 40 * step, y - 30 * step) for step in range(12)]  # up to where the canvas is empty
    for kind, (at_x, at_y) in [("touchStart", path[0]), *(("touchMove", point) for point in path[1:])]:
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": at_x, "y": at_y}]})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.get_by_role("complementary", name="Step: If")).to_be_visible()
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-phase", "saved")
    assert len([node for node in office.draft(made.id)["nodes"] if node["type"] == "logic.if"]) == 2
