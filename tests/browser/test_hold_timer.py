"""The hold timer as the user meets it: hands-free, by keys and touch, exact, and calm."""

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from holdwell.domain.models import Cue, DayPart, Routine, RoutineStretch, Side
from holdwell.guide import guide
from holdwell.sessions.plan import BEDTIME_ID
from tests.browser.conftest import OpenContext, StartServer
from tests.support.chromium import DESKTOP, PHONE
from tests.support.steps import (
    FAKES,
    OUT_S,
    ROUND_S,
    begin,
    begin_ready,
    choose,
    expect_rows,
    heard,
    pass_time,
    rows,
    settled,
)

HOLDS = "SELECT stretch, side, held_s, outcome FROM hold ORDER BY position"


@pytest.fixture
def page(open_context: OpenContext) -> Page:
    page = open_context().new_page()
    page.add_init_script(FAKES)
    page.clock.install()
    return page


@pytest.fixture
def timer(page: Page) -> Locator:
    return page.locator(".hw-timer")


def everyday(*stretches: RoutineStretch, **changes: Any) -> Routine:
    """One routine for every time of day."""
    every = stretches or tuple(RoutineStretch(s.id) for s in guide().stretches)
    return Routine(BEDTIME_ID, "Mine", every, part=DayPart.OTHER, **changes)


def cues(page: Page) -> list[str]:
    return [name for name, _ in heard(page, "cues")]


def test_every_change_is_said_sounded_and_felt(
    start_server: StartServer, page: Page, timer: Locator
) -> None:
    begin_ready(page, start_server())
    for _ in range(4):
        pass_time(page, ROUND_S)
    expect(page.get_by_text("That is done")).to_be_visible()
    ticks = ["tick"] * 5
    hold = ["begin", "halfway", *ticks]
    lead = ["tick"] * 3
    assert cues(page) == [
        "ready", *lead, *hold, "out", "switch", *lead, *hold, "out",
        "next", *lead, *hold, "out", "switch", *lead, *hold, "out", "done",
    ]  # fmt: skip
    words = heard(page, "words")
    assert {voice for voice, _, _ in words} == {"Near"}, "a far voice would hear the words"
    said = [text for _, text, _ in words]
    stretch = guide().stretches[0]
    assert said[:8] == [
        f"Get ready. {stretch.spoken[Side.LEFT]}",
        "Begin.",
        stretch.breathe,
        "Halfway.",
        stretch.breathe,
        "Five seconds.",
        stretch.come_out[Side.LEFT],
        f"Change legs. {stretch.spoken[Side.RIGHT]}",
    ]
    assert said[-1] == "Done. Well held."
    assert len(said) == 4 * 7 + 1
    assert len(heard(page, "tones")) > 4 * 8
    assert len(heard(page, "buzzes")) == 4 * 4 + 1


def test_a_silenced_cue_makes_no_sound_and_the_words_stay(
    start_server: StartServer, page: Page, timer: Locator
) -> None:
    begin_ready(page, start_server(quiet_cues=frozenset(Cue) - {Cue.BEGIN}, volume=50))
    pass_time(page, 42)
    # What is said of breathing is no cue; it has a switch of its own.
    breathe = guide().stretches[0].breathe
    assert [text for _, text, _ in heard(page, "words")] == ["Begin.", breathe, breathe]
    assert {volume for _, _, volume in heard(page, "words")} == {0.5}
    assert set(heard(page, "tones")) == {0.2}
    assert len(heard(page, "buzzes")) == 1
    expect(timer.locator(".hw-phase")).to_have_text("Hold, last seconds")


@pytest.mark.parametrize(
    ("button", "kind"), [("Tones", "tones"), ("Voice", "words"), ("Buzz", "buzzes")]
)
def test_each_kind_of_cue_can_be_switched_off_and_stays_off(
    start_server: StartServer, page: Page, button: str, kind: str
) -> None:
    server = start_server()
    page.goto(f"{server.url}/stretch")
    page.get_by_role("button", name=button).click()
    column = {"tones": "sound", "words": "voice", "buzzes": "vibration"}[kind]
    expect_rows(server.folder, f"SELECT {column} FROM profile", [(0,)])
    begin_ready(page, server)
    pass_time(page, 46)
    for other in ("tones", "words", "buzzes"):
        assert bool(heard(page, other)) == (other != kind)


