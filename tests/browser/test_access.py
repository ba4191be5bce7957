"""Every page and its main states, each opened once: axe-core's rules for WCAG 2.2 AA in both
themes, on a phone and a desktop, with every request recorded; and the keyboard.

The pages of one person are opened one after another in one window, as links do, because loading the
app again for each page would take twice as long.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from holdwell.domain.models import BirthKind, Moment, Pregnancy
from holdwell.encryption import rekey
from holdwell.store import people
from holdwell.store.people import FIRST
from holdwell.store.repository import opened
from holdwell.ui.guide.phone_numbers import UNIT_NUMBER
from holdwell.ui.runtime.navigation import HOME, PAGES
from holdwell.ui.today.quick_log import TAPPED_PAIN
from tests.browser.conftest import OpenContext
from tests.conftest import plain_file
from tests.support.accessibility import faults
from tests.support.chromium import DESKTOP, PHONE, enlarge_text
from tests.support.server import Server
from tests.support.steps import (
    ATTENTIVE,
    OVERFLOW,
    PATIENCE_MS,
    SMALL_TARGETS,
    expect_value,
    open_next,
    settled,
)
from tests.support.watch import Watch, watching
from tools import demo

SMALL_PHONE: ViewportSize = {"width": 360, "height": 640}
STATES = (
    ("settings?open=data", "known"),
    *((page.name, "known") for page in PAGES),
    ("settings?open=dates", "known"),
    ("history?edit=cramp.new", "known"),
    ("settings?open=sessions", "known"),
    ("history?edit={session}", "known"),
    ("settings?open=cues", "known"),
    ("stretch?session={session_id}", "known"),
    ("settings?open=pause", "known"),
    *((name, "fresh") for name in (HOME, "stretch", "history", "progress", "settings")),
    *((name, "locked") for name in (HOME, "stretch?locked=1")),
    (HOME, "error"),
    *((name, "nobody") for name in (HOME, "safety")),
    *((name, "loss") for name in (HOME, "stretch", "safety")),
    *((name, "caesarean") for name in ("guide?part=now", HOME, "guide?part=why", "stretch")),
    *((name, "birth") for name in (HOME, "stretch")),
)
"""Addresses and the persons who open them; braces stand for a session of the example history."""


BAR_LINKS = sum(bool(info.icon) for info in PAGES)
"""The number of links in the navigation bar of every page and state."""


class Household(NamedTuple):
    """One server with a person for each state; `ids` are the persons' ids by state."""

    server: Server
    ids: dict[str, str]
    session: str

    def url(self, name: str, state: str) -> str:
        path, _, query = name.partition("?")
        query = query.format(session=f"session.{self.session}", session_id=self.session)
        who = f"who={self.ids[state]}" if state in self.ids else ""
        address = "&".join(filter(None, (query, who)))
        return f"{self.server.url}/{'' if path == HOME else path}?{address}"


@pytest.fixture(scope="module")
def household(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    folder = tmp_path_factory.mktemp("household")
    demo.make(folder, datetime.now().astimezone())
    people.rename(people.people(folder)[0], "Known")
    fresh, locked, damaged = (people.add(folder, name) for name in ("Fresh", "Locked", "Damaged"))
    for person in (fresh, locked):
        with opened(person.database):
            pass
    rekey.change_passphrase(plain_file(locked.database), "four calm words here")
    now = Moment.of(datetime.now().astimezone())
    today = now.local.date()
    pregnancies = {
        "loss": Pregnancy(due_date=today + timedelta(150), ended=True),
        "caesarean": Pregnancy(birth_date=today - timedelta(25), birth_kind=BirthKind.CAESAREAN),
        "birth": Pregnancy(due_date=today),
    }
    others = {}
    for name, pregnancy in pregnancies.items():
        person = people.add(folder, name)
        others[name] = person.id
        with opened(person.database) as store:
            known = replace(store.profile(), welcomed=True, safety_seen=True)
            store.save_profile(known, now)
            store.save_pregnancy(pregnancy, now)
    with opened(people.people(folder)[0].database) as store:
        (session,) = store.sessions(limit=1)
        store.set_meta(UNIT_NUMBER, "+44 20 7946 0000")
    damaged.database.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    ids = {"known": FIRST, "fresh": fresh.id, "locked": locked.id, "error": damaged.id}
    running = Server(folder)
    yield Household(running, ids | others, session.id)
    running.kill()


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport=PHONE, locale="en-GB")
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


@pytest.fixture(scope="module")
def seen(context: BrowserContext) -> Iterator[Watch]:
    with watching(context) as seen:
        yield seen


@pytest.fixture(scope="module")
def only_page(context: BrowserContext, seen: Watch) -> Page:
    """The one page that most of these tests share; its requests are recorded from the start."""
    del seen
    return context.new_page()


@pytest.fixture(scope="module")
def looks() -> set[str]:
    """The combinations of colours that a test has checked."""
    return set()


