"""Short answers for the page Progress: the last weeks, compared with those before."""

from datetime import date, timedelta

from holdwell.domain.dated import GoalHistory
from holdwell.domain.dates import DaySpan, week_start
from holdwell.i18n.messages import counted, say
from holdwell.stats import queries, scores
from holdwell.stats.calendar_weeks import first_weekday, last_and_before
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
        middle = _median_pain(store, first, last)
        if middle is None:
            are_left_out = queries.trend_scores(store, first, last)
            return say("progress.pain_left_out" if are_left_out else "progress.pain_none")
        return say("progress.glance_pain_back", median=middle)
    recent, before = last_and_before(last, period, queries.first_day(store, period))
    now = _median_pain(store, *recent)
    if now is None:
        are_left_out = queries.trend_scores(store, *recent)
        return say("progress.glance_pain_left_out" if are_left_out else "progress.glance_pain_none")
    earlier = _median_pain(store, *before) if before else None
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
    recent, before = last_and_before(last, period, queries.first_day(store, period))
    if before and _median_pain(store, *recent) is not None:
        sentences.append(pain(store, *recent, period))
    span = queries.entries_span(store, period)
    recent, before = last_and_before(last, period, span and span[0])
    nights, nights_before = _cramps(store, *recent), before and _cramps(store, *before)
    if nights and nights_before:
        sentences.append(say("progress.changed_cramps", now=nights, earlier=nights_before))
    return sentences


def _median_pain(store: Store, first: date, last: date) -> str | None:
    """Say the median of all scores except those after a session; None without a score."""
    found = scores.trend_spread(queries.trend_scores(store, first, last))
    return None if found is None else scores.median_text(found)


def _cramps(store: Store, first: date, last: date) -> str | None:
    """Say how many of the answered nights had cramps; None without an answer."""
    found = queries.cramps(store, first, last)
    if not found.answered:
        return None
    nights = counted("answered_nights", found.answered)
    return say("progress.changed_nights", cramps=found.cramps, nights=nights)
