"""Formulas in a real browser: typed and clicked together in both languages, tried, published, run exactly."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect
from tests.e2e.conftest import DESK, PHONE, RUSSIAN, Enter
from tests.e2e.office import Made, Office, post
from tests.e2e.screens import Builder, picture
from tests.e2e.test_accessibility import check

ORDER = """format: potok/1
title: {title}
nodes:
  - {{id: hook, type: webhook.received, title: {hook}, at: [0, 160]}}
  - id: set
    type: data.set_fields
    title: {step}
    at: [352, 160]
    params:
      fields: [{{name: total, value: 1}}]
edges:
  - {{from: hook, to: set}}
"""
RUN = "query($id: ID!) { run(id: $id) { steps { nodeId output } } }"


def _output(office: Office, scenario: str, node: str = "set") -> Any:
    newest = office.runs(scenario)[0]["id"]
    steps = office.graphql(RUN, id=newest)["run"]["steps"]
    return next(step["output"] for step in steps if step["nodeId"].startswith(node))


def _tried(made: Made, office: Office, **body: Any) -> None:
    """One real event, whose data the formula is then tried on."""
    assert post(made.hook, body).status == 202
    office.wait_for_runs(made.id, 1)


def _value(page: Page) -> Locator:
    return page.get_by_test_id("formula-value")


def test_a_formula_clicked_together_in_english_gives_exactly_what_it_promised(
    office: Office, enter: Enter
) -> None:
    page = enter("/", DESK)
    builder = Builder(page)
    builder.open_new()
    page.get_by_role("textbox", name="Name of the scenario").fill("Discount")
    for title in ("When a webhook is called", "Set fields"):
        palette = page.get_by_role("complementary", name="Steps to add")
        palette.get_by_role("button", name=title, exact=True).click()
        expect(page.get_by_role("complementary", name=f"Step: {title}")).to_be_visible()
    settings = builder.settings
    settings.get_by_role("textbox", name="Name 1").fill("total")
    settings.get_by_role("button", name="Use a formula: Value 1").click()
    editor = settings.get_by_role("textbox", name="Value 1: formula")
    expect(editor).to_be_focused()

    settings.get_by_role("button", name="All functions: Value 1").click()
    panel = page.get_by_role("dialog", name="Functions")
    panel.get_by_role("combobox", name="Find a function").fill("округл")
    expect(panel.get_by_role("option").first).to_contain_text("ROUND(number; [digits])")
    picture(page, "formula-functions")
    page.keyboard.press("Enter")
    expect(editor).to_have_text("ROUND()")
    builder.insert("Value 1", "amount")
    expect(editor.locator(".pill-chip")).to_contain_text("amount")
    page.keyboard.type(" * 0.95; 2")
    expect(page.get_by_test_id("formula-call")).to_contain_text("ROUND(number; [digits])")
    expect(_value(page)).to_contain_text("on sample data")
    expect(_value(page)).to_contain_text("= 1,425")
    picture(page, "formula-en")

    builder.choose("When a webhook is called")
    hook = page.get_by_test_id("hook-url").inner_text()
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-phase", "saved")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert post(hook, {"amount": "1999.99"}).status == 202
    expect(builder.node("Set fields")).to_contain_text("done")
    builder.choose("Set fields")
    expect(settings).to_contain_text("1899.99")
    scenario = page.url.split("/scenarios/")[1].split("?")[0]
    assert _output(office, scenario, "") is not None
    steps = office.graphql(RUN, id=office.runs(scenario)[0]["id"])["run"]["steps"]
    assert steps[-1]["output"] == {"total": 1899.99}


def test_a_formula_typed_in_russian_finds_functions_and_data_by_their_names(office: Office, enter: Enter) -> None:
    made = office.make(ORDER.format(title="Скидка", hook="Заказ с сайта", step="Посчитать"))
    _tried(made, office, сумма=1999.99)
    page = enter(f"/scenarios/{made.id}", RUSSIAN)
    page.get_by_role("group", name="Затем: Посчитать").click()
    settings = page.get_by_role("complementary", name=re.compile("^Шаг:"))
    value = settings.get_by_role("textbox", name="Значение 1", exact=True)
    value.fill("")
    value.press_sequentially("=")  # as in a spreadsheet
    editor = settings.get_by_role("textbox", name="Значение 1: формула")
    expect(editor).to_be_focused()
    page.keyboard.type("округ")
    offers = page.get_by_role("listbox")
    expect(offers.get_by_role("option").first).to_contain_text("ОКРУГЛ")
    picture(page, "formula-ru-completion")
    page.keyboard.press("Enter")
    expect(editor).to_have_text("ОКРУГЛ()")
    page.keyboard.type("сум")
    expect(offers.get_by_role("option").first).to_contain_text("сумма")
    page.keyboard.press("Tab")
    expect(editor.locator(".pill-chip")).to_have_text("Заказ с сайта Тело · сумма")
    page.keyboard.type(" * 0,95; 2")
    expect(page.get_by_test_id("formula-call")).to_contain_text("ОКРУГЛ(")
    expect(_value(page)).to_contain_text(re.compile(r"= 1\s899,99"))
    expect(_value(page)).to_contain_text("на данных последнего запуска")
    picture(page, "formula-ru")

    expect(page.get_by_test_id("save-state")).to_have_attribute("data-phase", "saved")
    [field] = office.draft(made.id)["nodes"][1]["params"]["fields"]
    assert field["value"] == {"$formula": "ОКРУГЛ(@hook.body.сумма * 0,95; 2)"}
    page.get_by_role("button", name="Опубликовать").click()
    page.get_by_role("dialog").get_by_role("button", name="Опубликовать").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert post(made.hook, {"сумма": "100.01"}).status == 202
    office.wait_for_runs(made.id, 2)
    assert _output(office, made.id) == {"total": 95.01}


def test_a_wrong_formula_is_underlined_and_blocks_publishing_with_the_place_named(
    office: Office, enter: Enter
) -> None:
    made = office.make(ORDER.format(title="Wrong", hook="Order", step="Reckon"))
    page = enter(f"/scenarios/{made.id}", DESK)
    builder = Builder(page)
    builder.choose("Reckon")
    settings = builder.settings
    settings.get_by_role("button", name="Use a formula: Value 1").click()
    editor = settings.get_by_role("textbox", name="Value 1: formula")
    expect(editor).to_have_text("1")
    page.keyboard.type(" + ROND(2.5; 0)")
    expect(settings).to_contain_text("There is no function “ROND”.")
    expect(settings).to_contain_text("Did you mean ROUND?")
    expect(editor.locator(".formula-wrong")).to_have_text("ROND")
    picture(page, "formula-wrong")
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-phase", "saved")
    page.get_by_role("button", name="Publish").click()
    blocked = page.get_by_role("dialog").get_by_role("button", name=re.compile("^Reckon:"))
    expect(blocked).to_contain_text("character 5 of the formula")
    blocked.click()
    expect(editor).to_be_visible()
    editor.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("1 + ROUND(2.5; 0)")
    expect(_value(page)).to_contain_text("= 4")


def test_words_and_formula_change_into_each_other_and_nothing_typed_is_lost(office: Office, enter: Enter) -> None:
    made = office.make(ORDER.format(title="Back", hook="Order", step="Reckon"))
    page = enter(f"/scenarios/{made.id}", DESK)
    builder = Builder(page)
    builder.choose("Reckon")
    settings = builder.settings
    settings.get_by_role("button", name="Use a formula: Value 1").focus()
    page.keyboard.press("Enter")
    editor = settings.get_by_role("textbox", name="Value 1: formula")
    expect(editor).to_be_focused()
    page.keyboard.type(" + 2 * ")
    builder.insert("Value 1", "amount")
    expect(_value(page)).to_contain_text("= 3,001")
    settings.get_by_role("button", name="Use words: Value 1").click()
    words = settings.get_by_role("textbox", name="Value 1", exact=True)
    expect(words).to_contain_text("=1 + 2 * ")
    settings.get_by_role("button", name="Use a formula: Value 1").click()
    expect(_value(page)).to_contain_text("= 3,001")
    # The field's own undo ends at what stood there when it was opened.
    expect(editor).to_be_focused()
    page.keyboard.type(" + 4")
    for _ in range(10):
        page.keyboard.press("ControlOrMeta+z")
    expect(editor).to_contain_text("1 + 2 * ")
    expect(editor).not_to_contain_text("+ 4")
    expect(editor.locator(".pill-chip")).to_have_count(1)


def test_a_renamed_step_changes_the_chip_and_a_phone_shows_formulas_in_the_list(
    office: Office, enter: Enter
) -> None:
    made = office.make(ORDER.format(title="Phone", hook="Order", step="Reckon").replace(
        "value: 1", 'value: {$formula: "ROUND(@hook.body.amount * 0.95; 2)"}'
    ))  # fmt: skip
    page = enter(f"/scenarios/{made.id}", DESK)
    builder = Builder(page)
    builder.choose("Order")
    title = builder.settings.get_by_role("textbox", name="Name of the step")
    title.fill("Web order")
    title.press("Tab")
    builder.choose("Reckon")
    chip = builder.settings.locator(".formula .pill-chip")
    expect(chip).to_contain_text("Web order")
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-phase", "saved")
    [field] = office.draft(made.id)["nodes"][1]["params"]["fields"]
    assert field["value"] == {"$formula": "ROUND(@hook.body.amount * 0.95; 2)"}

    phone = enter(f"/scenarios/{made.id}", PHONE)
    row = phone.get_by_text("total = ROUND(amount * 0.95; 2)").first
    expect(row).to_be_visible()
    picture(phone, "formula-phone-list")
    row.click()
    expect(phone.locator(".formula .pill-chip")).to_be_visible()
    expect(_value(phone)).to_contain_text("= 1,425")
    picture(phone, "formula-phone")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


CHECK = """format: potok/1
title: Condition
nodes:
  - {id: hook, type: webhook.received, title: Order, at: [0, 160]}
  - {id: check, type: logic.if, title: Is it big, at: [352, 160]}
