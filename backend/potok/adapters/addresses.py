"""Which network addresses outbound HTTP may reach: public ones, and what the admin allows besides."""

import ipaddress
from dataclasses import dataclass

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))

_NEVER = (ipaddress.ip_network("192.0.0.0/24"), ipaddress.ip_network("192.88.99.0/24"))
"""Special blocks that some releases of Python call global."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The admin's exceptions: names of hosts, and networks or single addresses."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()

    def permits(self, host: str, address: IPAddress) -> bool:
        """Whether a connection to this address, found under this name, is all right."""
        if host.lower().rstrip(".") in self.hosts:
            return True
        seen = _plain(address)
        return is_public(address) or any(
            seen in network for network in self.networks if network.version == seen.version
        )


def read_allowed(setting: str) -> Allowed:
    """From `POTOK_ALLOW_PRIVATE_HOSTS`: "crm.local, 10.0.0.0/8, 127.0.0.1"."""
    hosts, networks = set(), []
    for part in (piece.strip().lower() for piece in setting.split(",")):
        try:
            networks.append(ipaddress.ip_network(part, strict=False))
        except ValueError:
            if part:
                hosts.add(part.rstrip("."))
    return Allowed(frozenset(hosts), tuple(networks))


def is_public(address: IPAddress) -> bool:
    """Reachable on the open internet: not private, loopback, link-local (cloud metadata), shared, reserved.

    An IPv6 address that carries an IPv4 one (mapped, 6to4, Teredo, NAT64) is judged by both.
    """
    inner = _carried(address)
    if inner is not None:
        return is_public(inner) and (_is_mapped(address) or _is_plainly_public(address))
    return _is_plainly_public(address)


def _is_plainly_public(address: IPAddress) -> bool:
    special = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not special and not any(address in network for network in _NEVER)


def _is_mapped(address: IPAddress) -> bool:
    """The wrapping itself says nothing about reachability."""
    return isinstance(address, ipaddress.IPv6Address) and (
        address.ipv4_mapped is not None or any(address in network for network in _NAT64)
    )


def _carried(address: IPAddress) -> ipaddress.IPv4Address | None:
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _NAT64) or int(address) >> 32 == 0:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _plain(address: IPAddress) -> IPAddress:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
