"""Today as a dashboard: one column on a phone, two columns without scrolling on a desktop."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import OpenContext, StartServer
from tests.support.accessibility import NO_COLOUR_CHANGES, THEMES, show_theme
from tests.support.server import Server
from tests.support.steps import OVERFLOW, SEEN, expect_value, let_it_be, settled

IN_ORDER = (
    "h1", ".st-key-hw-stage", ".st-key-hw-start", ".st-key-hw-cramp", ".st-key-hw-pain-now",
    ".st-key-hw-done-open", ".st-key-hw-day", ".hw-strip", ".hw-sparkline",
)  # fmt: skip
DESK: ViewportSize = {"width": 1440, "height": 900}


# The parts that are missing, or above the part that should come before them.
OUT_OF_ORDER = f"""
{[*IN_ORDER]}.filter((part, n, parts) => {{
  const top = (part) => document.querySelector(part)?.getBoundingClientRect().top ?? NaN;
  return !(top(part) >= top(parts[Math.max(n - 1, 0)]));
}})
"""
# On a desktop, what to do is beside what to see, and neither needs scrolling.
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

# Records which elements the Tab key has not reached, and which look the same with focus as without.
WATCH_FOCUS = """
window.unseen = [];
window.missed = new Set(document.querySelectorAll('.stPageLink a'));
const look = (stop) => {
  const { outlineStyle, boxShadow, borderColor } = getComputedStyle(stop);
  return [outlineStyle, boxShadow, borderColor].join();
};
const stops = [...document.querySelectorAll('a, button, summary, input, textarea')];
const without = new Map(stops.map((stop) => [stop, look(stop)]));
window.onkeyup = () => {
  const stop = document.activeElement;
  missed.delete(stop);
  if (without.get(stop) === look(stop)) unseen.push(stop.textContent);
};
"""


def expect_visible_focus(page: Page) -> None:
    """WCAG 2.2, 2.4.7: the focus shows by an outline, a shadow, or Streamlit's border."""
    for theme in THEMES:
        show_theme(page, theme)
        page.evaluate("document.activeElement.blur()")
        page.wait_for_function(NO_COLOUR_CHANGES)
        page.evaluate(WATCH_FOCUS)
        for _ in range(100):
            page.keyboard.press("Tab")
            if not page.evaluate("missed.size"):
                break
        expect_value(page, "[missed.size, unseen]", [0, []])


def test_on_a_phone_all_parts_are_in_one_column_in_order_and_show_the_keyboards_focus(
    page: Page, demo_server: Server
) -> None:
    page.goto(demo_server.url)
    settled(page)
    expect(page.locator(".hw-sparkline")).to_be_visible()
    expect_value(page, OUT_OF_ORDER, [])
    expect_value(page, OVERFLOW, [0, 0])
    expect(page.locator(".st-key-hw-start button")).to_be_in_viewport()
    expect_visible_focus(page)


def test_on_a_phone_a_form_opened_by_a_tap_is_scrolled_into_view(
    start_server: StartServer, page: Page
) -> None:
    page.goto(start_server().url)
    settled(page)
    page.get_by_role("button", name="I stretched without the timer").click()
    expect_value(page, ABOVE_BAR, True)
    # Opened again with the form, the page shows its beginning.
    today = page.evaluate(f"{SEEN}.path")
    page.get_by_role("navigation").get_by_role("link", name="History").click()
    page.wait_for_function(f"today => {SEEN}.path !== today", arg=today)
    page.go_back()
    page.wait_for_function(f"today => {SEEN}.path === today", arg=today)
    expect(page.locator(".st-key-hw-done-panel")).to_be_attached()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()


@pytest.mark.parametrize("locale", ["en-GB", "es"])
def test_on_a_desktop_today_has_two_columns_and_needs_no_scrolling(
    open_context: OpenContext, demo_server: Server, locale: str
) -> None:
    context = open_context(locale=locale, timezone_id=None)
    page = context.new_page()
    page.set_viewport_size(DESK)
    session = context.new_cdp_session(page)
    # In the evening both columns are longer, because there is advice to ease a cramp.
    for hour in (9, 21):
        let_it_be(hour, session)
        page.goto(demo_server.url)
        settled(page)
        expect_side_by_side(page)


def expect_side_by_side(page: Page) -> None:
    expect(page.locator(".hw-sparkline")).to_be_visible()
    expect_value(page, SIDE_BY_SIDE, True)
    # The line is drawn if the browser accepts its mask.
    mask = "getComputedStyle(document.querySelector('.hw-sparkline div')).maskImage"
    expect_value(page, f"{mask}.startsWith('url(\"data:image/svg+xml')", True)
