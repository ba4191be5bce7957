"""Which addresses are offered to a phone, and in which order."""

import socket
from ipaddress import ip_address
from typing import Any

import pytest

from holdwell.network.addresses import home_addresses, parse_address, rank, url_host


def test_only_private_addresses_are_offered_and_the_outgoing_one_first() -> None:
    found = {
        "lo": ["127.0.0.1", "::1"],
        "eth0": ["203.0.113.9", "10.0.0.7", "fe80::1%eth0", "2001:db8::7", "fd12::7"],
        "wlan0": ["192.168.1.20", "169.254.3.3"],
        "docker0": ["172.17.0.1"],
        "tun0": ["10.8.0.2"],
        "tailscale0": ["100.64.0.1"],
    }
    ordinary = ["192.168.1.20", "10.0.0.7", "fd12::7", "10.8.0.2", "172.17.0.1"]
    assert rank(found) == ordinary
    assert rank(found, ["10.0.0.7"])[0] == "10.0.0.7"
    # A phone cannot reach a tunnel, even if all traffic leaves by it.
    assert rank(found, ["10.8.0.2"])[0] == "192.168.1.20"


def test_looking_for_addresses_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    connected = []

    class Probe(socket.socket):
        def connect(self, address: Any) -> None:
            assert self.type == socket.SOCK_DGRAM  # connecting such a socket sends no packet
            connected.append(address)
            super().connect(address)

        def send(self, *_: object) -> int:
            pytest.fail("something was sent")

        sendto = send

    def looked_up(*_: object, **__: object) -> None:
        pytest.fail("a name was looked up")

    monkeypatch.setattr(socket, "socket", Probe)
    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(socket, "gethostbyname", looked_up)
    assert all(ip_address(found).is_private for found in home_addresses())
    assert len(connected) == 2


@pytest.mark.parametrize("text", ["", "localhost", "1.2.3", "127.0.0.1.evil.example", "::g"])
def test_other_text_is_not_an_address(text: str) -> None:
    assert parse_address(text) is None


def test_addresses_are_written_as_in_urls() -> None:
    assert str(parse_address("::ffff:192.168.1.2")) == "192.168.1.2"
    assert url_host("fd12::7") == "[fd12::7]"
    assert url_host("10.0.0.7") == "10.0.0.7"
