"""Connects outbound HTTP: resolves the name, judges every address, and dials the judged address itself (pinning).

A name is resolved here once per connection and the answer is what is dialled, so a name that changes between check
and use (DNS rebinding) gains nothing; each redirect is a new request and passes here again.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence

import httpcore
import httpx
from httpcore._backends.auto import AutoBackend

from potok.adapters.addresses import Allowed
from potok.sdk.outcome import UserError
from potok.words import DEFAULT, say

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port -> addresses as texts, best first. Raises OSError when there are none."""

NET = "potok_net"
"""Request extension: the hosts the node type declared."""


async def system_resolver(host: str, port: int) -> list[str]:
    """What the operating system says."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def refusal(code: str, **params: str | int) -> UserError:
    """A UserError with Potok's own words (`plugins.<code>`)."""
    words = say(f"plugins.{code}", DEFAULT, **params)
    return UserError("url", words.message, words.fix, code=code, **params)


class PinningBackend(httpcore.AsyncNetworkBackend):
    """Dials only addresses that were judged."""

    def __init__(self, allowed: Allowed, resolver: Resolver) -> None:
        self._allowed = allowed
        self._resolver = resolver
        self._inner = AutoBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, judge, dial. One address that may not be reached refuses the name as a whole."""
        addresses = await self._addresses(host, port, timeout)
        failure: Exception | None = None
        for address in addresses[:4]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")

    async def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:  # noqa: ASYNC109
        try:
            async with asyncio.timeout(timeout):
                found = await self._resolver(host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"{host} was not resolved in time") from error
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} is unknown") from error
        judged = [ipaddress.ip_address(address.partition("%")[0]) for address in found]
        for address in judged:
            if not self._allowed.permits(host, address):
                raise refusal("http_private", host=host, address=str(address))
        return [str(address) for address in judged]

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Never."""
        raise refusal("http_scheme", scheme="unix")

    async def sleep(self, seconds: float) -> None:
        """Asked by httpcore between its own attempts."""
        await asyncio.sleep(seconds)


class JudgingTransport(httpx.AsyncHTTPTransport):
    """Every request, and every redirect of it, goes through here: http(s) only, declared hosts only."""

    def __init__(self, allowed: Allowed, resolver: Resolver) -> None:
        context = httpx.create_ssl_context(trust_env=False)
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=200,
            max_keepalive_connections=50,
            keepalive_expiry=15,
            network_backend=PinningBackend(allowed, resolver),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Judge by what can be known without the network, then go."""
        if request.url.scheme not in ("http", "https") or not request.url.host:
            raise refusal("http_scheme", scheme=request.url.scheme or "?")
        net = request.extensions.get(NET, ())
        if not any(_matches(request.url.host, pattern) for pattern in net):
            raise refusal("http_undeclared", host=request.url.host)
        return await super().handle_async_request(request)


def _matches(host: str, pattern: str) -> bool:
    """`*` anything, `*.example.com` anything below it, else the very name."""
    host, pattern = host.lower().rstrip("."), pattern.lower()
    return pattern == "*" or host == pattern or (pattern.startswith("*.") and host.endswith(pattern[1:]))
