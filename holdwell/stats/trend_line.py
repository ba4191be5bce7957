"""The trend line: the level of pain behind scattered scores, and how uncertain it is.

statsmodels has this model (`UnobservedComponents`, "local level"), and the tests compare with it.
But it gives every day the same error, and takes the estimated variances as exact, so that its band
is too narrow. This module needs one pass forward and one backward.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from holdwell.domain.models import PAIN_MAX, PAIN_MIN
from holdwell.stats.queries import DayScore

LEAST_DAYS = 14
"""A line is drawn through a span with at least this many days that have a score."""
LONGEST_GAP_DAYS = 14
"""More days without a score than this end a span and leave a gap in the line."""
LONGEST_DAYS = 54 * 7
"""A longer range has weekly medians in place of the line."""
BAND = 1.96
"""Standard errors either side of the level; `bench/trend` measures what this band covers."""

_ROUNDING = 1 / 12**0.5
"""The standard deviation that rounding to whole points makes (Sheppard 1898, Proceedings of the
London Mathematical Society 29:353): a single score is never more exact than this."""
_ALIKE = 0.05
"""The variance that rounding leaves if scores do not scatter: the error is the same every day, so
that more scores do not average it out. It gives any number of fours a band of 3.5 to 4.5."""
_SCATTERS = np.geomspace(_ROUNDING, 3.0, 12)
"""Standard deviations that a single score may have around the level, in points."""
_RATIOS = np.geomspace(1e-5, 2.0, 24)
"""Ratios of two variances: of the level's change from day to day, and of a single score."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TrendDay:
    """The level of pain on a day (0 to 10), with the ends of its band."""

    day: date
    level: float
    low: float
    high: float
    span: int
    """Which span without a long gap the day belongs to, from 0."""


@dataclass(frozen=True, slots=True)
class DayMean:
    """The mean of the `count` scores of a day, and the sum of their squared distances from it."""

    day: date
    mean: float
    count: int
    squares: float


def daily_means(rows: Sequence[DayScore]) -> list[DayMean]:
    """Return the mean score of each day that has one and is not left out, in order."""
    by_day: dict[date, list[int]] = defaultdict(list)
    for row in rows:
        if not row.left_out:
            by_day[row.day] += [row.score] * row.count
    means = []
    for day, scores in sorted(by_day.items()):
        mean = sum(scores) / len(scores)
        squares = sum((score - mean) ** 2 for score in scores)
        means.append(DayMean(day, mean, len(scores), squares))
    return means


def spans(days: Sequence[DayMean]) -> list[tuple[DayMean, ...]]:
    """Cut days with a score at every long gap, and return the spans that are long enough."""
    cut: list[list[DayMean]] = []
    for day in days:
        if cut and not _is_long_gap(cut[-1][-1].day, day.day):
            cut[-1].append(day)
        else:
            cut.append([day])
    return [tuple(span) for span in cut if len(span) >= LEAST_DAYS]


def is_too_long(first: date, last: date) -> bool:
    """Return whether a range of days is longer than LONGEST_DAYS."""
    return (last - first).days >= LONGEST_DAYS


def fit(rows: Sequence[DayScore]) -> list[TrendDay]:
    """Return the level of pain for each day of every span that is long enough.

    A local level model: the level of pain wanders from day to day, scores scatter around it, and a
    day without a score has a level by its neighbours. How far the level wanders and the scores
    scatter is not known: level and band are averaged over both standard deviations, each pair
    weighted by how well it explains the scores. The prior is flat for the wandering, and flat in
    the logarithm for the scatter, which is at least that of rounding.

    Sources: Durbin and Koopman (2012), Time Series Analysis by State Space Methods, chapter 2, and
    7.3.7 on the error of estimated variances; Gelman (2006), Prior distributions for variance
    parameters in hierarchical models, Bayesian Analysis 1:515. What the band covers is measured by
    `bench/trend`.
    """
    trend: list[TrendDay] = []
    for number, span in enumerate(spans(daily_means(rows))):
        for place, (level, error) in enumerate(_levels(span)):
            low, high = max(level - BAND * error, PAIN_MIN), min(level + BAND * error, PAIN_MAX)
            trend.append(TrendDay(span[0].day + timedelta(place), level, low, high, number))
    return trend


