"""Steps that browser tests share."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page, expect

from holdwell.sessions.plan import COME_OUT_SECONDS, FIRST_EXTRA_SECONDS
from tests.support.server import Server

PATIENCE_MS = 30_000
"""How long to wait for anything: long, because a busy machine is slow."""
OUT_S = COME_OUT_SECONDS
ROUND_S = 10 + 35 + OUT_S
"""The seconds of one hold of the usual length: 10 to get ready, 35 held, and coming out of it."""
FAKES = (Path(__file__).parent / "fakes.js").read_text(encoding="utf-8")
"""Stand-ins for the device's sounds, voices, vibration and screen lock; see `heard()`."""

# The app's own buttons, choices and summaries that are less than 44 px high. Streamlit's small
# parts (a help icon, a date field's arrows, a password's eye, a tab, the toolbar of a table or
# chart) are left out: they have a larger alternative beside them or are not needed.
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
"""Set by attention.js after each run: what the page then shows."""
ATTENTIVE = f"{SEEN}?.path === location.pathname && !window.__holdwellAttend"
"""True once attention.js has recorded what this page shows, so that it notices what is new and no
longer moves the focus."""


def settled(page: Page) -> None:
    """Wait until the script run is over, all is drawn, and nothing of an earlier run is left.

    Streamlit loads the code of an element type when it first draws one. Until then it shows a
    skeleton, and of several skeletons any may be replaced first.
    """
    page.wait_for_selector("[data-testid=stMainBlockContainer] .stHeading, .hw-timer")
    page.wait_for_function(
        "document.querySelector('[data-test-script-state]')?.dataset.testScriptState"
        " === 'notRunning'"
        " && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]')"
    )


@contextmanager
def running(page: Page) -> Iterator[None]:
    """After the block, wait until the script run that it caused is over and drawn.

    It takes a while until the browser's message reaches the server, and meanwhile nothing seems to
    run. A list opened during that time would be closed by the run.
    """
    page.wait_for_function(ATTENTIVE)
    page.evaluate(f"{SEEN}.before = true")
    yield
    page.wait_for_function(f"!{SEEN}.before")
    settled(page)


def open_next(page: Page, url: str) -> None:
    """Open another page of the app in the same window, as a link in it does.

    This takes half the time of `goto`. The other page must have a different heading.
    """
    heading = page.locator("[data-testid=stMain] :is(h1, .hw-timer)").first.element_handle()
    left = [heading, heading.text_content()]
    # In one step, as a run that ends meanwhile may set the address of its own page again.
    page.evaluate(
        "url => { history.replaceState(null, '', url);"
        " dispatchEvent(new PopStateEvent('popstate')); }",
        url,
    )
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
    """Call `find` until it returns what is expected; fail after PATIENCE_MS."""
    give_up = time.monotonic() + PATIENCE_MS / 1000
    while (found := find()) != expected and time.monotonic() < give_up:
        time.sleep(0.05)
    assert found == expected, f"{found!r} is not {expected!r}"


def expect_rows(folder: Path, sql: str, expected: Sequence[tuple[object, ...]]) -> None:
    """Wait until a query returns these rows; the server may still be writing them."""
    expect_equal(lambda: rows(folder, sql), [*expected])


def expect_value(page: Page, expression: str, expected: object) -> None:
    """Wait until a JavaScript expression has a value; the page may still be changing."""
    expect_equal(lambda: page.evaluate(expression), expected)


def type_day(page: Page, label: str, day: date) -> None:
    page.get_by_role("spinbutton", name=f"day, {label}").click()
    page.keyboard.type(f"{day:%d%m%Y}")
    page.keyboard.press("Escape")


def pass_time(page: Page, seconds: float) -> None:
    """Advance the browser's clock and fire every timer that falls due."""
    page.clock.run_for(round(seconds * 1000))


def pass_until(page: Page, is_so: Callable[[], bool]) -> None:
    """Let the browser's clock run fast until a condition is true. A hold timer must be at rest.

    A page looks for a server that is gone only every few seconds.
    """
    give_up = time.monotonic() + PATIENCE_MS / 1000
    while not is_so():
        assert time.monotonic() < give_up
        pass_time(page, 0.5)
        # A request that the page has made takes real time.
        page.wait_for_timeout(50)


def freeze(page: Page) -> None:
    """Stop the browser's clock; from now on only `pass_time` moves it."""
    page.clock.pause_at(clock_s(page) + PATIENCE_MS / 1000)


def clock_s(page: Page) -> float:
    """Return the browser's clock in seconds.

    Between two calls of `pass_time` the clock also runs by itself, for seconds on a busy machine.
    """
    return float(page.evaluate("Date.now()")) / 1000


def let_it_be(hour: int, session: CDPSession) -> None:
    """Move a page to a time zone in which it is that hour; its context must have no zone."""
    east = (hour - datetime.now(UTC).hour + 12) % 24 - 12
    # POSIX zones count hours to the west as positive.
    zone = {"timezoneId": f"Etc/GMT{-east:+d}"}
    session.send("Emulation.setTimezoneOverride", zone)


def choose(page: Page, group: str, name: str) -> None:
    page.get_by_role("radiogroup", name=group).get_by_role("radio", name=name, exact=True).click()


def open_as_new_user(page: Page, server: Server) -> None:
    """Open the app as a new user: skip the first question and confirm the stop signs."""
    page.goto(server.url)
    page.get_by_role("button", name="Skip for now").click()
    page.get_by_role("button", name="I have read this").click()
    expect(page.get_by_role("button", name="Just the holds")).to_be_visible()


def begin(page: Page, server: Server) -> None:
    """Open the stretch page and press "Just the holds"."""
    page.goto(f"{server.url}/stretch")
    page.get_by_role("button", name="Just the holds").click()
    expect(page.locator(".hw-timer")).to_have_attribute("data-phase", "running")


def begin_ready(page: Page, server: Server) -> None:
    """Begin, and pass the extra five seconds that precede the first hold."""
    begin(page, server)
    pass_time(page, FIRST_EXTRA_SECONDS)


def heard(page: Page, what: str) -> list[Any]:
    """Return what one of the stand-ins in fakes.js was asked for."""
    found: list[Any] = page.evaluate(f"window.heard.{what}")
    return found
