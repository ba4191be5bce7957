"""A strength of habit that forgives: exponential smoothing of how far each week's goal was met."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

HALF_LIFE_DAYS = 14
"""After two weeks of nothing, half of the strength is left."""
REACH_DAYS = 365
"""How far back the score looks: 0.5 ** (365 / 14) is below one in ten million."""
WINDOW_DAYS = 7


def strength(sessions: Mapping[date, int], goal_per_week: int, today: date, began: date) -> float:
    """Return the strength of the habit on a day, from 0 to 1.

    Simple exponential smoothing, S(t) = S(t-1) + a * (x(t) - S(t-1)), with S = 0 on the day before
    the first session (`began`) or, for a longer history, 365 days ago, where it no longer matters.
    x(t) is how far the goal was met in the seven days up to t, from 0 to 1, so that a goal of three
    a week asks for no session on the other four days; a = 1 - 0.5 ** (1 / 14), a half-life of 14
    days. A day left out dents the score; nothing resets it.

    `sessions` are the sessions of each day. ValueError for a goal below 1.

    Source: Holt (1957), reprinted as Forecasting seasonals and trends by exponentially weighted
    moving averages, International Journal of Forecasting 20 (2004) 5-10. The half-life is ours.
    """
    if goal_per_week < 1:
        raise ValueError("a goal is at least one session a week")
    rate = 1 - 0.5 ** (1 / HALF_LIFE_DAYS)
    start = max(began, today - timedelta(days=REACH_DAYS - 1))
    # The days before the start that the first windows reach back to.
    lead = min(WINDOW_DAYS - 1, (start - began).days)
    first = (start - timedelta(days=lead)).toordinal()
    counts = [0] * (today.toordinal() - first + 1)
    for day, count in sessions.items():
        if 0 <= day.toordinal() - first < len(counts):
            counts[day.toordinal() - first] = count
    score = 0.0
    window = sum(counts[:lead])
    for place in range(lead, len(counts)):
        # In her first days only those there have been count, and so does their share of the goal.
        days = min(WINDOW_DAYS, place + 1)
        window += counts[place] - (counts[place - WINDOW_DAYS] if place >= WINDOW_DAYS else 0)
        score += rate * (min(1.0, window / (goal_per_week * days / WINDOW_DAYS)) - score)
    return score
