"""What was logged: sessions, pain scores and cramp nights. Add, edit, delete, undo."""

from datetime import date
from typing import NoReturn

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.models import CrampNight, Moment, PainEntry, Session, SessionState
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.guide import guide
from holdwell.i18n.formats import day_text, moment_text, sentence_day_text
from holdwell.i18n.messages import plain, say
from holdwell.sessions import defaults
from holdwell.sessions.plan import offered_first
from holdwell.store.repository import Store
from holdwell.ui.common import (
    buttons,
    entry_forms,
    left_out,
    paging,
    pregnancy_picker,
    undo_bar,
)
from holdwell.ui.common.text import held_text, pain_text, scores_text, where_texts
from holdwell.ui.runtime import clock, navigation
from holdwell.ui.runtime.flash import flash, show_flash
from holdwell.ui.runtime.run_context import current_run

Entry = Session | PainEntry | CrampNight

OPEN_FORM = "hw-form"
"""In the session state: the kind of the form that is open, and the id of its entry, or ADD."""
FORM_NUMBER = "hw-form-number"
ENTRIES, DELETED = "hw-sessions", "hw-deleted"
SESSION, PAIN, CRAMP = "session", "pain", "cramp"
ADD = "add"


def usual_seconds(store: Store) -> dict[str, int]:
    """Return how long each stretch is held in the routine for this time of day."""
    profile = store.profile()
    known = defaults.offered_routines(store, profile)
    part = dates.part_of_day(clock.now().local, profile.day_ends_at)
    return {item.stretch: item.hold_s for item in offered_first(known, part).stretches}


def when_text(entry: Entry) -> str:
    """Say when something was, with the year where it is not this year; no time unless known."""
    today = clock.now().local.date()
    if isinstance(entry, CrampNight):
        return sentence_day_text(entry.night, today=today)
    moment = entry.at if isinstance(entry, PainEntry) else entry.started
    is_timed = isinstance(entry, PainEntry) or entry.time_known
    if moment is None or not is_timed:
        return day_text(entry.local_day, today=today)
    return moment_text(moment.local, today=today)


def open_form(kind: str, entry_id: str) -> NoReturn:
    """Show the form for the entry of this id, or for a new one (ADD)."""
    st.session_state[OPEN_FORM] = (kind, entry_id)
    undo_bar.withdraw("history")
    st.rerun()


def find(store: Store, kind: str, entry_id: str) -> Entry | None:
    """Return an entry by its kind and id; a cramp night has its day for an id."""
    if entry_id == ADD:
        return None
    if kind == SESSION:
        return store.session(entry_id)
    return store.pain(entry_id) if kind == PAIN else store.cramp(date.fromisoformat(entry_id))


def form(store: Store, kind: str, entry: Entry | None) -> None:
    """Show the form to add an entry, or to edit or delete one."""
    # A fresh key each time the form is opened: what was typed and cancelled does not come back.
    number = st.session_state.get(FORM_NUMBER, 0)
    told: Entry | None
    if kind == SESSION:
        known = entry if isinstance(entry, Session) else None
        st.title(say("history.edit_title" if known else "history.add_title"), anchor=False)
        key = f"form-{known.id if known else ADD}-{number}"
        usual = {} if known else usual_seconds(store)
        cancelled, told = entry_forms.session_form(key, store, guide().stretches, usual, known)
    elif kind == PAIN:
        st.title(say("history.pain_title"), anchor=False)
        score = entry if isinstance(entry, PainEntry) else None
        cancelled, told = entry_forms.pain_form(f"form-pain-{number}", store, score)
    else:
        st.title(say("history.cramp_title"), anchor=False)
        night = entry if isinstance(entry, CrampNight) else None
        cancelled, told = entry_forms.cramp_form(f"form-cramp-{number}", store, night)
    if told is not None:
        save(store, told, edited=entry is not None)
    is_deleted = entry is not None and buttons.wide(
        say("history.delete"), "hw-delete", icon=":material/delete:"
    )
    if is_deleted and entry is not None:
        delete(store, entry)
    if cancelled or is_deleted or told is not None:
        st.session_state.pop(OPEN_FORM, None)
        st.session_state[FORM_NUMBER] = number + 1
        st.rerun()


def save(store: Store, told: Entry, *, edited: bool) -> None:
    """Save an entry by itself: no other is touched."""
    now = clock.now()
    # What was saved stays in sight, also where it belongs to another pregnancy.
    pregnancy_picker.show(store, told.night if isinstance(told, CrampNight) else told.local_day)
    with store.change(now) as change:
        if isinstance(told, Session):
            store.save_session(told, now)
        elif isinstance(told, PainEntry):
            store.save_pain(told, now)
        else:
            store.save_cramp(told.night, told.leg, now)
    if not change.written:
        flash(say("today.saved"))
        return
    said = say("history.edited" if edited else "history.added", when=when_text(told))
    undo_bar.offer("history", said, change.id)


