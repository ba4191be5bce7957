"""The report for a midwife or doctor: the user chooses its contents, sees it, and saves it."""

from dataclasses import replace
from datetime import date, timedelta

import streamlit as st

from holdwell.domain.dates import Days
from holdwell.domain.models import Moment
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.i18n.formats import listed_text, one_line, sentence_day_text
from holdwell.i18n.languages import Language
from holdwell.i18n.messages import counted, language, plain, say, speaking
from holdwell.report import fhir, pdf, summary, text
from holdwell.report.pdf import NAME_MAX, PaperSize
from holdwell.report.pregnancy import shown_pregnancy
from holdwell.report.summary import Report, ReportRange
from holdwell.stats import queries
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, failure_box, forms, pregnancy_picker
from holdwell.ui.common.text import shortened
from holdwell.ui.runtime import clock, unlock
from holdwell.ui.runtime.run_context import current_run

RANGE = "hw-report-range"
NOTES_LISTED = 20
NOTE_SHOWN = 91
"""The number of characters of a note that are shown beside its checkbox."""


def choose_days(store: Store, today: date, period: PregnancyPeriod) -> Days | None:
    """Ask which days the report covers; if none can be shown, say why and return None."""
    span, end = queries.entries_span(store, period), queries.latest_day(store, period, today)
    began = span[0] if span is not None else None
    ranges = summary.ranges(shown_pregnancy(store, period), end, period, began)
    # The default is the latest weeks of the current period, and the whole of a past one.
    default = next(
        (r for r in (ReportRange.WEEKS_12, ReportRange.WHOLE) if r in ranges), ReportRange.CHOSEN
    )
    options = [*ranges, ReportRange.CHOSEN]
    chosen = forms.exactly_one(
        say("report.range"), options, default, RANGE, "report.range_{}", width="content"
    )
    if chosen in ranges:
        return ranges[chosen]
    first, last = ranges.get(default, (end, end))
    if period.last is None:
        first = end - timedelta(days=7 * summary.LONG_WEEKS - 1)
    days = ask_days(first, last, max(today, end), period)
    if days is None:
        return None
    shown = period.clamp(*days)
    if shown is None:
        failure_box.show(say("report.range_outside"))
    elif shown != days:
        begin, until = map(sentence_day_text, shown)
        st.text(say("report.range_cut", first=begin, last=until))
    return shown


def ask_days(first: date, last: date, latest: date, period: PregnancyPeriod) -> Days | None:
    """Ask for the first and last day, up to `latest`; if one is wrong, say so and return None."""
    # Each pregnancy remembers its own days.
    key = "hw-report" if period.last is None else f"hw-report-{period.id}"
    begin, end = forms.ask_days(key, first, last)
    if begin is None or end is None:
        problem = say("report.range_open")
    elif end < begin:
        problem = say("report.range_wrong")
    elif end > latest:
        problem = say("report.range_future")
    else:
        return begin, end
    failure_box.show(problem)
    return None


def choose_notes(store: Store, first: date, last: date) -> frozenset[str] | None:
    """Ask which notes to include; return the ids of their entries, or None for all in the range."""
    count = summary.note_count(store, first, last)
    if not count:
        return frozenset()
    with st.expander(say("report.notes")):
        st.text(say("report.notes_lead"))
        if st.checkbox(say("report.notes_all", notes=counted("notes", count)), key="hw-notes-all"):
            return None
        listed = summary.notes(store, first, last, NOTES_LISTED)
        if count > len(listed):
            st.caption(say("report.notes_older", shown=len(listed)))
        chosen = set()
        for note in listed:
            line = shortened(one_line(note.text), NOTE_SHOWN)
            label = plain(f"{text.note_when(note)}: {line}")
            if st.checkbox(label, key=f"hw-note-{note.id}"):
                chosen.add(note.id)
    return frozenset(chosen)


def choose_private(report: Report) -> Report:
    """Ask whether to add what the user may not want to show; return the report as chosen."""
    if not report.private:
        return report
    labels = listed_text([sign.label for sign in report.private])
    chosen = st.checkbox(plain(say("report.private", labels=labels)), key="hw-report-private")
    st.caption(say("report.private_help"))
    return replace(report, shows_private=chosen)


def ask_name() -> str:
    """Ask for a name to print; it is kept only for this visit, never in the database."""
    name = st.text_input(
        say("report.name"), autocomplete="off", key="hw-report-name", persist_state="session"
    )
    st.caption(say("report.name_help"))
    # No `max_chars`: the field would silently refuse a longer name that is pasted.
    if len(one_line(name)) > NAME_MAX:
        failure_box.show(say("people.name_long", most=counted("characters", NAME_MAX)))
    return name


# Streamlit needs half a second to hash the scores of ten years; their `repr` is quick.
@st.cache_data(show_spinner=False, max_entries=16, hash_funcs={Report: repr})
def picture(
    report: Report, name: str, paper: PaperSize, day: Moment, written_in: Language
) -> bytes:
    """Return the report as a picture, from the cache if the choices are the same."""
    with speaking(written_in):
        return pdf.typeset(report, name, paper, day).picture()


def preview(report: Report, name: str, paper: PaperSize, now: Moment) -> None:
    """Show the finished report as a picture and as text."""
    st.header(say("report.preview"), anchor=False)
    lines = text.lines(report)
    # The picture changes with the day, not with the minute.
    day = Moment.of(now.local.replace(hour=0, minute=0, second=0, microsecond=0))
    with st.container(key="hw-paper-preview"):
        shown = picture(report, name, paper, day, language())
        st.image(shown, width="stretch", alt=" ".join(lines))
    with st.expander(say("report.as_text")):
        for line in lines:
            st.text(line)


def page() -> None:
    """Show the choices, then a preview of the report, then the files."""
    now = clock.now()
    store = current_run().store
    today = store.local_day(now)
    st.title(say("report.title"), anchor=False)
    st.text(say("report.lead"))
    period = pregnancy_picker.choose(store)
    days = choose_days(store, today, period)
    name = ask_name()
    label, usual = say("report.paper"), pdf.default_paper_size(language().locale)
    sizes = {size: say(f"report.paper_{size.name.lower()}") for size in PaperSize}
    paper = forms.exactly_one(label, sizes, usual, "hw-paper", sizes, joined=True, width="content")
    if days is not None:
        notes = choose_notes(store, *days)
        report = choose_private(summary.read(store, *days, today, notes, period))
        preview(report, name, paper, now)
        made_on = now.local.date().isoformat()
        file = unlock.while_open(store.path, lambda _: pdf.typeset(report, name, paper, now).pdf())
        label, file_name = say("report.save"), f"{say('report.file_name')}-{made_on}.pdf"
        buttons.download(label, file, file_name, "hw-save-report", icon="download", primary=True)
        st.text(say("report.fhir_lead"))
        file = unlock.while_open(
            store.path, lambda db: fhir.text(fhir.bundle(db, *days, now, period)).encode()
        )
        file_name = f"holdwell-fhir-{made_on}.json"
        buttons.download(say("report.fhir"), file, file_name, "hw-save-fhir", icon="data_object")
    buttons.to_page("reminders", say("report.open_calendar"), icon="alarm")


page()
