"""A phone on the home network: nothing without the PIN, the whole app with it, and closing it."""

import http.client
import os
import re
import socket
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from holdwell.network.pairing import FILE_NAME, PairingFile, renew_pin
from tests.browser.conftest import OpenWatched
from tests.support.server import Server
from tests.support.steps import expect_equal, expect_rows, open_next, settled
from tools import demo

TURN_ON = "Let a phone in"
TURN_OFF = "Turn off: only this computer"
SOME_PATHS = (
    "/",
    "/progress",
    "/static/{script}",
    "/media/any.png",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/upload_file/{session}/file",
    "/component/x/y",
    "/favicon.png",
)


class AtHome(NamedTuple):
    """A server that listens on the home network, its address there, and the PIN."""

    server: Server
    url: str
    pin: str


@pytest.fixture
def moved_server(tmp_path: Path, own_address: str) -> Iterator[Server]:
    """The app on a computer whose address has changed since phones were let in."""
    del own_address  # without one there is no home network to open to
    PairingFile(tmp_path).update(lambda known: replace(known, address="192.168.255.254"))
    server = Server(tmp_path)
    yield server
    server.kill()


@pytest.fixture
def at_home(tmp_path: Path, own_address: str) -> Iterator[AtHome]:
    """The app as it starts after phone access was switched on."""
    file = PairingFile(tmp_path)
    file.update(renew_pin)
    file.update(lambda known: replace(known, address=own_address))
    server = Server(tmp_path)
    host = f"[{own_address}]" if ":" in own_address else own_address
    url = f"http://{host}:{server.port}"
    expect_equal(lambda: reachable(url), True)
    yield AtHome(server, url, file.read().pin)
    server.kill()


def shown(page: Page) -> tuple[str, str]:
    """Return the address and the PIN that the computer shows."""
    settled(page)
    url = page.locator(".st-key-hw-home [data-testid=stCode]").inner_text().strip()
    return url, page.locator(".st-key-hw-pin").inner_text().strip()


