"""The sounds, words and vibrations of the hold timer, and that the screen stays on."""

import pytest
from playwright.sync_api import Locator, Page, expect

from holdwell.domain.models import Cue, Side
from holdwell.guide.load import guide
from tests.browser.conftest import OpenContext, StartServer, page_with_fakes
from tests.support.bare_timer import BareTimer
from tests.support.steps import OUT_S, ROUND_S, expect_rows, heard, pass_time


@pytest.fixture
def page(open_context: OpenContext) -> Page:
    return page_with_fakes(open_context)


def cues(page: Page) -> list[str]:
    return [name for name, _ in heard(page, "cues")]


def test_every_change_has_words_a_sound_and_a_vibration(page: Page, timer: Locator) -> None:
    BareTimer(page).begin_ready()
    for _ in range(4):
        pass_time(page, ROUND_S)
    expect(timer).to_have_attribute("data-phase", "done")
    ticks = ["tick"] * 5
    hold = ["begin", "halfway", *ticks]
    lead = ["tick"] * 3
    assert cues(page) == [
        "ready", *lead, *hold, "out", "switch", *lead, *hold, "out",
        "next", *lead, *hold, "out", "switch", *lead, *hold, "out", "done",
    ]  # fmt: skip
    words = heard(page, "words")
    assert {voice for voice, _, _ in words} == {"Near"}, "a far voice would hear the words"
    spoken = [text for _, text, _ in words]
    stretch = guide().stretches[0]
    assert spoken[:8] == [
        f"Get ready. {stretch.spoken[Side.LEFT]}",
        "Begin.",
        stretch.breathe,
        "Halfway.",
        stretch.breathe,
        "Five seconds.",
        stretch.come_out[Side.LEFT],
        f"Change legs. {stretch.spoken[Side.RIGHT]}",
    ]
    assert spoken[-1] == "Done. Well held."
    assert len(spoken) == 4 * 7 + 1
    assert len(heard(page, "tones")) > 4 * 8
    assert len(heard(page, "buzzes")) == 4 * 4 + 1


def test_a_silenced_cue_is_only_shown(page: Page, timer: Locator) -> None:
    BareTimer(page, quiet_cues=frozenset(Cue) - {Cue.BEGIN}, volume=50).begin_ready()
    pass_time(page, 42)
    # The advice to breathe is not a cue; it has its own switch.
    breathe = guide().stretches[0].breathe
    assert [text for _, text, _ in heard(page, "words")] == ["Begin.", breathe, breathe]
    assert {volume for _, _, volume in heard(page, "words")} == {0.5}
    assert set(heard(page, "tones")) == {0.2}
    assert len(heard(page, "buzzes")) == 1
    expect(timer.locator(".hw-phase")).to_have_text("Hold, last seconds")


@pytest.mark.parametrize(
    ("button", "kind", "field"),
    [
        ("Tones", "tones", "sound"),
        ("Voice", "words", "voice"),
        ("Buzz", "buzzes", "vibration"),
    ],
)
def test_each_kind_of_cue_can_be_switched_off_and_stays_off(
    page: Page, button: str, kind: str, field: str
) -> None:
    bare = BareTimer(page)
    bare.open()
    page.get_by_role("button", name=button).click()
    page.wait_for_function("reported.preferences")
    preferences = bare.preferences()
    assert preferences is not None
    switches = preferences.model_dump()
    assert switches == {"sound": True, "voice": True, "vibration": True, "volume": 80, field: False}
    BareTimer(page, **switches).begin_ready()
    pass_time(page, 46)
    for other in ("tones", "words", "buzzes"):
        assert bool(heard(page, other)) == (other != kind)


