"""Form parts that pages share: ratings with big targets, choices, and the whole session form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.models import (
    COMFORT_MAX,
    COMFORT_MIN,
    GET_READY_SECONDS_MAX,
    GET_READY_SECONDS_MIN,
    PAIN_MAX,
    PAIN_MIN,
    CrampLeg,
    DayPart,
    Moment,
    PainPlace,
    PainSide,
    Session,
)
from holdwell.guide import Stretch
from holdwell.i18n.formats import sentence_day_text
from holdwell.i18n.messages import say
from holdwell.sessions.editing import FilledForm, HoldField, blank_session, hold_fields, moved_start
from holdwell.ui.common import failure_box
from holdwell.ui.runtime import clock

T = TypeVar("T")


def day_input(label: str, key: str, value: date | None) -> date | None:
    """Ask for a day, written in the order of the user's region; None while none is given.

    The bounds are wide: a day outside the sensible ones gets our sentence, not a silent refusal.
    """
    day = st.date_input(
        label, value, date(1900, 1, 1), date(2200, 12, 31), key=key, format=clock.date_format()
    )
    return day if isinstance(day, date) else None


def choice(label: str, options: Sequence[T], value: T, key: str, words: Callable[[T], str]) -> T:
    """Ask for exactly one of a few options that stand side by side."""
    chosen: T = st.segmented_control(
        label, options, default=value, required=True, format_func=words, key=key
    )
    return chosen


def get_ready(key: str, value: int) -> int:
    """Ask for the seconds to get ready before a hold, in steps of five."""
    return st.slider(
        say("settings.ready"), GET_READY_SECONDS_MIN, GET_READY_SECONDS_MAX, value, step=5, key=key
    )


def pain(label: str, key: str, value: int | None = None) -> int | None:
    """Ask for a pain score (NRS-11, 0 to 10) with one tap; a second tap takes it back."""
    return st.pills(
        label,
        list(range(PAIN_MIN, PAIN_MAX + 1)),
        default=value,
        key=key,
        help=say("form.pain_help"),
        width="stretch",
    )


def pain_now(key: str, saved: int | None) -> None:
    """Ask for a pain score with big targets; `tapped` has what was tapped in the run before."""
    scores = list(range(PAIN_MIN, PAIN_MAX + 1))
    saved_choice(say("today.pain_question"), scores, saved, key, str, say("form.pain_help"))


def tapped(key: str) -> Any:
    """Return what was tapped in a `saved_choice` since the last run, once; None if nothing was."""
    return st.session_state.pop(f"{key}-tapped", None)


def saved_choice(
    label: str,
    options: Sequence[T],
    saved: T | None,
    key: str,
    words: Callable[[T], str],
    help_text: str | None = None,
) -> None:
    """Show a choice that always shows what is saved, and notes each tap for `tapped`."""

    def note_tap() -> None:
        st.session_state[f"{key}-tapped"] = st.session_state[key]

    st.session_state[key] = saved
    st.pills(
        label,
        options,
        format_func=words,
        key=key,
        help=help_text,
        required=True,
        on_change=note_tap,
        width="stretch",
    )


def pain_where(
    key: str, places: frozenset[PainPlace], side: PainSide | None
) -> tuple[frozenset[PainPlace], PainSide | None]:
    """Ask where it hurts; nothing needs to be chosen."""
    chosen = st.pills(
        say("form.pain_places"),
        list(PainPlace),
        selection_mode="multi",
        default=sorted(places),
        format_func=lambda place: say(f"pain.place_{place.value}"),
        key=f"{key}-places",
        width="stretch",
    )
    which = st.pills(
        say("form.pain_side"),
        list(PainSide),
        default=side,
        format_func=lambda one: say(f"pain.side_{one.value}"),
        key=f"{key}-side",
        width="stretch",
    )
    return frozenset(chosen), which


def time_input(label: str, key: str, value: time | None = None) -> time | None:
    """Ask for a time of day, in the way of the user's browser; None while none is given."""
    return st.time_input(label, value, key=key, step=timedelta(minutes=5), format="localized")


