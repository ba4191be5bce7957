"""The pauses in tracking on the settings page, each with its first and last day."""

from dataclasses import replace

import streamlit as st

from holdwell.domain.dated import Pause
from holdwell.i18n.formats import day_text
from holdwell.i18n.messages import say
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, failure_box, forms
from holdwell.ui.runtime import clock


def section(store: Store) -> None:
    """Show the first day of a current pause, the past pauses, and a form to add a past one."""
    pauses = store.pauses()
    current = next((pause for pause in pauses if pause.to_day is None), None)
    if current is not None:
        _ask_first_day(store, current)
    with st.expander(say("settings.pauses"), key="hw-pauses"):
        st.text(say("settings.pauses_lead"))
        for pause in reversed(pauses):
            if pause.to_day is not None:
                _show_past_pause(store, pause)
        _ask_past_pause(store)


def _ask_first_day(store: Store, pause: Pause) -> None:
    """Ask for the first day of the current pause, as users often turn tracking off days later."""
    today = store.local_day(clock.now())
    key = "hw-paused-since"
    shown = forms.initial(key, pause.from_day)
    given = forms.day_input(say("settings.paused_since"), key, shown)
    if given is None or given == shown:
        return
    if given > today or any(p.has(given) for p in store.pauses() if p.id != pause.id):
        failure_box.show(say("settings.pause_days"))
    else:
        changed = replace(pause, from_day=given)
        forms.save_if_changed(key, given, lambda: store.save_pause(changed, clock.now()))
        st.caption(say("settings.saved"))


def _show_past_pause(store: Store, pause: Pause) -> None:
    days = [day_text(day, today=clock.today()) for day in (pause.from_day, pause.to_day) if day]
    text = say("settings.pause_line", first=days[0], last=days[-1])
    if buttons.beside(text, say("settings.pause_remove"), f"pause-{pause.id}"):
        store.delete("pause", pause.id, clock.now())
        st.rerun()


def _ask_past_pause(store: Store) -> None:
    with st.form("hw-past-pause", border=False):
        first, last = forms.ask_days("hw-pause")
        added = buttons.submit(say("settings.pause_add"), "hw-pause-add")
    if not added:
        return
    today = store.local_day(clock.now())
    # The second click of a double click finds this pause already saved: the store adds no other.
    others = [p for p in store.pauses() if (p.from_day, p.to_day) != (first, last)]
    if (
        first is None
        or last is None
        or not first <= last < today
        or any(p.from_day <= last and first <= (p.to_day or today) for p in others)
    ):
        failure_box.show(say("settings.pause_days"))
        return
    store.save_pause(Pause(first, last), clock.now())
    st.rerun()
