"""A passphrase, and two people, in the browser: what each browser and tab remembers."""

import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from holdwell.domain.models import Moment
from holdwell.encryption import rekey
from holdwell.store import people, sqlcipher
from holdwell.store.people import NAME_MAX
from holdwell.store.repository import opened
from holdwell.store.sqlcipher import DatabaseFile
from tests.browser.conftest import OpenContext, OpenWatched, StartServer
from tests.conftest import plain_file
from tests.support.corpus import CORPUS, MADE_BY_TEXT
from tests.support.server import Server
from tests.support.steps import (
    OVERFLOW,
    PATIENCE_MS,
    ROUND_S,
    expect_rows,
    expect_value,
    pass_time,
    rows,
    settled,
)

PASSPHRASE = "four calm words here"
LOCKED = "This record is locked"


def set_passphrase(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/people")
    page.get_by_role("button", name="Set a passphrase").click()
    page.get_by_label("New passphrase").fill(PASSPHRASE)
    page.get_by_label("Once more").fill(PASSPHRASE)
    page.get_by_text("I know that without it").click()
    page.get_by_role("button", name="Set a passphrase").click()
    expect(page.get_by_text("are encrypted now")).to_be_visible()


def encrypt(folder: Path) -> DatabaseFile:
    """Set a database's passphrase as another browser would; this browser has yet to unlock it."""
    file = plain_file(folder / "holdwell.db")
    rekey.change_passphrase(file, PASSPHRASE)
    return file


def unlock(page: Page, passphrase: str) -> None:
    page.get_by_label("Passphrase", exact=True).fill(passphrase)
    page.get_by_role("button", name="Open", exact=True).click()


def expect_locked(page: Page) -> None:
    expect(page.get_by_role("heading", name=LOCKED)).to_be_visible()


def test_every_browser_asks_for_the_passphrase_and_asks_again_after_a_restart(
    start_server: StartServer, open_context: OpenContext
) -> None:
    server = start_server()
    context = open_context()
    page = context.new_page()
    set_passphrase(page, server)
    assert sqlcipher.read_salt(server.folder / "holdwell.db") is not None
    page.reload()
    expect(page.get_by_role("button", name="Lock now")).to_be_visible()
    expect_another_browser_to_need_the_passphrase(open_context().new_page(), server)
    server.kill()
    server.start()
    page.goto(server.url)
    expect_locked(page)
    unlock(page, PASSPHRASE)
    expect(page.get_by_role("button", name="Start stretching")).to_be_visible()
    page.get_by_role("link", name="Lock").click()
    expect(page.get_by_role("button", name="Lock now")).to_be_visible()
    expect_locking_to_hide_it_in_every_tab(page, context, server)
    page.goto(f"{server.url}/progress")
    expect_locked(page)
    expect_value(page, OVERFLOW, [0, 0])


def expect_another_browser_to_need_the_passphrase(other: Page, server: Server) -> None:
    """The passphrase is needed once until the app is restarted; the stop signs need none."""
    other.goto(f"{server.url}/history")
    expect_locked(other)
    # The first screen, which goes once the page is drawn, has such a link too.
    other.get_by_test_id("stMain").get_by_role("link", name="Stop signs").click()
    expect(other.get_by_role("heading", name="Stop signs")).to_be_visible()
    expect(other.get_by_text("Chest pain, a racing heart")).to_be_visible()
    other.go_back()
    expect_locked(other)
    unlock(other, "not the passphrase")
    expect(other.get_by_text("That is not the passphrase")).to_be_visible()
    unlock(other, f"{PASSPHRASE} ")
    expect(other.get_by_role("heading", name="History")).to_be_visible()
    settled(other)
    assert PASSPHRASE not in other.content()
    other.goto(server.url)
    expect(other.get_by_role("button", name="Start stretching")).to_be_visible()
    other.close()


def expect_locking_to_hide_it_in_every_tab(
    page: Page, context: BrowserContext, server: Server
) -> None:
    """This includes a tab that is just loading: it gets the server's data only after the lock."""
    other, late = context.new_page(), context.new_page()
    other.goto(f"{server.url}/history")
    expect(other.get_by_role("heading", name="History")).to_be_visible()
    settled(other)
    # The component's script adds the listener a moment after the page is drawn.
    other.wait_for_function("window.onstorage !== null")
    held: list[bytes] = []
    sockets: list[WebSocketRoute] = []
    is_held = True

    def hold(socket: WebSocketRoute) -> None:
        sockets.append(socket)

        def pass_on(message: str | bytes) -> None:
            if is_held:
                assert isinstance(message, bytes)
                held.append(message)
            else:
                socket.send(message)

        socket.connect_to_server().on_message(pass_on)

    late.route_web_socket("**/_stcore/stream", hold)
    late.goto(f"{server.url}/history")
    give_up = time.monotonic() + PATIENCE_MS / 1000
    while not any(b"What you log will appear here" in message for message in held):
        assert time.monotonic() < give_up
        # Playwright receives messages only while it waits for the browser.
        late.wait_for_timeout(50)
    page.get_by_role("button", name="Lock now").click()
    expect_locked(page)
    expect_locked(other)
    page.wait_for_function(
        "Object.keys(localStorage).some(key => key.startsWith('holdwell-locked'))"
    )
    is_held = False
    for message in held:
        sockets[0].send(message)
    expect_locked(late)


def test_a_session_is_saved_in_an_encrypted_database(
    start_server: StartServer, open_context: OpenContext
) -> None:
    server = start_server()
    file = encrypt(server.folder)
    page = open_context(clock=True).new_page()
    page.goto(f"{server.url}/stretch")
    unlock(page, PASSPHRASE)
    page.get_by_role("button", name="Just the holds").click()
    page.wait_for_url("**/stretch?session=*")
    expect(page.locator(".hw-timer")).to_have_attribute("data-phase", "running")
    pass_time(page, 5 + ROUND_S)
    for _ in range(3):
        pass_time(page, ROUND_S)
    expect(page.get_by_text("That is done")).to_be_visible()
    server.kill()
    with opened(file) as store:
        assert store.rows("SELECT state, held_s FROM session") == [
            {"state": "finished", "held_s": 140.0}
        ]


def add_bea(folder: Path) -> people.Person:
    people.rename(people.people(folder)[0], "Ana")
    bea = people.add(folder, "Bea")
    with opened(bea.database) as store:
        now = Moment.of(datetime.now().astimezone())
        store.save_profile(replace(store.profile(), welcomed=True, safety_seen=True), now)
    return bea


def test_a_tab_keeps_its_person_and_the_browser_remembers_one(
    start_server: StartServer, open_context: OpenContext
) -> None:
    """The cookie names the person shown last in any tab; a tab's address names its own person."""
    server = start_server(voice=True)
    bea = add_bea(server.folder)
    context = open_context()
    page, other = context.new_page(), context.new_page()
    page.goto(f"{server.url}/history")
    expect(page.get_by_role("heading", name="Who is here?")).to_be_visible()
    page.get_by_role("button", name="Ana").click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    page.wait_for_function("location.search.includes('who=first')")
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_role("link", name="Ana")).to_be_visible()
    other.goto(f"{server.url}/people")
    other.get_by_role("button", name="Bea").click()
    expect(other.get_by_role("link", name="Bea")).to_be_visible()
    settled(other)
    page.get_by_role("radio", name="Left", exact=True).first.click()
    expect(page.get_by_role("link", name="Ana")).to_be_visible()
    expect_rows(server.folder, "SELECT leg FROM cramp", [("left",)])
    expect_rows(bea.folder, "SELECT count(*) FROM cramp", [(0,)])
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    settled(page)
    # A link to the current page adds nothing to the browser's history.
    seen = page.evaluate("history.length")
    page.get_by_role("link", name="Settings").click()
    settled(page)
    expect_value(page, "[history.length, location.search]", [seen, "?who=first"])
    other.get_by_role("link", name="History").click()
    other.wait_for_function(f"document.cookie.includes('holdwell_person={bea.id}')")
    other.close()
    page.reload()
    expect(page.get_by_role("link", name="Ana")).to_be_visible()
    before = rows(bea.folder, "SELECT * FROM profile")
    with page.expect_websocket():
        server.kill()
        server.start()
    settled(page)
    page.get_by_text("Cues", exact=True).click()
    page.get_by_role("slider").last.press("ArrowLeft")
    settled(page)
    expect(page.get_by_role("link", name="Ana")).to_be_visible()
    expect_rows(server.folder, "SELECT volume FROM profile", [(70,)])
    assert rows(bea.folder, "SELECT * FROM profile") == before
    # Without a person in the address, the browser's cookie decides.
    page.goto(server.url)
    expect(page.get_by_role("button", name="Start stretching")).to_be_visible()
    expect(page.get_by_role("link", name="Ana")).to_be_visible()
    expect_value(page, OVERFLOW, [0, 0])
    another_browser = open_context().new_page()
    another_browser.goto(server.url)
    expect(another_browser.get_by_role("heading", name="Who is here?")).to_be_visible()


