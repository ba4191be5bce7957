"""The forms of History: one each for a session, a pain entry and the cramps of a night."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from typing import Any

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.models import CrampLeg, CrampNight, DayPart, Hold, Moment, PainEntry, Session
from holdwell.guide.load import guide
from holdwell.i18n.formats import half_up, sentence_day_text
from holdwell.i18n.messages import plain, say
from holdwell.sessions import defaults, editing
from holdwell.sessions.editing import GivenTime, InputError
from holdwell.store.history import Entry
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, failure_box, forms
from holdwell.ui.runtime import clock


def _noon(day: date) -> Moment:
    return dates.moment_at(datetime.combine(day, dates.NIGHT_TURNS_AT), clock.zone())


Form = Callable[[str, Store, Any, date | None], Entry]
"""A form for an entry to edit, or for a new one (None), whose day is given if one was chosen.

It returns its values as an entry with an id of its own, or raises InputError once all is drawn.
"""


def ask(
    form: Form, key: str, store: Store, entry: Entry | None, day: date | None
) -> forms.FormResult[Entry]:
    """Show a form; return the entry that it makes when the user taps Save and it is valid.

    Until then the form stays as it was filled in, with a sentence on what to correct.
    """
    filled = None
    try:
        filled = form(key, store, entry, day)
    except InputError as error:
        if st.session_state[f"{key}-save"]:
            failure_box.show(plain(str(error)))
    if st.session_state[f"{key}-cancel"]:
        return forms.FormResult(is_done=True)
    if filled is None or not st.session_state[f"{key}-save"]:
        return forms.FormResult()
    return forms.FormResult(is_done=True, value=filled)


def _buttons(key: str) -> None:
    with st.container(horizontal=True):
        st.form_submit_button(say("form.save"), type="primary", key=f"{key}-save")
        st.form_submit_button(say("form.cancel"), key=f"{key}-cancel")


def _ask_day_and_time(
    key: str, known: GivenTime | None, day: date | None
) -> tuple[date | None, time | None]:
    """Ask for the day, and for the time if the user knows it.

    `known` is when a known entry was; `day` is that of a new entry, if the user has chosen one.
    """
    at = None
    if known is not None:
        day = known.local_day
        if known.time_known:
            day, at = known.wall.date(), known.wall.time()
    left, right = st.columns(2)
    with left:
        day = forms.day_input(say("form.when_day"), f"{key}-day", day)
    with right:
        at = forms.time_input(say("form.when_time"), f"{key}-time", at)
    return day, at


def session_form(key: str, store: Store, session: Session | None, day: date | None) -> Session:
    """Show the form for a session: see `Form`.

    One tap fills a new session with the seconds of the usual routine for this time of day.
    """
    shown = session or editing.blank_session(clock.now())
    known = GivenTime(session.started, session.local_day, session.time_known) if session else None
    ends_at = store.profile().day_ends_at
    # Outside the form, so that the part of the day follows the time at once.
    day, at = _ask_day_and_time(key, known, day)
    part = _ask_part(f"{key}-part", session, at, ends_at)
    usual_s = {} if session else _usual_seconds(key, store)
    with st.form(key, border=False):
        edited = replace(
            shown,
            part=part,
            pain_before=forms.pain(say("form.pain_before"), f"{key}-before", shown.pain_before),
            pain_after=forms.pain(say("form.pain_after"), f"{key}-after", shown.pain_after),
        )
        places, side = forms.pain_where(key, shown.pain_places, shown.pain_side)
        comfort = forms.comfort(f"{key}-comfort", shown.comfort)
        held = _ask_holds(key, editing.hold_fields(shown.holds, guide().stretches), usual_s)
        note = forms.note(f"{key}-note", shown.note)
        _buttons(key)
    edited = replace(edited, pain_places=places, pain_side=side, comfort=comfort, note=note)
    when = editing.given_time(day, at, known, clock.now(), clock.zone(), ends_at)
    return editing.filled_session(edited, when, held, clock.now())


def _usual_seconds(key: str, store: Store) -> dict[str, int]:
    """Show the button that fills in the usual seconds; once tapped, return them by stretch."""
    filled_in = f"{key}-usual"
    fills = buttons.set_on_tap(filled_in, True)
    buttons.wide(say("form.usual"), f"{key}-fill", icon="done_all", **fills)
    if not st.session_state.get(filled_in):
        return {}
    usual = defaults.usual_routine(store, clock.now())
    return {item.stretch: item.hold_s for item in usual.stretches}


def _ask_part(key: str, session: Session | None, at: time | None, ends_at: int) -> DayPart:
    """Ask for the part of the day, which follows the time until the user chooses one."""
    by_time = DayPart.OTHER
    if at is not None:
        wall = datetime.combine(clock.today(), at)
        by_time = dates.part_of_day(wall, ends_at)
    chosen = f"{key}-chosen"
    if session is not None and chosen not in st.session_state:
        was = dates.part_of_day(session.started.local, ends_at)
        follows = session.time_known and session.part is was
        st.session_state[chosen] = None if follows else session.part
    part: DayPart = st.session_state.get(chosen) or by_time
    choose = partial(st.session_state.__setitem__, chosen)
    forms.display_choice(say("form.part"), DayPart, part, key, "part.{}", choose)
    return part


def _ask_holds(
    key: str, fields: Sequence[Hold], usual_s: Mapping[str, int]
) -> list[tuple[Hold, float]]:
    """Ask for the seconds of each hold of a form; return it as it was shown, with the seconds.

    Two fields share a row; on a phone, the two sides of a stretch come one after the other.
    """
    st.markdown(say("form.holds"))
    filled = "-usual" if usual_s else ""
    held = []
    for number, field in enumerate(fields):
        if number % 2 == 0:
            columns = st.columns(2)
        value = field.held_s if field.id else usual_s.get(field.stretch, 0)
        label, shown = plain(editing.hold_label(field)), int(half_up(value))
        own_key = f"{key}-hold-{number}{filled}"
        seconds = columns[number % 2].number_input(label, value=shown, step=5, key=own_key)
        held.append((field, float(seconds or 0)))
    return held


def pain_form(key: str, store: Store, entry: PainEntry | None, day: date | None) -> PainEntry:
    """Show the form for a pain entry: see `Form`."""
    known = None
    if entry is not None:
        known = GivenTime(entry.at or _noon(entry.local_day), entry.local_day, entry.at is not None)
    with st.form(key, border=False):
        day, at = _ask_day_and_time(key, known, day)
        score = forms.pain(say("form.pain_score"), f"{key}-score", entry.score if entry else None)
        where = (entry.places, entry.side) if entry else (frozenset(), None)
        places, side = forms.pain_where(key, *where)
        text = forms.note(f"{key}-note", entry.note if entry else "")
        _buttons(key)
    ends_at = store.profile().day_ends_at
    when = editing.given_time(day, at, known, clock.now(), clock.zone(), ends_at)
    if score is None:
        raise InputError(say("log.no_score"))
    editing.check_start(when.moment, clock.now())
    editing.check_note(text)
    felt_at = when.moment if when.time_known else None
    return PainEntry(when.local_day, score, felt_at, places, side, text)


def cramp_form(key: str, store: Store, night: CrampNight | None, day: date | None) -> CrampNight:
    """Show the form for the cramps of a night: see `Form`."""
    latest = dates.night_of(clock.now().local)
    with st.form(key, border=False):
        if night is None:
            day = forms.day_input(say("form.night"), f"{key}-night", day)
        else:
            day = night.night
            st.text(say("history.night", night=sentence_day_text(night.night, today=latest)))
        known_leg = night.leg if night else None
        label = say("form.cramps_then")
        leg = forms.at_most_one(label, CrampLeg, known_leg, f"{key}-leg", "form.cramp_{}")
        _buttons(key)
    if day is None or leg is None:
        raise InputError(say("log.no_cramp"))
    if day > latest:
        raise InputError(say("log.day_future"))
    earlier = store.cramp(day)
    if night is None and earlier is not None and earlier.leg is not leg:
        known = sentence_day_text(day, today=latest)
        raise InputError(say("history.night_known", night=known))
    editing.check_start(_noon(day), clock.now())
    return CrampNight(day, leg)