def ask(
    url: str, method: str, path: str, body: str = "", **headers: str
) -> tuple[int, bytes, http.client.HTTPMessage]:
    target = urlsplit(url)
    connection = http.client.HTTPConnection(str(target.hostname), target.port, timeout=30)
    try:
        connection.request(method, path, body or None, {"Accept": "text/html", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        connection.close()


def pair_phone(url: str, pin: str) -> dict[str, str]:
    """Enter the PIN as a phone's browser does; return its cookie and the secret that it keeps."""
    form = {"Origin": url, "Content-Type": "application/x-www-form-urlencoded"}
    status, body, headers = ask(url, "POST", "/holdwell/pin", urlencode({"pin": pin}), **form)
    assert status == 200
    secret = re.findall(r"'holdwell-phone', '([^']+)'", body.decode())[0]
    return {"Cookie": str(headers["Set-Cookie"]).split(";")[0], "Protocol": secret}


def stream(url: str, phone: dict[str, str], origin: str = "") -> ClientConnection:
    """Open the WebSocket as a phone's page does."""
    return connect(
        stream_of(url),
        origin=Origin(origin or url),
        additional_headers={"Cookie": phone["Cookie"]},
        subprotocols=[Subprotocol("streamlit"), Subprotocol(f"holdwell..{phone['Protocol']}.")],
        proxy=None,
    )


def stream_of(url: str) -> str:
    return url.replace("http:", "ws:") + "/_stcore/stream"


def reachable(url: str) -> bool:
    target = urlsplit(url)
    try:
        socket.create_connection((str(target.hostname), target.port), 5).close()
    except OSError:
        return False
    return True


def test_everything_is_closed_without_the_cookie(at_home: AtHome) -> None:
    server, url, pin = at_home
    _, begin, _ = ask(server.url, "GET", "/")
    (script,) = re.findall(r'<script[^>]* src="[^"]*static/(js/[^"]+)"', begin.decode())
    known = {"script": script, "session": "any"}
    phone = pair_phone(url, pin)
    cookie = {"Cookie": phone["Cookie"]}
    for path in (template.format(**known) for template in SOME_PATHS):
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST"):
            status, body, _ = ask(url, method, path, Origin=url)
            assert status in (401, 403), (method, path)
            assert pin.encode() not in body
            assert b"static/js" not in body
    for path in ("/", "/favicon.png", f"/static/{known['script']}", "/_stcore/health"):
        # The cookie opens these paths, so only the cookie was missing.
        path = path.replace("//", "/")
        assert ask(url, "GET", path, **cookie)[0] == 200, path
    # Responses are compressed and cached as on the computer itself.
    packed = {**cookie, "Accept-Encoding": "gzip"}
    for path, kept in (("/", "no-store"), (f"/static/{known['script']}", "immutable")):
        _, _, headers = ask(url, "GET", path, **packed)
        assert (headers["Content-Encoding"], path) == ("gzip", path)
        assert kept in headers["Cache-Control"], path
    with pytest.raises(InvalidStatus, match="403"):
        connect(stream_of(url), origin=Origin(url), proxy=None)
    with pytest.raises(InvalidStatus, match="403"):
        stream(url, phone, "http://evil.example")
    # Browsers send the cookie to all ports of an address, so the cookie alone opens no page.
    with pytest.raises(InvalidStatus, match="403"):
        stream(url, {**phone, "Protocol": ""})
    with stream(url, phone):
        pass
    assert ask(url, "GET", "/holdwell/look/manifest.webmanifest")[0] == 200
    assert ask(url, "GET", "/holdwell/look/../../static/" + known["script"])[0] in (401, 403)
    assert ask(url, "GET", "/", Host=f"localhost:{server.port}", **cookie)[0] == 403
    # No header that a client sends makes it count as this computer.
    said = {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1", "Forwarded": "for=127.0.0.1"}
    assert ask(url, "GET", "/", **said, **{"X-Holdwell-Listener": "local"})[0] == 401


def enter_pin(phone: Page, pin: str) -> None:
    phone.get_by_label("PIN").fill(pin)
    phone.get_by_role("button", name="Open").click()


def test_a_phone_enters_the_pin_logs_a_session_and_transfers_files_both_ways(
    at_home: AtHome, open_watched: OpenWatched, tmp_path_factory: pytest.TempPathFactory
) -> None:
    server, url, pin = at_home
    context, seen = open_watched(has_touch=True, is_mobile=True)
    phone = context.new_page()
    phone.goto(f"{url}/progress")
    expect(phone.get_by_role("heading")).to_have_text("Hello")
    enter_pin(phone, "000000" if pin != "000000" else "000001")
    expect(phone.get_by_role("alert")).to_contain_text("not the PIN")
    # The browser shows this when it refuses letters.
    expect(phone.get_by_label("PIN")).to_have_attribute("title", "PIN, 6 digits")
    enter_pin(phone, f"{pin[:3]} {pin[3:]}")
    settled(phone)
    phone.get_by_role("button", name="Skip for now").click()
    phone.get_by_role("button", name="I have read this").click()
    phone.get_by_role("button", name="Just the holds").click()
    timer = phone.locator(".hw-timer")
    expect(timer).to_have_attribute("data-phase", "running")
    expect(timer.locator(".hw-picture svg")).to_be_visible()
    phone.get_by_role("button", name="Pause").click()
    phone.get_by_role("button", name="Stop", exact=True).click()
    phone.get_by_role("button", name="Stop and save").click()
    expect(phone.get_by_text("You stopped early")).to_be_visible()
    # Scripts cannot read the phone's cookie, and no page on the phone contains the PIN.
    assert "holdwell_phone" not in phone.evaluate("document.cookie")
    open_next(phone, f"{url}/settings?open=phone")
    expect(phone.get_by_text("You are on a phone that was let in")).to_be_visible()
    assert pin not in phone.content()
    expect(phone.get_by_role("button", name=TURN_OFF)).to_have_count(0)
    phone.get_by_text("Your data", exact=True).click()
    phone.get_by_role("button", name="Backups, export and import").click()
    expect_files_to_go_both_ways(phone, tmp_path_factory.mktemp("phone") / "from-phone.zip")
    # Without the secret that belongs to the cookie, for example after some site data was cleared,
    # the app asks for the PIN again, and it counts as the same phone.
    phone.evaluate("localStorage.clear()")
    phone.goto(f"{url}/progress")
    enter_pin(phone, pin)
    expect(phone.get_by_role("button", name="Start stretching")).to_be_visible()
    assert len(PairingFile(server.folder).read().phones) == 1
    assert seen.hosts() == {urlsplit(url).netloc}
    assert seen.stopped == []
    expect_rows(server.folder, "SELECT count(*) FROM profile", [(1,)])


def expect_files_to_go_both_ways(phone: Page, exported: Path) -> None:
    with phone.expect_download() as saved:
        phone.get_by_role("button", name="Export everything (ZIP)").click()
    saved.value.save_as(exported)
    phone.locator("input[type=file]").set_input_files(exported)
    expect(phone.get_by_text("already")).to_be_visible()


def test_a_phone_loses_access_when_forgotten_or_when_the_listener_closes(
    moved_server: Server, page: Page
) -> None:
    server = moved_server
    page.goto(f"{server.url}/settings?open=phone")
    settled(page)
    expect(page.get_by_text("This computer's address has changed")).to_be_visible()
    page.get_by_role("button", name=TURN_OFF).click()
    page.get_by_role("button", name=TURN_ON).click()
    expect(page.get_by_text("Then enter this PIN")).to_be_visible()
    url, pin = shown(page)
    # Warnings in advance: the icon will ask for the PIN again, and the computer must stay awake.
    expect(page.get_by_text("Have the PIN ready")).to_be_visible()
    expect(page.get_by_text("let the computer stay awake")).to_be_visible()
    phone = pair_phone(url, pin)
    cookie = {"Cookie": phone["Cookie"]}
    page.reload()
    settled(page)
    expect(page.get_by_text("Phones allowed so far: 1 phone.")).to_be_visible()
    with stream(url, phone) as opened:
        page.get_by_role("button", name="Forget every phone").click()
        with pytest.raises(ConnectionClosed):
            while True:
                opened.recv(timeout=30)
    expect(page.get_by_text("No phone is allowed in yet.")).to_be_visible()
    assert ask(url, "GET", "/", **cookie)[0] == 401
    again, other = shown(page)
    assert (again, other != pin) == (url, True)
    cookie = {"Cookie": pair_phone(url, other)["Cookie"]}
    # Known phones and the switch survive a restart.
    server.kill()
    server.start()
    page.goto(server.url)
    settled(page)
    expect(page.get_by_text("Open to your home network")).to_be_visible()
    assert ask(url, "GET", "/", **cookie)[0] == 200
    sign = page.get_by_text("Open to your home network")
    # Not while a routine runs: in a low window it would push the count over the stop signs.
    open_next(page, f"{server.url}/stretch")
    page.get_by_role("button", name="I have read this").click()
    page.get_by_role("button", name="Just the holds").click()
    expect(page.locator(".hw-timer")).to_have_attribute("data-phase", "running")
    expect(sign).to_be_hidden()
    open_next(page, f"{server.url}/history")
    sign.click()
    page.get_by_role("button", name=TURN_OFF).click()
    expect(page.get_by_role("button", name=TURN_ON)).to_be_visible()
    assert not reachable(url)
    expect(page.get_by_text("Open to your home network")).to_have_count(0)


def test_wrong_pins_still_count_after_a_restart(at_home: AtHome) -> None:
    server, url, pin = at_home
    wrong = urlencode({"pin": "000000" if pin != "000000" else "000001"})
    for _ in range(5):
        assert ask(url, "POST", "/holdwell/pin", wrong, Origin=url)[0] == 401
    server.kill()
    server.start()
    expect_equal(lambda: reachable(url), True)
    status, body, _ = ask(url, "POST", "/holdwell/pin", urlencode({"pin": pin}), Origin=url)
    assert status == 401
    assert b"quarter of an hour" in body


def test_only_the_user_can_read_the_files(tmp_path: Path, page: Page) -> None:
    """This includes the database with SQLite's extra files, the backups, and the PIN."""
    demo.make(tmp_path, datetime.now().astimezone())
    PairingFile(tmp_path).update(renew_pin)
    old = os.umask(0)
    try:
        server = Server(tmp_path)
    finally:
        os.umask(old)
    try:
        page.goto(server.url)
        settled(page)
        with closing(sqlite3.connect(tmp_path / "holdwell.db")) as conn:
            conn.execute("UPDATE meta SET value = value")
            conn.commit()
            files = [f for f in tmp_path.rglob("*") if f.name != "server.log"]
            modes = {f.name: (f.is_dir(), stat.S_IMODE(f.stat().st_mode)) for f in files}
    finally:
        server.kill()
    assert modes.keys() >= {"holdwell.db", "holdwell.db-wal", "holdwell.db-shm", FILE_NAME}
    assert sum(name.startswith("holdwell-") and name.endswith(".db") for name in modes) >= 1, modes
    for name, (folder, mode) in modes.items():
        assert mode == (0o700 if folder else 0o600), (name, oct(mode))


def test_the_app_can_be_added_to_the_home_screen(demo_server: Server, page: Page) -> None:
    for path in ("", "/safety"):
        page.goto(f"{demo_server.url}{path}")
        settled(page)
        link = page.locator("link[rel=manifest]")
        manifest = page.evaluate(
            "href => fetch(href).then(r => r.json())", link.get_attribute("href")
        )
        assert (manifest["name"], manifest["display"], manifest["start_url"]) == (
            "Holdwell",
            "standalone",
            "/",
        )
        for icon in manifest["icons"]:
            size = page.evaluate(
                "src => { const i = new Image(); i.src = src;"
                " return i.decode().then(() => `${i.naturalWidth}x${i.naturalHeight}`); }",
                icon["src"],
            )
            assert size == icon["sizes"]
        touch = page.locator("link[rel=apple-touch-icon]").get_attribute("href")
        assert page.evaluate("href => fetch(href).then(r => r.status)", touch) == 200
        assert page.locator("meta[name=theme-color]").count() == 2
        # The page also fills the areas beside a phone's notch and above its bottom bar.
        assert "viewport-fit=cover" in str(
            page.locator("meta[name=viewport]").get_attribute("content")
        )
