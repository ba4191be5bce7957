"""The axis of weeks: each day lies in one week, and SQL counts as Python does."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from holdwell.domain.models import Pregnancy
from holdwell.domain.week_axis import WeekAxis, calendar_axis, stage_axis
from holdwell.store.repository import Store
from tests.support.axes import DAYS, week_axes


@given(week_axes(), DAYS)
def test_a_day_lies_in_its_week(axis: WeekAxis, day: date) -> None:
    index = axis.index(day)
    assert axis.first_day(index) <= day <= axis.last_day(index)


@given(DAYS, st.integers(0, 6))
def test_a_calendar_week_begins_on_the_first_weekday_of_the_user(day: date, weekday: int) -> None:
    axis = calendar_axis(weekday)
    first = axis.first_day(axis.index(day))
    assert first.weekday() == weekday and first <= day < first + timedelta(7)


@given(week_axes(), DAYS)
def test_weeks_follow_on_without_gap_or_overlap(axis: WeekAxis, day: date) -> None:
    index = axis.index(day)
    assert axis.last_day(index) + timedelta(1) == axis.first_day(index + 1)


def test_without_a_birth_there_are_no_weeks_of_a_pregnancy_past_its_longest() -> None:
    due, longest = date(2026, 5, 1), date(2026, 5, 1) + timedelta(28)
    pregnancy = Pregnancy(due_date=due)
    for last, is_counted in ((due - timedelta(400), True), (longest, True)):
        assert (stage_axis(pregnancy, last) is not None) == is_counted
    assert stage_axis(pregnancy, longest + timedelta(1)) is None
    assert stage_axis(replace(pregnancy, birth_date=due), longest + timedelta(99)) is not None


def test_sql_numbers_weeks_as_python_does(store: Store) -> None:
    @given(week_axes(), DAYS)
    def check(axis: WeekAxis, day: date) -> None:
        rows = store.rows(f"SELECT {axis.sql('day')} AS n FROM (SELECT ? AS day)", [str(day)])
        assert rows[0]["n"] == axis.index(day)

    check()
