"""Every session: add one from memory, edit, delete, undo."""

from __future__ import annotations

import streamlit as st

from holdwell import guide as content
from holdwell.domain import dates
from holdwell.domain.models import Session, SessionState
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.i18n.formats import day_text, moment_text
from holdwell.i18n.messages import plain, say
from holdwell.sessions import defaults
from holdwell.sessions.plan import offered_first
from holdwell.store.repository import Store
from holdwell.ui.common import forms, pregnancy_picker, undo_bar
from holdwell.ui.common.text import held_text, scores_text
from holdwell.ui.runtime import clock, navigation
from holdwell.ui.runtime.flash import flash, show_flash
from holdwell.ui.runtime.run_context import current_run

PAGE = 15
OPEN_FORM = "hw-form"
ADD = "add"


def usual_seconds(store: Store) -> dict[str, int]:
    """How long each stretch is held in the routine for this time of day."""
    known = defaults.offered_routines(store, store.profile())
    usual = offered_first(known, dates.part_of_day(clock.now().local))
    return {item.stretch: item.hold_s for item in usual.stretches}


def form(store: Store, session: Session | None) -> None:
    """Add a session, or edit one."""
    st.title(say("history.edit_title" if session else "history.add_title"), anchor=False)
    wall = session.started.local if session else clock.now().local
    answer = store.cramp(dates.last_night(wall)) if session else None
    # A fresh key each time the form is opened: what was typed and cancelled does not come back.
    key = f"form-{session.id if session else ADD}-{st.session_state.get('hw-form-number', 0)}"
    cancelled, entry = forms.session_form(
        key,
        content.guide().stretches,
        {} if session else usual_seconds(store),
        session=session,
        cramp=answer.leg if answer else None,
    )
    if entry is not None:
        now = clock.now()
        # What she saves stays in sight, also where it belongs to another pregnancy.
        pregnancy_picker.show(store, entry.session.local_day)
        with store.step(now) as step:
            store.save_session(entry.session, now)
            # No answer takes back an earlier one, of the same night only.
            if entry.cramp is not None or (answer is not None and answer.night == entry.night):
                store.save_cramp(entry.night, entry.cramp, now)
        when = moment_text(entry.session.started.local, today=now.local.date())
        said = say("history.edited" if session else "history.added", when=when)
        if step.written:
            undo_bar.offer("history", said, step.id)
        else:
            flash(say("today.saved"))
    removed = session is not None and st.button(
        say("history.delete"), key="hw-delete", icon=":material/delete:", width="stretch"
    )
    if removed and session is not None:
        with store.step(clock.now()) as step:
            store.delete_session(session.id, clock.now())
        when = moment_text(wall, today=clock.now().local.date())
        undo_bar.offer("history", say("history.deleted", when=when), step.id)
    if cancelled or removed or entry is not None:
        st.session_state.pop(OPEN_FORM, None)
        st.session_state["hw-form-number"] = st.session_state.get("hw-form-number", 0) + 1
        st.rerun()


def card(session: Session) -> None:
    """One session in a few lines."""
    today = clock.now().local.date()
    wall = session.started.local
    facts = [held_text(session)]
    if session.state is SessionState.LOGGED:
        facts.append(say("history.logged"))
    if session.state is SessionState.STOPPED:
        facts.append(say("history.stopped"))
    if session.local_day != wall.date():
        facts.append(say("history.counts_for", day=day_text(session.local_day, today=today)))
    title = f"**{plain(moment_text(wall, today=today))}** · {say(f'part.{session.part.value}')}"
    with st.container(
        border=True, key=f"hw-card-{session.id}", horizontal=True, vertical_alignment="center"
    ):
        with st.container(key=f"hw-lines-{session.id}"):
            st.markdown(title)
            for line in (" · ".join(f for f in facts if f), scores_text(session), session.note):
                if line:
                    st.text(line)
        if st.button(say("history.edit"), key=f"edit-{session.id}", icon=":material/edit:"):
            st.session_state[OPEN_FORM] = session.id
            undo_bar.withdraw("history")
            st.rerun()


def deleted(store: Store, within: PregnancyPeriod) -> None:
    """What was deleted, to bring back."""
    total = store.deleted_count(within)
    if not total:
        return
    shown = st.session_state.get("hw-deleted-shown", PAGE)
    with st.expander(say("history.deleted_title"), expanded=shown > PAGE):
        st.text(say("history.deleted_lead"))
        gone = store.deleted_sessions(shown, within)
        for session in gone:
            when = moment_text(session.started.local, today=clock.now().local.date())
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(when)
                if st.button(say("history.restore"), key=f"restore-{session.id}"):
                    store.restore_session(session.id, clock.now())
                    undo_bar.withdraw("history")
                    flash(say("changes.undone"))
                    st.rerun()
        if total > shown and st.button(say("history.more"), key="hw-deleted-more", width="stretch"):
            st.session_state["hw-deleted-shown"] = shown + PAGE
            st.rerun()


def page() -> None:
    """The form if one is open, else the list."""
    store = current_run().store
    wanted = st.session_state.get(OPEN_FORM)
    session = store.session(wanted) if wanted and wanted != ADD else None
    if wanted == ADD or session is not None:
        form(store, session)
        return
    st.title(say("history.title"), anchor=False)
    show_flash()
    undo_bar.show("history", store)
    if st.button(say("history.add"), key="hw-add", icon=":material/add:", width="stretch"):
        st.session_state[OPEN_FORM] = ADD
        undo_bar.withdraw("history")
        st.rerun()
    within = pregnancy_picker.choose(store)
    total = store.session_count(within)
    shown = st.session_state.get("hw-shown", PAGE)
    if not total:
        st.text(say("history.empty" if within.last is None else "chapters.empty"))
    for one in store.sessions(limit=shown, within=within):
        card(one)
    if total > shown:
        st.caption(say("history.shown", shown=shown, total=total))
        if st.button(say("history.more"), key="hw-more", width="stretch"):
            st.session_state["hw-shown"] = shown + PAGE
            st.rerun()
    deleted(store, within)
    if st.button(say("changes.open"), key="hw-changes", icon=":material/history:", width="stretch"):
        navigation.go("changes")


page()
