"""The one way out: every outbound HTTP request of every node goes through OutboundHttp.

What can go wrong, as the node sees it:
UserError    the address is refused or answers with too much; no answer to a request that may have acted
Retry        nothing happened yet, or repeating cannot do harm: no connection, no answer to a read
RateLimited  the other side said 429, with its Retry-After
"""

import asyncio
import json as json_module
import ssl
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from potok.adapters.addresses import read_allowed
from potok.adapters.http_connect import NET, JudgingTransport, Resolver, refusal, system_resolver
from potok.sdk.ctx import HttpClient
from potok.sdk.outcome import RateLimited, Retry

MAX_BYTES = 10 * 1024 * 1024
MAX_REDIRECTS = 5
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
"""Repeating these changes nothing more (RFC 9110, 9.2.2)."""
_LONGEST_PAUSE = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An answer, wholly read. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str
    charset: str = "utf-8"

    @property
    def text(self) -> str:
        """The body as text."""
        try:
            return self.content.decode(self.charset, errors="replace")
        except LookupError:
            return self.content.decode(errors="replace")

    def json(self) -> Any:
        """The parsed body; raises UserError where it is not JSON."""
        try:
            return json_module.loads(self.content)
        except ValueError as error:
            raise refusal("http_not_json", url=self.url) from error


class OutboundHttp:
    """Shared by a whole process: one pool of connections. Close it with `aclose()`."""

    def __init__(
        self,
        allow_private_hosts: str = "",
        *,
        resolver: Resolver = system_resolver,
        max_bytes: int = MAX_BYTES,
        user_agent: str = "Potok/0.1",
    ) -> None:
        self._allowed = read_allowed(allow_private_hosts)
        self._resolver = resolver
        self._max_bytes = max_bytes
        self._agent = user_agent
        self._client: httpx.AsyncClient | None = None
        self._by_net: dict[tuple[str, ...], HttpClient] = {}

    def for_hosts(self, net: Sequence[str]) -> HttpClient:
        """The client of a node type that declared these hosts (`NodeType.net`)."""
        key = tuple(net)
        found = self._by_net.get(key)
        if found is None:
            found = self._by_net[key] = _Client(self, key)
        return found

    async def aclose(self) -> None:
        """Close all connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def client(self) -> httpx.AsyncClient:
        """Made when first needed: reading the certificates takes tens of milliseconds."""
        if self._client is None:
            self._client = httpx.AsyncClient(
                transport=JudgingTransport(self._allowed, self._resolver),
                headers={"user-agent": self._agent, "accept-encoding": "gzip, deflate"},
                trust_env=False,
            )
        return self._client

    @property
    def max_bytes(self) -> int:
        """Largest answer, unpacked."""
        return self._max_bytes


class _Client:
    """The HttpClient of the SDK."""

    def __init__(self, outbound: OutboundHttp, net: tuple[str, ...]) -> None:
        self._outbound = outbound
        self._net = net

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | list[tuple[str, str]] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        content: bytes | str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # seconds for the whole exchange
        idempotency_key: str | None = None,
    ) -> HttpResponse:
        """See potok.sdk.HttpClient."""
        client, seconds = self._outbound.client(), timeout or 30.0
        may_repeat = method.upper() in _SAFE
        try:
            request = client.build_request(
                method.upper(),
                httpx.URL(url, params=_merged(url, query)) if query else url,
                headers=_headers(headers, idempotency_key),
                json=json,
                data=dict(form) if form is not None else None,
                content=content,
                timeout=httpx.Timeout(seconds, pool=None),
                extensions={NET: self._net},
            )
        except (httpx.InvalidURL, UnicodeError, ValueError, TypeError) as error:
            raise refusal("http_bad_request", reason=str(error)[:200]) from error
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(client, request)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            if _is_certificate(error):
                raise refusal("http_certificate", host=request.url.host, reason=str(error)[:200]) from error
            raise Retry(f"{request.url.host} could not be reached: {error}") from error
        except (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL) as error:
            raise refusal("http_bad_request", reason=str(error)[:200]) from error
        except (httpx.HTTPError, TimeoutError) as error:
            reason = str(error) or f"no answer in {seconds:g} s"
            if may_repeat:
                raise Retry(f"{request.url.host}: {reason}") from error
            raise refusal("http_no_answer", host=request.url.host, reason=reason) from error

    async def _exchange(self, client: httpx.AsyncClient, request: httpx.Request) -> HttpResponse:
        response = await self._follow(client, request)
        try:
            if response.status_code == 429:
                after = retry_after(response.headers.get("retry-after"), datetime.now(UTC))
                raise RateLimited(f"{response.url.host} asked to slow down", after)
            content = await self._read(response)
        finally:
            await response.aclose()
        names = ("content-length", "content-encoding", "transfer-encoding")
        kept = {name: value for name, value in response.headers.items() if name not in names}
        return HttpResponse(
            response.status_code, kept, content, str(response.url), response.charset_encoding or "utf-8"
        )

    async def _follow(self, client: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
        """Redirects are followed here: httpx would read their bodies whole, however large."""
        host = request.url.host
        for _ in range(MAX_REDIRECTS + 1):
            response = await client.send(request, stream=True)
            if response.next_request is None:
                return response
            await response.aclose()
            request = response.next_request
        raise refusal("http_redirects", host=host, limit=MAX_REDIRECTS)

    async def _read(self, response: httpx.Response) -> bytes:
        """Unpacked here and not by httpx, so that a small packed body cannot become a huge one in memory."""
        limit = self._outbound.max_bytes
        packed = response.headers.get("content-encoding", "").strip().lower()
        unpack = zlib.decompressobj(47) if packed in ("gzip", "x-gzip", "deflate") else None
        if unpack is None and packed not in ("", "identity"):
            raise refusal("http_encoding", host=response.url.host, encoding=packed)
        content = bytearray()
        async for chunk in response.aiter_raw():
            try:
                content += chunk if unpack is None else unpack.decompress(chunk, limit + 1 - len(content))
            except zlib.error as error:
                raise refusal("http_encoding", host=response.url.host, encoding=packed) from error
            if len(content) > limit:
                raise refusal("http_too_large", host=response.url.host, limit=limit // 1024 // 1024)
        return bytes(content)


def _merged(url: str, query: Mapping[str, str] | list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Parameters that stand in the address already, then the given ones."""
    given = list(query.items()) if isinstance(query, Mapping) else query
    return [*httpx.URL(url).params.multi_items(), *given]


def _headers(given: Mapping[str, str] | None, key: str | None) -> dict[str, str]:
    found = dict(given or {})
    if key is not None and not any(name.lower() == "idempotency-key" for name in found):
        found["idempotency-key"] = key
    return found


def _is_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds a Retry-After header asks for: a number, or a date (RFC 9110, 10.2.3); at most a day."""
    if not header:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), _LONGEST_PAUSE)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return min(max((moment - now).total_seconds(), 0.0), _LONGEST_PAUSE)
