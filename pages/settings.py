"""Settings: an index of sections, each of which opens in place."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import streamlit as st

from holdwell.domain import models
from holdwell.domain.models import Cue, DueDate, Pregnancy, Profile, Tracking
from holdwell.i18n.formats import day_text, region_first_weekday, time_text, weekdays_text
from holdwell.i18n.messages import say
from holdwell.report.pregnancy import due_date_text
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, forms, undo_bar
from holdwell.ui.guide import phone_numbers
from holdwell.ui.guide.illustration import choose_skin
from holdwell.ui.runtime import clock
from holdwell.ui.runtime.flash import flash, show_flash
from holdwell.ui.runtime.navigation import LEFT, go
from holdwell.ui.runtime.run_context import current_run
from holdwell.ui.settings import earlier_pregnancies, language, pauses, phone_access, pregnancy_form

OPEN_FORM = "hw-changing"
"""In the session state: the key of the form that is open, CURRENT or ANOTHER."""
GOALS_SHOWN = 5
CURRENT, ANOTHER = "settings", "another"


def pregnancy_section(store: Store) -> None:
    """Show the dates, or the form to change them or to begin another pregnancy."""
    periods = store.pregnancy_periods()
    form = st.session_state.get(OPEN_FORM)
    if form is not None:
        if form == ANOTHER:
            st.text(say("settings.another_lead"))
        result = pregnancy_form.ask(
            form, store, save=say("form.save"), skip=say("form.cancel"), another=form == ANOTHER
        )
        if result.value is not None:
            flash(say("settings.where_saved"))
        if result.is_done:
            st.session_state[OPEN_FORM] = None
            st.rerun()
        return
    pregnancy = periods[-1].pregnancy
    with st.container(key="hw-where"):
        given = store.due_dates(pregnancy.id) if pregnancy is not None else ()
        for line in date_lines(pregnancy, given):
            st.text(line)
        opens = buttons.set_on_tap(OPEN_FORM, CURRENT)
        st.button(say("settings.where_change"), key="hw-change", **opens)
        # After a pregnancy that ended, no button asks for the next one: "Change" is enough.
        can_follow = pregnancy is not None and pregnancy.has_dates and not pregnancy.ended
        if can_follow:
            opens = buttons.set_on_tap(OPEN_FORM, ANOTHER)
            st.button(say("settings.another"), key="hw-another", type="tertiary", **opens)
    earlier_pregnancies.section(store, periods)


def date_lines(pregnancy: Pregnancy | None, given: Sequence[DueDate]) -> list[str]:
    """Return sentences with the dates of a pregnancy, of which `given` are all due dates so far."""
    if pregnancy is not None and pregnancy.ended:
        return [say("settings.where_ended")]
    if pregnancy is None or not pregnancy.has_dates:
        return [say("settings.where_none")]
    lines = []
    if pregnancy.birth_date is not None:
        lines.append(say("settings.where_birth", birth=day_text(pregnancy.birth_date)))
    if pregnancy.due_date is not None:
        used = next((due for due in given[::-1] if due.due_date == pregnancy.due_date), None)
        due_text = due_date_text(used, day_text) if used else day_text(pregnancy.due_date)
        lines.append(say("settings.where_pregnant_due", due=due_text))
        earlier = [due for due in given[::-1] if due is not used]
        lines += [say("settings.due_before", due=due_date_text(due, day_text)) for due in earlier]
    return lines


def goal_section(store: Store) -> None:
    """Ask for the goal, which applies from today on; there is none until the user chooses one."""
    goals = store.goals()
    today = store.local_day(clock.now())
    current = goals[-1].goal_per_week if goals else None
    shown = forms.initial("hw-goal", current or models.GOAL_PROPOSED)
    goal = st.slider(say("settings.goal"), models.GOAL_MIN, models.GOAL_MAX, shown, key="hw-goal")
    undo_bar.show(undo_bar.GOAL, store)
    if current is None:
        st.session_state[forms.initial_key("hw-goal")] = goal
        st.caption(say("settings.goal_none"))
        if buttons.wide(say("settings.goal_choose"), "hw-goal-choose", icon="flag"):
            store.choose_goal(goal, clock.now())
            st.rerun()
        return
    if forms.save_if_changed("hw-goal", goal, lambda: store.choose_goal(goal, clock.now())):
        goals = store.goals()
        st.caption(say("settings.saved"))
    if st.button(say("settings.goal_drop"), key="hw-goal-drop", type="tertiary"):
        with undo_bar.offering(undo_bar.GOAL, say("settings.goal_dropped"), store):
            store.drop_goals(clock.now())
        st.rerun()
    for past in goals[-GOALS_SHOWN:][::-1]:
        day = day_text(past.from_day, today=today)
        st.caption(say("settings.goal_since", count=past.goal_per_week, day=day))


def days_section(store: Store) -> None:
    """Ask at which hour a day ends, and on which day a week begins."""
    profile = forms.initial("hw-day-ends", store.profile())
    hours = {hour: time_text(datetime(2000, 1, 1, hour)) for hour in range(13)}
    label = say("settings.day_ends_at")
    ends_at = forms.from_list(label, hours, profile.day_ends_at, "hw-day-ends", hours)
    st.caption(say("settings.day_ends_help"))
    names = weekdays_text(full=True)
    region = say("settings.week_region", day=names[region_first_weekday()])
    weekdays: dict[int | None, str] = {None: region, **dict(enumerate(names))}
    label, chosen = say("settings.week_starts_on"), profile.week_starts_on
    starts_on = forms.from_list(label, weekdays, chosen, "hw-week-starts", weekdays)
    changed = replace(profile, day_ends_at=ends_at, week_starts_on=starts_on)
    if forms.save_profile(store, "hw-day-ends", changed):
        flash(say("settings.saved"), "days")
        if starts_on != profile.week_starts_on:
            # The calendars get the first weekday at the beginning of a run.
            st.rerun()
    show_flash("days")


def session_section(store: Store) -> None:
    """Show the goal, the way to the routines and the time to get ready; save changes at once."""
    goal_section(store)
    profile = forms.initial("hw-ready", store.profile())
    st.text(say("settings.routines_lead"))
    leave("sessions", "routines", say("settings.routines"), "tune")
    ready = forms.get_ready("hw-ready", profile.get_ready_seconds)
    save(store, "hw-ready", replace(profile, get_ready_seconds=ready))


def cue_section(store: Store) -> None:
    """Ask for the timer's sounds, their volume, and their occasions; save each change at once."""
    profile = forms.initial("hw-sound", store.profile())
    sound = st.toggle(say("settings.sound"), profile.sound, key="hw-sound")
    voice = st.toggle(say("settings.voice"), profile.voice, key="hw-voice")
    st.caption(say("settings.voice_help"))
    vibration = st.toggle(say("settings.vibration"), profile.vibration, key="hw-vibration")
    label, least, most = say("settings.volume"), models.VOLUME_MIN, models.VOLUME_MAX
    volume = st.slider(label, least, most, profile.volume, 10, "%d %%", key="hw-volume")
    shown = frozenset(Cue) - profile.quiet_cues
    cues = forms.any_number(
        say("settings.cues"), Cue, shown, "hw-cues", "settings.cue_{}", width="content"
    )
    changed = replace(
        profile,
        sound=sound,
        voice=voice,
        vibration=vibration,
        volume=volume,
        quiet_cues=frozenset(Cue) - cues,
    )
    save(store, "hw-sound", changed)