def delete(store: Store, entry: Entry) -> None:
    """Delete an entry, and offer to undo that."""
    now = clock.now()
    with store.change(now) as change:
        if isinstance(entry, Session):
            store.delete_session(entry.id, now)
            said = say("history.deleted", when=when_text(entry))
        elif isinstance(entry, PainEntry):
            store.delete_pain(entry.id, now)
            said = say("history.deleted_pain", when=when_text(entry))
        else:
            store.save_cramp(entry.night, None, now)
            said = say("history.deleted_cramp", when=when_text(entry))
    undo_bar.offer("history", said, change.id)


def card(entry: Entry) -> None:
    """Show one entry as what it is, in a few lines, with a button to edit it."""
    if isinstance(entry, Session):
        kind, entry_id = SESSION, entry.id
        title = f"**{plain(when_text(entry))}** · {say(f'part.{entry.part.value}')}"
        lines = session_lines(entry)
    elif isinstance(entry, PainEntry):
        kind, entry_id = PAIN, entry.id
        title = f"**{plain(when_text(entry))}** · {say('history.add_pain')}"
        lines = [pain_text(entry, timed=False), entry.note]
    else:
        kind, entry_id = CRAMP, entry.night.isoformat()
        title = f"**{plain(say('history.night', night=when_text(entry)))}**"
        lines = [say("history.cramps", leg=say(f"today.cramp_leg_{entry.leg.value}"))]
    with st.container(
        border=True, key=f"hw-card-{entry_id}", horizontal=True, vertical_alignment="center"
    ):
        with st.container(key=f"hw-lines-{entry_id}"):
            st.markdown(title)
            for line in filter(None, lines):
                st.text(line)
        if st.button(say("history.edit"), key=f"edit-{entry_id}", icon=":material/edit:"):
            open_form(kind, entry_id)


def session_lines(session: Session) -> list[str]:
    """Return what is known of a session beside its time, line by line."""
    facts = [held_text(session)]
    if session.state is SessionState.LOGGED:
        facts.append(say("history.logged"))
    if session.state is SessionState.STOPPED:
        facts.append(say("history.stopped"))
    if not session.counts:
        facts.append(say("history.not_counted"))
    if session.local_day != session.started.local.date():
        day = day_text(session.local_day, today=clock.now().local.date())
        facts.append(say("history.counts_for", day=day))
    scores = [scores_text(session), *where_texts(session.pain_places, session.pain_side)]
    return [" · ".join(filter(None, facts)), ", ".join(filter(None, scores)), session.note]


def newest_first(entry: Entry) -> tuple[date, int, str]:
    """Return what entries are sorted by: a night, and what has no time, come last in their day."""
    if isinstance(entry, CrampNight):
        return entry.night, 2, ""
    moment: Moment | None = entry.at if isinstance(entry, PainEntry) else entry.started
    is_timed = isinstance(entry, PainEntry) or entry.time_known
    return entry.local_day, 0 if moment and is_timed else 1, moment.iso if moment else ""


def entries(store: Store, limit: int, period: PregnancyPeriod) -> list[Entry]:
    """Return the newest entries of a period, at most `limit`, of all kinds."""
    found: list[Entry] = [
        *store.sessions(limit=limit, within=period),
        *store.pains(limit=limit, within=period),
        *store.cramps(limit=limit, within=period),
    ]
    return sorted(found, key=newest_first, reverse=True)[:limit]


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
                st.text(when_text(session))
                if st.button(say("history.restore"), key=f"restore-{session.id}"):
                    store.restore_session(session.id, clock.now())
                    undo_bar.withdraw("history")
                    flash(say("changes.undone"))
                    st.rerun()
        paging.more_button(DELETED, total, say("history.more"))


def add_buttons() -> None:
    """Show a button for each kind of entry that can be added."""
    st.text(say("history.add_lead"))
    with st.container(key="hw-notes", horizontal=True):
        if buttons.wide(say("history.add_session"), "hw-add", icon=":material/add:"):
            open_form(SESSION, ADD)
        if buttons.wide(say("history.add_pain"), "hw-add-pain", icon=":material/add:"):
            open_form(PAIN, ADD)
        if buttons.wide(say("history.add_cramp"), "hw-add-cramp", icon=":material/add:"):
            open_form(CRAMP, ADD)


def page() -> None:
    """Show the form if one is open, else what was logged, newest first."""
    store = current_run().store
    kind, entry_id = st.session_state.get(OPEN_FORM, ("", ""))
    entry = find(store, kind, entry_id) if kind else None
    if kind and (entry_id == ADD or entry is not None):
        form(store, kind, entry)
        return
    st.title(say("history.title"), anchor=False)
    show_flash()
    undo_bar.show("history", store)
    add_buttons()
    period = pregnancy_picker.choose(store)
    total = store.entry_count(period)
    shown = paging.shown(ENTRIES)
    if not total:
        st.text(say("history.empty" if period.last is None else "chapters.empty"))
    for one in entries(store, shown, period):
        card(one)
    if total > shown:
        st.caption(say("history.shown", shown=shown, total=total))
    paging.more_button(ENTRIES, total, say("history.more"))
    deleted_sessions(store, period)
    left_out.section(store, period)
    if buttons.wide(say("changes.open"), "hw-changes", icon=":material/history:"):
        navigation.go("changes")


page()
