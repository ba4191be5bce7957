"""Progress: is the user keeping it up, does it hurt less, does a session help, when is it worst."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NoReturn

import streamlit as st

from holdwell.charts import View
from holdwell.domain.models import Pregnancy, Tracking
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.domain.week_axis import WeekAxis, stage_axis
from holdwell.i18n.messages import say
from holdwell.stats import queries
from holdwell.stats.calendar_weeks import calendar_weeks
from holdwell.stats.trend_line import LONGEST_DAYS
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, pregnancy_picker
from holdwell.ui.progress import chart_card, comparisons, habit, midwife, pain
from holdwell.ui.progress.chart_card import ChartCard
from holdwell.ui.runtime import address, clock, navigation
from holdwell.ui.runtime.run_context import current_run

RECENT_DAYS = 12 * 7


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
    """What the page shows: the four questions in short, or all charts of one of them."""

    GLANCE = "glance"
    OFTEN = "often"
    PAIN = "pain"
    CHANGE = "change"
    WHEN = "when"
    MIDWIFE = "midwife"


CARDS: dict[Section, Callable[[Store, View, PregnancyPeriod], Iterator[ChartCard]]] = {
    Section.OFTEN: habit.cards,
    Section.PAIN: pain.cards,
    Section.CHANGE: pain.change_cards,
    Section.WHEN: comparisons.cards,
}


@dataclass(frozen=True, slots=True)
class History:
    """Whose days the page shows: those of a pregnancy period from the first entry to today.

    `pregnancy` is None where its weeks are not shown. With `several` pregnancies the whole time is
    that of the period.
    """

    period: PregnancyPeriod
    first: date
    today: date
    pregnancy: Pregnancy | None
    several: bool

    @property
    def over(self) -> bool:
        return self.period.last is not None


def choose_first_day(history: History) -> date:
    """Let the user choose how far back to look; return the first day to show."""
    length = (history.today - history.first).days
    if length <= RECENT_DAYS:
        return history.first
    days = {TimeRange.RECENT: RECENT_DAYS, TimeRange.YEAR: LONGEST_DAYS}
    years = length > LONGEST_DAYS
    whole = "report.range_whole" if history.several else "progress.range_all"
    chosen = address.choice(
        say("progress.range"),
        [one for one in TimeRange if years or one is not TimeRange.YEAR],
        # A whole pregnancy and what follows is seen at once; of years, the latest weeks.
        TimeRange.RECENT if years else TimeRange.ALL,
        "range",
        lambda r: say(whole if r is TimeRange.ALL else f"progress.range_{r}"),
    )
    if chosen in days:
        return history.today - timedelta(days=days[chosen] - 1)
    return history.first


def choose_view(store: Store, history: History) -> View:
    """Let the user choose the time that the charts show, and their weeks."""
    axis = stage_axis(history.pregnancy)
    first = choose_first_day(history)
    if axis is not None:
        kind = address.choice(
            say("progress.axis"),
            list(AxisKind),
            AxisKind.STAGE,
            "axis",
            "progress.axis_{}",
        )
        if kind is AxisKind.CALENDAR:
            axis = None
    return view_of(store, history, axis or calendar_weeks(store.profile()), first)


def view_of(store: Store, history: History, axis: WeekAxis, first: date) -> View:
    """Return what the charts show from a day on."""
    return View(
        axis,
        first,
        history.today,
        chart_card.palette(),
        history.pregnancy,
        tuple(store.goal_history().paused_between(first, history.today)),
    )


def show_empty() -> None:
    """Say what will be here, and lead to the first session."""
    with st.container(border=True, key="hw-empty"):
        st.header(say("progress.empty_title"), anchor=False)
        st.text(say("progress.empty"))
        if buttons.wide(say("today.start"), "hw-start", primary=True):
            navigation.go("stretch")


def read_history(store: Store, period: PregnancyPeriod) -> History | None:
    """Return the days to show; None while there is no entry in them."""
    span = queries.entries_span(store, period)
    if span is None:
        return None
    today = max(queries.latest_day(store, period, store.local_day(clock.now())), span[1])
    tracked = store.profile().tracking is Tracking.ON
    several = period.first is not None or period.last is not None
    return History(period, span[0], today, period.pregnancy if tracked else None, several)


def show_glance(store: Store, view: View, period: PregnancyPeriod, sentences: int = 1) -> None:
    """Show the four questions side by side; on a phone one below the other.

    `sentences` is how many of its sentences each shows.
    """
    with st.container(key="hw-glances"):
        for section, cards in CARDS.items():
            with st.container(border=True, key=f"hw-glance-{section}"):
                card = next(cards(store, view, period))
                with st.container(horizontal=True, key=f"hw-question-{section}"):
                    st.header(say(f"progress.section_{section}"), anchor=False)
                    # Where the first card has nothing to draw, there is no more to see.
                    if card.drawing is not None and st.button(
                        say("progress.open"), f"hw-open-{section}", type="tertiary"
                    ):
                        open_section(section)
                chart_card.show_small(card, sentences)


def show_links(over: bool) -> None:
    """Show the ways to the weekly review and the report."""
    review = say("review.title_back" if over else "progress.review")
    with st.container(horizontal=True, key="hw-links"):
        navigation.page_button("review", review, icon=":material/event_note:")
        navigation.page_button("report", say("progress.report"), icon=":material/description:")


def show_sections(store: Store, history: History) -> None:
    """Show the answers in short or all charts of one question, as the user chooses."""
    with st.container(horizontal=True, key="hw-choices"):
        section = address.choice(
            say("progress.section"),
            [Section.GLANCE, *CARDS],
            Section.GLANCE,
            "show",
            "progress.section_{}",
            wrap=False,
        )
        view = choose_view(store, history)
    if section is Section.GLANCE:
        show_glance(store, view, history.period)
    else:
        for card in CARDS[section](store, view, history.period):
            chart_card.show(card)
    show_links(history.over)


def show_midwife(store: Store, history: History) -> None:
    """Show the last 12 weeks in large type: what changed, and the four questions."""
    first = max(history.first, history.today - timedelta(days=RECENT_DAYS - 1))
    with st.container(key="hw-large"):
        midwife.show(store, first, history.today, history.period)
        axis = stage_axis(history.pregnancy) or calendar_weeks(store.profile())
        show_glance(store, view_of(store, history, axis, first), history.period, 2)
    st.caption(say("review.print"))
    if buttons.wide(say("review.back"), "hw-back"):
        open_section(Section.GLANCE)


def open_section(section: Section) -> NoReturn:
    """Show another section, with its own entry in the browser's history."""
    address.put("show", section, Section.GLANCE)
    st.rerun()


def page() -> None:
    """Show the page for the pregnancy that the user chooses."""
    store = current_run().store
    # What stands beside the title depends on the choice below it.
    top = st.container(horizontal=True, horizontal_alignment="distribute", key="hw-top")
    period = pregnancy_picker.choose(store)
    history = read_history(store, period)
    address.keep("progress")
    wanted = address.value("show", list(Section), Section.GLANCE)
    for_midwife = history is not None and wanted is Section.MIDWIFE
    top.title(say("midwife.title" if for_midwife else "progress.title"), anchor=False)
    if history is None:
        if period.last is not None:
            st.text(say("chapters.empty"))
        else:
            show_empty()
        return
    if for_midwife:
        show_midwife(store, history)
        return
    icon = ":material/stethoscope:"
    if not history.over and top.button(say("midwife.open"), key="hw-midwife", icon=icon):
        open_section(Section.MIDWIFE)
    show_sections(store, history)


page()
