"""Counts in, frames out: what the charts draw and what the sentences beside them say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from holdwell.domain.week_axis import WeekAxis
from holdwell.i18n.formats import day_text
from holdwell.i18n.messages import say
from holdwell.stats.queries import (
    DayParts,
    GroupScore,
    PainChange,
    ScoreCount,
    WeekCramps,
    WeekSessions,
)


def week_label(axis: WeekAxis, index: int) -> str:
    """Say a week in words: "week 24 of pregnancy", "week 3 after birth", "week of Mon 2 Nov"."""
    if not axis.by_stage:
        return say("progress.week_calendar", day=day_text(axis.first_day(index)))
    cut = axis.birth_index
    if cut is not None and index > cut:
        return say("progress.week_postpartum", week=index - cut - 1)
    if axis.knows_pregnancy:
        return say("progress.week_pregnant", week=index)
    return say("progress.week_before_birth", week=-index)


def _weeks(axis: WeekAxis, first: date, last: date) -> list[int]:
    """Every week that has a day from `first` to `last`, in order, none left out."""
    return list(range(axis.index(first), axis.index(last) + 1))


def weekly_sessions(
    rows: Sequence[WeekSessions], axis: WeekAxis, first: date, last: date
) -> pd.DataFrame:
    """One row a week from `first` to `last`: index, week, from_day, sessions, full."""
    counts = {row.index: row.sessions for row in rows}
    weeks = _weeks(axis, first, last)
    return pd.DataFrame(
        {
            "index": weeks,
            "week": [week_label(axis, i) for i in weeks],
            "from_day": [max(axis.first_day(i), first) for i in weeks],
            "sessions": [counts.get(i, 0) for i in weeks],
            "full": [axis.is_full(i, first, last) for i in weeks],
        }
    )


def quantiles(counts: dict[int, int], shares: Sequence[float]) -> list[float]:
    """Quantiles of scores given as counts, linear between the two nearest scores.

    Hyndman and Fan (1996), Sample Quantiles in Statistical Packages, type 7: numpy's default.
    ValueError without any score.
    """
    if not any(counts.values()):
        raise ValueError("no scores to take quantiles of")
    scores = np.repeat(list(counts), list(counts.values()))
    return [float(q) for q in np.quantile(scores, shares)]


def weekly_pain(
    rows: Sequence[ScoreCount], axis: WeekAxis, first: date, last: date
) -> pd.DataFrame:
    """Two rows a week (before, after): index, week, when, median, low, high, scores.

    `low` and `high` are the quartiles. A week without a score has none: a gap stays a gap.
    """
    grouped: dict[tuple[int, bool], dict[int, int]] = defaultdict(dict)
    for row in rows:
        grouped[row.index, row.after][row.score] = row.count
    records = []
    for index in _weeks(axis, first, last):
        for after in (False, True):
            counts = grouped.get((index, after), {})
            low, median, high = quantiles(counts, (0.25, 0.5, 0.75)) if counts else [np.nan] * 3
            records.append(
                {
                    "index": index,
                    "week": week_label(axis, index),
                    "when": say("progress.after") if after else say("progress.before"),
                    "median": median,
                    "low": low,
                    "high": high,
                    "scores": sum(counts.values()),
                }
            )
    return pd.DataFrame(records)


def overall_median(rows: Sequence[ScoreCount], *, after: bool) -> float | None:
    """The median of all scores before (or after), or None without one."""
    counts: dict[int, int] = defaultdict(int)
    for row in rows:
        if row.after is after:
            counts[row.score] += row.count
    return quantiles(counts, (0.5,))[0] if counts else None


def days(rows: Sequence[DayParts], first: date, last: date) -> pd.DataFrame:
    """One row for each day from `first` to `last`: day, monday, weekday, parts and total."""
    known = {row.day.toordinal(): row for row in rows}
    none = DayParts(first, 0, 0, 0)
    numbers = range(first.toordinal(), last.toordinal() + 1)
    found = [known.get(number, none) for number in numbers]
    day = pd.date_range(first, last)
    return pd.DataFrame(
        {
            "day": day,
            "monday": day - pd.to_timedelta(day.day_of_week, unit="D"),
            "weekday": day.day_of_week,
            "morning": [parts.morning for parts in found],
            "bedtime": [parts.bedtime for parts in found],
            "other": [parts.other for parts in found],
            "total": [parts.total for parts in found],
        }
    )


def weekly_cramps(
    rows: Sequence[WeekCramps], axis: WeekAxis, first: date, last: date
) -> pd.DataFrame:
    """One row a week: index, week, left, right, both, cramps, answered (all nights)."""
    none = WeekCramps(0, 0, 0, 0, 0)
    known = {row.index: row for row in rows}
    weeks = _weeks(axis, first, last)
    found = [known.get(i, none) for i in weeks]
    return pd.DataFrame(
        {
            "index": weeks,
            "week": [week_label(axis, i) for i in weeks],
            "left": [row.left for row in found],
            "right": [row.right for row in found],
            "both": [row.both for row in found],
            "cramps": [row.cramps for row in found],
            "answered": [row.answered for row in found],
        }
    )


NOTICED, MUCH_BETTER = -1, -2
"""Changes on the NRS-11 that people with lasting pain call slightly better, and much better.

