"""The report for a midwife or doctor: she chooses what is in it, sees it, and saves it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from pathlib import Path

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.models import Moment
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.i18n.messages import (
    counted,
    day_text,
    language,
    later,
    moment_text,
    number_text,
    plain,
    say,
    speaking,
)
from holdwell.i18n.toml_reader import Language
from holdwell.report import fhir, summary
from holdwell.report import pdf as paper
from holdwell.report import text as report_words
from holdwell.report.pdf import NAME_MAX, Paper
from holdwell.report.summary import Report, ReportRange
from holdwell.stats import queries
from holdwell.store.repository import Store
from holdwell.ui.common import forms, pregnancy_picker
from holdwell.ui.runtime import clock, navigation, unlock
from holdwell.ui.runtime.run_context import current_run

NAME = "hw-report-name-kept"
RANGE = "hw-report-range"
NOTES_LISTED = 20
NOTE_SHOWN = 90
"""Characters of a note that stand beside its box."""


def choose_range(store: Store, today: date, within: PregnancyPeriod) -> tuple[date, date] | None:
    """The first and last day, or None with a sentence on what to put right."""
    span, end = queries.span(store, within), queries.latest_day(store, within, today)
    began = span.first if span is not None else None
    known = summary.ranges(summary.shown_pregnancy(store, within), end, within, began)
    options = [*known, ReportRange.CHOSEN]
    # One that is over is offered as a whole, the current one by its latest weeks.
    usual = next(
        (r for r in (ReportRange.WEEKS_12, ReportRange.WHOLE) if r in known), ReportRange.CHOSEN
    )
    if st.session_state.get(RANGE, usual) not in options:
        del st.session_state[RANGE]
    chosen = st.pills(
        say("report.range"),
        options,
        default=usual,
        required=True,
        format_func=lambda r: plain(say(f"report.range_{r.value}")),
        key=RANGE,
    )
    if chosen is not ReportRange.CHOSEN:
        return known[chosen]
    left, right = st.columns(2)
    low, high = forms.EARLIEST, forms.LATEST
    start, stop = known.get(usual, (end, end))
    if within.last is None:
        start = end - timedelta(days=7 * summary.LONG_WEEKS - 1)
    shape = clock.date_format()
    # Each pregnancy remembers its own days.
    of = "" if within.last is None else f"-{within.id}"
    first = left.date_input(say("report.from"), start, low, high, key=f"hw-from{of}", format=shape)
    last = right.date_input(say("report.to"), stop, low, high, key=f"hw-to{of}", format=shape)
    problem = None
    if not isinstance(first, date) or not isinstance(last, date):
        problem = say("report.range_open")
    elif last < first:
        problem = say("report.range_wrong")
    elif last > today:
        problem = say("report.range_future")
    if problem is not None:
        st.warning(problem, icon=":material/info:")
        return None
    return clamped(first, last, within)


def clamped(first: date, last: date, within: PregnancyPeriod) -> tuple[date, date] | None:
    """What of her range belongs to the pregnancy shown, and a sentence where that is not all."""
    found = within.clamp(first, last)
    if found is None:
        st.warning(say("report.range_outside"), icon=":material/info:")
    elif found != (first, last):
        st.text(
            say("report.range_cut", first=day_text(found[0]), last=day_text(found[1])),
        )
    return found


def choose_notes(store: Store, first: date, last: date) -> frozenset[str] | None:
    """The sessions whose notes go in; None for all of the range."""
    count = summary.note_count(store, first, last)
    if not count:
        return frozenset()
    with st.expander(say("report.notes")):
        st.text(say("report.notes_lead"))
        if st.checkbox(say("report.notes_all", notes=counted("notes", count)), key="hw-notes-all"):
            return None
        listed = summary.notes(store, first, last, NOTES_LISTED)
        if count > len(listed):
            st.caption(say("report.notes_older", shown=number_text(len(listed))))
        chosen = set()
        for note in listed:
            text = report_words.plain_line(note.text)
            short = text if len(text) <= NOTE_SHOWN else text[:NOTE_SHOWN] + "…"
            label = plain(f"{moment_text(note.started.local)}: {short}")
            if st.checkbox(label, key=f"hw-note-{note.id}"):
                chosen.add(note.id)
    return frozenset(chosen)


@st.cache_data(show_spinner=False, max_entries=16)
def picture(made: Report, name: str, size: Paper, day: Moment, spoken: Language) -> bytes:
    """The page as a picture; the same choices show the same page at once."""
    with speaking(spoken):
        return paper.typeset(made, name, size, day).picture()


def save(path: Path, made: Report, name: str, size: Paper, now: Moment) -> None:
    """The file itself, made when it is asked for."""

    def pdf(_store: Store) -> bytes:
        return paper.typeset(made, name, size, now).pdf()

    st.download_button(
        say("report.save"),
        partial(later, unlock.later(path, pdf), language()),
        f"{say('report.file_name')}-{now.local.date().isoformat()}.pdf",
        "application/pdf",
        key="hw-save-report",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
        width="stretch",
    )


def save_fhir(path: Path, first: date, last: date, now: Moment, within: PregnancyPeriod) -> None:
    """The same time as FHIR, made when it is asked for."""

    def data(store: Store) -> bytes:
        return fhir.text(fhir.bundle(store, first, last, now, within)).encode()

    st.text(say("report.fhir_lead"))
    st.download_button(
        say("report.fhir"),
        unlock.later(path, data),
        f"holdwell-fhir-{now.local.date().isoformat()}.json",
        "application/fhir+json",
        key="hw-save-fhir",
        icon=":material/data_object:",
        on_click="ignore",
        width="stretch",
    )


def page() -> None:
    """Choices first, then the page as it will be, then the files."""
    now = clock.now()
    today = dates.local_day(now.local)
    store = current_run().store
    st.title(say("report.title"), anchor=False)
    st.text(say("report.lead"))
    within = pregnancy_picker.choose(store)
    chosen = choose_range(store, today, within)
    name = st.text_input(
        say("report.name"),
        st.session_state.get(NAME, ""),
        max_chars=NAME_MAX,
        help=say("report.name_help"),
        autocomplete="off",
        key="hw-report-name",
    )
    # Kept for this visit only: a widget's own value goes when she looks at another page.
    st.session_state[NAME] = name
    size = st.segmented_control(
        say("report.paper"),
        list(Paper),
        default=paper.usual_paper(language().locale),
        required=True,
        format_func=lambda p: say(f"report.paper_{p.name.lower()}"),
        key="hw-paper",
    )
    if chosen is not None:
        first, last = chosen
        notes = choose_notes(store, first, last)
        made = summary.read(store, first, last, today, notes, within)
        st.header(say("report.preview"), anchor=False)
        lines = report_words.lines(made)
        day = Moment.of(now.local.replace(hour=0, minute=0, second=0, microsecond=0))
        with st.container(key="hw-paper-preview"):
            st.image(
                picture(made, name, size, day, language()), width="stretch", alt=" ".join(lines)
            )
        with st.expander(say("report.as_text")):
            for line in lines:
                st.text(line)
        save(store.path, made, name, size, now)
        save_fhir(store.path, first, last, now, within)
    if st.button(
        say("report.open_calendar"),
        key="hw-reminders",
        icon=":material/alarm:",
        width="stretch",
    ):
        navigation.go("reminders")
    navigation.back_button("report")


page()
