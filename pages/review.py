"""The weekly review: a week against the last and the four before, in sentences and a picture."""

from datetime import date, timedelta
from functools import partial

import pandas as pd
import streamlit as st

from holdwell.charts import View, review_weeks
from holdwell.domain import dates
from holdwell.i18n.formats import day_text, short_day_text
from holdwell.i18n.messages import say
from holdwell.stats import queries, weekly_review
from holdwell.stats.calendar_weeks import calendar_weeks, first_weekday
from holdwell.ui.common import pregnancy_picker
from holdwell.ui.progress import chart_card
from holdwell.ui.progress.chart_card import ChartCard
from holdwell.ui.runtime import clock, navigation
from holdwell.ui.runtime.run_context import current_run

SHOWN = "hw-review-monday"


def choose_week(today: date, first: date, weekday: int) -> date:
    """Show the ways to earlier and later weeks; return the first day of the week shown.

    Weeks begin on `weekday`, 0 to 6.
    """
    this, earliest = dates.week_start(today, weekday), dates.week_start(first, weekday)
    # The week shown last may be one of another pregnancy.
    begin: date = max(min(st.session_state.get(SHOWN, this), this), earliest)
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
                st.session_state[SHOWN] = begin + timedelta(weeks=weeks)
                st.rerun()
    return begin


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
    today = max(queries.latest_day(store, period, store.local_day(clock.now())), span.last)
    begin = choose_week(today, span.first, first_weekday(store.profile()))
    last = min(today, begin + timedelta(days=6))
    heading = say("review.week", day=day_text(begin))
    st.subheader(heading, anchor=False)
    said = weekly_review.sentences(weekly_review.read(store, last, span.first, period))
    with st.container(key="hw-sentences"):
        for sentence in said:
            st.text(sentence)
    frame = weekly_review.six_weeks(store, begin, last, period)

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
    chart_card.show(card, View(calendar_weeks(store.profile()), begin, last, chart_card.palette()))
    st.caption(say("review.print"))
    navigation.back_button("review")


page()
