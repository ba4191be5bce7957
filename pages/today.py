"""Today: the stage, what is done and waiting, and one large button to start."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.models import CrampLeg, DayPart, Tracking
from holdwell.domain.pregnancies import period_of
from holdwell.i18n.formats import moment_text, sentence_day_text
from holdwell.i18n.messages import plain, say
from holdwell.sessions.plan import Plan
from holdwell.stats import queries
from holdwell.stats.calendar_weeks import calendar_weeks
from holdwell.store.repository import Store
from holdwell.ui.common import buttons
from holdwell.ui.common.text import greeting, stage_text
from holdwell.ui.runtime import clock, navigation
from holdwell.ui.runtime.flash import show_flash
from holdwell.ui.runtime.run_context import current_run

CRAMP_SAVED = "hw-cramp-saved"
"""In the session state: the night, the legs noted, and the legs of the answer before."""


def unfinished(store: Store) -> bool:
    """Offer to go on with a session that was begun and not ended; return whether there is one."""
    session = store.open_session()
    if session is None:
        return False
    plan = Plan.from_json(session.plan)
    when = moment_text(session.started.local, today=clock.now().local.date())
    with st.container(border=True, key="hw-unfinished"):
        st.text(say("today.pick_up", when=when))
        if plan is not None:
            held = len(session.holds)
            st.text(say("today.pick_up_held", held=held, count=len(plan.holds)))
        if buttons.wide(say("today.resume"), "hw-resume", primary=True):
            navigation.go("stretch")
    return True


def day_so_far(store: Store, tracking: Tracking, goal: int) -> None:
    """Show what is done of this day, and of the week's goal unless tracking is paused."""
    now = clock.now().local
    today = dates.local_day(now)
    parts = queries.parts_by_day(store, today, today)
    done = parts[0] if parts else queries.DayParts(today, 0, 0, 0)
    with st.container(key="hw-day"):
        for part, count in ((DayPart.MORNING, done.morning), (DayPart.BEDTIME, done.bedtime)):
            passed = part is DayPart.MORNING and dates.part_of_day(now) is not part
            state = "done" if count else "passed" if passed else "waiting"
            icon = ":material/check_circle:" if count else ":material/radio_button_unchecked:"
            with st.container(key=f"hw-{state}-{part.value}"):
                st.markdown(f"{icon} {say(f'today.{part.value}_{state}')}")
        if done.other:
            st.markdown(f":material/add_circle: {say('today.other_done', count=done.other)}")
    if tracking is Tracking.PAUSED:
        st.text(say("today.paused"))
        return
    axis = calendar_weeks(store.profile())
    begin = axis.first_day(axis.index(today))
    within = period_of(store.pregnancy_periods(), today)
    days = within.clamp(begin, begin + timedelta(days=6)) or (today, today)
    rows = queries.sessions_by_week(store, axis, *days)
    count = sum(row.sessions for row in rows)
    st.progress(min(1.0, count / goal), text=plain(say("today.week", done=count, count=goal)))


def cramp_buttons(store: Store) -> None:
    """Note a cramp with one tap, and take it back with another."""
    now = clock.now()
    night = dates.night_of(now.local)
    with st.container(border=True, key="hw-cramp"):
        st.markdown(f"**{say('today.cramp_title')}**")
        st.text(say("today.cramp_lead", night=sentence_day_text(night, today=night)))
        with st.container(horizontal=True):
            for leg in (CrampLeg.LEFT, CrampLeg.RIGHT):
                if buttons.wide(say(f"today.cramp_{leg.value}"), f"hw-cramp-{leg.value}"):
                    known = store.cramp(night)
                    saved = store.add_cramp(night, leg, now)
                    before = known.leg if known else None
                    st.session_state[CRAMP_SAVED] = (night, saved.leg, before)
        if CRAMP_SAVED not in st.session_state:
            return
        noted, leg, before = st.session_state[CRAMP_SAVED]
        legs, day = say(f"today.cramp_leg_{leg.value}"), sentence_day_text(noted, today=night)
        st.success(
            plain(say("today.cramp_saved", leg=legs, night=day)), icon=":material/check_circle:"
        )
        if st.button(say("today.cramp_undo"), key="hw-cramp-undo-tap"):
            store.save_cramp(noted, before, now)
            del st.session_state[CRAMP_SAVED]
            st.rerun()


def page() -> None:
    """Show the day, and the button that starts a session."""
    store = current_run().store
    profile = store.profile()
    if not profile.welcomed:
        navigation.go("welcome")
    now = clock.now().local
    st.title(greeting(now), anchor=False)
    stage = dates.stage(store.pregnancy(), now.date())
    said = stage_text(stage)
    if said and profile.tracking is Tracking.ON:
        with st.container(key="hw-stage"):
            st.text(said)
    show_flash()
    waiting = unfinished(store)
    icon = ":material/play_arrow:"
    if buttons.wide(say("today.start"), "hw-start", icon=icon, primary=not waiting):
        navigation.go("stretch")
    day_so_far(store, profile.tracking, profile.goal_per_week)
    cramp_buttons(store)


page()
