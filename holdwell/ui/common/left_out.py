"""Days left out of the trend of pain: after a fall, or of illness."""

from datetime import timedelta

import streamlit as st

from holdwell.domain.models import LeftOutDay, LeftOutReason
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.i18n.formats import day_text, sentence_day_text
from holdwell.i18n.messages import counted, say
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, failure_box, forms, undo_bar
from holdwell.ui.runtime import clock

MOST = 60
"""Days that are left out with one tap at most: more are taken for a typing error."""


def section(store: Store, period: PregnancyPeriod) -> None:
    """Show which days of a period are left out, and a form to leave out more."""
    known = [one for one in store.left_out_days() if period.has(one.day)]
    with st.expander(say("history.left_out_title"), key="hw-left-out"):
        st.text(say("history.left_out_lead"))
        for one in reversed(known):
            _line(store, one)
        with st.form("left-out", border=False):
            first, last = forms.ask_days("left-out")
            why = say("history.left_out_why")
            reason = forms.answer(why, LeftOutReason, None, "left-out-why", "pain.reason_{}")
            added = buttons.submit(say("history.left_out_add"), "left-out-add")
        if not added:
            return
        today = store.local_day(clock.now())
        if first is None or last is None or not 0 <= (last - first).days < MOST or last > today:
            failure_box.show(say("history.left_out_days", most=counted("days", MOST)))
            return
        days = [first + timedelta(number) for number in range((last - first).days + 1)]
        said = say("history.left_out_done", days=counted("days", len(days)))
        with undo_bar.offering("history", said, store):
            store.leave_out(days, reason, clock.now())
        st.rerun()


def _line(store: Store, one: LeftOutDay) -> None:
    """Show a day that is left out, and why, with a button to take it in again."""
    today = clock.now().local.date()
    day = day_text(one.day, today=today)
    text = f"{day}, {say(f'pain.reason_{one.reason.value}')}" if one.reason else day
    if buttons.beside(text, say("history.left_out_take_in"), f"take-in-{one.day}"):
        day = sentence_day_text(one.day, today=today)
        said = say("history.left_out_taken_in", day=day)
        with undo_bar.offering("history", said, store):
            store.delete("left_out_day", one.id, clock.now())
        st.rerun()
