"""The weekly review: a week against the last and the four before, in sentences and a picture."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pandas as pd
import streamlit as st

from holdwell.charts import View, review_weeks
from holdwell.domain import dates
from holdwell.domain.week_axis import calendar_axis
from holdwell.i18n.formats import day_text, short_day_text
from holdwell.i18n.messages import say
from holdwell.stats import queries, weekly_review
from holdwell.ui.common import pregnancy_picker
from holdwell.ui.progress import chart_card
from holdwell.ui.progress.chart_card import ChartCard
from holdwell.ui.runtime import clock, navigation
from holdwell.ui.runtime.run_context import current_run

SHOWN = "hw-review-monday"


def choose_week(today: date, first: date) -> date:
    """Show the ways to earlier and later weeks; return the Monday of the week shown."""
    this = dates.week_start(today)
    # The week shown last may be one of another pregnancy.
    monday: date = max(min(st.session_state.get(SHOWN, this), this), dates.week_start(first))
    with st.container(horizontal=True, key="hw-weeks"):
        for label, name, weeks, icon, disabled in (
            (say("review.earlier"), "earlier", -1, "left", monday <= dates.week_start(first)),
            (say("review.later"), "later", 1, "right", monday >= this),
        ):
            if st.button(
                label,
                key=f"hw-{name}",
                icon=f":material/chevron_{icon}:",
                disabled=disabled,
                width="stretch",
            ):
                st.session_state[SHOWN] = monday + timedelta(weeks=weeks)
                st.rerun()
    return monday


def page() -> None:
    """Show the week that is chosen, in sentences and as a chart."""
    store = current_run().store
    # The title depends on the choice below it.
    top = st.container()
    period = pregnancy_picker.choose(store)
    top.title(say("review.title" if period.last is None else "review.title_back"), anchor=False)
    span = queries.span(store, period)
    if span is None:
        st.text(say("progress.empty" if period.last is None else "chapters.empty"))
        return
    today = max(queries.latest_day(store, period, dates.local_day(clock.now().local)), span.last)
    monday = choose_week(today, span.first)
    last = min(today, monday + timedelta(days=6))
    heading = say("review.week", day=day_text(monday))
    st.subheader(heading, anchor=False)
    said = weekly_review.sentences(weekly_review.read(store, last, span.first, period))
    with st.container(key="hw-sentences"):
        for sentence in said:
            st.text(sentence)
    frame = weekly_review.six_weeks(store, monday, last, period)

    def table() -> pd.DataFrame:
        titles = [
            say("progress.col_from"),
            say("progress.col_sessions"),
            say("review.col_pain"),
        ]
        days = [short_day_text(day) for day in frame["from_day"]]
        return frame.assign(from_day=days).set_axis(titles, axis=1)[::-1]

    card = ChartCard(
        "review", say("review.chart"), (), partial(review_weeks, frame), table, alt=(heading, *said)
    )
    chart_card.show(card, View(calendar_axis(), monday, last, chart_card.palette()))
    st.caption(say("review.print"))
    navigation.back_button("review")


page()
