"""One week against the last and the four before: three sentences and a picture to keep."""

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
    """The Monday of the week shown, with a way to earlier and later ones."""
    this = dates.week_start(today)
    # What was shown of another pregnancy is no week of this one.
    monday: date = max(min(st.session_state.get(SHOWN, this), this), dates.week_start(first))
    with st.container(horizontal=True, key="hw-weeks"):
        if st.button(
            say("review.earlier"),
            key="hw-earlier",
            icon=":material/chevron_left:",
            disabled=monday <= dates.week_start(first),
            width="stretch",
        ):
            st.session_state[SHOWN] = monday - timedelta(weeks=1)
            st.rerun()
        if st.button(
            say("review.later"),
            key="hw-later",
            icon=":material/chevron_right:",
            disabled=monday >= this,
            width="stretch",
        ):
            st.session_state[SHOWN] = monday + timedelta(weeks=1)
            st.rerun()
    return monday


def page() -> None:
    """The sentences, the chart, the picture."""
    store = current_run().store
    # What the title says hangs on the choice below it.
    top = st.container()
    within = pregnancy_picker.choose(store)
    top.title(say("review.title" if within.last is None else "review.title_back"), anchor=False)
    span = queries.span(store, within)
    if span is None:
        st.text(say("progress.empty" if within.last is None else "chapters.empty"))
        return
    today = max(queries.latest_day(store, within, dates.local_day(clock.now().local)), span.last)
    monday = choose_week(today, span.first)
    last = min(today, monday + timedelta(days=6))
    heading = say("review.week", day=day_text(monday))
    st.subheader(heading, anchor=False)
    said = weekly_review.sentences(weekly_review.read(store, last, span.first, within))
    with st.container(key="hw-sentences"):
        for sentence in said:
            st.text(sentence)
    frame = weekly_review.six_weeks(store, monday, last, within)

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
