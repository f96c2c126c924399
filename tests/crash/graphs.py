"""Scenarios the crash harness plays, and the unreliable step they contain."""

from collections import Counter
from typing import Any

from potok.sdk import Ctx, RateLimited, Retry, action

_tries: Counter[str] = Counter()


@action("test.flaky", effect="read", output={}, sample=None)
async def flaky(ctx: Ctx) -> dict[str, str]:
    """Unreliable. Refuses twice: once for a moment, once for so long that the run leaves memory."""
    _tries[ctx.run.id] += 1
    if _tries[ctx.run.id] == 1:
        raise Retry("not yet", after=0.02)
    if _tries[ctx.run.id] == 2:
        raise RateLimited("slow down", after=6)
    return {"found": "manager"}


def edge(source: str, target: str, port: str = "out") -> dict[str, str]:
    """A wire."""
    return {"source": source, "port": port, "target": target}


def wait(node: str, seconds: int) -> dict[str, Any]:
    """A step that waits."""
    return {
        "id": node,
        "type": "flow.wait",
        "params": {"mode": "for", "duration": {"amount": seconds, "unit": "seconds"}},
    }


MIXED: dict[str, Any] = {
    "format": "potok/1",
    "title": "Mixed",
    "nodes": [
        {"id": "hook", "type": "webhook.received", "params": {}},
        {
            "id": "big",
            "type": "logic.if",
            "params": {
                "conditions": {
                    "match": "all",
                    "rules": [{"left": {"$ref": ["hook", "body", "amount"]}, "op": "gt", "right": 1000}],
                }
            },
        },
        {"id": "find", "type": "test.flaky", "params": {}},
        {
            "id": "tell",
            "type": "notice.send",
            "params": {"title": {"$text": ["For ", {"$ref": ["find", "found"]}]}, "text": "A big one"},
        },
        {
            "id": "mail",
            "type": "mail.send",
            "params": {"to": [{"$ref": ["hook", "body", "email"]}], "subject": "Thank you", "text": "Yours"},
        },
        wait("pause", 40),
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
        {"id": "small", "type": "data.text", "params": {"text": "not taken"}},
        {
            "id": "join",
            "type": "data.text",
            "params": {"text": {"$text": [{"$ref": ["tell", "title"]}, " / ", {"$ref": ["mail", "subject"]}]}},
        },
        {"id": "end", "type": "flow.succeed", "params": {"name": "Served", "result": {"$ref": ["join", "text"]}}},
    ],
    "edges": [
        edge("hook", "big"),
        edge("big", "find", "true"),
        edge("big", "mail", "true"),
        edge("big", "pause", "true"),
        edge("big", "small", "false"),
        edge("find", "tell"),
        edge("pause", "post"),
        edge("tell", "join"),
        edge("mail", "join"),
        edge("post", "join"),
        edge("join", "end"),
    ],
}
"""if -> three branches at once (read with retries -> notice; e-mail; wait -> POST) -> join -> named end."""


def _for_a_real_worker(node: dict[str, Any]) -> dict[str, Any]:
    if node["type"] == "test.flaky":
        return {
            "id": node["id"],
            "type": "data.set_fields",
            "params": {"fields": [{"name": "found", "value": "manager"}]},
        }
    if node["type"] == "flow.wait":
        return wait(node["id"], 1)
    return node


CORE_ONLY: dict[str, Any] = MIXED | {"nodes": [_for_a_real_worker(node) for node in MIXED["nodes"]]}
"""The same for a worker process: it has no unreliable step, and its clock does not run fast."""

SOAK: dict[str, Any] = MIXED | {
    "nodes": [node for node in MIXED["nodes"] if node["id"] in ("hook", "big", "mail", "post")]
    + [{"id": "tell", "type": "notice.send", "params": {"title": "A big one", "text": ""}}],
    "edges": [edge("hook", "big"), edge("big", "tell", "true"), edge("tell", "mail"), edge("mail", "post")],
}
"""if -> notice -> e-mail -> POST: one record effect, one repeatable outward one, one that must not be repeated."""

