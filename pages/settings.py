"""Where she is, how a session runs, pausing or ending, and where her data is."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from holdwell.domain.models import (
    GET_READY_SECONDS_MAX,
    GET_READY_SECONDS_MIN,
    GOAL_MAX,
    GOAL_MIN,
    VOLUME_MAX,
    VOLUME_MIN,
    Cue,
    Pregnancy,
    Profile,
    Tracking,
)
from holdwell.i18n.formats import day_text
from holdwell.i18n.messages import say
from holdwell.store.repository import Store
from holdwell.ui.runtime import clock, navigation
from holdwell.ui.runtime.flash import flash, show_flash
from holdwell.ui.runtime.run_context import current_run
from holdwell.ui.settings import earlier_pregnancies, language, phone_access, pregnancy_form

CHANGING = "hw-changing"
ANOTHER = "another"


def where_you_are(store: Store) -> None:
    """Her dates, a way to change them, another pregnancy, and the earlier ones."""
    known = store.pregnancy_periods()
    pregnancy = known[-1].pregnancy
    st.header(say("settings.where_title"), anchor=False)
    changing = st.session_state.get(CHANGING)
    if changing:
        another = changing == ANOTHER
        if another:
            st.text(say("settings.another_lead"))
        key = ANOTHER if another else "settings"
        done, answer = pregnancy_form.ask(key, known, skip=say("form.cancel"), another=another)
        if done:
            if answer is not None:
                store.save_pregnancy(answer, clock.now())
                flash(say("settings.where_saved"))
            st.session_state.pop(CHANGING)
            st.rerun()
        return
    with st.container(key="hw-where"):
        for line in _dates(pregnancy):
            st.text(line)
        if st.button(say("settings.where_change"), key="hw-change"):
            st.session_state[CHANGING] = True
            st.rerun()
        # Where one ended nobody is asked for the next: "Change" is enough.
        given = pregnancy is not None and (pregnancy.due_date or pregnancy.birth_date)
        if (
            pregnancy is not None
            and given
            and not pregnancy.ended
            and st.button(say("settings.another"), key="hw-another", type="tertiary")
        ):
            st.session_state[CHANGING] = ANOTHER
            st.rerun()
    earlier_pregnancies.section(store, known)


def _dates(pregnancy: Pregnancy | None) -> list[str]:
    if pregnancy is not None and pregnancy.ended:
        return [say("settings.where_ended")]
    lines = []
    if pregnancy is not None and pregnancy.birth_date is not None:
        lines.append(say("settings.where_birth", birth=day_text(pregnancy.birth_date)))
    if pregnancy is not None and pregnancy.due_date is not None:
        lines.append(say("settings.where_pregnant_due", due=day_text(pregnancy.due_date)))
    return lines or [say("settings.where_none")]


def sessions(store: Store, profile: Profile) -> None:
    """How a session runs. Each change is saved at once."""
    st.header(say("settings.sessions_title"), anchor=False)
    goal = st.slider(say("settings.goal"), GOAL_MIN, GOAL_MAX, profile.goal_per_week, key="hw-goal")
    st.text(say("settings.routines_lead"))
    if st.button(
        say("settings.routines"), key="hw-routines", icon=":material/tune:", width="stretch"
    ):
        navigation.go("routines")
    ready = st.slider(
        say("settings.ready"),
        GET_READY_SECONDS_MIN,
        GET_READY_SECONDS_MAX,
        profile.get_ready_seconds,
        step=5,
        key="hw-ready",
    )
    save(store, profile, replace(profile, goal_per_week=goal, get_ready_seconds=ready))


def cues(store: Store, profile: Profile) -> None:
    """What the timer says, how loud, and at what. Each change is saved at once."""
    st.header(say("settings.cues_title"), anchor=False)
    sound = st.toggle(say("settings.sound"), profile.sound, key="hw-sound")
    voice = st.toggle(
        say("settings.voice"), profile.voice, help=say("settings.voice_help"), key="hw-voice"
    )
    vibration = st.toggle(say("settings.vibration"), profile.vibration, key="hw-vibration")
    volume = st.slider(
        say("settings.volume"),
        VOLUME_MIN,
        VOLUME_MAX,
        profile.volume,
        step=10,
        format="%d %%",
        key="hw-volume",
    )
    wanted = st.pills(
        say("settings.cues"),
        list(Cue),
        selection_mode="multi",
        default=[cue for cue in Cue if cue not in profile.quiet_cues],
        format_func=lambda cue: say(f"settings.cue_{cue.value}"),
        key="hw-cues",
    )
    chosen = replace(
        profile,
        sound=sound,
        voice=voice,
        vibration=vibration,
        volume=volume,
        quiet_cues=frozenset(Cue) - frozenset(wanted),
    )
    save(store, profile, chosen)


def save(store: Store, profile: Profile, chosen: Profile) -> None:
    if chosen != profile:
        store.save_profile(chosen, clock.now())
        st.caption(say("settings.saved"))


def pause_or_end(store: Store, profile: Profile) -> None:
    """Step weeks and goals out of sight, without questions."""
    st.header(say("settings.tracking_title"), anchor=False)
    st.text(say("settings.tracking_lead"))
    pregnancy = store.pregnancy()
    paused = profile.tracking is Tracking.PAUSED
    with st.container(key="hw-tracking"):
        if paused:
            st.text(say("settings.paused"))
        if st.button(
            say("settings.unpause" if paused else "settings.pause"), key="hw-pause", width="stretch"
        ):
            tracking = Tracking.ON if paused else Tracking.PAUSED
            store.save_profile(replace(profile, tracking=tracking), clock.now())
            st.rerun()
        if pregnancy is None:
            return
        if pregnancy.ended:
            st.text(say("settings.ended"))
        if (pregnancy.ended or pregnancy.due_date or pregnancy.birth_date) and st.button(
            say("settings.end_undo" if pregnancy.ended else "settings.end"),
            key="hw-end",
            width="stretch",
        ):
            store.save_pregnancy(replace(pregnancy, ended=not pregnancy.ended), clock.now())
            st.rerun()


def page() -> None:
    """All settings on one page."""
    store = current_run().store
    st.title(say("settings.title"), anchor=False)
    show_flash()
    where_you_are(store)
    sessions(store, store.profile())
    cues(store, store.profile())
    st.header(say("settings.language_title"), anchor=False)
    language.choose(store)
    pause_or_end(store, store.profile())
    st.header(say("people.settings"), anchor=False)
    st.text(say("people.settings_lead"))
    if st.button(say("people.settings"), key="hw-people", icon=":material/group:", width="stretch"):
        navigation.go("people")
    phone_access.section()
    st.header(say("settings.data_title"), anchor=False)
    st.text(say("settings.data_lead"))
    st.code(str(store.path), language=None)
    if st.button(
        say("settings.data_open"), key="hw-record", icon=":material/save:", width="stretch"
    ):
        navigation.go("record")
    if st.button(
        say("settings.out_report"),
        key="hw-report",
        icon=":material/description:",
        width="stretch",
    ):
        navigation.go("report")
    if st.button(
        say("settings.out_reminders"),
        key="hw-reminders",
        icon=":material/alarm:",
        width="stretch",
    ):
        navigation.go("reminders")


page()
