"""A stop sign is shown and saved, however fast or often it is tapped."""

from playwright.sync_api import Page, expect

from holdwell.store.people import DATABASE_NAME
from holdwell.store.repository import opened
from holdwell.ui.guide.phone_numbers import UNIT_NUMBER
from tests.browser.conftest import StartServer
from tests.support.server import Server
from tests.support.steps import begin, expect_equal, expect_rows, rows, settled

ANSWER = ".st-key-hw-check-in button"
SIGN = "Contractions, or back pain in waves"
KEPT = "SELECT answer, deleted_at FROM check_in"


def tap(page: Page, times: int, gap_ms: int) -> None:
    """Tap the sign several times at the same place, as a nervous user does."""
    # Until the timer is there, everything below it still moves down.
    expect(page.get_by_role("button", name="Just the holds")).to_be_visible()
    settled(page)
    page.locator(".st-key-hw-check-in summary").click()
    page.locator(ANSWER, has_text=SIGN).click()
    for _ in range(times - 1):
        page.wait_for_timeout(gap_ms)
        page.mouse.down()
        page.mouse.up()


def expect_call(page: Page, server: Server) -> None:
    """Check that the advice to call is visible, no session can begin, and the answer is saved."""
    expect(page.get_by_role("heading", name="Please call now")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Just the holds")).to_have_count(0)
    expect_equal(lambda: ("contractions", None) in rows(server.folder, KEPT), True)


def open_unanswered(page: Page, server: Server) -> None:
    """Open the page with no answer saved for today.

    On a busy computer the second of two taps may be saved again after the deletion.
    """
    unanswered = page.get_by_role("button", name="Just the holds")
    for _ in range(3):
        with opened(server.folder / DATABASE_NAME) as store, store.writing():
            store.db.execute("DELETE FROM check_in")
        page.goto(f"{server.url}/stretch")
        expect(unanswered.or_(page.get_by_role("heading", name="Please call now"))).to_be_visible()
        if unanswered.is_visible():
            return


def test_a_stop_sign_is_shown_and_saved_however_it_is_tapped(page: Page, server: Server) -> None:
    of_a_first_visit(page, server)
    with_a_double_tap(page, server, 0)
    with_a_double_tap(page, server, 700)
    while_the_page_still_runs(page, server)
    before_another_tap(page, server)


def of_a_first_visit(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/stretch")
    page.get_by_role("button", name="I have read this").click()
    tap(page, 1, 0)
    expect_call(page, server)
    page.reload()
    expect_call(page, server)
    expect_rows(server.folder, KEPT, [("contractions", None)])


def with_a_double_tap(page: Page, server: Server, gap_ms: int) -> None:
    open_unanswered(page, server)
    tap(page, 2, gap_ms)
    page.wait_for_load_state("networkidle")
    expect_call(page, server)


def while_the_page_still_runs(page: Page, server: Server) -> None:
    open_unanswered(page, server)
    page.locator(".st-key-hw-check-in summary").click()
    sign = page.locator(ANSWER, has_text=SIGN)
    sign.hover()
    server.suspend()
    page.get_by_role("radio", name="Bedtime").dispatch_event("click")
    sign.dispatch_event("click")
    server.resume()
    expect_call(page, server)
    page.reload()
    expect_call(page, server)
    expect_rows(server.folder, KEPT, [("contractions", None)])


def before_another_tap(page: Page, server: Server) -> None:
    """The network was blocked: two taps reach the server at once, and the sign is the first."""
    open_unanswered(page, server)
    expect(page.get_by_role("button", name="Just the holds")).to_be_visible()
    settled(page)
    page.locator(".st-key-hw-check-in summary").click()
    sign = page.locator(ANSWER, has_text=SIGN)
    sign.hover()
    server.suspend()
    sign.dispatch_event("click")
    page.get_by_role("link", name="History", exact=True).click()
    server.resume()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    expect_rows(server.folder, KEPT, [("contractions", None)])


def test_the_stop_signs_over_the_timer_have_the_numbers_to_call(
    start_server: StartServer, page: Page
) -> None:
    server = start_server()
    with opened(server.folder / DATABASE_NAME) as store:
        store.set_meta(UNIT_NUMBER, "030 450 50")
    begin(page, server)
    page.get_by_role("button", name="Stop signs").click()
    links = page.get_by_role("dialog", name="Stop signs").get_by_role("link")
    expect(links.nth(0)).to_have_attribute("href", "tel:03045050")
    expect(links.nth(0)).to_have_text("Call your maternity unit: 030 450 50")
    expect(links.nth(1)).to_have_attribute("href", "tel:112")
    expect(links.nth(1)).to_be_in_viewport()
