"""What Today logs with one or two taps: a cramp, pain now, a session without the timer.

Each has its own place on the page, which says what was logged and offers to undo it.
"""

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from typing import NoReturn

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.edits import merge_edit
from holdwell.domain.models import CrampLeg, Moment, PainEntry, new_id
from holdwell.guide.load import guide
from holdwell.i18n.formats import length_text, moment_text, sentence_day_text, time_text
from holdwell.i18n.messages import counted, plain, say
from holdwell.sessions import defaults
from holdwell.sessions.editing import InputError, check_note, latest_at, logged_routine
from holdwell.sessions.plan import Plan, plan
from holdwell.store.change_log import ChangeRecorder
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, failure_box, forms, undo_bar
from holdwell.ui.guide import leave_out, steps
from holdwell.ui.runtime import clock
from holdwell.ui.runtime.run_context import current_run
from holdwell.ui.today import kept_cramps

DONE_ID = "hw-done-id"
"""In the session state: the id of the session that the open panel logs; "" while it is closed."""
LOGGED_PAIN = "hw-logged-pain"
"""In the session state: the id of the pain entry that the next tap corrects; "" for none."""
TAPPED_PAIN = "tapped_pain"
"""A key of `meta`: the id of the entry that the last tap on a score made; "" after Done."""
NOTE_CHANGE = "hw-pain-note-change"
"""In the session state: the id and the time of the change that last saved a note."""
CORRECTED_WITHIN = timedelta(minutes=10)
"""For this long a second tap corrects the score; later, it is a new score."""


def show(store: Store) -> None:
    """Show what can be logged with one or two taps, each with an undo bar."""
    # Without a passphrase too, as it may have been removed in another browser meanwhile.
    kept_cramps.take_in(current_run().user, store)
    _cramp_now(store)
    _pain_now(store)
    session_id = st.session_state.get(DONE_ID, "")
    opens = buttons.set_on_tap(DONE_ID, "" if session_id else new_id())
    buttons.wide(say("today.done_open"), "hw-done-open", icon="check", **opens)
    if session_id:
        _done_panel(store, session_id)
    undo_bar.show(undo_bar.DONE, store)


def _offering(place: str, text: str, store: Store) -> AbstractContextManager[ChangeRecorder]:
    """Write inside as one change and offer to undo it; withdraw the offers of other places."""
    for other in undo_bar.PLACES:
        if other != place:
            undo_bar.withdraw(other)
    return undo_bar.offering(place, text, store)


# -- pain now -------------------------------------------------------------------------------------


def _pain_now(store: Store) -> None:
    """Save a score at one tap; then ask where it hurts and for a note, both optional."""
    score = forms.take_tap("hw-pain-score")
    entry = _entry_shown(store, is_tapped=score is not None)
    if score is not None and (entry is None or entry.score != score):
        entry = _save_score(store, entry, score)
    with st.container(key="hw-pain-now"):
        saved = entry.score if entry else None
        forms.display_saved(say("today.pain_now"), forms.SCORES, saved, "hw-pain-score", str)
        st.caption(say("form.pain_ends"))
        if entry is not None and entry.at is not None and not undo_bar.is_offered(undo_bar.PAIN):
            # The undo bar says the time, but not after a reload.
            st.text(say("today.pain_saved", time=time_text(entry.at.local)))
        undo_bar.show(undo_bar.PAIN, store)
        if entry is not None:
            _pain_more(store, entry)


def _entry_shown(store: Store, *, is_tapped: bool) -> PainEntry | None:
    """Return the entry that the form below the scores is about, None for none.

    A score that `is_tapped` now corrects it, unless it is old: then the tap makes a new entry.
    """
    if LOGGED_PAIN not in st.session_state:
        # After a reload. An entry from a form, an import or the command line is not corrected.
        tapped = store.get(PainEntry, store.meta(TAPPED_PAIN) or "")
        st.session_state[LOGGED_PAIN] = tapped.id if tapped and _is_recent(tapped) else ""
    pain_id = st.session_state[LOGGED_PAIN]
    if not pain_id:
        return None
    entry = store.get(PainEntry, pain_id)
    if entry is None:
        # Unless it was deleted, the run of the first of two taps is about to save it.
        is_over = store.is_deleted("pain", pain_id)
    else:
        is_old = is_tapped and not _is_recent(entry)
        is_over = is_old or entry.local_day != store.local_day(clock.now())
    if is_over:
        st.session_state[LOGGED_PAIN] = ""
    return None if is_over else entry


def _is_recent(entry: PainEntry) -> bool:
    """Return whether a tap corrects the score of an entry."""
    return entry.at is not None and abs(clock.now().utc - entry.at.utc) <= CORRECTED_WITHIN


def _pain_more(store: Store, entry: PainEntry) -> None:
    """Ask where it hurts and for a note about the score just logged.

    A note is saved at each pause in the typing. All these saves are one change.
    """
    key = f"hw-pain-note-{entry.id}"
    shown = forms.initial(key, entry)
    # Open after a reload if anything was entered; it does not close when that is removed again.
    was_used = f"{key}-used"
    if shown.places or shown.side or shown.note:
        st.session_state[was_used] = True
    is_open = was_used in st.session_state
    with st.expander(say("today.pain_more"), is_open, key=f"hw-pain-more-{entry.id}"):
        places, side = forms.pain_where(f"hw-pain-{entry.id}", shown.places, shown.side)
        note = forms.note(key, shown.note)
        try:
            check_note(note)
        except InputError as error:
            failure_box.show(plain(str(error)))
            note = shown.note
        edited = replace(shown, places=places, side=side, note=note)
        forms.save_if_changed(key, edited, lambda: _save_more(store, shown, edited))
        if buttons.wide(say("today.pain_close"), "hw-pain-close"):
            st.session_state[LOGGED_PAIN] = ""
            store.set_meta(TAPPED_PAIN, "")
            st.rerun()


