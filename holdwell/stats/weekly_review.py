"""The review of a week: this one, the last and the four before, in three plain sentences.

Every number in a sentence is one of `WeekComparison`, which is read from counts; none is judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from holdwell.domain.dates import week_start
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.domain.week_axis import calendar_axis
from holdwell.i18n.formats import listed_text, number_text
from holdwell.i18n.messages import counted, say
from holdwell.stats import frames, queries
from holdwell.store.repository import ALWAYS, Store

WEEKS_BEFORE = 4


@dataclass(frozen=True, slots=True)
class DaysSummary:
    """The numbers of one or more whole days. `pain` is the median before (None: no score).

    `there` says whether any of the days belongs to the pregnancy period that is looked at.
    """

    sessions: int
    pain: float | None
    cramps: int
    answered: int
    there: bool = True


@dataclass(frozen=True, slots=True)
class WeekComparison:
    """What the review speaks of. `monday` begins this week, which has `days` days so far."""

    monday: date
    days: int
    this: DaysSummary
    last: DaysSummary
    last_same_days: int | None
    """None where none of these days belongs to the pregnancy period."""
    before: DaysSummary
    weeks_before: int
    """How many of the four weeks before there were since the first session: 0 to 4."""


def read(
    store: Store, today: date, first: date, within: PregnancyPeriod = ALWAYS
) -> WeekComparison:
    """Read the numbers for the week of a local day, of the days of a pregnancy period alone.

    `first` is the first day with a session in it.
    """
    monday = week_start(today)
    last = monday - timedelta(weeks=1)
    before = last - timedelta(weeks=WEEKS_BEFORE)
    days = (today - monday).days + 1
    same = _summary(store, last, last + timedelta(days=days - 1), within)
    known = (last - week_start(first)).days // 7
    return WeekComparison(
        monday=monday,
        days=days,
        this=_summary(store, monday, today, within),
        last=_summary(store, last, monday - timedelta(days=1), within),
        last_same_days=same.sessions if same.there else None,
        before=_summary(store, before, last - timedelta(days=1), within),
        weeks_before=min(WEEKS_BEFORE, max(0, known)),
    )


def _summary(store: Store, first: date, last: date, within: PregnancyPeriod) -> DaysSummary:
    days = within.clamp(first, last)
    if days is None:
        return DaysSummary(0, None, 0, 0, there=False)
    axis = calendar_axis()
    scores: Counter[int] = Counter()
    for row in queries.scores_by_day(store, *days):
        scores[row.score] += row.count
    cramps = queries.cramps_by_week(store, axis, *days)
    return DaysSummary(
        sessions=sum(week.sessions for week in queries.sessions_by_week(store, axis, *days)),
        pain=frames.quantiles(scores, (0.5,))[0] if scores else None,
        cramps=sum(week.cramps for week in cramps),
        answered=sum(week.answered for week in cramps),
    )


def six_weeks(store: Store, monday: date, last: date, within: PregnancyPeriod) -> pd.DataFrame:
    """Make one row for the week of `monday` and each of the five before it, up to the day `last`:
    from_day, sessions, pain (the median before a session)."""
    axis = calendar_axis()
    first = max(monday - timedelta(weeks=1 + WEEKS_BEFORE), within.bounds[0])
    weeks = frames.weekly_sessions(
        queries.sessions_by_week(store, axis, first, last), axis, first, last
    )
    scores = queries.scores_by_week(store, axis, first, last)
    pain = frames.weekly_pain(scores, axis, first, last)
    before = pain.loc[pain["when"] == frames.BEFORE, "median"]
    return weeks[["from_day", "sessions"]].assign(pain=before.to_numpy())


def sentences(weeks: WeekComparison) -> tuple[str, str, str]:
    """Say in three sentences how often, how it hurt, and cramps: numbers and no more."""
    return _often(weeks), _pain(weeks), _cramps(weeks)


def _often(weeks: WeekComparison) -> str:
    parts = [say("review.often_this", times=counted("times", weeks.this.sessions))]
    if not weeks.last.there:
        return _joined(parts)
    if weeks.days == 7:
        parts.append(say("review.often_last", times=counted("times", weeks.last.sessions)))
    elif weeks.last_same_days is not None:
        parts.append(say("review.often_last_same", times=counted("times", weeks.last_same_days)))
    if weeks.weeks_before == 1:
        times = counted("times", weeks.before.sessions)
        parts.append(say("review.often_before_one", times=times))
    elif weeks.weeks_before:
        average = number_text(weeks.before.sessions / weeks.weeks_before, places=1)
        words = counted("weeks", weeks.weeks_before)
        parts.append(say("review.often_before", average=average, weeks=words))
    return _joined(parts)


def _pain(weeks: WeekComparison) -> str:
    known = _known(weeks)
    if all(part.pain is None for part in known.values()):
        return say("review.pain_none")
    return _joined(
        [say(f"review.pain_{name}", median=_median(part.pain)) for name, part in known.items()]
    )


def _known(weeks: WeekComparison) -> dict[str, DaysSummary]:
    """Return the parts that have a day in the pregnancy period, by the key of their words."""
    parts = {"this": weeks.this, "last": weeks.last, "before": weeks.before}
    return {name: part for name, part in parts.items() if part.there}


def _median(value: float | None) -> str:
    return say("review.not_rated") if value is None else number_text(value)


def _cramps(weeks: WeekComparison) -> str:
    parts = [
        say(
            f"review.cramps_{name}",
            cramps=part.cramps,
            nights=counted("answered_nights", part.answered),
        )
        for name, part in _known(weeks).items()
        if part.answered
    ]
    if not parts:
        return say("review.cramps_none")
    return say("review.cramps_begin") + " " + _joined(parts)


def _joined(parts: Sequence[str]) -> str:
    """Join the parts as "A, B and C", with a full stop."""
    return listed_text(parts) + "."