SIGNAL: dict[str, Any] = {
    "format": "potok/1",
    "title": "Signal",
    "nodes": [
        {"id": "hook", "type": "webhook.received", "params": {}},
        {
            "id": "wait",
            "type": "flow.signal",
            "params": {
                "name": "found",
                "key": {"$ref": ["hook", "body", "amount"]},
                "deadline": {"amount": 50, "unit": "hours"},
            },
        },
        {"id": "find", "type": "test.flaky", "params": {}},
        {
            "id": "send",
            "type": "flow.send_signal",
            "params": {
                "name": "found",
                "key": {"$ref": ["hook", "body", "amount"]},
                "data": {"by": {"$ref": ["find", "found"]}},
            },
        },
        {
            "id": "tell",
            "type": "notice.send",
            "params": {"title": {"$text": ["Found by ", {"$ref": ["wait", "by"]}]}, "text": ""},
        },
        {"id": "end", "type": "flow.succeed", "params": {"name": "Found", "result": {"$ref": ["wait", "by"]}}},
    ],
    "edges": [
        edge("hook", "wait"),
        edge("hook", "find"),
        edge("find", "send"),
        edge("wait", "tell"),
        edge("tell", "end"),
        edge("send", "end"),
    ],
}
"""One branch waits for a signal (with a deadline that does not come), the other sends it after retries."""

COUNTING: dict[str, Any] = {
    "format": "potok/1",
    "title": "Counting",
    "nodes": [
        {"id": "hook", "type": "webhook.received", "params": {}},
        {"id": "count", "type": "variable.add", "params": {"name": "orders", "amount": "0.1"}},
        {"id": "seen", "type": "data.dedupe", "params": {"key": {"$ref": ["hook", "body", "amount"]}}},
        {"id": "first", "type": "notice.send", "params": {"title": "The first one", "text": ""}},
    ],
    "edges": [edge("hook", "count"), edge("count", "seen"), edge("seen", "first", "new")],
}
"""Adds to a variable, then lets only the first run of all through to a notice."""

LIMITED: dict[str, Any] = {
    "format": "potok/1",
    "title": "Limited",
    "settings": {"limits": {"concurrency": {"at_most": 1, "key": {"$ref": ["hook", "body", "email"]}}}},
    "nodes": [
        {"id": "hook", "type": "webhook.received", "params": {}},
        {"id": "loop", "type": "flow.loop", "params": {"items": [1, 2, 3], "concurrency": 3}},
        {
            "id": "mail",
            "type": "mail.send",
            "params": {
                "to": [{"$ref": ["hook", "body", "email"]}],
                "subject": {"$text": ["No. ", {"$ref": ["loop", "item"]}]},
                "text": "Yours",
            },
            "settings": {"limits": {"at_once": 1}},
        },
        wait("pause", 40),
        {"id": "end", "type": "flow.succeed", "params": {"name": "Served"}},
    ],
    "edges": [
        edge("hook", "loop"),
        edge("loop", "mail", "item"),
        edge("loop", "pause", "done"),
        edge("pause", "end"),
    ],
}
"""One run at once for each address; a loop that sends one letter at a time; a wait that keeps the run's place."""

LARGE: dict[str, Any] = {
    "format": "potok/1",
    "title": "Large",
    "nodes": [
        {"id": "hook", "type": "webhook.received", "params": {}},
        {"id": "report", "type": "data.text", "params": {"text": "a line of a long report; " * 2_000}},
        wait("pause", 40),
        {
            "id": "again",
            "type": "data.text",
            "params": {"text": {"$text": ["Again: ", {"$ref": ["report", "text"]}]}},
        },
        {
            "id": "mail",
            "type": "mail.send",
            "params": {"to": ["anna@example.com"], "subject": "Report", "text": "-"},
        },
        {"id": "end", "type": "flow.succeed", "params": {"name": "Served", "result": {"$ref": ["again", "text"]}}},
    ],
    "edges": [
        edge("hook", "report"),
        edge("report", "pause"),
        edge("pause", "again"),
        edge("again", "mail"),
        edge("mail", "end"),
    ],
}
"""A large text, a wait, the text used again: its hash is in the result, so nothing of it may be missing."""
