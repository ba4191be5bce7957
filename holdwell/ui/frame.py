"""The frame around every page: style, header, navigation bar, notices and error messages."""

import sys
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page as StreamlitPage

from holdwell.guide.load import guide
from holdwell.i18n.formats import region_first_weekday
from holdwell.i18n.messages import language, plain, say, section
from holdwell.stats import calendar_weeks
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.people import Person
from holdwell.ui.common import address, buttons
from holdwell.ui.data import people
from holdwell.ui.errors import guarded
from holdwell.ui.runtime import current_person, daily_upkeep, navigation, unlock
from holdwell.ui.runtime.javascript import component
from holdwell.ui.runtime.navigation import PageInfo
from holdwell.ui.runtime.run_context import RunContext, new_run
from holdwell.ui.settings import phone_access
from holdwell.ui.stretch import locked

_HERE = Path(__file__).parent
DEMO_CLOSED = "hw-demo-closed"
"""Session state key for whether the user closed the notice that the data is invented."""

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_after_run = component("holdwell_frame", _HERE / "after_run.js")


def run() -> None:
    """Show the frame and run the requested page in it."""
    person: Person | None = None
    unreachable: StoreError | None = None
    try:
        person = current_person.find()
    except OSError as error:
        # Take the folder from the error: HOLDWELL_DATA may name the home of an unknown user.
        folder = Path(error.filename or "")
        unreachable = StoreError(StoreProblem.UNREACHABLE, folder, str(error))
    with new_run(person) as context:
        st.html(_HERE / "theme.css")
        with guarded():
            if unreachable is not None:
                raise unreachable
            info, current = navigation.register_pages()
            st.set_page_config(page_title=f"{say(info.title_key)} · {say('app.name')}")
            _tell_browser(context)
            _header(person)
            navigation.show_bar(info)
            # Load the guide now, so that the first page opened reports a fault in content/.
            guide()
            _run_page(context, info, current)


def _tell_browser(run: RunContext) -> None:
    """Send the browser what it needs after this run: see after_run.js.

    `calendar` is a locale with the first weekday, such as es-MX-u-fw-sun (BCP 47, Unicode's fw).
    """
    person = current_person.for_browser(run.person)
    tag = language().locale.replace("_", "-")
    first_weekday = region_first_weekday()
    if run.person is not None:
        # The page reports a fault of the database later.
        with suppress(StoreError):
            first_weekday = calendar_weeks.first_weekday(run.store.profile())
    frame = {
        "language": tag,
        "calendar": f"{tag}-u-fw-{_WEEKDAYS[first_weekday]}",
        "texts": section("frame") | {"choose_file": say("app.choose_file")},
    }
    with st.container(key="hw-after-run"):
        # A list, because Streamlit imports pandas to look for tables in a dict or a number. It
        # has the time, because the script runs only when its data changes.
        _after_run(key="hw-frame", data=[{"frame": frame, **person, "run": time.monotonic()}])


def _run_page(run: RunContext, info: PageInfo, current: StreamlitPage) -> None:
    """Run a page, or ask for the person or passphrase that it needs first."""
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
        # After a page of the bar, the settings open with all sections closed.
        st.session_state.pop(navigation.LEFT, None)
    _load_charts(info)
    current.run()
    if info.parent and buttons.wide(say(info.back_key), "hw-back"):
        # To the parent as it was last shown.
        navigation.go(info.parent, **address.remembered(info.parent))


def _load_charts(info: PageInfo) -> None:
    """Show the title while what the charts of a page need loads: at first that takes seconds."""
    if not info.has_charts:
        return
    # Always there, as Streamlit tells the elements below it apart by their number.
    waiting = st.empty()
    if "altair" not in sys.modules:
        with waiting.container(key="hw-waiting"):
            st.title(say(info.title_key), anchor=False)
            st.text(say("app.loading"))
        import_module("holdwell.charts.base")
        waiting.empty()


def _header(person: Person | None) -> None:
    """Show links to Today and the stop signs, and whose pages these are."""
    with st.container(
        key="hw-header",
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
    ):
        navigation.page_link(navigation.HOME, say("app.name"))
        if person is not None:
            _person_sign(person)
        navigation.page_link("safety", say("app.stop_signs"), icon="front_hand")


def _person_sign(person: Person) -> None:
    """Show whose pages these are, with a link to lock them or to switch to another person."""
    several = len(current_person.everyone()) > 1
    encrypted = unlock.has_passphrase(person.database)
    if not (several or (encrypted and unlock.is_open(person.database))):
        return
    other, icon = ("people.lock_link", "lock") if encrypted else ("people.unnamed", "person")
    name = plain(person.name) if several else ""
    with st.container(key="hw-here"):
        navigation.page_link("people", name or say(other), icon=icon)


def _demo_sign(run: RunContext) -> None:
    """Show that the data is invented, until the user closes the notice; Settings always says so."""
    if run.store.meta("demo") != "1" or st.session_state.get(DEMO_CLOSED):
        return
    with st.container(key="hw-demo", horizontal=True, vertical_alignment="center"):
        st.text(say("app.demo"))
        close = buttons.set_on_tap(DEMO_CLOSED, True)
        st.button(say("app.demo_close"), key="hw-demo-close", type="tertiary", **close)
