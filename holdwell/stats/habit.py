"""A strength of habit that forgives: exponential smoothing of how far each week's goal was met."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

HALF_LIFE_DAYS = 14
"""How long a week's goal met or missed takes to lose half of its weight."""
REACH_DAYS = 365
"""How far back the strength looks: 0.5 ** (365 / 14) is below one in ten million."""
WINDOW_DAYS = 7


def strength(sessions: Mapping[date, int], goal_per_week: int, today: date, began: date) -> float:
    """Return the strength of the habit on a day, from 0 to 1.

    Simple exponential smoothing, S(t) = S(t-1) + a * (x(t) - S(t-1)), with S = 0 on the day before
    the first session (`began`) or, for a longer history, 365 days ago, where it no longer matters.
    x(t) is how far the goal was met in the seven days up to t, from 0 to 1, so that a goal of three
    a week asks for no session on the other four days; a = 1 - 0.5 ** (1 / 14), a half-life of 14
    days. A day left out dents the strength; nothing resets it.

    `sessions` are the sessions of each day. ValueError for a goal below 1.

    Source: Holt (1957), reprinted as Forecasting seasonals and trends by exponentially weighted
    moving averages, International Journal of Forecasting 20 (2004) 5-10. The half-life is ours.
    """
    if goal_per_week < 1:
        raise ValueError("a goal is at least one session a week")
    if began > today:
        return 0.0
    start = max(began, today - timedelta(days=REACH_DAYS - 1))
    # The first windows reach back to days before the start, and never to days before `began`.
    days = pd.date_range(max(began, start - timedelta(days=WINDOW_DAYS - 1)), today)
    counts = pd.Series({pd.Timestamp(day): count for day, count in sessions.items()}, dtype=float)
    window = counts.reindex(days, fill_value=0).rolling(WINDOW_DAYS, min_periods=1)
    # Of the first days only those there have been count, and so does their share of the goal.
    met = (window.sum() / (goal_per_week * window.count() / WINDOW_DAYS)).clip(upper=1)
    # The leading zero is the strength on the day before; each day then weighs as in S(t).
    smoothed = pd.concat([pd.Series([0.0]), met[pd.Timestamp(start) :]])
    return float(smoothed.ewm(halflife=HALF_LIFE_DAYS, adjust=False).mean().iloc[-1])
