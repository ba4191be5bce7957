"""Find this computer's addresses in the home network without asking any other host."""

import re
import socket
from collections.abc import Iterable, Mapping
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address

HOME_NETWORKS = tuple(
    ip_network(network) for network in ("192.168.0.0/16", "10.0.0.0/8", "172.16.0.0/12", "fc00::/7")
)
"""The address ranges of private networks (RFC 1918, RFC 4193), the likeliest at home first."""
# The names that systems give to bridges, containers and tunnels, which do not lead to a phone.
_NOT_AT_HOME = re.compile(
    "docker|br-|veth|virbr|vmnet|vboxnet|vethernet|u?tun|tap|wg|zt|tailscale|llw|awdl|bridge", re.I
)


def home_addresses() -> list[str]:
    """Return the addresses by which a phone at home may reach this computer, likeliest first."""
    # Imported here because only phone access needs it.
    import psutil

    up = {name for name, stats in psutil.net_if_stats().items() if stats.isup}
    families = (socket.AF_INET, socket.AF_INET6)
    by_interface = {
        name: [entry.address for entry in entries if entry.family in families]
        for name, entries in psutil.net_if_addrs().items()
        if name in up
    }
    return rank(by_interface, _outgoing())


def rank(by_interface: Mapping[str, Iterable[str]], outgoing: Iterable[str] = ()) -> list[str]:
    """Return the private addresses of all interfaces, the likeliest first.

    Addresses that this computer sends from (`outgoing`) come first, the rest in the order of
    `HOME_NETWORKS`, which has IPv4 before IPv6. Addresses of containers and tunnels come last.
    """
    ranked: list[tuple[tuple[bool, bool, int, str], str]] = []
    for name, texts in by_interface.items():
        for address in filter(None, map(parse_address, texts)):
            for number, network in enumerate(HOME_NETWORKS):
                if address.version == network.version and address in network:
                    virtual = _NOT_AT_HOME.match(name) is not None
                    key = (virtual, str(address) not in outgoing, number, name)
                    ranked.append((key, str(address)))
    return list(dict.fromkeys(text for _, text in sorted(ranked)))


def parse_address(text: str) -> Address | None:
    """Read an IP address; return None for other text. An IPv4-mapped IPv6 address becomes IPv4."""
    try:
        address = ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def url_host(address: str) -> str:
    """Return an address as a URL or a Host header has it: IPv6 in brackets."""
    return f"[{address}]" if ":" in address else address


def _outgoing() -> list[str]:
    """Return the addresses that this computer sends from by its default routes.

    Connecting a datagram socket sends nothing: it only chooses a route. The sockets connect to
    addresses that are reserved for documentation (RFC 5737 and RFC 3849).
    """
    found = []
    for family, far in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((far, 9))
            found.append(str(probe.getsockname()[0]))
    return found
