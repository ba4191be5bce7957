"""Days that are left out of the pain trend, such as days of illness or after a fall."""

from datetime import timedelta

import streamlit as st

from holdwell.domain.dates import DaySpan
from holdwell.domain.models import LeftOutDay, LeftOutReason
from holdwell.i18n.formats import day_text, sentence_day_text
from holdwell.i18n.messages import counted, say
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, failure_box, forms, undo_bar
from holdwell.ui.runtime import clock

MOST = 60
"""How many days can be left out with one tap. More are probably a typing error."""


def section(store: Store, period: DaySpan) -> None:
    """Show which days of a period are left out, with a form to leave out more."""
    days_left_out = [left_out for left_out in store.left_out_days() if period.has(left_out.day)]
    with st.expander(say("history.left_out_title"), key="hw-left-out"):
        st.text(say("history.left_out_lead"))
        for left_out in reversed(days_left_out):
            _line(store, left_out)
        with st.form("left-out", border=False):
            first, last = forms.ask_days("left-out")
            why = say("history.left_out_why")
            reason = forms.at_most_one(why, LeftOutReason, None, "left-out-why", "pain.reason_{}")
            added = buttons.submit(say("history.left_out_add"), "left-out-add")
        if not added:
            return
        today = store.local_day(clock.now())
        if first is None or last is None or not 0 <= (last - first).days < MOST or last > today:
            failure_box.show(say("history.left_out_days", most=counted("days", MOST)))
            return
        days = [first + timedelta(number) for number in range((last - first).days + 1)]
        text = say("history.left_out_done", days=counted("days", len(days)))
        with undo_bar.offering("history", text, store):
            store.leave_out(days, reason, clock.now())
        st.rerun()


def _line(store: Store, left_out: LeftOutDay) -> None:
    """Show a day that is left out, and why, with a button to include it again."""
    today = clock.today()
    line = day_text(left_out.day, today=today)
    if left_out.reason:
        line += f", {say(f'pain.reason_{left_out.reason.value}')}"
    if buttons.beside(line, say("history.left_out_take_in"), f"take-in-{left_out.day}"):
        day = sentence_day_text(left_out.day, today=today)
        with undo_bar.offering("history", say("history.left_out_taken_in", day=day), store):
            store.delete("left_out_day", left_out.id, clock.now())
        st.rerun()