def test_the_position_is_said_before_the_hold(start_server: StartServer, page: Page) -> None:
    begin(page, start_server(get_ready_seconds=5))
    pass_time(page, 10 + 35 + OUT_S + 6)
    said = [text for _, text, _ in heard(page, "words")]
    assert said[0] == f"Get ready. {guide().stretches[0].spoken[Side.LEFT]}"
    # Five seconds have no room for the whole instruction; which stretch and leg they have.
    assert said[-2:] == ["Change legs. Side reach. right leg up.", "Begin."]


def test_without_time_to_get_ready_the_hold_begins_at_once(
    start_server: StartServer, page: Page, timer: Locator
) -> None:
    begin(page, start_server(get_ready_seconds=0))
    expect(timer).to_have_attribute("data-part", "hold")
    pass_time(page, 1)
    assert [text for _, text, _ in heard(page, "words")] == ["Side reach. left leg up."]


def test_a_shaped_routine_is_run_as_shaped(
    start_server: StartServer, page: Page, timer: Locator
) -> None:
    shaped = everyday(
        RoutineStretch("hinge_forward", 20),
        first_side=Side.RIGHT,
        extra_side=Side.LEFT,
        rest_s=15,
    )
    server = start_server(shaped, get_ready_seconds=5)
    begin(page, server)
    seen = []
    for part in ("lead", "hold", "out", "rest") * 2 + ("lead", "hold", "out"):
        expect(timer).to_have_attribute("data-part", part)
        seen.append(timer.locator(".hw-phase").text_content())
        if part == "rest":
            coming = "Next: Hinge forward. left leg up."
            expect(timer.locator(".hw-cue")).to_have_text(f"Rest. Both feet on the floor. {coming}")
            drawn = timer.locator(".hw-picture").get_attribute("data-hold")
        elif seen[-2:-1] == ["Rest"]:
            assert timer.locator(".hw-picture").get_attribute("data-hold") == drawn
        pass_time(page, {"lead": 5 if seen[1:] else 10, "hold": 20, "out": OUT_S, "rest": 15}[part])
    assert seen == [
        "Get ready", "Hold", "Come out slowly", "Rest", "Change legs", "Hold", "Come out slowly",
        "Rest", "Same leg once more", "Hold", "Come out slowly",
    ]  # fmt: skip
    expect(page.get_by_text("That is done")).to_be_visible()
    assert rows(server.folder, HOLDS) == [
        ("hinge_forward", "right", 20.0, "finished"),
        ("hinge_forward", "left", 20.0, "finished"),
        ("hinge_forward", "left", 20.0, "finished"),
    ]


def test_the_short_version_takes_two_minutes(
    start_server: StartServer, page: Page, timer: Locator
) -> None:
    server = start_server()
    page.goto(f"{server.url}/stretch")
    choose(page, "Which routine", "Short, 2 min (20 s holds)")
    settled(page)
    expect(timer.locator(".hw-summary")).to_contain_text("4 holds, about 2 min")
    page.get_by_role("button", name="Just the holds").click()
    pass_time(page, 125)
    expect(page.get_by_text("That is done")).to_be_visible()
    assert rows(server.folder, "SELECT count(*), sum(held_s) FROM hold") == [(4, 80.0)]


def test_what_is_logged_is_what_was_held(
    start_server: StartServer, page: Page, timer: Locator
) -> None:
    server = start_server()
    begin_ready(page, server)
    pass_time(page, 15)
    page.get_by_role("button", name="Pause").click()
    expect(timer).to_have_attribute("data-phase", "paused")
    frozen = timer.locator(".hw-digits").text_content()
    pass_time(page, 300)
    expect(timer.locator(".hw-digits")).to_have_text(str(frozen))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="+10 s").click()
    pass_time(page, 42 + OUT_S)
    expect(timer.locator(".hw-count")).to_have_text("Hold 2 of 4")
    page.get_by_role("button", name="Skip").click()
    expect(timer.locator(".hw-count")).to_have_text("Hold 3 of 4")
    pass_time(page, 25)
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Stop and save").click()
    expect(page.get_by_text("You stopped early, and that is fine")).to_be_visible()
    held = rows(server.folder, HOLDS)
    assert [(side, outcome) for _, side, _, outcome in held] == [
        ("left", "finished"),
        ("right", "skipped"),
        ("left", "shortened"),
    ]
    seconds = [float(str(s)) for _, _, s, _ in held]
    assert seconds[0] == 45.0
    assert seconds[1] == 0.0
    assert 14.0 <= seconds[2] <= 17.0
    assert rows(server.folder, "SELECT state FROM session") == [("stopped",)]


