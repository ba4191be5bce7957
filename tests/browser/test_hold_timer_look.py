"""How the hold timer looks: readable from two metres, in windows of every size, and calm."""

from itertools import pairwise, zip_longest

from playwright.sync_api import Page, ViewportSize, expect

from holdwell.i18n.languages import choose, content_folder, languages
from holdwell.i18n.messages import speaking
from holdwell.sessions.plan import FIRST_EXTRA_SECONDS
from tests.browser.conftest import OpenContext, StartServer
from tests.browser.test_bed_mode import SCREENS, expect_bed_mode
from tests.support.bare_timer import BareTimer
from tests.support.chromium import DESKTOP, PHONE, enlarge_text
from tests.support.steps import (
    OUT_S,
    OVERFLOW,
    ROUND_S,
    expect_equal,
    expect_value,
    freeze,
    pass_time,
)

# Records, at each change of tone, the attributes that the styles of the panel depend on.
CHANGES = """
() => {
  const box = document.querySelector(".hw-timer");
  const note = () => window.changes.push(
    Object.fromEntries(box.getAttributeNames().map((name) => [name, box.getAttribute(name)])));
  window.changes = [];
  note();
  new MutationObserver(note).observe(box, { attributeFilter: ["data-tone"] });
}
"""
# Returns how light the panel is at each of these changes: the relative luminance, or null without
# a tone.
LIGHTS = """
(changes) => {
  // "rgb(...)" has values from 0 to 255, "color(srgb ...)" from 0 to 1.
  const light = (color) => {
    if (color === "rgba(0, 0, 0, 0)") return null;
    const whole = color.startsWith("rgb") ? 255 : 1;
    const [r, g, b] = color.match(/[0-9.]+/g).map((v) => v / whole)
      .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const box = document.querySelector(".hw-timer");
  return changes.map((change) => {
    for (const name of box.getAttributeNames()) box.removeAttribute(name);
    for (const [name, value] of Object.entries(change)) box.setAttribute(name, value);
    return light(getComputedStyle(box).backgroundColor);
  });
}
"""


def test_the_whole_panel_changes_tone_once_at_each_change(open_context: OpenContext) -> None:
    """This holds in both themes, by day and in bed mode."""
    page = open_context(clock=True).new_page()
    BareTimer(page).begin()
    page.evaluate(CHANGES)
    pass_time(page, 15 + 35 + OUT_S + 10 + 2)
    page.clock.fast_forward("01:00:00")
    expect(page.locator(".hw-phase")).to_contain_text("asleep")
    page.get_by_role("button", name="Go on").click()
    for _ in range(3):
        pass_time(page, ROUND_S)
    page.wait_for_function("window.changes.at(-1)['data-tone'] === 'done'")
    seen = page.evaluate(
        "window.changes.filter((c, n, all) => c['data-tone'] !== all[n - 1]?.['data-tone'])"
    )
    hold = ["hold", "last", "change"]
    assert [change["data-tone"] for change in seen] == [
        "ready", *hold, "hold", "slept", *hold * 3, "done",
    ]  # fmt: skip
    at_night = [
        {**change, "data-bed": ""} if "data-active" in change else change for change in seen
    ]
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for changes in (seen, at_night):
            lights = page.evaluate(LIGHTS, changes)
            # Tones differ in lightness, so that they can be told apart without colour (WCAG 2.2).
            for before, other in pairwise(lights):
                assert (max(before, other) + 0.05) / (min(before, other) + 0.05) > 1.12, lights


SMALL: ViewportSize = {"width": 360, "height": 640}
MIDDLE: ViewportSize = {"width": 360, "height": 780}
LAPTOP: ViewportSize = {"width": 1280, "height": 720}
SIZES = (PHONE, SMALL, DESKTOP)
# Returns what is wrong with a running routine in a window: it scrolls, or a control is missing, too
# small or out of view.
MISFITS = """
(() => {
  const main = document.querySelector('[data-testid=stMain]');
  const controls = [...document.querySelectorAll('.hw-timer button, .hw-timer input')]
    .filter(e => e.checkVisibility());
  const out = controls.filter(e => {
    const r = e.getBoundingClientRect();
    return r.height < 44 || r.top < 0 || r.bottom > innerHeight;
  });
  return [
    ...(main.scrollHeight > main.clientHeight ? ['scrolls'] : []),
    ...(controls.length < 6 ? ['controls missing'] : []),
    ...out.map(e => e.textContent || e.type),
  ];
})()
"""
DIGITS = """
(() => {
  const range = document.createRange();
  range.selectNodeContents(document.querySelector('.hw-digits'));
  return range.getBoundingClientRect().width;
})()
"""


