"""Progress: is the user keeping it up, does it hurt less, does a session help, when is it worst."""

from datetime import date, timedelta
from enum import StrEnum

import streamlit as st

from holdwell.charts import View
from holdwell.domain.models import Pregnancy, Tracking
from holdwell.domain.week_axis import stage_axis
from holdwell.i18n.messages import plain, say
from holdwell.stats import glance, queries
from holdwell.stats.calendar_weeks import calendar_weeks
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, pregnancy_picker
from holdwell.ui.common.forms import choice
from holdwell.ui.progress import chart_card, sections
from holdwell.ui.runtime import clock, navigation
from holdwell.ui.runtime.run_context import current_run

RECENT_DAYS = 12 * 7
RANGE = "hw-range"


class TimeRange(StrEnum):
    """How far back the charts look."""

    RECENT = "recent"
    YEAR = "year"
    ALL = "all"


class AxisKind(StrEnum):
    """Which weeks the charts are drawn by."""

    STAGE = "stage"
    CALENDAR = "calendar"


class Section(StrEnum):
    """The question that the charts answer."""

    OFTEN = "often"
    PAIN = "pain"
    CHANGE = "change"
    WHEN = "when"


def choose_first_day(first: date, today: date, several: bool) -> date:
    """Let the user choose how far back to look; return the first day to show.

    With `several` pregnancies the whole time is that of the pregnancy shown.
    """
    length = (today - first).days
    if length <= RECENT_DAYS:
        return first
    days = {TimeRange.RECENT: RECENT_DAYS, TimeRange.YEAR: sections.YEAR_DAYS}
    years = length > sections.YEAR_DAYS
    ranges = [one for one in TimeRange if years or one is not TimeRange.YEAR]
    if st.session_state.get(RANGE, TimeRange.ALL) not in ranges:
        del st.session_state[RANGE]
    whole = "report.range_whole" if several else "progress.range_all"
    chosen = choice(
        say("progress.range"),
        ranges,
        # A whole pregnancy and what follows is seen at once; of years, the latest weeks.
        TimeRange.RECENT if years else TimeRange.ALL,
        RANGE,
        lambda r: say(whole if r is TimeRange.ALL else f"progress.range_{r}"),
    )
    return today - timedelta(days=days[chosen] - 1) if chosen in days else first


def choose_view(
    store: Store, first: date, today: date, pregnancy: Pregnancy | None, several: bool
) -> View:
    """Let the user choose the time that the charts show, and their weeks."""
    axis = stage_axis(pregnancy)
    with st.container(horizontal=True, key="hw-choices"):
        first = choose_first_day(first, today, several)
        if axis is not None:
            kind = choice(
                say("progress.axis"),
                list(AxisKind),
                AxisKind.STAGE,
                "hw-axis",
                lambda k: say(f"progress.axis_{k}"),
            )
            if kind is AxisKind.CALENDAR:
                axis = None
    pauses = tuple(store.goal_history().paused_between(first, today))
    axis = axis or calendar_weeks(store.profile())
    return View(axis, first, today, chart_card.palette(), pregnancy, pauses)


def show_empty() -> None:
    """Say what will be here, and lead to the first session."""
    with st.container(border=True, key="hw-empty"):
        st.subheader(say("progress.empty_title"), anchor=False)
        st.text(say("progress.empty"))
        if buttons.wide(say("today.start"), "hw-start", primary=True):
            navigation.go("stretch")


def links(over: bool) -> None:
    """Show the ways to the weekly review and the report."""
    review = say("review.title_back" if over else "progress.review")
    if buttons.wide(review, "hw-review", icon=":material/event_note:"):
        navigation.go("review")
    if buttons.wide(say("progress.report"), "hw-report", icon=":material/description:"):
        navigation.go("report")


def page() -> None:
    """Show the answers in short, then the charts of the question that the user chooses."""
    store = current_run().store
    profile = store.profile()
    st.title(say("progress.title"), anchor=False)
    period = pregnancy_picker.choose(store)
    over = period.last is not None
    span = queries.span(store, period)
    if span is None:
        if over:
            st.text(say("chapters.empty"))
        else:
            show_empty()
        return
    if span.single and not over:
        st.text(say("progress.one"))
    today = store.local_day(clock.now())
    today = max(queries.latest_day(store, period, today), span.last)
    tracked = profile.tracking is Tracking.ON
    goal = store.goal_history().goal_on(today)
    with st.container(key="hw-glance"):
        for sentence in (
            glance.past_sentences(store, span.first, today)
            if over
            else glance.sentences(store, today, goal, period)
        ):
            st.text(sentence)
    links(over)
    section = st.pills(
        say("progress.section"),
        list(Section),
        default=Section.OFTEN,
        required=True,
        format_func=lambda s: plain(say(f"progress.section_{s}")),
        key="hw-section",
        width="stretch",
    )
    several = period.first is not None or over
    view = choose_view(store, span.first, today, period.pregnancy if tracked else None, several)
    if section is Section.OFTEN:
        sections.show_habit(store, view, span, period)
    elif section is Section.PAIN:
        sections.show_pain(store, view)
    elif section is Section.CHANGE:
        sections.show_change(store, view)
    else:
        sections.show_comparisons(store, view, period)


page()
