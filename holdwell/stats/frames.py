"""Turn counts into the data frames that charts draw, and into the numbers of their sentences.

A frame holds numbers, days and keys ("before"), never translated text.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

import numpy as np
import pandas as pd

from holdwell.domain.dated import NO_GOALS, GoalHistory
from holdwell.domain.dates import Days
from holdwell.domain.week_axis import WeekAxis
from holdwell.stats.queries import CrampCount, DayParts, DayScore, Group, ScoreCount
from holdwell.stats.scores import LEAST_SCORES, Spread, spread

BEFORE, AFTER = "before", "after"
"""The keys of the column `when`: pain before and after a session."""


def _weeks(axis: WeekAxis, first: date, last: date) -> list[int]:
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

    `counts` are the sessions by week. A week that ends `today` is not full before the day is over.
    A week with paused days is not full either: it counts neither for nor against the goal. `goal`
    is that of the week's last day, empty without one and for a week with a day of rest.
    """
    last_over = last if today is None else min(last, today - timedelta(days=1))
    weeks = _weeks(axis, first, last)
    days = [(axis.first_day(week), axis.last_day(week)) for week in weeks]
    pauses, rests = replace(history, rests=()), replace(history, pauses=())
    return pd.DataFrame(
        {
            "index": weeks,
            "from_day": [max(axis.first_day(week), first) for week in weeks],
            "sessions": [counts.get(week, 0) for week in weeks],
            "full": [
                axis.is_full(week, first, last_over) and not pauses.paused_between(*span)
                for week, span in zip(weeks, days, strict=True)
            ],
            "goal": pd.array(
                [
                    None if rests.paused_between(*span) else history.goal_on(min(span[1], last))
                    for span in days
                ],
                dtype="Int64",
            ),
        }
    )