def _save_more(store: Store, shown: PainEntry, edited: PainEntry) -> None:
    """Save what was entered about a score. A note typed further continues the last change.

    A note from which something was deleted is a change of its own, so that it can be restored.
    """
    now = clock.now()
    change_id, at = st.session_state.get(NOTE_CHANGE, ("", now))
    is_note = edited == replace(shown, note=edited.note)
    is_typed_on = is_note and edited.note.startswith(shown.note)
    is_soon = now.utc - at.utc <= CORRECTED_WITHIN
    with store.change(now, continues=change_id if is_typed_on and is_soon else "") as change:
        if (known := store.get(PainEntry, edited.id)) is not None:
            store.save(merge_edit(known, shown, edited), now)
    st.session_state[NOTE_CHANGE] = change.id if is_note else "", now


def _save_score(store: Store, entry: PainEntry | None, score: int) -> PainEntry:
    """Save a new entry for this moment, or correct the score of the one just logged."""
    now = clock.now()
    if entry is None:
        # Kept before it is saved: a second tap, whose run may begin meanwhile, corrects this entry.
        pain_id = st.session_state[LOGGED_PAIN] = st.session_state[LOGGED_PAIN] or new_id()
        with _offering(undo_bar.PAIN, say("today.pain_saved", time=time_text(now.local)), store):
            entry = store.get(PainEntry, pain_id)
            if entry is None:
                entry = PainEntry(store.local_day(now), score, at=now, id=pain_id)
                store.save(entry, now)
                store.set_meta(TAPPED_PAIN, pain_id)
    if entry.score != score:
        entry = replace(entry, score=score)
        store.save(entry, now)
    return entry


# -- a session without the timer ------------------------------------------------------------------


def _done_panel(store: Store, session_id: str) -> None:
    """Offer to log the usual routine as done just now or at a given time."""
    now = clock.now()
    routine = defaults.usual_routine(store, now)
    everything = guide().stretches
    # If the guide leaves out all of them for now, the user says that they stretched all the same.
    planned = plan(routine, leave_out.now(store).kept(everything) or everything, 0)
    held = counted("holds", len(planned.holds))
    length = length_text(sum(hold.hold_s for hold in planned.holds))
    with st.container(border=True, key="hw-done-panel"):
        st.text(say("today.done_lead", routine=routine.name, holds=held, length=length))
        if buttons.wide(say("today.done_now"), "hw-done-now", primary=True):
            _log_done(store, session_id, planned, now)
        with st.container(horizontal=True, vertical_alignment="bottom", key="hw-done-at"):
            at = forms.time_input(say("today.done_at"), "hw-done-time")
            if st.button(say("form.save"), key="hw-done-save") and at is not None:
                _log_done(store, session_id, planned, latest_at(at, now, clock.zone()))
        st.caption(say("today.done_history"))


def _log_done(store: Store, session_id: str, planned: Plan, started: Moment) -> NoReturn:
    """Log a routine as done, with the id of the panel, so that a second click logs nothing more."""
    now = clock.now()
    session = logged_routine(planned, started, store.profile().day_ends_at)
    when = moment_text(started.local, today=now.local.date())
    with _offering(undo_bar.DONE, say("history.added", when=when), store):
        if store.session(session_id) is None:
            store.save(replace(session, id=session_id), now)
    st.session_state[DONE_ID] = ""
    st.rerun()


# -- cramps ---------------------------------------------------------------------------------------


def _cramp_now(store: Store) -> None:
    """Say what eases a cramp, and log one of this night with a tap."""
    now = clock.now()
    night = dates.night_of(now.local)
    night_lasts = night != dates.last_night(now.local, store.profile().day_ends_at)
    with st.container(key="hw-cramp"):
        steps.show_cramp_relief(is_open=night_lasts)
        _cramp_night(store, night, undo_bar.CRAMP, night_lasts=night_lasts)


def last_night(store: Store) -> None:
    """Ask for the cramps of last night, unless `_cramp_now` asks for that night already."""
    now = clock.now()
    last = dates.last_night(now.local, store.profile().day_ends_at)
    if dates.night_of(now.local) != last:
        _cramp_night(store, last, undo_bar.LAST_NIGHT, night_lasts=False)


def _cramp_night(store: Store, night: date, place: str, *, night_lasts: bool) -> None:
    """Ask for the cramps of one night. While the night lasts, left and then right make both."""
    key = f"hw-cramp-{night}"
    now = clock.now()
    known = store.cramp(night)
    leg = forms.take_tap(key)
    if leg is not None:
        total = leg.after(known.leg if known and night_lasts else None)
        with _offering(place, kept_cramps.saved_text(night, total), store):
            if night_lasts:
                store.add_cramp(night, leg, now)
            else:
                store.save_cramp(night, leg, now)
        known = store.cramp(night)
    asked = "today.cramp_tonight" if night_lasts else "today.cramp_last"
    # Only in the morning is it known that there was none.
    legs = kept_cramps.LEGS if night_lasts else tuple(CrampLeg)
    question = say(asked, night=sentence_day_text(night, today=night))
    saved = known.leg if known and known.leg in legs else None
    forms.display_saved(question, legs, saved, key, "form.cramp_{}")
    undo_bar.show(place, store)
