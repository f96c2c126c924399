"""When the server goes away while one edits, and when the sign-in has expired."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Enter, running
from tests.e2e.office import PASSWORD, Office
from tests.e2e.screens import Builder
from tests.e2e.test_history import CHAIN, saved
from tests.running import eventually


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """An office of its own: its server is killed here."""
    with running() as potok:
        yield Office(potok)


def test_edits_made_while_the_server_is_away_are_kept_and_saved_when_it_is_back(
    office: Office, enter: Enter
) -> None:
    made = office.make(CHAIN, publish=False)
    page = enter(f"/scenarios/{made.id}")
    builder = Builder(page)
    builder.choose("Middle")
    server = office.potok.child("potok.cli.serve")
    server.suspend()  # away, and the supervisor does not bring a new one yet
    server_is_back = False
    try:
        page.context.set_offline(True)
        text = builder.settings.get_by_role("textbox", name="Text")
        text.fill("written in the dark")
        expect(page.get_by_text("No connection to the server.")).to_be_visible()
        expect(page.get_by_test_id("save-state")).to_have_attribute("data-phase", "failed")
        server.resume()
        server.kill()
        page.context.set_offline(False)
        server_is_back = True
    finally:
        if not server_is_back:
            server.resume()
    eventually("the server is back", lambda: office.potok.get("/readyz") == 200, 30)
    expect(page.get_by_text("No connection to the server.")).to_be_hidden(timeout=30_000)
    saved(page)
    expect(text).to_have_text("written in the dark")
    assert "written in the dark" in str(office.draft(made.id))


def test_an_expired_sign_in_keeps_the_place(office: Office, enter: Enter) -> None:
    made = office.make_orders()
    page = enter(f"/scenarios/{made.id}")
    expect(page.get_by_test_id("node-letter")).to_be_visible()
    page.context.clear_cookies()
    page.reload()
    page.get_by_role("textbox", name="E-mail").fill("olga@example.com")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_test_id("node-letter")).to_be_visible()
    assert page.url == f"{office.url}/scenarios/{made.id}"


def test_a_sign_in_that_expires_under_the_hand_loses_nothing_typed(office: Office, enter: Enter) -> None:
    made = office.make(CHAIN, publish=False)
    page = enter(f"/scenarios/{made.id}")
    builder = Builder(page)
    builder.choose("Middle")
    page.context.clear_cookies()
    builder.settings.get_by_role("textbox", name="Text").fill("typed after the end")
    page.get_by_role("textbox", name="E-mail").fill("olga@example.com")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    builder.choose("Middle")
    expect(builder.settings.get_by_role("textbox", name="Text")).to_have_text("typed after the end")
    saved(page)
    assert "typed after the end" in str(office.draft(made.id))