@pytest.fixture
def page(only_page: Page) -> Page:
    """The shared page, in the size of a phone."""
    only_page.set_viewport_size(PHONE)
    return only_page


def show(page: Page, household: Household, name: str, state: str) -> bool:
    """Open a page in a state, if possible as a link on the current page does.

    Returns whether the app had to be loaded again.
    """
    url = household.url(name, state)
    now, then = urlsplit(page.url), urlsplit(url)
    people_of = [parse_qs(address.query).get("who") for address in (now, then)]
    if now.netloc == then.netloc and now.path != then.path and people_of[0] == people_of[1]:
        open_next(page, url)
        return False
    page.context.clear_cookies()
    page.goto(url)
    settled(page)
    return True


SECTION_OPEN = ".st-key-hw-settings details[open]"
CLEAR_OF_BAR = f"""
document.querySelector('{SECTION_OPEN} summary').getBoundingClientRect().bottom
  < document.querySelector('.st-key-hw-nav').getBoundingClientRect().top
"""
# Exactly the shown page is marked as current in the navigation bar.
MARKED = """
[...document.querySelectorAll('.st-key-hw-nav a')].every((link) =>
  (link.ariaCurrent === 'page')
    === (document.title === `${link.querySelector('p').textContent} · Holdwell`))
"""


