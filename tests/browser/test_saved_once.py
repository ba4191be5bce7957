"""What is sent twice is saved once, in a real browser with a slow disk."""

import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import ElementHandle, Page, expect

from holdwell.backup import daily
from holdwell.store import people
from holdwell.store.repository import opened
from holdwell.transfer import exporting
from tests.browser.conftest import StartServer
from tests.support.ledger import life
from tests.support.server import Server, serve
from tests.support.steps import PATIENCE_MS, expect_rows, rows, running, settled, type_day

FSYNC_S = 0.3
"""How long a write takes on a bad memory stick: long enough to click again meanwhile."""
WRITING = "test-is-writing"
"""A file that appears in the data folder when the first commit begins."""
ROWS = "SELECT (SELECT count(*) FROM session WHERE state <> 'open'), (SELECT count(*) FROM pain)"


def serve_slowly(options: list[str], environment: dict[str, str], log: Path) -> None:
    """Serve the app as on a slow disk, where a commit takes as long as its fsync."""
    writing = Path(environment["HOLDWELL_DATA"]) / WRITING
    from holdwell.store import files
    from holdwell.store.sqlcipher import Connection

    at_once, sync = Connection.execute, files.sync

    def sync_slowly(path: Path) -> None:
        writing.touch()
        time.sleep(FSYNC_S)
        sync(path)

    def execute(self: Connection, sql: str, *parameters: object) -> object:
        if sql == "COMMIT":
            writing.touch()
            time.sleep(FSYNC_S)
        return at_once(self, sql, *parameters)  # type: ignore[arg-type]

    Connection.execute = execute  # type: ignore[method-assign, assignment]
    files.sync = sync_slowly
    serve(options, environment, log)


class SlowDiskServer(Server):
    """The app on a slow disk."""

    serve = staticmethod(serve_slowly)


@pytest.fixture
def slow(start_server: StartServer) -> Server:
    return start_server(server=SlowDiskServer)


def click_twice(page: Page, server: Server, name: str, *, at_once: bool = False) -> None:
    """Click a button, and again either `at_once` or while the first click's data is written."""
    node = page.get_by_role("button", name=name, exact=True).element_handle()
    click_both(server, node, node, at_once=at_once)


def click_both(
    server: Server, first: ElementHandle, second: ElementHandle, *, at_once: bool = False
) -> None:
    writing = server.folder / WRITING
    writing.unlink(missing_ok=True)
    first.evaluate("node => node.click()")
    give_up = time.monotonic() + PATIENCE_MS / 1000
    while not (at_once or writing.exists()) and time.monotonic() < give_up:
        time.sleep(0.005)
    second.evaluate("node => node.click()")


def fill(page: Page, kind: str) -> None:
    page.get_by_role("button", name=kind, exact=True).first.click()
    type_day(page, "Day", datetime.now().date() - timedelta(days=1))
    group = "Pain before" if kind == "Session" else "How much did it hurt?"
    page.get_by_role("radiogroup", name=group).get_by_role("radio", name="4", exact=True).click()
    settled(page)


def expect_once(page: Page, server: Server, counts: tuple[int, int], *, at_once: bool) -> None:
    """Check the numbers of sessions and pain entries: two clicks must have saved one entry."""
    expect(page.get_by_text("Added:")).to_be_visible()
    expect_rows(server.folder, ROWS, [counts])
    settled(page)
    assert rows(server.folder, ROWS) == [counts], f"at once: {at_once}"


def undo_one(page: Page, server: Server, table: str, left: int) -> None:
    """Press Undo, and check that it takes back only one entry."""
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.")).to_be_visible()
    count = f"SELECT count(*) FROM {table} WHERE deleted_at IS NULL"
    expect_rows(server.folder, count, [(left,)])
    settled(page)


def test_a_double_click_saves_one_entry_on_today_and_in_history(slow: Server, page: Page) -> None:
    page.goto(slow.url)
    for number, at_once in enumerate((True, False), 1):
        settled(page)
        with running(page):
            page.get_by_role("button", name="I stretched without the timer").click()
        click_twice(page, slow, "Done just now", at_once=at_once)
        expect_once(page, slow, (number, 0), at_once=at_once)
    undo_one(page, slow, "session", left=1)
    tap_two_scores(page, slow)
    page.get_by_role("link", name="History", exact=True).click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    for kind, before in (("Session", (2, 1)), ("Pain", (4, 1))):
        for number, at_once in enumerate((True, False), 1):
            settled(page)
            fill(page, kind)
            click_twice(page, slow, "Save", at_once=at_once)
            sessions, pains = before
            added = (sessions + number, pains) if kind == "Session" else (sessions, pains + number)
            expect_once(page, slow, added, at_once=at_once)
        undo_one(page, slow, kind.lower(), left=2)


def tap_two_scores(page: Page, server: Server) -> None:
    """Tap a score, and another before the first is saved: this must correct the first."""
    scores = page.get_by_role("radiogroup", name="Pain now").get_by_role("radio")
    click_both(server, scores.nth(4).element_handle(), scores.nth(5).element_handle())
    expect_rows(server.folder, "SELECT score FROM pain WHERE deleted_at IS NULL", [(5,)])
    settled(page)
    expect_rows(server.folder, ROWS, [(2, 1)])


