"""A session as a sequence of holds: which stretch, which side, how long, and what leads to it.

A routine is what she shaped and named; a plan is one session of it, every hold with its UUID. The
plan is made in Python, run in the browser, and comes back as a report. Reading a report is
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

from holdwell.domain.dates import local_day, part_of_day
from holdwell.domain.models import (
    HOLD_SECONDS_DEFAULT,
    HOLD_SECONDS_MAX,
    HOLD_SECONDS_MIN,
    DayPart,
    Hold,
    HoldOutcome,
    Moment,
    Profile,
    Routine,
    RoutineStretch,
    Session,
    SessionState,
    Side,
    new_id,
)
from holdwell.guide import Stretch

RESUME_WITHIN = timedelta(hours=2)
"""An interrupted routine can be taken up again this long after it began; later it is kept as is."""

LONGEST_HOLD_S = 3600.0
"""A hold reported longer than an hour is a fault of a clock, and is cut to this."""

SHORT_SECONDS = 120
"""The short version of a routine takes no longer than this."""
SHORT_GET_READY_SECONDS = 10

MORNING_ID = "00000000-0000-4000-8000-000000000101"
BEDTIME_ID = "00000000-0000-4000-8000-000000000102"
"""Fixed ids of the two routines that everyone begins with: two windows make the same two."""


class Lead(StrEnum):
    """What comes before a hold: getting ready, changing the leg, the same leg once more, or
    changing the stretch."""

    READY = "ready"
    SWITCH = "switch"
    AGAIN = "again"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class PlannedHold:
    """One hold to come. `rest_s`, `lead_s` (to get ready) and `hold_s` are seconds, in turn."""

    id: str
    stretch: str
    side: Side
    hold_s: int
    lead: Lead
    lead_s: int
    rest_s: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """One session to come. `id` is the session's UUID."""

    id: str
    holds: tuple[PlannedHold, ...]

    @property
    def seconds(self) -> int:
        """How long it takes when nothing is paused or skipped."""
        return sum(h.rest_s + h.lead_s + h.hold_s for h in self.holds)

    def to_json(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Plan | None:
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
                    rest_s=_seconds(h.get("rest_s", 0)),
                )
                for h in raw["holds"]
            )
            return cls(str(raw["id"]), holds)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


def _seconds(value: Any) -> int:
    if not 0 <= int(value) <= LONGEST_HOLD_S:
        raise ValueError("no sensible number of seconds")
    return int(value)


