"""The strength of a habit, which forgives: a smoothed value of how far the goal was met."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from holdwell.domain.dated import GoalHistory

HALF_LIFE_DAYS = 14
"""The time after which a week has half its weight."""
REACH_DAYS = 365
"""How far back the strength looks: 0.5 ** (365 / 14) is below one in ten million."""
WINDOW_DAYS = 7


def strength(sessions: Mapping[date, int], history: GoalHistory, today: date, began: date) -> float:
    """Return the strength of the habit on a day, from 0 to 1.

    Simple exponential smoothing, S(t) = S(t-1) + a * (x(t) - S(t-1)), with S = 0 on the day before
    the first session (`began`) or, for a longer history, 365 days ago, where it no longer matters.
    x(t) is how far the goal was met in the seven days up to t, from 0 to 1, so that a goal of three
    a week asks for no session on the other four days; a = 1 - 0.5 ** (1 / 14), a half-life of 14
    days. A missed day lowers the strength a little; nothing resets it. Each day is measured by the
    goal in force on it, or by the first goal if it is before that. Paused days are skipped.

    `sessions` is the number of sessions of each day, and `history` has a goal.

    Source: Holt (1957), reprinted as Forecasting seasonals and trends by exponentially weighted
    moving averages, International Journal of Forecasting 20 (2004) 5-10. The half-life is ours.
    """
    days = _tracked_days(history, began, today)
    if days.empty:
        return 0.0
    counts = pd.Series({pd.Timestamp(day): count for day, count in sessions.items()}, dtype=float)
    window = counts.reindex(days, fill_value=0).rolling(WINDOW_DAYS, min_periods=1)
    # The first windows are shorter than a week. Each day asks for a seventh of its goal.
    first = min(history.goals, key=lambda goal: goal.from_day).goal_per_week
    goals = pd.Series([history.goal_on(day.date()) or first for day in days], days, dtype=float)
    asked = goals.rolling(WINDOW_DAYS, min_periods=1).sum() / WINDOW_DAYS
    met = (window.sum() / asked).clip(upper=1)
    # The leading zero is the strength on the day before; each day then weighs as in S(t).
    smoothed = pd.concat([pd.Series([0.0]), met[-REACH_DAYS:]])
    return float(smoothed.ewm(halflife=HALF_LIFE_DAYS, adjust=False).mean().iloc[-1])


def first_day(history: GoalHistory, today: date, began: date) -> date:
    """Return the first day whose sessions the strength needs; `today` if all days were paused."""
    days = _tracked_days(history, began, today)
    return today if days.empty else days[0].date()


def _tracked_days(history: GoalHistory, began: date, today: date) -> pd.DatetimeIndex:
    """Return the days that the strength looks at: the last ones up to `today` that were not paused.

    These are 365 days and the 6 before them that the first window needs, but none before `began`.
    """
    days = pd.date_range(began, today)
    for first, last in history.paused_between(began, today):
        days = days[(days < pd.Timestamp(first)) | (days > pd.Timestamp(last))]
    return days[-(REACH_DAYS + WINDOW_DAYS - 1) :]