SHAPES = """
[...document.querySelectorAll('.hw-timer, .hw-timer :not(svg *, dialog *, .hw-bar)')]
  .filter(e => e.checkVisibility())
  .map(e => {
    const [box, style] = [e.getBoundingClientRect(), getComputedStyle(e)];
    return [e.tagName, e.className, ...[box.x, box.y, box.width, box.height].map(Math.round),
      style.color, style.backgroundColor, style.borderColor, style.fontSize, style.fontWeight,
      style.lineHeight, style.fontFamily.split(',')[0],
      e === document.activeElement ? [style.outlineStyle, style.outlineWidth] : ''];
  })
"""
"""For each element of the timer: its tag, class, box in pixels, colours, font and focus ring."""


def differences(one: Page, other: Page) -> list[tuple[object, object]]:
    """Return the elements in which the timers of two pages differ, in pairs."""
    shapes = zip_longest(one.evaluate(SHAPES), other.evaluate(SHAPES))
    return [(a, b) for a, b in shapes if a != b]


def expect_fits(page: Page, size: ViewportSize) -> None:
    expect_value(page, f"[innerWidth, innerHeight, ...{MISFITS}]", [*size.values()])


DRAWN = "document.querySelector('.hw-picture svg').getBoundingClientRect().height"
VOICES = """
speechSynthesis.getVoices = () => ['Ana', 'Eva'].map((name) =>
  ({ name, voiceURI: name, lang: 'es-ES', localService: true }));
"""


def test_a_running_routine_fits_the_screen_and_can_be_read_from_afar(
    start_server: StartServer, open_context: OpenContext
) -> None:
    """It also looks the same on its own page (`BareTimer`), on which other tests check it.

    While the user gets ready, bed mode is checked too.
    """
    page, own = (open_context(clock=True).new_page() for _ in range(2))
    page.goto(f"{start_server().url}/stretch")
    BareTimer(own).open()
    for window in (page, own):
        expect(window.get_by_role("button", name="Just the holds")).to_be_visible()
        freeze(window)
        window.get_by_role("button", name="Just the holds").click()
    expect_bed_mode(page)
    pass_time(own, len(SCREENS))
    for window in (page, own):
        pass_time(window, FIRST_EXTRA_SECONDS + 10 + 2)
    for phase, theme in (("running", "light"), ("paused", "dark")):
        for window in (page, own):
            window.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            expect(window.locator(".hw-timer")).to_have_attribute("data-phase", phase)
        for size in SIZES:
            for window in (page, own):
                window.set_viewport_size(size)
                window.mouse.move(0, 0)  # away from the buttons, which change under the mouse
                window.keyboard.press("Tab")
                window.locator(".hw-controls > .hw-main").focus()
            expect_fits(page, size)
            if phase == "running":
                least = 0.55 * min(size["width"], 390)
                expect_value(page, f"{DIGITS} >= {least}", True)
            expect_equal(lambda: differences(page, own), [])
        if phase == "running":
            for window in (page, own):
                # The hold, which has the largest digits, is not over yet.
                expect(window.locator(".hw-timer")).to_have_attribute("data-part", "hold")
                window.get_by_role("button", name="Pause").click()
    for window in (page, own):
        enlarge_text(window)
    expect_equal(lambda: differences(page, own), [])


