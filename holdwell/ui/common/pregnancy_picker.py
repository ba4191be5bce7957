"""Which pregnancy a page shows: the current one, or an earlier one that is chosen by its months.

With one pregnancy nothing is asked. The choice holds on every page until it is changed.
"""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from holdwell.domain.pregnancies import PregnancyPeriod, period_of
from holdwell.i18n.formats import month_year_text
from holdwell.i18n.messages import plain, say
from holdwell.store.repository import Store
from holdwell.ui.common import forms

KEPT, PICKED = "hw-pregnancy", "hw-pregnancy-picked"


def months_text(period: PregnancyPeriod, *, short: bool = False) -> str:
    """Say the months of a period, and no more: not every pregnancy is easy to name."""
    begin = month_year_text(period.begins, short=short) if period.begins is not None else ""
    if period.last is None:
        return say("chapters.now", first=begin)
    end = month_year_text(period.last, short=short)
    return begin if begin == end else say("chapters.months", first=begin, last=end)


def choose(store: Store) -> PregnancyPeriod:
    """Let the user choose, where there is a choice; return the period to show."""
    known = store.pregnancy_periods()
    by_id = {period.id: period for period in known}
    shown = by_id.get(st.session_state.get(KEPT, ""), known[-1])
    if len(known) > 1:
        forms.shown_choice(
            say("chapters.which"),
            list(by_id)[::-1],
            shown.id,
            PICKED,
            lambda one: plain(months_text(by_id[one], short=True)),
            lambda chosen: _keep(chosen, known),
            label_visibility="collapsed",
            width="content",
        )
    return shown


def show(store: Store, day: date) -> None:
    """Show the period of a day from the next run on."""
    known = store.pregnancy_periods()
    _keep(period_of(known, day).id, known)


def _keep(chosen: str, known: Sequence[PregnancyPeriod]) -> None:
    """Remember an earlier period by its id, and the current one not at all.

    When another pregnancy begins, that is the one to show.
    """
    st.session_state[KEPT] = "" if chosen == known[-1].id else chosen
