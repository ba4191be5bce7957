"""Today: the stage, what is done and waiting, and one large button to start."""

from datetime import timedelta

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.dates import StageKind
from holdwell.domain.models import DayPart, Profile, Tracking
from holdwell.domain.pregnancies import PregnancyPeriod, period_of
from holdwell.i18n.formats import listed_text, moment_text
from holdwell.i18n.messages import counted, plain, say
from holdwell.sessions.plan import Plan
from holdwell.stats import queries
from holdwell.stats.calendar_weeks import calendar_weeks
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, quick_log
from holdwell.ui.common.text import greeting, pain_text, stage_text
from holdwell.ui.guide import leave_out
from holdwell.ui.runtime import clock, navigation
from holdwell.ui.runtime.flash import show_flash
from holdwell.ui.runtime.run_context import current_run

SHOWN = 20
"""The most entries of a day that are read here; History has them all."""


def unfinished(store: Store) -> bool:
    """Offer to go on with a session that was begun and not ended; return whether there is one."""
    session = store.open_session()
    if session is None:
        return False
    plan = Plan.from_json(session.plan)
    when = moment_text(session.started.local, today=clock.now().local.date())
    with st.container(border=True, key="hw-unfinished"):
        st.text(say("today.pick_up", when=when))
        if plan is not None:
            held = len(session.holds)
            st.text(say("today.pick_up_held", held=held, count=len(plan.holds)))
        if buttons.wide(say("today.resume"), "hw-resume", primary=True):
            navigation.go("stretch")
    return True


def day_so_far(store: Store, profile: Profile, expected: bool) -> None:
    """Show what this day holds: the two sessions, others, and pain.

    A session that was not done is spoken of only where sessions are `expected`.
    """
    now = clock.now().local
    today = dates.local_day(now, profile.day_ends_at)
    parts = queries.parts_by_day(store, today, today)
    done = parts[0] if parts else queries.DayParts(today, 0, 0, 0)
    with st.container(key="hw-day"):
        for part, count in ((DayPart.MORNING, done.morning), (DayPart.BEDTIME, done.bedtime)):
            if not (count or expected):
                continue
            is_now = dates.part_of_day(now, profile.day_ends_at) is part
            passed = part is DayPart.MORNING and not is_now
            state = "done" if count else "passed" if passed else "waiting"
            icon = ":material/check_circle:" if count else ":material/radio_button_unchecked:"
            with st.container(key=f"hw-{state}-{part.value}"):
                st.markdown(f"{icon} {say(f'today.{part.value}_{state}')}")
        if done.other:
            st.markdown(f":material/add_circle: {say('today.other_done', count=done.other)}")
        only_today = PregnancyPeriod(first=today, last=today)
        uncounted = [s for s in store.sessions(limit=SHOWN, within=only_today) if not s.counts]
        if uncounted:
            st.text(say("today.not_counted", count=len(uncounted)))
        scores = [pain_text(entry) for entry in store.pains(limit=SHOWN, within=only_today)]
        if scores:
            st.text(say("today.pain_today", scores=listed_text(scores[::-1])))


def week_so_far(store: Store, profile: Profile) -> None:
    """Show the week's sessions against the goal, if there is one and tracking is not paused."""
    if profile.tracking is Tracking.PAUSED:
        st.text(say("today.paused"))
        return
    today = store.local_day(clock.now())
    axis = calendar_weeks(profile)
    begin = axis.first_day(axis.index(today))
    within = period_of(store.pregnancy_periods(), today)
    days = within.clamp(begin, begin + timedelta(days=6)) or (today, today)
    rows = queries.sessions_by_week(store, axis, *days)
    count = sum(row.sessions for row in rows)
    goal = store.goal_history().goal_on(today) if store.goals() else None
    if goal is not None:
        st.progress(min(1.0, count / goal), text=plain(say("today.week", done=count, count=goal)))
    elif count:
        st.text(say("today.week_plain", sessions=counted("sessions", count)))
        navigation.page_button("settings", say("today.choose_goal"), icon=":material/flag:")


def page() -> None:
    """Show the day, and the button that starts a session."""
    store = current_run().store
    profile = store.profile()
    if not profile.welcomed:
        navigation.go("welcome")
    now = clock.now().local
    st.title(greeting(now), anchor=False)
    stage = dates.stage(store.pregnancy(), dates.local_day(now, profile.day_ends_at))
    said = stage_text(stage)
    if said and profile.tracking is Tracking.ON:
        with st.container(key="hw-stage"):
            st.text(said)
    show_flash()
    resting = leave_out.nothing_left(store, profile)
    # Where nothing is expected, nothing is counted and nothing waits.
    expected = not resting and stage.kind is not StageKind.ENDED
    waiting = not resting and unfinished(store)
    icon = ":material/play_arrow:"
    if resting:
        st.text(say("leave_out.nothing_today"))
        navigation.page_button("stretch", say("leave_out.why"), icon=":material/menu_book:")
    elif buttons.wide(say("today.start"), "hw-start", icon=icon, primary=not waiting):
        navigation.go("stretch")
    quick_log.show(store)
    day_so_far(store, profile, expected)
    if expected or profile.tracking is Tracking.PAUSED:
        week_so_far(store, profile)


page()
