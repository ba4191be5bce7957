"""Pages adapt to forced colours, to a screen reader, and to a phone held upright or on its side."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from holdwell.domain.models import Moment, Pregnancy
from holdwell.store.people import DATABASE_NAME
from holdwell.store.repository import opened
from tests.browser.conftest import OpenContext, StartServer
from tests.browser.test_bed_mode import SMALL_PHONE
from tests.support.chromium import PHONE
from tests.support.histories import session_on
from tests.support.server import Server
from tests.support.steps import ATTENTIVE, expect_value, let_it_be, open_next, settled

SIGNS = """
(selectors) => {
  const colour = element => element && getComputedStyle(element).backgroundColor;
  const unchosen = document.querySelector(".stButtonGroup button:not([data-selected=true])");
  const plain = ["rgba(0, 0, 0, 0)", ...[document.querySelector(".stApp"), unchosen].map(colour)];
  return selectors.map(selector => [...document.querySelectorAll(selector)].map(colour)
    .some(colour => !plain.includes(colour)));
}
"""
"""Whether some element of each kind has a background that differs from what is around it."""
CUES = (
    ".stCheckbox label > div:not([data-testid])",
    ".stSlider [data-orientation] [data-orientation] > :first-child",
    ".stSlider [data-orientation] [data-orientation] > [data-rac]",
)
CHOSEN = (".stButtonGroup button[data-selected=true]",)
IS_BEGIN_SHOWN = """
() => {
  const [bar, begin] = [".st-key-hw-nav", ".hw-timer .hw-main"]
    .map(name => document.querySelector(name)?.getBoundingClientRect());
  return begin?.height > 0 && begin.bottom <= bar?.top + 2;
}
"""
"""Whether the button to begin is above the bar of links at the bottom."""
BARS = ("[role=progressbar] div div", ".hw-sparkline div")


@pytest.fixture
def page(open_context: OpenContext) -> Page:
    """A page on which it is noon: Today shows no goal, and so no bar for it, at night."""
    context = open_context(timezone_id=None)
    page = context.new_page()
    let_it_be(12, context.new_cdp_session(page))
    return page


def show(page: Page, server: Server, address: str) -> None:
    """Open a page, if possible as a link on the current page does."""
    url = f"{server.url}/{address}"
    if page.url.startswith(server.url):
        open_next(page, url)
    else:
        page.goto(url)
        settled(page)
    page.wait_for_function(ATTENTIVE)


def newest_session(server: Server) -> str:
    with opened(server.folder / DATABASE_NAME) as store:
        return store.sessions(limit=1)[0].id


def test_what_only_a_background_shows_is_visible_in_forced_colours(
    demo_server: Server, page: Page
) -> None:
    page.emulate_media(forced_colors="active")
    for address, signs in (("settings?open=cues", CUES), ("report", CHOSEN), ("", BARS)):
        show(page, demo_server, address)
        expect_value(page, f"({SIGNS})({[*signs]})", [True] * len(signs))
        page.keyboard.press("Tab")
        button = page.locator("[data-testid=stMain] button").first
        button.focus()
        expect(button).to_have_css("outline-style", "solid")


COVERED = """
() => {
  const box = selector => document.querySelector(selector).getBoundingClientRect();
  const { top, bottom } = document.activeElement.getBoundingClientRect();
  return top < box(".st-key-hw-header").bottom || bottom > box(".st-key-hw-nav").top;
}
"""


CAPTION_GAPS = """
[...document.querySelectorAll('.stForm [data-testid=stCaptionContainer]')].map(caption => {
  const element = caption.closest('.stElementContainer');
  const [before, itself, after] = [element.previousElementSibling, caption.querySelector('p'),
    element.nextElementSibling.querySelector('p')].map(e => e.getBoundingClientRect());
  return itself.top - before.bottom < (after.top - itself.bottom) / 2;
})
"""
SPACE_RIGHT = """
(() => {
  const box = document.querySelector(".st-key-hw-check-in-answers");
  const rows = Map.groupBy(box.querySelectorAll("button"), b => b.getBoundingClientRect().top);
  return [...rows.values()].map(row => Math.round(
    box.getBoundingClientRect().right - row.at(-1).getBoundingClientRect().right));
})()
"""
"""The space to the right of each row of answers, in pixels."""


def test_pages_are_for_screen_readers_keyboards_and_phones(demo_server: Server, page: Page) -> None:
    """One page after another in one window, because loading the app each time takes twice as long.

    The phone lies on its side at last.
    """
    session = newest_session(demo_server)
    for address, check in (
        ("history", a_screen_reader_says_what_a_button_is_about),
        ("", a_screen_reader_says_what_a_bar_is_about),
        ("people", a_box_to_tick_does_not_look_like_one_of_several_answers),
        ("stretch", the_answers_before_a_session_fill_their_lines),
        (
            f"history?edit=session.{session}",
            a_form_has_large_buttons_and_explains_a_score_next_to_it,
        ),
        (f"stretch?session={session}", the_save_button_leaves_room_on_a_phone_on_its_side),
    ):
        show(page, demo_server, address)
        check(page)


def a_screen_reader_says_what_a_button_is_about(page: Page) -> None:
    described = "[...document.querySelectorAll('[class*=st-key-edit-] button')]"
    distinct = f"new Set({described}.map(button => button.ariaDescription)).size"
    expect_value(page, f"{described}.length > 9 && {distinct} === {described}.length", True)
    the_keyboard_never_moves_the_focus_behind_a_fixed_bar(page)


def the_keyboard_never_moves_the_focus_behind_a_fixed_bar(page: Page) -> None:
    """WCAG 2.2, 2.4.11."""
    buttons = page.get_by_role("button", name="Edit", exact=True)
    buttons.first.focus()
    covered = []
    for key in ["Tab"] * 8 + ["Shift+Tab"] * 8:
        page.keyboard.press(key)
        covered.append(page.evaluate(COVERED))
    assert covered == [False] * 16


def a_screen_reader_says_what_a_bar_is_about(page: Page) -> None:
    named = page.get_by_role("progressbar", name=re.compile("^This week so far: "))
    expect(named).to_have_count(1)


def a_box_to_tick_does_not_look_like_one_of_several_answers(page: Page) -> None:
    page.get_by_role("button", name="Set a passphrase").click()
    box = page.locator(".stCheckbox label > div").first
    radius, width = box.evaluate(
        "e => [parseFloat(getComputedStyle(e).borderRadius), e.getBoundingClientRect().width]"
    )
    assert radius < width / 3
    settled(page)


def the_answers_before_a_session_fill_their_lines(page: Page) -> None:
    page.get_by_text("Not so fine?").click()
    expect(page.get_by_role("button", name="Dizzy or faint")).to_be_visible()
    expect_value(page, f"new Set({SPACE_RIGHT}).size", 1)
    expect_value(page, f"{SPACE_RIGHT}[0]", 0)


def a_form_has_large_buttons_and_explains_a_score_next_to_it(page: Page) -> None:
    for name in ("Save", "Cancel"):
        box = page.get_by_role("button", name=name, exact=True).bounding_box()
        assert box is not None and box["width"] > 150, name
    expect_value(page, CAPTION_GAPS, [True, True])


def the_save_button_leaves_room_on_a_phone_on_its_side(page: Page) -> None:
    save = page.get_by_role("button", name="Save", exact=True)
    expect(save).to_be_in_viewport()
    page.set_viewport_size({"width": 740, "height": 360})
    expect(save).not_to_be_in_viewport()


@pytest.mark.parametrize("locale", ["en-GB", "es"])
def test_the_button_to_begin_is_on_the_first_screen_of_a_phone(
    start_server: StartServer, open_context: OpenContext, locale: str
) -> None:
    server = start_server()
    today = datetime.now().date()
    with opened(server.folder / DATABASE_NAME) as store:
        now = Moment.of(datetime.now().astimezone())
        store.save_pregnancy(Pregnancy(due_date=today + timedelta(100)), now)
        store.save(session_on(today - timedelta(1)), now)
    page = open_context(locale=locale).new_page()
    page.set_viewport_size(SMALL_PHONE)
    show(page, server, "stretch")
    page.locator(".st-key-hw-lines-read button").click()
    expect(page.locator(".st-key-hw-lines-read")).to_have_count(0)
    page.reload()
    settled(page)
    for size in (SMALL_PHONE, PHONE):
        page.set_viewport_size(size)
        expect_value(page, f"({IS_BEGIN_SHOWN})()", True)
