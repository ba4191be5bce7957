"""The timer while the database is locked: the browser keeps what was held until it is open."""

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.models import Moment, Profile
from holdwell.guide import Audience, guide
from holdwell.i18n.messages import plain, say
from holdwell.sessions import defaults
from holdwell.sessions.plan import Plan, offered_first, plan
from holdwell.sessions.timer_report import RESUME_WITHIN
from holdwell.store.people import Person
from holdwell.ui.common import buttons
from holdwell.ui.runtime import clock, navigation, unlock
from holdwell.ui.stretch.timer import begin_words, hold_timer

LOCKED = "locked"
"""The parameter of the page's address that asks for the timer without the database."""
CHECKED = "hw-locked-checked"
"""In the session state: the local day on which the user said that none of it applies."""
PLANNED, BEGUN = "hw-locked-planned", "hw-locked-begun"
"""In the session state: the plan until it has ended, and when a routine began that still runs."""


def offer() -> None:
    """Offer to stretch while the database is locked."""
    if buttons.wide(say("locked.stretch"), "hw-locked-stretch", icon=":material/play_arrow:"):
        navigation.go("stretch", **{LOCKED: "1"})


def is_wanted(person: Person, page: str) -> bool:
    """Return whether this page is to show the timer without the person's database."""
    wanted = page == "stretch" and LOCKED in st.query_params
    return wanted and not unlock.is_open(person.database)


def show() -> None:
    """Show what the guide leaves out for some, then the timer with the usual routine.

    Nothing is known of the user here, so the user says each day that none of it applies. The voice
    is off until it is chosen: the page may be opened at night.
    """
    if not _is_checked():
        _ask_what_applies()
        return
    with st.container(key="hw-stretch-title"):
        st.title(say("nav.stretch"), anchor=False)
    with st.container(key="hw-above"):
        planned, quiet = _planned(), Profile(voice=False)
        # None is saved whole here: the browser keeps every routine until the database is open.
        result = hold_timer(
            planned, quiet, None, people=Audience.ANY, begin=begin_words(asks=True), ended=()
        )
    report = result.report
    # It may still be of a routine that ended, while the next is planned and runs.
    if report is not None and report.plan.id == planned.id:
        if report.ended is None:
            st.session_state[BEGUN] = report.started
        else:
            st.session_state.pop(BEGUN, None)
            st.session_state.pop(PLANNED, None)
    with st.container(key="hw-below"):
        st.text(say("locked.stretch_kept"))
        navigation.page_button(navigation.HOME, say("locked.open_page"), "hw-locked-open")


def _is_checked() -> bool:
    """Return whether the user said today that none applies, or is amid a routine begun before."""
    now = clock.now()
    begun: Moment | None = st.session_state.get(BEGUN)
    is_amid = begun is not None and abs(now.utc - begun.utc) <= RESUME_WITHIN
    return is_amid or st.session_state.get(CHECKED) == dates.local_day(now.local)


def _ask_what_applies() -> None:
    """Show each line of the guide that leaves a stretch out, until none of them applies."""
    st.title(say("nav.stretch"), anchor=False)
    st.text(say("locked.stretch_lead"))
    for situation in guide().situations:
        lines = [line for line in situation.lines if line.leave_out]
        if lines:
            with st.container(border=True, key=f"hw-locked-{situation.id}"):
                st.markdown(f"**{plain(situation.title)}**")
                for line in lines:
                    st.text(line.text)
    if buttons.wide(say("locked.stretch_none"), "hw-locked-none", primary=True):
        st.session_state[CHECKED] = dates.local_day(clock.now().local)
        st.rerun()


def _planned() -> Plan:
    """Return the usual routine for the time of day: the same until it has ended."""
    found: Plan | None = st.session_state.get(PLANNED)
    if found is None:
        profile = Profile()
        part = dates.part_of_day(clock.now().local)
        routine = offered_first(defaults.starting_routines(profile), part)
        found = plan(routine, guide().stretches, profile.get_ready_seconds)
        st.session_state[PLANNED] = found
    return found
