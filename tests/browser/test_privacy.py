"""Privacy: no request goes to another host, and no other site or account reaches the server."""

import http.client
import os
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Thread
from urllib.error import HTTPError

import pytest
from playwright.sync_api import Page, expect
from streamlit import config as streamlit_config
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from holdwell.encryption.unlocks import IDLE_S
from holdwell.network import middleware
from holdwell.network.account import Account
from holdwell.ui.runtime import server_hooks
from tests.browser.conftest import OpenContext, OpenWatched, StartServer
from tests.browser.test_people import PASSPHRASE, encrypt, unlock
from tests.support.server import ROOT, Server, serve
from tests.support.steps import (
    PATIENCE_MS,
    begin,
    open_next,
    settled,
)
from tests.support.watch import Watch
from tools import demo


def test_a_routine_an_export_and_a_form_send_requests_only_to_the_app(
    start_server: StartServer, open_watched: OpenWatched
) -> None:
    """test_access.py checks the same for every page."""
    server = start_server()
    context, seen = open_watched()
    page = context.new_page()
    begin(page, server)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Stop and save").click()
    expect(page.get_by_role("heading", name="You stopped early")).to_be_visible()
    open_next(page, f"{server.url}/record")
    with page.expect_download():
        page.get_by_role("button", name="Export").click()
    open_next(page, f"{server.url}/history")
    page.get_by_role("button", name="Edit").first.click()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()
    settled(page)
    assert seen.hosts() == {f"localhost:{server.port}"}
    assert seen.stopped == []
    # The watch does work: it has recorded the page's own files.
    assert any("/media/" in url for url in seen.asked)
    assert any(url.endswith(".woff2") for url in seen.asked)
    expect_another_host_to_be_refused(page, seen)


def expect_another_host_to_be_refused(page: Page, seen: Watch) -> None:
    """The browser itself refuses requests to another host, whatever code makes them.

    The page stays as it is: it only loads itself again if its own code did not come.
    """
    page.evaluate("window.isSamePage = true")
    for code in (
        "new Image().src = 'http://203.0.113.1/x.png'",
        "fetch('http://203.0.113.1/').catch(() => 0)",
        "new WebSocket('ws://203.0.113.1/')",
        "document.head.append(Object.assign(document.createElement('link'),"
        " {rel: 'stylesheet', href: 'http://203.0.113.1/x.css'}))",
        "document.body.append(Object.assign(document.createElement('iframe'),"
        " {src: 'http://203.0.113.1/'}))",
    ):
        before = len(seen.stopped)
        page.evaluate(f"() => {{ {code}; }}")
        give_up = time.monotonic() + PATIENCE_MS / 1000
        while len(seen.stopped) == before and time.monotonic() < give_up:
            page.wait_for_timeout(10)
        assert len(seen.stopped) > before, code
        assert "203.0.113.1" in seen.stopped[-1]
    # A page that was about to load itself again would have asked before, and done so by now.
    page.evaluate("fetch('/_stcore/health')")
    assert page.evaluate("window.isSamePage")


def test_telemetry_is_off_and_the_checks_are_on() -> None:
    written = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert written["browser"]["gatherUsageStats"] is False
    assert written["server"]["enableXsrfProtection"] is True
    assert written["server"]["enableCORS"] is True
    assert written["server"]["address"] == "localhost"
    assert written["client"]["showErrorDetails"] == "none"
    assert written["client"]["allowedOrigins"] == []
    # Not set here because off by default: programs that drive the app, and files from a folder.
    for name in ("server.enableAgentApi", "server.enableStaticServing"):
        assert streamlit_config._config_options_template[name].value is False
        assert name.split(".")[1] not in written["server"]


@dataclass
class Trap:
    """Acts as the server's proxy, so that it catches whatever the server sends to other hosts."""

    environment: dict[str, str]
    caught: list[bytes] = field(default_factory=list)


@pytest.fixture
def trap() -> Iterator[Trap]:
    listening = socket.create_server(("127.0.0.1", 0))
    proxy = f"http://127.0.0.1:{listening.getsockname()[1]}"
    made = Trap(dict.fromkeys(("http_proxy", "https_proxy"), proxy) | {"no_proxy": ""})

    def catch() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                made.caught.append(connection.recv(2000))

    Thread(target=catch, daemon=True).start()
    yield made
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()


