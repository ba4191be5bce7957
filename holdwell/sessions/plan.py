"""The plan of a session: which stretch, which side, how long, and what leads to each hold.

A routine is what the user put together and named; a plan is one session of it, in which every hold
has a UUID. The plan is made in Python, run in the browser, and sent back in its `timer_report`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from holdwell.domain import models
from holdwell.domain.models import DayPart, Profile, Routine, RoutineStretch, Side, new_id
from holdwell.guide.model import Stretch

LONGEST_HOLD_S = 3600
"""No hold lasts longer than an hour: a longer one comes from a faulty clock."""

COME_OUT_SECONDS = 8
"""The time to come out of a hold, the last one included."""

SHORT_SECONDS = 125
"""The most that a short routine takes: two minutes, and coming out of the last hold."""
SHORT_GET_READY_SECONDS = 5
SHORT_COME_OUT_SECONDS = 5

FIRST_EXTRA_SECONDS = 5
"""The extra time to get ready for the first hold: the user puts the phone down, and the voice takes
10 to 14 s to say the position."""

MORNING_ID = "00000000-0000-4000-8000-000000000101"
BEDTIME_ID = "00000000-0000-4000-8000-000000000102"
"""Fixed ids of the two first routines, so that two windows opened at once save them once."""

Seconds = Annotated[int, Field(ge=0, le=LONGEST_HOLD_S)]
Id = Annotated[str, Field(min_length=1, max_length=100)]
"""The same limit as in an export, which could not be imported with a longer id."""


class Lead(StrEnum):
    """What comes before a hold: getting ready for the first one, the other leg, the same leg once
    more, or the next stretch."""

    READY = "ready"
    SWITCH = "switch"
    AGAIN = "again"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class PlannedHold:
    """One hold to come: `rest_s` seconds of rest, `lead_s` to get ready, `hold_s` held, and
    `out_s` to come out, which is 0 in a plan of an earlier version."""

    id: Id
    stretch: Id
    side: Side
    hold_s: Seconds
    lead: Lead
    lead_s: Seconds
    rest_s: Seconds = 0
    out_s: Seconds = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned session, with the UUID that the session will have."""

    id: Id
    holds: tuple[PlannedHold, ...]

    @property
    def seconds(self) -> int:
        """The length of the session when nothing is paused or skipped."""
        return sum(h.rest_s + h.lead_s + h.hold_s + h.out_s for h in self.holds)

    def to_json(self) -> str:
        """Return the plan as JSON, as the browser and the database keep it."""
        return _ADAPTER.dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str) -> Plan | None:
        """Read a plan back, or return None if the text is not one."""
        try:
            return _ADAPTER.validate_json(text)
        except ValidationError:
            return None


_ADAPTER = TypeAdapter(Plan)


def usual_item(stretch: Stretch, profile: Profile) -> RoutineStretch:
    """Return a stretch for a new routine, held as long as the user chose, or as it is taught."""
    chosen = profile.hold_seconds
    if chosen == models.HOLD_SECONDS_DEFAULT:
        # The middle of the taught range, rounded down to the form's steps of five seconds.
        chosen = min(models.HOLD_SECONDS_MAX, (stretch.hold_min + stretch.hold_max) // 2 // 5 * 5)
    return RoutineStretch(stretch.id, chosen)


def offered_first(routines: Sequence[Routine], part: DayPart) -> Routine:
    """Return the routine for this part of the day, else the first."""
    return next((r for r in routines if r.part is part), routines[0])


def plan(
    routine: Routine, stretches: Sequence[Stretch], get_ready_s: int, out_s: int = COME_OUT_SECONDS
) -> Plan:
    """Plan one session of a routine, with `get_ready_s` seconds (0 to 60) before each hold
    and `out_s` after it.

    Before the first hold there are `FIRST_EXTRA_SECONDS` more, unless `get_ready_s` is 0.
    Stretches no longer taught are left out; if none remains, the plan has all that are taught.
    """
    sides = [routine.first_side, routine.first_side.other] * routine.repeats
    if routine.extra_side is not None:
        sides.append(routine.extra_side)
    again = [Lead.AGAIN if side is after else Lead.SWITCH for side, after in pairwise(sides)]
    holds = [
        PlannedHold(
            id=new_id(),
            stretch=item.stretch,
            side=side,
            hold_s=item.hold_s,
            lead=lead,
            lead_s=get_ready_s,
            rest_s=routine.rest_s,
            out_s=out_s,
        )
        for item in _taught(routine, stretches)
        for side, lead in zip(sides, [Lead.NEXT, *again], strict=True)
    ]
    first_s = get_ready_s + FIRST_EXTRA_SECONDS if get_ready_s else 0
    first = (replace(hold, lead=Lead.READY, lead_s=first_s, rest_s=0) for hold in holds[:1])
    return Plan(new_id(), (*first, *holds[1:]))


def _taught(routine: Routine, stretches: Sequence[Stretch]) -> tuple[RoutineStretch, ...]:
    """Return the stretches of a routine still taught, or all taught stretches if none is."""
    taught = {s.id for s in stretches}
    items = tuple(item for item in routine.stretches if item.stretch in taught)
    return items or tuple(RoutineStretch(s.id) for s in stretches)


def short_plan(routine: Routine, stretches: Sequence[Stretch], get_ready_s: int) -> Plan:
    """Plan a routine within `SHORT_SECONDS`: one short hold a side, no rests.

    The plan has as many of the routine's stretches as fit, and at least one, on both sides.
    """
    lead_s = min(get_ready_s, SHORT_GET_READY_SECONDS)
    hold_s = models.HOLD_SECONDS_MIN
    each_s = lead_s + hold_s + SHORT_COME_OUT_SECONDS
    fit = max(1, (SHORT_SECONDS - FIRST_EXTRA_SECONDS) // (2 * each_s))
    items = tuple(RoutineStretch(s.stretch, hold_s) for s in _taught(routine, stretches)[:fit])
    short = replace(routine, stretches=items, repeats=1, rest_s=0, extra_side=None)
    return plan(short, stretches, lead_s, SHORT_COME_OUT_SECONDS)
