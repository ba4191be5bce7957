"""Pauses in tracking, with the days from which and to which they held."""

from dataclasses import replace

import streamlit as st

from holdwell.domain.models import Pause
from holdwell.i18n.formats import day_text
from holdwell.i18n.messages import say
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, failure_box, forms
from holdwell.ui.runtime import clock


def section(store: Store) -> None:
    """Show since when tracking is paused, the pauses that are over, and a form to add one."""
    pauses = store.pauses()
    under_way = next((pause for pause in pauses if pause.to_day is None), None)
    if under_way is not None:
        _begun(store, under_way)
    with st.expander(say("settings.pauses"), key="hw-pauses"):
        st.text(say("settings.pauses_lead"))
        for pause in reversed(pauses):
            if pause.to_day is not None:
                _line(store, pause)
        _past_pause(store)


def _begun(store: Store, pause: Pause) -> None:
    """Ask since when tracking is paused: often it is paused some days later."""
    today = store.local_day(clock.now())
    key = "hw-paused-since"
    shown = forms.begun(key, pause.from_day)
    begun = forms.day_input(say("settings.paused_since"), key, shown)
    if begun is None or begun == shown:
        return
    if begun > today or any(p.has(begun) for p in store.pauses() if p.id != pause.id):
        failure_box.show(say("settings.pause_days"))
    else:
        since = replace(pause, from_day=begun)
        forms.keep(key, begun, lambda _: store.save_pause(since, clock.now()))
        st.caption(say("settings.saved"))


def _line(store: Store, pause: Pause) -> None:
    today = clock.now().local.date()
    days = [day_text(day, today=today) for day in (pause.from_day, pause.to_day) if day]
    text = say("settings.pause_line", first=days[0], last=days[-1])
    if buttons.beside(text, say("settings.pause_remove"), f"pause-{pause.id}"):
        store.delete("pause", pause.id, clock.now())
        st.rerun()


def _past_pause(store: Store) -> None:
    """Ask for the first and last day of a past pause, to add it."""
    with st.form("hw-past-pause", border=False):
        first, last = forms.ask_days("hw-pause")
        added = buttons.submit(say("settings.pause_add"), "hw-pause-add")
    if not added:
        return
    today = store.local_day(clock.now())
    # The second of two clicks finds the same pause already there, which is then not doubled.
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