def status(server: Server, method: str, path: str, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.putrequest(method, path, skip_host=True)
        for name, value in {"Host": f"localhost:{server.port}", **headers}.items():
            connection.putheader(name, value)
        if method != "GET":
            connection.putheader("Content-Length", "0")
        connection.endheaders()
        return connection.getresponse().status
    finally:
        connection.close()


def test_other_sites_are_refused_before_streamlit_contacts_another_host(
    trap: Trap, tmp_path: Path
) -> None:
    server = Server(tmp_path, **trap.environment)
    try:
        stream = f"ws://localhost:{server.port}/_stcore/stream"
        for origin in ("http://evil.example", "null", "http://127.0.0.1:1", None):
            # Streamlit itself would ask a service on the internet whether an address is its own,
            # and accepts a WebSocket without an origin.
            with pytest.raises(InvalidStatus, match="403"):
                connect(stream, origin=Origin(origin) if origin else None, proxy=None)
        with connect(stream, origin=Origin(server.url), proxy=None):
            pass
        rebound = {
            "Host": "evil.example",
            "Origin": "http://evil.example",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "aG9sZHdlbGwgaG9sZHdlbA==",
        }
        assert status(server, "GET", "/_stcore/stream", **rebound) == 403
        here = {"Host": f"localhost:{server.port}", "Origin": server.url}
        assert status(server, "GET", "/_stcore/stream", **{**rebound, **here}) == 101
        assert status(server, "GET", "/", Host="evil.example") == 403
        assert status(server, "GET", "/", Host="localhost.evil.example") == 403
        upload = "/_stcore/upload_file/session/file"
        assert status(server, "PUT", upload, Origin="http://evil.example") == 403
        assert status(server, "PUT", upload) == 403
        # Requests of the app's own page reach Streamlit, which wants its token against forgery.
        assert status(server, "PUT", upload, Origin=server.url) == 403
        assert status(server, "GET", "/_stcore/metrics") == 404
        assert status(server, "POST", "/_stcore/agent/interact", Origin=server.url) == 404
        assert status(server, "GET", "/") == 200
    finally:
        server.kill()
    assert trap.caught == []


def test_a_server_told_to_listen_everywhere_still_serves_this_computer_only(
    tmp_path: Path, own_address: str
) -> None:
    everywhere = "::" if ":" in own_address else "0.0.0.0"
    server = Server(tmp_path, STREAMLIT_SERVER_ADDRESS=everywhere)
    try:
        connection = http.client.HTTPConnection(own_address, server.port, timeout=30)
        connection.request("GET", "/", headers={"Host": "localhost", "X-Forwarded-For": "::1"})
        assert connection.getresponse().status == 403
        connection.close()
    finally:
        server.kill()


def test_nobody_else_can_reach_the_server(demo_server: Server, own_address: str) -> None:
    with pytest.raises(OSError), socket.create_connection((own_address, demo_server.port), 5):
        pass
    with urllib.request.urlopen(f"{demo_server.url}/_stcore/health", timeout=30) as answer:
        assert answer.status == 200


# Runs as another account of this computer: requests a page, two files, and the WebSocket, then the
# WebSocket as if by a connection of the account that runs the app.
AS_NOBODY = """
import encodings.idna, os, socket, sys
os.setuid(65534)
address, port = sys.argv[1], int(sys.argv[2])
origin = f"http://localhost:{port}"
upgrade = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
           "Sec-WebSocket-Key: aG9sZHdlbGwgaG9sZHdlbA==", f"Origin: {origin}")
for path, more in (("/", ()), ("/_stcore/health", ()), (sys.argv[3], ()),
                   ("/_stcore/stream", upgrade),
                   ("/_stcore/stream", (*upgrade, f"X-Forwarded-For: {sys.argv[4]}"))):
    with socket.create_connection((address, port), 20) as near:
        lines = (f"GET {path} HTTP/1.1", f"Host: localhost:{port}", *more, "", "")
        near.sendall("\\r\\n".join(lines).encode())
        print(near.recv(100).split()[1].decode())
"""


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can become another")
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_another_account_of_the_computer_is_refused_everywhere(
    demo_server: Server, address: str
) -> None:
    path = "/favicon.png"
    host = f"[{address}]" if ":" in address else address
    url = f"http://{host}:{demo_server.port}"
    with urllib.request.urlopen(url + path, timeout=30) as answer:
        assert answer.status == 200
        assert answer.headers["cache-control"] == "no-store"
    arguments = [sys.executable, "-c", AS_NOBODY, address, str(demo_server.port), path]
    with socket.create_connection((address, demo_server.port), 20) as own:
        arguments.append(f"{host}:{own.getsockname()[1]}")
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=90, check=True)
    assert done.stdout.split() == ["403"] * 5


def serve_untold(options: list[str], environment: dict[str, str], log: Path) -> None:
    """Serve as on macOS, where the system does not tell which account a connection comes from."""
    vars(server_hooks)["tells_accounts"] = lambda: False
    middleware.LocalMiddleware.__init__.__defaults__ = ("", lambda _near, _far: Account.UNKNOWN)
    serve(options, environment, log)


class UntoldServer(Server):
    serve = staticmethod(serve_untold)


