"""Who a request really comes from: a trusted proxy's word is taken, anybody else's forwarding headers are not."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from potok.server.middleware import App, Receive, Scope, Send
from potok.settings import Network, read_networks

_SCHEMES = {"http": {"http": "http", "https": "https"}, "websocket": {"http": "ws", "https": "wss"}}
"""What X-Forwarded-Proto means for each kind of connection; anything else is not a scheme of ours."""


def behind_proxies(app: App, trusted: str) -> App:
    """The application, told the caller's own address and scheme when a trusted proxy passes a request on.

    `trusted`: addresses and networks as in POTOK_TRUSTED_PROXIES. Empty: every forwarding header is ignored.
    """
    networks = read_networks(trusted)
    if not networks:
        return app

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if scope["type"] in _SCHEMES and client and _is_trusted(_address(client[0]), networks):
            scope = _seen_through(scope, networks)
        await app(scope, receive, send)

    return application


def caller_of(forwarded: list[str], networks: tuple[Network, ...]) -> str | None:
    """The nearest address in X-Forwarded-For that is no trusted proxy; None when there is none to believe.

    Read from the right, because each proxy adds the address it was called from: what stands further left than the
    first stranger was written by that stranger. Something that is no address ends the chain: nothing is guessed.
    """
    nearest: str | None = None
    for entry in reversed(forwarded):
        found = _address(entry)
        if found is None:
            return nearest
        nearest = str(found)
        if not _is_trusted(found, networks):
            return nearest
    return nearest


def _seen_through(scope: Scope, networks: tuple[Network, ...]) -> Scope:
    """A copy of the scope with the caller's own address and scheme."""
    seen = dict(scope)
    caller = caller_of(_values(scope, b"x-forwarded-for"), networks)
    if caller is not None:
        seen["client"] = (caller, 0)
    schemes = _values(scope, b"x-forwarded-proto")
    scheme = _SCHEMES[scope["type"]].get(schemes[-1].lower()) if schemes else None
    if scheme is not None:
        seen["scheme"] = scheme
    return seen


def _values(scope: Scope, name: bytes) -> list[str]:
    """Every value of a header that may hold several, in order."""
    lines = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return [value.strip() for line in lines for value in line.split(",") if value.strip()]


def _is_trusted(address: IPv4Address | IPv6Address | None, networks: tuple[Network, ...]) -> bool:
    return address is not None and any(address in network for network in networks)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address, perhaps with a port: 192.0.2.1, 192.0.2.1:443, 2001:db8::1, [2001:db8::1]:443."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
