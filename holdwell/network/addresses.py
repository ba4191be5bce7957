"""This computer's addresses in the home network, found without asking any other host."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import psutil

Address = IPv4Address | IPv6Address

HOME_NETWORKS = tuple(
    ip_network(network) for network in ("192.168.0.0/16", "10.0.0.0/8", "172.16.0.0/12", "fc00::/7")
)
"""Addresses that only a private network uses (RFC 1918, RFC 4193), the likeliest at home first."""
# By the names that systems give to bridges, containers and tunnels: no phone is behind those.
_NOT_AT_HOME = re.compile(
    "docker|br-|veth|virbr|vmnet|vboxnet|vethernet|u?tun|tap|wg|zt|tailscale|llw|awdl|bridge", re.I
)


def home_addresses() -> list[str]:
    """Addresses that a phone at home may reach this computer by, the likeliest first."""
    up = {name for name, stats in psutil.net_if_stats().items() if stats.isup}
    families = (socket.AF_INET, socket.AF_INET6)
    found = {
        name: [entry.address for entry in entries if entry.family in families]
        for name, entries in psutil.net_if_addrs().items()
        if name in up
    }
    return ranked(found, _outgoing())


def ranked(found: Mapping[str, Iterable[str]], outgoing: Iterable[str] = ()) -> list[str]:
    """The private ones of the addresses of each interface, the likeliest first.

    That is the address that this computer goes out by, then IPv4 before IPv6, then the order of
    `HOME_NETWORKS`. Addresses of containers and tunnels come last: she may know better.
    """
    chosen = set(outgoing)
    order: list[tuple[tuple[bool, bool, int, str], str]] = []
    for name, texts in found.items():
        for text in texts:
            address = parsed(text)
            if address is None or (network := _network(address)) is None:
                continue
            aside = _NOT_AT_HOME.match(name) is not None
            order.append(((aside, str(address) not in chosen, network, name), str(address)))
    return list(dict.fromkeys(text for _, text in sorted(order)))


def parsed(text: str) -> Address | None:
    """Read an address; None for anything else. An IPv4 address in IPv6's clothes is IPv4."""
    try:
        address = ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def in_url(address: str) -> str:
    """An address as it stands in a URL or a Host header: IPv6 in brackets."""
    return f"[{address}]" if ":" in address else address


def _network(address: Address) -> int | None:
    for number, network in enumerate(HOME_NETWORKS):
        if address.version == network.version and address in network:
            return number
    return None


def _outgoing() -> list[str]:
    """The addresses of the default routes. Connecting a datagram socket sends nothing: it only
    chooses the way (the addresses are those that documentation uses, RFC 5737 and RFC 3849)."""
    found = []
    for family, far in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((far, 9))
                found.append(str(probe.getsockname()[0]))
        except OSError:
            continue
    return found
