"""What every page has around it: look, header, navigation bar, signs, and words for a failure."""

import json
from contextlib import suppress
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page as StreamlitPage

from holdwell.guide import guide
from holdwell.i18n.formats import region_first_weekday
from holdwell.i18n.messages import language, plain, say, say_or
from holdwell.stats import calendar_weeks
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.people import Person
from holdwell.ui.common import buttons
from holdwell.ui.data import people
from holdwell.ui.errors import guarded
from holdwell.ui.runtime import attention, current_person, daily_upkeep, navigation, unlock
from holdwell.ui.runtime.javascript import component
from holdwell.ui.runtime.navigation import PageInfo
from holdwell.ui.runtime.process_state import process_state
from holdwell.ui.runtime.run_context import RunContext, new_run
from holdwell.ui.settings import phone_access
from holdwell.ui.stretch import locked

_HERE = Path(__file__).parent
DEMO_CLOSED = "hw-demo-closed"
"""In the session state: whether this window no longer says that its data is an example."""

STREAMLITS_WORDS = {
    "^Connection error$": "frame.gone_title",
    "^Is Streamlit still running|^Streamlit server is not|^Cannot connect to": "frame.gone",
    "^File must be .* or smaller": "frame.file_large",
    "files are not allowed": "frame.file_kind",
    "^Only one file is allowed": "frame.file_one",
    "^Unexpected error. Please try": "frame.file_failed",
    "^Use arrow keys to navigate dates": "frame.date_keys",
}
"""What Streamlit says in English only, as patterns, and the key of what stands there instead."""
STREAMLITS_LABELS = {
    "^Choose date": "frame.date_choose",
    "^Clear date$": "frame.date_clear",
    "^Previous month$": "frame.date_month_before",
    "^Next month$": "frame.date_month_after",
    "^day(?=$|, )": "frame.date_day",
    "^month(?=$|, )": "frame.date_month",
    "^year(?=$|, )": "frame.date_year",
    "^Empty$": "frame.date_empty",
    "^file upload$": "app.choose_file",
    "^Remove(?= .*[.])": "frame.file_remove",
    "^Add files$": "frame.file_other",
}
"""The same of what it tells screen readers of days and files: the pattern alone is replaced."""
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_mender = component("holdwell_frame", _HERE / "frame.js")


@cache
def _style() -> str:
    return (_HERE / "theme.css").read_text(encoding="utf-8")


def _texts_in_style() -> str:
    """Return what Streamlit says in English only, for the style sheet to say in its place."""
    text = say_or("app.choose_file", "Choose a file")
    # JSON's quoting is CSS's for what our texts hold; no text of the user comes in here.
    return f":root {{ --hw-choose-file: {json.dumps(text, ensure_ascii=False)} }}"


def run() -> None:
    """Set the page up, show the frame, and run the page asked for."""
    person: Person | None = None
    unreachable: StoreError | None = None
    try:
        person = current_person.find()
    except OSError as error:
        # By its name in the error: HOLDWELL_DATA may name the home of a user who is not there.
        folder = Path(error.filename or "")
        unreachable = StoreError(StoreProblem.UNREACHABLE, folder, str(error))
    with new_run(person) as context:
        st.html(f"<style>{_style()}\n{_texts_in_style()}</style>")
        with guarded():
            if unreachable is not None:
                raise unreachable
            process_state().freeze_new_modules()
            info, current = navigation.register_pages()
            st.set_page_config(page_title=f"{say(info.title_key)} · {say('app.name')}")
            _mend(context)
            if person is not None:
                current_person.remember(person, current.url_path)
            _header(person)
            navigation.show_bar(info)
            attention.keep(person)
            # A fault of content/ is said on the page opened first, before it is needed.
            guide()
            _run_page(context, info, current)


def _mend(run: RunContext) -> None:
    """Tell the browser the language, our words for those of Streamlit's, and the weeks' first day.

    `calendar` is a locale with the first weekday, such as es-MX-u-fw-sun (BCP 47, Unicode's fw).
    """
    tag = language().locale.replace("_", "-")
    with st.container(key="hw-mend"):
        # In a list: in a dict or a number Streamlit looks for tables, and imports pandas for it.
        _mender(
            key="hw-frame",
            data=[
                {
                    "language": tag,
                    "calendar": f"{tag}-u-fw-{_WEEKDAYS[_first_weekday(run)]}",
                    "bar": say("frame.bar"),
                    "words": [(theirs, say(ours)) for theirs, ours in STREAMLITS_WORDS.items()],
                    "labels": [(theirs, say(ours)) for theirs, ours in STREAMLITS_LABELS.items()],
                }
            ],
        )


def _first_weekday(run: RunContext) -> int:
    """Return the day on which the user's weeks begin, 0 (Monday) to 6."""
    if run.person is not None:
        # What is wrong with the database is said later.
        with suppress(StoreError):
            return calendar_weeks.first_weekday(run.store.profile())
    return region_first_weekday()


def _run_page(run: RunContext, info: PageInfo, current: StreamlitPage) -> None:
    """Run a page once what it needs is there; else show the question for it."""
    if not info.needs_database:
        if run.person is not None:
            with suppress(StoreError):
                _demo_sign(run)
    elif run.person is None:
        st.title(say("people.title"), anchor=False)
        st.text(say("people.choose"))
        people.choose()
        return
    elif locked.is_wanted(run.person, info.name):
        locked.show()
        return
    else:
        unlock.require_open(run.person.database)
        daily_upkeep.check_once(run.person.database)
        _demo_sign(run)
        phone_access.show_sign()
        daily_upkeep.run_once_a_day(run.store)
    if info.icon and info.name != "settings":
        # From a page of the bar the settings are opened as a whole.
        st.session_state.pop(navigation.LEFT, None)
    current.run()
    if info.parent:
        navigation.back_button(info)


def _header(person: Person | None) -> None:
    """Show the way home, whose pages these are, and the way to the stop signs."""
    with st.container(
        key="hw-header",
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
    ):
        navigation.page_link(navigation.HOME, say("app.name"))
        if person is not None:
            _person_sign(person)
        navigation.page_link("safety", say("app.stop_signs"), icon=":material/front_hand:")


def _person_sign(person: Person) -> None:
    """Show whose pages these are, and the way to lock them or to let another person in."""
    several = len(current_person.everyone()) > 1
    encrypted = unlock.has_passphrase(person.database)
    if not (several or (encrypted and unlock.is_open(person.database))):
        return
    name = person.name if several else ""
    with st.container(key="hw-here"):
        navigation.page_link(
            "people",
            plain(name) or say("people.lock_link" if encrypted else "people.unnamed"),
            icon=":material/lock:" if encrypted else ":material/person:",
        )


def _demo_sign(run: RunContext) -> None:
    """Say that the data is invented, until the user closes that; the settings say it always."""
    if run.store.meta("demo") != "1" or st.session_state.get(DEMO_CLOSED):
        return
    with st.container(key="hw-demo", horizontal=True, vertical_alignment="center"):
        st.text(say("app.demo"))
        close = buttons.set_on_tap(DEMO_CLOSED, True)
        st.button(say("app.demo_close"), key="hw-demo-close", type="tertiary", **close)
