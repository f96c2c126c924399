"""The kit for tests of plugins."""

import pytest

from potok.sdk import Ctx, Retry, action, text_of
from potok.sdk.testing import fake_http, reply, run_node


@action("x.call")
async def call(ctx: Ctx, url: str) -> dict[str, object]:
    """Call and tell."""
    found = await ctx.http.request("POST", url, json={"a": 1}, idempotency_key=ctx.effect_key)
    ctx.outbox.email(["a@b.ru"], "Subject", "Body")
    ctx.notices.add("Title", "Body")
    return {"status": found.status, "json": found.json(), "run": ctx.run.id}


async def test_fake_http_answers_in_order_and_keeps_what_was_sent() -> None:
    http = fake_http(reply({"ok": True}, status=201), Retry("later"), lambda sent: reply({"url": sent.url}))
    ran = await run_node(call, {"url": "https://a"}, http=http, effect_key="k")
    assert ran.output == {"status": 201, "json": {"ok": True}, "run": "run-1"}
    assert (http.sent[0].json, http.sent[0].idempotency_key) == ({"a": 1}, "k")
    assert ran.letters[0].recipients == ("a@b.ru",)
    assert ran.notices[0].title == "Title"
    with pytest.raises(Retry):
        await run_node(call, {"url": "https://b"}, http=http)
    assert (await run_node(call, {"url": "https://c"}, http=http)).output["json"] == {"url": "https://c"}
    with pytest.raises(AssertionError, match="nobody expected POST"):
        await run_node(call, {"url": "https://d"}, http=http)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (1.0, "1"),
        (1e21, "1000000000000000000000"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (float("nan"), "nan"),
        ([1, "a"], '[1, "a"]'),
        ({"а": None}, '{"а": null}'),
    ],
)
def test_values_read_in_texts_as_people_write_them(value: object, text: str) -> None:
    assert text_of(value) == text
