"""The review of a week: this one, the last and the four before, in three plain sentences.

Every number in a sentence is one of `Weeks`, which is read from counts; nothing is judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from holdwell.domain.dates import week_start
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.domain.week_axis import calendar_axis
from holdwell.i18n.formats import listed_text, number_text
from holdwell.i18n.messages import counted, say
from holdwell.stats import queries
from holdwell.stats.frames import quantiles
from holdwell.store.repository import ALWAYS, Store

WEEKS_BEFORE = 4


@dataclass(frozen=True, slots=True)
class Part:
    """The numbers of one or more whole days. `pain` is the median before (None: no score).

    `there` says whether any of the days belongs to the period that is looked at.
    """

    sessions: int
    pain: float | None
    cramps: int
    answered: int
    there: bool = True


@dataclass(frozen=True, slots=True)
class Weeks:
    """What the review speaks of. `monday` begins this week, which has `days` days so far."""

    monday: date
    days: int
    this: Part
    last: Part
    last_same_days: int | None
    """None where none of these days belongs to the period."""
    before: Part
    weeks_before: int
    """How many of the four weeks before there were since the first session: 0 to 4."""


def read(store: Store, today: date, first: date, within: PregnancyPeriod = ALWAYS) -> Weeks:
    """Read the numbers for the week of a local day, of the days of a period alone.

    `first` is her first day with a session in it.
    """
    monday = week_start(today)
    last = monday - timedelta(weeks=1)
    before = last - timedelta(weeks=WEEKS_BEFORE)
    days = (today - monday).days + 1
    same = _part(store, last, last + timedelta(days=days - 1), within)
    known = (last - week_start(first)).days // 7
    return Weeks(
        monday=monday,
        days=days,
        this=_part(store, monday, today, within),
        last=_part(store, last, monday - timedelta(days=1), within),
        last_same_days=same.sessions if same.there else None,
        before=_part(store, before, last - timedelta(days=1), within),
        weeks_before=min(WEEKS_BEFORE, max(0, known)),
    )


def _part(store: Store, first: date, last: date, within: PregnancyPeriod) -> Part:
    days = within.clamp(first, last)
    if days is None:
        return Part(0, None, 0, 0, there=False)
    first, last = days
    axis = calendar_axis()
    scores: dict[int, int] = {}
    for row in queries.scores_by_day(store, first, last):
        scores[row.score] = scores.get(row.score, 0) + row.count
    cramps = queries.cramps_by_week(store, axis, first, last)
    return Part(
        sessions=sum(w.sessions for w in queries.sessions_by_week(store, axis, first, last)),
        pain=quantiles(scores, (0.5,))[0] if scores else None,
        cramps=sum(w.cramps for w in cramps),
        answered=sum(w.answered for w in cramps),
    )


def sentences(weeks: Weeks) -> tuple[str, str, str]:
    """Three sentences: how often, how it hurt, and cramps. Each says numbers and no more."""
    return _often(weeks), _pain(weeks), _cramps(weeks)


def _often(weeks: Weeks) -> str:
    parts = [say("review.often_this", times=counted("times", weeks.this.sessions))]
    if not weeks.last.there:
        return _joined(parts)
    if weeks.days < 7:
        if weeks.last_same_days is not None:
            times = counted("times", weeks.last_same_days)
            parts.append(say("review.often_last_same", times=times))
    else:
        parts.append(say("review.often_last", times=counted("times", weeks.last.sessions)))
    if weeks.weeks_before == 1:
        times = counted("times", weeks.before.sessions)
        parts.append(say("review.often_before_one", times=times))
    elif weeks.weeks_before:
        average = weeks.before.sessions / weeks.weeks_before
        words = counted("weeks", weeks.weeks_before)
        parts.append(
            say("review.often_before", average=number_text(average, places=1), weeks=words)
        )
    return _joined(parts)


def _pain(weeks: Weeks) -> str:
    known = _known(weeks)
    if all(part.pain is None for part in known.values()):
        return say("review.pain_none")
    parts = [say(f"review.pain_{name}", median=_median(part.pain)) for name, part in known.items()]
    return _joined(parts)


def _known(weeks: Weeks) -> dict[str, Part]:
    """The parts that have a day in the period, by the name of their words."""
    parts = {"this": weeks.this, "last": weeks.last, "before": weeks.before}
    return {name: part for name, part in parts.items() if part.there}


def _median(value: float | None) -> str:
    return say("review.not_rated") if value is None else number_text(value)


def _cramps(weeks: Weeks) -> str:
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
    """A, B and C, with a full stop."""
    return listed_text(parts) + "."
