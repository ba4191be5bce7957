"""A field that saves itself is saved, also if the user leaves the page at once."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenContext, StartServer
from tests.support.steps import expect_rows, rows, running, settled, type_day

NOTES = "SELECT note FROM pain WHERE deleted_at IS NULL ORDER BY score"


@pytest.fixture
def page(open_context: OpenContext) -> Page:
    """A page on a phone: a mouse would leave the field before it clicks."""
    return open_context(has_touch=True).new_page()


def type_note(page: Page, score: int, note: str) -> None:
    """Log a pain score on Today, and type a note without leaving its field."""
    settled(page)
    scores = page.get_by_role("radiogroup", name="Pain now")
    scores.get_by_role("radio", name=str(score), exact=True).tap()
    expect(page.get_by_text("Noted at")).to_be_visible()
    settled(page)
    page.get_by_text("Where it hurts, or a note").tap()
    page.get_by_label("Note").tap()
    page.keyboard.type(note)


def tap(page: Page, target: Locator, path: str) -> None:
    target.tap()
    page.wait_for_url(f"**/{path}")
    settled(page)


def test_a_tap_just_after_typing_opens_its_page(start_server: StartServer, page: Page) -> None:
    server = start_server()
    page.goto(server.url)
    type_note(page, 1, "bleeding")
    tap(page, page.get_by_role("link", name="Stop signs").first, "safety")
    expect(page.get_by_role("heading", name="Stop signs")).to_be_visible()
    expect_rows(server.folder, NOTES, [("bleeding",)])
    tap(page, page.get_by_role("link", name="Today"), "")
    page.get_by_role("button", name="Done", exact=True).tap()
    expect(page.get_by_text("Where it hurts, or a note")).to_have_count(0)
    type_note(page, 2, "dizzy")
    tap(page, page.get_by_role("button", name="Start stretching"), "stretch")
    expect_rows(server.folder, NOTES, [("bleeding",), ("dizzy",)])
    tap(page, page.get_by_role("link", name="Settings"), "settings")
    page.get_by_text("Whom to call", exact=True).tap()
    number = page.locator(".st-key-hw-unit-number input")
    number.tap()
    page.keyboard.type("030 12345")
    tap(page, page.get_by_role("link", name="History", exact=True), "history")
    numbers = "SELECT value FROM meta WHERE value LIKE '030%'"
    expect_rows(server.folder, numbers, [("030 12345",)])
    tap(page, page.get_by_role("link", name="Settings"), "settings")
    page.get_by_text("Where you are", exact=True).tap()
    page.get_by_role("button", name="Change", exact=True).tap()
    with running(page):
        page.get_by_role("radio", name="Pregnant", exact=True).tap()
    type_day(page, "Due date", datetime.now().date() + timedelta(90))
    tap(page, page.get_by_role("link", name="Stop signs").first, "safety")


def test_a_note_is_saved_while_it_is_typed(start_server: StartServer, page: Page) -> None:
    server = start_server()
    page.goto(server.url)
    type_note(page, 1, "woke")
    expect_rows(server.folder, NOTES, [("woke",)])
    expect(page.get_by_label("Note")).to_be_focused()
    page.keyboard.type(" me up")
    expect_rows(server.folder, NOTES, [("woke me up",)])
    expect(page.get_by_label("Note")).to_have_value("woke me up")


def test_a_choice_is_saved_though_the_page_is_left_at_once(
    start_server: StartServer, page: Page
) -> None:
    """On a busy computer the tap on the link arrives while the choice is being saved."""
    server = start_server(sound=True)
    page.goto(f"{server.url}/settings")
    page.get_by_text("Cues", exact=True).tap()
    settled(page)
    link = page.get_by_role("link", name="Today").element_handle()
    server.suspend()
    page.get_by_label("Tones", exact=True).evaluate("node => node.click()")
    link.evaluate("node => node.click()")
    server.resume()
    expect(page.get_by_role("heading", name="Settings")).to_have_count(0)
    settled(page)
    assert rows(server.folder, "SELECT sound FROM profile") == [(0,)]


def test_a_section_of_the_settings_is_open_again_after_the_database_was_out_of_reach(
    start_server: StartServer, page: Page
) -> None:
    server = start_server(sound=True)
    page.goto(f"{server.url}/settings")
    page.get_by_text("Cues", exact=True).tap()
    settled(page)
    away = server.folder.rename(server.folder.with_name("away"))
    tones = page.get_by_label("Tones", exact=True)
    tones.evaluate("node => node.click()")
    expect(page.locator(".st-key-hw-trouble")).to_be_visible()
    away.rename(server.folder)
    page.locator(".st-key-hw-again button").tap()
    expect(page.get_by_text("Volume", exact=True)).to_be_visible()
    expect(tones).not_to_be_checked()
    expect_rows(server.folder, "SELECT sound FROM profile", [(0,)])