def test_the_timer_fits_with_the_longest_texts_and_its_drawing_has_all_the_room_they_leave(
    open_context: OpenContext,
) -> None:
    """This is checked while getting ready and while holding, for each hold."""
    page = open_context(clock=True).new_page()
    with speaking(choose(languages(content_folder()), "es", None)):
        bare = BareTimer(page)
    bare.open()
    freeze(page)
    timer = page.locator(".hw-timer")
    timer.locator(".hw-other").click()
    pass_time(page, FIRST_EXTRA_SECONDS)
    for number in range(4):
        tops = set()
        for part, seconds in (("lead", 10), ("hold", 35)):
            for size in (SMALL, MIDDLE, PHONE):
                page.set_viewport_size(size)
                expect_fits(page, size)
            expect(timer).to_have_attribute("data-part", part)
            drawing = page.locator(".hw-picture").bounding_box()
            clock = page.locator(".hw-clock").bounding_box()
            assert drawing is not None and clock is not None
            tops.add(round(drawing["y"]))
            assert drawing["height"] > 130
            assert clock["y"] - drawing["y"] - drawing["height"] < 16, (number, part)
            pass_time(page, seconds)
        assert len(tops) == 1, "the drawing does not move up or down"
        pass_time(page, OUT_S)


def test_in_a_pause_the_drawing_is_large_and_every_button_is_there(
    open_context: OpenContext,
) -> None:
    """This is checked with the longest texts and a choice of voices, which needs a row of its own.
    In a low window the buttons are beside the drawing."""
    page = open_context(clock=True).new_page()
    page.add_init_script(VOICES)
    with speaking(choose(languages(content_folder()), "es", None)):
        bare = BareTimer(page)
    bare.open()
    freeze(page)
    page.locator(".hw-timer .hw-other").click()
    pass_time(page, FIRST_EXTRA_SECONDS + 10 + 5)
    page.locator(".hw-controls > .hw-main").click()
    expect(page.locator(".hw-voices")).to_be_visible()
    shown = [".hw-phase", ".hw-digits", ".hw-track", ".hw-controls > .hw-main", ".hw-steps"]
    for size in (PHONE, SMALL, {"width": 844, "height": 390}):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        expect_value(page, f"{DRAWN} >= 135", True)
        for part in shown:
            expect(page.locator(part)).to_be_in_viewport(ratio=1)
        if size["height"] > 500:
            expect_fits(page, size)  # type: ignore[arg-type]
            expect_value(page, f"({OVERLAPS})({['.hw-picture', '.hw-phase', '.hw-track']})", [])


LOW = ((844, 390), (667, 375), (320, 256))
"""Sizes in pixels: a phone on its side, a small one, and a desktop's window at 400 % zoom."""


OVERLAPS = """
(names) => names.filter((name, n) => {
  const box = (name) => document.querySelector(name).getBoundingClientRect();
  return n && box(name).top + 1 < box(names[n - 1]).bottom;
})
"""


def test_in_a_low_window_the_count_and_the_buttons_are_visible(
    open_context: OpenContext,
) -> None:
    page = open_context(clock=True).new_page()
    BareTimer(page).open()
    freeze(page)
    page.get_by_role("button", name="Just the holds").click()
    timer = page.locator(".hw-timer")
    for part, seconds in (("lead", 15), ("hold", 1)):
        for width, height in LOW:
            page.set_viewport_size({"width": width, "height": height})
            expect_value(
                page, "document.querySelector('[data-testid=stMain]').scrollHeight", height
            )
            for shown in (".hw-digits", ".hw-controls > .hw-main", ".hw-steps", ".hw-signs-open"):
                expect(page.locator(shown)).to_be_in_viewport(ratio=1)
            # A real click fails if something covers the button.
            page.get_by_role("button", name="Pause").click()
            expect(page.get_by_role("button", name="Go on")).to_be_in_viewport(ratio=1)
            page.keyboard.press("Space")
            expect(timer).to_have_attribute("data-phase", "running")
        expect(timer).to_have_attribute("data-part", part)
        pass_time(page, seconds)


