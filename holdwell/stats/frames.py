"""Counts in, frames out: what the charts draw, and the numbers of the sentences beside them.

A frame holds numbers, days and keys ("before"), never text of a language.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

import numpy as np
import pandas as pd

from holdwell.domain.dated import NO_GOALS, GoalHistory
from holdwell.domain.week_axis import WeekAxis
from holdwell.stats.queries import CrampCount, DayParts, DayScore, Group, ScoreCount

BEFORE, AFTER = "before", "after"
"""The keys of the column `when`: pain before and after a session."""
QUARTILES = (0.25, 0.5, 0.75)


def _weeks(axis: WeekAxis, first: date, last: date) -> list[int]:
    """Return every week that has a day from `first` to `last`, in order, none left out."""
    return list(range(axis.index(first), axis.index(last) + 1))


def weekly_sessions(
    counts: Mapping[int, int],
    axis: WeekAxis,
    first: date,
    last: date,
    today: date | None = None,
    history: GoalHistory = NO_GOALS,
) -> pd.DataFrame:
    """Make one row a week from `first` to `last`: index, from_day, sessions, full, goal.

    `counts` are the sessions by week. A week that ends `today` is not full before the day is over,
    and one with paused days is not full either: it counts neither for nor against. The goal is that
    of the week's last day, empty without one.
    """
    over = last if today is None else min(last, today - timedelta(days=1))
    weeks = _weeks(axis, first, last)
    return pd.DataFrame(
        {
            "index": weeks,
            "from_day": [max(axis.first_day(week), first) for week in weeks],
            "sessions": [counts.get(week, 0) for week in weeks],
            "full": [
                axis.is_full(week, first, over)
                and not history.paused_between(axis.first_day(week), axis.last_day(week))
                for week in weeks
            ],
            "goal": pd.array(
                [history.goal_on(min(axis.last_day(week), last)) for week in weeks], dtype="Int64"
            ),
        }
    )


def quantiles(counts: Mapping[int, int], shares: Sequence[float] = QUARTILES) -> list[float]:
    """Return quantiles of scores given as counts, linear between the two nearest scores.

    Hyndman and Fan (1996), Sample Quantiles in Statistical Packages, type 7: numpy's default.
    ValueError without any score.
    """
    if not any(counts.values()):
        raise ValueError("no scores to take quantiles of")
    scores = np.repeat(list(counts), list(counts.values()))
    return [float(quantile) for quantile in np.quantile(scores, shares)]


def _by_group(
    rows: Sequence[ScoreCount[Group]],
) -> Mapping[tuple[Group, bool], dict[int, int]]:
    """Return how often each score was given, by group, before and after (True)."""
    counts: dict[tuple[Group, bool], dict[int, int]] = defaultdict(dict)
    for row in rows:
        counts[row.group, row.after][row.score] = row.count
    return counts


def weekly_pain(
    rows: Sequence[ScoreCount[int]], axis: WeekAxis, first: date, last: date
) -> pd.DataFrame:
    """Make two rows a week (before, after): index, when, median, low, high, scores.

    `low` and `high` are the quartiles. A week without a score has none: a gap stays a gap.
    """
    by_week = _by_group(rows)
    records = []
    for week in _weeks(axis, first, last):
        for after in (False, True):
            counts = by_week.get((week, after), {})
            low, median, high = quantiles(counts) if counts else [np.nan] * 3
            when = AFTER if after else BEFORE
            records.append((week, when, median, low, high, sum(counts.values())))
    return pd.DataFrame(records, columns=["index", "when", "median", "low", "high", "scores"])


def weekly_middle(
    rows: Sequence[DayScore], axis: WeekAxis, first: date, last: date
) -> pd.DataFrame:
    """Make one row a week of all scores of the trend but those of days left out: index, median,
    low, high, scores. Weeks are as in `weekly_pain`."""
    counts: Counter[tuple[int, int]] = Counter()
    for row in rows:
        if not row.left_out:
            counts[axis.index(row.day), row.score] += row.count
    found = [ScoreCount(week, False, score, count) for (week, score), count in counts.items()]
    frame = weekly_pain(found, axis, first, last)
    return frame[frame["when"] == BEFORE].drop(columns="when").reset_index(drop=True)


def trend_median(rows: Sequence[DayScore]) -> float | None:
    """Return the median of the scores of the trend but those of days left out; None without one."""
    counts: Counter[int] = Counter()
    for row in rows:
        if not row.left_out:
            counts[row.score] += row.count
    return quantiles(counts, (0.5,))[0] if counts else None


def score_counts(rows: Sequence[ScoreCount[int]], *, after: bool) -> dict[int, int]:
    """Add up how often each score was given before (or after)."""
    counts: Counter[int] = Counter()
    for row in rows:
        if row.after is after:
            counts[row.score] += row.count
    return counts


def daily_parts(rows: Sequence[DayParts], first: date, last: date) -> pd.DataFrame:
    """Make one row for each day from `first` to `last`: day, monday, weekday, parts and total."""
    days = pd.date_range(first, last)
    frame = pd.DataFrame(
        [(row.morning, row.bedtime, row.other, row.total) for row in rows],
        index=pd.DatetimeIndex([row.day for row in rows]),
        columns=["morning", "bedtime", "other", "total"],
    ).reindex(days, fill_value=0)
    weekday = days.day_of_week
    monday = days - pd.to_timedelta(weekday, unit="D")
    return frame.assign(day=days, monday=monday, weekday=weekday).reset_index(drop=True)


def weekly_cramps(
    counts: Mapping[int, CrampCount], axis: WeekAxis, first: date, last: date
) -> pd.DataFrame:
    """Make one row a week: index, left, right, both, cramps, answered (all of them nights)."""
    frame = pd.DataFrame(
        [(one.left, one.right, one.both, one.cramps, one.answered) for one in counts.values()],
        index=list(counts),
        columns=["left", "right", "both", "cramps", "answered"],
    )
    weeks = pd.Index(_weeks(axis, first, last), name="index")
    return frame.reindex(weeks, fill_value=0).reset_index()


CLEAR_CHANGE = 2
"""Points on the NRS-11 that a change must reach to exceed the error of the scale.

