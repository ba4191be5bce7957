"""A short routine in Debian's Firefox and WebKit, in real time: run `make test-browsers`."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from holdwell.domain.models import DayPart, Routine, RoutineStretch
from holdwell.sessions.plan import BEDTIME_ID
from tests.browser.conftest import StartServer
from tests.support import firefox, webkit
from tests.support.firefox import FirefoxTab, firefox_tab
from tests.support.steps import expect_rows
from tests.support.timer_code import WORDS
from tests.support.webkit import WebKitTab, webkit_tab

Tab = FirefoxTab | WebKitTab
OpenTab = Callable[[], AbstractContextManager[Tab]]

pytestmark = pytest.mark.other_browsers
BROWSERS = [
    pytest.param(
        firefox_tab,
        id="firefox",
        marks=pytest.mark.skipif(not firefox.find_firefox(), reason=firefox.MISSING),
    ),
    pytest.param(
        webkit_tab,
        id="webkit",
        marks=pytest.mark.skipif(not webkit.find_mini_browser(), reason=webkit.MISSING),
    ),
]
HOLD_S = 20
LACKING = {
    WORDS["no_sound"]: "!window.AudioContext",
    WORDS["no_voice"]: "!(window.speechSynthesis?.getVoices() ?? []).some("
    "(voice) => voice.localService && voice.lang.startsWith('en'))",
    WORDS["no_vibration"]: "!navigator.vibrate",
}
"""Messages about what a browser lacks, and an expression that says whether it does lack it."""
SHOWN = "document.querySelector('.hw-timer').innerText"
PART = "document.querySelector('.hw-timer').dataset.part"
PHASE = "document.querySelector('.hw-timer')?.dataset.phase"
KEPT_ON = "(document.querySelector('body > video')?.paused === false || navigator.wakeLock)"
MOVING = "document.querySelector('.hw-picture img')?.naturalWidth > 0"
HEIGHT = "document.querySelector('.hw-picture :is(svg, img)')?.getBoundingClientRect().height"
DRAWN = f"{HEIGHT} > 90"
"""Whether there is a drawing that is tall enough, in pixels, to be understood on a phone."""


@pytest.mark.parametrize("open_tab", BROWSERS)
def test_a_short_routine_runs_from_begin_to_the_saved_session(
    start_server: StartServer, tmp_path: Path, open_tab: OpenTab
) -> None:
    stretches = (RoutineStretch("hinge_forward", HOLD_S),)
    routine = Routine(BEDTIME_ID, "Mine", stretches, part=DayPart.OTHER)
    server = start_server(routine, get_ready_seconds=5)
    with open_tab() as tab:
        tab.go(f"{server.url}/stretch")
        tab.wait_for(f"{PHASE} === 'waiting'")
        # Voices may load late; the page waits two seconds before it says that there is none.
        for message, lacks in LACKING.items():
            tab.wait_for(f"{SHOWN}.includes({message!r}) === {lacks}")
        tab.save_picture(tmp_path / "waiting.png")

        tab.press("Just the holds")
        tab.wait_for("location.search.includes('session=')")
        tab.wait_for(f"{PART} === 'hold' && {PHASE} === 'running'")
        tab.wait_for(f"{SHOWN}.includes({WORDS['no_screen_lock']!r}) || {KEPT_ON}")
        tab.wait_for(DRAWN)
        tab.save_picture(tmp_path / "holding.png")

        # After a reload in the middle of a hold, the routine can continue where it was.
        tab.evaluate("location.reload()")
        tab.wait_for(f"{PHASE} === 'paused' && {PART} === 'hold'")
        tab.save_picture(tmp_path / "reloaded.png")
        tab.press("Go on")
        tab.wait_for(f"{PART} === 'out'")
        tab.save_picture(tmp_path / "out.png")
        tab.wait_for("document.body.innerText.includes('That is done')")
        tab.wait_for("!document.querySelector('[data-testid=stSkeleton]')")
        tab.save_picture(tmp_path / "done.png")
    held = "SELECT side, held_s, outcome FROM hold ORDER BY position"
    sides = ("left", "right")
    expect_rows(server.folder, held, [(side, float(HOLD_S), "finished") for side in sides])
    expect_rows(server.folder, "SELECT state FROM session", [("finished",)])


@pytest.mark.parametrize("open_tab", BROWSERS)
def test_a_newcomer_is_shown_the_moving_drawings(
    start_server: StartServer, tmp_path: Path, open_tab: OpenTab
) -> None:
    server = start_server()
    with open_tab() as tab:
        tab.go(f"{server.url}/stretch")
        tab.press("I feel fine. Walk me through it")
        tab.wait_for(f"{PART} === 'teach'")
        tab.wait_for(DRAWN)
        tab.press("Next")
        # The first steps, before the heel goes up, have no moving drawing and pass by themselves.
        tab.wait_for(f"{MOVING} && {DRAWN}")
        tab.save_picture(tmp_path / "taught.png")
