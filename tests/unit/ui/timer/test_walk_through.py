"""The walk-through of the steps, and the ways into and out of a hold."""

import pytest

from tests.support.timer_code import TimerCode, routine, taught

LETTER_S, PAUSE_S = 0.07, 2.5
"""How long the fake voice takes for a letter, and the pause after a step."""
FIRST = ("Find a low base, a chair or a bed. It must not slide away from you.", "Lift one heel.")
AT = "[engine.index, engine.part, engine.step]"


def begin(timer: TimerCode, teaching: bool = True) -> None:
    timer.open(routine(taught(0, *FIRST), taught(1, "Lift the other heel.")))
    timer.do(f"tap(() => engine.begin({str(teaching).lower()}))")


def words(timer: TimerCode) -> list[str]:
    return [one["text"] for one in timer.js("heard.words") if one["text"]]


def test_each_step_is_said_before_the_first_hold_and_the_hold_follows_by_itself(
    timer: TimerCode,
) -> None:
    begin(timer)
    timer.run(25)
    place = "Side reach. left leg up."
    assert words(timer)[:3] == [f"{place} {FIRST[0]}", FIRST[1], "Begin."]
    assert timer.js(AT)[:2] == [0, "hold"]
    timer.run(120)
    assert timer.js("engine.phase") == "done"
    assert timer.held() == [("hold-0", 35, "finished"), ("hold-1", 35, "finished")]


@pytest.mark.parametrize("ms", [20, 70, 200])
def test_a_step_waits_for_the_end_of_its_words_and_a_pause(timer: TimerCode, ms: int) -> None:
    timer.do(f"device.msPerLetter = {ms}")
    begin(timer)
    spoken = len(f"Side reach. left leg up. {FIRST[0]}") * ms / 1000
    timer.run(1 + spoken + 1)
    assert timer.js("engine.step") == 0
    # After a fast voice the step stays for as long as it takes to read.
    timer.run(2 + max(0, LETTER_S * len(FIRST[0]) + PAUSE_S - spoken - 2))
    assert timer.js("engine.step") == 1


def test_without_a_voice_a_step_lasts_as_long_as_its_text_is_read(timer: TimerCode) -> None:
    timer.do("device.voices = []")
    begin(timer)
    reading = LETTER_S * len(FIRST[0]) + PAUSE_S
    timer.run(reading - 0.2)
    assert timer.js("engine.step") == 0
    timer.run(0.4)
    assert timer.js("engine.step") == 1


def test_next_and_again(timer: TimerCode) -> None:
    begin(timer)
    timer.run(3)
    timer.do("engine.back()")
    assert timer.js(AT) == [0, "teach", 0], "again"
    timer.do("engine.skip()")
    assert timer.js(AT) == [0, "teach", 1]
    timer.do("engine.back()")
    assert timer.js(AT) == [0, "teach", 0], "near its start: the step before"
    timer.do("engine.skip(); engine.skip()")
    assert timer.js(AT)[:2] == [0, "hold"]
    assert timer.held() == []


def test_beginning_at_the_holds_teaches_nothing(timer: TimerCode) -> None:
    begin(timer, teaching=False)
    timer.run(5)
    assert timer.js("engine.part") == "lead"
    assert FIRST[0] not in " ".join(words(timer))


def test_a_position_is_not_taught_twice(timer: TimerCode) -> None:
    timer.open(routine(taught(0, *FIRST), taught(2, lead="again")))
    timer.do("tap(() => engine.begin(true)); engine.skip(); engine.skip()")
    timer.run(35 + 8 + 1)
    assert timer.js("[engine.index, engine.part]") == [1, "lead"]


def test_after_a_reload_the_lesson_continues_at_its_step(timer: TimerCode) -> None:
    begin(timer)
    timer.do("engine.skip()")
    timer.run(2)
    timer.do("window.dispatchEvent(new Event('pagehide'))")
    timer.open(routine(taught(0, *FIRST), taught(1, "Lift the other heel.")), "again")
    assert timer.js("[again.phase, again.part, again.step]") == ["paused", "teach", 1]
    timer.do("engine.halt(); tap(() => again.resume())")
    timer.run(20)
    assert timer.js("again.part") == "hold"
    timer.do("again.skip()")
    assert timer.js("again.part") == "teach", "the other leg is taught too"


def test_a_pause_in_a_step_stops_it(timer: TimerCode) -> None:
    begin(timer)
    timer.run(1)
    timer.do("engine.pause()")
    timer.run(60)
    assert timer.js("[engine.phase, engine.step]") == ["paused", 0]


def test_the_way_out_of_every_hold_is_shown(timer: TimerCode) -> None:
    begin(timer, teaching=False)
    timer.run(10 + 35 + 1)
    assert timer.js("engine.part") == "out"
    assert timer.held() == [("hold-0", 35, "finished")], "what was held is told at once"
    assert timer.cues[-1] == "out"
    timer.run(8 + 10 + 35)
    assert timer.js("[engine.index, engine.part, engine.phase]") == [1, "out", "running"]
    timer.run(8)
    assert timer.js("engine.phase") == "done"
    assert words(timer).count("Lower your arm and heel.") == 2


def test_the_next_hold_waits_for_the_words_of_the_way_out(timer: TimerCode) -> None:
    timer.open(routine(taught(0, come_out="Lower. " * 20), taught(1)))
    timer.do("tap(() => engine.begin())")
    timer.run(10 + 35 + 8 + 1)
    assert timer.js("engine.part") == "out"
    timer.run(2)
    assert timer.js("[engine.index, engine.part]") == [1, "lead"]


def test_back_on_the_way_out_repeats_the_hold(timer: TimerCode) -> None:
    begin(timer, teaching=False)
    timer.run(10 + 35 + 8 + 10 + 35 + 2)
    timer.do("engine.back()")
    assert timer.js("[engine.index, engine.part]") == [1, "lead"]


@pytest.mark.parametrize("how", ["window.dispatchEvent(new Event('pagehide'))", "engine.halt()"])
def test_closing_the_page_on_the_last_way_out_finishes_the_session(
    timer: TimerCode, how: str
) -> None:
    begin(timer, teaching=False)
    timer.run(10 + 35 + 8 + 10 + 35 + 2)
    timer.do(how)
    timer.open(routine(taught(0), taught(1)), "again")
    assert timer.js("again.phase") == "done"
    assert timer.js("$storage.keptReports('another', 'first')[0].phase") == "done"


def test_the_breath_is_mentioned_twice_in_a_hold_between_the_other_words(timer: TimerCode) -> None:
    begin(timer, teaching=False)
    timer.run(10 + 34)
    assert words(timer)[1:] == [
        "Begin.", "Breathe slowly.", "Halfway.", "Breathe slowly.", "Five seconds.",
    ]  # fmt: skip
    assert not [one for one in timer.js("heard.words") if one.get("broken")]


def test_the_shortest_hold_has_room_for_both(timer: TimerCode) -> None:
    timer.open(routine(taught(0, hold_s=20)))
    timer.do("tap(() => engine.begin())")
    timer.run(10 + 20)
    assert words(timer).count("Breathe slowly.") == 2


def test_breathing_that_is_turned_off_stays_off(timer: TimerCode) -> None:
    timer.open(routine(taught(0)))
    timer.do("engine.breathing.toggle()")
    timer.open(routine(taught(0)), "later")
    timer.do("tap(() => later.begin())")
    timer.run(10 + 34)
    assert "Breathe slowly." not in words(timer)