def test_on_a_system_that_names_no_accounts_the_apps_own_address_opens_it(
    tmp_path: Path, page: Page
) -> None:
    server = UntoldServer(tmp_path)
    try:
        page.goto(server.url)
        expect(page.get_by_text("To open Holdwell, start it")).to_be_visible()
        with pytest.raises(InvalidStatus, match="403"):
            connect(f"{server.url.replace('http', 'ws')}/_stcore/stream", proxy=None)
        log = (tmp_path / "server.log").read_text(encoding="utf-8")
        # Put into the same tab, the address changes only after the "#", which loads no page.
        page.goto(log.split("Open it by this address: ")[1].split()[0])
        settled(page)
        assert "key" not in page.url
        page.goto(f"{server.url}/safety")
        expect(page.get_by_role("heading", name="Stop signs")).to_be_visible()
    finally:
        server.kill()


def test_cookies_that_other_ports_can_read_do_not_unlock_the_database(
    start_server: StartServer, open_context: OpenContext
) -> None:
    """Browsers send cookies to all ports of a host, where other programs or accounts may listen."""
    server = start_server()
    encrypt(server.folder)
    context = open_context()
    context.add_cookies([{"name": "holdwell_browser", "value": "planted", "url": server.url}])
    page = context.new_page()
    page.goto(f"{server.url}/people")
    unlock(page, PASSPHRASE)
    page.wait_for_function("localStorage.getItem('holdwell-unlock')?.length >= 32")
    kept = str(page.evaluate("localStorage.getItem('holdwell-unlock')"))
    assert all(kept not in cookie["value"] for cookie in context.cookies())
    # The thief has every cookie of the browser, but not what it stores for this port only.
    thief = open_context()
    thief.add_cookies(
        [{"name": c["name"], "value": c["value"], "url": server.url} for c in context.cookies()]
    )
    stolen = thief.new_page()
    stolen.goto(f"{server.url}/history")
    expect(stolen.get_by_role("heading", name="This record is locked")).to_be_visible()
    stolen.evaluate("localStorage.setItem('holdwell-unlock', 'planted')")
    stolen.reload()
    expect(stolen.get_by_role("heading", name="This record is locked")).to_be_visible()
    # A stolen key no longer works after the database was locked and unlocked again.
    page.get_by_role("button", name="Lock now").click()
    expect(page.get_by_role("heading", name="This record is locked")).to_be_visible()
    unlock(page, PASSPHRASE)
    expect(page.get_by_role("button", name="Lock now")).to_be_visible()
    page.wait_for_function("kept => localStorage.getItem('holdwell-unlock') !== kept", arg=kept)
    stolen.evaluate("kept => localStorage.setItem('holdwell-unlock', kept)", kept)
    stolen.reload()
    expect(stolen.get_by_role("heading", name="This record is locked")).to_be_visible()


def test_lock_drops_the_pictures_and_downloads_of_every_window(
    tmp_path: Path, open_watched: OpenWatched
) -> None:
    demo.make(tmp_path, datetime.now().astimezone())
    encrypt(tmp_path)
    server = Server(tmp_path)
    try:
        context, seen = open_watched()
        page, other = context.new_page(), context.new_page()
        page.goto(f"{server.url}/record")
        unlock(page, PASSPHRASE)
        expect(page.get_by_role("heading", name="Your record")).to_be_visible()
        other.goto(f"{server.url}/report")
        settled(other)
        other.wait_for_load_state("networkidle")
        icon = str(other.locator("link[rel='shortcut icon']").get_attribute("href"))
        with page.expect_download():
            page.get_by_role("button", name="Export").click()
        own = icon.rsplit("/", 1)[-1]
        media = [url for url in seen.asked if "/media/" in url and "/static/" not in url]
        available = [url for url in media if own not in url and httpstatus(url) == 200]
        assert len(available) >= 2
        page.get_by_role("link", name="Lock").click()
        page.get_by_role("button", name="Lock now").click()
        expect(page.get_by_role("heading", name="This record is locked")).to_be_visible()
        assert [url for url in available if httpstatus(url) == 200] == []
    finally:
        server.kill()


def httpstatus(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_after_twelve_hours_the_page_hides_itself_even_without_the_server(
    start_server: StartServer, open_context: OpenContext
) -> None:
    server = start_server()
    encrypt(server.folder)
    page = open_context(clock=True).new_page()
    page.goto(f"{server.url}/people")
    unlock(page, PASSPHRASE)
    expect(page.get_by_role("button", name="Lock now")).to_be_visible()
    settled(page)
    server.kill()
    page.clock.fast_forward((IDLE_S - 60) * 1000)
    expect(page.get_by_role("button", name="Lock now")).to_be_visible()
    with page.expect_event("requestfailed", lambda request: request.is_navigation_request()):
        page.clock.fast_forward(120 * 1000)
