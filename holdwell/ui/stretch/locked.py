"""The timer while the database is locked: the browser keeps the holds until it is unlocked."""

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.models import Moment, Profile
from holdwell.guide.advice import Audience
from holdwell.guide.load import guide
from holdwell.i18n.messages import plain, say
from holdwell.sessions import defaults
from holdwell.sessions.plan import Plan, offered_first, plan
from holdwell.sessions.timer_report import RESUME_WITHIN
from holdwell.store.people import Person
from holdwell.ui.common import buttons
from holdwell.ui.runtime import clock, navigation, unlock
from holdwell.ui.stretch.timer import begin_words, hold_timer

LOCKED = "locked"
"""The parameter in the page's address that asks for the timer without the database."""
CHECKED = "hw-locked-checked"
"""In the session state: the local day on which the user said that none of the lines applies."""
PLANNED, BEGUN = "hw-locked-planned", "hw-locked-begun"
"""In the session state: the plan, until it has ended, and when the running routine began."""


def offer() -> None:
    """Offer to stretch while the database is locked."""
    if buttons.wide(say("locked.stretch"), "hw-locked-stretch", icon="play_arrow"):
        navigation.go("stretch", **{LOCKED: "1"})


def is_wanted(person: Person, page: str) -> bool:
    """Return whether this page should show the timer without the person's database."""
    wanted = page == "stretch" and LOCKED in st.query_params
    return wanted and not unlock.is_open(person.database)


def show() -> None:
    """Show what the guide leaves out for some users, then the timer with the usual routine.

    Nothing is known about the user here, so once a day the user confirms that none of it applies.
    The voice is off at first, as the page may be opened at night.
    """
    if not _is_checked():
        _ask_what_applies()
        return
    st.container(key="hw-stretch-title").title(say("nav.stretch"), anchor=False)
    with st.container(key="hw-above"):
        planned = _planned()
        quiet = Profile(voice=False)
        # No routine can be saved here: the browser keeps each until the database is unlocked.
        result = hold_timer(
            planned, quiet, None, people=Audience.ANY, begin=begin_words(asks=True), ended=()
        )
    report = result.report
    # While the next routine runs, the timer may still report the last one, which has ended.
    if report is not None and report.id == planned.id:
        if report.ended is None:
            st.session_state[BEGUN] = report.started
        else:
            st.session_state.pop(BEGUN, None)
            st.session_state.pop(PLANNED, None)
    with st.container(key="hw-below"):
        st.text(say("locked.stretch_kept"))
        buttons.to_page(navigation.HOME, say("locked.open_page"), "hw-locked-open")


def _is_checked() -> bool:
    """Return whether the user confirmed today that none applies, or a routine still runs."""
    now = clock.now()
    begun: Moment | None = st.session_state.get(BEGUN)
    is_amid = begun is not None and abs(now.utc - begun.utc) <= RESUME_WITHIN
    return is_amid or st.session_state.get(CHECKED) == dates.local_day(now.local)


def _ask_what_applies() -> None:
    """Show each line that leaves out a stretch, until the user confirms that none applies."""
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
    """Return a plan of the usual routine for this time of day: the same one until it has ended."""
    planned: Plan | None = st.session_state.get(PLANNED)
    if planned is None:
        profile = Profile()
        part = dates.part_of_day(clock.now().local)
        routine = offered_first(defaults.starting_routines(profile), part)
        planned = plan(routine, guide().stretches, profile.get_ready_seconds)
        st.session_state[PLANNED] = planned
    return planned
