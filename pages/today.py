"""Where she is, what is done and waiting today, and one large button to start."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.dates import StageKind
from holdwell.domain.models import CrampLeg, DayPart, Tracking
from holdwell.domain.pregnancies import period_of
from holdwell.domain.week_axis import calendar_axis
from holdwell.i18n.formats import day_text, moment_text
from holdwell.i18n.messages import plain, say
from holdwell.sessions.plan import Plan
from holdwell.stats import queries
from holdwell.store.repository import Store
from holdwell.ui.common.text import greeting, stage_text
from holdwell.ui.runtime import clock, navigation
from holdwell.ui.runtime.flash import show_flash
from holdwell.ui.runtime.run_context import current_run


def unfinished(store: Store) -> bool:
    """Offer the session that was begun and not ended. Whether there is one."""
    session = store.open_session()
    if session is None:
        return False
    plan = Plan.from_json(session.plan)
    when = moment_text(session.started.local, today=clock.now().local.date())
    with st.container(border=True, key="hw-unfinished"):
        st.text(say("today.pick_up", when=when))
        if plan is not None:
            held = len(session.holds)
            st.text(say("today.pick_up_held", count=held, total=len(plan.holds)))
        if st.button(say("today.resume"), type="primary", key="hw-resume", width="stretch"):
            navigation.go("stretch")
    return True


def day_so_far(store: Store, tracking: Tracking, goal: int) -> None:
    """This morning's and tonight's session, and the week."""
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
    monday = dates.week_start(today)
    within = period_of(store.pregnancy_periods(), today)
    days = within.clamp(monday, monday + timedelta(days=6)) or (today, today)
    rows = queries.sessions_by_week(store, calendar_axis(), *days)
    count = sum(row.sessions for row in rows)
    st.progress(min(1.0, count / goal), text=plain(say("today.week", count=count, goal=goal)))


def cramp_buttons(store: Store) -> None:
    """Note a cramp with one tap, and take it back with another."""
    now = clock.now()
    night = dates.night_of(now.local)
    with st.container(border=True, key="hw-cramp"):
        st.markdown(f"**{say('today.cramp_title')}**")
        st.text(say("today.cramp_lead", night=day_text(night, today=night)))
        with st.container(horizontal=True):
            for leg in (CrampLeg.LEFT, CrampLeg.RIGHT):
                if st.button(
                    say(f"today.cramp_{leg.value}"), key=f"hw-cramp-{leg.value}", width="stretch"
                ):
                    known = store.cramp(night)
                    saved = store.add_cramp(night, leg, now)
                    st.session_state["hw-cramp-undo"] = (night, known.leg if known else None)
                    st.session_state["hw-cramp-said"] = saved.leg
        said = st.session_state.get("hw-cramp-said")
        undo = st.session_state.get("hw-cramp-undo")
        if said is not None and undo is not None:
            words = say(
                "today.cramp_saved",
                leg=say(f"today.cramp_leg_{said.value}"),
                night=day_text(undo[0], today=night),
            )
            st.success(plain(words), icon=":material/check_circle:")
            if st.button(say("today.cramp_undo"), key="hw-cramp-undo-tap"):
                store.save_cramp(undo[0], undo[1], now)
                del st.session_state["hw-cramp-said"], st.session_state["hw-cramp-undo"]
                st.rerun()


def page() -> None:
    """Show the day, and the button that starts a session."""
    store = current_run().store
    profile = store.profile()
    if not profile.welcomed:
        navigation.go("welcome")
    now = clock.now().local
    st.title(greeting(now), anchor=False)
    here = dates.stage(store.pregnancy(), now.date())
    if here.kind is not StageKind.UNSTATED and profile.tracking is Tracking.ON:
        with st.container(key="hw-stage"):
            st.text(stage_text(here))
    show_flash()
    waiting = unfinished(store)
    if st.button(
        say("today.start"),
        type="secondary" if waiting else "primary",
        key="hw-start",
        width="stretch",
        icon=":material/play_arrow:",
    ):
        navigation.go("stretch")
    day_so_far(store, profile.tracking, profile.goal_per_week)
    cramp_buttons(store)


page()
