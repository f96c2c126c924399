"""What a person sees of runs: failed, waiting, started by hand, planned; and what a viewer may do."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import Enter
from tests.e2e.office import Office, post
from tests.e2e.screens import Builder

FAILS = """format: potok/1
title: Fails at the shop
nodes:
  - {id: hook, type: webhook.received, at: [0, 0]}
  - {id: call, type: http.request, title: Ask the shop, at: [352, 0], params: {url: "http://127.0.0.1:9/"}}
edges:
  - {from: hook, to: call}
"""
WAITS = """format: potok/1
title: Waits a little
nodes:
  - {id: hook, type: webhook.received, at: [0, 0]}
  - {id: pause, type: flow.wait, title: Pause, at: [352, 0], params: {duration: {amount: 2, unit: seconds}}}
  - {id: after, type: data.text, title: Afterwards, at: [704, 0], params: {text: done}}
edges:
  - {from: hook, to: pause}
  - {from: pause, to: after}
"""
ASKS = """format: potok/1
title: Asks first
nodes:
  - id: hand
    type: manual.started
    at: [0, 0]
    params:
      fields:
        - {name: amount, title: Amount, kind: number, required: true}
        - {name: who, title: For whom, kind: text}
  - {id: text, type: data.text, title: Words, at: [352, 0], params: {text: {$text: ["For ", {$ref: [hand, who]}]}}}
edges:
  - {from: hand, to: text}
"""
PLANNED = """format: potok/1
title: Every morning
nodes:
  - id: clock
    type: schedule.fired
    at: [0, 0]
    params: {schedule: {every: cron, cron: "0 9 * * 1-5", timezone: Europe/Moscow}}
  - {id: text, type: data.text, at: [352, 0], params: {text: Hello}}
edges:
  - {from: clock, to: text}
"""


def test_a_failed_run_shows_what_happened_and_what_to_do(office: Office, enter: Enter) -> None:
    made = office.make(FAILS)
    post(made.hook, {})
    office.wait_for_runs(made.id, 1, "FAILED")
    page = enter("/")
    failures = page.get_by_role("region", name="Recent failures")
    failures.get_by_role("link", name=re.compile("Fails at the shop")).first.click()
    expect(page.get_by_test_id("run-status")).to_contain_text("Failed")
    expect(page.get_by_role("group", name="Then: Ask the shop")).to_contain_text("failed")
    steps = page.get_by_role("complementary", name="Steps of the run")
    alert = steps.get_by_role("alert").first
    expect(alert).to_contain_text("127.0.0.1")
    expect(alert).to_contain_text("What to do:")


def test_a_wait_is_seen_waiting_and_then_done_without_a_touch(office: Office, enter: Enter) -> None:
    made = office.make(WAITS)
    page = enter(f"/scenarios/{made.id}")
    builder = Builder(page)
    expect(builder.node("Pause")).to_be_visible()
    expect(page.get_by_text("No runs yet. They appear here by themselves, live.")).to_be_visible()
    post(made.hook, {})
    expect(builder.node("Pause")).to_contain_text("waiting")
    expect(page.locator('.run-chip[data-status="WAITING"]')).to_be_visible()
    expect(builder.node("Afterwards")).to_contain_text("done")
    expect(builder.node("Pause")).to_contain_text("done")
    expect(page.locator('.run-chip[data-status="SUCCEEDED"]')).to_be_visible()


def test_run_now_asks_its_questions_and_says_what_is_missing(office: Office, enter: Enter) -> None:
    made = office.make(ASKS)
    page = enter(f"/scenarios/{made.id}")
    page.get_by_role("button", name="Run now").click()
    dialog = page.get_by_role("dialog", name="Run now")
    dialog.get_by_role("textbox", name="For whom").fill("Anna")
    dialog.get_by_role("button", name="Run", exact=True).click()
    amount = dialog.get_by_role("textbox", name="Amount")
    expect(amount).to_be_visible()
    assert office.runs(made.id) == []
    amount.fill("12.5")
    dialog.get_by_role("button", name="Run", exact=True).click()
    expect(dialog).to_be_hidden()
    words = Builder(page).node("Words")
    expect(words).to_contain_text("done")
    words.click()
    page.get_by_role("tab", name="In this run").click()
    expect(page.get_by_test_id("inspector")).to_contain_text("For Anna")


def test_a_published_schedule_is_planned_for_its_next_moment_and_taken_back(office: Office) -> None:
    made = office.make(PLANNED)
    [moment] = office.timers(made.id)
    assert (moment.astimezone(UTC).hour, moment.minute) == (6, 0), "9:00 in Moscow"
    assert moment > datetime.now(UTC)
    assert moment.weekday() < 5
    switch = "mutation($id: ID!) { setScenarioEnabled(id: $id, enabled: false) { problems { code } } }"
    office.graphql(switch, id=made.id)
    assert office.timers(made.id) == []


@pytest.fixture
def viewer(office: Office) -> str:
    """Vera, who may look."""
    office.add_once("vera", "VIEWER")
    return "vera"


def test_a_viewer_sees_everything_and_changes_nothing(office: Office, enter: Enter, viewer: str) -> None:
    made = office.make_orders()
    page = enter("/", who=viewer)
    expect(page.get_by_role("button", name="Build a scenario")).to_have_count(0)
    page.goto(f"{office.url}/scenarios/{made.id}")
    builder = Builder(page)
    builder.choose("Крупный?")
    _nothing_to_press(page)
    expect(builder.settings.get_by_role("textbox", name="Condition 1: compared with")).to_have_attribute(
        "aria-readonly", "true"
    )
    builder.close_settings()
    builder.node("Крупный?").focus()
    page.keyboard.press("Delete")
    page.keyboard.press("/")
    expect(builder.node("Крупный?")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    for path in ("/people", "/keys"):
        page.goto(office.url + path)
        expect(page.get_by_text("Ask an owner of the workspace")).to_be_visible()


def _nothing_to_press(page: Page) -> None:
    for name in ("Publish", "Run now", "Undo", "Tidy up", "More for this step"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.get_by_role("complementary", name="Steps to add")).to_have_count(0)


@pytest.mark.parametrize(
    "mutation",
    [
        "saveDraft(id: $id, baseRevision: 1, graph: {}) { problems { code } }",
        "publishScenario(id: $id, revision: 1) { problems { code } }",
        "setScenarioEnabled(id: $id, enabled: false) { problems { code } }",
        "deleteScenario(id: $id) { problems { code } }",
        "runNow(id: $id) { problems { code } }",
        "removeMember(userId: $id) { problems { code } }",
    ],
)
def test_the_server_refuses_a_viewer_too(office: Office, viewer: str, mutation: str) -> None:
    made = office.make_orders()
    answer = office.as_person(viewer, f"mutation($id: ID!) {{ {mutation} }}", id=made.id)
    [error] = answer.body["errors"]
    assert error["extensions"]["code"] == "forbidden"
    assert office.graphql("query($id: ID!) { scenario(id: $id) { enabled } }", id=made.id) == {
        "scenario": {"enabled": True}
    }
