"""The days that the charts of a page show, in the colours of its theme."""

from dataclasses import replace
from datetime import date

import streamlit as st

from holdwell.charts.base import DARK, LIGHT, View
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.domain.week_axis import stage_axis
from holdwell.report.pregnancy import shown_pregnancy
from holdwell.stats import queries
from holdwell.stats.calendar_weeks import calendar_weeks
from holdwell.store.repository import Store
from holdwell.ui.runtime import clock


def whole(store: Store, period: PregnancyPeriod) -> View | None:
    """Return a period from its first entry to today, by weeks of pregnancy; None without an entry.

    The axis has calendar weeks if those of pregnancy are unknown or hidden.
    """
    span = queries.entries_span(store, period)
    if span is None:
        return None
    last = queries.latest_day(store, period, store.local_day(clock.now()))
    pregnancy = shown_pregnancy(store, period)
    axis = stage_axis(pregnancy, last) or calendar_weeks(store.profile())
    palette = DARK if st.context.theme.type == "dark" else LIGHT
    return View(axis, span[0], last, palette, pregnancy)


def since(store: Store, view: View, first: date) -> View:
    """Return the view with another first day, and with the pauses since that day."""
    pauses = store.goal_history().paused_between(first, view.last)
    return replace(view, first=first, pauses=tuple(pauses))
