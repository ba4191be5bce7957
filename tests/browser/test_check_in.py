"""A stop sign that is tapped is seen and kept, however fast or often it is tapped."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import StartServer
from tests.support.server import Server
from tests.support.steps import expect_rows, rows, settled

ANSWER = ".st-key-hw-check-in button"
SIGN = "Contractions, or back pain in waves"
KEPT = "SELECT answer, deleted_at FROM check_in"


def tap(page: Page, times: int, gap_ms: int) -> None:
    """Tap the same place of the screen, as a nervous thumb does."""
    # Until the timer is there, what stands below it moves down.
    expect(page.get_by_role("button", name="Just the holds")).to_be_visible()
    settled(page)
    page.locator(".st-key-hw-check-in summary").click()
    page.locator(ANSWER, has_text=SIGN).click()
    for _ in range(times - 1):
        page.wait_for_timeout(gap_ms)
        page.mouse.down()
        page.mouse.up()


def expect_call(page: Page) -> None:
    """Expect the words in sight, also after a reload, and no way to begin."""
    for again in (False, True):
        if again:
            page.reload()
        expect(page.get_by_role("heading", name="Please call now")).to_be_in_viewport()
        expect(page.get_by_role("button", name="Just the holds")).to_have_count(0)


def test_a_stop_sign_of_a_first_visit_says_to_call_at_once(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/stretch")
    page.get_by_role("button", name="I have read this").click()
    tap(page, 1, 0)
    expect_call(page)
    expect_rows(server.folder, KEPT, [("contractions", None)])


@pytest.mark.parametrize("gap_ms", [0, 700])
def test_a_double_tap_does_not_take_a_stop_sign_back(
    page: Page, start_server: StartServer, gap_ms: int
) -> None:
    server = start_server()
    page.goto(f"{server.url}/stretch")
    tap(page, 2, gap_ms)
    page.wait_for_load_state("networkidle")
    expect_call(page)
    assert ("contractions", None) in rows(server.folder, KEPT)


def test_a_stop_sign_is_kept_that_is_tapped_while_the_page_still_runs(
    page: Page, start_server: StartServer
) -> None:
    server = start_server()
    page.goto(f"{server.url}/stretch")
    page.locator(".st-key-hw-check-in summary").click()
    sign = page.locator(ANSWER, has_text=SIGN)
    sign.hover()
    server.suspend()
    page.get_by_role("radio", name="Bedtime").dispatch_event("click")
    sign.dispatch_event("click")
    server.resume()
    expect_call(page)
    expect_rows(server.folder, KEPT, [("contractions", None)])
