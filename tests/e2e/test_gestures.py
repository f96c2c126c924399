"""Every gesture of the builder under a real hand: drops, wires, clipboard, undo, and saving when things fail."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect
from tests.e2e.conftest import Enter
from tests.e2e.office import Made, Office
from tests.e2e.screens import Builder, picture
from tests.running import eventually

CHAIN = """format: potok/1
title: {title}
nodes:
  - {{id: hook, type: webhook.received, at: [0, 0]}}
  - {{id: first, type: data.text, title: First, at: [352, 0], params: {{text: one}}}}
  - {{id: second, type: data.text, title: Second, at: [704, 0], params: {{text: two}}}}
edges:
  - {{from: hook, to: first}}
  - {{from: first, to: second}}
"""


def chain(office: Office, title: str) -> Made:
    """Webhook -> First -> Second, not published."""
    return office.make(CHAIN.format(title=title), publish=False)


def opened(enter: Enter, made: Made) -> Builder:
    """The builder with all of it in sight."""
    page = enter(f"/scenarios/{made.id}")
    builder = Builder(page)
    expect(builder.canvas).to_be_visible()
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-phase", "saved")
    page.wait_for_timeout(300)  # the first fit is not animated, but it waits for a frame
    return builder


def wires(office: Office, made: Made) -> set[str]:
    """Wires of the draft on the server: `source:port>target`."""
    return {f"{wire['source']}:{wire['port']}>{wire['target']}" for wire in office.draft(made.id)["edges"]}


def saved(page: Page) -> None:
    """All changes are on the server."""
    page.wait_for_timeout(50)
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-phase", "saved")


def box(locator: Locator) -> dict[str, float]:
    """Where it is on the screen."""
    found = locator.bounding_box()
    assert found is not None
    return {"x": found["x"], "y": found["y"], "width": found["width"], "height": found["height"]}


def carry(page: Page, start: tuple[float, float], end: tuple[float, float], let_go: bool = True) -> None:
    """Press, move in small steps, let go."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=6)
    page.mouse.move(*end, steps=6)
    if let_go:
        page.mouse.up()


def palette(page: Page, title: str) -> tuple[float, float]:
    """Where the hand takes a step from the list."""
    item = page.get_by_role("complementary", name="Steps to add").get_by_role("button", name=title, exact=True)
    item.scroll_into_view_if_needed()
    at = box(item)
    return at["x"] + 20, at["y"] + 10


def overlapping(page: Page) -> list[str]:
    """Pairs of steps that stand on each other."""
    boxes = [box(node) for node in page.locator(".react-flow__node").all()]
    return [
        f"{one} {other}"
        for i, one in enumerate(boxes)
        for other in boxes[i + 1 :]
        if one["x"] + 1 < other["x"] + other["width"]
        and other["x"] + 1 < one["x"] + one["width"]
        and one["y"] + 1 < other["y"] + other["height"]
        and other["y"] + 1 < one["y"] + one["height"]
    ]


def test_a_step_dropped_beside_a_way_out_is_connected_in_one_entry(office: Office, enter: Enter) -> None:
    made = chain(office, "Drop beside")
    page = opened(enter, made).page
    second = box(page.get_by_test_id("node-second"))
    target = second["x"] + second["width"] / 2, second["y"] + second["height"] + 90
    carry(page, palette(page, "Set fields"), target, let_go=False)
    expect(page.get_by_test_id("landing")).to_have_attribute("data-connects", "true")
    picture(page, "drop-preview")
    page.mouse.up()
    saved(page)
    assert len(wires(office, made)) == 3
    assert any(wire.startswith("second:out>") for wire in wires(office, made))
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    saved(page)
    assert wires(office, made) == {"hook:out>first", "first:out>second"}
    expect(page.locator(".react-flow__node")).to_have_count(3)


def test_dropped_steps_never_stand_on_others(office: Office, enter: Enter) -> None:
    made = chain(office, "Drop near")
    page = opened(enter, made).page
    first = box(page.get_by_test_id("node-first"))
    for dx, dy in ((0, first["height"] + 8), (-30, -20), (first["width"] * 0.6, first["height"] + 30)):
        target = first["x"] + first["width"] / 2 + dx, first["y"] + first["height"] / 2 + dy
        carry(page, palette(page, "Set fields"), target)
        page.keyboard.press("Escape")
    saved(page)
    assert overlapping(page) == []
    second = box(page.get_by_test_id("node-second"))
    carry(
        page,
        (second["x"] + 60, second["y"] + 20),
        (first["x"] + 100, first["y"] + 50),
    )
    saved(page)
    assert overlapping(page) == []


