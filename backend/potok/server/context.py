"""Makes the Request of every GraphQL call: who asks, in which language, and the session all of it shares."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection
from starlette.responses import Response

from potok.people.service import Caller, SignedIn, authenticate_key, authenticate_session
from potok.request import Loaded, Request
from potok.runs.live import Hub
from potok.runs.news import NewsHub
from potok.scenarios.service import Ingest
from potok.sdk.ctx import HttpClient
from potok.server.middleware import request_id_of
from potok.settings import Settings
from potok.words import negotiate

COOKIE = "potok_session"
RECHECK = 30.0
"""Seconds after which a websocket's caller is looked up again."""


@dataclass(slots=True)
class Parts:
    """What resolvers need of this process."""

    settings: Settings
    open_session: Callable[[], AsyncSession]
    types: Loaded
    ingest: Ingest
    http: Callable[[Sequence[str]], HttpClient]
    live: Hub = field(default_factory=Hub)
    news: NewsHub = field(default_factory=NewsHub)


class ResponseCookies:
    """Sets the session cookie on the answer being built."""

    def __init__(self, response: Response, *, secure: bool) -> None:
        self._response = response
        self._secure = secure

    def keep(self, token: str, expires_at: datetime) -> None:
        """HttpOnly: no script reads it. Lax: other sites' forms do not send it."""
        age = max(0, round((expires_at - datetime.now(UTC)).total_seconds()))
        self._response.set_cookie(
            COOKIE, token, max_age=age, path="/", secure=self._secure, httponly=True, samesite="lax"
        )

    def drop(self) -> None:
        """Forget it."""
        self._response.delete_cookie(COOKIE, path="/", secure=self._secure, httponly=True, samesite="lax")


async def open_request(parts: Parts, connection: HTTPConnection, response: Response) -> Request:
    """The Request of one HTTP call. Its session stays open; whoever called this closes it."""
    session = parts.open_session()
    cookies = ResponseCookies(response, secure=is_secure(parts.settings, connection))
    request = _request(parts, connection, session, cookies)
    try:
        found = await _recognise(session, parts.settings, connection)
    except BaseException:
        await session.close()
        raise
    if isinstance(found, SignedIn):
        if found.token:
            cookies.keep(found.token, found.expires_at)
        found = found.caller
    _settle(request, found)
    return request


async def open_connection(parts: Parts, connection: HTTPConnection) -> Request:
    """The Request of a websocket, which outlives transactions and looks its caller up again now and then."""
    request = _request(parts, connection, None, None)
    looked_at = 0.0

    async def welcome(request: Request) -> bool:
        nonlocal looked_at
        now = asyncio.get_running_loop().time()
        if looked_at and now - looked_at < RECHECK:
            return request.caller is not None
        looked_at = now
        async with parts.open_session() as session:
            found = await _recognise(session, parts.settings, connection)
            await session.commit()
        _settle(request, found.caller if isinstance(found, SignedIn) else found)
        return request.caller is not None

    request.check_again = welcome
    await welcome(request)
    return request


def public_url(settings: Settings, connection: HTTPConnection) -> str:
    """How people reach this Potok: as configured, else the way this request came."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    scheme = {"ws": "http", "wss": "https"}.get(connection.url.scheme, connection.url.scheme)
    return f"{scheme}://{connection.headers.get('host', f'{settings.host}:{settings.port}')}"


def is_secure(settings: Settings, connection: HTTPConnection) -> bool:
    """Whether the browser speaks https: as configured, or as this request came (perhaps to a trusted proxy)."""
    return connection.url.scheme in ("https", "wss") or public_url(settings, connection).startswith("https://")


def _request(
    parts: Parts, connection: HTTPConnection, session: AsyncSession | None, cookies: ResponseCookies | None
) -> Request:
    headers = connection.headers
    return Request(
        caller=None,
        locale=negotiate(headers.get("accept-language")),
        settings=parts.settings,
        public_url=public_url(parts.settings, connection),
        types=parts.types,
        ingest=parts.ingest,
        live=parts.live,
        news=parts.news,
        http=parts.http,
        open_session=parts.open_session,
        session=session,
        cookies=cookies,
        token=connection.cookies.get(COOKIE, ""),
        address=connection.client.host if connection.client else "",
        user_agent=headers.get("user-agent", ""),
        request_id=request_id_of(connection.scope),
    )


async def _recognise(db: AsyncSession, settings: Settings, connection: HTTPConnection) -> SignedIn | Caller | None:
    """By API key when there is one, else by cookie."""
    kind, _, key = connection.headers.get("authorization", "").partition(" ")
    if kind:
        return await authenticate_key(db, key.strip()) if kind.lower() == "bearer" else None
    token = connection.cookies.get(COOKIE)
    return await authenticate_session(db, token, session_days=settings.session_days) if token else None


def _settle(request: Request, caller: Caller | None) -> None:
    request.caller = None if caller is None else replace(caller, address=request.address)
    if caller is not None and caller.locale:
        request.locale = caller.locale
