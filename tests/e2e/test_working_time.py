"""Working time on the screen: hours, a day off, holidays with a preview, the builder's wait; also on a phone."""

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import PHONE, RUSSIAN, Enter, Look
from tests.e2e.office import Office
from tests.e2e.screens import picture

CALENDARS = "{ calendars { name weekly { start } exceptions { date hours { start } } } }"


def test_an_owner_sets_hours_by_keyboard_and_fills_in_holidays(office: Office, enter: Enter) -> None:
    page = enter("/calendars")
    page.get_by_role("button", name="New calendar").click()
    page.get_by_role("textbox", name="Name").fill("Warehouse")
    week = page.get_by_role("list", name="Hours of the week")
    week.get_by_role("checkbox", name="Saturday").focus()
    page.keyboard.press("Space")
    page.get_by_label("Saturday: to", exact=True).fill("14:00")
    page.locator("[role=gridcell][aria-selected=true] button").focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowRight")
    page.get_by_role("radio", name="Day off").check()
    page.get_by_role("textbox", name="Why (a holiday, say)").fill("Stocktaking")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1, name="Warehouse")).to_be_visible()
    page.get_by_role("button", name="Fill in holidays").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Country").fill("Germany")
    page.get_by_role("option", name="Germany").click()
    expect(dialog.get_by_text(re.compile(r"\d+ dates will be added"))).to_be_visible()
    picture(page, "en-light-calendar-holidays")
    dialog.get_by_role("button", name="Fill in").click()
    expect(dialog).to_be_hidden()
    picture(page, "en-light-calendar")
    [made] = [one for one in office.graphql(CALENDARS)["calendars"] if one["name"] == "Warehouse"]
    assert [len(day) for day in made["weekly"]] == [1, 1, 1, 1, 1, 1, 0]
    assert len(made["exceptions"]) > 15
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("list", name="Calendars")).to_be_visible()
    assert [one["name"] for one in office.graphql(CALENDARS)["calendars"]] == ["Working hours"]


@pytest.mark.parametrize("look", [RUSSIAN, PHONE], ids=["ru-dark", "phone"])
def test_it_fits_a_phone_and_speaks_russian(enter: Enter, look: Look) -> None:
    name = "phone" if look.touch else "ru-dark"
    page = enter("/calendars", look)
    item = page.get_by_role("main").get_by_role("listitem").first
    expect(item).to_be_visible()
    picture(page, f"{name}-calendars")
    item.get_by_role("button").click()
    expect(page.get_by_role("grid")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture(page, f"{name}-calendar")
    page.get_by_role("grid").scroll_into_view_if_needed()
    picture(page, f"{name}-calendar-days")
