"""Steps that browser tests share."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from holdwell.sessions.plan import COME_OUT_SECONDS, FIRST_EXTRA_SECONDS
from tests.support.server import Server

PATIENCE_MS = 30_000
"""A busy machine is slow, not wrong."""
OUT_S = COME_OUT_SECONDS
ROUND_S = 10 + 35 + OUT_S
"""One hold of the usual length, with 10 s to get ready, and the way out of it."""
FAKES = (Path(__file__).parent / "fakes.js").read_text(encoding="utf-8")
"""Stand-ins for the device's sounds, voices, vibration and screen lock; see `heard`."""

# Buttons, choices and summaries of ours that are under 44 px high. Streamlit's own fine parts (a
# help icon, a date field's arrows, a password's eye, a tab, the toolbar of a table or a chart) have
# a larger way beside them or are not needed.
SMALL_TARGETS = """
[...document.querySelectorAll('[data-testid=stMain] :is(button, summary)')]
  .filter(e => e.checkVisibility())
  .filter(e => !e.closest('.stTooltipIcon, .stDateInput, .stTimeInput, .stNumberInput, .stSlider'))
  .filter(e => !e.closest('.stTextInput'))
  .filter(e => !e.closest('[role=tablist], .stVegaLiteChart, .stDataFrame, [data-testid=stCode]'))
  .map(e => [e.textContent, e.getBoundingClientRect()])
  .filter(([, r]) => r.width && r.height && r.height < 44)
  .map(([t, r]) => `${t} ${r.height}`)
"""
OVERFLOW = """
[document.documentElement, document.querySelector('[data-testid=stMain]')]
  .map(e => e.scrollWidth - e.clientWidth)
"""
SEEN = "window.__holdwellSeen"
"""What the page shows after each run, made by attention.js."""
ATTENTIVE = f"{SEEN} !== undefined"
"""The page has seen what it shows, by which it tells what is new (attention.js)."""


def settled(page: Page) -> None:
    """Wait until the page's script has run, all is drawn, and nothing of an earlier run is left.

    Streamlit loads the script of a kind of element when it first draws one; until then a skeleton
    stands there, and of several the last may be replaced first.
    """
    page.wait_for_selector("[data-testid=stMainBlockContainer] .stHeading, .hw-timer")
    page.wait_for_function(
        "document.querySelector('[data-test-script-state]')?.dataset.testScriptState"
        " === 'notRunning'"
        " && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]')"
    )


@contextmanager
def running(page: Page) -> Iterator[None]:
    """Wait after what is done inside until its run of the page's script is over and drawn.

    What the browser sends is under way for a while, in which nothing seems to run: a list that is
    opened then is closed by the run.
    """
    page.evaluate(f"{SEEN}.before = true")
    yield
    page.wait_for_function(f"!{SEEN}.before")
    settled(page)


def go_on(page: Page, url: str) -> None:
    """Open another page of the app in the same window, as a link to it does.

    That is half of what `goto` costs. It has to be a page with another heading.
    """
    heading = page.locator("[data-testid=stMain] :is(h1, .hw-timer)").first.element_handle()
    left = [heading, heading.text_content()]
    page.evaluate("url => history.replaceState(null, '', url)", url)
    page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")
    page.wait_for_function(
        "([heading, said]) => !heading.isConnected || heading.textContent !== said", arg=left
    )
    settled(page)


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    conn = sqlite3.connect(f"file:{folder / 'holdwell.db'}?mode=ro", uri=True)
    try:
        return conn.execute(sql).fetchall()
    finally:
        conn.close()


def expect_equal(find: Callable[[], object], expected: object) -> None:
    """Look until what is found is what is expected."""
    give_up = time.monotonic() + PATIENCE_MS / 1000
    while (found := find()) != expected and time.monotonic() < give_up:
        time.sleep(0.05)
    assert found == expected, f"{found!r} is not {expected!r}"


def expect_rows(folder: Path, sql: str, expected: Sequence[tuple[object, ...]]) -> None:
    """Wait until the file says so: the server writes a moment after the browser moves on."""
    expect_equal(lambda: rows(folder, sql), [*expected])


def expect_value(page: Page, expression: str, expected: object) -> None:
    """Wait until an expression in the page has a value: a page may still be settling."""
    expect_equal(lambda: page.evaluate(expression), expected)


def type_day(page: Page, label: str, day: date) -> None:
    page.get_by_role("spinbutton", name=f"day, {label}").click()
    page.keyboard.type(f"{day:%d%m%Y}")
    page.keyboard.press("Escape")


def pass_time(page: Page, seconds: float) -> None:
    """Let the browser's clock run on, firing every timer on the way."""
    page.clock.run_for(round(seconds * 1000))


def freeze(page: Page) -> None:
    """Let the browser's clock stand still from now on, but for what `pass_time` lets pass."""
    page.clock.pause_at(clock_s(page) + PATIENCE_MS / 1000)


def clock_s(page: Page) -> float:
    """Return the browser's clock in seconds: the time that was passed, and what went by as well.

    The clock goes on by itself between two calls of `pass_time`; a busy machine takes seconds.
    """
    return float(page.evaluate("Date.now()")) / 1000


def choose(page: Page, group: str, name: str) -> None:
    page.get_by_role("radiogroup", name=group).get_by_role("radio", name=name, exact=True).click()


def come_in(page: Page, server: Server) -> None:
    """Skip the first question and read the stop signs."""
    page.goto(server.url)
    page.get_by_role("button", name="Skip for now").click()
    page.get_by_role("button", name="I have read this").click()
    expect(page.get_by_role("button", name="Just the holds")).to_be_visible()


def begin(page: Page, server: Server) -> None:
    """Open the stretch page and begin."""
    page.goto(f"{server.url}/stretch")
    page.get_by_role("button", name="Just the holds").click()
    expect(page.locator(".hw-timer")).to_have_attribute("data-phase", "running")


def begin_ready(page: Page, server: Server) -> None:
    """Begin, and pass the five seconds more that there are before the first hold."""
    begin(page, server)
    pass_time(page, FIRST_EXTRA_SECONDS)


def heard(page: Page, what: str) -> list[Any]:
    """What the stand-ins of fakes.js were asked for."""
    found: list[Any] = page.evaluate(f"window.heard.{what}")
    return found