def save(store: Store, key: str, edited: Profile) -> None:
    """Save what the user changed in the fields of a section, if anything, and say so."""
    if forms.save_profile(store, key, edited):
        st.caption(say("settings.saved"))


def tracking_section(store: Store) -> None:
    """Offer to pause tracking and to end the pregnancy, without asking why."""
    profile = store.profile()
    st.text(say("settings.tracking_lead"))
    pregnancy = store.pregnancy()
    is_paused = profile.tracking is Tracking.PAUSED
    with st.container(key="hw-tracking"):
        if is_paused:
            st.text(say("settings.paused"))
        # The two buttons have different keys, so that a double click does not undo itself.
        label = say("settings.unpause" if is_paused else "settings.pause")
        if buttons.wide(label, "hw-unpause" if is_paused else "hw-pause"):
            tracking = Tracking.ON if is_paused else Tracking.PAUSED
            store.change_profile(profile, replace(profile, tracking=tracking), clock.now())
            st.rerun()
        pauses.section(store)
        if pregnancy is not None and pregnancy.ended:
            st.text(say("settings.ended"))
            st.text(say("settings.ended_reminders"))
        if pregnancy is None or not pregnancy.has_dates:
            return  # Without dates there are no weeks to hide or to show again.
        label = say("settings.end_undo" if pregnancy.ended else "settings.end")
        if buttons.wide(label, "hw-end_undo" if pregnancy.ended else "hw-end"):
            undo_bar.withdraw(undo_bar.BIRTH)
            edited = replace(pregnancy, ended=not pregnancy.ended)
            store.change_pregnancy(pregnancy, edited, clock.now())
            st.rerun()
        if not pregnancy.ended:
            st.caption(say("settings.end_lead", where=say("settings.where_title")))


