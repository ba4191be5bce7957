"""A session as a sequence of holds: which stretch, which side, how long, and what leads to it.

The plan is made in Python, run in the browser, and comes back as a report. Reading a report is
idempotent: every hold carries the UUID it was planned with, and a report says all of it each time.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from holdwell.calendar import local_day, part_of_day
from holdwell.guide import Stretch
from holdwell.records import (
    Hold,
    HoldOutcome,
    Moment,
    Profile,
    Session,
    SessionState,
    Side,
    new_id,
)

RESUME_WITHIN = timedelta(hours=2)
"""An interrupted routine can be taken up again this long after it began; later it is kept as is."""

LONGEST_HOLD_S = 3600.0
"""A hold reported longer than an hour is a fault of a clock, and is cut to this."""


class Lead(StrEnum):
    """What comes before a hold: getting ready, changing the leg, or changing the stretch."""

    READY = "ready"
    SWITCH = "switch"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class PlannedHold:
    """One hold to come. `hold_s` and `lead_s` are seconds."""

    id: str
    stretch: str
    side: Side
    hold_s: int
    lead: Lead
    lead_s: int


@dataclass(frozen=True, slots=True)
class Routine:
    """A session's plan. `id` is the session's UUID."""

    id: str
    holds: tuple[PlannedHold, ...]

    @property
    def seconds(self) -> int:
        """How long it takes when nothing is paused or skipped."""
        return sum(h.hold_s + h.lead_s for h in self.holds)

    def to_json(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Routine | None:
        """Read a plan back, or None if it is not one."""
        try:
            raw = json.loads(text)
            holds = tuple(
                PlannedHold(
                    id=str(h["id"]),
                    stretch=str(h["stretch"]),
                    side=Side(h["side"]),
                    hold_s=_seconds(h["hold_s"]),
                    lead=Lead(h["lead"]),
                    lead_s=_seconds(h["lead_s"]),
                )
                for h in raw["holds"]
            )
            return cls(str(raw["id"]), holds)
        except (ValueError, KeyError, TypeError):
            return None


def _seconds(value: Any) -> int:
    if not 0 <= int(value) <= LONGEST_HOLD_S:
        raise ValueError("no sensible number of seconds")
    return int(value)


def plan(stretches: Sequence[Stretch], profile: Profile) -> Routine:
    """Plan one session: each stretch on both sides, her first side first."""
    second = Side.RIGHT if profile.first_side is Side.LEFT else Side.LEFT
    holds = []
    for number, stretch in enumerate(stretches):
        for side in (profile.first_side, second):
            first_lead = Lead.NEXT if number else Lead.READY
            lead = Lead.SWITCH if side is second else first_lead
            holds.append(
                PlannedHold(
                    id=new_id(),
                    stretch=stretch.id,
                    side=side,
                    hold_s=profile.hold_seconds,
                    lead=lead,
                    lead_s=profile.get_ready_seconds,
                )
            )
    return Routine(new_id(), tuple(holds))


class ReportPhase(StrEnum):
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Report:
    """What the browser says of a routine: all of it, each time."""

    routine: Routine
    phase: ReportPhase
    started: Moment
    ended: Moment | None
    holds: tuple[Hold, ...]


def read_report(raw: object) -> Report | None:
    """Read what the timer sent. Anything that is not a whole report gives None.

    A hold that the plan does not have is left out; one that it has counts once.
    """
    if not isinstance(raw, Mapping):
        return None
    try:
        routine = Routine.from_json(str(raw["plan"]))
        if routine is None:
            return None
        offset = int(raw["utc_offset"])
        started = Moment.of(datetime.fromisoformat(str(raw["started_at"]))).at_offset(offset)
        ended_text = raw.get("ended_at")
        ended = (
            Moment.of(datetime.fromisoformat(str(ended_text))).at_offset(offset)
            if ended_text
            else None
        )
        planned = {h.id: (position, h) for position, h in enumerate(routine.holds)}
        holds: dict[str, Hold] = {}
        for item in raw["holds"]:
            if item["id"] not in planned:
                continue
            position, spec = planned[item["id"]]
            holds[spec.id] = _hold(item, position, spec, offset)
        ordered = tuple(sorted(holds.values(), key=lambda h: h.position))
        return Report(routine, ReportPhase(raw["phase"]), started, ended, ordered)
    except (ValueError, KeyError, TypeError):
        return None


def _hold(item: Mapping[str, Any], position: int, spec: PlannedHold, offset: int) -> Hold:
    held = float(item["held_s"])
    if not math.isfinite(held):
        raise ValueError("held_s is not a number of seconds")
    begun = item.get("started_at")
    return Hold(
        id=spec.id,
        position=position,
        stretch=spec.stretch,
        side=spec.side,
        planned_s=float(spec.hold_s),
        held_s=min(max(held, 0.0), LONGEST_HOLD_S),
        outcome=HoldOutcome(item["outcome"]),
        started=(
            Moment.of(datetime.fromisoformat(str(begun))).at_offset(offset) if begun else None
        ),
    )


def merge(known: Session | None, report: Report) -> Session:
    """Bring a report into what is known of the session. Saying it twice changes nothing.

    A session that is at rest stays at rest: a late report from another tab may add holds to it
    but does not open it again, and never touches her ratings.
    """
    wall = report.started.local
    base = known or Session(
        id=report.routine.id,
        started=report.started,
        local_day=local_day(wall),
        part=part_of_day(wall),
        state=SessionState.OPEN,
        plan=report.routine.to_json(),
    )
    at_work = base.state is SessionState.OPEN
    holds = {hold.id: hold for hold in base.holds}
    for hold in report.holds:
        earlier = holds.get(hold.id)
        # Of two accounts of one hold (two tabs), the longer one is what was held; but one of a
        # session at rest may have been edited by her since, and her word stands.
        if earlier is None or (at_work and hold.held_s >= earlier.held_s):
            holds[hold.id] = hold
    state = base.state
    if state is SessionState.OPEN and report.phase is not ReportPhase.RUNNING:
        state = SessionState.FINISHED if report.phase is ReportPhase.DONE else SessionState.STOPPED
    return replace(
        base,
        state=state,
        ended=base.ended or report.ended,
        holds=tuple(sorted(holds.values(), key=lambda h: h.position)),
    )


def can_resume(session: Session, now: Moment) -> bool:
    """Whether an open session is fresh enough to go on with, and has a hold left to do."""
    routine = Routine.from_json(session.plan)
    if routine is None or session.state is not SessionState.OPEN:
        return False
    fresh = timedelta(0) <= now.utc - session.started.utc <= RESUME_WITHIN
    return fresh and len(session.holds) < len(routine.holds)


def close_as_is(session: Session, now: Moment) -> Session:
    """End an open session with what was held, and no more."""
    last = max((h.started.utc for h in session.holds if h.started), default=session.started.utc)
    return replace(
        session,
        state=SessionState.STOPPED,
        ended=Moment(min(last, now.utc), session.started.utc_offset),
    )
