"""Calls another program's address."""

import base64
import json
from typing import Annotated, Any, Literal

from potok.sdk import Ctx, Effect, Field, Model, Pair, Response, Retry, UserError, action, text_of

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
_READS = ("GET", "HEAD")
_PASSING = (408, 425, 500, 502, 503, 504)


class Answer(Model):
    """What came back. `body`: parsed JSON, else text; for other content {"base64": ...}."""

    status: Annotated[int, Field(title="Status")]
    headers: Annotated[dict[str, str], Field(title="Headers")]
    body: Annotated[Any, Field(title="Body")]
    url: Annotated[str, Field(title="Final address")]


@action(
    "http.request",
    effect="outward",
    icon="world",
    group="web",
    net=["*"],
    timeout=150.0,
    sample=Answer(
        status=200, headers={"content-type": "application/json"}, body={"ok": True}, url="https://example.com/"
    ),
)
async def request(
    ctx: Ctx,
    url: Annotated[str, Field(kind="url", title="Address", placeholder="https://", min_length=1)],
    method: Annotated[Method, Field(title="Method")] = "GET",
    query: Annotated[list[Pair], Field(kind="pairs", title="Address parameters")] = [],
    headers: Annotated[list[Pair], Field(kind="pairs", title="Headers")] = [],
    body_kind: Annotated[
        Literal["none", "json", "form", "text"],
        Field(
            title="What to send",
            choices={"none": "Nothing", "json": "Data (JSON)", "form": "Form", "text": "Text"},
        ),
    ] = "none",
    body: Annotated[Any, Field(kind="json", title="Data", show_if={"body_kind": ["json"]})] = None,
    form: Annotated[list[Pair], Field(kind="pairs", title="Form fields", show_if={"body_kind": ["form"]})] = [],
    text: Annotated[str, Field(kind="template", title="Text to send", show_if={"body_kind": ["text"]})] = "",
    timeout: Annotated[float, Field(title="Patience, seconds", ge=1, le=120)] = 30,  # noqa: ASYNC109  # a setting
    fail_on_error: Annotated[
        bool, Field(title="Fail on an error status", help="A status of 400 and above fails the step.")
    ] = True,
) -> Answer:
    """HTTP request. Calls an address and yields the answer."""
    reply = await ctx.http.request(
        method,
        url.strip(),
        headers={pair.name: text_of(pair.value) for pair in headers},
        query=[(pair.name, text_of(pair.value)) for pair in query],
        json=body if body_kind == "json" else None,
        form={pair.name: text_of(pair.value) for pair in form} if body_kind == "form" else None,
        content=text if body_kind == "text" else None,
        timeout=timeout,
        idempotency_key=None if method in _READS else ctx.effect_key,
    )
    if fail_on_error and reply.status >= 400:
        _refuse(method, reply)
    return Answer(status=reply.status, headers=dict(reply.headers), body=_body(reply), url=reply.url)


@request.preview
def _(method: str, url: str) -> str:
    return f"{method} {url}"


@request.effect_of
def _(method: str) -> Effect:
    return "read" if method in _READS else "outward"


def _refuse(method: str, reply: Response) -> None:
    if reply.status in _PASSING and method in _READS:
        raise Retry(f"{reply.url} answered {reply.status}")
    raise UserError(
        "url",
        f"The address answered {reply.status}.",
        "Look at what it says in the details, or switch off “Fail on an error status”.",
        code="http_status",
        status=reply.status,
        answer=reply.text[:500],
    )


def _body(reply: Response) -> Any:
    if not reply.content:
        return None
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        try:
            return json.loads(reply.content)
        except ValueError:
            return reply.text
    if kind.startswith("text/") or kind in ("application/xml", "application/x-www-form-urlencoded", ""):
        return reply.text
    return {"base64": base64.b64encode(reply.content).decode()}
