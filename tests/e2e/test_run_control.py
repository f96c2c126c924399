"""A run held back, let go on and ended by clicking; one whose outcome a crash hid; a loop with failed items."""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.e2e.conftest import DESK, PHONE, RUSSIAN, Look, running, window
from tests.e2e.office import Made, Office, post
from tests.running import eventually

WAITS = """format: potok/1
title: Waits long
nodes:
  - {id: hook, type: webhook.received, at: [0, 0]}
  - {id: wait, type: flow.wait, title: A long wait, at: [352, 0], params: {duration: {amount: 2, unit: days}}}
  - {id: after, type: data.text, title: Afterwards, at: [704, 0], params: {text: done}}
edges:
  - {from: hook, to: wait}
  - {from: wait, to: after}
"""
TELLS = """format: potok/1
title: Tells the shop
nodes:
  - {id: hook, type: webhook.received, at: [0, 0]}
  - {id: call, type: http.request, title: Tell the shop, at: [352, 0], params: {method: POST, url: "%s"}}
  - {id: after, type: data.text, title: Afterwards, at: [704, 0], params: {text: done}}
edges:
  - {from: hook, to: call}
  - {from: call, to: after}
"""
LOOPS = """format: potok/1
title: Halves each
nodes:
  - {id: hook, type: webhook.received, at: [0, 0]}
  - id: loop
    type: flow.loop
    title: Each number
    at: [352, 0]
    params: {items: {$ref: [hook, body, numbers]}, on_item_error: continue}
  - id: halve
    type: code.python
    title: Divide
    at: [704, 0]
    params: {code: "100 / item", inputs: [{name: item, value: {$ref: [loop, item]}}]}
  - {id: after, type: data.text, title: Afterwards, at: [1056, 0], params: {text: done}}
edges:
  - {from: hook, to: loop}
  - {from: loop, port: item, to: halve}
  - {from: loop, port: done, to: after}
"""


@dataclass
class Shop:
    """A receiver that keeps its callers waiting."""

    called: threading.Event = field(default_factory=threading.Event)
    gate: threading.Event = field(default_factory=threading.Event)
    url: str = ""


@pytest.fixture
def shop() -> Iterator[Shop]:
    """On a port of its own."""
    made = Shop()

    class Keeper(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.called.set()
            made.gate.wait(60)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Keeper)
    made.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    made.gate.set()
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def workshop() -> Iterator[Office]:
    """An office whose workers may be killed and may call neighbours."""
    with running(allow_private_hosts="127.0.0.1") as potok:
        yield Office(potok)


Open = Callable[..., Page]


@pytest.fixture
def opened(workshop: Office, new_context: Callable[..., BrowserContext]) -> Open:
    """`opened(path, look)`: a window of the workshop, signed in as the owner of that language."""

    def open_window(path: str, look: Look = DESK) -> Page:
        context = window(new_context, look)
        workshop.let_in(context, {"en": "olga", "ru": "anna"}[look.language])
        page = context.new_page()
        page.goto(workshop.url + path)
        return page

    return open_window


def begun(workshop: Office, made: Made, status: str) -> str:
    """One run of the scenario, once it stands so."""
    post(made.hook, {})
    eventually(f"the run is {status}", lambda: [one["status"] for one in workshop.runs(made.id)] == [status], 30)
    return str(workshop.runs(made.id)[0]["id"])


def left_unknown(workshop: Office, shop: Shop) -> str:
    """A run whose worker was killed while the shop had not answered."""
    made = workshop.make(TELLS % shop.url)
    post(made.hook, {})
    assert shop.called.wait(20)
    workshop.potok.child("potok.cli.worker").kill()
    eventually("a person is asked", lambda: workshop.runs(made.id)[0]["status"] == "UNKNOWN", 60)
    return str(workshop.runs(made.id)[0]["id"])


def test_a_run_is_paused_resumed_and_cancelled_by_clicking(workshop: Office, opened: Open) -> None:
    made = workshop.make(WAITS)
    page = opened(f"/runs/{begun(workshop, made, 'WAITING')}")
    status = page.get_by_test_id("run-status")
    expect(status).to_have_text("Waiting")
    page.get_by_role("button", name="Pause").click()
    expect(status).to_have_text("Paused")
    expect(page.get_by_test_id("run-cause")).to_contain_text("Olga")
    page.get_by_role("button", name="Resume").click()
    expect(status).to_have_text("Waiting")
    page.get_by_role("button", name="Cancel…").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel the run").click()
    expect(status).to_have_text("Cancelled")
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)


@pytest.mark.parametrize("look", [DESK, RUSSIAN, PHONE], ids=str)
def test_a_person_answers_that_it_was_sent_and_the_run_goes_on(
    workshop: Office, opened: Open, shop: Shop, look: Look
) -> None:
    page = opened(f"/runs/{left_unknown(workshop, shop)}", look)
    question = page.get_by_role("region", name=re.compile("Was it sent|Отправ"))
    expect(question).to_contain_text("Tell the shop")
    expect(question).to_contain_text(shop.url)
    question.get_by_role("button").first.click()
    expect(page.get_by_test_id("run-status")).to_have_text(re.compile("^(Done|Готово|Выполнен)"))
    expect(page.get_by_test_id("step-after")).to_have_attribute("data-live", "done")


def test_a_loop_begins_with_the_item_that_failed(workshop: Office, opened: Open) -> None:
    made = workshop.make(LOOPS)
    post(made.hook, {"numbers": [1, 4, 0, 5, 0]})
    workshop.wait_for_runs(made.id, 1)
    page = opened(f"/runs/{workshop.runs(made.id)[0]['id']}")
    expect(page.get_by_test_id("node-loop")).to_contain_text("3 of 5, 2 failed")
    page.get_by_test_id("step-halve").get_by_role("button").first.click()
    items = page.get_by_role("region", name="Items of the loop")
    number = items.get_by_role("textbox", name="Number of the item")
    expect(number).to_have_value("3")
    expect(items).to_contain_text("ZeroDivisionError")
    items.get_by_role("button", name="Next failed item").click()
    expect(number).to_have_value("5")
    items.get_by_role("combobox", name="Which items").select_option("all")
    items.get_by_role("button", name="Previous item").click()
    expect(number).to_have_value("4")
    expect(items).to_contain_text("20")
    page.get_by_test_id("step-loop").get_by_role("button").first.click()
    expect(items.get_by_role("textbox", name="Number of the item")).to_have_value("4")


def test_the_calendar_names_what_a_run_waits_for(workshop: Office, opened: Open) -> None:
    run = begun(workshop, workshop.make(WAITS), "WAITING")
    page = opened("/calendar?kind=wait", PHONE)
    row = page.get_by_role("listitem").filter(has_text="Waits long").first
    expect(row).to_contain_text("a run goes on after “A long wait”")
    page.get_by_role("link", name="Waits long").last.click()
    expect(page).to_have_url(re.compile(f"/runs/{run}$|/runs/"))