Source: Salaffi et al. (2004), Minimal clinically important changes in chronic musculoskeletal pain
intensity measured on a numerical rating scale, European Journal of Pain 8(4):283-291. Measured over
three months of treatment, not within one session: a mark to read by, no verdict.
"""


@dataclass(frozen=True, slots=True)
class ChangeSummary:
    """Sessions with pain before and after, by what the pain did (NRS-11, after less before)."""

    sessions: int
    median: float
    low: float
    high: float
    noticed: int
    same: int
    worse: int


def change_summary(rows: Sequence[PainChange]) -> ChangeSummary | None:
    """Sum up the changes, or None without any. `low` and `high` are the quartiles."""
    if not rows:
        return None
    low, median, high = quantiles({row.change: row.count for row in rows}, (0.25, 0.5, 0.75))
    return ChangeSummary(
        sessions=sum(row.count for row in rows),
        median=median,
        low=low,
        high=high,
        noticed=sum(row.count for row in rows if row.change <= NOTICED),
        same=sum(row.count for row in rows if row.change == 0),
        worse=sum(row.count for row in rows if row.change > 0),
    )


LEAST_SCORES = 5
"""A group with fewer scores is counted and not summed up."""


@dataclass(frozen=True, slots=True)
class Group:
    """Pain of one group of sessions: quartiles before, median after (None: too few scores)."""

    group: str
    scores: int
    low: float | None
    before: float | None
    high: float | None
    after: float | None


def groups(rows: Sequence[GroupScore], order: Sequence[str]) -> list[Group]:
    """Each group that has a score before, in `order`; after them any that it does not name."""
    counts: dict[tuple[str, bool], dict[int, int]] = defaultdict(dict)
    for row in rows:
        counts[row.group, row.after][row.score] = row.count
    found = []
    for name in [*order, *sorted({row.group for row in rows} - set(order))]:
        before, after = counts.get((name, False), {}), counts.get((name, True), {})
        scores = sum(before.values())
        if not scores:
            continue
        enough = scores >= LEAST_SCORES
        low, median, high = quantiles(before, (0.25, 0.5, 0.75)) if enough else [None] * 3
        then = quantiles(after, (0.5,))[0] if sum(after.values()) >= LEAST_SCORES else None
        found.append(Group(name, scores, low, median, high, then))
    return found


def worst(found: Sequence[Group]) -> Group | None:
    """The one group whose median before is the highest; None where two share it or one stands
    alone."""
    known = sorted((g for g in found if g.before is not None), key=lambda g: -(g.before or 0))
    if len(known) < 2 or known[0].before == known[1].before:
        return None
    return known[0]


@dataclass(frozen=True, slots=True)
class Consistency:
    """What the weekly frame says in numbers. Averages and goals count full weeks only."""

    sessions: int
    weeks: int
    full_weeks: int
    per_full_week: float | None
    goal_met: int


def consistency(frame: pd.DataFrame, goal: int) -> Consistency:
    """Sum up a frame of `weekly_sessions` against a goal in sessions a week."""
    full = frame[frame["full"]]
    return Consistency(
        sessions=int(frame["sessions"].sum()),
        weeks=len(frame),
        full_weeks=len(full),
        per_full_week=float(full["sessions"].mean()) if len(full) else None,
        goal_met=int((full["sessions"] >= goal).sum()),
    )