def test_going_back_counts_both_times(
    start_server: StartServer, page: Page, timer: Locator
) -> None:
    server = start_server(get_ready_seconds=0)
    begin(page, server)
    page.keyboard.press("Space")
    pass_time(page, 1)
    page.keyboard.press("Space")
    pass_time(page, 30)
    # Well into a hold, back is this hold again; near its start, the hold before.
    page.keyboard.press("ArrowLeft")
    expect(timer.locator(".hw-count")).to_have_text("Hold 1 of 4")
    expect(timer.locator(".hw-digits")).to_have_text("35")
    pass_time(page, 35 + OUT_S)
    expect(timer.locator(".hw-count")).to_have_text("Hold 2 of 4")
    page.keyboard.press("ArrowLeft")
    expect(timer.locator(".hw-count")).to_have_text("Hold 1 of 4")
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Stop and save").click()
    expect(page.get_by_text("You stopped early")).to_be_visible()
    first = rows(server.folder, HOLDS)[0]
    assert first[3] == "finished"
    assert 65.0 <= float(str(first[2])) <= 69.0


def test_late_ticks_do_not_move_the_clock(start_server: StartServer, page: Page) -> None:
    server = start_server()
    begin_ready(page, server)
    # A busy device: the timer hears of the time only every seven seconds.
    for _ in range(33):
        page.clock.fast_forward(7000)
    expect(page.get_by_text("That is done")).to_be_visible()
    assert {row[2] for row in rows(server.folder, HOLDS)} == {35.0}
    at = dict(heard(page, "cues"))
    # Planned: 5 + 4 x (10 + 35 + 8) s. Done is heard at the first tick after it, up to 7 s later.
    assert 217_000 <= at["done"] - heard(page, "cues")[0][1] <= 227_000
    begun = rows(server.folder, "SELECT min(started_at), max(started_at) FROM hold")[0]
    first, last = (float(str(t)[17:23]) + 60 * int(str(t)[14:16]) for t in begun)
    assert abs((last - first) % 3600 - 3 * ROUND_S) <= 0.05


def test_a_sleeping_device_holds_nothing(
    start_server: StartServer, page: Page, timer: Locator
) -> None:
    server = start_server()
    begin_ready(page, server)
    pass_time(page, 10 + 20)
    page.clock.fast_forward("03:00:00")
    expect(timer.locator(".hw-phase")).to_have_text("Paused: this device was asleep")
    left = int(timer.locator(".hw-digits").text_content() or 0)
    assert 13 <= left <= 15
    page.get_by_role("button", name="Go on").click()
    pass_time(page, left + 1)
    expect_rows(server.folder, HOLDS, [("side_reach", "left", 35.0, "finished")])


def test_a_sleep_is_noticed_where_the_monotonic_clock_sleeps_too(
    start_server: StartServer, page: Page, timer: Locator
) -> None:
    begin_ready(page, start_server())
    pass_time(page, 10 + 20)
    page.evaluate("() => { const now = Date.now; Date.now = () => now() + 3_600_000; }")
    pass_time(page, 0.3)
    expect(timer.locator(".hw-phase")).to_have_text("Paused: this device was asleep")


