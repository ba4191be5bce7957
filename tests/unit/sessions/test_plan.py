"""Planning a session, reading what the browser says, and merging it without loss or doubling."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.domain.models import (
    DayPart,
    HoldOutcome,
    Moment,
    Profile,
    Routine,
    RoutineStretch,
    SessionState,
    Side,
)
from holdwell.guide import guide
from holdwell.sessions import plan as routine
from holdwell.sessions.plan import Lead, Plan, ReportPhase

STRETCHES = guide().stretches


ALL = tuple(RoutineStretch(s.id) for s in STRETCHES)


def plan(get_ready_s: int = 10, **changes: Any) -> Plan:
    return routine.plan(replace(Routine("r", "Mine", ALL), **changes), STRETCHES, get_ready_s)


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


def read(made: Plan, held: list[float], phase: str = "running") -> routine.Report:
    report = routine.read_report(raw_report(made, held, phase))
    assert report is not None
    return report


def test_plan_does_both_stretches_on_both_sides() -> None:
    made = plan()
    assert [(h.stretch, h.side.value, h.lead) for h in made.holds] == [
        ("side_reach", "left", Lead.READY),
        ("side_reach", "right", Lead.SWITCH),
        ("hinge_forward", "left", Lead.NEXT),
        ("hinge_forward", "right", Lead.SWITCH),
    ]
    assert {h.hold_s for h in made.holds} == {35}
    assert made.seconds == 4 * (35 + 10)


def test_plan_follows_the_routine() -> None:
    made = plan(
        get_ready_s=0,
        first_side=Side.RIGHT,
        stretches=(RoutineStretch("hinge_forward", 60), RoutineStretch("side_reach", 20)),
    )
    assert [(h.stretch, h.side, h.hold_s) for h in made.holds] == [
        ("hinge_forward", Side.RIGHT, 60),
        ("hinge_forward", Side.LEFT, 60),
        ("side_reach", Side.RIGHT, 20),
        ("side_reach", Side.LEFT, 20),
    ]
    assert made.seconds == 160


def test_the_side_that_hurts_more_gets_one_hold_more() -> None:
    made = plan(extra_side=Side.RIGHT, repeats=2, rest_s=15)
    assert [(h.side, h.lead, h.rest_s) for h in made.holds[:5]] == [
        (Side.LEFT, Lead.READY, 0),
        (Side.RIGHT, Lead.SWITCH, 15),
        (Side.LEFT, Lead.SWITCH, 15),
        (Side.RIGHT, Lead.SWITCH, 15),
        (Side.RIGHT, Lead.AGAIN, 15),
    ]
    assert len(made.holds) == 10
    assert made.holds[5].lead is Lead.NEXT
    assert made.seconds == 10 * (35 + 10) + 9 * 15


def test_a_stretch_no_longer_taught_is_left_out() -> None:
    made = plan(stretches=(RoutineStretch("gone"), RoutineStretch("side_reach", 40)))
    assert {h.stretch for h in made.holds} == {"side_reach"}
    assert {h.stretch for h in plan(stretches=(RoutineStretch("gone"),)).holds} == {
        s.id for s in STRETCHES
    }


ROUTINES = st.builds(
    Routine,
    id=st.just("r"),
    name=st.just("Mine"),
    stretches=st.lists(
        st.builds(RoutineStretch, st.sampled_from([s.id for s in STRETCHES]), st.integers(20, 90)),
        min_size=1,
        max_size=2,
        unique_by=lambda item: item.stretch,
    ).map(tuple),
    first_side=st.sampled_from(Side),
    extra_side=st.none() | st.sampled_from(Side),
    repeats=st.integers(1, 5),
    rest_s=st.integers(0, 60),
)


@given(ROUTINES, st.integers(0, 60))
def test_every_side_gets_its_holds(shaped: Routine, ready: int) -> None:
    made = routine.plan(shaped, STRETCHES, ready)
    for item in shaped.stretches:
        for side in Side:
            holds = [h for h in made.holds if (h.stretch, h.side) == (item.stretch, side)]
            assert len(holds) == shaped.repeats + (side is shaped.extra_side)
            assert {h.hold_s for h in holds} == {item.hold_s}
    assert made.holds[0].lead is Lead.READY
    assert made.holds[0].rest_s == 0


@given(ROUTINES, st.integers(0, 60))
def test_the_short_version_takes_two_minutes_at_most(shaped: Routine, ready: int) -> None:
    made = routine.short_plan(shaped, STRETCHES, ready)
    assert 0 < made.seconds <= 120
    sides = [(h.stretch, h.side) for h in made.holds]
    assert len(set(sides)) == len(sides)
    assert {stretch for stretch, _ in sides} <= {item.stretch for item in shaped.stretches}


def test_everyone_begins_with_morning_and_bedtime() -> None:
    names = {DayPart.MORNING: "Morning", DayPart.BEDTIME: "Bedtime"}
    profile = replace(Profile(), hold_seconds=50, first_side=Side.RIGHT)
    found = routine.starting_routines(names, STRETCHES, profile)
    assert [(r.name, r.part, r.first_side) for r in found] == [
        ("Morning", DayPart.MORNING, Side.RIGHT),
        ("Bedtime", DayPart.BEDTIME, Side.RIGHT),
    ]
    assert {item.hold_s for r in found for item in r.stretches} == {50}
    assert routine.offered_first(found, DayPart.BEDTIME).name == "Bedtime"
    assert routine.offered_first(found, DayPart.OTHER).name == "Morning"


def test_every_plan_has_ids_of_its_own() -> None:
    ids = [h.id for made in (plan(), plan()) for h in made.holds]
    assert len(set(ids)) == 8


def test_plan_survives_the_way_through_json() -> None:
    made = plan()
    assert Plan.from_json(made.to_json()) == made


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", '{"id": 1}', '{"id": "a", "holds": [{"id": "b"}]}',
     '{"id":"a","holds":[{"id":"b","stretch":"s","side":"left","hold_s":-1,"lead":"ready","lead_s":0}]}'],
)  # fmt: skip
def test_a_broken_plan_is_none(text: str) -> None:
    assert Plan.from_json(text) is None


def test_report_is_read_whole() -> None:
    made = plan()
    report = read(made, [35.0, 20.0])
    assert report.phase is ReportPhase.RUNNING
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
    assert routine.read_report(raw) is None


@given(st.sampled_from(["phase", "started_at", "utc_offset", "holds", "plan"]), JSON)
def test_a_spoilt_field_never_raises(field: str, value: object) -> None:
    report = routine.read_report(raw_report(plan(), [35.0]) | {field: value})
    assert report is None or report.plan.holds


def test_holds_that_the_plan_does_not_have_are_left_out() -> None:
    made, other = plan(), plan()
    raw = raw_report(made, [35.0])
    raw["holds"] += raw_report(other, [35.0])["holds"]
    report = routine.read_report(raw)
    assert report is not None
    assert [h.id for h in report.holds] == [made.holds[0].id]


@pytest.mark.parametrize("held", [float("nan"), float("inf"), "soon", None])
def test_no_sensible_seconds_is_no_report(held: object) -> None:
    raw = raw_report(plan(), [35.0])
    raw["holds"][0]["held_s"] = held
    assert routine.read_report(raw) is None


def test_first_report_opens_a_session() -> None:
    made = plan()
    session = routine.merge(None, read(made, []))
    assert (session.id, session.state, session.holds) == (made.id, SessionState.OPEN, ())
    assert Plan.from_json(session.plan) == made


@given(st.lists(st.floats(0, 60), max_size=4), st.integers(1, 4))
def test_saying_it_again_changes_nothing(held: list[float], times: int) -> None:
    report = read(plan(), held, "done")
    once = routine.merge(None, report)
    again = once
    for _ in range(times):
        again = routine.merge(again, report)
    assert again == once
    assert len(again.holds) == len(held)


def test_reports_in_any_order_end_the_same() -> None:
    made = plan()
    early, late = read(made, [35.0]), read(made, [35.0, 30.0, 35.0, 35.0], "done")
    forward = routine.merge(routine.merge(None, early), late)
    backward = routine.merge(routine.merge(None, late), early)
    assert forward == backward
    assert forward.state is SessionState.FINISHED


def test_a_late_report_does_not_undo_her_ratings_or_edits() -> None:
    made = plan()
    session = routine.merge(None, read(made, [35.0, 35.0, 35.0, 35.0], "done"))
    edited = replace(
        session,
        pain_after=2,
        holds=(replace(session.holds[0], held_s=10.0), *session.holds[1:]),
    )
    assert routine.merge(edited, read(made, [35.0])) == edited


def test_stopping_early_is_kept_as_stopped() -> None:
    session = routine.merge(None, read(plan(), [35.0, 12.0], "stopped"))
    assert session.state is SessionState.STOPPED
    assert session.held_s == 47.0


def test_resume_while_fresh_and_unfinished() -> None:
    made = plan()
    session = routine.merge(None, read(made, [35.0]))
    start = session.started

    def at(**later: float) -> Moment:
        return Moment(start.utc + timedelta(**later), 60)

    assert routine.can_resume(session, at(minutes=5))
    assert not routine.can_resume(session, at(hours=3))
    assert not routine.can_resume(session, at(minutes=-5))
    done = routine.merge(session, read(made, [35.0] * 4, "done"))
    assert not routine.can_resume(done, at(minutes=6))


def test_closing_as_is_keeps_every_hold() -> None:
    session = routine.merge(None, read(plan(), [35.0, 20.0]))
    closed = routine.close_as_is(session, Moment(session.started.utc + timedelta(days=1), 60))
    assert closed.state is SessionState.STOPPED
    assert closed.holds == session.holds
    assert closed.ended is not None
    assert closed.ended.utc == session.started.utc + timedelta(minutes=1)