def _by_group(
    rows: Iterable[ScoreCount[Group]],
) -> Mapping[tuple[Group, bool], list[tuple[int, int]]]:
    """Return pairs of score and count, by group and whether they are from after a session."""
    counts: dict[tuple[Group, bool], list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        counts[row.group, row.after].append((row.score, row.count))
    return counts


def weekly_pain(
    rows: Iterable[ScoreCount[int]], axis: WeekAxis, first: date, last: date
) -> pd.DataFrame:
    """Make two rows a week (before, after): index, when, median, low, high, scores.

    `low` and `high` are the quartiles. In a week without a score all three are empty, which leaves
    a gap in the chart.
    """
    by_week = _by_group(rows)
    no_scores = Spread(np.nan, np.nan, np.nan, 0)
    records = [
        (week, when, *(spread(by_week.get((week, after), ())) or no_scores))
        for week in _weeks(axis, first, last)
        for after, when in ((False, BEFORE), (True, AFTER))
    ]
    return pd.DataFrame(records, columns=["index", "when", *Spread._fields])


def weekly_medians(
    rows: Sequence[DayScore], axis: WeekAxis, first: date, last: date
) -> pd.DataFrame:
    """Make one row a week of the trend's scores, without those of days left out: index, median,
    low, high, scores. Weeks are as in `weekly_pain`."""
    counted = (row for row in rows if not row.left_out)
    by_week = (ScoreCount(axis.index(row.day), False, row.score, row.count) for row in counted)
    frame = weekly_pain(by_week, axis, first, last)
    return frame[frame["when"] == BEFORE].drop(columns="when").reset_index(drop=True)


def spread_when(rows: Sequence[ScoreCount[int]], *, after: bool) -> Spread | None:
    """Return the spread of all scores before (or after) a session; None without one."""
    return spread((row.score, row.count) for row in rows if row.after is after)


def daily_parts(
    rows: Sequence[DayParts],
    first: date,
    last: date,
    first_weekday: int = 0,
    pauses: Sequence[Days] = (),
) -> pd.DataFrame:
    """Make one row for each day from `first` to `last`: day, week, weekday, parts, total, paused.

    `week` is the first day of its week, and `weekday` its place in it, from 0: weeks begin on
    `first_weekday`, 0 (Monday) to 6.
    """
    days = pd.date_range(first, last)
    index = pd.DatetimeIndex([row.day for row in rows])
    parts = ["morning", "bedtime", "other"]
    frame = pd.DataFrame(rows, index, parts).reindex(days, fill_value=0).reset_index(names="day")
    weekday = (days.day_of_week - first_weekday) % 7
    week = days - pd.to_timedelta(weekday, unit="D")
    paused = [any(begin <= day.date() <= end for begin, end in pauses) for day in days]
    return frame.assign(
        total=frame[parts].sum(axis=1), week=week, weekday=weekday, paused=pd.array(paused, bool)
    )


def weekly_cramps(
    counts: Mapping[int, CrampCount], axis: WeekAxis, first: date, last: date
) -> pd.DataFrame:
    """Make one row a week: index, left, right, both, cramps, answered (numbers of nights)."""
    frame = pd.DataFrame(
        [(row.left, row.right, row.both, row.cramps, row.answered) for row in counts.values()],
        index=list(counts),
        columns=["left", "right", "both", "cramps", "answered"],
    )
    weeks = pd.Index(_weeks(axis, first, last), name="index")
    return frame.reindex(weeks, fill_value=0).reset_index()


CLEAR_CHANGE = 2
"""Points on the NRS-11 that a change must reach to exceed the error of the scale.

Source: Childs, Piva and Fritz (2005), Responsiveness of the numeric pain rating scale in patients
with low back pain, Spine 30(11):1331-1334: standard error 1.02, minimum detectable change 2. They
measured over one and four weeks of treatment, not within a session: a guide, not a verdict.
"""


@dataclass(frozen=True, slots=True)
class ChangeSummary:
    """The spread of the change of pain (NRS-11, after minus before) in sessions with both scores.

    `fell` and `rose` count the sessions with a change of CLEAR_CHANGE or more, `little` the others.
    """

    median: float
    low: float
    high: float
    sessions: int
    fell: int
    little: int
    rose: int


def change_summary(counts: Mapping[int, int]) -> ChangeSummary | None:
    """Return the summary of sessions counted by their change; None without any."""
    quartiles = spread(counts.items())
    if quartiles is None:
        return None
    fell = sum(count for change, count in counts.items() if change <= -CLEAR_CHANGE)
    rose = sum(count for change, count in counts.items() if change >= CLEAR_CHANGE)
    return ChangeSummary(*quartiles, fell, quartiles.scores - fell - rose, rose)


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
    """Return each group that has a score before: those in `order`, then any others by name."""
    counts = _by_group(rows)
    groups = []
    for name in [*order, *sorted({row.group for row in rows} - set(order))]:
        before, after = (spread(counts.get((name, when), ())) for when in (False, True))
        if before is None:
            continue
        group = PainGroup(name, before.scores, None, None, None, None)
        if before.scores >= LEAST_SCORES:
            group = replace(group, low=before.low, before=before.median, high=before.high)
        if after is not None and after.scores >= LEAST_SCORES:
            group = replace(group, after=after.median)
        groups.append(group)
    return groups


def groups_differ(groups: Sequence[PainGroup]) -> bool:
    """Return whether any two groups differ, or there is only one. Two stretches that are always
    held together, for example, have the same scores: there is nothing to compare."""
    return len(groups) < 2 or len({replace(group, group="") for group in groups}) > 1


@dataclass(frozen=True, slots=True)
class Consistency:
    """The totals of a frame of weekly sessions. Average and goals count full weeks only."""

    sessions: int
    weeks: int
    full_weeks: int
    per_full_week: float | None
    goal_met: int
    goal_weeks: int
    """How many of the full weeks had a goal."""
    goals: tuple[int, ...]
    """The goals of the full weeks in order, each named once until it changes."""


def consistency(frame: pd.DataFrame) -> Consistency:
    """Return the totals of a frame of `weekly_sessions`, each week judged by its own goal."""
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
