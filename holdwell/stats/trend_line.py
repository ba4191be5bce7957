"""A smooth line through noisy scores, with how unsure it is, from statsmodels."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from holdwell.domain.models import PAIN_MAX, PAIN_MIN
from holdwell.stats.queries import DayScore

LEAST_DAYS = 14
"""A line is drawn through a span with at least this many days that have a score."""
LONGEST_GAP_DAYS = 14
"""A longer time without a score ends a span: a gap is left as a gap."""
BAND = 1.96
"""Standard errors either side: a 95 % band for the level, if scores scatter normally."""


@dataclass(frozen=True, slots=True)
class LevelDay:
    """The smoothed level of pain on a day (0 to 10), with the ends of its 95 % band."""

    day: date
    level: float
    low: float
    high: float
    span: int
    """Which span without a long gap the day belongs to, from 0."""


def spans(days: Sequence[tuple[date, float]]) -> list[tuple[tuple[date, float], ...]]:
    """Cut days with a mean score at every long gap; keep the spans that are long enough."""
    found: list[list[tuple[date, float]]] = []
    for day, mean in days:
        if found and (day - found[-1][-1][0]).days <= LONGEST_GAP_DAYS:
            found[-1].append((day, mean))
        else:
            found.append([(day, mean)])
    return [tuple(span) for span in found if len(span) >= LEAST_DAYS]


def daily_means(rows: Sequence[DayScore]) -> list[tuple[date, float]]:
    """The mean score of each day that has one, in order."""
    sums: dict[date, tuple[int, int]] = {}
    for row in rows:
        total, count = sums.get(row.day, (0, 0))
        sums[row.day] = (total + row.score * row.count, count + row.count)
    return [(day, total / count) for day, (total, count) in sorted(sums.items())]


def smooth(rows: Sequence[DayScore]) -> list[LevelDay]:
    """Return the smoothed level of pain for each day of every span that is long enough.

    A local level model: the level of pain wanders from day to day, each day's mean score lies
    around it, and a day without a score leaves the level to its neighbours. Levels and their
    variances are the Kalman smoother's; the two variances are fitted by maximum likelihood.

    Source: Durbin and Koopman (2012), Time Series Analysis by State Space Methods, chapter 2;
    statsmodels, UnobservedComponents.
    """
    found: list[LevelDay] = []
    for number, span in enumerate(spans(daily_means(rows))):
        for day, level, error in _levels(span):
            low, high = level - BAND * error, level + BAND * error
            found.append(LevelDay(day, level, max(low, PAIN_MIN), min(high, PAIN_MAX), number))
    return found


@lru_cache(maxsize=16)
def _levels(span: tuple[tuple[date, float], ...]) -> tuple[tuple[date, float, float], ...]:
    """Day, level and standard error for each day of a span, those without a score too."""
    # Imported here: it takes most of a second, and a page without a line need not wait for it.
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    first = span[0][0]
    scores = np.full((span[-1][0] - first).days + 1, np.nan)
    for day, mean in span:
        scores[(day - first).days] = mean
    if np.nanstd(scores) == 0:
        # Every day the same: there is nothing to fit, and nothing to be unsure of.
        return tuple(
            (first + timedelta(days=n), float(span[0][1]), 0.0) for n in range(len(scores))
        )
    with warnings.catch_warnings():
        # A short span may not settle the variances to the last digit; the line does not need it.
        warnings.simplefilter("ignore")
        fitted = UnobservedComponents(scores, level="local level").fit(
            disp=False, method="lbfgs", maxiter=60
        )
    level = fitted.smoothed_state[0]
    error = np.sqrt(np.maximum(fitted.smoothed_state_cov[0, 0], 0))
    return tuple(
        (first + timedelta(days=n), float(level[n]), float(error[n])) for n in range(len(scores))
    )
