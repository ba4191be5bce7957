"""The last seven days and the pain of the last four weeks, each with a link to its page."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import date, timedelta
from html import escape

import streamlit as st

from holdwell.domain.dates import week_start
from holdwell.domain.models import GOAL_PROPOSED, PAIN_MAX, DayPart, Tracking
from holdwell.domain.pregnancies import period_of
from holdwell.i18n.formats import day_text, weekdays_text
from holdwell.i18n.messages import counted, plain, say
from holdwell.sessions import left_out
from holdwell.stats import glance, queries
from holdwell.stats.calendar_weeks import FOUR_WEEKS_DAYS, first_weekday
from holdwell.stats.queries import DayParts, DayScore
from holdwell.store.repository import Store
from holdwell.ui.common import undo_bar
from holdwell.ui.runtime import clock, navigation
from holdwell.ui.today.day_so_far import Day

JOINED_DAYS = 7
"""Scores more days apart are not joined by a line, as nothing is known of the days between."""
GOAL_DECLINED = "goal_declined"
"""A key of `meta`, set when the user wants no goal to be proposed."""
REMINDERS_OFFERED = "reminders_offered"
"""A key of `meta`, set when reminders were offered, which happens once."""


def show(day: Day) -> None:
    """Show the strip of days, the week's sessions and the line of pain, or what will be here."""
    if day.has_sessions:
        with st.container(key="hw-lately-week"):
            navigation.page_link("review", say("today.last_days"), icon="calendar_view_week")
            st.html(strip_html(day.sessions))
    _week(day)
    has_pain = _pain(day)
    if day.has_sessions or has_pain:
        with st.container(key="hw-lately-report"):
            navigation.page_link("report", say("progress.report"), icon="description")
        return
    with st.container(key="hw-lately-to-come"):
        st.text(say("today.to_come"))
        if not (day.resting or day.stopped):
            navigation.page_link("guide", say("stretch.learn"), icon="menu_book")


def strip_html(done: Mapping[date, DayParts]) -> str:
    """Return an HTML table with a column for each day and a row for each part of the day."""
    names = weekdays_text()
    heads = "".join(f'<th scope="col">{escape(names[day.weekday()])}</th>' for day in done)
    shown = [DayPart.MORNING, DayPart.BEDTIME]
    if any(row.other for row in done.values()):
        shown.append(DayPart.OTHER)
    body = ""
    for part in shown:
        cells = "".join(_cell(getattr(row, part.value)) for row in done.values())
        name = escape(say(f"part.{part.value}"))
        body += f'<tr><th scope="row">{name}</th>{cells}</tr>'
    return f'<table class="hw-strip"><tr><td></td>{heads}</tr>{body}</table>'


def _cell(count: int) -> str:
    state, text = ("done", "✓") if count else ("none", "")
    name = escape(say("today.strip_done" if count else "today.strip_none"))
    return f'<td><span class="hw-{state}" role="img" aria-label="{name}">{text}</span></td>'


def _week(day: Day) -> None:
    """Show how many sessions this week has, and the goal if it may be mentioned now."""
    if day.profile.tracking is Tracking.PAUSED:
        st.text(say("today.paused"))
        return
    # Only the days of this week that lie in the current pregnancy period count.
    within = period_of(day.store.pregnancy_periods(), day.today)
    begin = week_start(day.today, first_weekday(day.profile))
    first, end = max(begin, within.bounds[0]), begin + timedelta(days=6)
    count = sum(row.total for row in day.parts_by_day if first <= row.day <= end)
    history = left_out.goal_history(day.store, first, day.today, day.today)
    goal = history.goal_so_far(first, day.today) if day.expects_sessions else None
    if goal is not None:
        text = say("today.week", done=count, count=goal)
        if count > goal:
            text = say("today.week_above", sessions=counted("sessions", count), goal=goal)
        st.progress(min(1.0, count / goal), text=plain(text))
    elif count:
        st.text(say("today.week_plain", sessions=counted("sessions", count)))
    undo_bar.show(undo_bar.GOAL, day.store)
    if count and day.expects_sessions:
        if history.goals or day.store.meta(GOAL_DECLINED):
            _offer_reminders(day.store)
        else:
            _propose_goal(day.store)


