"""A pure ASGI layer around the web application: request id, security headers, body limit. Webhooks skip it."""

import logging
import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import orjson

from potok.words import negotiate, say

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logging.getLogger("potok.server")

REQUEST_ID = "potok.request_id"
_GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        # Mantine sets colours and sizes as style attributes and writes its theme into <style> elements. Styles
        # cannot run anything; scripts stay without 'unsafe-inline'.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
]


def request_id_of(scope: Scope) -> str:
    """The id of this request: the caller's X-Request-ID when it is a plain one, else our own."""
    found: str = scope.get(REQUEST_ID, "")
    return found


class BodyTooLarge(Exception):
    """The body is larger than `max_body`."""


def guarded(app: App, *, secure: bool, max_body: int) -> App:
    """The application with an id, security headers and a body limit. `secure`: everybody comes by https."""
    headers = [*_HEADERS, (b"strict-transport-security", b"max-age=31536000")] if secure else _HEADERS

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await app(scope, receive, send)
            return
        given = _header(scope, b"x-request-id")
        request_id = given.decode() if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
        scope[REQUEST_ID] = request_id
        started = False

        async def send_more(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*message["headers"], *headers, (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            if int(_header(scope, b"content-length") or b"0") > max_body:
                raise BodyTooLarge
            await app(scope, _limited(receive, max_body), send_more)
        except (BodyTooLarge, ValueError) as error:
            if started or scope["type"] != "http" or not isinstance(error, BodyTooLarge):
                raise
            await answer_error(scope, send_more, 413, "body_too_large", limit=max_body)
        except Exception:
            error_id = secrets.token_hex(6)
            log.exception("error %s in request %s at %s", error_id, request_id, scope["path"])
            if started or scope["type"] != "http":
                raise
            await answer_error(scope, send_more, 500, "internal", id=error_id)

    return application


def _limited(receive: Receive, max_body: int) -> Receive:
    size = 0

    async def receive_counted() -> Message:
        nonlocal size
        message = await receive()
        if message["type"] == "http.request":
            size += len(message.get("body", b""))
            if size > max_body:
                raise BodyTooLarge
        return message

    return receive_counted


async def answer_error(scope: Scope, send: Send, status: int, code: str, **params: Any) -> None:
    """An error as JSON, in the caller's language: {"error": {"code", "message", "fix"}}."""
    words = say(code, negotiate(_header(scope, b"accept-language").decode("latin-1")), **params)
    body = orjson.dumps({"error": {"code": code, "message": words.message, "fix": words.fix}})
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status == 413:
        headers.append((b"connection", b"close"))  # what is still coming must not be read as the next request
    if status == 503:
        headers.append((b"retry-after", b"2"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _header(scope: Scope, name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"")
