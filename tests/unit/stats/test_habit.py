"""The strength of a habit: grows, forgives, never resets."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.domain.dated import Goal, GoalHistory, Pause
from holdwell.i18n.messages import wording
from holdwell.stats.habit import HALF_LIFE_DAYS, first_day, strength

TODAY = date(2026, 11, 24)
COUNTS = st.lists(st.integers(0, 3), min_size=1, max_size=120)
GOALS = st.integers(1, 21)


def days(counts: list[int]) -> dict[date, int]:
    """The last count is today's."""
    return {TODAY - timedelta(back): n for back, n in enumerate(reversed(counts)) if n}


def score(counts: list[int], goal: int) -> float:
    began = TODAY - timedelta(len(counts) - 1)
    return strength(days(counts), GoalHistory([Goal(began, goal)]), TODAY, began)


def test_one_full_day_by_hand() -> None:
    assert score([2], 14) == pytest.approx(1 - 0.5 ** (1 / 14))


def test_two_weeks_at_the_goal_give_half() -> None:
    assert score([2] * HALF_LIFE_DAYS, 14) == pytest.approx(0.5)


def test_a_year_at_the_goal_gives_all_of_it() -> None:
    assert score([2] * 400, 14) == pytest.approx(1, abs=1e-6)


def test_a_goal_of_three_a_week_asks_for_no_more() -> None:
    week = [1, 0, 1, 0, 1, 0, 0]
    assert score(week * 52, 3) == pytest.approx(1, abs=0.02)


def test_a_missed_day_weakens_a_habit_and_does_not_reset_it() -> None:
    kept = score([2] * 60, 14)
    dented = score([2] * 59 + [0], 14)
    assert kept - 0.02 < dented < kept


@pytest.mark.parametrize(
    ("week", "goal"), [((2,) * 7, 14), ((1,) * 7, 7), ((0, 1, 0, 1, 0, 0, 1), 3)]
)
def test_two_and_a_half_weeks_of_nothing_leave_half(week: tuple[int, ...], goal: int) -> None:
    """As the page says; the half-life begins only once the seven-day window is empty."""
    left = [score([*week * 60, *[0] * missed], goal) for missed in (16, 19)]
    assert left[0] > score([*week * 60], goal) / 2 > left[1]
    assert "two and a half weeks" in wording()["progress.strength"]


@given(COUNTS, GOALS)
def test_the_strength_is_from_0_to_1(counts: list[int], goal: int) -> None:
    assert 0 <= score(counts, goal) <= 1


@given(COUNTS, GOALS, st.data())
def test_one_more_session_never_weakens_the_habit(
    counts: list[int], goal: int, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(counts) - 1))
    more = [n + (number == place) for number, n in enumerate(counts)]
    assert score(more, goal) >= score(counts, goal) - 1e-12


@given(st.lists(st.integers(0, 3), min_size=380, max_size=420), GOALS)
def test_days_before_the_last_year_do_not_matter(counts: list[int], goal: int) -> None:
    forgotten = [0] * (len(counts) - 372) + counts[-372:]
    assert score(counts, goal) == pytest.approx(score(forgotten, goal), abs=1e-6)


def test_a_new_goal_leaves_the_weeks_before_as_they_were() -> None:
    """Raising the goal from 7 to 14 once lowered the strength from 0.97 to 0.48."""
    began = TODAY - timedelta(99)
    goals = [Goal(began, 7), Goal(TODAY, 14)]
    sessions = days([1] * 100)
    kept = strength(sessions, GoalHistory(goals[:1]), TODAY, began)
    changed = strength(sessions, GoalHistory(goals), TODAY, began)
    assert kept > 0.97
    assert kept - 0.03 < changed < kept, "one day of the new goal"
    yesterday = TODAY - timedelta(1)
    before = [strength(sessions, GoalHistory(g), yesterday, began) for g in (goals[:1], goals)]
    assert before[0] == before[1]


def test_the_days_before_a_new_goal_are_not_measured_by_it() -> None:
    """A new goal that is reached at once lowers nothing, and a lower goal raises nothing."""
    began, raised = TODAY - timedelta(99), TODAY - timedelta(2)
    goals = GoalHistory([Goal(began, 7), Goal(raised, 14)])
    kept = score([1] * 100, 7)
    assert strength(days([1] * 97 + [2] * 3), goals, TODAY, began) == pytest.approx(kept)
    lowered = GoalHistory([Goal(began, 14), Goal(raised, 7)])
    half = strength(days([1] * 100), lowered, TODAY, began)
    assert score([1] * 100, 14) < half < score([1] * 100, 14) + 0.02


def test_paused_days_do_not_change_the_strength() -> None:
    """Three weeks of bed rest once lowered the strength from 0.99 to 0.48."""
    counts = [2] * 100 + [0] * 21
    began, pause = TODAY - timedelta(120), Pause(TODAY - timedelta(20))
    goals = [Goal(began, 14)]
    before = strength(days(counts), GoalHistory(goals), TODAY - timedelta(21), began)
    assert strength(days(counts), GoalHistory(goals), TODAY, began) < 0.5
    assert strength(days(counts), GoalHistory(goals, [pause]), TODAY, began) == before > 0.99
    whole = GoalHistory(goals, [Pause(began)])
    assert strength(days(counts), whole, TODAY, began) == 0


@given(COUNTS, st.integers(0, 900), st.integers(0, 400))
def test_days_before_the_first_day_needed_do_not_matter(
    counts: list[int], ago: int, since: int
) -> None:
    """The strength of 1,000 days with one pause is the same when read from that first day on."""
    began = TODAY - timedelta(999)
    sessions = {began + timedelta(n): counts[n % len(counts)] for n in range(1000)}
    begun = TODAY - timedelta(ago)
    history = GoalHistory([Goal(began, 7)], [Pause(begun, min(TODAY, begun + timedelta(since)))])
    first = first_day(history, TODAY, began)
    read = {day: n for day, n in sessions.items() if day >= first}
    assert strength(read, history, TODAY, began) == strength(sessions, history, TODAY, began)
