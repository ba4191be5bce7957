"""Requests from outside the app: from another host, origin, site or computer."""

import pytest

from holdwell.network.middleware import HomeMiddleware, LocalMiddleware
from tests.unit.network.conftest import (
    ADDRESS,
    HOST,
    PIN,
    WEBSOCKET,
    ask,
    at_local,
    cookie_of,
    enter,
)

FOREIGN_HOSTS = [
    None,
    "",
    "evil.example",
    "evil.example:8501",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "user@localhost",
    "localhost:99999",
    "localhost:x",
    "localhost/x",
    "0.0.0.0",
    "[::2]",
    "192.168.1.21",
]


@pytest.mark.parametrize("host", [*FOREIGN_HOSTS, HOST])
def test_a_foreign_host_is_refused_on_this_computer(
    local: LocalMiddleware, host: str | None
) -> None:
    for method in ("GET", WEBSOCKET):
        origin = [("Origin", f"http://{host}")]
        assert not at_local(local, method=method, host=host, headers=origin).let_in


@pytest.mark.parametrize("host", [*FOREIGN_HOSTS, "localhost:8501", "127.0.0.1:8501"])
def test_a_foreign_host_is_refused_at_home(home: HomeMiddleware, host: str | None) -> None:
    cookie = cookie_of(enter(home, PIN))
    for method in ("GET", WEBSOCKET):
        headers = [("Origin", f"http://{host}"), ("Cookie", cookie)]
        assert not ask(home, method=method, host=host, headers=headers).let_in


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8501", "127.0.0.1:1", "[::1]:8501"])
def test_this_computer_may_be_called_by_each_of_its_names(
    local: LocalMiddleware, host: str
) -> None:
    assert at_local(local, host=host).let_in


FOREIGN_ORIGINS = [
    "http://evil.example",
    "null",
    "",
    "http://localhost",
    "http://localhost:8502",
    "http://localhost.evil.example:8501",
    "http://localhost:8501.evil.example",
    "http://127.0.0.1:8501",
    "file://",
]


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE", WEBSOCKET])
def test_another_origin_is_refused(local: LocalMiddleware, origin: str, method: str) -> None:
    assert not at_local(local, "/x", method, headers=[("Origin", origin)]).let_in


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", WEBSOCKET])
def test_a_request_that_changes_something_needs_an_origin(
    local: LocalMiddleware, method: str
) -> None:
    assert not at_local(local, "/x", method).let_in
    assert at_local(local, "/x", method, headers=[("Origin", "http://localhost:8501")]).let_in


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(
    ("mode", "dest", "let_in"),
    [
        ("navigate", "document", True),
        ("navigate", "iframe", False),
        ("no-cors", "image", False),
        ("no-cors", "script", False),
        ("cors", "empty", False),
    ],
)
def test_another_site_may_only_open_the_page(
    local: LocalMiddleware, site: str, mode: str, dest: str, let_in: bool
) -> None:
    said = [("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", dest)]
    assert at_local(local, headers=said).let_in is let_in


@pytest.mark.parametrize(
    ("client", "server"),
    [
        ("192.168.1.33", ADDRESS),
        # Streamlit listens everywhere, and a client pretends to be on this computer.
        ("127.0.0.1", ADDRESS),
        ("192.168.1.33", "127.0.0.1"),
        ("::ffff:192.168.1.33", "::ffff:192.168.1.20"),
        ("nonsense", "127.0.0.1"),
    ],
)
def test_the_local_listener_is_for_this_computer_alone(
    local: LocalMiddleware, client: str, server: str
) -> None:
    for method in ("GET", WEBSOCKET):
        assert not at_local(local, method=method, client=client, server=server).let_in


@pytest.mark.parametrize("end", ["127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1"])
def test_all_of_loopback_is_this_computer(local: LocalMiddleware, end: str) -> None:
    assert at_local(local, client=end, server=end).let_in


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/interact"])
def test_streamlits_interface_for_programs_is_closed(
    local: LocalMiddleware, home: HomeMiddleware, path: str
) -> None:
    assert at_local(local, path).status == 404
    cookie = cookie_of(enter(home, PIN))
    assert ask(home, path, headers=[("Cookie", cookie)]).status == 404
