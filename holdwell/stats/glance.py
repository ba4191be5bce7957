"""Short answers for the page Progress: the last weeks, compared with those before."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from holdwell.domain.dated import GoalHistory
from holdwell.domain.dates import DaySpan, week_start
from holdwell.i18n.messages import counted, say
from holdwell.stats import queries, scores
from holdwell.stats.calendar_weeks import first_weekday, last_and_before
from holdwell.stats.queries import DayScore
from holdwell.store.repository import Store


def sessions_this_week(store: Store, today: date, period: DaySpan, history: GoalHistory) -> str:
    """Say how many sessions the calendar week of `today` has so far, and its goal in `history`.

    Days before the `period` belong to another pregnancy and are not counted here. After a flight
    to the west a session may be dated tomorrow; it counts in its week.
    """
    begin = week_start(today, first_weekday(store.profile()))
    first, end = max(period.bounds[0], begin), begin + timedelta(days=6)
    goal = history.goal_so_far(first, today)
    week = counted("sessions", queries.sessions(store, first, end))
    if goal is None:
        return say("progress.glance_often_plain", sessions=week)
    return say("progress.glance_often", sessions=week, goal=goal)


def pain(store: Store, first: date, last: date, period: DaySpan) -> str:
    """Say the median pain of the last 4 weeks, and of the 4 before if these are known.

    For a period that is over, say the median of all its days, `first` to `last`.
    """
    if period.last is not None:
        rows = queries.trend_scores(store, first, last)
        middle = _median_text(rows)
        if middle is None:
            return say("progress.pain_left_out" if rows else "progress.pain_none")
        return say("progress.glance_pain_back", median=middle)
    return recent_pain(recent_scores(store, last, period))


class RecentScores(NamedTuple):
    """The scores of the last 4 weeks, and of the 4 before; the latter are None if not known."""

    now: list[DayScore]
    earlier: list[DayScore] | None


def recent_scores(store: Store, last: date, period: DaySpan) -> RecentScores:
    """Read the scores of the 4 weeks up to `last` and of the 4 before, in one query."""
    recent, before = last_and_before(last, period, queries.first_day(store, period))
    rows = queries.trend_scores(store, (before or recent)[0], last)
    now = [row for row in rows if row.day >= recent[0]]
    return RecentScores(now, rows[: len(rows) - len(now)] if before else None)


def recent_pain(scores: RecentScores) -> str:
    """Say the median pain of the last 4 weeks, and of the 4 before if these are known."""
    now, earlier = _median_text(scores.now), _median_text(scores.earlier or [])
    if now is None:
        left_out = "progress.glance_pain_left_out"
        return say(left_out if scores.now else "progress.glance_pain_none")
    if earlier is None:
        return say("progress.glance_pain_one", median=now)
    return say("progress.glance_pain", median=now, earlier=earlier)


def no_scores(store: Store, first: date, last: date, otherwise: str) -> str:
    """Say that days have no scores but those of sessions that do not count, or else `otherwise`."""
    count = queries.uncounted_with_score(store, first, last)
    return say("progress.uncounted", count=count) if count else otherwise


def changes(store: Store, last: date, period: DaySpan) -> list[str]:
    """Compare the 4 weeks up to `last` with the 4 before: sessions, pain and nights with cramps.

    What was not logged has no sentence. Sessions have none either if any of the days was paused.
    """
    sentences = []
    recent, before = last_and_before(last, period, queries.first_session_day(store, period))
    if before and not store.goal_history().paused_between(before[0], last):
        now, earlier = queries.sessions(store, *recent), queries.sessions(store, *before)
        if now or earlier:
            sentences.append(say("progress.changed_often", now=now, earlier=earlier))
    found = recent_scores(store, last, period)
    if found.earlier is not None and _median_text(found.now) is not None:
        sentences.append(recent_pain(found))
    span = queries.entries_span(store, period)
    recent, before = last_and_before(last, period, span and span[0])
    nights, nights_before = _cramps(store, *recent), before and _cramps(store, *before)
    if nights and nights_before:
        sentences.append(say("progress.changed_cramps", now=nights, earlier=nights_before))
    return sentences


def _median_text(rows: Sequence[DayScore]) -> str | None:
    """Say the median of the scores of days that are not left out; None without one."""
    found = scores.trend_spread(rows)
    return None if found is None else scores.median_text(found)


def _cramps(store: Store, first: date, last: date) -> str | None:
    """Say how many of the answered nights had cramps; None without an answer."""
    found = queries.cramps(store, first, last)
    if not found.answered:
        return None
    nights = counted("answered_nights", found.answered)
    return say("progress.changed_nights", cramps=found.cramps, nights=nights)