def test_a_routine_kept_by_the_browser_is_saved_for_its_person_only(
    start_server: StartServer, open_context: OpenContext
) -> None:
    """Ana's routine ends while the app is not answering; then Bea opens the same browser first."""
    context = open_context(clock=True)
    page = context.new_page()
    server = start_server()
    bea = add_bea(server.folder)
    page.goto(f"{server.url}/stretch")
    page.get_by_role("button", name="Ana").click()
    expect(page.get_by_role("button", name="Just the holds")).to_be_visible()
    server.kill()
    expect(page.locator(".hw-note")).to_contain_text("is not answering")
    page.get_by_role("button", name="Just the holds").click()
    pass_time(page, 10 + ROUND_S)
    for _ in range(3):
        pass_time(page, 5 + ROUND_S)
    expect(page.locator(".hw-timer")).to_have_attribute("data-phase", "done")
    page.close()
    server.start()
    other = context.new_page()
    other.goto(f"{server.url}/people")
    other.get_by_role("button", name="Bea").click()
    other.get_by_role("button", name="Start stretching").click()
    expect(other.get_by_role("button", name="Just the holds")).to_be_visible()
    settled(other)
    other.get_by_role("link", name="History").click()
    expect(other.get_by_text("Nothing here yet", exact=False)).to_be_visible()
    expect_rows(bea.folder, "SELECT count(*) FROM session", [(0,)])
    other.get_by_role("link", name="Bea").click()
    other.get_by_role("button", name="Ana").click()
    other.get_by_role("button", name="Start stretching").click()
    expect_rows(server.folder, "SELECT state, held_s FROM session", [("finished", 140.0)])
    expect_rows(bea.folder, "SELECT count(*) FROM session", [(0,)])


def test_any_name_of_a_person_is_shown_as_text(
    start_server: StartServer, open_watched: OpenWatched
) -> None:
    server = start_server()
    for number, text in enumerate(CORPUS):
        name = f"{text[: NAME_MAX - 3]} {number}"
        people.add(server.folder, name)
    context, seen = open_watched()
    page = context.new_page()
    page.goto(server.url)
    expect(page.get_by_role("heading", name="Who is here?")).to_be_visible()
    settled(page)
    assert page.evaluate(MADE_BY_TEXT) == []
    page.locator("[class*=st-key-hw-person-] button").nth(5).click()
    page.goto(f"{server.url}/people")
    settled(page)
    assert page.evaluate(MADE_BY_TEXT) == []
    assert page.evaluate("window.ran") is None
    expect_value(page, OVERFLOW, [0, 0])
    assert seen.hosts() == {f"localhost:{server.port}"}