edges:
  - {from: hook, to: check}
"""


def test_both_sides_of_a_condition_may_be_formulas_and_axe_has_nothing_to_say(
    office: Office, enter: Enter
) -> None:
    made = office.make(CHECK, publish=False)
    page = enter(f"/scenarios/{made.id}", DESK)
    builder = Builder(page)
    builder.choose("Is it big")
    settings = builder.settings
    settings.get_by_role("button", name="Use a formula: Condition 1: what is checked").click()
    expect(settings.get_by_role("textbox", name="Condition 1: what is checked: formula")).to_be_focused()
    page.keyboard.type("ABS(")
    page.keyboard.press("Alt+ArrowDown")
    picker = page.get_by_role("dialog", name="Data of earlier steps")
    picker.get_by_role("combobox", name="Find data").fill("amount")
    page.keyboard.press("Enter")
    expect(_value(page)).to_contain_text("= 1,500")
    settings.get_by_role("combobox", name="Condition 1: how").select_option("is more than")
    settings.get_by_role("button", name="Use a formula: Condition 1: compared with").click()
    page.keyboard.type("10 * 10")
    expect(_value(page).last).to_contain_text("= 100")
    picture(page, "formula-condition")
    check(page, "formulas")
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-phase", "saved")
    [rule] = office.draft(made.id)["nodes"][1]["params"]["conditions"]["rules"]
    assert rule["left"] == {"$formula": "ABS(@hook.body.amount)"}
    assert rule["right"] == {"$formula": "10 * 10"}
