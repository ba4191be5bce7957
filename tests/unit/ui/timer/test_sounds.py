"""The cues of the timer on devices with reported faults: silent, interrupted, asleep."""

import pytest

from tests.support.timer_code import TimerCode, routine

TONES = "heard.tones.filter((tone) => tone.gain > 0.01).length"
ESCAPES = """
var escaped = 0;
for (const name of ["resume", "play"]) {
  const act = $tones.Tones.prototype[name];
  $tones.Tones.prototype[name] = function (...given) {
    const kept = act.apply(this, given);
    kept.catch(() => { escaped += 1; });
    return kept;
  };
}
"""
"""Counts in `escaped` the rejected promises of the tones that no code catches."""


def begin(timer: TimerCode, setup: str = "") -> None:
    timer.do(setup)
    timer.open(routine())
    timer.do("tap(() => engine.begin())")


def test_a_silent_iphone_sounds(timer: TimerCode) -> None:
    begin(timer, "device.silentSwitch = true; navigator.audioSession = { type: 'auto' }")
    timer.run(45)
    assert timer.js(TONES) >= 1 + 3 + 2 + 1 + 5
    timer.do("engine.stop()")
    timer.run(4)
    # The silent switch of the phone applies again.
    assert timer.js("navigator.audioSession.type") == "auto"


@pytest.mark.parametrize("state", ["interrupted", "suspended"])
def test_a_context_that_was_taken_away_is_resumed_by_the_next_cue(
    timer: TimerCode, state: str
) -> None:
    begin(timer)
    timer.run(20)
    before = timer.js(TONES)
    # On some phones a call ends without an event.
    timer.do(f"AudioContext.all[0].state = '{state}'")
    timer.run(25)
    assert timer.js(TONES) >= before + 1 + 5
    assert timer.js("AudioContext.all.length") == 1


@pytest.mark.parametrize("sign", ["document.show(false); document.show(true)", "'statechange'"])
def test_a_context_is_resumed_when_the_page_is_back_and_when_its_state_changes(
    timer: TimerCode, sign: str
) -> None:
    begin(timer)
    timer.run(12)
    if sign == "'statechange'":
        timer.do("AudioContext.all[0].interrupt('interrupted')")
    else:
        timer.do(f"AudioContext.all[0].state = 'interrupted'; {sign}")
    assert timer.js("AudioContext.all[0].state") == "running"


@pytest.mark.parametrize("tap", ["toggle", "skip", "back", "extend"])
@pytest.mark.parametrize("resume", ["never", "refuses"])
def test_a_context_that_will_not_resume_is_made_again_in_the_next_tap(
    timer: TimerCode, resume: str, tap: str
) -> None:
    begin(timer, f"device.resume = '{resume}'; device.dead = true; {ESCAPES}")
    timer.run(12)
    timer.do("AudioContext.all[0].interrupt('interrupted')")
    timer.run(10)
    timer.do("document.show(false); document.show(true)")
    if tap == "toggle":
        timer.do("tap(() => engine.toggle())")
    timer.do(f"tap(() => engine.{tap}())")
    assert timer.js("AudioContext.all.map((context) => context.state)") == ["closed", "running"]
    before = timer.js(TONES)
    timer.run(33)
    assert timer.js(TONES) >= before + 1 + 5
    assert timer.js("[heard.rejections, escaped]") == [0, 0]


def test_a_tone_that_would_come_too_late_is_left_out(timer: TimerCode) -> None:
    begin(timer)
    timer.run(12)
    timer.do(
        "AudioContext.all[0].state = 'suspended';"
        "AudioContext.all[0].resume = function () { return new Promise((kept) =>"
        " setTimeout(() => { this.state = 'running'; kept(); }, 5000)); }"
    )
    before = timer.js(TONES)
    timer.do("engine.sounds.cue('begin')")
    timer.run(6)
    assert timer.js(TONES) == before


