"""Progress: is the user keeping it up, does it hurt less, does a session help, when is it worst."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from holdwell.charts.base import View
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.i18n.messages import counted, say
from holdwell.report import summary, text
from holdwell.stats import glance
from holdwell.stats.calendar_weeks import calendar_weeks
from holdwell.stats.trend_line import LONGEST_DAYS
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, pregnancy_picker
from holdwell.ui.progress import chart_card, habit, pain, views
from holdwell.ui.runtime import address, navigation
from holdwell.ui.runtime.run_context import current_run

RECENT_DAYS = 12 * 7
RANGES = {"recent": RECENT_DAYS, "year": LONGEST_DAYS, "all": None}
"""How far back the charts look, in days; None for all of them."""
AXES = ("stage", "calendar")
"""Which weeks the charts are drawn by."""
GLANCE, MIDWIFE = "glance", "midwife"
CARDS: dict[str, Callable[[Store, View, PregnancyPeriod], Iterator[chart_card.ChartCard]]] = {
    "often": habit.cards,
    "pain": pain.cards,
    "change": pain.change_cards,
    "when": pain.comparison_cards,
}
"""The four questions, each with the charts that answer it."""
SECTIONS = (GLANCE, *CARDS)
"""What the page shows: the four questions in short, or all charts of one of them."""


def choose_first_day(whole: View, period: PregnancyPeriod) -> date:
    """Let the user choose how far back to look; return the first day to show."""
    length = (whole.last - whole.first).days + 1
    if length <= RECENT_DAYS:
        return whole.first
    is_long = length > LONGEST_DAYS
    is_one_of_several = period.first is not None or period.last is not None
    all_days = "report.range_whole" if is_one_of_several else "progress.range_all"
    chosen = address.choice(
        say("progress.range"),
        [one for one in RANGES if is_long or one != "year"],
        # A whole pregnancy and what follows is seen at once; of years, the latest weeks.
        "recent" if is_long else "all",
        "range",
        lambda one: say(all_days if one == "all" else f"progress.range_{one}"),
    )
    days = RANGES[chosen]
    return whole.last - timedelta(days=days - 1) if days else whole.first


def choose_view(store: Store, whole: View, period: PregnancyPeriod) -> View:
    """Let the user choose the time that the charts show, and their weeks."""
    shown = views.since(store, whole, choose_first_day(whole, period))
    if not whole.axis.by_stage:
        return shown
    axis = address.choice(say("progress.axis"), AXES, AXES[0], "axis", "progress.axis_{}")
    return shown if axis == AXES[0] else replace(shown, axis=calendar_weeks(store.profile()))


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
                    if card.drawing is not None:
                        look = {"type": "tertiary", **open_on_tap(section)}
                        st.button(say("progress.open"), f"hw-open-{section}", **look)
                chart_card.show_small(card, sentences)


def show_sections(store: Store, whole: View, period: PregnancyPeriod) -> None:
    """Show the answers in short or all charts of one question, as the user chooses."""
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
        navigation.page_button("review", review, icon=":material/event_note:")
        navigation.page_button("report", say("progress.report"), icon=":material/description:")


def show_changes(store: Store, first: date, last: date, period: PregnancyPeriod) -> None:
    """Say what changed from `first` to `last`, in the words of the report where it has them."""
    report = summary.read(store, first, last, last, frozenset(), period)
    st.text(" · ".join([text.when(report), *text.where(report)]))
    st.header(say("midwife.changed"), anchor=False)
    sentences = glance.changes(store, last, period) or [say("midwife.too_early")]
    said, whole = text.told_places(report)
    if said:
        places = text.places(report)
        scores = counted("scores", whole)
        sentences.append(say("midwife.places", said=said, whole=scores, places=places))
    for sentence in (*sentences, *text.paused(report.pauses)):
        st.text(sentence)
    if report.signs:
        st.header(say("report.signs_title"), anchor=False)
        for sentence in text.signs(report):
            st.text(sentence)


def show_midwife(store: Store, whole: View, period: PregnancyPeriod) -> None:
    """Show the last 12 weeks in large type: what changed, and the four questions."""
    first = max(whole.first, whole.last - timedelta(days=RECENT_DAYS - 1))
    with st.container(key="hw-large"):
        show_changes(store, first, whole.last, period)
        show_glance(store, views.since(store, whole, first), period, 2)
    st.caption(say("review.print"))
    buttons.wide(say("review.back"), "hw-back", **open_on_tap(GLANCE))


def open_on_tap(section: str) -> dict[str, Any]:
    """Return the arguments with which a tap on a button opens a section, by the address."""
    return {"on_click": address.put, "args": ("show", section, GLANCE)}


def page() -> None:
    """Show the page for the pregnancy that the user chooses."""
    store = current_run().store
    # What stands beside the title depends on the choice below it.
    top = st.container(horizontal=True, horizontal_alignment="distribute", key="hw-top")
    period = pregnancy_picker.choose(store)
    over = period.last is not None
    whole = views.whole(store, period)
    address.keep("progress")
    wanted = address.value("show", (*SECTIONS, MIDWIFE), GLANCE)
    for_midwife = whole is not None and wanted == MIDWIFE
    top.title(say("midwife.title" if for_midwife else "progress.title"), anchor=False)
    if whole is None:
        if over:
            st.text(say("chapters.empty"))
            return
        with st.container(border=True, key="hw-empty"):
            st.header(say("progress.empty_title"), anchor=False)
            st.text(say("progress.empty"))
            navigation.page_button("stretch", say("today.start"), "hw-start", primary=True)
        return
    if for_midwife:
        show_midwife(store, whole, period)
        return
    if not over:
        look = {"icon": ":material/stethoscope:", **open_on_tap(MIDWIFE)}
        top.button(say("midwife.open"), key="hw-midwife", **look)
    show_sections(store, whole, period)


page()