def language_section(store: Store) -> None:
    """Ask for the language, and for the skin tone of the drawings."""
    language.choose(store)
    choose_skin()


def leave(section: str, page: str, label: str, icon: str) -> None:
    """Show a button to another page; on the way back from there, `section` is open again."""
    if buttons.wide(label, f"hw-{page}", icon=icon):
        st.session_state[LEFT] = section
        go(page)


def people_section(_: Store) -> None:
    """Lead to the page of people and the passphrase."""
    st.text(say("people.settings_lead"))
    leave("people", "people", say("people.settings"), "group")


def data_section(store: Store) -> None:
    """Say where the data is, and lead to what can be done with it."""
    if store.meta("demo") == "1":
        st.text(say("app.demo"))
    st.text(say("settings.data_lead"))
    st.code(str(store.path), language=None)
    leave("data", "record", say("settings.data_open"), "save")
    leave("data", "report", say("settings.out_report"), "description")
    leave("data", "reminders", say("settings.out_reminders"), "alarm")


SECTIONS: tuple[tuple[str, str, str, Callable[[Store], object]], ...] = (
    ("dates", "settings.where_title", "calendar_month", pregnancy_section),
    ("sessions", "settings.sessions_title", "self_improvement", session_section),
    ("cues", "settings.cues_title", "volume_up", cue_section),
    ("call", "call.title", "call", phone_numbers.ask_unit_number),
    ("language", "settings.language_title", "translate", language_section),
    ("days", "settings.days_title", "date_range", days_section),
    ("pause", "settings.tracking_title", "pause_circle", tracking_section),
    ("people", "people.settings", "group", people_section),
    ("phone", "home.title", "smartphone", lambda _: phone_access.section()),
    ("data", "settings.data_title", "save", data_section),
)
"""All sections, the most often changed first: name in the address, title, icon, content."""
OPENED = "open"
"""The parameter of the page's address that names the section to open."""


def page() -> None:
    """Show the index of all sections; the section that the address names is open."""
    store = current_run().store
    st.title(say("settings.title"), anchor=False)
    undo_bar.show("settings", store)
    if LEFT in st.session_state:
        # Moved into the address, so that the section stays open until the user leaves the page.
        st.query_params[OPENED] = st.session_state.pop(LEFT)
    wanted = st.query_params.get(OPENED)
    with st.container(key="hw-settings"):
        for name, title, sign, show in SECTIONS:
            key, icon = f"hw-settings-{name}", f":material/{sign}:"
            with st.expander(say(title), name == wanted, key=key, icon=icon):
                show(store)


page()
