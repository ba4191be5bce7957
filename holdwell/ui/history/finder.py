"""How entries are found on History: by month and day, by kind, and by words in notes."""

from datetime import date, timedelta
from typing import Any

import streamlit as st

from holdwell.domain.dates import Days, DaySpan
from holdwell.i18n.formats import month_year_text, weekdays_text
from holdwell.i18n.messages import say
from holdwell.stats.calendar_weeks import first_weekday
from holdwell.store import history
from holdwell.store.repository import Store
from holdwell.ui.common import forms
from holdwell.ui.history import address
from holdwell.ui.runtime import clock

WORDS = "hw-history-words"
"""In the session state: the words searched for. They are private, so not in the address."""


def query(store: Store, period: DaySpan, view: address.HistoryView) -> history.EntryQuery:
    """Show the choices, and return the query for the list."""
    words = _filters(view)
    within = period
    if not words:
        month = _month(store, period, view)
        days = period.clamp(*history.month_of(month).bounds)
        if days is not None:
            _days(store, days, view)
        if view.day is not None:
            within = DaySpan(view.day, view.day)
        elif view.month is not None and days is not None:
            within = DaySpan(period.first, days[1])
    return history.EntryQuery(within, view.shown, words)


def _month(store: Store, period: DaySpan, view: address.HistoryView) -> date:
    """Let the user choose a month since the first entry; return the first day of that shown."""
    last = min(clock.today(), period.bounds[1]).replace(day=1)
    first = history.first_day(store, period) or last
    months = [last]
    while months[-1] > first:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    wanted = view.day or view.month or last
    shown = max(min(wanted.replace(day=1), last), months[-1])
    if len(months) == 1:
        st.markdown(f"**{month_year_text(shown)}**")
        return shown
    place = months.index(shown)

    def step(label: str, name: str, to: int, side: str) -> None:
        icon = f":material/chevron_{side}:"
        is_end = not 0 <= to < len(months)
        key = f"hw-month-{name}"
        look: dict[str, Any] = {"icon": icon, "icon_position": side, "disabled": is_end}
        st.button(label, key, on_click=lambda: _show_month(months[to], last), **look)

    st.session_state["hw-month"] = shown
    with st.container(key="hw-months", horizontal=True):
        step(say("history.earlier"), "earlier", place + 1, "left")
        st.selectbox(
            say("history.month"),
            months,
            format_func=month_year_text,
            key="hw-month",
            on_change=lambda: _show_month(st.session_state["hw-month"], last),
            label_visibility="collapsed",
        )
        step(say("history.later"), "later", place - 1, "right")
    return shown


def _show_month(month: date, last: date) -> None:
    """Show a month from the next run on. The `last` is the default, so it is not in the address."""
    address.change(month=None if month == last else month, day=None)


def _days(store: Store, days: Days, view: address.HistoryView) -> None:
    """Show the days of a month up to today in weeks; a tap on a day shows only its entries."""
    first, last = days[0], min(days[1], clock.today())
    filled = history.days_with_entries(store, DaySpan(first, last))
    begin = first_weekday(store.profile())
    names = weekdays_text()
    cells = "".join(f"<span>{names[(begin + n) % 7]}</span>" for n in range(7))
    st.html(f'<div class="hw-weekdays" aria-hidden="true">{cells}</div>')
    options = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    with st.container(key=f"hw-days-{(first.weekday() - begin) % 7 + 1}"):
        forms.display_choice(
            say("history.days", month=month_year_text(first)),
            options,
            view.day if view.day in options else None,
            f"hw-day-{first}",
            lambda day: f"**{day.day}** •" if day in filled else str(day.day),
            lambda day: address.change(day=day),
            required=False,
            label_visibility="collapsed",
        )


def _filters(view: address.HistoryView) -> str:
    """Let the user filter by kind and search in notes; return the words searched for."""
    words: str = st.session_state.get(WORDS, "")
    st.session_state["hw-words"] = words

    def search() -> None:
        st.session_state[WORDS] = st.session_state["hw-words"].strip()

    is_used = bool(words) or view.shown is not history.Filter.ALL
    with st.expander(say("history.find"), expanded=is_used, icon=":material/search:"):
        st.text_input(say("history.words"), key="hw-words", on_change=search, autocomplete="off")
        forms.display_choice(
            say("history.show"),
            history.Filter,
            view.shown,
            "hw-show",
            "history.show_{}",
            lambda kind: address.change(shown=kind),
        )
    return words