def test_a_bluetooth_speaker_is_kept_awake_from_begin_to_the_end(timer: TimerCode) -> None:
    begin(timer, "device.speakerSleeps = true; speaker.awakeUntil = -1")
    timer.run(1)
    assert timer.js(TONES) == 1, "the first beep waits until the speaker is awake"
    assert timer.js("heard.words[0].clear")
    timer.run(44)
    assert timer.js(TONES) >= 1 + 3 + 2 + 1 + 5
    steady = "AudioContext.all[0] && engine.sounds.player.unheard !== null"
    assert timer.js(steady)
    timer.do("engine.stop()")
    timer.run(4)
    assert not timer.js(steady)


def test_without_tones_and_voice_nothing_is_opened(timer: TimerCode) -> None:
    data = routine()
    data["sounds"] |= {"tones": False, "voice": False}
    timer.open(data)
    timer.do("tap(() => engine.begin())")
    assert timer.js("AudioContext.all.length") == 0


def test_after_a_sleep_it_sounds_and_says_where_it_paused(timer: TimerCode) -> None:
    begin(timer)
    timer.run(30)
    timer.do("AudioContext.all[0].state = 'interrupted'; clock.sleep(3_600_000)")
    before = timer.js(TONES)
    timer.run(2)
    assert timer.js(TONES) == before + 2
    assert timer.js("heard.words.at(-1).text") == (
        "Paused: this device was asleep. Side reach. left leg up."
    )


def test_in_a_rest_the_next_position_is_said(timer: TimerCode) -> None:
    data = routine()
    data["routine"]["holds"][1]["rest_s"] = 15
    timer.open(data)
    timer.do("tap(() => engine.begin())")
    timer.run(50)
    assert timer.js("heard.words.at(-1).text") == (
        "Rest. Both feet on the floor. Next: Side reach. right leg up."
    )


def test_a_browser_says_what_it_lacks(timer: TimerCode) -> None:
    kinds = "['tones', 'voice', 'vibration'].map((kind) => engine.sounds.lacks(kind))"
    timer.do("navigator.vibrate = () => true")
    timer.open(routine())
    assert timer.js(kinds) == [False, False, False]
    timer.do("delete navigator.vibrate; window.AudioContext = undefined; device.voices = []")
    timer.run(3)
    assert timer.js(kinds) == [True, True, True]
    # The routine runs without them.
    timer.do("tap(() => engine.begin())")
    timer.run(12)
    assert timer.js("engine.part") == "hold"


@pytest.mark.parametrize(
    ("setup", "silenced"),
    [
        # An old iPhone: navigator.audioSession came with Safari 16.4.
        ("window.CSS = { supports: (name) => name === '-webkit-touch-callout' }", True),
        (
            "window.CSS = { supports: (name) => name === '-webkit-touch-callout' };"
            "navigator.audioSession = { type: 'auto' }",
            False,
        ),
        ("window.CSS = { supports: () => false }", False),
        ("", False),
    ],
    ids=["old iPhone", "iPhone", "other phone", "no CSS"],
)
def test_the_timer_knows_whether_the_silent_switch_mutes_the_tones(
    timer: TimerCode, setup: str, silenced: bool
) -> None:
    timer.do(setup)
    timer.open(routine())
    assert timer.js("engine.sounds.silenced") is silenced


def test_a_browser_that_refuses_every_sound_moves_no_hold(timer: TimerCode) -> None:
    timer.do("device.throws = true; navigator.vibrate = mayThrow")
    timer.open(routine())
    timer.do("tap(() => engine.begin())")
    timer.run(4 * 45 + 1)
    assert timer.js("engine.phase") == "done"
    assert {held for _, held, _ in timer.held()} == {35.0}


def test_a_context_that_the_system_closes_moves_no_hold(timer: TimerCode) -> None:
    begin(timer)
    timer.run(12)
    timer.do("device.throws = true; AudioContext.all[0].state = 'closed'")
    timer.run(40)
    timer.do("device.throws = false; engine.pause(); tap(() => engine.resume())")
    before = timer.js(TONES)
    timer.run(40)
    assert timer.js(TONES) > before
    assert timer.held()[0] == ("hold-0", 35.0, "finished")
