"""What Today logs with one or two taps: pain now, a cramp, a session without the timer.

Each has its own place on the page, which says what was logged and offers to take it back.
"""

from dataclasses import replace
from datetime import date, time
from typing import NoReturn

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.models import CrampLeg, Moment, PainEntry
from holdwell.guide import guide
from holdwell.i18n.formats import length_text, moment_text, sentence_day_text, time_text
from holdwell.i18n.messages import counted, say
from holdwell.sessions import defaults
from holdwell.sessions.editing import latest_at, logged_routine
from holdwell.sessions.plan import Plan, offered_first, plan
from holdwell.sessions.validation import note_problem
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, failure_box, forms, undo_bar
from holdwell.ui.runtime import clock
from holdwell.ui.runtime.flash import show_flash

OPEN = "hw-open-note"
"""In the session state: which panel is open, PAIN or DONE."""
PAIN, DONE, CRAMP = "pain", "done", "cramp"
LOGGED_PAIN = "hw-logged-pain"
"""In the session state: the id of the pain entry that was just logged, while its panel is open."""


def show(store: Store) -> None:
    """Show the one-tap notes, each with what it has just logged."""
    opened = st.session_state.get(OPEN)
    with st.container(key="hw-notes", horizontal=True):
        if buttons.wide(say("today.pain_now"), "hw-pain-open", icon=":material/edit_note:"):
            _open(None if opened == PAIN else PAIN)
        if buttons.wide(say("today.done_open"), "hw-done-open", icon=":material/check:"):
            _open(None if opened == DONE else DONE)
    if opened == PAIN:
        _pain_panel(store)
    elif opened == DONE:
        _done_panel(store)
    for place in (PAIN, DONE):
        show_flash(place)
        if opened != place:
            undo_bar.show(place, store)
    _cramps(store)


def _open(panel: str | None) -> NoReturn:
    st.session_state[OPEN] = panel
    st.session_state.pop(LOGGED_PAIN, None)
    st.rerun()


def _offer_undo(place: str, text: str, change_id: str) -> None:
    """Offer to undo what was just logged, and nothing that was logged before it."""
    for other in (PAIN, DONE, CRAMP):
        undo_bar.withdraw(other)
    undo_bar.offer(place, text, change_id)


# -- pain now -------------------------------------------------------------------------------------


def _pain_panel(store: Store) -> None:
    """Ask for a score, which one tap saves; then, if the user likes, where it hurts and a note."""
    logged = st.session_state.get(LOGGED_PAIN)
    entry = store.pain(logged) if logged else None
    if logged and entry is None:
        # It was taken back.
        _open(None)
    score = forms.tapped("hw-pain-score")
    if score is not None and score != (entry.score if entry else None):
        entry = _save_score(store, entry, score)
    with st.container(border=True, key="hw-pain-now"):
        forms.pain_now("hw-pain-score", entry.score if entry else None)
        if entry is None:
            return
        undo_bar.show(PAIN, store)
        with st.expander(say("today.pain_more"), key=f"hw-pain-more-{entry.id}"):
            places, side = forms.pain_where(f"hw-pain-{entry.id}", entry.places, entry.side)
            note = forms.note(f"hw-pain-note-{entry.id}", entry.note)
        problem = note_problem(note)
        if problem:
            failure_box.show(problem)
        told = replace(entry, places=places, side=side, note=entry.note if problem else note)
        if told != entry:
            store.save_pain(told, clock.now())
        if buttons.wide(say("today.pain_close"), "hw-pain-close"):
            _open(None)


def _save_score(store: Store, entry: PainEntry | None, score: int) -> PainEntry:
    """Save a new entry of this moment, or another score of the one just logged."""
    now = clock.now()
    if entry is not None:
        saved = replace(entry, score=score)
        store.save_pain(saved, now)
        return saved
    saved = PainEntry(store.local_day(now), score, at=now)
    with store.change(now) as change:
        store.save_pain(saved, now)
    st.session_state[LOGGED_PAIN] = saved.id
    _offer_undo(PAIN, say("today.pain_saved", time=time_text(now.local)), change.id)
    return saved


# -- a session without the timer ------------------------------------------------------------------


def _done_panel(store: Store) -> None:
    """Log the usual routine as done, now or at a time."""
    now, profile = clock.now(), store.profile()
    routine = offered_first(
        defaults.offered_routines(store, profile),
        dates.part_of_day(now.local, profile.day_ends_at),
    )
    planned = plan(routine, guide().stretches, 0)
    held = counted("holds", len(planned.holds))
    length = length_text(sum(hold.hold_s for hold in planned.holds))
    with st.container(border=True, key="hw-done-panel"):
        st.text(say("today.done_lead", routine=routine.name, holds=held, length=length))
        if buttons.wide(say("today.done_now"), "hw-done-now", primary=True):
            _log_done(store, planned, now)
        with st.container(horizontal=True, vertical_alignment="bottom", key="hw-done-at"):
            at = forms.time_input(say("today.done_at"), "hw-done-time")
            if st.button(say("form.save"), key="hw-done-save") and isinstance(at, time):
                _log_done(store, planned, latest_at(at, now, clock.zone()))
        st.caption(say("today.done_history"))


def _log_done(store: Store, planned: Plan, started: Moment) -> NoReturn:
    now = clock.now()
    session = logged_routine(planned, started, store.profile().day_ends_at)
    with store.change(now) as change:
        store.save_session(session, now)
    when = moment_text(started.local, today=now.local.date())
    _offer_undo(DONE, say("history.added", when=when), change.id)
    _open(None)


# -- cramps ---------------------------------------------------------------------------------------


def _cramps(store: Store) -> None:
    """Show tonight's cramps and last night's, each with one tap to note or correct it."""
    now = clock.now()
    tonight = dates.night_of(now.local)
    last = dates.last_night(now.local, store.profile().day_ends_at)
    with st.container(border=True, key="hw-cramp"):
        _cramp_night(store, tonight, goes_on=tonight != last)
        if tonight != last:
            _cramp_night(store, last, goes_on=False)
        show_flash(CRAMP)
        undo_bar.show(CRAMP, store)
        st.caption(say("today.cramp_lead"))


def _cramp_night(store: Store, night: date, *, goes_on: bool) -> None:
    """Ask for the cramps of one night. While it goes on, left and then right make both."""
    key = f"hw-cramp-{night}"
    now, known = clock.now(), store.cramp(night)
    leg = forms.tapped(key)
    if leg is not None:
        with store.change(now) as change:
            if goes_on and leg in (CrampLeg.LEFT, CrampLeg.RIGHT):
                known = store.add_cramp(night, leg, now)
            else:
                store.save_cramp(night, leg, now)
                known = store.cramp(night)
        if change.written and known is not None:
            said = say(f"today.cramp_leg_{known.leg.value}")
            day = sentence_day_text(night, today=now.local.date())
            _offer_undo(CRAMP, say("today.cramp_saved", leg=said, night=day), change.id)
    asked = "today.cramp_tonight" if goes_on else "today.cramp_last"
    forms.saved_choice(
        say(asked, night=sentence_day_text(night, today=night)),
        list(CrampLeg),
        known.leg if known else None,
        key,
        lambda one: say(f"form.cramp_{one.value}"),
    )