def test_with_text_twice_as_large_nothing_overlaps(open_context: OpenContext) -> None:
    page = open_context().new_page()
    enlarge_text(page)
    BareTimer(page).begin()
    expect(page.locator("html")).to_have_css("font-size", "34px")
    names = [".hw-name", ".hw-side", ".hw-phase", ".hw-digits"]
    # No part overlaps the one above it by more than a pixel. The long texts may scroll.
    for last in (".hw-cue", ".hw-controls"):
        expect_value(page, f"({OVERLAPS})({[*names, last]})", [])
    # A pause also shows the sound settings, so that a small phone has less room than for the count.
    for main, sizes in (("Pause", (SMALL, PHONE)), ("Go on", (LAPTOP, PHONE))):
        for size in sizes:
            page.set_viewport_size(size)
            expect_value(page, "innerHeight", size["height"])
            for name in (main, "Stop"):
                expect(page.get_by_role("button", name=name, exact=True)).to_be_in_viewport(ratio=1)
            expect_value(page, f"({OVERLAPS})({['.hw-digits', '.hw-controls']})", [])
        # At the size of PHONE the drawing keeps its room, running and paused.
        expect_value(page, f"{DRAWN} >= 130", True)
        page.get_by_role("button", name=main).click()
    # The large button of bed mode leaves room for the count and the words.
    page.set_viewport_size(SMALL)
    page.get_by_role("button", name="Bed mode").click()
    large = "document.querySelector('.hw-controls > .hw-main').offsetHeight / innerHeight"
    expect_value(page, f"{large} > 0.1 && {large} < 0.2", True)


def test_with_text_twice_as_large_the_line_above_the_pose_does_not_wrap(
    open_context: OpenContext,
) -> None:
    page = open_context().new_page()
    enlarge_text(page)
    with speaking(choose(languages(content_folder()), "es", None)):
        bare = BareTimer(page)
    bare.open()
    page.locator(".hw-timer .hw-other").click()
    expect(page.locator(".hw-count")).to_have_text("Posición 1 de 4")
    lines = """[...document.querySelectorAll('.hw-top > *')].map((part) => {
      const words = document.createRange();
      words.selectNodeContents(part);
      return words.getClientRects().length;
    })"""
    for size in (SMALL, PHONE):
        page.set_viewport_size(size)
        expect_value(page, f"[innerWidth, ...{lines}]", [size["width"], 1, 1, 1])
        expect_value(page, OVERFLOW, [0, 0])


def test_with_text_twice_as_large_no_words_lie_behind_the_button_of_bed_mode(
    open_context: OpenContext,
) -> None:
    """Nobody scrolls in bed. This is checked with the longest texts, in each part of each hold."""
    page = open_context(clock=True).new_page()
    enlarge_text(page)
    with speaking(choose(languages(content_folder()), "es", None)):
        bare = BareTimer(page)
    bare.open()
    freeze(page)
    page.locator(".hw-timer .hw-other").click()
    page.get_by_role("button", name="Modo cama").click()
    pass_time(page, FIRST_EXTRA_SECONDS)
    for _ in range(4):
        for part, seconds in (("lead", 10), ("hold", 35), ("out", OUT_S)):
            expect(page.locator(".hw-timer")).to_have_attribute("data-part", part)
            for size in (SMALL, PHONE):
                page.set_viewport_size(size)
                names = [".hw-phase", ".hw-digits", ".hw-cue", ".hw-controls"]
                expect_value(page, f"({OVERLAPS})({names})", [])
            pass_time(page, seconds)


def test_only_the_breathing_pacer_moves(open_context: OpenContext) -> None:
    page = open_context(clock=True).new_page()
    BareTimer(page).begin_ready()
    own = "document.getAnimations().filter(a => a.effect.target?.closest('.hw-timer'))"
    part = "document.querySelector('.hw-timer').dataset.part"
    pacer = "getComputedStyle(document.querySelector('.hw-clock'), '::before').display"
    moving = f"[{part}, {pacer}, ...{own}.map(a => a.animationName)]"

    def expect_moving(*, reduced: list[str], else_: list[str]) -> None:
        for motion, expected in (("reduce", reduced), ("no-preference", else_)):
            page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
            expect_value(page, moving, expected)

    # While the user gets ready, nothing moves.
    expect_moving(reduced=["lead", "none"], else_=["lead", "inline"])
    # Look early in the hold, since time passes meanwhile and after the hold nothing moves anyway.
    pass_time(page, 10 + 2)
    expect_moving(reduced=["hold", "none"], else_=["hold", "block", "hw-breath"])
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Breathing").click()
    page.get_by_role("button", name="+10 s").click()
    page.get_by_role("button", name="Go on").click()
    # The pacer is turned off now.
    expect(page.locator(".hw-timer")).to_have_attribute("data-phase", "running")
    expect_moving(reduced=["hold", "none"], else_=["hold", "inline"])
