"""Which pregnancy a page shows: the current one, or an earlier one, chosen by its months.

If there is only one, nothing is asked. The choice applies to all pages until it is changed.
"""

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from holdwell.domain.pregnancies import PregnancyPeriod, period_of
from holdwell.i18n.formats import month_year_text
from holdwell.i18n.messages import plain, say
from holdwell.store.repository import Store
from holdwell.ui.common import forms

CHOSEN, PICKED = "hw-pregnancy", "hw-pregnancy-picked"


def months_text(period: PregnancyPeriod, *, short: bool = False) -> str:
    """Return the months of a period and nothing more: some pregnancies are hard to name."""
    begin = month_year_text(period.begins, short=short) if period.begins is not None else ""
    if period.last is None:
        return say("pregnancies.now", first=begin)
    end = month_year_text(period.last, short=short)
    return begin if begin == end else say("pregnancies.months", first=begin, last=end)


def choose(store: Store) -> PregnancyPeriod:
    """Let the user choose if there are several periods; return the period to show."""
    periods = store.pregnancy_periods()
    shown = next((p for p in periods if p.id == st.session_state.get(CHOSEN)), periods[-1])
    if len(periods) > 1:
        months = {period.id: plain(months_text(period, short=True)) for period in periods[::-1]}
        look = {"label_visibility": "collapsed", "width": "content"}
        label, on_tap = say("pregnancies.which"), partial(_remember, periods=periods)
        forms.display_choice(label, months, shown.id, PICKED, months, on_tap, **look)
    return shown


def switch_to(store: Store, day: date) -> None:
    """Show the period that includes a day, from the next run on."""
    periods = store.pregnancy_periods()
    _remember(period_of(periods, day).id, periods)


def _remember(chosen: str, periods: Sequence[PregnancyPeriod]) -> None:
    """Remember the choice of an earlier period, but not of the current one.

    When another pregnancy begins, that one is then shown.
    """
    st.session_state[CHOSEN] = "" if chosen == periods[-1].id else chosen
