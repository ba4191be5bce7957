"""Reloads, leaving, a killed server, two tabs: every finished hold is saved exactly once."""

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, WebSocketRoute, expect

from holdwell.domain.models import SessionState
from holdwell.sessions.plan import FIRST_EXTRA_SECONDS
from tests.browser.conftest import OpenContext, StartServer
from tests.support.bare_timer import BareTimer
from tests.support.server import Server
from tests.support.steps import (
    OUT_S,
    ROUND_S,
    clock_s,
    expect_rows,
    expect_value,
    pass_time,
    pass_until,
    settled,
)

LAST = "(SELECT id FROM session ORDER BY started_at DESC LIMIT 1)"
HELD = f"SELECT held_s, outcome FROM hold WHERE session_id = {LAST} ORDER BY position"
STATE = f"SELECT state, held_s FROM session WHERE id = {LAST}"
EVERY_STATE = "SELECT state, held_s FROM session"
ONCE = "SELECT count(*), count(DISTINCT id), sum(held_s) FROM hold"
WHOLE = (35.0, "finished")
SIDES = [
    (stretch, side, *WHOLE)
    for stretch in ("side_reach", "hinge_forward")
    for side in ("left", "right")
]
"""The holds of the usual routine, each held to its end."""


@pytest.fixture
def context(open_context: OpenContext) -> BrowserContext:
    return open_context(clock=True)


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def tap_begin(page: Page) -> None:
    """Begin with the holds, and pass the extra time so that 10 s are left to get ready."""
    page.get_by_role("button", name="Just the holds").click()
    pass_time(page, FIRST_EXTRA_SECONDS)


def saved_begin(server: Server, page: Page) -> None:
    """Begin, and wait until the session is in the database."""
    tap_begin(page)
    page.wait_for_url("**/stretch?session=*")
    # The browser shows the new address a moment before the server has written the session.
    expect_rows(server.folder, STATE, [("open", 0.0)])


def open_whole(page: Page, server: Server) -> None:
    """Open the page and wait until everything is loaded."""
    page.goto(f"{server.url}/stretch")
    expect(page.get_by_role("button", name="Just the holds")).to_be_visible()
    settled(page)
    page.wait_for_load_state("networkidle")


def once_more(page: Page) -> None:
    """Leave the page at the end of a session for the next session."""
    page.get_by_role("link", name="Stretch", exact=True).click()
    expect(page.get_by_role("button", name="Just the holds")).to_be_visible()
    settled(page)


def lost_note(timer: Locator) -> Locator:
    return timer.locator(".hw-note", has_text="is not answering")


def finish(page: Page, holds: int) -> None:
    for _ in range(holds):
        pass_time(page, ROUND_S)
    expect(page.get_by_text("That is done")).to_be_visible()


def hold_all_but_the_last(server: Server, page: Page) -> None:
    open_whole(page, server)
    saved_begin(server, page)
    for _ in range(3):
        pass_time(page, ROUND_S)
    expect_rows(server.folder, HELD, [WHOLE] * 3)
    settled(page)


def expect_whole(server: Server, sessions: int) -> None:
    """Check that there are so many sessions, each finished, with each of its four holds once."""
    expect_rows(server.folder, EVERY_STATE, [("finished", 140.0)] * sessions)
    expect_rows(server.folder, ONCE, [(4 * sessions, 4 * sessions, 140.0 * sessions)])


def test_after_a_reload_in_a_hold_the_timer_continues_where_it_was(
    page: Page, timer: Locator
) -> None:
    bare = BareTimer(page)
    bare.begin_ready()
    begun = clock_s(page)
    pass_time(page, ROUND_S + 10 + 10)
    expect(timer.locator(".hw-count")).to_have_text("Hold 2 of 4")
    page.reload()
    expect(timer.locator(".hw-phase")).to_have_text("Paused where you were")
    went_by = clock_s(page) - begun
    left = int(timer.locator(".hw-digits").text_content() or 0)
    # The state is stored every two seconds.
    assert ROUND_S + 10 + 35 - went_by - 10 <= left <= 25 + 2
    page.get_by_role("button", name="Go on").click()
    pass_time(page, left + 1 + OUT_S)
    expect(timer.locator(".hw-count")).to_have_text("Hold 3 of 4")
    bare.expect_holds(*SIDES[:2])


