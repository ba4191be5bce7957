"""The timer while the database is locked: the browser keeps what was held until it is open."""

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.models import Profile
from holdwell.guide import For, guide
from holdwell.i18n.messages import plain, say
from holdwell.sessions import defaults
from holdwell.sessions.plan import Plan, offered_first, plan, starting_routines
from holdwell.store.people import Person
from holdwell.ui.common import buttons
from holdwell.ui.runtime import clock, navigation, unlock
from holdwell.ui.stretch.timer import BeginButtons, hold_timer

LOCKED = "locked"
"""The parameter of the page's address that asks for the timer without the database."""
CHECKED, PLANNED = "hw-locked-checked", "hw-locked-planned"


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

    Nothing is known of the user here, so the user says that none of it applies.
    """
    if not st.session_state.get(CHECKED):
        _ask_what_applies()
        return
    with st.container(key="hw-stretch-title"):
        st.title(say("nav.stretch"), anchor=False)
    with st.container(key="hw-above"):
        result = hold_timer(
            _planned(), Profile(), None, people=For.ANY, begin=BeginButtons(True, False), ended=()
        )
    if result.report is not None and result.report.ended is not None:
        st.session_state.pop(PLANNED, None)
    with st.container(key="hw-below"):
        st.text(say("locked.stretch_kept"))
        if buttons.wide(say("locked.open_page"), "hw-locked-open"):
            navigation.go(navigation.HOME)


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
        st.session_state[CHECKED] = True
        st.rerun()


def _planned() -> Plan:
    """Return the usual routine for the time of day: the same until it has ended."""
    found: Plan | None = st.session_state.get(PLANNED)
    if found is None:
        profile = Profile()
        known = starting_routines(defaults.starting_names(), guide().stretches, profile)
        routine = offered_first(known, dates.part_of_day(clock.now().local))
        found = plan(routine, guide().stretches, profile.get_ready_seconds)
        st.session_state[PLANNED] = found
    return found
