"""The goals, pauses and due dates of a day, whatever the user changed later."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.domain import dates
from holdwell.domain.dated import NO_GOALS, Goal, GoalHistory, Pause
from holdwell.domain.dates import GestationalAge
from holdwell.domain.models import DueDateSource, Pregnancy

DAY = date(2026, 11, 2)
DAYS = st.integers(0, 60).map(lambda back: DAY - timedelta(back))
PAUSES = st.lists(
    st.builds(
        lambda day, length: Pause(day, day + timedelta(length) if length is not None else None),
        DAYS,
        st.none() | st.integers(0, 20),
    ),
    max_size=4,
)


def test_each_day_has_the_goal_that_held_then() -> None:
    goals = [Goal(DAY, 14), Goal(DAY - timedelta(30), 7)]
    history = GoalHistory(goals)
    assert history.goal_on(DAY - timedelta(1)) == 7
    assert history.goal_on(DAY) == history.goal_on(DAY + timedelta(400)) == 14
    assert history.goal_on(DAY - timedelta(31)) is None, "no goal was chosen yet"
    assert NO_GOALS.goal_on(DAY) is None


@given(PAUSES)
def test_paused_spans_are_the_paused_days(pauses: list[Pause]) -> None:
    first, last = DAY - timedelta(70), DAY + timedelta(10)
    history = GoalHistory((), pauses)
    spans = history.paused_between(first, last)
    inside = {a + timedelta(n) for a, b in spans for n in range((b - a).days + 1)}
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    assert inside == {day for day in days if any(pause.has(day) for pause in pauses)}
    for (_, end), (begin, _) in pairwise(spans):
        assert begin - end > timedelta(1), "spans that touch are one"
    for day in days:
        tracked = history.last_tracked_day(day)
        assert tracked <= day
        assert tracked not in inside
        assert {tracked + timedelta(n + 1) for n in range((day - tracked).days)} <= inside


def test_due_dates_from_a_scan_a_transfer_and_conception() -> None:
    """ACOG Committee Opinion 700 has the two transfers as its examples."""
    scanned = dates.due_date_from(DueDateSource.SCAN, date(2026, 5, 20), 12 * 7 + 3)
    assert dates.stage(Pregnancy(due_date=scanned), date(2026, 5, 20)).age == GestationalAge(87)
    assert scanned == date(2026, 11, 29)
    transferred = date(2026, 1, 10)
    assert dates.due_date_from(DueDateSource.TRANSFER, transferred, 5) - transferred == timedelta(
        261
    )
    assert dates.due_date_from(DueDateSource.TRANSFER, transferred, 3) - transferred == timedelta(
        263
    )
    assert dates.due_date_from(DueDateSource.CONCEPTION, transferred) - transferred == timedelta(
        266
    )


@pytest.mark.parametrize(("ends_at", "day"), [(0, 25), (2, 25), (3, 24), (6, 24)])
def test_the_hour_at_which_a_day_ends_is_a_choice(ends_at: int, day: int) -> None:
    moment = datetime(2026, 11, 25, 2, 30)
    assert dates.local_day(moment, ends_at) == date(2026, 11, day)
    assert dates.last_night(moment, ends_at) == date(2026, 11, day - 1)
    assert (dates.part_of_day(moment, ends_at) == "bedtime") == (day == 24)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 6))
def test_a_week_begins_on_the_chosen_day(day: date, first: int) -> None:
    begin = dates.week_start(day, first)
    assert begin.weekday() == first
    assert timedelta(0) <= day - begin < timedelta(7)
