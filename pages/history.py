"""Every session: add one from memory, edit, delete, undo."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.models import CrampNight, Moment, Session, SessionState
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.guide import guide
from holdwell.i18n.formats import day_text, moment_text
from holdwell.i18n.messages import plain, say
from holdwell.sessions import defaults
from holdwell.sessions.plan import offered_first
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, forms, paging, pregnancy_picker, undo_bar
from holdwell.ui.common.forms import SessionEntry
from holdwell.ui.common.text import held_text, scores_text
from holdwell.ui.runtime import clock, navigation
from holdwell.ui.runtime.flash import flash, show_flash
from holdwell.ui.runtime.run_context import current_run

OPEN_FORM = "hw-form"
FORM_NUMBER = "hw-form-number"
SESSIONS, DELETED = "hw-sessions", "hw-deleted"
ADD = "add"


def usual_seconds(store: Store) -> dict[str, int]:
    """Return how long each stretch is held in the routine for this time of day."""
    known = defaults.offered_routines(store, store.profile())
    usual = offered_first(known, dates.part_of_day(clock.now().local))
    return {item.stretch: item.hold_s for item in usual.stretches}


def moment_now_text(moment: Moment) -> str:
    """Write the local time of a moment, with the year where it is not this year."""
    return moment_text(moment.local, today=clock.now().local.date())


def open_form(name: str) -> NoReturn:
    """Show the form for the session of this id, or for a new one (ADD)."""
    st.session_state[OPEN_FORM] = name
    undo_bar.withdraw("history")
    st.rerun()


def form(store: Store, session: Session | None) -> None:
    """Show the form to add a session, or to edit or delete one."""
    st.title(say("history.edit_title" if session else "history.add_title"), anchor=False)
    answer = store.cramp(dates.last_night(session.started.local)) if session else None
    # A fresh key each time the form is opened: what was typed and cancelled does not come back.
    number = st.session_state.get(FORM_NUMBER, 0)
    cancelled, entry = forms.session_form(
        f"form-{session.id if session else ADD}-{number}",
        guide().stretches,
        {} if session else usual_seconds(store),
        session=session,
        cramp=answer.leg if answer else None,
    )
    if entry is not None:
        save(store, entry, answer, edited=session is not None)
    deleted = session is not None and buttons.wide(
        say("history.delete"), "hw-delete", icon=":material/delete:"
    )
    if deleted and session is not None:
        with store.change(clock.now()) as change:
            store.delete_session(session.id, clock.now())
        said = say("history.deleted", when=moment_now_text(session.started))
        undo_bar.offer("history", said, change.id)
    if cancelled or deleted or entry is not None:
        st.session_state.pop(OPEN_FORM, None)
        st.session_state[FORM_NUMBER] = number + 1
        st.rerun()


def save(store: Store, entry: SessionEntry, answer: CrampNight | None, *, edited: bool) -> None:
    """Save a session and the cramps of the night before; `answer` is what was known of them."""
    now = clock.now()
    # What was saved stays in sight, also where it belongs to another pregnancy.
    pregnancy_picker.show(store, entry.session.local_day)
    with store.change(now) as change:
        store.save_session(entry.session, now)
        # No answer takes back an earlier one, of the same night only.
        if entry.cramp is not None or (answer is not None and answer.night == entry.night):
            store.save_cramp(entry.night, entry.cramp, now)
    if not change.written:
        flash(say("today.saved"))
        return
    when = moment_now_text(entry.session.started)
    undo_bar.offer(
        "history", say("history.edited" if edited else "history.added", when=when), change.id
    )


def card(session: Session) -> None:
    """Show one session in a few lines, with a button to edit it."""
    facts = [held_text(session)]
    if session.state is SessionState.LOGGED:
        facts.append(say("history.logged"))
    if session.state is SessionState.STOPPED:
        facts.append(say("history.stopped"))
    if session.local_day != session.started.local.date():
        day = day_text(session.local_day, today=clock.now().local.date())
        facts.append(say("history.counts_for", day=day))
    when, part = moment_now_text(session.started), say(f"part.{session.part.value}")
    with st.container(
        border=True, key=f"hw-card-{session.id}", horizontal=True, vertical_alignment="center"
    ):
        with st.container(key=f"hw-lines-{session.id}"):
            st.markdown(f"**{plain(when)}** · {part}")
            for line in (" · ".join(f for f in facts if f), scores_text(session), session.note):
                if line:
                    st.text(line)
        if st.button(say("history.edit"), key=f"edit-{session.id}", icon=":material/edit:"):
            open_form(session.id)


def deleted_sessions(store: Store, period: PregnancyPeriod) -> None:
    """Show the deleted sessions, each with a button to bring it back."""
    total = store.deleted_count(period)
    if not total:
        return
    shown = paging.shown(DELETED)
    with st.expander(say("history.deleted_title"), expanded=shown > paging.PAGE):
        st.text(say("history.deleted_lead"))
        for session in store.deleted_sessions(shown, period):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(moment_now_text(session.started))
                if st.button(say("history.restore"), key=f"restore-{session.id}"):
                    store.restore_session(session.id, clock.now())
                    undo_bar.withdraw("history")
                    flash(say("changes.undone"))
                    st.rerun()
        paging.more_button(DELETED, total, say("history.more"))


def page() -> None:
    """Show the form if one is open, else the sessions, newest first."""
    store = current_run().store
    opened = st.session_state.get(OPEN_FORM)
    session = store.session(opened) if opened and opened != ADD else None
    if opened == ADD or session is not None:
        form(store, session)
        return
    st.title(say("history.title"), anchor=False)
    show_flash()
    undo_bar.show("history", store)
    if buttons.wide(say("history.add"), "hw-add", icon=":material/add:"):
        open_form(ADD)
    period = pregnancy_picker.choose(store)
    total = store.session_count(period)
    shown = paging.shown(SESSIONS)
    if not total:
        st.text(say("history.empty" if period.last is None else "chapters.empty"))
    for one in store.sessions(limit=shown, within=period):
        card(one)
    if total > shown:
        st.caption(say("history.shown", shown=shown, total=total))
    paging.more_button(SESSIONS, total, say("history.more"))
    deleted_sessions(store, period)
    if buttons.wide(say("changes.open"), "hw-changes", icon=":material/history:"):
        navigation.go("changes")


page()
