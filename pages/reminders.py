"""Reminders for her own calendar: when, until when, in what words, and the file."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from holdwell.domain.models import DayPart
from holdwell.i18n.messages import say
from holdwell.report import summary
from holdwell.store.identity import export_id
from holdwell.store.repository import Store
from holdwell.transfer import ical
from holdwell.transfer.ical import TITLE_MAX, Reminders
from holdwell.ui.common import forms
from holdwell.ui.runtime import clock, navigation, unlock
from holdwell.ui.runtime.run_context import current_run

PARTS = (DayPart.MORNING, DayPart.BEDTIME)


def choose_times(store: Store, today: date) -> dict[DayPart, time] | None:
    """Her times, or None with a sentence on what to put right."""
    times: dict[DayPart, time] = {}
    complete = True
    for part in PARTS:
        with st.container(key=f"hw-reminder-{part.value}"):
            if not st.toggle(say(f"reminders.{part.value}"), True, key=f"hw-on-{part.value}"):
                continue
            at = st.time_input(
                say(f"reminders.{part.value}_time"),
                ical.usual_time(store, part, today),
                step=timedelta(minutes=5),
                key=f"hw-at-{part.value}",
                label_visibility="collapsed",
            )
            complete = complete and at is not None
            if at is not None:
                times[part] = at
    if not complete:
        st.warning(say("reminders.no_time"), icon=":material/info:")
        return None
    if not times:
        st.warning(say("reminders.none"), icon=":material/info:")
        return None
    return times


def choose_last(store: Store, today: date) -> date | None:
    """The last day, or None with a sentence on what to put right."""
    last = st.date_input(
        say("reminders.until"),
        ical.default_last(summary.shown_pregnancy(store), today),
        forms.EARLIEST,
        forms.LATEST,
        key="hw-until",
        format=clock.date_format(),
    )
    problem = None
    if not isinstance(last, date):
        problem = say("reminders.until_open")
    elif last < today:
        problem = say("reminders.until_past")
    elif (last - today).days > ical.FARTHEST_DAYS:
        problem = say("reminders.until_far")
    if problem is not None:
        st.warning(problem, icon=":material/info:")
        return None
    return last


def choose_zone() -> ZoneInfo | None:
    """The browser's time zone, or the one she picks where it names none."""
    here = clock.zone()
    if isinstance(here, ZoneInfo) and here.key in ical.zone_names():
        st.caption(say("reminders.zone_shown", zone=here.key))
        return here
    names = ical.zone_names()
    own = ical.computer_zone()
    name = st.selectbox(
        say("reminders.zone"),
        names,
        index=names.index(own) if own else None,
        help=say("reminders.zone_lead"),
        key="hw-zone",
    )
    if name is None:
        st.warning(say("reminders.zone_lead"), icon=":material/info:")
        return None
    return ZoneInfo(name)


def page() -> None:
    """Everything has a sensible start, so that one tap is enough."""
    now = clock.now()
    today = now.local.date()
    store = current_run().store
    st.title(say("reminders.title"), anchor=False)
    st.text(say("reminders.lead"))
    times = choose_times(store, today)
    last = choose_last(store, today)
    title = st.text_input(
        say("reminders.words"),
        say("reminders.words_default"),
        max_chars=TITLE_MAX,
        help=say("reminders.words_help"),
        autocomplete="off",
        key="hw-words",
    )
    zone = choose_zone()
    if times is not None and last is not None and zone is not None:
        words = ical.plain_title(title) or say("reminders.words_default")
        wanted = Reminders(times, today, last, zone, words)

        def data(own: Store) -> bytes:
            return ical.file(wanted, export_id(own), now)

        st.download_button(
            say("reminders.save"),
            unlock.later(store.path, data),
            "holdwell-reminders.ics",
            "text/calendar",
            key="hw-save-reminders",
            icon=":material/event:",
            type="primary",
            on_click="ignore",
            width="stretch",
        )
        st.text(say("reminders.how"))
    navigation.back_button("reminders")


page()
