"""Scenarios from the command line: text in, ids and addresses out, the same text back, byte for byte."""

import json
from pathlib import Path

import pytest
from tests.running import cli

ORDERS = """\
format: potok/1
title: Большие заказы
nodes:
  - id: hook
    type: webhook.received
    at: [80, 120]
  - id: big
    type: logic.if
    title: Больше 1000?
    at: [360, 120]
    params:
      conditions:
        match: all
        rules:
          - left: {$ref: [hook, body, amount]}
            op: gt
            right: 1000
  - id: note
    type: data.set_fields
    at: [640, 200]
    params:
      fields:
        - name: amount
          value: {$ref: [hook, body, amount]}
edges:
  - from: hook
    to: big
  - from: big
    port: "false"
    to: note
"""


@pytest.fixture
def servers(fresh_database_url: str, redis_url: str) -> dict[str, str]:
    """A Potok with an owner; nothing but database and queue is needed for text in and out."""
    named = {"database_url": fresh_database_url, "redis_url": redis_url, "public_url": "http://potok.example"}
    made = cli("setup", "--email", "boss@example.com", "--password-file", "-", text="a long secret 4242", **named)
    assert made.returncode == 0, made.stderr
    return named


def test_text_goes_in_and_comes_back_byte_for_byte(tmp_path: Path, servers: dict[str, str]) -> None:
    first = cli("scenario", "import", "-", "--json", text=ORDERS, **servers)
    assert first.returncode == 0, first.stderr
    exported = tmp_path / "orders.yaml"
    assert (
        cli("scenario", "export", json.loads(first.stdout)["id"], "--output", str(exported), **servers).returncode
        == 0
    )
    second = cli("scenario", "import", str(exported), "--json", **servers)
    again = cli("scenario", "export", json.loads(second.stdout)["id"], **servers)
    assert again.stdout.encode() == exported.read_bytes()
    assert "Большие заказы" in again.stdout


def test_publishing_prints_the_hook_address(servers: dict[str, str]) -> None:
    made = cli("scenario", "import", "-", "--publish", "--json", text=ORDERS, **servers)
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)
    assert told["published"] is True
    (hook,) = told["hooks"]
    assert hook["node_id"] == "hook"
    assert hook["url"].startswith("http://potok.example/h/")
    listed = json.loads(cli("scenario", "list", "--json", **servers).stdout)
    assert [(one["id"], one["published"]) for one in listed] == [(told["id"], True)]
    runs = cli("runs", "list", "--scenario", told["id"], "--json", **servers)
    assert json.loads(runs.stdout) == []


def test_a_broken_text_is_refused_with_its_place_and_leaves_nothing(servers: dict[str, str]) -> None:
    refused = cli("scenario", "import", "-", text="format: potok/1\nnodes:\n  - id: [", **servers)
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "line 4" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert json.loads(cli("scenario", "list", "--json", **servers).stdout) == []


def test_what_cannot_be_published_is_not_imported_half(servers: dict[str, str]) -> None:
    loose = ORDERS.replace("type: logic.if", "type: logic.nothing")
    refused = cli("scenario", "import", "-", "--publish", text=loose, **servers)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert json.loads(cli("scenario", "list", "--json", **servers).stdout) == []


def test_an_unknown_scenario_is_said_in_words(servers: dict[str, str]) -> None:
    missing = "01900000-0000-7000-8000-000000000000"
    for command in (("scenario", "export", missing), ("runs", "list", "--scenario", missing)):
        refused = cli(*command, **servers)
        assert refused.returncode == 1
        assert refused.stderr.startswith("potok: ")
        assert "Traceback" not in refused.stderr


def test_an_unknown_state_is_said_in_words(servers: dict[str, str]) -> None:
    refused = cli("runs", "list", "--status", "sleeping", **servers)
    assert refused.returncode == 2
    assert "succeeded" in refused.stderr
