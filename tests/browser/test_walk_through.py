"""The timer shows a newcomer every step, and the hold begins when they are in position."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from holdwell.guide.load import guide
from holdwell.guide.model import StepKind
from holdwell.i18n.languages import Language, content_folder, languages
from holdwell.i18n.messages import say, speaking
from tests.browser.conftest import OpenContext, page_with_fakes
from tests.browser.test_hold_timer_look import OVERLAPS, SMALL
from tests.support.bare_timer import BareTimer
from tests.support.chromium import PHONE
from tests.support.server import Server
from tests.support.steps import OUT_S, expect_value, heard, pass_time

SIDEWAYS: ViewportSize = {"width": 640, "height": 360}
"""A small phone lying on its side."""
LOOK_S = 3
"""Seconds between two looks at the steps; each step is shown for more than six."""


@pytest.fixture
def page(open_context: OpenContext) -> Page:
    return page_with_fakes(open_context, reduced_motion="no-preference")


def pass_steps(page: Page, timer: Locator) -> list[str]:
    """Let time pass until the teaching is over; return the titles of the steps that were shown."""
    shown: list[str] = []
    for _ in range(100):
        if timer.get_attribute("data-part") != "teach":
            return shown
        title = timer.locator(".hw-phase").text_content() or ""
        expect(timer.locator(".hw-picture :is(svg, img)")).to_be_visible()
        if title not in shown:
            shown.append(title)
        pass_time(page, LOOK_S)
    raise AssertionError("the steps do not end")


def titles() -> list[str]:
    teaching = guide()
    taught = (StepKind.MOVE, StepKind.FEEL)
    own = [step.title for step in teaching.stretches[0].steps if step.kind in taught]
    return [*(step.title for step in teaching.setup.steps), *own]


def test_a_newcomer_needs_three_taps_until_the_steps_begin(
    server: Server, open_context: OpenContext
) -> None:
    page = open_context(clock=True).new_page()
    timer = page.locator(".hw-timer")
    page.goto(server.url)
    # The welcome can be skipped; on each page after it, the main button is the one to tap.
    large = (
        page.get_by_role("button", name="Skip for now"),
        page.locator(".st-key-hw-accept button"),
        timer.locator(".hw-controls > .hw-main"),
    )
    for button in large:
        button.click()
    expect(timer).to_have_attribute("data-part", "teach")
    expect(timer.locator(".hw-phase")).to_have_text(titles()[0])


def test_every_step_is_shown_and_spoken_and_the_hold_begins_by_itself(
    page: Page, timer: Locator
) -> None:
    BareTimer(page).open()
    timer.locator(".hw-controls > .hw-main").click()
    assert pass_steps(page, timer) == titles()
    expect(timer).to_have_attribute("data-part", "hold")
    spoken = [text for _, text, _ in heard(page, "words")]
    assert [title for title in titles() if title not in " ".join(spoken)] == []
    for tip in (tip for step in guide().setup.steps for tip in step.tips):
        assert tip.text in " ".join(spoken), "the tips are said too"
    assert "Begin." in spoken[-2:]

    # After coming out, the movements are taught for the other leg.
    pass_time(page, 35)
    expect(timer.locator(".hw-phase")).to_have_text("Come out slowly")
    expect(timer.locator(".hw-cue")).to_have_text(re.compile("lower your left heel"))
    pass_time(page, OUT_S + 1)
    expect(timer.locator(".hw-side")).to_have_text("right leg up")
    expect(timer.locator(".hw-picture img")).to_have_class("hw-flipped")
    assert len(pass_steps(page, timer)) == 4


def test_a_gap_sets_each_tip_of_a_step_apart(page: Page, timer: Locator) -> None:
    BareTimer(page).open()
    for _ in ("begin", "next step"):
        timer.locator(".hw-controls > .hw-main").click()
    paragraphs = timer.locator(".hw-cue span")
    expect(paragraphs).to_have_count(1 + len(guide().setup.steps[1].tips))
    tops_and_bottoms = paragraphs.evaluate_all(
        "all => all.map((part) => part.getBoundingClientRect()).map((box) => [box.top, box.bottom])"
    )
    for (_, bottom), (top, _) in pairwise(tops_and_bottoms):
        assert top - bottom > 5


def test_the_main_button_teaches_a_newcomer_and_later_begins_the_holds(
    page: Page, timer: Locator
) -> None:
    large = timer.locator(".hw-controls > .hw-main")
    BareTimer(page).open()
    expect(large).to_have_text("I feel fine. Walk me through it")
    page.get_by_role("button", name="Just the holds").click()
    expect(timer).to_have_attribute("data-part", "lead")
    BareTimer(page, newcomer=False).open()
    expect(large).to_have_text("I feel fine. Just the holds")
    page.get_by_role("button", name="Walk me through it").click()
    expect(timer).to_have_attribute("data-part", "teach")


def test_steps_advance_and_repeat_by_keys_and_taps_and_wait_in_a_pause(
    page: Page, timer: Locator
) -> None:
    BareTimer(page).open()
    page.get_by_role("button", name="Walk me through it").click()
    count, total = timer.locator(".hw-count"), len(titles())
    expect(count).to_have_text(f"Step 1 of {total}")
    page.keyboard.press("Space")
    expect(count).to_have_text(f"Step 2 of {total}")
    page.keyboard.press("ArrowRight")
    expect(count).to_have_text(f"Step 3 of {total}")
    page.keyboard.press("ArrowLeft")
    expect(count).to_have_text(f"Step 2 of {total}")
    page.get_by_role("button", name="Next").click()
    expect(count).to_have_text(f"Step 3 of {total}")
    page.get_by_role("button", name="Pause").click()
    for size in (SMALL, SIDEWAYS):
        page.set_viewport_size(size)
        expect(timer.locator(".hw-cue")).to_be_in_viewport(ratio=1)
    pass_time(page, 120)
    expect(count).to_have_text(f"Step 3 of {total}")
    page.reload()
    expect(count).to_have_text(f"Step 3 of {total}")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Again").click()
    expect(timer).to_have_attribute("data-part", "teach")


def test_the_drawings_are_there_when_the_server_is_gone(page: Page, timer: Locator) -> None:
    """The drawings were loaded while the user read the page."""
    bare = BareTimer(page)
    bare.open()
    page.wait_for_function("[...(window.__holdwellDrawings?.values() ?? [''])].every(Boolean)")
    bare.is_gone = True
    page.get_by_role("button", name="Walk me through it").click()
    assert pass_steps(page, timer) == titles()
    pass_time(page, 35)
    expect(timer).to_have_attribute("data-part", "out")
    expect(timer.locator(".hw-picture img")).to_be_visible()


DRAWN_HEIGHT = "document.querySelector('.hw-picture svg')?.getBoundingClientRect().height"


@pytest.mark.parametrize("size", [PHONE, SMALL], ids=["phone", "small"])
@pytest.mark.parametrize("spoken", languages(content_folder()), ids=lambda spoken: spoken.code)
def test_a_step_fits_the_screen_with_its_drawing(
    open_context: OpenContext, size: ViewportSize, spoken: Language
) -> None:
    page = open_context(viewport=size).new_page()
    with speaking(spoken):
        BareTimer(page).open()
        page.get_by_role("button", name=say("timer.begin_teach")).click()
        for _ in titles():
            expect(page.locator(".hw-timer")).to_have_attribute("data-part", "teach")
            expect_value(page, f"{DRAWN_HEIGHT} >= 90 || {DRAWN_HEIGHT}", True)
            for key in ("next_step", "again", "pause", "stop"):
                button = page.get_by_role("button", name=say(f"timer.{key}"), exact=True)
                expect(button).to_be_in_viewport(ratio=1)
            if size is not PHONE:
                page.set_viewport_size(SIDEWAYS)
                expect_value(page, f"{DRAWN_HEIGHT} >= 45 || {DRAWN_HEIGHT}", True)
                expect_value(page, f"({OVERLAPS})(['.hw-side', '.hw-phase'])", [])
                expect(page.locator(".hw-cue")).to_be_in_viewport(ratio=1)
                page.set_viewport_size(size)
            page.get_by_role("button", name=say("timer.next_step"), exact=True).click()
