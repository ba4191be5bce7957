"""Progress: does the user keep it up, does it hurt less, does a session help, when is it worst."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from holdwell.charts.base import SMALL_HEIGHT, View
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.i18n.messages import counted, say
from holdwell.report import summary, text
from holdwell.stats import calendar_weeks, glance
from holdwell.stats.trend_line import LONGEST_DAYS
from holdwell.store.repository import Store
from holdwell.ui.common import address, buttons, pregnancy_picker
from holdwell.ui.progress import chart_card, habit, pain, views
from holdwell.ui.runtime.run_context import current_run
from holdwell.ui.today.day_so_far import Day

RECENT_DAYS = 12 * 7
RANGES = {"recent": RECENT_DAYS, "year": LONGEST_DAYS, "all": None}
"""How many days back the charts reach; None for all days."""
AXES = ("stage", "calendar")
"""The kinds of weeks on the axis of the charts: those of pregnancy or of the calendar."""
GLANCE, MIDWIFE = "glance", "midwife"
CARDS: dict[str, Callable[[Store, View, PregnancyPeriod], Iterator[chart_card.ChartCard]]] = {
    "often": habit.cards,
    "pain": pain.cards,
    "change": pain.change_cards,
    "when": pain.comparison_cards,
}
"""The four questions, each with the function that makes the cards to answer it."""
SECTIONS = (GLANCE, *CARDS)
"""What the page can show: short answers to all questions, or all charts of one question."""


def choose_first_day(whole: View, period: PregnancyPeriod) -> date:
    """Ask how far back the charts reach; return the first day to show."""
    length = (whole.last - whole.first).days + 1
    if length <= RECENT_DAYS:
        return whole.first
    is_long = length > LONGEST_DAYS
    is_one_of_several = period.first is not None or period.last is not None
    all_days = "report.range_whole" if is_one_of_several else "progress.range_all"
    names = [name for name in RANGES if is_long or name != "year"]
    words = {name: say(all_days if name == "all" else f"progress.range_{name}") for name in names}
    # A pregnancy and the time after it fit into one chart; several years do not.
    usual = "recent" if is_long else "all"
    chosen = address.choice(say("progress.range"), names, usual, "range", words)
    days = RANGES[chosen]
    return whole.last - timedelta(days=days - 1) if days else whole.first


def choose_view(store: Store, whole: View, period: PregnancyPeriod) -> View:
    """Ask which days the charts show, and by which kind of weeks."""
    shown = views.since(store, whole, choose_first_day(whole, period))
    if not whole.axis.by_stage:
        return shown
    axis = address.choice(say("progress.axis"), AXES, AXES[0], "axis", "progress.axis_{}")
    if axis == AXES[0]:
        return shown
    return replace(shown, axis=calendar_weeks.calendar_weeks(store.profile()))


def show_glance(store: Store, view: View, period: PregnancyPeriod, sentences: int = 1) -> None:
    """Show the four short answers side by side, each with at most so many `sentences`."""
    with st.container(key="hw-glances"):
        for section, cards in CARDS.items():
            with st.container(border=True, key=f"hw-glance-{section}"):
                card = next(cards(store, view, period))
                with st.container(horizontal=True, key=f"hw-question-{section}"):
                    st.header(say(f"progress.section_{section}"), anchor=False)
                    # Without a chart on the first card there is nothing more to open.
                    if card.plot is not None:
                        look = {"type": "tertiary", **open_on_tap(section)}
                        st.button(say("progress.open"), f"hw-open-{section}", **look)
                chart_card.show_top(card, sentences, SMALL_HEIGHT)


def show_sections(store: Store, whole: View, period: PregnancyPeriod) -> None:
    """Show the short answers, or all charts of the question that the user chooses."""
    with st.container(horizontal=True, key="hw-choices"):
        section = address.choice(
            say("progress.section"), SECTIONS, GLANCE, "show", "progress.section_{}", wrap=False
        )
        view = choose_view(store, whole, period)
    if section == GLANCE:
        show_glance(store, view, period)
    else:
        for card in CARDS[section](store, view, period):
            chart_card.show(card)
    review = say("progress.review" if period.last is None else "review.title_back")
    with st.container(horizontal=True, key="hw-links"):
        buttons.to_page("review", review, icon="event_note")
        buttons.to_page("report", say("progress.report"), icon="description")


def show_changes(store: Store, first: date, last: date, period: PregnancyPeriod) -> None:
    """Say what changed from `first` to `last`, in the report's words where it has any."""
    report = summary.read(store, first, last, last, frozenset(), period)
    st.text(" · ".join([text.range_text(report), *text.stage_lines(report)]))
    st.header(say("midwife.changed"), anchor=False)
    is_early = (last - first).days + 1 < 2 * calendar_weeks.FOUR_WEEKS_DAYS
    nothing = say("midwife.too_early" if is_early else "midwife.nothing")
    sentences = glance.changes(store, last, period) or [nothing]
    located, total = text.scores_with_place(report)
    if located:
        places = text.places(report)
        scores = counted("scores", total)
        sentences.append(say("midwife.places", said=located, whole=scores, places=places))
    for sentence in (*sentences, *text.paused(report.pauses)):
        st.text(sentence)
    if report.signs:
        st.header(say("report.signs_title"), anchor=False)
        for sentence in text.signs(report):
            st.text(sentence)


def show_midwife(store: Store, whole: View, period: PregnancyPeriod) -> None:
    """Show the last 12 weeks in large type: what changed, and the four short answers."""
    first = max(whole.first, whole.last - timedelta(days=RECENT_DAYS - 1))
    with st.container(key="hw-large"):
        show_changes(store, first, whole.last, period)
        show_glance(store, views.since(store, whole, first), period, 2)
    st.caption(say("review.print"))
    buttons.wide(say("review.back"), "hw-back", **open_on_tap(GLANCE))


def open_on_tap(section: str) -> dict[str, Any]:
    """Return arguments for a button: a tap opens the section, by way of the page's address."""
    return {"on_click": address.put, "args": ("show", section, GLANCE)}


def page() -> None:
    """Show the page for the chosen pregnancy."""
    store = current_run().store
    # The title and its button are filled in later, as they depend on the choice below.
    top = st.container(horizontal=True, horizontal_alignment="distribute", key="hw-top")
    period = pregnancy_picker.choose(store)
    is_over = period.last is not None
    whole = views.whole(store, period)
    address.remember("progress")
    wanted = address.value("show", (*SECTIONS, MIDWIFE), GLANCE)
    for_midwife = whole is not None and wanted == MIDWIFE
    top.title(say("midwife.title" if for_midwife else "progress.title"), anchor=False)
    if whole is None:
        empty = say("pregnancies.empty" if is_over else "progress.empty")
        empty = glance.no_scores(store, *period.bounds, empty)
        if is_over:
            st.text(empty)
            return
        with st.container(border=True, key="hw-empty"):
            st.header(say("progress.empty_title"), anchor=False)
            st.text(empty)
            day = Day(store)
            if not (day.resting or day.stopped):
                buttons.to_page("stretch", say("today.start"), "hw-start", primary=True)
        return
    if for_midwife:
        show_midwife(store, whole, period)
        return
    if not is_over:
        look = {"icon": ":material/stethoscope:", **open_on_tap(MIDWIFE)}
        top.button(say("midwife.open"), key="hw-midwife", **look)
    show_sections(store, whole, period)


page()
