"""A scenario that holds everything a crash may meet, the one it calls, and a step whose receiver takes the key."""

from typing import Annotated, Any
from uuid import UUID

from tests.crash.graphs import edge, wait

from potok.sdk import Ctx, Field, Model, action


class Taken(Model):
    """What the other side said."""

    status: int


@action("test.keyed", effect="outward", unknown="retry", net=["*"], sample=Taken(status=200))
async def keyed(ctx: Ctx, url: Annotated[str, Field(kind="url", title="Address")]) -> Taken:
    """Deliver. The receiver does nothing when a key comes again, so it may be asked twice."""
    answer = await ctx.http.request("POST", url, json={}, idempotency_key=ctx.effect_key)
    return Taken(status=answer.status)


@keyed.preview
def _(url: str) -> str:
    return f"POST {url}"


CALLED_ID = UUID("0199a000-0000-7000-8000-000000000001")
CALLED: dict[str, Any] = {
    "format": "potok/1",
    "title": "Called",
    "nodes": [
        {"id": "start", "type": "manual.started", "params": {"fields": [{"name": "email", "kind": "email"}]}},
        {"id": "note", "type": "notice.send", "params": {"title": "Called", "text": ""}},
        wait("hold", 10),
        {
            "id": "letter",
            "type": "mail.send",
            "params": {"to": [{"$ref": ["start", "email"]}], "subject": "From the called one", "text": "Yours"},
        },
        {
            "id": "end",
            "type": "flow.succeed",
            "params": {"name": "Called", "result": {"$ref": ["letter", "subject"]}},
        },
    ],
    "edges": [edge("start", "note"), edge("note", "hold"), edge("hold", "letter"), edge("letter", "end")],
}
"""notice -> wait -> e-mail -> its result."""

_SIGNAL: dict[str, Any] = {"name": "found", "key": {"$ref": ["hook", "body", "amount"]}}
WHOLE: dict[str, Any] = {
    "format": "potok/1",
    "title": "Whole",
    "settings": {"limits": {"concurrency": {"at_most": 1, "key": {"$ref": ["hook", "body", "email"]}}}},
    "nodes": [
        {"id": "hook", "type": "webhook.received", "params": {}},
        {"id": "loop", "type": "flow.loop", "params": {"items": ["a", "b"]}},
        {"id": "line", "type": "data.text", "params": {"text": {"$text": ["No. ", {"$ref": ["loop", "item"]}]}}},
        {"id": "note", "type": "notice.send", "params": {"title": {"$ref": ["line", "text"]}, "text": ""}},
        {
            "id": "letter",
            "type": "mail.send",
            "params": {
                "to": [{"$ref": ["hook", "body", "email"]}],
                "subject": {"$ref": ["line", "text"]},
                "text": "Yours",
            },
            "settings": {"limits": {"at_once": 1}},
        },
        {"id": "find", "type": "test.flaky", "params": {}},
        {
            "id": "call",
            "type": "flow.call",
            "params": {
                "scenario": str(CALLED_ID),
                "inputs": [{"name": "email", "value": {"$ref": ["hook", "body", "email"]}}],
            },
        },
        {
            "id": "send",
            "type": "flow.send_signal",
            "params": _SIGNAL | {"data": {"by": {"$ref": ["find", "found"]}}},
        },
        {
            "id": "listen",
            "type": "flow.signal",
            "params": _SIGNAL | {"deadline": {"amount": 50, "unit": "hours"}},
        },
        wait("pause", 20),
        {
            "id": "post",
            "type": "http.request",
            "params": {
                "method": "POST",
                "url": {"$ref": ["hook", "body", "url"]},
                "body_kind": "json",
                "body": {"amount": {"$ref": ["hook", "body", "amount"]}},
            },
        },
        {"id": "keyed", "type": "test.keyed", "params": {"url": {"$ref": ["hook", "body", "url"]}}},
        {"id": "join", "type": "flow.join", "params": {"mode": "all"}},
        {
            "id": "end",
            "type": "flow.succeed",
            "params": {
                "name": "Served",
                "result": {
                    "count": {"$ref": ["loop", "count"]},
                    "called": {"$ref": ["call", "result"]},
                    "by": {"$ref": ["listen", "by"]},
                    "status": {"$ref": ["keyed", "status"]},
                },
            },
        },
    ],
    "edges": [
        edge("hook", "loop"),
        edge("loop", "line", "item"),
        edge("line", "note"),
        edge("note", "letter"),
        edge("loop", "join", "done"),
        edge("hook", "find"),
        edge("find", "call"),
        edge("call", "send"),
        edge("send", "join"),
        edge("hook", "listen"),
        edge("listen", "join"),
        edge("hook", "pause"),
        edge("pause", "post"),
        edge("post", "keyed"),
        edge("keyed", "join"),
        edge("join", "end"),
    ],
}
"""Four branches meet in a join: a loop (text, notice, e-mail behind a limit); a read that is retried, a called
scenario that waits, a signal sent; that signal awaited; a wait, a POST whose receiver knows no key, another whose
receiver does. One run at once for each address."""
