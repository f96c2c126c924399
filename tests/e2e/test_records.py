"""Records by clicking: the CRM set, changes in place, filters and sums, the board, a type of one's own."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.e2e.conftest import PHONE, RUSSIAN, Enter, Look, running
from tests.e2e.office import Office
from tests.e2e.screens import picture
from tests.e2e.test_accessibility import LOOKS, check

INSTALL = 'mutation { installPack(name: "crm") { problems { message } } }'
CREATE = """mutation($type: String!, $values: JSON!) { createRecord(type: $type, values: $values) {
  record { id } problems { message } } }"""
PIPELINE = """mutation($pipeline: PipelineInput!) { savePipeline(type: "deal", pipeline: $pipeline) {
  problems { message } } }"""
DEALS = '{ records(type: "deal") { edges { node { title values } } } }'
STAGES = [
    {"names": {"en": "New", "ru": "Новая"}, "color": "blue"},
    {"names": {"en": "In work", "ru": "В работе"}, "color": "yellow", "required": ["contract_date"]},
    {
        "names": {"en": "Lost", "ru": "Отказ"},
        "outcome": "LOST",
        "color": "red",
        "reasons": [{"id": "price", "names": {"en": "Too dear", "ru": "Дорого"}}],
    },
]


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """An office of its own: it begins without any types."""
    with running() as made:
        yield Office(made)


def cell(page: Page, row: str, column: str) -> Locator:
    """The cell of a record, by the head of its column."""
    grid = page.get_by_role("grid").first
    head = grid.get_by_role("columnheader").filter(has_text=column)
    expect(head.first).to_be_visible()
    heads = grid.get_by_role("columnheader").all_inner_texts()
    at = next(place for place, head in enumerate(heads) if head.strip() == column)
    return grid.get_by_role("row").filter(has_text=row).locator("td").nth(at)


def add(page: Page, **values: str) -> None:
    """A new record from the form."""
    page.get_by_role("button", name="New record").click()
    dialog = page.get_by_role("dialog")
    for name, value in values.items():
        dialog.get_by_role("textbox", name=name.replace("_", " "), exact=True).fill(value)
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog).to_be_hidden()


def test_1_the_crm_set_a_contact_and_a_change_in_place(office: Office, enter: Enter) -> None:
    page = enter("/records")
    page.get_by_role("button", name="Install the CRM set").click()
    page.get_by_role("link", name="Contacts").click()
    expect(page.get_by_role("heading", level=2, name="No records yet")).to_be_visible()
    add(page, Name="Anna Smirnova", Phone="8 916 123-45-67")
    phone = cell(page, "Anna", "Phone")
    expect(phone).to_have_text("+7 916 123-45-67")
    phone.dblclick()
    page.keyboard.press("Control+a")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("is no phone number")
    expect(phone.get_by_role("textbox")).to_have_value("12")
    picture(page, "en-light-records-refused")
    phone.get_by_role("textbox").fill("+7 495 000-11-22")
    page.keyboard.press("Enter")
    expect(phone).to_have_text("+7 495 000-11-22")


def test_2_deals_are_filtered_and_summed(office: Office, enter: Enter) -> None:
    for title, amount in (("Roof", "100000.10"), ("Floor", "250000.20"), ("Door", "9000")):
        office.graphql(CREATE, type="deal", values={"title": title, "amount": amount})
    page = enter("/records/deal")
    add(page, Title="Window", Sum="50 000,05")
    foot = page.locator("tfoot")
    expect(foot).to_contain_text("Total: 4")
    expect(foot).to_contain_text("409,000.35")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("button", name="Add a rule").click()
    rules = page.get_by_role("region", name="Filter")
    rules.get_by_role("combobox", name="Field").click()
    page.get_by_role("option", name="Sum", exact=True).click()
    rules.get_by_role("combobox", name="Comparison").click()
    page.get_by_role("option", name="at least").click()
    rules.get_by_role("textbox", name="Value").fill("100000")
    expect(foot).to_contain_text("Total: 2")
    expect(foot).to_contain_text("350,000.30")
    expect(page.get_by_role("link", name="Door")).to_be_hidden()
    picture(page, "en-light-records-filter")


def test_3_a_deal_is_deleted_and_put_back(enter: Enter) -> None:
    page = enter("/records/deal")
    page.get_by_role("checkbox", name="Select “Door”").check()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("link", name="Door")).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Door")).to_be_visible()


def test_4_the_board_by_mouse_and_by_keyboard(office: Office, enter: Enter) -> None:
    answer = office.graphql(PIPELINE, pipeline={"names": {"en": "Sales", "ru": "Продажи"}, "stages": STAGES})
    assert answer["savePipeline"]["problems"] == []
    office.graphql(CREATE, type="deal", values={"title": "Kitchen", "amount": 1000})
    office.graphql(CREATE, type="deal", values={"title": "Garage", "amount": 2000})
    page = enter("/records/deal?view=board")
    lost = page.get_by_role("region", name="Lost")
    work = page.get_by_role("region", name="In work")
    card = page.get_by_role("button", name="Kitchen")
    expect(card).to_be_visible()
    start, end = card.bounding_box(), work.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 40, start["y"] + 15)
    page.mouse.down()
    page.mouse.move(end["x"] + 100, end["y"] + 120, steps=8)
    page.mouse.up()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Contract date")).to_be_visible()
    picture(page, "en-light-records-board-asks")
    dialog.get_by_label("Contract date").fill("2026-11-24")
    dialog.get_by_role("button", name="Move").click()
    expect(work.get_by_role("button", name="Kitchen")).to_be_visible()
    garage = page.get_by_role("button", name="Garage")
    garage.focus()
    for key in ("Space", "ArrowRight", "ArrowRight", "Space"):
        page.keyboard.press(key)
    dialog.get_by_role("combobox", name="Why it ends here").click()
    page.get_by_role("option", name="Too dear").click()
    dialog.get_by_role("button", name="Move").click()
    expect(lost.get_by_role("button", name="Garage")).to_be_visible()
    picture(page, "en-light-records-board")
    nodes = [one["node"] for one in office.graphql(DEALS)["records"]["edges"]]
    garage_now = next(one for one in nodes if one["title"] == "Garage")
    assert garage_now["values"]["outcome"] == "lost"


def test_5_a_card_tells_what_happened_and_is_changed_in_place(enter: Enter) -> None:
    page = enter("/records/deal")
    page.get_by_role("link", name="Kitchen").click()
    expect(page.get_by_role("heading", level=1, name="Kitchen")).to_be_visible()
    page.get_by_role("button", name="Change “Sum”").click()
    page.get_by_role("textbox", name="Sum").fill("1500,50")
    page.keyboard.press("Enter")
    history = page.get_by_role("region", name="What happened")
    expect(history).to_contain_text("1,500.50")
    expect(history).to_contain_text("Olga")
    page.get_by_role("button", name="Change “Contact”").click()
    page.get_by_role("combobox", name="Contact").fill("Anna")
    page.get_by_role("option", name="Anna Smirnova").click()
    expect(page.get_by_role("link", name="Anna Smirnova")).to_be_visible()
    picture(page, "en-light-records-card")
    page.get_by_role("link", name="Anna Smirnova").first.click()
    expect(page.get_by_role("tab", name=re.compile("Deals"))).to_contain_text("1")
    picture(page, "en-light-records-card-related")


def field(page: Page, kind: str, name: str) -> Locator:
    """The form of a new field."""
    page.get_by_role("button", name="Add a field").click()
    dialog = page.get_by_role("dialog")
    if kind == "Text":
        picture(page, "en-light-records-gallery")
    dialog.get_by_role("button", name=re.compile(f"^{kind}")).first.click()
    dialog.get_by_role("textbox", name="Name", exact=True).fill(name)
    return dialog


def test_6_equipment_is_made_by_clicking(office: Office, enter: Enter) -> None:
    page = enter("/records")
    page.get_by_role("button", name="New type").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="What is one of them called?").fill("Equipment")
    dialog.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", level=1, name="Equipment")).to_be_visible()
    dialog = field(page, "Date", "Bought")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog).to_be_hidden()
    dialog = field(page, "Link to a record", "Owner")
    dialog.get_by_role("combobox", name="Records of").click()
    page.get_by_role("option", name="Contacts").click()
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog).to_be_hidden()
    dialog = field(page, "Formula", "Guarantee until")
    dialog.get_by_role("textbox", name="Formula").fill("EDATE(bougt; 12)")
    expect(dialog.get_by_text("bougt", exact=True)).to_be_visible()
    dialog.get_by_role("textbox", name="Formula").fill("EDATE(bought; 12)")
    expect(dialog.get_by_role("combobox", name="Result")).to_have_value("Date")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog).to_be_hidden()
    picture(page, "en-light-records-designer")
    page.get_by_role("link", name="To the records").click()
    page.get_by_role("button", name="New record").click()
    form = page.get_by_role("dialog")
    form.get_by_role("textbox", name="Name").fill("Drill")
    form.get_by_label("Bought").fill("2026-11-24")
    form.get_by_role("button", name="Add", exact=True).click()
    expect(cell(page, "Drill", "Guarantee until")).to_have_text("Nov 24, 2027")


@pytest.mark.parametrize("look", [RUSSIAN, PHONE], ids=["ru-dark", "phone"])
def test_7_it_fits_a_phone_and_speaks_russian(office: Office, enter: Enter, look: Look) -> None:
    name = "phone" if look.touch else "ru-dark"
    page = enter("/records", look)
    expect(page.get_by_role("main").get_by_role("listitem").first).to_be_visible()
    picture(page, f"{name}-records")
    for path, shot in (
        ("/records/deal", "table"),
        ("/records/deal?view=board", "board"),
        ("/records/deal/settings", "designer"),
    ):
        page.goto(office.url + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        page.wait_for_timeout(300)
        picture(page, f"{name}-records-{shot}")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    page.goto(office.url + "/records/deal")
    page.get_by_role("link", name="Kitchen").click()
    expect(page.get_by_role("heading", level=1, name="Kitchen")).to_be_visible()
    page.wait_for_timeout(300)
    picture(page, f"{name}-records-card")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_8_axe_finds_nothing(office: Office, enter: Enter, look: Look) -> None:
    page = enter("/records", look)
    expect(page.get_by_role("main").get_by_role("listitem").first).to_be_visible()
    check(page, "types")
    page.goto(office.url + "/records/deal")
    expect(page.get_by_role("grid")).to_be_visible()
    check(page, "table")
    for button in ({"en": "Filter", "ru": "Фильтр"}, {"en": "Add a rule", "ru": "Добавить условие"}):
        page.get_by_role("button", name=button[look.language]).first.click()
    check(page, "filter")
    page.get_by_role("button", name={"en": "New record", "ru": "Новая запись"}[look.language]).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page, "form of a new record")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Kitchen").click()
    expect(page.get_by_role("heading", level=1, name="Kitchen")).to_be_visible()
    check(page, "card")
    page.goto(office.url + "/records/deal?view=board")
    expect(page.get_by_role("button", name="Kitchen")).to_be_visible()
    check(page, "board")
    page.goto(office.url + "/records/deal/settings")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    check(page, "designer")
    page.get_by_role("button", name={"en": "Add a field", "ru": "Добавить поле"}[look.language]).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page, "kinds of fields")
    page.keyboard.press("Escape")
    page.get_by_role("button", name={"en": "pipeline “Sales”", "ru": "воронку «Продажи»"}[look.language]).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page, "pipeline")
