"""Planning a session: the holds of a routine in order, its short version, its way through JSON."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.domain.models import DayPart, Profile, Routine, RoutineStretch, Side
from holdwell.guide.load import guide
from holdwell.sessions.defaults import starting_routines
from holdwell.sessions.plan import (
    Lead,
    Plan,
    offered_first,
    plan,
    short_plan,
)

STRETCHES = guide().stretches
ALL = tuple(RoutineStretch(s.id) for s in STRETCHES)


def made_plan(get_ready_s: int = 10, **changes: Any) -> Plan:
    return plan(replace(Routine("r", "Mine", ALL), **changes), STRETCHES, get_ready_s)


def test_plan_does_both_stretches_on_both_sides() -> None:
    made = made_plan()
    assert [(h.stretch, h.side.value, h.lead) for h in made.holds] == [
        ("side_reach", "left", Lead.READY),
        ("side_reach", "right", Lead.SWITCH),
        ("hinge_forward", "left", Lead.NEXT),
        ("hinge_forward", "right", Lead.SWITCH),
    ]
    assert {h.hold_s for h in made.holds} == {35}
    assert made.seconds == 4 * (35 + 10 + 8) + 5


def test_the_first_hold_has_five_seconds_more_to_get_ready() -> None:
    usual = Profile(id="p").get_ready_seconds
    assert [h.lead_s for h in made_plan(usual).holds] == [20, 15, 15, 15]
    assert [h.lead_s for h in made_plan(0).holds] == [0, 0, 0, 0]


def test_plan_follows_the_routine() -> None:
    made = made_plan(
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
    assert made.seconds == 160 + 4 * 8


def test_the_side_that_hurts_more_gets_one_hold_more() -> None:
    made = made_plan(extra_side=Side.RIGHT, repeats=2, rest_s=15)
    assert [(h.side, h.lead, h.rest_s) for h in made.holds[:5]] == [
        (Side.LEFT, Lead.READY, 0),
        (Side.RIGHT, Lead.SWITCH, 15),
        (Side.LEFT, Lead.SWITCH, 15),
        (Side.RIGHT, Lead.SWITCH, 15),
        (Side.RIGHT, Lead.AGAIN, 15),
    ]
    assert len(made.holds) == 10
    assert made.holds[5].lead is Lead.NEXT
    assert made.seconds == 10 * (35 + 10 + 8) + 5 + 9 * 15


def test_a_stretch_no_longer_taught_is_left_out() -> None:
    made = made_plan(stretches=(RoutineStretch("gone"), RoutineStretch("side_reach", 40)))
    assert {h.stretch for h in made.holds} == {"side_reach"}
    assert {h.stretch for h in made_plan(stretches=(RoutineStretch("gone"),)).holds} == {
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
def test_every_side_gets_its_holds(routine: Routine, ready: int) -> None:
    made = plan(routine, STRETCHES, ready)
    for item in routine.stretches:
        for side in Side:
            holds = [h for h in made.holds if (h.stretch, h.side) == (item.stretch, side)]
            assert len(holds) == routine.repeats + (side is routine.extra_side)
            assert {h.hold_s for h in holds} == {item.hold_s}
    assert made.holds[0].lead is Lead.READY
    assert made.holds[0].rest_s == 0


@given(ROUTINES, st.integers(0, 60))
def test_the_short_version_takes_two_minutes_at_most(routine: Routine, ready: int) -> None:
    made = short_plan(routine, STRETCHES, ready)
    assert 0 < made.seconds - made.holds[-1].out_s <= 120
    assert {h.out_s for h in made.holds} == {5}
    sides = [(h.stretch, h.side) for h in made.holds]
    assert len(set(sides)) == len(sides)
    assert {stretch for stretch, _ in sides} <= {item.stretch for item in routine.stretches}


def test_everyone_begins_with_morning_and_bedtime() -> None:
    profile = replace(Profile(), hold_seconds=50, first_side=Side.RIGHT)
    found = starting_routines(profile)
    assert [(r.name, r.part, r.first_side) for r in found] == [
        ("Morning", DayPart.MORNING, Side.RIGHT),
        ("Bedtime", DayPart.BEDTIME, Side.RIGHT),
    ]
    assert {item.hold_s for r in found for item in r.stretches} == {50}
    assert offered_first(found, DayPart.BEDTIME).name == "Bedtime"
    assert offered_first(found, DayPart.OTHER).name == "Morning"


def test_every_plan_has_ids_of_its_own() -> None:
    ids = [h.id for made in (made_plan(), made_plan()) for h in made.holds]
    assert len(set(ids)) == 8


def test_plan_survives_the_way_through_json() -> None:
    made = made_plan()
    assert Plan.from_json(made.to_json()) == made


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", '{"id": 1}', '{"id": "a", "holds": [{"id": "b"}]}',
     '{"id":"a","holds":[{"id":"b","stretch":"s","side":"left","hold_s":-1,"lead":"ready","lead_s":0}]}'],
)  # fmt: skip
def test_a_broken_plan_is_none(text: str) -> None:
    assert Plan.from_json(text) is None