@pytest.mark.parametrize(("name", "state"), STATES)
def test_every_page_is_accessible_and_asks_only_its_own_server(
    household: Household, only_page: Page, seen: Watch, looks: set[str], name: str, state: str
) -> None:
    page = only_page
    seen.asked.clear()
    seen.stopped.clear()
    sockets = len(seen.sockets)
    is_loaded = show(page, household, name, state)
    expect(page.locator("[data-testid=stMain] :is(h1, .hw-timer)").first).to_be_visible()
    expect(page.locator("[data-opening]")).to_have_count(0)
    opens_section = name.startswith("settings?open=")
    expect(page.locator(SECTION_OPEN)).to_have_count(1 if opens_section else 0)
    if opens_section and page.viewport_size == PHONE:
        expect(page.locator(SECTION_OPEN).locator("summary")).to_be_in_viewport()
        expect_value(page, CLEAR_OF_BAR, True)
    if name == "settings?open=data":
        expect(page.locator("details[open] summary", has_text="Your data")).to_be_in_viewport()
    # Start with the size that the last test has left, to save a change.
    for size in (PHONE, DESKTOP) if page.viewport_size == PHONE else (DESKTOP, PHONE):
        page.set_viewport_size(size)
        expect_value(page, "innerWidth", size["width"])
        expect_value(page, OVERFLOW, [0, 0])
        expect_value(page, SMALL_TARGETS, [])
        if size == PHONE:
            assert "\n\n".join(faults(page, looks)) == ""
    expect(page).to_have_title(re.compile(" · Holdwell$"))
    expect(page.locator(".st-key-hw-nav a")).to_have_count(BAR_LINKS)
    expect_value(page, MARKED, True)
    expect(page.locator("[role=img][aria-label$=icon]:not([aria-hidden=true])")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    assert seen.hosts() == {household.server.url.removeprefix("http://")}
    assert seen.stopped == []
    assert len(seen.sockets) > sockets or not is_loaded, "the page's own connection is recorded"


def test_the_focus_moves_to_the_heading_of_each_new_page(household: Household, page: Page) -> None:
    show(page, household, HOME, "known")
    page.wait_for_function(ATTENTIVE)
    bar = page.get_by_role("navigation", name="Pages")
    bar.get_by_role("link", name="History").press("Enter")
    expect(page.locator("h1:focus")).to_have_text("History")
    page.get_by_role("button", name="Edit").first.press("Enter")
    expect(page.locator("h1:focus")).not_to_have_text("History")
    page.get_by_role("button", name="Cancel").press("Enter")
    expect(page.locator("h1:focus")).to_have_text("History")
    bar.get_by_role("link", name="Today").press("Enter")
    expect(page.locator("h1:focus")).not_to_have_text("History")
    page.get_by_role("button", name="Start stretching").press("Enter")
    expect(page.locator("h1:focus")).to_have_text("Stretch")


def test_arrow_keys_choose_radio_buttons_but_never_a_cramp(
    household: Household, page: Page
) -> None:
    show(page, household, "progress", "known")
    page.wait_for_function(ATTENTIVE)
    page.get_by_role("radio", name="Keeping it up").focus()
    page.keyboard.press("ArrowRight")
    second = page.get_by_role("radio", name="Pain over time")
    expect(second).to_have_attribute("aria-checked", "true")
    expect(second).to_be_focused()
    # A cramp is saved at once, and right after left makes both, so arrow keys must not choose one.
    show(page, household, HOME, "known")
    page.wait_for_function(ATTENTIVE)
    legs = page.locator(".st-key-hw-cramp [role=radiogroup]").first.get_by_role("radio")
    legs.nth(1).focus()
    checked = legs.evaluate_all("all => all.map(one => one.ariaChecked)")
    page.keyboard.press("ArrowRight")
    expect(legs.nth(2)).to_be_focused()
    settled(page)
    assert legs.evaluate_all("all => all.map(one => one.ariaChecked)") == checked


CUT_OFF = """
[...document.querySelectorAll('.st-key-hw-header p, .st-key-hw-nav a')]
  .map(e => e.getBoundingClientRect())
  .filter(r => r.width > 1 && (r.left < 0 || r.right > innerWidth || r.bottom > innerHeight)).length
"""


CUT_WORDS = """
[...document.querySelectorAll('[data-testid=stMain] :is(button, a, .stDateInput, .stSelectbox) *')]
  .filter(e => e.checkVisibility() && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1)
  .filter(e => getComputedStyle(e).overflowX !== 'visible' || e.tagName === 'INPUT')
  .filter(e => !e.closest('.st-key-hw-nav, .st-key-hw-header, .st-key-hw-show'))
  .map(e => e.innerText || e.value)
"""
"""Texts cut off in buttons, links and fields, except in the scrolling row of Progress."""
SPILLED = """
[...document.querySelectorAll('[data-testid=stMain] button')]
  .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)
  .map(e => e.innerText)
"""
"""Texts that reach beyond the edge of their button."""
PAST_THE_EDGE = """
[...document.querySelectorAll('[data-testid=stMain] [role=tab]')]
  .filter(e => e.getBoundingClientRect().right > innerWidth)
  .map(e => e.innerText)
"""
NARROW_TEXTS = """
[...document.querySelectorAll('[data-testid=stMain] [data-testid=stText]')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().width < 120
    && e.getBoundingClientRect().height > 120)
"""
"""Texts in columns only a few letters wide, which nobody can read."""
WIDE_LABELS = """
[...document.querySelectorAll('.st-key-hw-nav a p')].filter(e => e.clientWidth > 1).length
"""


@pytest.mark.parametrize("locale", ["en-GB", "es"])
def test_with_text_of_double_size_nothing_is_cut_off(
    household: Household, open_context: OpenContext, locale: str
) -> None:
    with opened(people.people(household.server.folder)[0].database) as store:
        # The page would go on with the score that this test has just logged in another language.
        store.set_meta(TAPPED_PAIN, "")
    page = open_context(locale=locale).new_page()
    enlarge_text(page)
    page.set_viewport_size(SMALL_PHONE)
    for name in (
        "progress",
        "history?edit=cramp.new",
        "welcome",
        "history",
        "guide",
        "record",
        HOME,
    ):
        show(page, household, name, "known")
        expect(page.locator("html")).to_have_css("font-size", "34px")
        expect_value(page, OVERFLOW, [0, 0])
        expect_value(page, CUT_WORDS, [])
        expect_value(page, SPILLED, [])
        expect_value(page, PAST_THE_EDGE, [])
    page.get_by_role("radio", name="10", exact=True).click()
    message = page.locator(".st-key-hw-undo-bar-pain [data-testid=stText]")
    expect(message).to_be_visible()
    expect_value(page, f"{NARROW_TEXTS}.length", 0)
    show(page, household, "history", "known")
    expect(page.locator("[class*=st-key-hw-lines-]").first).to_be_visible()
    expect_value(page, f"{NARROW_TEXTS}.length", 0)
    labels = page.locator(".st-key-hw-nav a p")
    expect(labels).to_have_count(BAR_LINKS)
    expect_value(page, CUT_OFF, 0)
    # Only icons: the labels would overlap.
    expect_value(page, WIDE_LABELS, 0)


OVERLAPPING_LINKS = """
[...document.querySelectorAll('.st-key-hw-header a, .st-key-hw-nav a')]
  .map((link) => link.getBoundingClientRect())
  .filter((one, place, all) => all.slice(0, place).some((other) =>
    one.left < other.right && other.left < one.right
    && one.top < other.bottom && other.top < one.bottom)).length
"""


def test_the_links_of_the_header_do_not_overlap(
    household: Household, open_context: OpenContext
) -> None:
    page = open_context(locale="es").new_page()
    page.goto(household.url(HOME, "known"))
    settled(page)
    expect(page.locator(".st-key-hw-nav a")).to_have_count(BAR_LINKS)
    for width in (800, 820, 1000, 1280):
        page.set_viewport_size({"width": width, "height": 1180})
        expect_value(page, f"[innerWidth, {OVERLAPPING_LINKS}]", [width, 0])
    # On a desktop large text needs more room than there is at the top.
    enlarge_text(page)
    for width in (1280, 1600):
        page.set_viewport_size({"width": width, "height": 800})
        expect_value(page, f"[innerWidth, {OVERLAPPING_LINKS}]", [width, 0])