def _propose_goal(store: Store) -> None:
    """Propose a goal, until the user accepts one or declines."""
    with st.container(key="hw-propose-goal"):
        st.text(say("today.goal_question"))
        with st.container(horizontal=True):
            if st.button(say("today.goal_take", count=GOAL_PROPOSED), key="hw-goal-take"):
                with undo_bar.offering(undo_bar.GOAL, say("today.goal_taken"), store):
                    store.choose_goal(GOAL_PROPOSED, clock.now())
                st.rerun()
            if st.button(say("today.choose_goal"), key="hw-goal-other", type="tertiary"):
                navigation.go("settings", open="sessions")
            if st.button(say("today.goal_none"), key="hw-goal-none", type="tertiary"):
                store.set_meta(GOAL_DECLINED, "1")
                st.rerun()


def _offer_reminders(store: Store) -> None:
    """Offer reminders once, after a first session and the question on a goal; never in the demo."""
    if store.meta(REMINDERS_OFFERED) or store.meta("demo"):
        return
    with st.container(key="hw-offer-reminders"):
        st.text(say("today.reminders_question"))
        with st.container(horizontal=True):
            wanted = st.button(say("today.reminders_make"), key="hw-reminders-make")
            none = say("today.reminders_none")
            unwanted = st.button(none, key="hw-reminders-none", type="tertiary")
    if wanted or unwanted:
        store.set_meta(REMINDERS_OFFERED, "1")
        if wanted:
            navigation.go("reminders")
        st.rerun()


def _pain(day: Day) -> bool:
    """Show four weeks of pain as a line and in a sentence; return whether there are any scores."""
    within = period_of(day.store.pregnancy_periods(), day.today)
    latest = queries.latest_day(day.store, within, day.today)
    scores = glance.recent_scores(day.store, latest, within)
    rows = [row for row in scores.now if not row.left_out]
    if not rows:
        return False
    with st.container(key="hw-lately-pain"):
        label = say("today.pain_weeks")
        navigation.page_link("progress", label, icon="show_chart", show="pain")
        if len({row.day for row in rows}) > 1:
            st.html(pain_html(rows, latest - timedelta(days=FOUR_WEEKS_DAYS - 1), latest))
        st.text(glance.recent_pain(scores))
    return True


def pain_html(rows: list[DayScore], first: date, last: date) -> str:
    """Return the line of daily means as HTML, with labels at the ends of both axes."""
    by_day: dict[date, list[int]] = {}
    for row in rows:
        by_day.setdefault(row.day, []).extend([row.score] * row.count)
    means = {day: sum(scores) / len(scores) for day, scores in by_day.items()}
    drawn = b64encode(sparkline(means, first, last).encode()).decode()
    mask = f"mask-image: url(data:image/svg+xml;base64,{drawn})"
    return (
        '<div class="hw-pain-line" aria-hidden="true"><div><span>10</span><span>0</span></div>'
        f'<div class="hw-sparkline"><div style="{mask}"></div></div>'
        f"<p><span>{escape(day_text(first, today=last))}</span>"
        f"<span>{escape(say('today.title_today'))}</span></p></div>"
    )


def sparkline(means: Mapping[date, float], first: date, last: date) -> str:
    """Return SVG of the mean pain (0 to 10) of each day from `first` to `last` that has a score.

    It is made without a chart library, so that Today loads at once. It stretches to the size of its
    box, and is black because the page uses it as a mask for the theme's colour.
    """
    width = max(1, (last - first).days)
    days = sorted(day for day in means if first <= day <= last)
    points = {day: f"{(day - first).days} {PAIN_MAX - means[day]:g}" for day in days}
    line = ""
    for day, before in zip(days, [None, *days], strict=False):
        joined = before is not None and (day - before).days <= JOINED_DAYS
        line += f"{'L' if joined else 'M'}{points[day]}"
    dots = "".join(f"M{point}h0" for point in points.values())
    style = 'fill="none" stroke="#000" vector-effect="non-scaling-stroke"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-0.5 -0.5 {width + 1} {PAIN_MAX + 1}" '
        'preserveAspectRatio="none">'
        f'<path {style} stroke-width="2" stroke-linejoin="round" d="{line}"/>'
        f'<path {style} stroke-width="6" stroke-linecap="round" d="{dots}"/></svg>'
    )
