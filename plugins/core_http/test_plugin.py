"""HTTP request, against a script instead of the network."""

from pathlib import Path
from typing import Any

import pytest

from potok.sdk import Retry, UserError
from potok.sdk.testing import FakeResponse, fake_http, load_nodes, reply, run_node

REQUEST = load_nodes(Path(__file__).parent)["http.request"]


async def test_a_post_carries_everything_and_the_effect_key() -> None:
    http = fake_http(reply({"id": 1}, status=201))
    params = {
        "url": " https://api.example/x ",
        "method": "POST",
        "query": [{"name": "q", "value": 5}, {"name": "q", "value": None}],
        "headers": [{"name": "X-A", "value": True}],
        "body_kind": "json",
        "body": {"a": [1]},
        "text": "not sent",
    }
    ran = await run_node(REQUEST, params, http=http, effect_key="run:node:0")
    sent = http.sent[0]
    assert (sent.method, sent.url, sent.query) == ("POST", "https://api.example/x", [("q", "5"), ("q", "")])
    assert (sent.headers, sent.json, sent.content, sent.form) == ({"X-A": "true"}, {"a": [1]}, None, None)
    assert sent.idempotency_key == "run:node:0"
    assert ran.output == {
        "status": 201,
        "headers": {"content-type": "application/json"},
        "body": {"id": 1},
        "url": "",
    }


@pytest.mark.parametrize(
    ("kind", "field", "expected"),
    [
        ("none", "content", None),
        ("text", "content", "hi"),
        ("form", "form", {"a": "1"}),
        ("json", "json", {"x": 1}),
    ],
)
async def test_only_the_chosen_kind_of_body_is_sent(kind: str, field: str, expected: Any) -> None:
    http = fake_http(reply())
    filled = {"text": "hi", "form": [{"name": "a", "value": 1}], "body": {"x": 1}}
    await run_node(REQUEST, {"url": "https://a", "method": "PUT", "body_kind": kind, **filled}, http=http)
    assert getattr(http.sent[0], field) == expected
    others = {"content", "form", "json"} - {field}
    assert all(getattr(http.sent[0], other) is None for other in others)


def test_get_reads_and_post_acts() -> None:
    assert REQUEST.effect_of is not None
    for method, effect in (("GET", "read"), ("HEAD", "read"), ("POST", "outward"), ("DELETE", "outward")):
        assert REQUEST.effect_of(REQUEST.input.model_validate({"url": "x", "method": method})) == effect


@pytest.mark.parametrize(
    ("method", "status", "error"),
    [("GET", 503, Retry), ("GET", 404, UserError), ("POST", 503, UserError), ("POST", 400, UserError)],
)
async def test_an_error_status_fails_the_step_or_is_tried_again(
    method: str, status: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await run_node(
            REQUEST, {"url": "https://a", "method": method}, http=fake_http(reply(text="x", status=status))
        )


async def test_an_error_status_may_be_an_answer() -> None:
    http = fake_http(reply(text="gone", status=404))
    ran = await run_node(REQUEST, {"url": "https://a", "fail_on_error": False}, http=http)
    assert (ran.output["status"], ran.output["body"]) == (404, "gone")


@pytest.mark.parametrize(
    ("kind", "content", "body"),
    [
        ("application/json", b'{"a": 1}', {"a": 1}),
        ("application/problem+json; charset=utf-8", b"[1]", [1]),
        ("application/json", b"{broken", "{broken"),
        ("text/html", "<p>да".encode(), "<p>да"),
        ("image/png", b"\x89PNG\0", {"base64": "iVBORwA="}),
        ("text/plain", b"", None),
    ],
)
async def test_the_body_is_data_text_or_base64(kind: str, content: bytes, body: Any) -> None:
    http = fake_http(FakeResponse(200, {"content-type": kind}, content))
    assert (await run_node(REQUEST, {"url": "https://a"}, http=http)).output["body"] == body


def test_the_preview_says_what_it_would_do() -> None:
    assert REQUEST.preview is not None
    assert REQUEST.preview(method="POST", url="https://a", timeout=30) == "POST https://a"
