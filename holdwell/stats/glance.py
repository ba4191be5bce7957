"""The answers of the Progress page in a few sentences, whatever time its charts show."""

from datetime import date, timedelta

from holdwell.domain.dates import week_start
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.domain.week_axis import calendar_axis
from holdwell.i18n.formats import number_text
from holdwell.i18n.messages import counted, say
from holdwell.stats import frames, queries
from holdwell.stats.calendar_weeks import first_weekday
from holdwell.store.repository import Store

PAIN_DAYS = 28
"""How many days one median of pain is taken over, and those before it to compare with."""


def sentences(store: Store, today: date, goal: int | None, period: PregnancyPeriod) -> list[str]:
    """Say how often and how painful it was lately, up to `today`.

    No number reaches over the first day of the `period`, into another pregnancy.
    """
    earliest = period.bounds[0]
    begin = week_start(today, first_weekday(store.profile()))
    week = _sessions(store, max(earliest, begin), today)
    often = (
        say("progress.glance_often_plain", sessions=week)
        if goal is None
        else say("progress.glance_often", sessions=week, goal=goal)
    )
    first = max(earliest, today - timedelta(days=PAIN_DAYS - 1))
    start = max(earliest, today - timedelta(days=2 * PAIN_DAYS - 1))
    now = _median_before(store, first, today)
    earlier = _median_before(store, start, first - timedelta(days=1))
    if now is None:
        pain = say("progress.glance_pain_none")
    elif earlier is None:
        pain = say("progress.glance_pain_one", median=now)
    else:
        pain = say("progress.glance_pain", median=now, earlier=earlier)
    return [often, pain, *_change(store, first, today)]


def past_sentences(store: Store, first: date, last: date) -> list[str]:
    """Say the same of all days of a pregnancy that is over, without a goal."""
    median = _median_before(store, first, last)
    return [
        say("progress.glance_often_plain_view", sessions=_sessions(store, first, last)),
        *([] if median is None else [say("progress.glance_pain_back", median=median)]),
        *_change(store, first, last),
    ]


def _sessions(store: Store, first: date, last: date) -> str:
    weeks = queries.sessions_by_week(store, calendar_axis(), first, last)
    return counted("sessions", sum(week.sessions for week in weeks))


def _median_before(store: Store, first: date, last: date) -> str | None:
    """Write the median pain before a session; None without a score."""
    rows = queries.scores_by_week(store, calendar_axis(), first, last)
    median = frames.overall_median(rows, after=False)
    return None if median is None else number_text(median)


def _change(store: Store, first: date, last: date) -> list[str]:
    """Say what a session did to the pain; nothing where no session has both scores."""
    summary = frames.change_summary(queries.pain_changes(store, first, last))
    if summary is None:
        return []
    sessions = counted("sessions", summary.sessions)
    return [say("progress.glance_change", noticed=summary.fell, sessions=sessions)]
