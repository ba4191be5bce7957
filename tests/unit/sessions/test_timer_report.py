"""Reading reports of the timer, and merging them without loss or duplicates."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.domain.models import (
    VOLUME_MAX,
    DayPart,
    HoldOutcome,
    Moment,
    Profile,
    Routine,
    RoutineStretch,
    Session,
    SessionState,
)
from holdwell.guide.load import guide
from holdwell.sessions.plan import Plan, plan
from holdwell.sessions.timer_report import (
    can_resume,
    close_as_is,
    merge,
    read_preferences,
    read_report,
)


def made_plan() -> Plan:
    stretches = guide().stretches
    routine = Routine("r", "Mine", tuple(RoutineStretch(s.id) for s in stretches))
    return plan(routine, stretches, 10)


def raw_report(
    made: Plan, held: list[float], phase: str = "running", **changes: Any
) -> dict[str, Any]:
    holds = [
        {
            "id": spec.id,
            "held_s": seconds,
            "outcome": "finished" if seconds >= spec.hold_s else "shortened",
            "started_at": f"2026-11-24T20:0{number}:00.000Z",
        }
        for number, (spec, seconds) in enumerate(zip(made.holds, held, strict=False))
    ]
    return {
        "plan": made.to_json(),
        "phase": phase,
        "started_at": "2026-11-24T20:00:00.000Z",
        "ended_at": None if phase == "running" else "2026-11-24T20:05:00.000Z",
        "utc_offset": 60,
        "holds": holds,
    } | changes


def read(made: Plan, held: list[float], phase: str = "running") -> Session:
    report = read_report(raw_report(made, held, phase))
    assert report is not None
    return report


def test_report_is_read_whole() -> None:
    made = made_plan()
    report = read(made, [35.0, 20.0])
    assert report.state is SessionState.OPEN
    assert report.started.local.hour == 21
    assert [(h.held_s, h.outcome, h.position) for h in report.holds] == [
        (35.0, HoldOutcome.FINISHED, 0),
        (20.0, HoldOutcome.SHORTENED, 1),
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(JSON)
def test_any_nonsense_from_the_browser_is_no_report(raw: object) -> None:
    assert read_report(raw) is None


@given(st.sampled_from(["phase", "started_at", "utc_offset", "holds", "plan"]), JSON)
def test_a_spoilt_field_never_raises(field: str, value: object) -> None:
    report = read_report(raw_report(made_plan(), [35.0]) | {field: value})
    assert report is None or Plan.from_json(report.plan)


@pytest.mark.parametrize(
    "when", ["1601-01-01T00:00:00Z", "2300-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
)
@pytest.mark.parametrize("field", ["started_at", "ended_at"])
def test_a_clock_that_is_far_off_is_no_report(field: str, when: str) -> None:
    """It would be stored, and every later export would be refused."""
    made = made_plan()
    assert read_report(raw_report(made, [30.0], "done", **{field: when})) is None
    report = raw_report(made, [30.0], "done")
    report["holds"][0]["started_at"] = when
    assert read_report(report) is None


@pytest.mark.parametrize("minutes", [-1081, 1081, 1439, 1440])
def test_an_offset_that_no_zone_has_is_no_report(minutes: int) -> None:
    assert read_report(raw_report(made_plan(), [30.0], utc_offset=minutes)) is None


def test_ids_that_no_export_holds_are_no_report() -> None:
    made = made_plan()
    first, second, *rest = made.holds
    for odd in (
        replace(made, id="x" * 101),
        replace(made, id=""),
        replace(made, holds=(replace(first, id="x" * 101), second, *rest)),
        replace(made, holds=(first, replace(second, id=first.id), *rest)),
        replace(made, holds=(replace(first, stretch="x" * 101), second, *rest)),
    ):
        assert read_report(raw_report(odd, [30.0])) is None


def test_a_plan_without_end_is_no_report() -> None:
    assert read_report(raw_report(made_plan(), [30.0], plan="[" * 5_000_000)) is None


def test_holds_that_the_plan_does_not_have_are_left_out() -> None:
    made, other = made_plan(), made_plan()
    raw = raw_report(made, [35.0])
    raw["holds"] += raw_report(other, [35.0])["holds"]
    report = read_report(raw)
    assert report is not None
    assert [h.id for h in report.holds] == [made.holds[0].id]


@pytest.mark.parametrize("held", [float("nan"), float("inf"), "soon", None])
def test_seconds_that_are_not_a_number_are_no_report(held: object) -> None:
    raw = raw_report(made_plan(), [35.0])
    raw["holds"][0]["held_s"] = held
    assert read_report(raw) is None


def test_first_report_opens_a_session() -> None:
    made = made_plan()
    session = merge(None, read(made, []))
    assert (session.id, session.state, session.holds) == (made.id, SessionState.OPEN, ())
    assert Plan.from_json(session.plan) == made


@pytest.mark.parametrize(
    ("ends_at", "day", "part"),
    [(0, date(2026, 11, 25), DayPart.MORNING), (4, date(2026, 11, 24), DayPart.BEDTIME)],
)
def test_a_session_after_midnight_belongs_to_the_day_that_the_user_chose(
    ends_at: int, day: date, part: DayPart
) -> None:
    after_midnight = raw_report(made_plan(), [], started_at="2026-11-25T00:30:00.000Z")
    report = read_report(after_midnight, ends_at)
    assert report is not None
    assert (report.local_day, report.part) == (day, part)


@given(st.lists(st.floats(0, 60), max_size=4), st.integers(1, 4))
def test_merging_a_report_again_changes_nothing(held: list[float], times: int) -> None:
    report = read(made_plan(), held, "done")
    once = merge(None, report)
    again = once
    for _ in range(times):
        again = merge(again, report)
    assert again == once
    assert len(again.holds) == len(held)


def test_reports_in_any_order_end_the_same() -> None:
    made = made_plan()
    early, late = read(made, [35.0]), read(made, [35.0, 30.0, 35.0, 35.0], "done")
    forward = merge(merge(None, early), late)
    backward = merge(merge(None, late), early)
    assert forward == backward
    assert forward.state is SessionState.FINISHED


def test_a_late_report_undoes_no_rating_and_no_edit() -> None:
    made = made_plan()
    session = merge(None, read(made, [35.0, 35.0, 35.0, 35.0], "done"))
    edited = replace(
        session,
        pain_after=2,
        holds=(replace(session.holds[0], held_s=10.0), *session.holds[1:]),
    )
    assert merge(edited, read(made, [35.0])) == edited


def test_stopping_early_is_kept_as_stopped() -> None:
    session = merge(None, read(made_plan(), [35.0, 12.0], "stopped"))
    assert session.state is SessionState.STOPPED
    assert session.held_s == 47.0


def test_resume_while_fresh_and_unfinished() -> None:
    made = made_plan()
    session = merge(None, read(made, [35.0]))
    start = session.started

    def at(**later: float) -> Moment:
        return Moment(start.utc + timedelta(**later), 60)

    assert can_resume(session, at(minutes=5))
    assert not can_resume(session, at(hours=3))
    assert can_resume(session, at(minutes=-5)), "a phone's clock may be ahead"
    assert not can_resume(session, at(hours=-3))
    last_hold_over = merge(session, read(made, [35.0] * 4))
    assert last_hold_over.state is SessionState.OPEN
    assert not can_resume(last_hold_over, at(minutes=6))
    done = merge(session, read(made, [35.0] * 4, "done"))
    assert not can_resume(done, at(minutes=6))


def test_closing_as_is_keeps_every_hold() -> None:
    session = merge(None, read(made_plan(), [35.0, 20.0]))
    closed = close_as_is(session, Moment(session.started.utc + timedelta(days=1), 60))
    assert closed.state is SessionState.STOPPED
    assert closed.holds == session.holds
    assert closed.ended is not None
    assert closed.ended.utc == session.started.utc + timedelta(minutes=1)


def test_preferences_of_the_timer_change_those_of_the_profile() -> None:
    sent = {"sound": False, "voice": True, "vibration": False, "volume": 140}
    read = read_preferences(sent)
    assert read is not None
    profile = read.apply(Profile(id="p", voice=False, volume=30))
    assert (profile.sound, profile.voice, profile.vibration, profile.volume) == (
        False,
        True,
        False,
        VOLUME_MAX,
    )


@pytest.mark.parametrize(
    "sent",
    [
        None,
        [],
        {"sound": True, "voice": True, "vibration": True},
        {"sound": 1, "voice": True, "vibration": True, "volume": 40},
        {"sound": True, "voice": True, "vibration": True, "volume": "40"},
        {"sound": True, "voice": True, "vibration": True, "volume": True},
    ],
)
def test_invalid_preferences_are_ignored(sent: object) -> None:
    assert read_preferences(sent) is None