def used(rows: Sequence[DayScore], trend: Sequence[TrendDay]) -> list[DayScore]:
    """Return the scores that a trend is made of; without a trend, all those not left out."""
    drawn = {one.day for one in trend}
    return [row for row in rows if not row.left_out and (row.day in drawn or not trend)]


def score_counts(rows: Sequence[DayScore], trend: Sequence[TrendDay]) -> tuple[int, int, int]:
    """Count the scores used, those of them logged without a session, and the days left out."""
    shown = used(rows, trend)
    left_out = {row.day for row in rows if row.left_out}
    return sum(row.count for row in shown), sum(row.alone for row in shown), len(left_out)


def gap(rows: Sequence[DayScore], trend: Sequence[TrendDay]) -> str:
    """Return why a trend has gaps: "missing" scores or days "left_out"; "" without a gap."""
    if trend[0].span == trend[-1].span:
        return ""
    days = [row.day for row in rows if trend[0].day <= row.day <= trend[-1].day]
    return "missing" if any(map(_is_long_gap, days, days[1:])) else "left_out"


def _is_long_gap(day: date, following: date) -> bool:
    return (following - day).days - 1 > LONGEST_GAP_DAYS


@lru_cache(maxsize=16)
def _levels(span: tuple[DayMean, ...]) -> tuple[tuple[float, float], ...]:
    """Return level and standard error for each day of a span, with or without a score."""
    length = (span[-1].day - span[0].day).days + 1
    counts, means = np.zeros(length), np.zeros(length)
    for day in span:
        place = (day.day - span[0].day).days
        counts[place], means[place] = day.count, day.mean
    levels, variances, logs, squares = smooth(counts, means, _RATIOS)
    # The likelihood of each pair of ratio and scatter, with the first level left free. The scores
    # of one day scatter around its level too.
    squares += sum(day.squares for day in span)
    pairs = (counts.sum() - 1) * np.log(_SCATTERS**2) + squares[:, None] / _SCATTERS**2
    wandering = _SCATTERS * np.sqrt(_RATIOS)[:, None]
    # The flat prior of the wandering, on a grid with steps of equal ratio.
    weights = np.log(wandering) - (pairs + logs[:, None]) / 2
    weights = np.exp(weights - weights.max())
    weights /= weights.sum()
    by_ratio = weights.sum(axis=1)
    level = levels @ by_ratio
    variance = variances @ (weights @ _SCATTERS**2) + (levels - level[:, None]) ** 2 @ by_ratio
    # The more the scores scatter, the less alike their rounding errors are.
    variance += _ALIKE * (weights.sum(axis=0) @ (_ROUNDING / _SCATTERS) ** 4)
    return tuple(zip(level.tolist(), np.sqrt(variance).tolist(), strict=True))


def smooth(counts: Array, means: Array, ratios: Array) -> tuple[Array, Array, Array, Array]:
    """Smooth daily means of `counts` scores each (0: no score) for several ratios of variances.

    Returns the levels and their variances (in units of a single score's variance), with a row a day
    and a column a ratio; and for each ratio two parts of its likelihood, the logarithm of a
    determinant and the sum of squares. The levels solve a tridiagonal system of equations, in which
    each day depends on its two neighbours: a Kalman smoother with a free first level. See Rue and
    Held (2005), Gaussian Markov Random Fields, chapter 3.
    """
    days = len(counts)
    tie = 1 / ratios
    neighbours = np.full((days, 1), 2.0)
    neighbours[[0, -1]] = 1
    diagonal = counts[:, None] + neighbours * tie
    forward, backward, known = diagonal.copy(), diagonal.copy(), np.empty_like(diagonal)
    known[0] = counts[0] * means[0]
    for day in range(1, days):
        pull = tie / forward[day - 1]
        forward[day] -= tie * pull
        known[day] = counts[day] * means[day] + pull * known[day - 1]
    levels = known / forward
    for day in range(days - 2, -1, -1):
        levels[day] += tie / forward[day] * levels[day + 1]
        backward[day] -= tie**2 / backward[day + 1]
    logs = np.log(forward).sum(axis=0) + (days - 1) * np.log(ratios)
    squares = (counts[:, None] * (means[:, None] - levels) ** 2).sum(axis=0)
    squares += tie * (np.diff(levels, axis=0) ** 2).sum(axis=0)
    return levels, 1 / (forward + backward - diagonal), logs, squares
