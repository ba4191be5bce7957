"""What was logged, sessions, pain scores and cramp nights: find, add, edit, delete and undo."""

from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from holdwell.domain.edits import merge_edit
from holdwell.domain.models import CrampNight, Session, SessionState, new_id
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.i18n.formats import full_day_text, sentence_day_text
from holdwell.i18n.messages import say
from holdwell.store import history
from holdwell.store.history import Entry, EntryKind, Filter
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, paging, pregnancy_picker, undo_bar
from holdwell.ui.history import address, entries, entry_forms, finder, left_out_days
from holdwell.ui.history.address import NEW_NIGHT, FormAddress, HistoryView
from holdwell.ui.history.entries import when_text
from holdwell.ui.runtime import clock
from holdwell.ui.runtime.flash import flash
from holdwell.ui.runtime.run_context import current_run

FORM_NUMBER, FORM_SHOWN = "hw-form-number", "hw-form-shown"
FORMS: dict[EntryKind, tuple[str, str, entry_forms.Form]] = {
    EntryKind.SESSION: ("hw-add", "history.add_title", entry_forms.session_form),
    EntryKind.PAIN: ("hw-add-pain", "history.pain_title", entry_forms.pain_form),
    EntryKind.CRAMP: ("hw-add-cramp", "history.cramp_title", entry_forms.cramp_form),
}
"""By kind of entry: the key of the button to add one, the title of the form, and the form."""
ENTRIES, DELETED = "hw-sessions", "hw-deleted"


def has_form(store: Store, form: FormAddress, entry: Entry | None) -> bool:
    """Return whether a form can be shown, for the known `entry` or, without one, for a new entry.

    A deleted entry and a session that still runs have no form.
    """
    if entry is not None:
        return not (isinstance(entry, Session) and entry.state is SessionState.OPEN)
    if form.kind is EntryKind.CRAMP:
        return form.entry_id == NEW_NIGHT
    return not store.is_deleted(form.kind, form.entry_id)


def show_form(store: Store, opened: FormAddress, entry: Entry | None, day: date | None) -> None:
    """Show the form to add an entry, for a `day` if one is given, or to edit or delete one."""
    # A new key each time the form opens, so that input that was cancelled does not come back. It is
    # the same for a new and a known entry: at a second click on Save, a new entry is known.
    number = st.session_state.get(FORM_NUMBER, 0)
    st.session_state[FORM_SHOWN] = opened
    key = f"form-{opened.kind}-{number}"
    begun = f"{key}-begun"
    # The entry as the form began with it: another window may have deleted it since.
    entry = st.session_state.setdefault(begun, entry) if entry else st.session_state.get(begun)
    _, title, form = FORMS[opened.kind]
    st.title(say("history.edit_title" if isinstance(entry, Session) else title), anchor=False)
    result = entry_forms.ask(form, key, store, entry, day)
    is_done, place = result.is_done, {}
    if (filled := result.value) is not None:
        # With the id of the form, so that saving twice makes one entry.
        is_night = isinstance(filled, CrampNight)
        save(store, filled if is_night else replace(filled, id=opened.entry_id), entry)
        place = place_of(filled)
    if entry is not None and buttons.wide(say("history.delete"), "hw-delete", icon="delete"):
        delete(store, entry)
        is_done = True
    if is_done:
        address.change(form=None, **place)
        st.rerun()


def place_of(entry: Entry) -> dict[str, date | None]:
    """Return the month and day to show, so that the saved entry is in sight."""
    view = address.read()
    day = history.day_of(entry)
    month = day.replace(day=1)
    if view.day is not None:
        return {"day": day, "month": month}
    shown = view.month or clock.today().replace(day=1)
    return {} if month == shown else {"month": month}


def save(store: Store, entry: Entry, shown: Entry | None) -> None:
    """Save a new entry; of an edited one, save only what differs from the entry `shown`."""
    now = clock.now()
    # Keep the saved entry in sight, even if it belongs to another pregnancy.
    pregnancy_picker.switch_to(store, history.day_of(entry))
    is_gone = _is_deleted(store, entry)
    done = "history.brought_back" if is_gone else "history.edited" if shown else "history.added"
    text = say(done, when=when_text(entry, in_sentence=True))
    with undo_bar.offering("history", text, store) as change:
        if isinstance(entry, CrampNight):
            store.save_cramp(entry.night, entry.leg, now)
        else:
            if is_gone:
                store.restore(history.kind_of(entry), entry.id, now)
            # A known entry that was not edited here was saved by the first of two clicks.
            if (known := store.get(type(entry), entry.id)) is None or shown or is_gone:
                merged: Any = merge_edit(known, shown, entry) if known and shown else entry
                store.save(merged, now)
    if not change.written and not undo_bar.is_offered("history"):
        flash(say("today.saved"))


