"""Log the birth on Today: one tap from 37 weeks on, then its day and kind if the user likes."""

from dataclasses import replace

import streamlit as st

from holdwell.domain import pregnancies
from holdwell.domain.dates import DateProblem, check_birth
from holdwell.domain.models import Pregnancy
from holdwell.i18n.formats import sentence_day_text
from holdwell.i18n.messages import say
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, failure_box, forms, undo_bar
from holdwell.ui.guide import situations
from holdwell.ui.runtime import clock
from holdwell.ui.today.day_so_far import Day

OPEN = "hw-birth-open"
"""In the session state: whether to ask for the day and kind of a birth that was just logged."""
FROM_WEEKS = 37
"""From 37w 0d a pregnancy is at term. Source: ACOG Committee Opinion 579 (2013)."""


def show(day: Day) -> None:
    """Offer to log the birth with one tap once it may be near; then ask for its day and kind."""
    undo_bar.show(undo_bar.BIRTH, day.store)
    pregnancy, age = day.store.pregnancy(), day.stage.age
    if pregnancy is None:
        return
    if pregnancy.birth_date is None or pregnancy.ended:
        # The birth was not logged or was undone, or the pregnancy has ended since.
        st.session_state.pop(OPEN, None)
    if st.session_state.get(OPEN):
        _ask(day.store, pregnancy)
        return
    is_near = pregnancy.birth_date is None and age is not None and age.weeks >= FROM_WEEKS
    if is_near and st.button(say("today.birth"), key="hw-birth", type="tertiary"):
        # Saved as today; the next run lets the user give another day.
        _save(day.store, pregnancy, replace(pregnancy, birth_date=clock.today()))
        st.session_state[OPEN] = True
        st.rerun()


def _save(store: Store, shown: Pregnancy, edited: Pregnancy) -> None:
    day = edited.birth_date
    born = sentence_day_text(day, today=clock.today()) if day else ""
    text = say("today.birth_saved", day=born)
    with undo_bar.offering(undo_bar.BIRTH, text, store):
        store.change_pregnancy(shown, edited, clock.now())


def _ask(store: Store, pregnancy: Pregnancy) -> None:
    """Ask for the day of the birth and, optionally, its kind; one tap saves and closes the form."""
    with st.container(border=True, key="hw-birth-panel"):
        shown_day = pregnancy.birth_date or clock.today()
        born = forms.day_input(say("today.birth_day"), "hw-birth-day", shown_day)
        kind = situations.ask_birth_kind("hw-birth-how", pregnancy.birth_kind)
        if not buttons.wide(say("form.save"), "hw-birth-save", primary=True):
            return
        edited = replace(pregnancy, birth_date=born, birth_kind=kind)
        today = clock.today()
        problem = DateProblem.NO_DATE if born is None else check_birth(born, edited.due_date, today)
        problem = problem or pregnancies.check_order(store.pregnancy_periods(), edited)
        if problem is not None:
            failure_box.show(say(f"dates.{problem.value}"))
            return
    _save(store, pregnancy, edited)
    del st.session_state[OPEN]
    st.rerun()
