"""What today holds already, and the way to correct it."""

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.models import DayPart
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.i18n.formats import listed_text
from holdwell.i18n.messages import say
from holdwell.stats.queries import DayParts
from holdwell.ui.common.text import pain_text
from holdwell.ui.runtime import navigation
from holdwell.ui.today import quick_log
from holdwell.ui.today.day import Day

SHOWN = 20
"""Today reads at most this many entries of the day; History shows all."""


def show(day: Day) -> None:
    """Show the sessions of the day, its pain scores, and the cramps of the night before.

    A session that was not done is spoken of only to a user who did one in the last seven days.
    """
    done = day.sessions[day.today]
    only_today = PregnancyPeriod(first=day.today, last=day.today)
    uncounted = [s for s in day.store.sessions(limit=SHOWN, within=only_today) if not s.counts]
    scores = [pain_text(entry) for entry in day.store.pains(limit=SHOWN, within=only_today)]
    with st.container(key="hw-day"):
        _sessions(day, done, any(row.total for row in day.sessions.values()))
        if uncounted:
            st.text(say("today.not_counted", count=len(uncounted)))
        if scores:
            st.text(say("today.pain_today", scores=listed_text(scores[::-1])))
        quick_log.last_night(day.store)
        if done.total or uncounted or scores:
            navigation.page_link("history", say("today.correct"), icon=":material/edit_calendar:")


def _sessions(day: Day, done: DayParts, is_habit: bool) -> None:
    """Show the two sessions of the day: those done, and the others where they are expected."""
    for part, count in ((DayPart.MORNING, done.morning), (DayPart.BEDTIME, done.bedtime)):
        if not (count or (is_habit and day.expects_sessions)):
            continue
        is_now = dates.part_of_day(day.now, day.profile.day_ends_at) is part
        passed = part is DayPart.MORNING and not is_now
        state = "done" if count else "passed" if passed else "waiting"
        icon = ":material/check_circle:" if count else ":material/radio_button_unchecked:"
        with st.container(key=f"hw-{state}-{part.value}"):
            st.markdown(f"{icon} {say(f'today.{part.value}_{state}')}")
    if done.other:
        st.markdown(f":material/add_circle: {say('today.other_done', count=done.other)}")
