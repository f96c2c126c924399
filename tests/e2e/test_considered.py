"""'Why did it not run?' on the screens: two clicks to the answer, and the value that decided is named."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import DESK, PHONE, Enter, Look
from tests.e2e.office import Made, Office, post
from tests.e2e.screens import Builder, picture
from tests.e2e.test_phone import fits
from tests.e2e.test_russian import speaks_russian

BIG = """format: potok/1
title: Big orders
nodes:
  - id: hook
    type: webhook.received
    at: [0, 0]
    settings:
      start_if: {match: all, rules: [{left: {$ref: [hook, body, amount]}, op: gt, right: 1000}]}
  - id: perm
    type: logic.filter
    title: Only Perm
    at: [352, 0]
    params:
      conditions: {match: all, rules: [{left: {$ref: [hook, body, city]}, op: eq, right: Perm}]}
  - {id: note, type: data.text, at: [704, 0], params: {text: Big}}
edges:
  - {from: hook, to: perm}
  - {from: perm, to: note}
"""
REASON = "amount (900) is not greater than 1000"


@pytest.fixture(scope="module")
def big(office: Office) -> Made:
    """A scenario that wants more than a thousand, and got less, and got more."""
    made = office.make(BIG)
    answer = post(made.hook, {"amount": 900, "city": "Perm"})
    assert (answer.status, answer.body["started"]) == (202, False)
    post(made.hook, {"amount": 2000, "city": "Kazan"}, webhook_id="order-7")
    post(made.hook, {"amount": 2000, "city": "Kazan"}, webhook_id="order-7")
    office.wait_for_runs(made.id, 1)
    return made


def test_two_clicks_lead_from_the_scenarios_to_the_value_that_decided(big: Made, enter: Enter) -> None:
    page = enter("/scenarios")
    page.get_by_role("button", name="Actions of “Big orders”").click()
    page.get_by_role("menuitem", name="Why did it not run?").click()
    expect(page.get_by_role("list", name="Events").get_by_role("link")).to_have_count(1)
    panel = page.get_by_role("article", name="Event")
    expect(panel.get_by_text(REASON)).to_be_visible()
    expect(panel.locator(".data-view").get_by_text("900")).to_be_visible()
    picture(page, "considered-en")
    panel.get_by_role("link", name="Open the condition").click()
    builder = Builder(page)
    expect(builder.settings).to_be_visible()
    expect(builder.settings.get_by_role("group", name="Start only if")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"/scenarios/{big.id}$"))
    picture(page, "considered-condition-en")


def test_a_run_that_ended_early_says_at_which_value_and_leads_to_its_event(
    office: Office, big: Made, enter: Enter
) -> None:
    page = enter(f"/runs/{office.runs(big.id)[0]['id']}")
    page.get_by_test_id("step-perm").get_by_role("button").first.click()
    explains = page.get_by_test_id("explains")
    expect(explains).to_contain_text("Stopped here, because")
    expect(explains).to_contain_text("city (“Kazan”) is not “Perm”")
    picture(page, "considered-run-en")
    page.get_by_role("link", name="what started it").click()
    panel = page.get_by_role("article", name="Event")
    expect(panel).to_contain_text("Came again 1 time; a repeat starts nothing.")
    expect(panel.get_by_role("link", name="Open the run")).to_be_visible()


def test_the_list_is_reached_and_read_by_keyboard_alone(big: Made, enter: Enter) -> None:
    page = enter("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("e")
    expect(page.get_by_role("heading", name="What happened", level=1)).to_be_focused()
    rows = page.get_by_role("list", name="Events").get_by_role("link")
    expect(rows.filter(has_text=f"Not started: {REASON}").first).to_be_visible()
    target = rows.filter(has_text=REASON).first
    for _ in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("(one) => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("event="))
    expect(page.get_by_role("article", name="Event").get_by_text(REASON)).to_be_visible()


def test_a_condition_is_set_in_the_inspector_and_kept(office: Office, enter: Enter) -> None:
    made = office.make(BIG.replace("Big orders", "To be changed"), publish=False)
    page = enter(f"/scenarios/{made.id}?step=hook")
    builder = Builder(page)
    wish = builder.settings.get_by_role("textbox", name="Condition 1: compared with")
    wish.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("500")
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-phase", "saved")
    settings = office.draft(made.id)["nodes"][0]["settings"]
    assert [rule["right"] for rule in settings["start_if"]["rules"]] == [500]
    builder.settings.get_by_role("button", name="Remove the condition").click()
    expect(builder.settings.get_by_text("every event starts the scenario")).to_be_visible()
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-phase", "saved")
    assert "start_if" not in office.draft(made.id)["nodes"][0].get("settings", {})


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_said_in_russian(big: Made, office: Office, enter: Enter, scheme: str) -> None:
    page = enter("/events?outcome=stopped", Look("ru", "dark" if scheme == "dark" else "light"))
    expect(page.get_by_role("heading", name="События", level=1)).to_be_visible()
    panel = page.get_by_role("article")
    expect(panel.get_by_text("amount (900) не больше 1000")).to_be_visible()
    picture(page, f"considered-ru-{scheme}")
    found = office.graphql("{ scenarios(first: 200) { nodes { title } } }")["scenarios"]["nodes"]
    titles = [str(one["title"]) for one in found]  # those of other tests, too
    speaks_russian(page, "events", "Office", "anna", "amount", *titles)


def test_on_a_phone_the_list_and_the_event_fit(big: Made, enter: Enter) -> None:
    page = enter("/events?outcome=stopped", PHONE)
    rows = page.get_by_role("list", name="Events").get_by_role("link")
    expect(rows.first).to_be_visible()
    fits(page, "events")
    picture(page, "considered-phone-list")
    rows.filter(has_text=REASON).first.tap()
    expect(page.get_by_role("article", name="Event").get_by_text(REASON)).to_be_visible()
    fits(page, "event")
    picture(page, "considered-phone-event")
    page.get_by_role("link", name="All events").tap()
    expect(rows.first).to_be_visible()


def test_a_scenario_that_is_off_says_so_above_its_events(office: Office, enter: Enter) -> None:
    made = office.make(BIG.replace("Big orders", "Switched off"))
    office.graphql("mutation($id: ID!) { setScenarioEnabled(id: $id, enabled: false) { conflict } }", id=made.id)
    assert post(made.hook, {"amount": 5000}).status == 409
    page: Page = enter(f"/runs?scenario={made.id}", DESK)
    page.get_by_role("link", name="Why did it not run?").click()
    expect(page.get_by_text("This scenario is switched off: nothing starts it now.")).to_be_visible()
    expect(page.get_by_role("article", name="Event")).to_contain_text("The scenario was switched off.")
