"""Read the reports of the browser's timer, and merge them into the sessions already known.

Merging is idempotent: a report has the whole session so far, and its holds the UUIDs of the plan.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, FiniteFloat, ValidationError

from holdwell.domain import models
from holdwell.domain.dates import local_day, part_of_day
from holdwell.domain.models import Hold, HoldOutcome, Moment, Profile, Session, SessionState
from holdwell.sessions.plan import LONGEST_HOLD_S, Plan

RESUME_WITHIN = timedelta(hours=2)
"""How long after its start an interrupted session can be resumed. Later it is kept as it is."""
_STATES = {
    "running": SessionState.OPEN,
    "done": SessionState.FINISHED,
    "stopped": SessionState.STOPPED,
}
"""The state of a session by the phase of the timer: `done` is the end of the plan."""
PLAN_MAX = 100_000
"""In characters: the same limit as in an export, which could not be imported with more."""
_Time = Annotated[
    AwareDatetime, Field(ge=datetime(1901, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))
]
"""A time that every page and export can show: a year within their bounds (1900 to 2200)."""


class _HoldMessage(BaseModel):
    id: str
    held_s: FiniteFloat
    outcome: HoldOutcome
    started_at: _Time | None = None


class _Message(BaseModel):
    """A report as the browser sends it."""

    plan: Annotated[str, Field(max_length=PLAN_MAX)]
    phase: Literal["running", "done", "stopped"]
    started_at: _Time
    ended_at: _Time | None = None
    utc_offset: int = Field(ge=-1080, le=1080)
    holds: list[_HoldMessage]

    def moment(self, at: AwareDatetime | None) -> Moment | None:
        return Moment.of(at).at_offset(self.utc_offset) if at else None


def read_report(raw: object, day_ends_at: int = models.DAY_ENDS_AT_DEFAULT) -> Session | None:
    """Return the session so far that the timer sent, or None for anything but a whole report.

    Holds that are not in the plan are left out, and each planned hold is read once. The hour
    `day_ends_at` decides the local day and part of the day.
    """
    try:
        message = _Message.model_validate(raw)
        plan = Plan.from_json(message.plan)
        started = message.moment(message.started_at)
        if plan is None or started is None or len({h.id for h in plan.holds}) < len(plan.holds):
            return None
        reported = {hold.id: hold for hold in message.holds}
        holds = tuple(
            Hold(
                id=planned.id,
                position=position,
                stretch=planned.stretch,
                side=planned.side,
                planned_s=float(planned.hold_s),
                held_s=min(max(hold.held_s, 0.0), float(LONGEST_HOLD_S)),
                outcome=hold.outcome,
                started=message.moment(hold.started_at),
            )
            for position, planned in enumerate(plan.holds)
            if (hold := reported.get(planned.id))
        )
        return Session(
            id=plan.id,
            started=started,
            local_day=local_day(started.local, day_ends_at),
            part=part_of_day(started.local, day_ends_at),
            state=_STATES[message.phase],
            ended=message.moment(message.ended_at),
            plan=plan.to_json(),
            holds=holds,
        )
    except (ValidationError, OverflowError):
        # A time in the year 1 or 9999 may lie outside of Python's years in UTC.
        return None


class Preferences(BaseModel, frozen=True, strict=True):
    """The settings that the user can change on the timer itself; `volume` is in percent."""

    sound: bool
    voice: bool
    vibration: bool
    volume: Annotated[
        int, AfterValidator(lambda v: min(max(v, models.VOLUME_MIN), models.VOLUME_MAX))
    ]

    def apply(self, profile: Profile) -> Profile:
        """Return the profile with these settings."""
        return replace(profile, **self.model_dump())


def read_preferences(raw: object) -> Preferences | None:
    """Read the settings that the timer sent, or return None if one is missing or invalid."""
    try:
        return Preferences.model_validate(raw)
    except ValidationError:
        return None


def merge(known: Session | None, report: Session) -> Session:
    """Return the session with a report merged in. Merging it a second time changes nothing.

    `known` is None for a new session. A session that has ended stays so: a late report from another
    tab may add holds, but does not open it again, and never changes the ratings.
    """
    if known is None:
        return report
    is_open = known.state is SessionState.OPEN
    holds = {hold.id: hold for hold in known.holds}
    for hold in report.holds:
        earlier = holds.get(hold.id)
        # If two tabs report one hold, the longer time is what was held. A session that has ended
        # may have been edited since, and the edit is kept.
        if earlier is None or (is_open and hold.held_s >= earlier.held_s):
            holds[hold.id] = hold
    return replace(
        known,
        state=report.state if is_open else known.state,
        ended=known.ended or report.ended,
        holds=tuple(sorted(holds.values(), key=lambda hold: hold.position)),
    )


def can_resume(session: Session, now: Moment) -> bool:
    """Return whether an open session is recent enough to resume and has a hold left to do."""
    plan = Plan.from_json(session.plan)
    if plan is None or session.state is not SessionState.OPEN:
        return False
    # A session begins by the clock of the phone, which may be ahead of this computer's.
    is_recent = abs(now.utc - session.started.utc) <= RESUME_WITHIN
    return is_recent and len(session.holds) < len(plan.holds)


def close_as_is(session: Session, now: Moment) -> Session:
    """Return an open session as stopped, with the holds it has."""
    last = max((h.started.utc for h in session.holds if h.started), default=session.started.utc)
    return replace(
        session,
        state=SessionState.STOPPED,
        ended=Moment(min(last, now.utc), session.started.utc_offset),
    )
