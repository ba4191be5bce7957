"""Today as a dashboard: in one column on a phone, in two and without scrolling on a desk."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import OpenContext, StartServer
from tests.support.server import Server
from tests.support.steps import OVERFLOW, expect_value, settled

IN_ORDER = (
    "h1", ".st-key-hw-stage", ".st-key-hw-start", ".st-key-hw-cramp", ".st-key-hw-pain-now",
    ".st-key-hw-done-open", ".st-key-hw-day", ".hw-strip", ".hw-sparkline",
)  # fmt: skip
DESK: ViewportSize = {"width": 1440, "height": 900}


# The parts that are missing, or begin above the one before them.
OUT_OF_ORDER = f"""
{[*IN_ORDER]}.filter((part, n, parts) => {{
  const top = (part) => document.querySelector(part)?.getBoundingClientRect().top ?? NaN;
  return !(top(part) >= top(parts[Math.max(n - 1, 0)]));
}})
"""
# On a desk: doing is beside seeing, and both end above the fold.
SIDE_BY_SIDE = """
(([doing, seeing]) => doing.right <= seeing.left && Math.max(doing.bottom, seeing.bottom) <= 900)(
  ['doing', 'seeing'].map(
    (key) => document.querySelector(`.st-key-hw-${key}`).getBoundingClientRect()
  )
)
"""

# On a phone: the form to log a session without the timer ends above the navigation bar.
ABOVE_BAR = """
(([form, bar]) => form?.getBoundingClientRect().bottom <= bar.getBoundingClientRect().top)(
  ['done-panel', 'nav'].map((key) => document.querySelector(`.st-key-hw-${key}`))
)
"""

# Notes where the Tab key leads to, and what looks no other with the focus than without it.
WATCH_FOCUS = """
window.unseen = [];
window.missed = new Set(document.querySelectorAll('.stPageLink a'));
const look = (one) => {
  const { outlineStyle, boxShadow, borderColor } = getComputedStyle(one);
  return [outlineStyle, boxShadow, borderColor].join();
};
const stops = [...document.querySelectorAll('a, button, summary, input, textarea')];
const without = new Map(stops.map((one) => [one, look(one)]));
addEventListener('keyup', () => {
  const stop = document.activeElement;
  missed.delete(stop);
  if (without.get(stop) === look(stop)) unseen.push(stop.textContent);
});
"""


def test_on_a_phone_everything_stands_in_one_column_in_its_order(
    page: Page, demo_server: Server
) -> None:
    page.goto(demo_server.url)
    settled(page)
    expect(page.locator(".hw-sparkline")).to_be_visible()
    expect_value(page, OUT_OF_ORDER, [])
    expect_value(page, OVERFLOW, [0, 0])
    expect(page.locator(".st-key-hw-start button")).to_be_in_viewport()


def test_the_form_that_a_tap_opens_on_a_phone_comes_into_sight(
    start_server: StartServer, page: Page
) -> None:
    page.goto(start_server().url)
    settled(page)
    page.get_by_role("button", name="I stretched without the timer").click()
    expect_value(page, ABOVE_BAR, True)


def zone_where_it_is(hour: int) -> str:
    """Return a time zone in which it is that hour now."""
    east = (hour - datetime.now(UTC).hour + 12) % 24 - 12
    # POSIX counts to the west.
    return f"Etc/GMT{-east:+d}"


@pytest.mark.parametrize("locale", ["en-GB", "es"])
def test_on_a_desk_doing_stands_beside_seeing_and_nothing_below_the_fold(
    open_context: OpenContext, demo_server: Server, locale: str
) -> None:
    context = open_context(locale=locale, timezone_id=None)
    page = context.new_page()
    page.set_viewport_size(DESK)
    session = context.new_cdp_session(page)
    # Once a night goes on, and with it the words that ease a cramp, both columns are longer.
    for hour in (9, 21):
        zone = {"timezoneId": zone_where_it_is(hour)}
        session.send("Emulation.setTimezoneOverride", zone)
        page.goto(demo_server.url)
        settled(page)
        expect_side_by_side(page)


def expect_side_by_side(page: Page) -> None:
    expect(page.locator(".hw-sparkline")).to_be_visible()
    expect_value(page, SIDE_BY_SIDE, True)
    # The line is drawn: its mask is one that the browser takes.
    mask = "getComputedStyle(document.querySelector('.hw-sparkline div')).maskImage"
    expect_value(page, f"{mask}.startsWith('url(\"data:image/svg+xml')", True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_keyboards_focus_can_be_seen_wherever_it_is(
    open_context: OpenContext, demo_server: Server, scheme: str
) -> None:
    """WCAG 2.2, 2.4.7: an outline, a shadow, or Streamlit's border."""
    page = open_context(color_scheme=scheme).new_page()
    page.goto(demo_server.url)
    settled(page)
    expect(page.locator(".hw-sparkline")).to_be_visible()
    page.evaluate(WATCH_FOCUS)
    for _ in range(100):
        page.keyboard.press("Tab")
        if not page.evaluate("missed.size"):
            break
    expect_value(page, "[missed.size, unseen]", [0, []])
