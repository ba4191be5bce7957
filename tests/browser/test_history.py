"""History in a real browser: messages are visible, and the focus moves along."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from holdwell.domain.models import Moment
from holdwell.store.repository import opened
from tests.browser.conftest import StartServer
from tests.support.histories import session_on
from tests.support.server import Server
from tests.support.steps import (
    ATTENTIVE,
    choose,
    expect_equal,
    expect_rows,
    expect_value,
    settled,
    type_day,
)

FOCUSED = "document.activeElement.tagName"
SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"
IN_SIGHT = """node => {
  const box = node.getBoundingClientRect();
  const under = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return box.top >= 0 && box.bottom <= innerHeight - 68 && node.contains(under);
}"""


def add_to_a_day(page: Page, server: Server) -> None:
    """Tap a day to add an entry for it."""
    # The browser's local day, which ends at four in the morning.
    today = (datetime.now(ZoneInfo("Europe/Berlin")) - timedelta(hours=4)).date()
    page.get_by_role("radio", name=str(today.day), exact=True).click()
    expect(page.get_by_text("Add to")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Pain", exact=True).click()
    expect(page.get_by_role("heading", name="A pain score")).to_be_visible()
    settled(page)
    page.get_by_role("radio", name="7", exact=True).click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("7 of 10")).to_be_visible()
    expect_rows(server.folder, "SELECT local_day, score FROM pain", [(today.isoformat(), 7)])
    assert f"day={today}" in page.url


def leave_and_come_back(page: Page, server: Server) -> None:
    """What is typed into a form survives Back, Forward and a reload."""
    today = datetime.now().date()
    page.get_by_role("button", name="Session", exact=True).click()
    form = page.get_by_role("heading", name="Add a past session")
    expect(form).to_be_visible()
    settled(page)
    type_day(page, "Day", today - timedelta(days=1))
    settled(page)
    choose(page, "Pain before", "4")
    note = page.get_by_role("textbox", name="Note", exact=True)
    note.fill("Sofa arm was better.")
    is_draft = "JSON.stringify(sessionStorage).includes('Sofa arm')"
    expect_value(page, is_draft, True)
    for leave_and_return in (lambda: (page.go_back(), page.go_forward()), page.reload):
        leave_and_return()
        expect(form).to_be_visible()
        expect(note).to_have_value("Sofa arm was better.")
        score = page.get_by_role("radiogroup", name="Pain before").get_by_role("radio", name="4")
        expect(score).to_be_checked()
    settled(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Added:")).to_be_visible()
    expect_value(page, is_draft, False)
    expect_rows(
        server.folder, "SELECT local_day, pain_before, note FROM session",
        [((today - timedelta(days=1)).isoformat(), 4, "Sofa arm was better.")],
    )  # fmt: skip


def edit_delete_and_undo(page: Page, server: Server) -> None:
    """Messages stay visible, and the focus moves to the heading of what is shown next."""
    today = datetime.now().date()
    with opened(server.folder / "holdwell.db") as store:
        sessions = [session_on(today - timedelta(days=n)) for n in range(1, 15)]
        store.save_all(sessions, Moment.of(datetime.now().astimezone()))
    open_as_it_begins(page)
    page.wait_for_function(ATTENTIVE)
    page.get_by_role("button", name="Edit").nth(9).click()
    heading = page.get_by_role("heading", name="Edit this session")
    expect(heading).to_be_focused()
    expect_value(page, SCROLLED, 0)
    # A reload keeps the form; a message that it cannot be saved is not hidden behind a bar.
    page.reload()
    expect(heading).to_be_visible()
    settled(page)
    page.get_by_label("Side reach, left").fill("-5")
    # The calendar is still open: the browser sends the day with the tap, and once more after it.
    page.get_by_role("spinbutton", name="day, Day").click()
    page.keyboard.type(f"{today - timedelta(days=2):%d%m%Y}")
    page.get_by_role("button", name="Save", exact=True).click()
    message = page.get_by_text("from 0 to 3,600")
    expect(message).to_be_visible()
    settled(page)
    expect(message).to_be_in_viewport()
    expect_equal(lambda: message.evaluate(IN_SIGHT), True)
    page.get_by_role("button", name="Delete").click()
    deleted = page.get_by_text("is deleted")
    expect(deleted).to_be_visible()
    expect(page.get_by_role("heading", name="History")).to_be_focused()
    # The bar with Undo stays visible however far the page is scrolled.
    page.mouse.move(200, 500)
    page.mouse.wheel(0, 900)
    page.wait_for_function(f"{SCROLLED} > 500")
    expect_equal(lambda: deleted.evaluate(IN_SIGHT), True)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.")).to_be_visible()
    settled(page)
    expect_value(page, f"{FOCUSED} !== 'BODY'", True)
    # Another page starts with the focus on its heading.
    page.get_by_role("link", name="Guide").click()
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def open_as_it_begins(page: Page) -> None:
    """Tap the link of the current page, which clears from the address what was chosen on it."""
    page.get_by_role("navigation").get_by_role("link", name="History").click()
    page.wait_for_url("**/history")
    settled(page)


def test_entries_are_added_edited_deleted_and_restored(
    start_server: StartServer, page: Page
) -> None:
    server = start_server()
    page.goto(f"{server.url}/history")
    settled(page)
    add_to_a_day(page, server)
    open_as_it_begins(page)
    leave_and_come_back(page, server)
    edit_delete_and_undo(page, server)