def comfort(key: str, value: int | None = None) -> int | None:
    """Ask how comfortable the session was, 1 to 5."""
    return st.pills(
        say("form.comfort"),
        list(range(COMFORT_MIN, COMFORT_MAX + 1)),
        default=value,
        key=key,
        format_func=lambda n: say(f"form.comfort_{n}"),
        width="stretch",
    )


def cramps(night: date | None, key: str, value: CrampLeg | None) -> CrampLeg | None:
    """Ask for leg cramps in one night, or in the night before a session (None)."""
    label = (
        say("form.cramps", night=sentence_day_text(night, today=night))
        if night
        else say("form.cramps_before")
    )
    return st.pills(
        label,
        list(CrampLeg),
        default=value,
        key=key,
        format_func=lambda leg: say(f"form.cramp_{leg.value}"),
        width="stretch",
    )


def note(key: str, value: str = "") -> str:
    """Ask for a note. It is data: it is shown as plain text only."""
    text = st.text_area(
        say("form.note"),
        value=value,
        key=key,
        placeholder=say("form.note_placeholder"),
        height=96,
    )
    return (text or "").strip()


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """A session as the form gave it, and the answer for the night before it."""

    session: Session
    cramp: CrampLeg | None

    @property
    def night(self) -> date:
        return dates.last_night(self.session.started.local)


def session_form(
    key: str,
    stretches: Sequence[Stretch],
    usual_s: Mapping[str, int],
    *,
    session: Session | None = None,
    cramp: CrampLeg | None = None,
) -> tuple[bool, SessionEntry | None]:
    """Show the whole form, for a new session or to edit one.

    `usual_s` are the seconds that an empty field begins with, by stretch; 0 for one not in it.
    Returns whether the user cancelled, and the entry once it is complete and sound. Until then
    the form stays as it was filled in, with a sentence on what to put right.
    """
    shown = session or blank_session(clock.now())
    with st.form(key, border=False):
        started = _ask_start(key, shown.started)
        part = st.pills(
            say("form.part"),
            list(DayPart),
            default=shown.part,
            key=f"{key}-part",
            format_func=lambda p: say(f"part.{p.value}"),
            required=True,
            width="stretch",
        )
        before = pain(say("form.pain_before"), f"{key}-before", shown.pain_before)
        after = pain(say("form.pain_after"), f"{key}-after", shown.pain_after)
        felt = comfort(f"{key}-comfort", shown.comfort)
        leg = cramps(None, f"{key}-cramp", cramp)
        fields = hold_fields(shown.holds, stretches)
        held_s = _ask_holds(key, fields, usual_s)
        text = note(f"{key}-note", shown.note)
        with st.container(horizontal=True):
            saved = st.form_submit_button(say("form.save"), type="primary", key=f"{key}-save")
            cancelled = st.form_submit_button(say("form.cancel"), key=f"{key}-cancel")
    if cancelled or not saved:
        return cancelled, None
    filled = FilledForm(started, part, before, after, felt, text, fields, held_s)
    problem = filled.problem(clock.now())
    if problem is not None:
        failure_box.show(problem)
        return False, None
    return False, SessionEntry(filled.session(shown), leg)


def _ask_start(key: str, shown: Moment) -> Moment | None:
    """Ask for the day and time of beginning; None while one of them is missing.

    A moment that the user does not change keeps its seconds and its offset.
    """
    wall = shown.local.replace(second=0, microsecond=0, tzinfo=None)
    left, right = st.columns(2)
    with left:
        day = day_input(say("form.when_day"), f"{key}-day", wall.date())
    time = right.time_input(
        say("form.when_time"), wall.time(), key=f"{key}-time", step=timedelta(minutes=5)
    )
    if day is None or time is None:
        return None
    given = datetime.combine(day, time)
    return shown if given == wall else moved_start(shown, given, clock.zone())


def _ask_holds(key: str, fields: Sequence[HoldField], usual_s: Mapping[str, int]) -> list[float]:
    """Ask for the seconds of each hold; return them in the order of the fields."""
    st.markdown(say("form.holds"))
    columns = st.columns(2)
    return [
        float(
            columns[number % 2].number_input(
                field.label,
                value=round(field.known.held_s if field.known else usual_s.get(field.stretch, 0)),
                step=5,
                key=f"{key}-hold-{number}",
            )
            or 0
        )
        for number, field in enumerate(fields)
    ]
