"""Her weeks: is she keeping it up, does it hurt less, what a session does, when it is worst."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum

import streamlit as st

from holdwell.charts import View
from holdwell.domain import dates
from holdwell.domain.models import Pregnancy, Profile, Tracking
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.domain.week_axis import calendar_axis, stage_axis
from holdwell.i18n.messages import counted, number_text, plain, say
from holdwell.stats import frames, queries
from holdwell.stats.queries import Span
from holdwell.store.repository import Store
from holdwell.ui.common import pregnancy_picker
from holdwell.ui.progress import chart_card, sections
from holdwell.ui.runtime import clock, navigation
from holdwell.ui.runtime.run_context import current_run

RECENT_DAYS = 12 * 7
GLANCE_DAYS = 28


class Range(StrEnum):
    RECENT = "recent"
    YEAR = "year"
    ALL = "all"


class AxisKind(StrEnum):
    STAGE = "stage"
    CALENDAR = "calendar"


class Section(StrEnum):
    OFTEN = "often"
    PAIN = "pain"
    CHANGE = "change"
    WHEN = "when"


def glance(store: Store, today: date, goal: int | None, within: PregnancyPeriod) -> None:
    """The answers in short, whatever is chosen below. No comparison reaches over a border."""
    low = within.bounds[0]
    since = max(low, today - timedelta(days=6))
    week = queries.sessions_by_week(store, calendar_axis(), since, today)
    sessions = counted("sessions", sum(row.sessions for row in week))
    lines = [
        say("progress.glance_often", sessions=sessions, goal=goal)
        if goal is not None
        else say("progress.glance_often_plain", sessions=sessions)
    ]
    month = max(low, today - timedelta(days=GLANCE_DAYS - 1))
    axis = calendar_axis()
    now = frames.overall_median(queries.scores_by_week(store, axis, month, today), after=False)
    end = month - timedelta(days=1)
    start = max(low, today - timedelta(days=2 * GLANCE_DAYS - 1))
    then = frames.overall_median(queries.scores_by_week(store, axis, start, end), after=False)
    if now is None:
        lines.append(say("progress.glance_pain_none"))
    elif then is None:
        lines.append(say("progress.glance_pain_one", median=number_text(now)))
    else:
        earlier = number_text(then)
        lines.append(say("progress.glance_pain", median=number_text(now), earlier=earlier))
    show_glance([*lines, *changed(store, month, today)])


def changed(store: Store, first: date, last: date) -> list[str]:
    """What a session did, as a sentence; none where no session has both scores."""
    summed = frames.change_summary(queries.pain_changes(store, first, last))
    if summed is None:
        return []
    both = counted("sessions", summed.sessions)
    return [say("progress.glance_change", noticed=summed.noticed, sessions=both)]


def show_glance(lines: list[str]) -> None:
    with st.container(key="hw-glance"):
        for line in lines:
            st.text(line)


def glance_back(store: Store, first: date, last: date) -> None:
    """The answers in short for a pregnancy that is over: of all its days, without a goal."""
    axis = calendar_axis()
    weeks = queries.sessions_by_week(store, axis, first, last)
    sessions = counted("sessions", sum(row.sessions for row in weeks))
    lines = [say("progress.glance_often_plain_view", sessions=sessions)]
    median = frames.overall_median(queries.scores_by_week(store, axis, first, last), after=False)
    if median is not None:
        lines.append(say("progress.glance_pain_back", median=number_text(median)))
    show_glance([*lines, *changed(store, first, last)])


def choose(span: Span, today: date, pregnancy: Pregnancy | None, several: bool) -> View:
    """Let her choose the time and the weeks."""
    stage = stage_axis(pregnancy)
    axis = stage or calendar_axis()
    first = min(span.first, today)
    length = (today - first).days
    with st.container(horizontal=True, key="hw-choices"):
        ranges = [Range.RECENT, *([Range.YEAR] if length > sections.YEAR_DAYS else []), Range.ALL]
        if length > RECENT_DAYS:
            if st.session_state.get("hw-range", Range.ALL) not in ranges:
                del st.session_state["hw-range"]
            chosen = st.segmented_control(
                say("progress.range"),
                ranges,
                # A whole pregnancy and what follows is seen at once; of years, the latest weeks.
                default=Range.RECENT if Range.YEAR in ranges else Range.ALL,
                required=True,
                format_func=lambda r: say(
                    "report.range_whole"
                    if several and r is Range.ALL
                    else f"progress.range_{r.value}"
                ),
                key="hw-range",
            )
            back = {Range.RECENT: RECENT_DAYS, Range.YEAR: sections.YEAR_DAYS}.get(chosen)
            if back is not None:
                first = today - timedelta(days=back - 1)
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
    return View(axis, first, today, chart_card.palette(), pregnancy)


def page() -> None:
    """The answers in short, then the section she chooses; kind words while there is little."""
    store = current_run().store
    profile: Profile = store.profile()
    st.title(say("progress.title"), anchor=False)
    within = pregnancy_picker.choose(store)
    over = within.last is not None
    span = queries.span(store, within)
    today = queries.latest_day(store, within, dates.local_day(clock.now().local))
    if span is None and over:
        st.text(say("chapters.empty"))
        return
    if span is None:
        with st.container(border=True, key="hw-empty"):
            st.subheader(say("progress.empty_title"), anchor=False)
            st.text(say("progress.empty"))
            if st.button(say("today.start"), type="primary", key="hw-start", width="stretch"):
                navigation.go("stretch")
        return
    if span.single and not over:
        st.text(say("progress.one"))
    today = max(today, span.last)
    tracked = profile.tracking is Tracking.ON
    goal = profile.goal_per_week if tracked else None
    if over:
        glance_back(store, span.first, today)
    else:
        glance(store, today, goal, within)
    if st.button(
        say("review.title_back" if over else "progress.review"),
        key="hw-review",
        icon=":material/event_note:",
        width="stretch",
    ):
        navigation.go("review")
    if st.button(
        say("progress.report"), key="hw-report", icon=":material/description:", width="stretch"
    ):
        navigation.go("report")
    section = st.pills(
        say("progress.section"),
        list(Section),
        default=Section.OFTEN,
        required=True,
        format_func=lambda s: plain(say(f"progress.section_{s}")),
        key="hw-section",
        width="stretch",
    )
    several = within.first is not None or over
    view = choose(span, today, within.pregnancy if tracked else None, several)
    shown: dict[Section, Callable[[], None]] = {
        Section.OFTEN: lambda: sections.show_habit(store, view, goal, span, within),
        Section.PAIN: lambda: sections.show_pain(store, view),
        Section.CHANGE: lambda: sections.show_change(store, view),
        Section.WHEN: lambda: sections.show_comparisons(store, view, within),
    }
    shown[section]()


page()
