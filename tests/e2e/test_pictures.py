"""Screenshots of every main screen into build/pictures, for people to look at; and the picture of the README.

`POTOK_DOCS_PICTURE=1 pytest tests/e2e/test_pictures.py` draws docs/picture.png anew.
"""

import os
import re
import struct
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import PHONE, RUSSIAN, Enter, Look
from tests.e2e.office import Made, Office, post
from tests.e2e.screens import picture

DOCS_PICTURE = Path(__file__).resolve().parents[2] / "docs" / "picture.png"
LARGEST = 300_000
WIDTH, HEIGHT = 1440, 900
MOVED = 400  # milliseconds in which the paper has moved
LISTS = ("scenarios", "runs", "inbox", "outbox", "plugins", "people", "keys")
SHOP = """format: potok/1
title: Big orders
nodes:
  - {id: hook, type: webhook.received, title: New order, at: [0, 160]}
  - id: check
    type: logic.if
    title: Is it big?
    at: [352, 160]
    params:
      conditions: {match: all, rules: [{left: {$ref: [hook, body, amount]}, op: gt, right: 1000}]}
  - id: letter
    type: mail.send
    title: Write to the manager
    at: [704, 0]
    params:
      to: [manager@example.com]
      subject: {$text: ["Order of ", {$ref: [hook, body, client, name]}, " for ", {$ref: [hook, body, amount]}]}
      text: {$text: ["Call back today: ", {$ref: [hook, body, client, phone]}]}
  - {id: bell, type: notice.send, title: Tell the office, at: [704, 120], params: {title: "A big order is here"}}
  - id: list
    type: data.set_fields
    title: Put it on the list
    at: [704, 280]
    params: {fields: [{name: amount, value: {$ref: [hook, body, amount]}}, {name: kind, value: ordinary}]}
edges:
  - {from: hook, to: check}
  - {from: check, port: "true", to: letter}
  - {from: check, port: "true", to: bell}
  - {from: check, port: "false", to: list}
"""
ORDER = {"amount": 1500, "client": {"name": "Anna Berg", "phone": "+49 30 123456"}}


@pytest.fixture(scope="module")
def shop(office: Office) -> Made:
    """A scenario that ran three times."""
    made = office.make(SHOP)
    for amount in (900, 2400, 1500):
        post(made.hook, ORDER | {"amount": amount})
    office.wait_for_runs(made.id, 3)
    return made


def ready(page: Page) -> None:
    """Nothing is loading any more."""
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


def show_latest_run(page: Page) -> None:
    """Paint the newest run over the canvas and fit everything in."""
    page.locator(".run-chip").first.click()
    expect(page.get_by_test_id("node-letter")).to_contain_text(re.compile("done|готово"))
    page.keyboard.press("Shift+Digit1")
    page.wait_for_timeout(MOVED)


@pytest.mark.parametrize("look", [Look(), RUSSIAN, PHONE], ids=["en-light", "ru-dark", "phone"])
def test_every_screen_has_its_picture(office: Office, shop: Made, enter: Enter, look: Look) -> None:
    name = "phone" if look.touch else f"{look.language}-{look.scheme}"
    page = enter("/", look)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    ready(page)
    picture(page, f"{name}-home")
    for path in LISTS:
        page.goto(f"{office.url}/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        ready(page)
        picture(page, f"{name}-{path}")
    page.goto(f"{office.url}/scenarios/{shop.id}")
    if look.touch:
        page.get_by_test_id("list-check").get_by_role("button").first.click()
    else:
        show_latest_run(page)
        picture(page, f"{name}-builder-run")
        page.get_by_test_id("node-letter").click()
        page.get_by_role("tab").first.click()
    expect(page.get_by_test_id("inspector")).to_be_visible()
    page.wait_for_timeout(MOVED)
    picture(page, f"{name}-builder-settings")
    if look.touch:
        page.get_by_role("button", name="Close the settings").tap()
    else:
        page.locator(".mode-label").last.click()
    picture(page, f"{name}-list")
    page.goto(f"{office.url}/runs/{office.runs(shop.id)[0]['id']}")
    page.get_by_test_id("step-letter").get_by_role("button").first.click()
    picture(page, f"{name}-run")


def test_the_readme_shows_the_builder_with_a_finished_run(shop: Made, enter: Enter) -> None:
    if os.environ.get("POTOK_DOCS_PICTURE"):
        page = enter(f"/scenarios/{shop.id}")
        show_latest_run(page)
        page.locator(".run-chip").first.blur()
        page.screenshot(path=DOCS_PICTURE)
    head = DOCS_PICTURE.read_bytes()
    assert len(head) < LARGEST
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", head[16:24]) == (WIDTH, HEIGHT)
