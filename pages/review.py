"""The weekly review: a week against the last and the four before, in sentences and two charts."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import streamlit as st

from holdwell import charts
from holdwell.charts import View
from holdwell.domain import dates
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.i18n.formats import day_text
from holdwell.i18n.messages import say
from holdwell.report import text
from holdwell.stats import frames, queries, weekly_review
from holdwell.stats.calendar_weeks import calendar_weeks, first_weekday
from holdwell.store.repository import Store
from holdwell.ui.common import pregnancy_picker
from holdwell.ui.progress import chart_card, habit, tables
from holdwell.ui.progress.chart_card import ChartCard, Drawing
from holdwell.ui.runtime import address, clock, navigation
from holdwell.ui.runtime.run_context import current_run

WEEKS_DRAWN = 6


def choose_week(today: date, first: date, weekday: int) -> date:
    """Show the ways to earlier and later weeks; return the first day of the week shown.

    Weeks begin on `weekday`, 0 to 6. The week shown lives in the address.
    """
    this, earliest = dates.week_start(today, weekday), dates.week_start(first, weekday)
    known = [this - timedelta(weeks=back) for back in range((this - earliest).days // 7 + 1)]
    days = [day.isoformat() for day in known]
    begin = date.fromisoformat(address.value("week", days, this.isoformat()))
    with st.container(horizontal=True, key="hw-weeks"):
        for label, name, weeks, icon, disabled in (
            (say("review.earlier"), "earlier", -1, "left", begin <= earliest),
            (say("review.later"), "later", 1, "right", begin >= this),
        ):
            if st.button(
                label,
                key=f"hw-{name}",
                icon=f":material/chevron_{icon}:",
                disabled=disabled,
                width="stretch",
            ):
                shown = begin + timedelta(weeks=weeks)
                address.put("week", shown.isoformat(), this.isoformat())
                st.rerun()
    return begin


def sessions_card(store: Store, view: View, alt: list[str]) -> ChartCard:
    """Return the sessions of six weeks; what the review says stands in its picture."""
    today = store.local_day(clock.now())
    frame = habit.weekly_sessions(store, view, view.axis, store.goal_history(), today)
    title = say("progress.weekly_title")
    if not frame["sessions"].any():
        return ChartCard("review", title, [say("review.often_none_six")])
    notes = [*habit.partial_weeks(frame), *text.paused(view.pauses)]
    return ChartCard("review", title, (), habit.sessions_drawing(frame, view), notes, alt=alt)


def pain_card(store: Store, view: View, alt: list[str]) -> ChartCard:
    """Return the pain of six weeks: single scores and the middle one of each week."""
    scores = queries.trend_scores(store, view.first, view.last)
    title = say("progress.col_pain")
    if not scores:
        return ChartCard("review-pain", title, [say("review.pain_none")])
    weekly = frames.weekly_middle(scores, view.axis, view.first, view.last)
    drawing = Drawing(
        partial(charts.pain_trend, scores, []),
        view,
        lambda: tables.weekly(
            weekly[weekly["scores"] > 0], view.axis, "median", "low", "high", "scores"
        ),
    )
    note, exact = say("progress.trend_note_none"), say("progress.pain_exact")
    return ChartCard("review-pain", title, (), drawing, [note], [exact], alt)


def six_weeks(store: Store, begin: date, last: date, period: PregnancyPeriod) -> View:
    """Return the view of the week of `begin` and the five before it, within the period."""
    first = max(begin - timedelta(weeks=WEEKS_DRAWN - 1), period.bounds[0])
    axis = calendar_weeks(store.profile())
    view = View(axis, first, last, chart_card.palette(), height=charts.SMALL_HEIGHT)
    return replace(view, pauses=tuple(store.goal_history().paused_between(first, last)))


def page() -> None:
    """Show the week that is chosen, in sentences and as two charts on one axis of weeks."""
    store = current_run().store
    # The title depends on the choice below it.
    top = st.container()
    period = pregnancy_picker.choose(store)
    top.title(say("review.title" if period.last is None else "review.title_back"), anchor=False)
    span = queries.entries_span(store, period)
    if span is None:
        st.text(say("progress.empty" if period.last is None else "chapters.empty"))
        return
    today = max(queries.latest_day(store, period, store.local_day(clock.now())), span[1])
    begin = choose_week(today, span[0], first_weekday(store.profile()))
    last = min(today, begin + timedelta(days=6))
    heading = say("review.week", day=day_text(begin))
    st.header(heading, anchor=False)
    said = weekly_review.review(store, last, period)
    with st.container(key="hw-sentences"):
        for sentence in said:
            st.text(sentence)
    view = six_weeks(store, begin, last, period)
    for card in (sessions_card, pain_card):
        chart_card.show(card(store, view, [heading, *said]))
    st.caption(say("review.print"))
    navigation.back_button("review")


page()