def test_a_switch_in_the_settings_applies_to_the_timer_and_can_be_switched_back_there(
    start_server: StartServer, page: Page
) -> None:
    server = start_server()
    sound = "SELECT sound FROM profile"
    page.goto(f"{server.url}/stretch")
    tones = page.get_by_role("button", name="Tones")
    expect(tones).to_have_attribute("aria-pressed", "true")
    for _ in range(2):
        page.get_by_role("link", name="Settings").click()
        page.locator(".st-key-hw-settings summary", has_text="Cues").click()
        page.locator(".st-key-hw-sound label").click()
        expect_rows(server.folder, sound, [(0,)])
        page.get_by_role("link", name="Stretch", exact=True).click()
        expect(tones).to_have_attribute("aria-pressed", "false")
        tones.click()
        expect(tones).to_have_attribute("aria-pressed", "true")
        expect_rows(server.folder, sound, [(1,)])


def test_the_position_is_spoken_before_the_hold(page: Page) -> None:
    BareTimer(page, get_ready_seconds=5).begin()
    pass_time(page, 10 + 35 + OUT_S + 6)
    spoken = [text for _, text, _ in heard(page, "words")]
    assert spoken[0] == f"Get ready. {guide().stretches[0].spoken[Side.LEFT]}"
    # Five seconds are too short for the whole instruction, so it says only the stretch and leg.
    assert spoken[-2:] == ["Change legs. Side reach. right leg up.", "Begin."]


def test_a_screen_reader_hears_each_change_once(page: Page, timer: Locator) -> None:
    BareTimer(page).open()
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


def test_the_user_chooses_a_voice_and_hears_it(page: Page, timer: Locator) -> None:
    page.add_init_script(
        "speechSynthesis.getVoices = () => ['Ann', 'Bob'].map((name) =>"
        " ({ name, voiceURI: name, lang: 'en-GB', localService: true }));"
    )
    BareTimer(page).open()
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


def test_without_a_voice_the_switch_says_so_and_is_off(page: Page, timer: Locator) -> None:
    page.add_init_script("speechSynthesis.getVoices = () => [];")
    bare = BareTimer(page)
    bare.open()
    expect(timer.get_by_role("button", name="Tones")).to_be_visible()
    pass_time(page, 2.5)
    switch = timer.get_by_role("button", name="This device has no English voice")
    expect(switch).to_be_disabled()
    expect(switch).to_have_attribute("aria-pressed", "false")
    # The setting stays on, for a device that has a voice.
    timer.get_by_role("button", name="Tones").click()
    page.wait_for_function("reported.preferences")
    preferences = bare.preferences()
    assert preferences is not None
    assert preferences.voice


def test_the_screen_stays_on_and_its_lock_is_renewed(page: Page) -> None:
    BareTimer(page).begin_ready()
    page.wait_for_function("heard.locks.length === 1")
    # The browser releases the screen lock when a tab is hidden.
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


def test_over_plain_http_a_video_keeps_the_screen_on(open_context: OpenContext) -> None:
    """Chromium really plays the app's video, which has a silent sound track, until the pause."""
    page = open_context().new_page()
    BareTimer(page, host="holdwell.home.arpa").begin()
    assert page.evaluate("[isSecureContext, 'wakeLock' in navigator]") == [False, False]
    page.wait_for_function("document.querySelector('body > video')?.currentTime > 0.5")
    assert page.evaluate(
        "(v => [v.paused, v.muted, v.loop, v.duration])(document.querySelector('body > video'))"
    ) == [False, False, False, pytest.approx(20, abs=0.2)]
    expect(page.locator(".hw-note")).to_be_empty()
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("body > video")).to_have_count(0)


def test_if_nothing_keeps_the_screen_on_the_page_says_so(open_context: OpenContext) -> None:
    page = open_context().new_page()
    page.add_init_script("HTMLMediaElement.prototype.play = () => Promise.reject(new Error('no'));")
    BareTimer(page, host="holdwell.home.arpa").open()
    expect(page.locator(".hw-note")).to_be_empty()
    page.get_by_role("button", name="Just the holds").click()
    expect(page.locator(".hw-note")).to_contain_text("The screen may go dark here")