def test_no_hold_is_lost_while_the_server_is_gone(
    start_server: StartServer, page: Page, timer: Locator
) -> None:
    server = start_server()
    open_whole(page, server)
    the_note_goes_when_it_is_back_before_the_first_tap(server, page, timer)
    the_timer_goes_on(server, page, timer)
    expect_whole(server, 1)
    once_more(page)
    all_of_a_session_may_pass_meanwhile(server, page, timer)
    expect_whole(server, 2)
    once_more(page)
    a_reload_finds_a_session_whose_beginning_was_not_saved(server, page, timer)
    expect_whole(server, 3)
    once_more(page)
    a_reload_finds_what_was_held_meanwhile(server, page, timer)
    expect_whole(server, 4)


def the_note_goes_when_it_is_back_before_the_first_tap(
    server: Server, page: Page, timer: Locator
) -> None:
    server.kill()
    pass_until(page, lambda: lost_note(timer).count() == 1)
    server.start()
    pass_until(page, lambda: lost_note(timer).count() == 0)


def the_timer_goes_on(server: Server, page: Page, timer: Locator) -> None:
    saved_begin(server, page)
    pass_time(page, ROUND_S + 5)
    expect_rows(server.folder, HELD, [WHOLE])
    server.kill()
    expect(lost_note(timer)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    # The timer not only runs on; its buttons still work.
    page.get_by_role("button", name="Pause").click()
    expect(timer).to_have_attribute("data-phase", "paused")
    page.get_by_role("button", name="Go on").click()
    pass_time(page, 5 + 35 + OUT_S + 5)
    expect(timer.locator(".hw-count")).to_have_text("Hold 3 of 4")
    expect(timer).to_have_attribute("data-phase", "running")
    server.start()
    expect(timer.locator(".hw-note")).to_be_empty()
    expect_rows(server.folder, HELD, [WHOLE, WHOLE])
    expect(timer).to_have_attribute("data-phase", "running")
    expect(timer.locator(".hw-count")).to_have_text("Hold 3 of 4")
    finish(page, 3)


def all_of_a_session_may_pass_meanwhile(server: Server, page: Page, timer: Locator) -> None:
    server.kill()
    pass_until(page, lambda: lost_note(timer).count() == 1)
    tap_begin(page)
    for _ in range(4):
        pass_time(page, ROUND_S)
    expect(timer).to_have_attribute("data-phase", "done")
    server.start()
    pass_until(page, page.get_by_text("That is done").is_visible)


def a_reload_finds_a_session_whose_beginning_was_not_saved(
    server: Server, page: Page, timer: Locator
) -> None:
    server.kill()
    tap_begin(page)
    pass_time(page, ROUND_S + 5)
    expect(timer.locator(".hw-count")).to_have_text("Hold 2 of 4")
    server.start()
    page.reload()
    expect(timer).to_have_attribute("data-phase", "paused")
    expect(timer.locator(".hw-count")).to_have_text("Hold 2 of 4")
    expect_rows(server.folder, HELD, [WHOLE])
    page.get_by_role("button", name="Go on", exact=True).click()
    finish(page, 3)


def a_reload_finds_what_was_held_meanwhile(server: Server, page: Page, timer: Locator) -> None:
    saved_begin(server, page)
    pass_time(page, ROUND_S + 5)
    server.kill()
    pass_time(page, 5 + 35 + OUT_S + 5)
    expect(timer.locator(".hw-count")).to_have_text("Hold 3 of 4")
    server.start()
    page.reload()
    expect(timer).to_have_attribute("data-phase", "paused")
    page.get_by_role("button", name="Go on", exact=True).click()
    finish(page, 3)


def test_a_session_is_saved_that_ends_while_the_server_restarts(
    start_server: StartServer, page: Page, timer: Locator
) -> None:
    """Streamlit connects again without asking for a run if it saw none of the run that was lost."""
    server = start_server()
    hold_all_but_the_last(server, page)
    server.suspend()
    pass_time(page, ROUND_S)
    expect(timer).to_have_attribute("data-phase", "done")
    server.kill()
    server.start()
    expect(page.get_by_text("That is done")).to_be_visible()
    expect_whole(server, 1)


def test_the_end_of_a_session_is_told_again_if_its_message_was_lost(
    start_server: StartServer, page: Page, timer: Locator
) -> None:
    lost: list[str | bytes] = []
    is_losing = False

    def lose(socket: WebSocketRoute) -> None:
        to_server = socket.connect_to_server()
        socket.on_message(lambda said: lost.append(said) if is_losing else to_server.send(said))

    page.route_web_socket("**/_stcore/stream", lose)
    server = start_server()
    hold_all_but_the_last(server, page)
    is_losing = True
    pass_time(page, ROUND_S)
    expect(timer).to_have_attribute("data-phase", "done")
    pass_until(page, lambda: bool(lost))
    is_losing = False
    pass_until(page, page.get_by_text("That is done").is_visible)
    expect_whole(server, 1)


def test_a_session_that_was_left_continues_later_and_a_busy_server_does_not_disturb_it(
    start_server: StartServer, context: BrowserContext, page: Page
) -> None:
    server = start_server()
    page.goto(f"{server.url}/stretch")
    again = a_closed_tab_is_offered_the_next_time(server, context, page)
    expect_whole(server, 1)
    again.get_by_role("link", name="Today").click()
    leaving_the_page_pauses_and_coming_back_goes_on(server, again)
    expect_whole(server, 2)
    once_more(again)
    a_busy_server_moves_nothing(server, again)
    expect_whole(server, 3)


def a_closed_tab_is_offered_the_next_time(
    server: Server, context: BrowserContext, page: Page
) -> Page:
    saved_begin(server, page)
    pass_time(page, ROUND_S + 5)
    expect_rows(server.folder, HELD, [WHOLE])
    page.close()
    again = context.new_page()
    again.goto(server.url)
    expect(again.get_by_text("Holds saved: 1 of 4.")).to_be_visible()
    again.get_by_role("button", name="Go on where you were").click()
    expect(again.locator(".hw-timer")).to_have_attribute("data-phase", "paused")
    again.get_by_role("button", name="Go on", exact=True).click()
    finish(again, 4)
    return again


def leaving_the_page_pauses_and_coming_back_goes_on(server: Server, page: Page) -> None:
    timer = page.locator(".hw-timer")
    page.get_by_role("button", name="Start stretching").click()
    saved_begin(server, page)
    settled(page)
    pass_time(page, ROUND_S + 10 + 5)
    expect_rows(server.folder, HELD, [WHOLE])
    # On a phone, Back leaves a running routine; pressing it once must be enough.
    page.go_back()
    page.wait_for_url(server.url + "/")
    expect(page.get_by_text("was not finished")).to_be_visible()
    pass_time(page, 60)
    page.get_by_role("button", name="Go on where you were").click()
    expect(timer.locator(".hw-count")).to_have_text("Hold 2 of 4")
    expect(timer).to_have_attribute("data-phase", "paused")
    expect_value(page, "Number(document.querySelector('.hw-digits').textContent) >= 15", True)
    page.get_by_role("button", name="Go on", exact=True).click()
    finish(page, 4)


def a_busy_server_moves_nothing(server: Server, page: Page) -> None:
    saved_begin(server, page)
    server.suspend()
    for number in range(4):
        expect(page.locator(".hw-count")).to_have_text(f"Hold {number + 1} of 4")
        pass_time(page, ROUND_S)
    server.resume()
    expect(page.get_by_text("That is done")).to_be_visible()


def test_of_two_tabs_only_one_runs_the_session_and_both_end_it(
    context: BrowserContext, page: Page, timer: Locator
) -> None:
    bare = BareTimer(page)
    bare.begin_ready()
    pass_time(page, ROUND_S + 10 + 5)
    bare.expect_holds(*SIDES[:1])
    other = context.new_page()
    again = bare.in_tab(other)
    other.goto(page.url)
    expect(other.locator(".hw-phase")).to_have_text("Paused where you were")
    expect(timer).to_have_attribute("data-phase", "running")
    other.get_by_role("button", name="Go on", exact=True).click()
    expect(timer.locator(".hw-phase")).to_have_text("Running in another tab")
    pass_time(other, 31 + OUT_S + 5)
    expect(other.locator(".hw-count")).to_have_text("Hold 3 of 4")
    # The first tab continues from where the other one was.
    page.get_by_role("button", name="Go on", exact=True).click()
    expect(timer.locator(".hw-count")).to_have_text("Hold 3 of 4")
    expect(other.locator(".hw-phase")).to_have_text("Running in another tab")
    for _ in range(2):
        pass_time(page, ROUND_S)
    for tab in (bare, again):
        expect(tab.page.locator(".hw-timer")).to_have_attribute("data-phase", "done")
        tab.expect_holds(*SIDES)
        assert tab.ended().state is SessionState.FINISHED
