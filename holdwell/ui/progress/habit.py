"""Habit on the Progress page: sessions a week, habit strength, and a calendar of days."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pandas as pd

from holdwell.charts.base import View
from holdwell.charts.day_heatmap import day_heatmap
from holdwell.charts.weekly import sessions_by_week
from holdwell.domain.dated import GoalHistory
from holdwell.domain.models import DayPart
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.i18n.formats import half_up, number_text
from holdwell.i18n.messages import counted, say
from holdwell.report import text
from holdwell.sessions import left_out
from holdwell.stats import frames, glance, queries
from holdwell.stats.calendar_weeks import calendar_weeks
from holdwell.stats.habit import first_day, strength
from holdwell.stats.trend_line import LONGEST_DAYS
from holdwell.store.repository import Store
from holdwell.ui.progress.chart_card import ChartCard, Plot
from holdwell.ui.runtime import clock

LEAST_DAYS = 14
"""The day from which habit strength is shown: earlier, it says little but that the habit is new."""


def cards(store: Store, view: View, period: PregnancyPeriod) -> Iterator[ChartCard]:
    """Yield sessions a week, then the calendar of days."""
    began = queries.first_session_day(store, period)
    title = say("progress.weekly_title")
    if began is None:
        yield ChartCard("weekly", title, [say("progress.no_session")])
        return
    is_over = period.last is not None
    today = store.local_day(clock.now())
    history = goals_now(store, period)
    # The goal is for calendar weeks, whatever weeks the chart shows.
    axis = calendar_weeks(store.profile())
    sentences = habit_sentences(weekly_sessions(store, replace(view, axis=axis), period, history))
    if not is_over:
        sentences.insert(0, glance.sessions_this_week(store, today, period, history))
    frame = weekly_sessions(store, view, period, history)
    # The strength may need earlier days than the calendar shows.
    earliest = min(first_day(history, view.last, began), _calendar_start(view))
    by_day = queries.parts_by_day(store, max(earliest, period.bounds[0]), view.last)
    notes = []
    # A score or cramp dated tomorrow, after a flight to the west, does not end today.
    last = view.last if is_over else max([today, *(row.day for row in by_day)])
    if history.goals:
        if not is_over and (last - began).days + 1 >= LEAST_DAYS:
            days = {row.day: row.total for row in by_day}
            percent = half_up(100 * strength(days, history, last, began))
            notes.append(say("progress.strength", percent=percent))
        streaks = queries.streaks(store, last, period, history)
        best, current = counted("days", streaks.best), counted("days", streaks.current)
        if streaks.best > 1:
            runs = "progress.runs_back" if is_over else "progress.runs"
            notes.append(say(runs, current=current, best=best))
        if replace(history, pauses=()).paused_between(max(view.first, began), last):
            notes.append(say("progress.weekly_rest"))
    if view.axis != axis:
        notes.append(say("progress.weekly_calendar"))
    notes += [*partial_weeks(frame), *text.paused(view.pauses)]
    yield ChartCard("weekly", title, sentences, sessions_plot(frame, view), notes)
    yield days_card(by_day, view, began, axis.origin.weekday())


def goals_now(store: Store, period: PregnancyPeriod) -> GoalHistory:
    """Return the goals that may be mentioned: none while the guide says to rest, as on Today."""
    return left_out.goal_history(store, *period.bounds, store.local_day(clock.now()))


def sessions_plot(frame: pd.DataFrame, view: View) -> Plot:
    """Return the chart of sessions a week with its numbers."""
    shown = frame.rename(columns={"from_day": "from"})
    return Plot(partial(sessions_by_week, frame), view, shown, ("from", "sessions"))


def partial_weeks(frame: pd.DataFrame) -> list[str]:
    """Explain the paler bars of weeks that are not full; return nothing if every week is full."""
    return [] if frame["full"].all() else [say("progress.weekly_partial")]


def weekly_sessions(
    store: Store, view: View, period: PregnancyPeriod, history: GoalHistory
) -> pd.DataFrame:
    """Return the frame of sessions a week for the days shown since the first session."""
    began = queries.first_session_day(store, period)
    shown = view.axis, max(view.first, began or view.first), view.last
    today = store.local_day(clock.now())
    return frames.weekly_sessions(queries.sessions_by_week(store, *shown), *shown, today, history)


def habit_sentences(frame: pd.DataFrame) -> list[str]:
    """Sum up a frame of weekly sessions, and say how often the goal was met."""
    numbers = frames.consistency(frame)
    if numbers.per_full_week is None:
        sessions = counted("sessions", numbers.sessions)
        return [say("progress.glance_often_plain_view", sessions=sessions)]
    sentences = [
        say(
            "progress.weekly_summary",
            sessions=counted("sessions", numbers.sessions),
            weeks=counted("weeks", numbers.weeks),
            full=counted("full_weeks", numbers.full_weeks),
            per_week=number_text(numbers.per_full_week, most=1),
        )
    ]
    met, full = numbers.goal_met, numbers.goal_weeks
    if len(numbers.goals) == 1:
        goal = numbers.goals[0]
        sentences.append(say("progress.weekly_goal", goal=goal, met=met, count=full))
    elif numbers.goals:
        sentences.append(say("progress.weekly_goals", met=met, count=full))
    return sentences


def _calendar_start(view: View) -> date:
    """Return the first day of the calendar of days, which shows at most the last 54 weeks."""
    return max(view.first, view.last - timedelta(days=LONGEST_DAYS - 1))


def days_card(
    by_day: Sequence[queries.DayParts], view: View, began: date, first_weekday: int
) -> ChartCard:
    """Return the calendar of days; weeks begin on `first_weekday`, 0 (Monday) to 6.

    Its summary counts the days since the first session (`began`), without paused days.
    """
    start = _calendar_start(view)
    frame = frames.daily_parts(by_day, start, view.last, first_weekday, view.pauses)
    shown = frame.assign(day=[d.date() for d in frame["day"]])
    tracked = shown[(shown["day"] >= began) & ~shown["paused"]]
    summary = say(
        "progress.days_summary",
        days=int((tracked["total"] > 0).sum()),
        total=counted("days", len(tracked)),
        morning=counted("mornings", int((tracked["morning"] > 0).sum())),
        bedtime=counted("bedtimes", int((tracked["bedtime"] > 0).sum())),
    )
    sentences = [*([summary] if len(tracked) else []), *text.paused(view.pauses)]
    notes = [say("progress.days_note")]
    if start > view.first:
        notes.append(say("progress.days_cut", weeks=counted("weeks", LONGEST_DAYS // 7)))
    plot = Plot(partial(day_heatmap, frame), view, shown, ("day", *DayPart))
    return ChartCard("days", say("progress.days_title"), sentences, plot, notes)
