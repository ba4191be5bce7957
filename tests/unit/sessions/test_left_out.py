"""What the guide takes out of a session, and how long an answer "I have asked" holds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.domain import dates
from holdwell.domain.dates import Stage
from holdwell.domain.models import BirthKind, CheckInAnswer, Condition, Moment, Pregnancy
from holdwell.guide import situations
from holdwell.guide.advice import LineKind
from holdwell.guide.load import guide
from holdwell.sessions.left_out import (
    ASKED,
    Asked,
    LeftOutNow,
    about_now,
    goal_history,
    left_out_now,
    read_asked,
    still_applying,
    write_asked,
)
from holdwell.store.repository import Store
from tests.conftest import TODAY, MakeSession

DAY = date(2026, 11, 24)
BOTH = {"side_reach", "hinge_forward"}
BEFORE_CHECK = "caesarean_before_check"


def after_birth(days: int) -> tuple[Pregnancy, Stage]:
    pregnancy = Pregnancy(id="p", birth_date=DAY - timedelta(days))
    return pregnancy, dates.stage(pregnancy, DAY)


def found(
    days: int,
    *conditions: Condition,
    asked: dict[str, Asked] | None = None,
    birth: BirthKind | None = BirthKind.CAESAREAN,
) -> LeftOutNow:
    """Return what is left out a number of days after a birth."""
    pregnancy, stage = after_birth(days)
    applying = situations.applying(guide().situations, stage, birth, conditions)
    return left_out_now(applying, asked or {}, about_now(pregnancy, stage))


def kept(now: LeftOutNow) -> set[str]:
    return {stretch.id for stretch in now.kept(guide().stretches)}


def answer(about: str = "postpartum/p") -> Asked:
    return Asked(DAY, about)


def test_nothing_is_left_out_of_an_ordinary_day() -> None:
    now = found(30, birth=None)
    assert (kept(now), now.lines) == (BOTH, ())


@pytest.mark.parametrize("asked", [{}, {"first_caesarean_weeks": answer()}])
def test_a_firm_line_stays_whatever_was_answered(asked: dict[str, Asked]) -> None:
    now = found(5, asked=asked)
    assert kept(now) == set()
    assert [one.line.kind for one in now.lines] == [LineKind.LEAVE_OUT]


def test_weeks_two_to_five_after_a_caesarean_leave_the_hinge_forward_once_asked() -> None:
    before = found(20)
    assert kept(before) == set()
    assert [one.until_asked for one in before.lines] == [False, True]
    after = found(20, asked={BEFORE_CHECK: answer()})
    assert kept(after) == {"hinge_forward"}
    assert [one.until_asked for one in after.lines] == [False]
    assert after.asked == {BEFORE_CHECK: DAY}


@pytest.mark.parametrize("about", ["pregnant/p", "postpartum/q", "unstated/"])
def test_an_answer_from_another_stage_or_pregnancy_does_not_hold(about: str) -> None:
    now = found(20, asked={BEFORE_CHECK: answer(about)})
    assert kept(now) == set()
    assert now.asked == {}


def test_two_situations_are_both_asked_about() -> None:
    pain = Condition.PELVIC_GIRDLE_PAIN
    one = found(20, pain, asked={BEFORE_CHECK: answer()})
    assert kept(one) == set()
    two = found(20, pain, asked={BEFORE_CHECK: answer(), pain.value: answer()})
    assert kept(two) == {"hinge_forward"}


def test_a_user_who_cannot_stand_on_one_leg_is_left_no_stretch_and_asked_nothing() -> None:
    now = found(100, Condition.NOT_ON_ONE_LEG)
    assert kept(now) == set()
    assert [one.until_asked for one in now.lines] == [False]


def test_an_answer_about_a_past_condition_is_dropped() -> None:
    pain = Condition.PELVIC_GIRDLE_PAIN
    answers = {BEFORE_CHECK: answer(), pain.value: answer()}
    _, stage = after_birth(20)
    applying = situations.applying(guide().situations, stage, BirthKind.CAESAREAN, ())
    assert still_applying(answers, applying).keys() == {BEFORE_CHECK}


@pytest.mark.parametrize(
    ("birth", "asked", "days"),
    [
        (BirthKind.VAGINAL, None, 7),
        (None, None, 42),
        (BirthKind.CAESAREAN, None, 42),
        (BirthKind.CAESAREAN, 20, 21),
    ],
)
def test_days_of_rest_after_a_birth_are_paused_for_the_goal(
    store: Store, now: Moment, birth: BirthKind | None, asked: int | None, days: int
) -> None:
    store.choose_goal(5, Moment.of(now.local - timedelta(90)))
    day = TODAY - timedelta(60)
    store.save_pregnancy(Pregnancy(id="p", birth_date=day, birth_kind=birth), now)
    if asked is not None:
        about = Asked(day + timedelta(asked), "postpartum/p")
        store.set_meta(ASKED, write_asked({BEFORE_CHECK: about}))
    history = goal_history(store, TODAY - timedelta(80), TODAY, TODAY)
    rest = [(day, day + timedelta(days - 1))]
    assert history.paused_between(TODAY - timedelta(80), TODAY) == rest
    assert history.goals


def test_a_day_is_of_rest_if_an_answer_stopped_the_session_and_there_was_none(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    store.choose_goal(5, now)
    stopped, tired, both = (TODAY - timedelta(ago) for ago in (9, 6, 3))
    for day, said in ((stopped, "dizzy_or_faint"), (tired, "tired_or_sore"), (both, "one_leg")):
        store.save(CheckInAnswer(now, day, said), now)
    store.save(make_session(both), now)
    first = TODAY - timedelta(20)
    paused = goal_history(store, first, TODAY, TODAY).paused_between(first, TODAY)
    assert paused == [(stopped, stopped)]


def test_while_the_guide_says_to_rest_no_goal_is_in_force(store: Store, now: Moment) -> None:
    store.choose_goal(5, now)
    profile = replace(store.profile(), conditions=frozenset({Condition.NOT_ON_ONE_LEG}))
    store.save_profile(profile, now)
    first, last = TODAY - timedelta(20), TODAY - timedelta(1)
    assert not goal_history(store, first, TODAY, TODAY).goals
    # Since when the condition holds is not stored, so that earlier days are not known.
    assert goal_history(store, first, last, TODAY).goals


def test_a_birth_after_midnight_is_recent_before_the_day_of_the_user_ends(
    store: Store, now: Moment
) -> None:
    store.choose_goal(5, now)
    born, due = TODAY + timedelta(1), TODAY + timedelta(8)
    store.save_pregnancy(Pregnancy(id="p", due_date=due, birth_date=born), now)
    assert not goal_history(store, TODAY - timedelta(20), date.max, TODAY).goals


def test_an_answer_dated_tomorrow_after_a_flight_to_the_west_is_known(
    store: Store, now: Moment
) -> None:
    store.choose_goal(5, now)
    born = TODAY - timedelta(30)
    store.save_pregnancy(Pregnancy(id="p", birth_date=born, birth_kind=BirthKind.CAESAREAN), now)
    first, asked = TODAY - timedelta(3), Asked(TODAY + timedelta(1), "postpartum/p")
    store.set_meta(ASKED, write_asked({BEFORE_CHECK: asked}))
    assert goal_history(store, first, TODAY, TODAY).goals


ids = st.text(max_size=9)


@given(st.dictionaries(ids, st.builds(Asked, st.dates(), ids), max_size=4))
def test_answers_are_read_back_as_they_were_written(answers: dict[str, Asked]) -> None:
    assert read_asked(write_asked(answers)) == answers


@pytest.mark.parametrize("text", [None, "", "[]", "{", '{"a": 1}', '{"a": {"day": "soon"}}'])
def test_an_unreadable_answer_is_asked_again(text: str | None) -> None:
    assert read_asked(text) == {}