Source: Childs, Piva and Fritz (2005), Responsiveness of the numeric pain rating scale in patients
with low back pain, Spine 30(11):1331-1334: standard error 1.02, minimum detectable change 2. That
is over one week and four of treatment, not within one session: a mark to read by, not a verdict.
"""


@dataclass(frozen=True, slots=True)
class ChangeSummary:
    """Sessions with pain before and after, by what the pain did (NRS-11, after less before).

    In `fell` and `rose` it changed by CLEAR_CHANGE or more, in `little` by less.
    """

    sessions: int
    median: float
    low: float
    high: float
    fell: int
    little: int
    rose: int


def change_summary(counts: Mapping[int, int]) -> ChangeSummary | None:
    """Sum up the sessions by change, or return None without any; with the quartiles."""
    if not counts:
        return None
    low, median, high = quantiles(counts)
    return ChangeSummary(
        sessions=sum(counts.values()),
        median=median,
        low=low,
        high=high,
        fell=sum(count for change, count in counts.items() if change <= -CLEAR_CHANGE),
        little=sum(count for change, count in counts.items() if abs(change) < CLEAR_CHANGE),
        rose=sum(count for change, count in counts.items() if change >= CLEAR_CHANGE),
    )


LEAST_SCORES = 5
"""A group with fewer scores is counted and not summed up."""


@dataclass(frozen=True, slots=True)
class PainGroup:
    """Pain of one group of sessions: quartiles before, median after (None: too few scores)."""

    group: str
    scores: int
    low: float | None
    before: float | None
    high: float | None
    after: float | None


def pain_groups(rows: Sequence[ScoreCount[str]], order: Sequence[str]) -> list[PainGroup]:
    """Return each group that has a score before: those in `order`, then any others."""
    counts = _by_group(rows)
    groups = []
    for name in [*order, *sorted({row.group for row in rows} - set(order))]:
        before, after = counts.get((name, False), {}), counts.get((name, True), {})
        scores = sum(before.values())
        if not scores:
            continue
        low, median, high = quantiles(before) if scores >= LEAST_SCORES else [None] * 3
        then = quantiles(after, (0.5,))[0] if sum(after.values()) >= LEAST_SCORES else None
        groups.append(PainGroup(name, scores, low, median, high, then))
    return groups


def groups_differ(groups: Sequence[PainGroup]) -> bool:
    """Return whether any two groups differ, or there is only one. Groups of the same sessions, such
    as two stretches that are always held together, have nothing to compare."""
    return len(groups) < 2 or len({replace(group, group="") for group in groups}) > 1


def worst_group(groups: Sequence[PainGroup]) -> PainGroup | None:
    """Return the group with the highest median before; None where two share it or one is alone."""
    known = sorted((g for g in groups if g.before is not None), key=lambda g: -(g.before or 0))
    if len(known) < 2 or known[0].before == known[1].before:
        return None
    return known[0]


@dataclass(frozen=True, slots=True)
class Consistency:
    """What a frame of weekly sessions has in numbers. Averages and goals count full weeks only."""

    sessions: int
    weeks: int
    full_weeks: int
    per_full_week: float | None
    goal_met: int
    goal_weeks: int
    """The full weeks in which there was a goal."""
    goals: tuple[int, ...]
    """The goals by which the full weeks were judged, in order, one after the other."""


def consistency(frame: pd.DataFrame) -> Consistency:
    """Sum up a frame of `weekly_sessions`, each week against the goal that held then."""
    full = frame[frame["full"]]
    return Consistency(
        sessions=int(frame["sessions"].sum()),
        weeks=len(frame),
        full_weeks=len(full),
        per_full_week=float(full["sessions"].mean()) if len(full) else None,
        goal_met=int((full["sessions"] >= full["goal"]).sum()),
        goal_weeks=int(full["goal"].count()),
        goals=tuple(goal for goal, _ in groupby(int(goal) for goal in full["goal"].dropna())),
    )
