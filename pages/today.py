"""Today: the stage, one large button to begin, entries at one tap, and the last days."""

import streamlit as st

from holdwell.domain.dates import StageKind
from holdwell.domain.models import Tracking
from holdwell.i18n.formats import sentence_moment_text
from holdwell.i18n.messages import say
from holdwell.sessions.plan import Plan
from holdwell.store.repository import Store
from holdwell.ui.common import buttons
from holdwell.ui.common.text import greeting, stage_text
from holdwell.ui.guide import leave_out, situations
from holdwell.ui.runtime import navigation
from holdwell.ui.runtime.flash import show_flash
from holdwell.ui.runtime.process_state import process_state
from holdwell.ui.runtime.run_context import current_run
from holdwell.ui.stretch import check_in
from holdwell.ui.today import birth, day_so_far, lately, quick_log
from holdwell.ui.today.day_so_far import Day


def unfinished(store: Store, day: Day) -> bool:
    """Offer to resume a session that has not ended; return whether there is one."""
    session = store.open_session()
    if session is None:
        return False
    plan = Plan.from_json(session.plan)
    when = sentence_moment_text(session.started.local, today=day.now.date())
    with st.container(border=True, key="hw-unfinished"):
        st.text(say("today.pick_up", when=when))
        if plan is not None:
            held = len(session.holds)
            st.text(say("today.pick_up_held", held=held, count=len(plan.holds)))
        goes_on = leave_out.can_go_on(store, session)
        label = say("today.resume" if goes_on else "today.pick_up_old")
        if buttons.wide(label, "hw-resume", primary=True):
            # With its id in the address, Stretch shows the timer at once and does not ask again.
            navigation.go("stretch", **({"session": session.id} if goes_on else {}))
    return True


def begin(store: Store, day: Day) -> None:
    """Show the button that starts a session, or what to do instead."""
    if day.stopped:
        check_in.show_advice(store, day.answers)
        buttons.to_page("stretch", say("today.stopped"), icon="front_hand")
    elif day.resting:
        st.text(say("leave_out.nothing_today"))
        buttons.to_page("stretch", say("leave_out.why"), icon="menu_book")
    else:
        if day.birth_is_recent:
            st.text(say("today.birth_recent"))
            if not st.session_state.get(birth.OPEN):
                situations.ask_birth_once(store)
        is_first = not unfinished(store, day) and not day.birth_is_recent
        start = say("today.start")
        buttons.to_page("stretch", start, "hw-start", icon="play_arrow", primary=is_first)


def reminders_still_ring(store: Store, day: Day) -> None:
    """After a pregnancy that ended, say once that reminders in a calendar still ring."""
    pregnancy = store.pregnancy()
    is_over = day.stage.kind is StageKind.ENDED
    if not is_over or pregnancy is None or store.meta(situations.ENDED_SEEN) == pregnancy.id:
        return
    with st.container(key="hw-reminders-ring"):
        st.text(say("settings.ended_reminders"))
        if st.button(say("today.ended_seen"), key="hw-ended-seen", type="tertiary"):
            store.set_meta(situations.ENDED_SEEN, pregnancy.id)
            st.rerun()


def page() -> None:
    """Show what to do today and, beside or below it, the last days."""
    store = current_run().store
    profile = store.profile()
    if not profile.welcomed and navigation.WELCOME_SHOWN not in st.session_state:
        navigation.go("welcome")
    day = Day(store)
    with st.container(key="hw-dashboard"):
        with st.container(key="hw-doing"):
            st.title(greeting(day.now), anchor=False)
            stage = stage_text(day.stage)
            if stage and profile.tracking is Tracking.ON:
                with st.container(key="hw-stage"):
                    navigation.page_link("guide", stage, part="now")
            show_flash()
            if day.birth_is_recent and day.is_night:
                # What `begin` says then is long, and a cramp is not to be scrolled for.
                quick_log.show(store)
                begin(store, day)
            else:
                begin(store, day)
                quick_log.show(store)
        with st.container(key="hw-so-far"):
            day_so_far.show(day)
        with st.container(key="hw-seeing"):
            reminders_still_ring(store, day)
            lately.show(day)
            if profile.tracking is Tracking.ON:
                birth.show(day)
            if store.path in process_state().backup_failed:
                st.text(say("today.backup_failed"))
                navigation.page_link("record", say("settings.data_open"))


page()