def _is_deleted(store: Store, entry: Entry) -> bool:
    return not isinstance(entry, CrampNight) and store.is_deleted(history.kind_of(entry), entry.id)


def delete(store: Store, entry: Entry) -> None:
    """Delete an entry, and offer to undo that."""
    now = clock.now()
    text = say(f"history.deleted_{history.kind_of(entry)}", when=when_text(entry, in_sentence=True))
    with undo_bar.offering("history", text, store):
        if isinstance(entry, CrampNight):
            store.save_cramp(entry.night, None, now)
        elif not _is_deleted(store, entry):
            store.delete(history.kind_of(entry), entry.id, now)


def deleted_sessions(store: Store, period: PregnancyPeriod) -> None:
    """Show the deleted sessions, each with a button to bring it back."""
    total = store.session_count(period, deleted=True)
    if not total:
        return
    shown = paging.shown(DELETED)
    with st.expander(say("history.deleted_title"), expanded=shown > paging.PAGE):
        st.text(say("history.deleted_lead"))
        for session in store.deleted_sessions(shown, period):
            if buttons.beside(when_text(session), say("history.restore"), f"restore-{session.id}"):
                store.restore("session", session.id, clock.now())
                undo_bar.withdraw("history")
                flash(say("changes.undone"))
                st.rerun()
        paging.more_button(DELETED, total, say("history.more"))


def add_buttons(day: date | None) -> None:
    """Show a button to add each kind of entry, for the `day` if one is chosen."""
    if day is None:
        st.text(say("history.add_lead"))
    else:
        st.text(say("history.add_to", day=sentence_day_text(day, today=clock.today())))
    with st.container(key="hw-notes", horizontal=True):
        for kind, (key, _, _) in FORMS.items():
            if buttons.wide(say(f"history.add_{kind.value}"), key, icon="add"):
                entry_id = NEW_NIGHT if kind is EntryKind.CRAMP else new_id()
                entries.open_form(FormAddress(kind, entry_id))


def show_list(store: Store, view: HistoryView) -> None:
    """Show what was logged, newest first, with the filters above it."""
    st.title(say("history.title"), anchor=False)
    undo_bar.show("history", store)
    period = pregnancy_picker.choose(store)
    if view.day is not None and not period.has(view.day):
        # The day was chosen while another pregnancy was shown.
        view = replace(view, day=None)
    query = finder.query(store, period, view)
    if view.day is not None and not query.words:
        st.header(full_day_text(view.day), anchor=False)
    add_buttons(view.day)
    shown = paging.shown(ENTRIES, of=str(query))
    newest = history.entries(store, query, shown + 1)
    if not newest:
        is_narrow = view.day or query.words or view.shown is not Filter.ALL
        empty = "history.empty" if period.last is None else "pregnancies.empty"
        st.text(say("history.none_found" if is_narrow else empty))
    entries.show_list(newest[:shown], by_month=view.day is None)
    paging.more_button(ENTRIES, len(newest), say("history.more"), of=str(query))
    deleted_sessions(store, period)
    left_out_days.section(store, period)
    buttons.to_page("changes", say("changes.open"), icon="history")


def page() -> None:
    """Show the form that the address names if it can be shown, else the list of entries."""
    store = current_run().store
    view = address.read()
    if view.form is not None:
        is_new_night = view.form.entry_id == NEW_NIGHT
        entry = None if is_new_night else history.find(store, view.form.kind, view.form.entry_id)
        # A form that is open stays, so that input is not lost if another window deletes the entry.
        if has_form(store, view.form, entry) or st.session_state.get(FORM_SHOWN) == view.form:
            show_form(store, view.form, entry, view.day)
            return
        address.change(form=None)
    if st.session_state.pop(FORM_SHOWN, False):
        st.session_state[FORM_NUMBER] = st.session_state.get(FORM_NUMBER, 0) + 1
    show_list(store, view)


page()
