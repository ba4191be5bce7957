"""The weekly review: a week compared with earlier ones, in sentences and two charts."""

from dataclasses import replace
from datetime import date, timedelta

import streamlit as st

from holdwell.charts.base import SMALL_HEIGHT, View
from holdwell.domain import dates
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.i18n.formats import day_text
from holdwell.i18n.messages import say
from holdwell.report import text
from holdwell.stats import glance, queries, weekly_review
from holdwell.stats.calendar_weeks import calendar_weeks, first_weekday
from holdwell.store.repository import Store
from holdwell.ui.common import address, buttons, pregnancy_picker
from holdwell.ui.progress import chart_card, habit, pain, views
from holdwell.ui.progress.chart_card import ChartCard
from holdwell.ui.runtime.run_context import current_run

WEEKS_DRAWN = 6


def choose_week(whole: View, weekday: int) -> date:
    """Show buttons to earlier and later weeks; return the first day of the week shown.

    Weeks begin on `weekday`, 0 (Monday) to 6. The page's address names the week shown.
    """
    latest, earliest = (dates.week_start(day, weekday) for day in (whole.last, whole.first))
    weeks_known = (latest - earliest).days // 7 + 1
    days = [(latest - timedelta(weeks=back)).isoformat() for back in range(weeks_known)]
    begin = date.fromisoformat(address.value("week", days, latest.isoformat()))

    def step(label: str, key: str, weeks: int, icon: str) -> None:
        shown = begin + timedelta(weeks=weeks)
        is_end = not earliest <= shown <= latest
        to = ("week", shown.isoformat(), latest.isoformat())
        buttons.wide(label, key, icon=icon, disabled=is_end, on_click=address.put, args=to)

    with st.container(horizontal=True, key="hw-weeks"):
        step(say("review.earlier"), "hw-earlier", -1, "chevron_left")
        step(say("review.later"), "hw-later", 1, "chevron_right")
    return begin


def sessions_card(store: Store, view: View, period: PregnancyPeriod, alt: list[str]) -> ChartCard:
    """Return the sessions of six weeks; `alt` is the review's text for the saved picture."""
    frame = habit.weekly_sessions(store, view, period, habit.goals_now(store, period))
    title = say("progress.weekly_title")
    if not frame["sessions"].any():
        return ChartCard("review", title, [say("review.often_none_six")])
    notes = [*habit.partial_weeks(frame), *text.paused(view.pauses)]
    return ChartCard("review", title, (), habit.sessions_plot(frame, view), notes, alt=alt)


def pain_card(store: Store, view: View, alt: list[str]) -> ChartCard:
    """Return the pain of six weeks: single scores and the median of each week."""
    scores = queries.trend_scores(store, view.first, view.last)
    title = say("progress.col_pain")
    if not scores:
        none = glance.no_scores(store, view.first, view.last, say("review.pain_none"))
        return ChartCard("review-pain", title, [none])
    note, exact = say("progress.trend_note_none"), say("progress.pain_exact")
    plot = pain.medians_plot(scores, view)
    return ChartCard("review-pain", title, (), plot, [note], [exact], alt)


def page() -> None:
    """Show the chosen week in sentences, and two charts that share an axis of weeks."""
    store = current_run().store
    # The title is filled in later, as it depends on the choice below it.
    top = st.container()
    period = pregnancy_picker.choose(store)
    top.title(say("review.title" if period.last is None else "review.title_back"), anchor=False)
    whole = views.whole(store, period)
    if whole is None:
        empty = say("progress.empty" if period.last is None else "pregnancies.empty")
        st.text(glance.no_scores(store, *period.bounds, empty))
        return
    axis = calendar_weeks(store.profile())
    begin = choose_week(whole, first_weekday(store.profile()))
    last = min(whole.last, begin + timedelta(days=6))
    heading = say("review.week", day=day_text(begin))
    st.header(heading, anchor=False)
    sentences = weekly_review.review(store, last, period)
    with st.container(key="hw-sentences"):
        for sentence in sentences:
            st.text(sentence)
    view = replace(whole, axis=axis, last=last, pregnancy=None, height=SMALL_HEIGHT)
    first = max(begin - timedelta(weeks=WEEKS_DRAWN - 1), period.bounds[0])
    view = views.since(store, view, first)
    alt = [heading, *sentences]
    for card in (sessions_card(store, view, period, alt), pain_card(store, view, alt)):
        chart_card.show(card)
    st.caption(say("review.print"))


page()