def test_a_double_click_in_the_settings_counts_once(slow: Server, page: Page) -> None:
    """This also holds if the second click finds the opposite button there, as after Pause."""
    today = datetime.now().date()
    page.goto(f"{slow.url}/routines")
    settled(page)
    click_twice(page, slow, "Add a routine")
    expect(page.get_by_role("button", name="Done")).to_be_visible()
    settled(page)
    added = "SELECT count(*) FROM routine WHERE name = 'My routine'"
    expect_rows(slow.folder, added, [(1,)])
    page.get_by_role("link", name="Settings").click()
    page.get_by_text("Sessions", exact=True).click()
    settled(page)
    click_twice(page, slow, "Make this my goal")
    expect(page.get_by_role("button", name="I want no goal")).to_be_visible()
    settled(page)
    page.get_by_text("Where you are", exact=True).click()
    page.get_by_role("button", name="Change", exact=True).click()
    page.get_by_role("radio", name="Pregnant", exact=True).click()
    expect(page.get_by_role("group", name="Due date")).to_be_visible()
    settled(page)
    type_day(page, "Due date", today + timedelta(days=180))
    settled(page)
    click_twice(page, slow, "Save")
    expect_rows(slow.folder, "SELECT count(*) FROM due_date", [(1,)])
    expect(page.get_by_role("group", name="Due date")).to_have_count(0)
    settled(page)
    tracking = page.get_by_text("Pause or end tracking", exact=True)
    # A section that moves up is on the page twice until its old place is cleared.
    expect(tracking).to_have_count(1)
    tracking.click()
    page.get_by_text("Pauses in the past").click()
    settled(page)
    type_day(page, "From", today - timedelta(days=9))
    type_day(page, "To", today - timedelta(days=5))
    settled(page)
    click_twice(page, slow, "Add this pause")
    expect(page.get_by_role("button", name="Remove", exact=True)).to_be_visible()
    settled(page)
    click_twice(page, slow, "Pause tracking", at_once=True)
    expect(page.get_by_role("button", name="Show weeks and goals again")).to_be_visible()
    settled(page)
    counts = "SELECT " + ", ".join(
        f"(SELECT count(*) FROM {table} WHERE deleted_at IS NULL)"
        for table in ("goal", "pregnancy", "due_date", "pause")
    )
    expect_rows(slow.folder, counts, [(1, 1, 1, 2)])
    expect_rows(slow.folder, "SELECT tracking FROM profile", [("paused",)])


def test_a_double_click_restores_and_imports_once(
    slow: Server, page: Page, tmp_path_factory: pytest.TempPathFactory
) -> None:
    sessions = [life(1, 9, number)[-1].after for number in range(9)]
    now = sessions[0].started
    with opened(slow.folder / "holdwell.db") as store:
        store.save_all(sessions[:4], now)
        daily.make_daily(store.file, datetime.now().date() - timedelta(days=1))
        store.save_all(sessions[4:6], now)
    with opened(tmp_path_factory.mktemp("another") / "holdwell.db") as store:
        store.save_all(sessions, now)
        exported = exporting.export(store, now)
    count = "SELECT count(*) FROM session WHERE deleted_at IS NULL"
    page.goto(f"{slow.url}/record")
    settled(page)
    # The first backup is the one of today, which opening the page made.
    with running(page):
        page.get_by_role("button", name="Bring back").nth(1).click()
    click_twice(page, slow, "Bring this backup back")
    expect(page.get_by_text("is your record now")).to_be_visible()
    settled(page)
    expect_rows(slow.folder, count, [(4,)])
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_text("is your record now")).to_have_count(0)
    expect_rows(slow.folder, count, [(6,)])
    settled(page)
    file = {"name": "holdwell.zip", "mimeType": "application/zip", "buffer": exported}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    expect(page.get_by_text("New in this file")).to_be_visible()
    settled(page)
    click_twice(page, slow, "Import")
    expect_rows(slow.folder, count, [(9,)])
    settled(page)
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_text("Undone: ")).to_be_visible()
    expect_rows(slow.folder, count, [(6,)])


def test_a_double_click_adds_one_person_and_one_pregnancy(slow: Server, page: Page) -> None:
    page.goto(f"{slow.url}/people")
    settled(page)
    page.get_by_role("button", name="Add a person").click()
    page.get_by_label("Your name").fill("Ana")
    page.get_by_label("Name of the other person").fill("Bea")
    page.get_by_label("Name of the other person").press("Tab")
    settled(page)
    click_twice(page, slow, "Add, and switch to this name")
    page.wait_for_url("**?who=*-*")
    _, bea = people.people(slow.folder)
    page.get_by_role("radio", name="My pregnancy has ended").click()
    settled(page)
    click_twice(page, slow, "Next", at_once=True)
    expect_rows(bea.folder, "SELECT ended FROM pregnancy", [(1,)])
    settled(page)
    assert [person.name for person in people.people(slow.folder)] == ["Ana", "Bea"]


def test_a_form_that_is_sent_again_saves_once(start_server: StartServer, page: Page) -> None:
    """The form is sent again after Back, and after the server was restarted."""
    server = start_server()
    page.goto(f"{server.url}/history")
    settled(page)
    fill(page, "Session")
    form = page.url
    assert "edit=session." in form
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Added:")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Edit this session")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    server.kill()
    server.start()
    page.goto(form)
    settled(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    expect_rows(server.folder, ROWS, [(1, 0)])
