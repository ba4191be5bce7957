"""Her weeks: sessions against her goal, days, pain before and after, cramp nights."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

import pandas as pd
import streamlit as st

from holdwell import calendar, charts, queries, trends
from holdwell.queries import Span
from holdwell.records import Tracking
from holdwell.store import Store
from holdwell.ui import clock, shell
from holdwell.weeks import Axis, calendar_axis, stage_axis
from holdwell.wording import counted, say

shell.framed()

RECENT_DAYS = 12 * 7
CALENDAR_DAYS = 54 * 7


class Range(StrEnum):
    RECENT = "recent"
    ALL = "all"


class AxisKind(StrEnum):
    STAGE = "stage"
    CALENDAR = "calendar"


def palette() -> charts.Palette:
    return charts.DARK if st.context.theme.type == "dark" else charts.LIGHT


def show(
    title: str, sentences: list[str], chart: charts.AnyChart, table: pd.DataFrame, key: str
) -> None:
    """One chart with its text beside it and its data below."""
    with st.container(border=True, key=f"hw-chart-{key}"):
        st.subheader(title, anchor=False)
        for sentence in sentences:
            st.text(sentence)
        st.altair_chart(
            chart, width="stretch", key=f"chart-{key}", alt=" ".join((title, *sentences))
        )
        with st.expander(say("progress.table")):
            st.dataframe(table, hide_index=True, width="stretch", key=f"table-{key}")


def weekly(store: Store, axis: Axis, first: date, last: date, goal: int | None) -> None:
    rows = queries.sessions_by_week(store, axis, first, last)
    frame = trends.weekly_sessions(rows, axis, first, last)
    numbers = trends.consistency(frame, goal or 0)
    sentences = [
        say(
            "progress.weekly_this",
            week=frame["week"].iloc[-1],
            count=int(frame["sessions"].iloc[-1]),
        ),
    ]
    if numbers.per_full_week is not None:
        sentences.insert(
            0,
            say(
                "progress.weekly_summary",
                sessions=counted("sessions", numbers.sessions),
                weeks=counted("weeks", numbers.weeks),
                per_week=f"{numbers.per_full_week:.1f}",
            ),
        )
        if goal is not None:
            sentences.insert(
                1,
                say(
                    "progress.weekly_goal",
                    goal=goal,
                    met=numbers.goal_met,
                    full=numbers.full_weeks,
                ),
            )
    table = frame[["week", "from_day", "sessions"]].set_axis(
        [say("progress.col_week"), say("progress.col_from"), say("progress.col_sessions")], axis=1
    )
    chart = charts.sessions(frame, axis, goal, palette())
    show(say("progress.weekly_title"), sentences, chart, table[::-1], "weekly")


def days(store: Store, first: date, last: date) -> None:
    start = max(first, last - timedelta(days=CALENDAR_DAYS - 1))
    frame = trends.days(queries.parts_by_day(store, start, last), start, last)
    active = int((frame["total"] > 0).sum())
    table = frame[["day", "morning", "bedtime", "other"]].set_axis(
        [say(f"progress.col_{name}") for name in ("day", "morning", "bedtime", "other")], axis=1
    )
    table[say("progress.col_day")] = [d.date() for d in frame["day"]]
    show(
        say("progress.days_title"),
        [say("progress.days_summary", days=active, total=len(frame))],
        charts.calendar(frame, palette()),
        table[::-1],
        "days",
    )


def pain(store: Store, axis: Axis, first: date, last: date) -> None:
    rows = queries.scores_by_week(store, axis, first, last)
    if not rows:
        with st.container(border=True, key="hw-chart-pain"):
            st.subheader(say("progress.pain_title"), anchor=False)
            st.text(say("progress.pain_none"))
        return
    frame = trends.weekly_pain(rows, axis, first, last)
    medians = [trends.overall_median(rows, after=after) for after in (False, True)]
    before, after = ("–" if m is None else f"{m:g}" for m in medians)
    both = queries.sessions_with_both_scores(store, first, last)
    columns = ("week", "when", "median", "low", "high", "scores")
    table = frame[frame["scores"] > 0][list(columns)].set_axis(
        [say(f"progress.col_{name}") for name in columns], axis=1
    )
    show(
        say("progress.pain_title"),
        [
            say(
                "progress.pain_summary",
                before=before,
                after=after,
                sessions=counted("sessions", both),
            ),
            say("progress.pain_note"),
        ],
        charts.pain(frame, axis, palette()),
        table[::-1],
        "pain",
    )


def cramps(store: Store, axis: Axis, first: date, last: date) -> None:
    rows = queries.cramps_by_week(store, axis, first - timedelta(days=1), last)
    if not rows:
        with st.container(border=True, key="hw-chart-cramps"):
            st.subheader(say("progress.cramps_title"), anchor=False)
            st.text(say("progress.cramps_none"))
        return
    frame = trends.weekly_cramps(rows, axis, first - timedelta(days=1), last)
    nights = sum(row.cramps for row in rows)
    answered = sum(row.answered for row in rows)
    table = frame[frame["answered"] > 0][["week", "cramps", "answered"]].set_axis(
        [say("progress.col_week"), say("progress.col_nights"), say("progress.col_answered")],
        axis=1,
    )
    show(
        say("progress.cramps_title"),
        [say("progress.cramps_summary", nights=nights, answered=answered)],
        charts.cramps(frame, axis, palette()),
        table[::-1],
        "cramps",
    )


def choose(store: Store, span: Span, today: date, tracking: Tracking) -> tuple[Axis, date]:
    """Let her choose the range and the weeks; return the axis and the first day."""
    stage = stage_axis(store.pregnancy()) if tracking is Tracking.ON else None
    axis = stage or calendar_axis()
    first = min(span.first, today)
    long = (today - first).days > RECENT_DAYS
    with st.container(horizontal=True, key="hw-choices"):
        if long:
            chosen = st.segmented_control(
                say("progress.range"),
                list(Range),
                default=Range.ALL,
                required=True,
                format_func=lambda r: say(f"progress.range_{r.value}"),
                key="hw-range",
            )
            if chosen is Range.RECENT:
                first = today - timedelta(days=RECENT_DAYS - 1)
        if stage is not None:
            kind = st.segmented_control(
                say("progress.axis"),
                list(AxisKind),
                default=AxisKind.STAGE,
                required=True,
                format_func=lambda k: say(f"progress.axis_{k.value}"),
                key="hw-axis",
            )
            if kind is AxisKind.CALENDAR:
                axis = calendar_axis()
    return axis, first


def page() -> None:
    """All of it, or kind words while there is little."""
    with shell.database() as store:
        span = queries.span(store)
        profile = store.profile()
        today = calendar.local_day(clock.now().local)
        st.title(say("progress.title"), anchor=False)
        if span is None:
            with st.container(border=True, key="hw-empty"):
                st.subheader(say("progress.empty_title"), anchor=False)
                st.text(say("progress.empty"))
                if st.button(say("today.start"), type="primary", key="hw-start", width="stretch"):
                    shell.go("stretch")
            return
        if span.sessions == 1:
            st.text(say("progress.one"))
        today = max(today, span.last)
        axis, first = choose(store, span, today, profile.tracking)
        goal = profile.goal_per_week if profile.tracking is Tracking.ON else None
        weekly(store, axis, first, today, goal)
        pain(store, axis, first, today)
        cramps(store, axis, first, today)
        days(store, first, today)


page()