def test_a_step_dropped_on_another_replaces_it_and_on_a_wire_goes_into_it(office: Office, enter: Enter) -> None:
    made = chain(office, "Replace")
    page = opened(enter, made).page
    first = box(page.get_by_test_id("node-first"))
    carry(page, palette(page, "Set fields"), (first["x"] + 100, first["y"] + 30))
    saved(page)
    expect(page.get_by_test_id("node-first")).to_have_count(0)
    [fields] = [node["id"] for node in office.draft(made.id)["nodes"] if node["type"] == "data.set_fields"]
    assert wires(office, made) == {f"hook:out>{fields}", f"{fields}:out>second"}
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    saved(page)
    assert wires(office, made) == {"hook:out>first", "first:out>second"}

    hook, first = box(page.get_by_test_id("node-hook")), box(page.get_by_test_id("node-first"))
    middle = (hook["x"] + hook["width"] + first["x"]) / 2
    carry(page, palette(page, "Set fields"), (middle, first["y"] + 38 * first["width"] / 264))
    saved(page)
    [fields] = [node["id"] for node in office.draft(made.id)["nodes"] if node["type"] == "data.set_fields"]
    assert wires(office, made) == {f"hook:out>{fields}", f"{fields}:out>first", "first:out>second"}


def test_the_end_of_a_wire_can_be_led_to_another_step(office: Office, enter: Enter) -> None:
    made = chain(office, "Reconnect")
    page = opened(enter, made).page
    end = page.locator('.react-flow__edge[data-id="hook:out:first"] .react-flow__edgeupdater-target')
    at = box(end)
    second = box(page.get_by_test_id("node-second").locator('[data-handleid="in"]'))
    carry(
        page,
        (at["x"] + at["width"] / 2, at["y"] + at["height"] / 2),
        (second["x"] + second["width"] / 2, second["y"] + second["height"] / 2),
    )
    saved(page)
    assert wires(office, made) == {"hook:out>second", "first:out>second"}
    page.keyboard.press("Control+z")
    saved(page)
    assert wires(office, made) == {"hook:out>first", "first:out>second"}


def test_steps_are_cut_here_and_pasted_into_another_scenario(office: Office, enter: Enter) -> None:
    source, target = chain(office, "Cut from"), chain(office, "Paste into")
    page = opened(enter, source).page
    page.get_by_test_id("node-first").click()
    page.get_by_test_id("node-second").click(modifiers=["Shift"])
    page.keyboard.press("Control+x")
    saved(page)
    assert [node["id"] for node in office.draft(source.id)["nodes"]] == ["hook"]
    page.goto(f"{office.url}/scenarios/{target.id}")
    expect(page.get_by_test_id("node-first")).to_be_visible()
    page.keyboard.press("Control+v")
    saved(page)
    nodes = office.draft(target.id)["nodes"]
    assert [node["title"] for node in nodes].count("First") == 2
    assert len(wires(office, target)) == 3


def test_duplicate_and_switching_off_by_keys(office: Office, enter: Enter) -> None:
    made = chain(office, "Duplicate")
    page = opened(enter, made).page
    page.get_by_test_id("node-second").click()
    page.keyboard.press("Control+d")
    saved(page)
    expect(page.locator(".react-flow__node")).to_have_count(4)
    page.keyboard.press("Shift+E")
    saved(page)
    assert [node["disabled"] for node in office.draft(made.id)["nodes"]].count(True) == 1
    expect(page.locator('.step[data-disabled="true"]')).to_contain_text("switched off")
    page.keyboard.press("Shift+E")
    saved(page)
    assert [node["disabled"] for node in office.draft(made.id)["nodes"]].count(True) == 0


def test_steps_change_places_in_the_list(office: Office, enter: Enter) -> None:
    made = chain(office, "Order")
    page = opened(enter, made).page
    page.get_by_text("List", exact=True).click()
    row = page.get_by_test_id("list-view").get_by_role("listitem").filter(has_text="Second")
    row.get_by_role("button", name=re.compile("^More")).click()
    page.get_by_role("menuitem", name="Move up").click()
    saved(page)
    assert wires(office, made) == {"hook:out>second", "second:out>first"}