def usual_item(stretch: Stretch, profile: Profile) -> RoutineStretch:
    """A stretch as it comes into a routine: held as long as she chose, else as it is taught."""
    chosen = profile.hold_seconds
    if chosen == HOLD_SECONDS_DEFAULT:
        # The middle, in the steps of five seconds in which she can change it.
        chosen = min(HOLD_SECONDS_MAX, (stretch.hold_min + stretch.hold_max) // 2 // 5 * 5)
    return RoutineStretch(stretch.id, chosen)


def starting_routines(
    names: Mapping[DayPart, str], stretches: Sequence[Stretch], profile: Profile
) -> tuple[Routine, ...]:
    """The routines before she has shaped any: everything taught, in the morning and at bedtime."""
    items = tuple(usual_item(s, profile) for s in stretches)
    return tuple(
        Routine(routine_id, names[part], items, part=part, first_side=profile.first_side)
        for routine_id, part in ((MORNING_ID, DayPart.MORNING), (BEDTIME_ID, DayPart.BEDTIME))
    )


def offered_first(routines: Sequence[Routine], part: DayPart) -> Routine:
    """The routine for this time of day, or the first. ValueError without any."""
    if not routines:
        raise ValueError("there is no routine to offer")
    return next((r for r in routines if r.part is part), routines[0])


def plan(routine: Routine, stretches: Sequence[Stretch], get_ready_s: int) -> Plan:
    """Plan one session of a routine, with `get_ready_s` seconds (0 to 60) before each hold.

    A stretch that is no longer taught is left out; a routine of which nothing is left becomes
    one of everything that is taught.
    """
    taught = {s.id for s in stretches}
    items = [item for item in routine.stretches if item.stretch in taught]
    items = items or [RoutineStretch(s.id) for s in stretches]
    holds: list[PlannedHold] = []
    for item in items:
        sides = [routine.first_side, routine.first_side.other] * routine.repeats
        if routine.extra_side is not None:
            sides.append(routine.extra_side)
        for turn, side in enumerate(sides):
            holds.append(
                PlannedHold(
                    id=new_id(),
                    stretch=item.stretch,
                    side=side,
                    hold_s=item.hold_s,
                    lead=_lead(holds, turn, side),
                    lead_s=get_ready_s,
                    rest_s=routine.rest_s if holds else 0,
                )
            )
    return Plan(new_id(), tuple(holds))


def _lead(holds: Sequence[PlannedHold], turn: int, side: Side) -> Lead:
    if not holds:
        return Lead.READY
    if turn == 0:
        return Lead.NEXT
    return Lead.AGAIN if holds[-1].side is side else Lead.SWITCH


def short_plan(routine: Routine, stretches: Sequence[Stretch], get_ready_s: int) -> Plan:
    """The same within `SHORT_SECONDS`: one short hold a side, no rests, as many stretches as fit.

    There is always one stretch, on both sides.
    """
    lead_s = min(get_ready_s, SHORT_GET_READY_SECONDS)
    fit = max(1, SHORT_SECONDS // (2 * (HOLD_SECONDS_MIN + lead_s)))
    taught = {s.id for s in stretches}
    items = tuple(
        RoutineStretch(item.stretch, HOLD_SECONDS_MIN)
        for item in routine.stretches
        if item.stretch in taught
    )
    items = items or tuple(RoutineStretch(s.id, HOLD_SECONDS_MIN) for s in stretches)
    short = replace(routine, stretches=items[:fit], repeats=1, rest_s=0, extra_side=None)
    return plan(short, stretches, lead_s)


class ReportPhase(StrEnum):
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Report:
    """What the browser says of a session: all of it, each time."""

    plan: Plan
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
        made = Plan.from_json(str(raw["plan"]))
        if made is None:
            return None
        offset = int(raw["utc_offset"])
        started = Moment.of(datetime.fromisoformat(str(raw["started_at"]))).at_offset(offset)
        ended_text = raw.get("ended_at")
        ended = (
            Moment.of(datetime.fromisoformat(str(ended_text))).at_offset(offset)
            if ended_text
            else None
        )
        planned = {h.id: (position, h) for position, h in enumerate(made.holds)}
        holds: dict[str, Hold] = {}
        for item in raw["holds"]:
            if item["id"] not in planned:
                continue
            position, spec = planned[item["id"]]
            holds[spec.id] = _hold(item, position, spec, offset)
        ordered = tuple(sorted(holds.values(), key=lambda h: h.position))
        return Report(made, ReportPhase(raw["phase"]), started, ended, ordered)
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
        id=report.plan.id,
        started=report.started,
        local_day=local_day(wall),
        part=part_of_day(wall),
        state=SessionState.OPEN,
        plan=report.plan.to_json(),
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
    made = Plan.from_json(session.plan)
    if made is None or session.state is not SessionState.OPEN:
        return False
    fresh = timedelta(0) <= now.utc - session.started.utc <= RESUME_WITHIN
    return fresh and len(session.holds) < len(made.holds)


def close_as_is(session: Session, now: Moment) -> Session:
    """End an open session with what was held, and no more."""
    last = max((h.started.utc for h in session.holds if h.started), default=session.started.utc)
    return replace(
        session,
        state=SessionState.STOPPED,
        ended=Moment(min(last, now.utc), session.started.utc_offset),
    )
