"""Reminders for the user's own calendar: their times, last day and wording, and the file."""

from datetime import date, time
from zoneinfo import ZoneInfo

import streamlit as st

from holdwell.domain.models import DayPart
from holdwell.i18n.messages import say
from holdwell.report.pregnancy import shown_pregnancy
from holdwell.store.repository import Store
from holdwell.transfer import ical
from holdwell.ui.common import buttons, failure_box
from holdwell.ui.common.forms import day_input, from_list, time_input
from holdwell.ui.runtime import clock, unlock
from holdwell.ui.runtime.run_context import current_run

PARTS = (DayPart.MORNING, DayPart.BEDTIME)


def choose_times(store: Store, today: date) -> dict[DayPart, time] | None:
    """Ask for the times of day; if one is missing, say so and return None."""
    times: dict[DayPart, time | None] = {}
    for part in PARTS:
        with st.container(key=f"hw-reminder-{part.value}"):
            if not st.toggle(say(f"reminders.{part.value}"), True, key=f"hw-on-{part.value}"):
                continue
            label = say(f"reminders.{part.value}_time")
            usual = ical.usual_time(store, part, today)
            key = f"hw-at-{part.value}"
            times[part] = time_input(label, key, usual, label_visibility="collapsed")
    complete = {part: at for part, at in times.items() if at is not None}
    if complete and len(complete) == len(times):
        return complete
    failure_box.show(say("reminders.no_time" if times else "reminders.none"))
    return None


def choose_last(store: Store, today: date) -> date | None:
    """Ask for the last day; if it is missing or wrong, say so and return None."""
    usual = ical.default_last(shown_pregnancy(store), today)
    last = day_input(say("reminders.until"), "hw-until", usual)
    if last is None:
        failure_box.show(say("reminders.until_open"))
    elif last < today:
        failure_box.show(say("reminders.until_past"))
    elif (last - today).days > ical.FARTHEST_DAYS:
        failure_box.show(say("reminders.until_far"))
    else:
        return last
    return None


def choose_zone() -> ZoneInfo | None:
    """Return the browser's time zone; ask for it if the browser does not name one."""
    names = ical.zone_names()
    zone = clock.zone()
    if isinstance(zone, ZoneInfo) and zone.key in names:
        st.caption(say("reminders.zone_shown", zone=zone.key))
        return zone
    name = from_list(say("reminders.zone"), names, ical.computer_zone(), "hw-zone", str)
    if name is None:
        failure_box.show(say("reminders.zone_lead"))
        return None
    return ZoneInfo(name)


def choose_title() -> str:
    """Ask for the title that the calendar shows."""
    title = st.text_input(
        say("reminders.words"), say("reminders.words_default"), autocomplete="off", key="hw-words"
    )
    st.caption(say("reminders.words_help"))
    return ical.plain_title(title) or say("reminders.words_default")


def page() -> None:
    """Show the choices with sensible defaults, so that one tap is enough, and offer the file."""
    now = clock.now()
    today = now.local.date()
    store = current_run().store
    st.title(say("reminders.title"), anchor=False)
    st.text(say("reminders.lead"))
    times = choose_times(store, today)
    last = choose_last(store, today)
    title = choose_title()
    zone = choose_zone()
    if times is not None and last is not None and zone is not None:
        reminders = ical.Reminders(times, today, last, zone, title)
        made = unlock.while_open(
            store.path, lambda own: ical.calendar_file(reminders, own.export_id(), now)
        )
        name, key = "holdwell-reminders.ics", "hw-save-reminders"
        buttons.download(say("reminders.save"), made, name, key, icon="event", primary=True)
        st.text(say("reminders.how"))


page()
