"""One week against the last and the four before: three sentences and a picture to keep."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from holdwell import calendar, queries, review, trends
from holdwell.charts import View
from holdwell.pregnancies import Chapter
from holdwell.store import Store
from holdwell.ui import chapters, clock, figures, shell
from holdwell.weeks import calendar_axis
from holdwell.wording import day_text, say, short_day_text

shell.framed()

SHOWN = "hw-review-monday"


def six_weeks(store: Store, monday: date, last: date, within: Chapter) -> pd.DataFrame:
    """The week and the five before it: week (text), sessions, pain (median before)."""
    axis = calendar_axis()
    first = max(monday - timedelta(weeks=1 + review.WEEKS_BEFORE), within.bounds[0])
    rows = queries.sessions_by_week(store, axis, first, last)
    frame = trends.weekly_sessions(rows, axis, first, last)
    pain = trends.weekly_pain(queries.scores_by_week(store, axis, first, last), axis, first, last)
    before = pain[pain["when"] == say("progress.before")]
    return pd.DataFrame(
        {
            "week": [short_day_text(d) for d in frame["from_day"]],
            "sessions": frame["sessions"].to_numpy(),
            "pain": before["median"].to_numpy(),
        }
    )


def choose_week(today: date, first: date) -> date:
    """The Monday of the week shown, with a way to earlier and later ones."""
    this = calendar.week_start(today)
    # What was shown of another pregnancy is no week of this one.
    monday: date = max(min(st.session_state.get(SHOWN, this), this), calendar.week_start(first))
    with st.container(horizontal=True, key="hw-weeks"):
        if st.button(
            say("review.earlier"),
            key="hw-earlier",
            icon=":material/chevron_left:",
            disabled=monday <= calendar.week_start(first),
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
    with shell.database() as store:
        # What the title says hangs on the choice below it.
        top = st.container()
        within = chapters.choose(store)
        top.title(say("review.title" if within.last is None else "review.title_back"), anchor=False)
        span = queries.span(store, within)
        if span is None:
            st.text(say("progress.empty" if within.last is None else "chapters.empty"))
            return
        today = max(queries.until(store, within, calendar.local_day(clock.now().local)), span.last)
        monday = choose_week(today, span.first)
        last = min(today, monday + timedelta(days=6))
        heading = say("review.week", day=day_text(monday))
        st.subheader(heading, anchor=False)
        said = review.sentences(review.read(store, last, span.first, within))
        with st.container(key="hw-sentences"):
            for sentence in said:
                st.text(sentence)
        frame = six_weeks(store, monday, last, within)

        def table() -> pd.DataFrame:
            titles = [
                say("progress.col_from"),
                say("progress.col_sessions"),
                say("review.col_pain"),
            ]
            return frame.set_axis(titles, axis=1)[::-1]

        figures.show(
            say("review.chart"),
            [],
            "review",
            (frame,),
            View(calendar_axis(), monday, last, figures.palette()),
            table,
            "review",
            words=(heading, *said),
        )
        st.caption(say("review.print"))
        if st.button(say("review.back"), key="hw-back", width="stretch"):
            shell.go("progress")


page()
