"""What Today logs with one or two taps, counted in a real browser."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import StartServer
from tests.support.steps import expect_rows, settled

CRAMPS = "SELECT leg FROM cramp WHERE deleted_at IS NULL"


class Taps:
    """Taps elements of the page and counts the taps."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def on(self, target: Locator) -> None:
        settled(self.page)
        target.click()
        self.count += 1


def test_pain_and_a_cramp_take_one_tap_each_and_a_session_without_the_timer_two(
    start_server: StartServer, page: Page
) -> None:
    server = start_server()
    page.goto(server.url)
    taps = Taps(page)
    taps.on(page.get_by_role("radio", name="6", exact=True))
    expect(page.get_by_text("Noted at")).to_be_visible()
    expect_rows(server.folder, "SELECT score FROM pain WHERE deleted_at IS NULL", [(6,)])
    expect_rows(server.folder, "SELECT count(*) FROM session", [(0,)])
    assert taps.count == 1
    settled(page)
    # Every score is large enough for a thumb, and all of them are visible above the bar.
    for score in range(11):
        box = page.get_by_role("radio", name=str(score), exact=True).bounding_box()
        assert box is not None and box["height"] >= 44 and box["width"] >= 44
        assert box["y"] + box["height"] < 844 - 68

    taps = Taps(page)
    taps.on(page.get_by_role("radio", name="Left", exact=True).first)
    expect_rows(server.folder, CRAMPS, [("left",)])
    assert taps.count == 1

    page.reload()
    settled(page)
    expect(page.get_by_role("radio", name="Left", exact=True).first).to_be_checked()
    taps = Taps(page)
    taps.on(page.get_by_role("button", name="I stretched without the timer"))
    taps.on(page.get_by_role("button", name="Done just now"))
    expect(page.get_by_text("Added:")).to_be_visible()
    expect_rows(server.folder, "SELECT state FROM session", [("logged",)])
    assert taps.count == 2
    taps.on(page.get_by_role("button", name="Undo"))
    expect(page.get_by_text("Undone.")).to_be_visible()
    logged = "SELECT count(*) FROM session WHERE deleted_at IS NULL"
    expect_rows(server.folder, logged, [(0,)])

    taps.on(page.get_by_role("radio", name="Both", exact=True).first)
    expect_rows(server.folder, CRAMPS, [("both",)])
