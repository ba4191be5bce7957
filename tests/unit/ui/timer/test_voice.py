"""Which voice of a device says the words, and that no words are lost or cut off."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.timer_code import TimerCode, hold, routine

LONG = "Side reach, left leg up. " * 8
"""14 s of words."""


def voice(
    name: str, lang: str = "en-US", local: bool = True, default: bool = False
) -> dict[str, Any]:
    return {
        "name": name, "voiceURI": name, "lang": lang, "localService": local, "default": default,
    }  # fmt: skip


@pytest.fixture(scope="module")
def voices() -> Iterator[TimerCode]:
    with TimerCode("voice") as code:
        yield code


def best(code: TimerCode, language: str, *voices: dict[str, Any]) -> str | None:
    names = code.js(f"$voice.voicesFor({json.dumps(voices)}, '{language}').map((v) => v.name)")
    return str(names[0]) if names else None


DEVICE = [
    voice("Far", "en-GB", local=False),
    voice("US", "en_US"),
    voice("GB", "en-GB"),
    voice("ES", "es-ES"),
]


@pytest.mark.parametrize(
    ("language", "chosen"),
    [("en-GB", "GB"), ("en-US", "US"), ("en-NZ", "US"), ("es-MX", "ES"), ("de-DE", None)],
)
def test_a_voice_of_this_device_and_of_the_language(
    voices: TimerCode, language: str, chosen: str | None
) -> None:
    assert best(voices, language, *DEVICE) == chosen


def test_joke_and_robot_voices_are_left_out(voices: TimerCode) -> None:
    odd = [voice("Albert"), voice("Bad News"), voice("Eddy (English (US))"), voice("Flo (inglés)")]
    hidden = voice("Anything") | {"voiceURI": "com.apple.eloquence.en-US.Anything"}
    assert best(voices, "en-US", *odd, hidden, voice("Samantha")) == "Samantha"
    assert best(voices, "en-US", *odd, voice("Daniel", "en-GB")) == "Daniel"
    # A robot voice is better than none.
    assert best(voices, "en-US", voice("Albert")) == "Albert"


def test_the_default_voice_comes_first_unless_all_are_default(voices: TimerCode) -> None:
    own = [voice("A"), voice("B", default=True), voice("C")]
    assert best(voices, "en-US", *own) == "B"
    assert best(voices, "en-US", voice("A"), voice("B", "en-GB", default=True)) == "B"
    every = [voice("A", "en-GB", default=True), voice("B", default=True)]
    assert best(voices, "en-US", *every) == "B"


def begin(timer: TimerCode, *holds: dict[str, Any]) -> None:
    timer.open(routine(*holds))
    timer.do("tap(() => engine.begin())")


def test_the_user_chooses_a_voice_and_this_device_keeps_it(timer: TimerCode) -> None:
    timer.do(f"device.voices = {json.dumps([voice('A', 'en-GB'), voice('B', 'en-GB')])}")
    timer.open()
    assert timer.js("engine.sounds.speaker.choices.map((v) => v.name)") == ["A", "B"]
    timer.do("engine.sounds.speaker.choose('B'); tap(() => engine.begin())")
    timer.run(1)
    assert timer.js("heard.words[0].voice.name") == "B"
    timer.open(name="again")
    assert timer.js("again.sounds.speaker.chosen.name") == "B"


def test_a_device_without_a_voice_says_so_once_it_is_known(timer: TimerCode) -> None:
    timer.do("device.voices = []")
    timer.open()
    missing = "engine.sounds.speaker.missing"
    assert not timer.js(missing), "a browser may load its voices late"
    timer.run(2.1)
    assert timer.js(missing)
    voices = json.dumps([voice("A", "en-GB")])
    timer.do(f"device.voices = {voices}; speechSynthesis.dispatchEvent(new Event('voiceschanged'))")
    assert not timer.js(missing)


def test_nothing_is_cancelled_while_nothing_is_said(timer: TimerCode) -> None:
    timer.do("device.swallows = true")
    begin(timer)
    timer.run(4 * 45 + 2)
    said = [text.split(".")[0] for text in timer.js("heard.words.map((words) => words.text)")]
    one = ["Begin", "Halfway", "Five seconds"]
    assert said == ["Get ready", *one, *["Change legs", *one] * 3, "Done"]
    assert timer.js("speechSynthesis.cancels") == 0


def test_a_browser_that_speaks_only_after_a_tap_speaks_after_a_reload_in_mid_hold(
    timer: TimerCode,
) -> None:
    timer.do("device.speaksAfterTap = true")
    begin(timer)
    timer.run(15)
    timer.do("engine.save(); engine.halt(); speechSynthesis.unlocked = false; heard.words = []")
    timer.open(name="again")
    timer.do("tap(() => again.resume())")
    timer.run(31)
    said = timer.js("heard.words.map((words) => words.text)")
    assert said[:2] == ["Halfway.", "Five seconds."]


def test_the_hold_waits_for_the_words_before_it_to_end(timer: TimerCode) -> None:
    begin(timer, hold(0, spoken=LONG), hold(1))
    timer.run(40)
    lead, first = timer.js("heard.words.slice(0, 2).map((words) => [words.begunAt, words.endedAt])")
    assert lead[1] - lead[0] > 14_000
    assert timer.js("heard.words.filter((words) => words.broken).length") == 0
    assert 0 <= first[0] - lead[1] <= 200
    # The hold has its whole length all the same.
    timer.run(30)
    assert timer.held() == [("hold-0", 35, "finished")]


def test_words_that_never_end_delay_a_hold_only_briefly(timer: TimerCode) -> None:
    timer.do("device.ends = false")
    begin(timer, hold(0))
    timer.run(19.9)
    assert timer.js("engine.part") == "lead"
    timer.run(0.3)
    assert timer.js("engine.part") == "hold"


def test_without_words_a_hold_begins_on_time(timer: TimerCode) -> None:
    timer.do("device.voices = []")
    begin(timer, hold(0, spoken=LONG))
    timer.run(10)
    assert timer.js("[engine.part, engine.elapsed()]") == ["hold", 0]


def test_a_pause_ends_the_words(timer: TimerCode) -> None:
    begin(timer)
    timer.run(1)
    timer.do("engine.pause()")
    assert timer.js("[speechSynthesis.cancels, heard.words[0].broken]") == [1, True]


def test_voices_loaded_late_without_an_event_are_used_by_the_next_words(timer: TimerCode) -> None:
    timer.do("var late = device.voices; device.voices = []")
    begin(timer)
    timer.run(5)
    assert timer.js("engine.sounds.speaker.missing") is True
    timer.do("device.voices = late")
    timer.run(6)
    assert timer.js("heard.words.map((one) => one.text)") == ["Begin."]


def test_without_speech_synthesis_the_routine_runs() -> None:
    with TimerCode(setup="window.speechSynthesis = undefined;") as timer:
        begin(timer)
        timer.run(4 * 45 + 1)
        assert timer.js("engine.phase") == "done"
        assert timer.js("engine.sounds.lacks('voice')") is True
