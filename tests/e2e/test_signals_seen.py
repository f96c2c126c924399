"""What a person sees of signals and variables: what a run waits for, that it went on, and what was counted."""

import re

from playwright.sync_api import expect
from tests.e2e.conftest import PHONE, RUSSIAN, Enter
from tests.e2e.office import Office, post
from tests.e2e.screens import Builder

PAID = """format: potok/1
title: Ships what is paid
nodes:
  - {id: hook, type: webhook.received, at: [0, 0]}
  - {id: count, type: variable.add, title: Count, at: [352, 0], params: {name: orders, scope: workspace}}
  - id: wait
    type: flow.signal
    title: Payment
    at: [704, 0]
    params: {name: paid, key: {$ref: [hook, body, order]}}
  - {id: ship, type: data.text, title: Ship, at: [1056, 0], params: {text: {$text: ["Sum ", {$ref: [wait, sum]}]}}}
edges:
  - {from: hook, to: count}
  - {from: count, to: wait}
  - {from: wait, to: ship}
"""
SEND = """mutation($data: JSON!) {
  sendSignal(name: "paid", key: "1042", data: $data) { woken problems { message } } }"""


def test_a_run_says_which_signal_it_waits_for_and_goes_on_when_it_comes(office: Office, enter: Enter) -> None:
    made = office.make(PAID)
    post(made.hook, {"order": 1042})
    office.wait_for_runs(made.id, 1, "WAITING")
    page = enter(f"/runs/{office.runs(made.id)[0]['id']}")
    builder = Builder(page)
    expect(builder.node("Payment")).to_contain_text("waiting")
    expect(page.get_by_text("Waits for the signal “paid” of 1042.").first).to_be_visible()
    sent = office.graphql(SEND, data={"sum": 7})["sendSignal"]
    assert (sent["woken"], sent["problems"]) == (1, [])
    expect(builder.node("Ship")).to_contain_text("done")
    expect(page.get_by_test_id("run-status")).to_contain_text("Done")


def test_owners_see_what_was_counted_and_set_a_variable_by_hand(office: Office, enter: Enter) -> None:
    made = office.make(PAID)
    post(made.hook, {"order": 7})
    office.wait_for_runs(made.id, 1, "WAITING")
    page = enter("/")
    page.get_by_role("navigation").get_by_role("link", name="Variables").click()
    orders = page.get_by_role("listitem").filter(has_text="orders")
    expect(orders).to_contain_text(re.compile(r"number · all scenarios\s*\d+"))
    page.get_by_role("button", name="Set a variable").click()
    dialog = page.get_by_role("dialog", name="Set a variable")
    dialog.get_by_role("textbox", name="Name").fill("greeting")
    dialog.get_by_role("textbox", name="Value").fill("Good day")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    greeting = page.get_by_role("listitem").filter(has_text="greeting")
    expect(greeting).to_contain_text("Good day")
    expect(greeting).to_contain_text("Olga")
    for look in (RUSSIAN, PHONE):
        other = enter("/variables", look)
        expect(other.get_by_role("listitem").filter(has_text="greeting")).to_be_visible()
    page.get_by_role("button", name="Delete “greeting”").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(greeting).to_be_hidden()
