"""Bed mode: one tap switches it on or off, it is dark in both themes, and the device remembers it.

test_hold_timer_look.py, which runs a routine in the app, checks how it looks there.
"""

from playwright.sync_api import Page, ViewportSize, expect

from holdwell.domain.models import SessionState
from tests.browser.conftest import OpenContext
from tests.support.bare_timer import BareTimer
from tests.support.chromium import DESKTOP, PHONE
from tests.support.steps import expect_value, pass_time

SMALL_PHONE: ViewportSize = {"width": 360, "height": 640}
# Returns a colour's relative luminance (WCAG 2.2): 0 for black, 1 for white.
LUMINANCE = """
(color) => {
  const [r, g, b] = color.match(/[0-9.]+/g).slice(0, 3).map(Number)
    .map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
"""
SEEN = f"""
(() => {{
  const luminance = {LUMINANCE};
  const shown = [...document.querySelectorAll('.hw-timer *')]
    .filter(e => e.checkVisibility() && !e.closest('dialog, .hw-live'))
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
    .map(e => luminance(getComputedStyle(e).color) * Number(getComputedStyle(e).opacity));
  const box = document.querySelector('.hw-timer');
  const at = (x, y) => box.contains(document.elementFromPoint(x, y));
  return {{
    paper: luminance(getComputedStyle(box).backgroundColor),
    brightest: Math.max(...shown),
    covers: at(1, 1) && at(innerWidth - 2, innerHeight - 2) && at(innerWidth / 2, innerHeight / 2),
  }};
}})()
"""
OUT = """
[...document.querySelectorAll('.hw-timer *')]
  .filter(e => e.checkVisibility() && !e.closest('dialog, .hw-live'))
  .filter(e => { const r = e.getBoundingClientRect();
    return r.left < -1 || r.right > innerWidth + 1 || r.top < -1 || r.bottom > innerHeight + 1; })
  .map(e => e.className)
"""
LARGE = "document.querySelector('.hw-controls > .hw-main')"
BARS = "[...document.querySelectorAll('meta[name=theme-color]')].map(m => m.content)"


def button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


SCREENS = ((PHONE, "light"), (SMALL_PHONE, "dark"), (DESKTOP, "light"))


def expect_bed_mode(page: Page) -> None:
    """Check that bed mode is dark and large in a running routine, and one tap switches it.

    Needs a clock that stands still; lets one second pass for each of `SCREENS`.
    """
    timer = page.locator(".hw-timer")

    def expect_dark() -> None:
        # Readable on black (4.5:1 is a luminance of 0.175), but far darker than white (1).
        dark = "s.paper === 0 && 0.175 < s.brightest && s.brightest < 0.4 && s.covers"
        expect_value(page, f"(s => {dark} || s)({SEEN})", True)
        expect_value(page, OUT, [])

    for viewport, theme in SCREENS:
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        own = page.evaluate(BARS)
        assert own and "#000000" not in own
        button(page, "Bed mode")
        expect(timer).to_have_attribute("data-bed", "")
        expect_value(page, BARS, ["#000000"] * len(own))
        expect_dark()
        # While a hold runs there are only the count, a large button, the stop signs and Brighter.
        shown = timer.get_by_role("button").filter(visible=True)
        expect(shown).to_have_text(["Brighter", "Stop signs", "Pause"])
        expect_value(page, f"{LARGE}.innerText === 'Pause' && {LARGE}.offsetHeight >= 80", True)
        page.keyboard.press("Space")
        expect(timer).to_have_attribute("data-phase", "paused")
        expect_dark()
        button(page, "Stop signs")
        expect(page.get_by_role("dialog")).to_be_visible()
        button(page, "Back to the timer")
        button(page, "Stop")
        expect_dark()
        page.locator(".hw-confirm").get_by_role("button", name="Go on").click()
        button(page, "Brighter")
        expect(timer).not_to_have_attribute("data-bed", "")
        expect_value(page, BARS, own)
        expect(timer).to_have_attribute("data-phase", "running")
        # The timer ignores a second tap at the same place within half a second.
        pass_time(page, 1)


def test_the_device_remembers_bed_mode_and_uses_it_only_while_a_routine_runs(
    open_context: OpenContext,
) -> None:
    context = open_context()
    page = context.new_page()
    bare = BareTimer(page)
    bare.begin()
    own = page.evaluate(BARS)
    button(page, "Bed mode")
    button(page, "Pause")
    button(page, "Stop")
    button(page, "Stop and save")
    assert bare.ended().state is SessionState.STOPPED
    expect(page.locator(".hw-timer[data-bed]")).to_have_count(0)
    expect_value(page, BARS, own)
    again = context.new_page()
    BareTimer(again).begin()
    expect(again.locator(".hw-timer")).to_have_attribute("data-bed", "")
    other = open_context().new_page()
    BareTimer(other).begin()
    expect(other.locator(".hw-timer")).not_to_have_attribute("data-bed", "")
    assert other.evaluate("localStorage.getItem('holdwell.bed')") is None
