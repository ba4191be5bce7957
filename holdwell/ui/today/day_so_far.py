"""What Today has to know about the day, what it shows of it, and the link to correct that."""

from datetime import timedelta

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.dates import DaySpan
from holdwell.domain.models import DayPart, Tracking
from holdwell.guide.load import guide
from holdwell.i18n.formats import listed_text
from holdwell.i18n.messages import say
from holdwell.stats import queries
from holdwell.stats.queries import DayParts
from holdwell.store.repository import Store
from holdwell.ui.common.text import pain_text
from holdwell.ui.guide import leave_out, situations
from holdwell.ui.runtime import clock, navigation
from holdwell.ui.stretch import check_in
from holdwell.ui.today import quick_log

STRIP_DAYS = 7
NIGHT_ENDS_AT = 4
"""Before this hour Today mentions neither a goal nor a session that was not done."""
SHOWN = 20
"""Today reads at most this many entries of each kind; History shows all of them."""


class Day:
    """The user's time, stage and answers at this moment, and the sessions of the last days."""

    def __init__(self, store: Store) -> None:
        now = clock.now()
        self.store, self.profile, self.now = store, store.profile(), now.local
        self.today = store.local_day(now)
        self.stage = dates.stage_at(store.pregnancy(), now.local, self.today)
        # Today's check-in answers, and whether one of them says not to stretch.
        self.answers = check_in.given(store)
        self.stopped = check_in.stops(self.answers)
        # Whether the guide leaves out every stretch for now.
        self.resting = not leave_out.now(store).kept(guide().stretches)
        self.birth_is_recent = situations.is_birth_recent(store)
        # The sessions of the last seven days, today included, by part of the day. `parts_by_day`
        # also has those of tomorrow: after a flight to the west there may be some.
        days = [self.today - timedelta(days=ago) for ago in range(STRIP_DAYS - 1, -1, -1)]
        self.parts_by_day = queries.parts_by_day(store, days[0], self.today + timedelta(days=1))
        by_day = {row.day: row for row in self.parts_by_day}
        self.sessions = {day: by_day.get(day, DayParts(day, 0, 0, 0)) for day in days}

    @property
    def has_sessions(self) -> bool:
        """Whether there was a session in the last seven days."""
        return any(row.total for row in self.sessions.values())

    @property
    def is_night(self) -> bool:
        """Whether it is after midnight and before the morning."""
        return self.now.hour < NIGHT_ENDS_AT

    @property
    def expects_sessions(self) -> bool:
        """Whether Today may mention a goal, or a session that was not done.

        It may not while the guide or an answer says to rest, past the due date, soon after a birth,
        after a pregnancy that ended, while tracking is paused, or at night.
        """
        age = self.stage.age
        overdue = age is not None and age.total_days > dates.PREGNANCY_DAYS
        return not (
            self.resting
            or self.stopped
            or overdue
            or self.birth_is_recent
            or self.is_night
            or self.stage.kind is dates.StageKind.ENDED
            or self.profile.tracking is Tracking.PAUSED
        )


def show(day: Day) -> None:
    """Show the sessions of the day, its pain scores, and the cramps of the night before.

    A session that was not done is mentioned only to a user who did one in the last seven days.
    """
    done = day.sessions[day.today]
    only_today = DaySpan(day.today, day.today)
    uncounted = [s for s in day.store.sessions(limit=SHOWN, within=only_today) if not s.counts]
    scores = [pain_text(entry) for entry in day.store.pains(limit=SHOWN, within=only_today)]
    with st.container(key="hw-day"):
        _sessions(day, done)
        if uncounted:
            st.text(say("today.not_counted", count=len(uncounted)))
        if scores:
            st.text(say("today.pain_today", scores=listed_text(scores[::-1])))
        quick_log.last_night(day.store)
        if done.total or uncounted or scores:
            navigation.page_link("history", say("today.correct"), icon="edit_calendar")


def _sessions(day: Day, done: DayParts) -> None:
    """Show which sessions of the day are done, and those still expected."""
    now = dates.part_of_day(day.now, day.profile.day_ends_at)
    for part, count in ((DayPart.MORNING, done.morning), (DayPart.BEDTIME, done.bedtime)):
        if not (count or (day.has_sessions and day.expects_sessions)):
            continue
        is_over = part is DayPart.MORNING and now is not part
        state = "done" if count else "passed" if is_over else "waiting"
        icon = ":material/check_circle:" if count else ":material/radio_button_unchecked:"
        with st.container(key=f"hw-{state}-{part.value}"):
            st.markdown(f"{icon} {say(f'today.{part.value}_{state}')}")
    if done.other:
        st.markdown(f":material/add_circle: {say('today.other_done', count=done.other)}")
