"""Form parts that pages share: ratings with big targets, and the whole session form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.models import (
    COMFORT_MAX,
    COMFORT_MIN,
    PAIN_MAX,
    PAIN_MIN,
    CrampLeg,
    DayPart,
    Hold,
    HoldOutcome,
    Moment,
    Session,
    SessionState,
    Side,
    new_id,
)
from holdwell.guide import Stretch
from holdwell.i18n.messages import day_text, say
from holdwell.sessions.validation import hold_problem, note_problem, when_problem
from holdwell.ui.runtime import clock

# Wide bounds: a date outside the sensible ones gets our own sentence, not a silent refusal.
EARLIEST = date(1900, 1, 1)
LATEST = date(2200, 12, 31)


def pain(label: str, key: str, value: int | None = None) -> int | None:
    """Ask for an NRS-11 score, one tap; a second tap takes it back."""
    return st.pills(
        label,
        list(range(PAIN_MIN, PAIN_MAX + 1)),
        default=value,
        key=key,
        help=say("form.pain_help"),
        width="stretch",
    )


def comfort(key: str, value: int | None = None) -> int | None:
    """Ask how comfortable it was, 1 to 5."""
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
        say("form.cramps", night=day_text(night, today=night))
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
class Entry:
    """What the session form gave: the session, and her answer for the night before it."""

    session: Session
    cramp: CrampLeg | None

    @property
    def night(self) -> date:
        return dates.last_night(self.session.started.local)


@dataclass(frozen=True, slots=True)
class HoldField:
    """One hold as the form shows it; `known` is the record it edits, if there is one."""

    stretch: Stretch | None
    stretch_id: str
    side: Side
    known: Hold | None

    @property
    def label(self) -> str:
        name = self.stretch.name if self.stretch else self.stretch_id
        return say("form.hold_label", stretch=name, side=say(f"side.{self.side.value}").lower())


def hold_fields(session: Session | None, stretches: Sequence[Stretch]) -> list[HoldField]:
    """The holds of a session, and an empty one for each stretch and side that it has not."""
    by_id = {s.id: s for s in stretches}
    fields = [
        HoldField(by_id.get(h.stretch), h.stretch, h.side, h)
        for h in (session.holds if session else ())
    ]
    have = {(f.stretch_id, f.side) for f in fields}
    fields += [
        HoldField(s, s.id, side, None)
        for s in stretches
        for side in Side
        if (s.id, side) not in have
    ]
    return fields


def session_form(
    key: str,
    stretches: Sequence[Stretch],
    usual_s: Mapping[str, int],
    *,
    session: Session | None = None,
    cramp: CrampLeg | None = None,
) -> tuple[bool, Entry | None]:
    """Show the whole form, for a new session or to edit one.

    `usual_s` are the seconds that a new one begins with, by stretch; 0 for those not in it.
    Returns whether she cancelled, and the entry once it is complete and sound. Until then the
    form stays as she filled it, with a sentence on what to put right.
    """
    now = clock.now()
    wall = session.started.local if session else now.local
    with st.form(key, border=False):
        left, right = st.columns(2)
        day = left.date_input(
            say("form.when_day"),
            wall.date(),
            EARLIEST,
            LATEST,
            key=f"{key}-day",
            format=clock.date_format(),
        )
        at = right.time_input(
            say("form.when_time"),
            wall.time().replace(second=0, microsecond=0),
            key=f"{key}-time",
            step=timedelta(minutes=5),
        )
        part = st.pills(
            say("form.part"),
            list(DayPart),
            default=session.part if session else dates.part_of_day(wall),
            key=f"{key}-part",
            format_func=lambda p: say(f"part.{p.value}"),
            required=True,
            width="stretch",
        )
        before = pain(
            say("form.pain_before"), f"{key}-before", session.pain_before if session else None
        )
        after = pain(
            say("form.pain_after"), f"{key}-after", session.pain_after if session else None
        )
        felt = comfort(f"{key}-comfort", session.comfort if session else None)
        leg = cramps(None, f"{key}-cramp", cramp)
        st.markdown(say("form.holds"))
        fields = hold_fields(session, stretches)
        seconds: list[float] = []
        columns = st.columns(2)
        for number, field in enumerate(fields):
            usual = 0 if session else usual_s.get(field.stretch_id, 0)
            start = field.known.held_s if field.known else usual
            given = columns[number % 2].number_input(
                field.label,
                value=round(start),
                step=5,
                key=f"{key}-hold-{number}",
            )
            seconds.append(float(given or 0))
        text = note(f"{key}-note", session.note if session else "")
        with st.container(horizontal=True):
            saved = st.form_submit_button(say("form.save"), type="primary", key=f"{key}-save")
            cancelled = st.form_submit_button(say("form.cancel"), key=f"{key}-cancel")
    if cancelled:
        return True, None
    if not saved:
        return False, None
    problem = _when_problem(day, at, now) or _holds_problem(fields, seconds) or note_problem(text)
    if problem is None and not any([*seconds, before is not None, after is not None, felt, text]):
        problem = say("log.nothing")
    if problem is not None or not isinstance(day, date) or at is None:
        st.warning(problem or say("log.no_day"), icon=":material/info:")
        return False, None
    started = _started(session, datetime.combine(day, at))
    record = Session(
        id=session.id if session else new_id(),
        started=started,
        local_day=dates.local_day(started.local),
        part=part,
        state=session.state if session else SessionState.LOGGED,
        ended=session.ended if session and started == session.started else None,
        pain_before=before,
        pain_after=after,
        comfort=felt,
        note=text,
        plan=session.plan if session else "",
        holds=edited_holds(fields, seconds),
    )
    return False, Entry(record, leg)


def _started(session: Session | None, wall: datetime) -> Moment:
    """The moment she means; one she did not change keeps its seconds and its offset."""
    if session is not None:
        known = session.started.local.replace(second=0, microsecond=0, tzinfo=None)
        if known == wall:
            return session.started
    return clock.at_wall_time(wall)


def _when_problem(day: object, at: time | None, now: Moment) -> str | None:
    if not isinstance(day, date) or at is None:
        return say("log.no_day")
    return when_problem(clock.at_wall_time(datetime.combine(day, at)), now)


def _holds_problem(fields: Sequence[HoldField], seconds: Sequence[float]) -> str | None:
    for field, held in zip(fields, seconds, strict=True):
        problem = hold_problem(field.label, held)
        if problem:
            return problem
    return None


def edited_holds(fields: Sequence[HoldField], seconds: Sequence[float]) -> tuple[Hold, ...]:
    """The holds after an edit. One left as it was keeps its record, one of 0 s that was never
    there stays away."""
    holds: list[Hold] = []
    for field, held in zip(fields, seconds, strict=True):
        known = field.known
        if known is not None and round(known.held_s) == held:
            holds.append(replace(known, position=len(holds)))
        elif known is not None or held > 0:
            planned = known.planned_s if known else held
            holds.append(
                Hold(
                    id=known.id if known else new_id(),
                    position=len(holds),
                    stretch=field.stretch_id,
                    side=field.side,
                    planned_s=planned,
                    held_s=held,
                    outcome=outcome(held, planned),
                    started=known.started if known else None,
                )
            )
    return tuple(holds)


def outcome(held_s: float, planned_s: float) -> HoldOutcome:
    """What a hold of these seconds is against its plan."""
    if held_s <= 0:
        return HoldOutcome.SKIPPED
    return HoldOutcome.FINISHED if held_s >= planned_s else HoldOutcome.SHORTENED
