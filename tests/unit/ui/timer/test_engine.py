"""The engine of the hold timer: it keeps exact time through pauses, sleep and reloads."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.timer_code import STEP_MS, TimerCode, hold, routine

WHOLE = [(f"hold-{number}", 35, "finished") for number in range(4)]
BEGAN_ALL = "engine.reports.at(-1).holds.map((hold) => hold.started_at)"


def begin(timer: TimerCode, *holds: dict[str, object]) -> None:
    timer.open(routine(*holds))
    timer.do("tap(() => engine.begin())")


def test_a_routine_takes_its_planned_time_and_says_every_change(timer: TimerCode) -> None:
    begin(timer)
    timer.run(4 * 45)
    lead, whole = ["tick"] * 3, ["begin", "halfway", *["tick"] * 5]
    one = [*lead, *whole]
    assert timer.cues == ["ready", *one, "switch", *one, "switch", *one, "switch", *one, "done"]
    assert timer.js("cues.at(-1)[1]") == pytest.approx(180, abs=0.01)
    assert timer.held() == WHOLE
    assert timer.js("engine.phase") == "done"


def test_late_ticks_do_not_move_the_clock(timer: TimerCode) -> None:
    """On a busy device no timer fires for up to seven seconds; every hold is exact all the same."""
    begin(timer)
    for _ in range(26):
        timer.do("clock.sleep(7000); clock.run(1)")
    assert timer.held() == WHOLE
    began = timer.js(f"{BEGAN_ALL}.map((text) => new Date(text).getTime())")
    gaps = [later - earlier for earlier, later in pairwise(began)]
    assert gaps == pytest.approx([45_000] * 3, abs=2)


def test_the_wall_clock_may_be_set_back(timer: TimerCode) -> None:
    begin(timer)
    timer.run(20)
    timer.do("clock.wall -= 3_600_000")
    timer.run(160)
    assert timer.held() == WHOLE


def test_time_past_the_end_of_a_part_counts_for_the_next(timer: TimerCode) -> None:
    timer.do("device.voices = []")
    begin(timer, hold(0, lead_s=3, hold_s=4), hold(1, lead_s=3, hold_s=9))
    timer.do("clock.sleep(8000); clock.run(1)")
    assert timer.held() == [("hold-0", 4, "finished")]
    assert timer.js("[engine.index, engine.part]") == [1, "lead"]
    assert timer.js("engine.remaining()") == pytest.approx(2000, abs=5)


def test_a_pause_adds_no_time_to_a_hold(timer: TimerCode) -> None:
    begin(timer)
    timer.run(20)
    timer.do("engine.pause()")
    timer.run(500)
    assert timer.js("[engine.remaining(), engine.phase]") == [25_000, "paused"]
    timer.do("engine.resume()")
    timer.run(25 + 3 * 45)
    assert timer.held() == WHOLE


def test_a_hold_can_be_extended_by_ten_seconds(timer: TimerCode) -> None:
    begin(timer)
    timer.run(10 + 32.5)
    timer.do("engine.extend()")
    assert timer.js("engine.remaining()") == 12_500
    timer.run(12.5)
    assert timer.held() == [("hold-0", 45, "finished")]
    # The last five seconds are counted again, as 32 to 35 s are no longer the last.
    assert timer.cues.count("tick") == 3 + 3 + 5


def test_a_hold_that_is_skipped_keeps_what_was_held(timer: TimerCode) -> None:
    begin(timer)
    timer.run(10 + 12)
    timer.do("engine.skip()")
    timer.run(4)
    timer.do("engine.skip()")
    assert timer.held() == [("hold-0", 12, "shortened"), ("hold-1", 0, "skipped")]
    assert timer.js("[engine.index, engine.part]") == [2, "lead"]


def test_back_repeats_a_hold_or_near_its_start_goes_to_the_hold_before(timer: TimerCode) -> None:
    begin(timer)
    timer.run(45 + 10 + 20)
    timer.do("engine.back()")
    assert timer.js("[engine.index, engine.part]") == [1, "lead"]
    timer.run(10 + 1)
    timer.do("engine.back()")
    assert timer.js("[engine.index, engine.part]") == [0, "lead"]
    timer.run(45)
    # After Back the hold was held twice, and both times count.
    assert timer.held() == [("hold-0", 70, "finished"), ("hold-1", 21, "shortened")]


def test_stopping_keeps_what_was_held(timer: TimerCode) -> None:
    begin(timer)
    timer.run(10 + 20)
    timer.do("engine.pause()")
    timer.do("engine.stop()")
    assert timer.held() == [("hold-0", 20, "shortened")]
    assert timer.js("engine.reports.at(-1).phase") == "stopped"


def test_parts_without_length_are_skipped(timer: TimerCode) -> None:
    begin(timer, hold(0, lead_s=0, hold_s=20), hold(1, lead_s=0, hold_s=20, rest_s=15))
    assert timer.js("engine.part") == "hold"
    timer.run(20)
    assert timer.js("engine.part") == "rest"
    timer.run(15)
    assert timer.js("[engine.index, engine.part]") == [1, "hold"]


@pytest.mark.parametrize("monotonic", [True, False], ids=["all clocks run", "one sleeps too"])
def test_time_asleep_does_not_count_as_held(timer: TimerCode, monotonic: bool) -> None:
    begin(timer)
    timer.run(10 + 20)
    timer.do(f"clock.sleep(3 * 3_600_000, {str(monotonic).lower()})")
    timer.run(0.2)
    assert timer.js("[engine.phase, engine.pauseReason]") == ["paused", "slept"]
    assert timer.js("engine.remaining()") == pytest.approx(15_000, abs=110)
    timer.do("engine.resume()")
    timer.run(15.2)
    assert timer.held() == [("hold-0", 35, "finished")]


def test_without_a_worker_a_hidden_tab_is_not_taken_for_a_sleep() -> None:
    with TimerCode(setup="Worker.allowed = false;") as timer:
        begin(timer)
        timer.run(10)
        # Browsers call the timers of a hidden tab once a minute.
        timer.do("clock.sleep(60_000); clock.run(1)")
        assert timer.js("engine.phase") == "running"
        timer.do("clock.sleep(100_000); clock.run(1)")
        assert timer.js("engine.pauseReason") == "slept"


def test_a_reload_goes_on_where_it_was(timer: TimerCode) -> None:
    begin(timer)
    timer.run(45 + 10 + 20)
    timer.do("window.dispatchEvent(new Event('pagehide'))")
    timer.open(name="again")
    assert timer.js("[again.phase, again.pauseReason, again.index]") == ["paused", "restored", 1]
    assert timer.js("again.remaining()") == 15_000
    timer.do("engine.halt(); again.resume()")
    timer.run(15 + 2 * 45)
    assert timer.held("again") == WHOLE


def test_a_crash_loses_at_most_a_second_and_no_finished_hold(timer: TimerCode) -> None:
    begin(timer)
    timer.run(45 + 10 + 20.5)
    timer.do("engine.halt()")  # the browser is killed
    timer.open(name="again")
    assert timer.js("again.records.size") == 1
    assert 14_500 <= timer.js("again.remaining()") <= 15_600


def test_a_browser_that_keeps_nothing_goes_on_at_the_first_hold_not_done(timer: TimerCode) -> None:
    done = [{"id": "hold-0", "held_s": 35, "outcome": "finished", "started_at": None}]
    timer.open(routine(done=done, started_at="2026-11-25T21:00:00+00:00"))
    assert timer.js("[engine.phase, engine.index, engine.part]") == ["paused", 1, "lead"]


def test_without_storage_the_routine_runs_all_the_same() -> None:
    with TimerCode(setup="localStorage = null;") as timer:
        begin(timer)
        timer.run(4 * 45)
        assert timer.held() == WHOLE


def test_of_two_tabs_only_one_runs_the_session_and_both_end_it(timer: TimerCode) -> None:
    begin(timer)
    timer.run(45 + 10 + 5)
    timer.open(name="other")
    timer.do("other.resume()")
    timer.run(0.1)
    assert timer.js("[engine.phase, engine.pauseReason]") == ["paused", "elsewhere"]
    timer.run(30 + 10 + 5)
    # The first tab continues where the other tab is.
    timer.do("engine.resume()")
    timer.run(0.1)
    assert timer.js("[engine.index, other.pauseReason]") == [2, "elsewhere"]
    timer.run(30 + 45 + 2)  # a tab saves its state once a second
    assert timer.js("[engine.phase, other.phase]") == ["done", "done"]
    assert timer.held("engine") == timer.held("other") == WHOLE


def test_other_routines_of_this_person_alone_are_reported(timer: TimerCode) -> None:
    for person, name in (("first", "mine"), ("second", "theirs")):
        data = routine(whose=person)
        data["routine"]["id"] = name
        timer.open(data, name)
        timer.do(f"{name}.begin()")
        timer.run(12)
        timer.do(f"{name}.stop()")
    kept = timer.js("$storage.keptReports('another', 'first')")
    assert [(one["whose"], one["holds"][0]["held_s"]) for one in kept] == [("first", 2)]
    assert timer.js("$storage.keptReports('mine', 'first')") == []


ACTIONS = st.sampled_from(["skip()", "back()", "extend()", "toggle()"])


@settings(deadline=None, max_examples=25)
@given(steps=st.lists(st.tuples(ACTIONS, st.integers(0, 40)), min_size=1, max_size=8))
def test_only_the_time_in_running_holds_is_recorded(steps: list[tuple[str, int]]) -> None:
    """Whatever is tapped, the seconds recorded are those that passed in running holds."""
    with TimerCode() as timer:
        begin(timer)
        timer.do("var looks = 0")
        for action, seconds in [*steps, ("stop()", 0)]:
            timer.run(seconds, "looks += engine.phase === 'running' && engine.part === 'hold'")
            timer.do(f"engine.{action}")
        held = timer.js("looks") * STEP_MS / 1000
        recorded = timer.js("[...engine.records.values()].reduce((sum, r) => sum + r.held_s, 0)")
        # A part may end between two readings, which are 100 ms apart.
        assert recorded == pytest.approx(held, abs=0.11 * (len(steps) + 8))


def test_after_another_page_the_routine_is_paused_where_it_was_left(timer: TimerCode) -> None:
    begin(timer)
    timer.run(20)
    # The browser kept the page as it was, with its timers stopped.
    timer.do("clock.sleep(5000); window.dispatchEvent(new Event('pageshow', { persisted: true }))")
    assert timer.js("[engine.phase, engine.pauseReason]") == ["paused", "left"]
    assert timer.js("Math.round(engine.remaining() / 1000)") == 25
    # A page that is shown for the first time has nothing to pause.
    timer.do("engine.resume(); window.dispatchEvent(new Event('pageshow', { persisted: false }))")
    assert timer.js("engine.phase") == "running"


def test_in_a_hidden_tab_a_hold_begins_on_time(timer: TimerCode) -> None:
    begin(timer)
    timer.run(3)
    timer.do("document.show(false)")
    timer.run(9)
    assert timer.js("engine.part") == "hold"
    assert timer.js("Math.round(engine.elapsed() / 1000)") == 2
