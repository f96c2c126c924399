"""A pure ASGI layer around the web application: request id, security headers, body limit. Webhooks skip it."""

import asyncio
import contextlib
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from types import MappingProxyType
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
_TOLD = "potok.told"
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


class ErrorAnswer:
    """An error as JSON, in the caller's language: {"error": {"code", "message", "fix"}}. An ASGI application."""

    def __init__(self, status: int, code: str, *, drain: int = 0, **params: Any) -> None:
        self._status = status
        self._code = code
        self._drain = drain
        self._params = params

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        await drain(receive, self._drain)
        words = say(self._code, negotiate(_header(scope, b"accept-language").decode("latin-1")), **self._params)
        body = orjson.dumps({"error": {"code": self._code, "message": words.message, "fix": words.fix}})
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        if self._status == 413:
            headers.append((b"connection", b"close"))  # what is still coming must not be read as the next request
        if self._status == 503:
            headers.append((b"retry-after", b"2"))
        await send({"type": "http.response.start", "status": self._status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def too_large(max_body: int) -> ErrorAnswer:
    """The answer to a body beyond the limit."""
    return ErrorAnswer(413, "body_too_large", drain=4 * max_body, limit=max_body)


def internal_error(scope: Scope, error: BaseException) -> ErrorAnswer:
    """The answer to an error nobody expected: an id for the caller, the story under it for the log."""
    error_id = secrets.token_hex(6)
    log.error("error %s in request %s at %s", error_id, request_id_of(scope), scope["path"], exc_info=error)
    scope[_TOLD] = True
    return ErrorAnswer(500, "internal", id=error_id)


def guarded(app: App, *, secure: bool, max_body: int, larger: Mapping[str, int] = MappingProxyType({})) -> App:
    """The application with an id, security headers and a body limit. `secure`: everybody comes by https.

    `larger`: other limits of single paths.
    """
    headers = [*_HEADERS, (b"strict-transport-security", b"max-age=31536000")] if secure else _HEADERS

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await app(scope, receive, send)
            return
        given = _header(scope, b"x-request-id")
        request_id = given.decode() if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
        scope[REQUEST_ID] = request_id

        async def send_more(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *headers, (b"x-request-id", request_id.encode())]
            await send(message)

        announced, most = _header(scope, b"content-length"), larger.get(scope["path"], max_body)
        if announced.isdigit() and int(announced) > most:
            await too_large(most)(scope, receive, send_more)
            return
        try:
            await app(scope, _limited(receive, most), send_more)
        except Exception:
            if not scope.get(_TOLD):
                raise

    return application


def _limited(receive: Receive, max_body: int) -> Receive:
    """Raises BodyTooLarge once; whoever handles that may read on, to throw the rest away."""
    size = 0

    async def receive_counted() -> Message:
        nonlocal size
        message = await receive()
        if message["type"] == "http.request":
            before, size = size, size + len(message.get("body", b""))
            if before <= max_body < size:
                raise BodyTooLarge
        return message

    return receive_counted


async def drain(receive: Receive, most: int) -> None:
    """Read on for a moment: a caller still sending would not see the answer. Who sends much more is cut off."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(2):
            while most > 0:
                message = await receive()
                most -= len(message.get("body", b""))
                if not message.get("more_body"):
                    return


def _header(scope: Scope, name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"")