def test_the_screen_stays_on_and_the_lock_comes_back(
    start_server: StartServer, page: Page, timer: Locator
) -> None:
    begin_ready(page, start_server())
    page.wait_for_function("heard.locks.length === 1")
    # The browser takes the lock away from a hidden tab.
    page.evaluate(
        """() => {
            const hidden = { value: "hidden", configurable: true };
            Object.defineProperty(document, "visibilityState", hidden);
            document.dispatchEvent(new Event("visibilitychange"));
            lastLock.dispatchEvent(new Event("release"));
            delete document.visibilityState;
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    page.wait_for_function("heard.locks.join() === 'taken,taken'")
    page.get_by_role("button", name="Pause").click()
    page.wait_for_function("heard.locks.join() === 'taken,taken,given'")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_function("heard.locks.join() === 'taken,taken,given,taken'")


def test_stop_signs_are_one_tap_away_and_pause_the_routine(
    start_server: StartServer, page: Page, timer: Locator
) -> None:
    begin_ready(page, start_server())
    pass_time(page, 12)
    page.get_by_role("button", name="Stop signs").click()
    expect(page.get_by_role("dialog")).to_contain_text("One calf, leg or arm that is swollen")
    expect(timer).to_have_attribute("data-phase", "paused")
    page.get_by_role("button", name="Back to the timer").click()
    expect(page.get_by_role("dialog")).not_to_be_visible()


def test_a_keyboard_is_enough(start_server: StartServer, page: Page, timer: Locator) -> None:
    server = start_server()
    page.goto(f"{server.url}/stretch")
    page.get_by_role("button", name="Just the holds").wait_for()
    names: list[str] = []

    def tab_to(name: str) -> None:
        """Press Tab until the control has the focus, and see that it can be seen."""
        for _ in range(40):
            page.keyboard.press("Tab")
            text = page.evaluate("document.activeElement.textContent")
            if text == name:
                style = "getComputedStyle(document.activeElement)"
                assert page.evaluate(f"{style}.outlineStyle") == "solid", name
                assert page.evaluate(f"parseFloat({style}.outlineWidth)") >= 2, name
                names.append(name)
                return
        raise AssertionError(f"Tab does not reach {name}")

    tab_to("I feel fine. Walk me through it")
    tab_to("Just the holds")
    page.keyboard.press("Enter")
    expect(timer).to_have_attribute("data-phase", "running")
    for name in ("Back", "+10 s", "Skip", "Stop"):
        tab_to(name)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    expect(timer).to_have_attribute("data-phase", "paused")
    page.keyboard.press("Space")
    expect(timer).to_have_attribute("data-phase", "running")
    page.keyboard.press("+")
    expect(timer.locator(".hw-digits")).to_have_text("25")
    page.keyboard.press("ArrowRight")
    expect(timer.locator(".hw-count")).to_have_text("Hold 2 of 4")
    page.keyboard.press("ArrowLeft")
    expect(timer.locator(".hw-count")).to_have_text("Hold 1 of 4")


def test_the_space_bar_pauses_after_a_tap_on_another_button(
    start_server: StartServer, page: Page, timer: Locator
) -> None:
    begin_ready(page, start_server())
    page.get_by_role("button", name="Skip").click()
    page.keyboard.press("Space")
    expect(timer).to_have_attribute("data-phase", "paused")
    expect(timer.locator(".hw-count")).to_have_text("Hold 2 of 4")


def test_a_screen_reader_hears_each_change_once(
    start_server: StartServer, page: Page, timer: Locator
) -> None:
    server = start_server()
    page.goto(f"{server.url}/stretch")
    page.get_by_role("button", name="Just the holds").wait_for()
    page.evaluate(
        """() => {
            window.read = [];
            const live = document.querySelector(".hw-live");
            new MutationObserver(() => window.read.push(live.textContent))
                .observe(live, { childList: true, characterData: true, subtree: true });
        }"""
    )
    page.get_by_role("button", name="Just the holds").click()
    pass_time(page, 51 + OUT_S)
    assert page.evaluate("window.read") == [
        "Get ready. Side reach, left leg up.",
        "Hold.",
        "Hold, past halfway.",
        "Hold, last seconds.",
        "Come out slowly. Side reach, left leg up.",
        "Change legs. Side reach, right leg up.",
    ]
    expect(timer.locator(".hw-digits")).to_have_attribute("aria-live", "off")


def test_the_user_chooses_a_voice_and_hears_it(
    start_server: StartServer, page: Page, timer: Locator
) -> None:
    server = start_server()
    page.add_init_script(
        "speechSynthesis.getVoices = () => ['Ann', 'Bob'].map((name) =>"
        " ({ name, voiceURI: name, lang: 'en-GB', localService: true }));"
    )
    page.goto(f"{server.url}/stretch")
    voices = timer.get_by_role("combobox", name="Voice")
    expect(voices.locator("option")).to_have_text(["Ann", "Bob"])
    voices.select_option("Bob")
    pass_time(page, 1)
    assert heard(page, "words") == [["Bob", "Side reach. left leg up.", 0.8]]
    page.reload()
    expect(voices).to_have_value("Bob")
    page.get_by_role("button", name="Just the holds").click()
    expect(timer).to_have_attribute("data-phase", "running")
    pass_time(page, 1)
    assert {voice for voice, _, _ in heard(page, "words")} == {"Bob"}


def test_without_a_voice_the_switch_says_so_and_is_off(
    start_server: StartServer, page: Page, timer: Locator
) -> None:
    server = start_server()
    page.add_init_script("speechSynthesis.getVoices = () => [];")
    page.goto(f"{server.url}/stretch")
    expect(timer.get_by_role("button", name="Tones")).to_be_visible()
    pass_time(page, 2.5)
    switch = timer.get_by_role("button", name="This device has no English voice")
    expect(switch).to_be_disabled()
    expect(switch).to_have_attribute("aria-pressed", "false")
    # The wish stays, for a device that has one.
    assert rows(server.folder, "SELECT voice FROM profile") == [(1,)]


def test_over_plain_http_a_video_keeps_the_screen_on(
    start_server: StartServer, open_context: OpenContext
) -> None:
    """Chromium itself plays our video, with its silent sound, from Begin to the pause."""
    server = start_server()
    page = open_context().new_page()
    page.add_init_script("delete Navigator.prototype.wakeLock;")
    begin(page, server)
    page.wait_for_function("document.querySelector('body > video')?.currentTime > 0.5")
    assert page.evaluate(
        "(v => [v.paused, v.muted, v.loop, v.duration])(document.querySelector('body > video'))"
    ) == [False, False, False, pytest.approx(20, abs=0.2)]
    expect(page.locator(".hw-note")).to_be_empty()
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("body > video")).to_have_count(0)


def test_where_nothing_keeps_the_screen_on_the_page_says_so(
    start_server: StartServer, open_context: OpenContext
) -> None:
    server = start_server()
    page = open_context().new_page()
    page.add_init_script(
        "delete Navigator.prototype.wakeLock;"
        "HTMLMediaElement.prototype.play = () => Promise.reject(new Error('no'));"
    )
    page.goto(f"{server.url}/stretch")
    expect(page.get_by_role("button", name="Just the holds")).to_be_visible()
    expect(page.locator(".hw-note")).to_be_empty()
    page.get_by_role("button", name="Just the holds").click()
    expect(page.locator(".hw-note")).to_contain_text("The screen may go dark here")


TONES = """
() => {
  // Relative luminance of "rgb(0 to 255 ...)" or "color(srgb 0 to 1 ...)".
  const light = (color) => {
    const whole = color.startsWith("rgb") ? 255 : 1;
    const [r, g, b] = color.match(/[0-9.]+/g).map((v) => v / whole)
      .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const box = document.querySelector(".hw-timer");
  const look = () =>
    window.tones.push([box.dataset.tone, light(getComputedStyle(box).backgroundColor)]);
  window.tones = [];
  look();
  new MutationObserver(look).observe(box, { attributeFilter: ["data-tone"] });
}
"""


@pytest.mark.parametrize("bed", [False, True], ids=["day", "bed mode"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_whole_panel_changes_tone_once_at_each_change(
    start_server: StartServer, open_context: OpenContext, theme: str, bed: bool
) -> None:
    page = open_context(color_scheme=theme).new_page()
    page.clock.install()
    server = start_server()
    if bed:
        page.add_init_script("localStorage.setItem('holdwell.bed', '1')")
    begin(page, server)
    page.evaluate(TONES)
    pass_time(page, 15 + 35 + OUT_S + 10 + 2)
    page.clock.fast_forward("01:00:00")
    expect(page.locator(".hw-phase")).to_contain_text("asleep")
    seen = page.evaluate("window.tones.filter(([name], n, all) => name !== all[n - 1]?.[0])")
    assert [name for name, _ in seen] == ["ready", "hold", "last", "change", "hold", "slept"]
    # Told apart without colour: by how light they are (contrast as in WCAG 2.2).
    for (_, one), (_, other) in pairwise(seen):
        assert (max(one, other) + 0.05) / (min(one, other) + 0.05) > 1.12, seen


SIZES = [PHONE, {"width": 360, "height": 640}, DESKTOP]


@pytest.mark.parametrize("size", SIZES, ids=["phone", "small", "desktop"])
def test_a_running_routine_fits_the_screen_and_reads_from_afar(
    start_server: StartServer, open_context: OpenContext, size: dict[str, int]
) -> None:
    page = open_context(viewport=size).new_page()
    page.clock.install()
    begin_ready(page, start_server())
    pass_time(page, 20)
    for phase in ("running", "paused"):
        expect(page.locator(".hw-timer")).to_have_attribute("data-phase", phase)
        overflow = page.evaluate(
            "(e => e.scrollHeight - e.clientHeight)(document.querySelector('[data-testid=stMain]'))"
        )
        assert overflow <= 0, phase
        controls = page.evaluate(
            """[...document.querySelectorAll('.hw-timer button, .hw-timer input')]
                .filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect())
                .map(r => [r.height, r.top, r.bottom])"""
        )
        assert len(controls) >= 6
        for height, top, bottom in controls:
            assert height >= 44
            assert top >= 0
            assert bottom <= size["height"]
        if phase == "running":
            width = page.evaluate(
                """(() => {
                    const range = document.createRange();
                    range.selectNodeContents(document.querySelector('.hw-digits'));
                    return range.getBoundingClientRect().width;
                })()"""
            )
            assert width >= 0.55 * min(size["width"], 390)
            page.get_by_role("button", name="Pause").click()


LOW = [(844, 390), (667, 375), (320, 256)]
BOXES = """
(names) => names.map((name) => {
  const box = document.querySelector(name).getBoundingClientRect();
  return [box.left, box.top, box.right, box.bottom];
})
"""


@pytest.mark.parametrize(("width", "height"), LOW, ids=["phone on its side", "small", "400 %"])
def test_in_a_low_window_the_count_and_the_buttons_are_there_at_once(
    start_server: StartServer, open_context: OpenContext, width: int, height: int
) -> None:
    page = open_context(viewport={"width": width, "height": height}).new_page()
    begin(page, start_server())
    boxes = page.evaluate(BOXES, [".hw-digits", ".hw-main", ".hw-steps", ".hw-signs-open"])
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Go on")).to_be_in_viewport(ratio=1)


def test_with_text_twice_as_large_nothing_lies_over_anything(
    start_server: StartServer, open_context: OpenContext
) -> None:
    page = open_context().new_page()
    begin(page, start_server())
    page.add_style_tag(content="html { font-size: 200% !important; }")
    names = [".hw-name", ".hw-side", ".hw-phase", ".hw-digits", ".hw-cue"]
    boxes = page.evaluate(BOXES, names)
    for (_, _, _, bottom), (_, top, _, _) in pairwise(boxes):
        assert bottom <= top + 1
    expect(page.get_by_role("button", name="Pause")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_moves_but_the_pacer_of_the_breath(
    start_server: StartServer, open_context: OpenContext, motion: str
) -> None:
    page = open_context(reduced_motion=motion).new_page()
    page.clock.install()
    begin_ready(page, start_server())

    def moving() -> list[str]:
        own = "document.getAnimations().filter(a => a.effect.target?.closest('.hw-timer'))"
        found: list[str] = page.evaluate(f"{own}.map(a => a.animationName)")
        return found

    assert moving() == [], "while getting ready"
    pass_time(page, 10 + 32)
    assert moving() == ([] if motion == "reduce" else ["hw-breath"])
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Breathing").click()
    page.get_by_role("button", name="Go on").click()
    assert moving() == [], "turned off"


def test_a_rerun_of_the_page_does_not_disturb_the_timer(
    start_server: StartServer, page: Page, timer: Locator
) -> None:
    begin_ready(page, start_server())
    page.wait_for_url("**/stretch?session=*")
    pass_time(page, 12)
    before = int(timer.locator(".hw-digits").text_content() or 0)
    # Streamlit's own shortcut for "rerun".
    page.keyboard.press("r")
    pass_time(page, 3)
    after = int(timer.locator(".hw-digits").text_content() or 0)
    assert before - after in (3, 4)
    expect(timer).to_have_attribute("data-phase", "running")
