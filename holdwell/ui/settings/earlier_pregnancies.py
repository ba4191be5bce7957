"""The earlier pregnancies on the settings page: their dates, and a way to remove one.

Each is shown by its months alone. If one is removed, its days belong to the one before it.
"""

from collections.abc import Sequence

import streamlit as st

from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.i18n.messages import say
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, pregnancy_picker, undo_bar
from holdwell.ui.runtime import clock
from holdwell.ui.runtime.flash import flash
from holdwell.ui.settings import pregnancy_form

_OPEN = "hw-earlier-open"


def section(store: Store, periods: Sequence[PregnancyPeriod]) -> None:
    """Show a line for each earlier pregnancy, newest first; nothing if there is none."""
    if len(periods) < 2:
        return
    open_form = st.session_state.get(_OPEN)
    with st.expander(say("settings.earlier"), expanded=open_form is not None):
        for period in reversed(periods[:-1]):
            if period.id == open_form:
                _form(store, period)
                continue
            months = pregnancy_picker.months_text(period)
            label = say("settings.where_change")
            open_it = buttons.set_on_tap(_OPEN, period.id)
            buttons.beside(months, label, f"earlier-{period.id}", **open_it)


def _form(store: Store, period: PregnancyPeriod) -> None:
    """Ask for the dates of an earlier pregnancy, and offer to remove it."""
    if period.pregnancy is None:
        return
    with st.container(border=True, key="hw-earlier-form"):
        st.text(pregnancy_picker.months_text(period))
        key = f"earlier-{period.id}"
        result = pregnancy_form.ask_dates(key, store, period.pregnancy)
        if result.value is not None:
            flash(say("settings.where_saved"))
        st.caption(say("settings.earlier_lead"))
        removed = buttons.wide(say("settings.earlier_remove"), "earlier-remove")
        if removed:
            with undo_bar.offering("settings", say("settings.earlier_removed"), store):
                store.delete("pregnancy", period.id, clock.now())
    if result.is_done or removed:
        st.session_state[_OPEN] = None
        st.rerun()