def test_closing_the_settings_moves_nothing(office: Office, enter: Enter) -> None:
    made = chain(office, "Stay")
    page = opened(enter, made).page
    page.get_by_test_id("node-first").click()
    expect(page.get_by_test_id("inspector")).to_be_visible()
    page.wait_for_timeout(400)
    before = page.locator(".react-flow__viewport").get_attribute("style")
    page.get_by_role("button", name="Close the settings").click()
    expect(page.get_by_test_id("inspector")).to_be_hidden()
    page.wait_for_timeout(400)
    assert page.locator(".react-flow__viewport").get_attribute("style") == before


def test_undo_goes_on_after_a_reload(office: Office, enter: Enter) -> None:
    made = chain(office, "Reload")
    page = opened(enter, made).page
    page.get_by_test_id("node-second").click()
    page.get_by_role("textbox", name="Name of the step").fill("Renamed")
    page.keyboard.press("Escape")
    page.keyboard.press("Delete")
    saved(page)
    page.wait_for_timeout(900)  # the history is kept within a second
    page.reload()
    expect(page.get_by_test_id("node-first")).to_be_visible()
    expect(page.get_by_test_id("node-second")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("node-second")).to_contain_text("Renamed")
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("node-second")).to_contain_text("Second")
    page.keyboard.press("Control+Shift+z")
    expect(page.get_by_test_id("node-second")).to_contain_text("Renamed")


def refuse_saves(route: Route) -> None:
    """The network is away for saving, nothing else."""
    if "saveDraft" in (route.request.post_data or ""):
        route.abort()
    else:
        route.continue_()


def test_a_failed_save_says_so_and_goes_through_later(office: Office, enter: Enter) -> None:
    made = chain(office, "Retry")
    page = opened(enter, made).page
    page.route("**/graphql", refuse_saves)
    page.get_by_role("textbox", name="Name of the scenario").fill("Retried")
    state = page.get_by_test_id("save-state")
    expect(state).to_contain_text("kept in this browser")
    picture(page, "save-failed")
    page.unroute("**/graphql", refuse_saves)
    state.get_by_role("button", name="Try again").click()
    saved(page)
    assert office.draft(made.id)["title"] == "Retried"


def test_work_the_server_never_got_comes_back_in_the_next_window(office: Office, enter: Enter) -> None:
    made = chain(office, "Unsent")
    page = opened(enter, made).page
    page.context.route("**/graphql", refuse_saves)
    page.get_by_role("textbox", name="Name of the scenario").fill("Never sent")
    expect(page.get_by_test_id("save-state")).to_contain_text("kept in this browser")
    page.wait_for_timeout(300)
    page.close()
    page_context = page.context
    page_context.unroute("**/graphql", refuse_saves)
    assert office.draft(made.id)["title"] == "Unsent"
    again = page_context.new_page()
    again.goto(f"{office.url}/scenarios/{made.id}")
    expect(again.get_by_role("textbox", name="Name of the scenario")).to_have_value("Never sent")
    saved(again)
    eventually("saved", lambda: office.draft(made.id)["title"] == "Never sent")


SAVE = (
    "mutation($id: ID!, $revision: Int!, $graph: JSON!) "
    "{ saveDraft(id: $id, baseRevision: $revision, graph: $graph) { conflict } }"
)


def change_elsewhere(office: Office, made: Made, title: str) -> None:
    """A colleague saves in between."""
    query = "query($id: ID!) { scenario(id: $id) { draft draftRevision } }"
    found: dict[str, Any] = office.graphql(query, id=made.id)["scenario"]
    graph = found["draft"] | {"title": title}
    answer = office.graphql(SAVE, id=made.id, revision=found["draftRevision"], graph=graph)
    assert answer["saveDraft"]["conflict"] is False


def test_of_two_drafts_mine_can_be_kept_and_theirs_be_taken_and_undone(office: Office, enter: Enter) -> None:
    made = chain(office, "Both")
    page = opened(enter, made).page
    name = page.get_by_role("textbox", name="Name of the scenario")
    dialog = page.get_by_role("dialog")
    change_elsewhere(office, made, "Theirs")
    name.fill("Mine")
    dialog.get_by_role("button", name="Keep mine").click()
    saved(page)
    assert office.draft(made.id)["title"] == "Mine"

    change_elsewhere(office, made, "Theirs again")
    name.fill("Mine again")
    dialog.get_by_role("button", name="Take theirs").click()
    expect(dialog).to_be_hidden()
    expect(name).to_have_value("Theirs again")
    name.blur()
    page.keyboard.press("Control+z")
    expect(name).to_have_value("Mine again")
