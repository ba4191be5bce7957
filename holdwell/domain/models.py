"""The frozen dataclasses used throughout Holdwell, independent of storage and of pages."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum

PAIN_MIN, PAIN_MAX = 0, 10
"""NRS-11, the 11-point numeric rating scale for pain: 0 is no pain, 10 the worst imaginable.

Source: Hawker et al. (2011), Measures of adult pain, Arthritis Care & Research 63(S11):S240-S252.
"""
COMFORT_MIN, COMFORT_MAX = 1, 5
"""How comfortable the session itself felt, 1 (not at all) to 5 (very). Holdwell's own scale."""

HOLD_SECONDS_MIN, HOLD_SECONDS_MAX, HOLD_SECONDS_DEFAULT = 20, 90, 35
GET_READY_SECONDS_MIN, GET_READY_SECONDS_MAX, GET_READY_SECONDS_DEFAULT = 0, 60, 15
GOAL_MIN, GOAL_MAX, GOAL_DEFAULT = 1, 21, 14
"""Sessions a week. The default is the taught rhythm: twice a day, seven days."""
GOAL_PROPOSED = 7
"""The goal that Today and the settings propose. There is no goal until the user has chosen one."""
DAY_ENDS_AT_DEFAULT = 4
NOTE_MAX = 2000
ROUTINE_NAME_MAX = 40
REPEATS_MIN, REPEATS_MAX = 1, 5
"""How often each side of a stretch is held in one session."""
REST_SECONDS_MIN, REST_SECONDS_MAX = 0, 60
VOLUME_MIN, VOLUME_MAX, VOLUME_DEFAULT = 0, 100, 80
"""Percent of what the device's own volume allows."""


class Side(StrEnum):
    """The side of the raised leg."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


class DayPart(StrEnum):
    """The part of the day of a session: one of the two taught times, or any other."""

    MORNING = "morning"
    BEDTIME = "bedtime"
    OTHER = "other"


class SessionState(StrEnum):
    """OPEN has begun and not ended; a session in any other state is over."""

    OPEN = "open"
    FINISHED = "finished"
    STOPPED = "stopped"
    LOGGED = "logged"


class HoldOutcome(StrEnum):
    """FINISHED reached its planned time, SHORTENED began and ended early, SKIPPED never began."""

    FINISHED = "finished"
    SHORTENED = "shortened"
    SKIPPED = "skipped"


class CrampLeg(StrEnum):
    """Which leg cramped in a night. NONE is an answer too: there was no cramp."""

    NONE = "none"
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"

    def after(self, known: CrampLeg | None) -> CrampLeg:
        """Return this leg combined with the `known` one of the night: left and right are BOTH."""
        return self if known in (None, CrampLeg.NONE, self) else CrampLeg.BOTH


class PainPlace(StrEnum):
    """Where it hurts, if the user says so."""

    LOWER_BACK = "lower_back"
    PELVIS = "pelvis"
    HIP = "hip"
    """The hip or the buttock."""
    LEG = "leg"


class PainSide(StrEnum):
    """On which side it hurts, if the user says so."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


class DueDateSource(StrEnum):
    """What a due date was worked out from. UNKNOWN: entered before Holdwell asked for it."""

    DATE = "date"
    LAST_PERIOD = "last_period"
    SCAN = "scan"
    TRANSFER = "transfer"
    CONCEPTION = "conception"
    UNKNOWN = "unknown"


class LeftOutReason(StrEnum):
    """Why the scores of a day are left out of the trend."""

    ILLNESS = "illness"
    FALL = "fall"
    OTHER = "other"


class Cue(StrEnum):
    """A moment at which the timer speaks, sounds or buzzes; each can be silenced."""

    READY = "ready"
    BEGIN = "begin"
    HALFWAY = "halfway"
    LAST = "last"
    OUT = "out"
    SWITCH = "switch"
    NEXT = "next"
    DONE = "done"


class BirthKind(StrEnum):
    """How a birth went, if the user said so: guidance for the weeks after depends on it."""

    VAGINAL = "vaginal"
    CAESAREAN = "caesarean"


class Condition(StrEnum):
    """A condition beside pain in the back or legs that the guide takes into account."""

    PELVIC_GIRDLE_PAIN = "pelvic_girdle_pain"
    DIZZINESS = "dizziness"
    NOT_ON_ONE_LEG = "not_on_one_leg"


class Tracking(StrEnum):
    """Whether weeks and a goal are shown. PAUSED hides both and keeps every entry."""

    ON = "on"
    PAUSED = "paused"


def new_id() -> str:
    """Return a fresh random UUID (version 4) as text."""
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant with the UTC offset of the place where it happened.

    `utc` is aware and in UTC; `utc_offset` is in minutes east of UTC, -1080 to 1080.
    """

    utc: datetime
    utc_offset: int

    @classmethod
    def of(cls, aware: datetime) -> Moment:
        """Return the moment of an aware datetime, with its offset. ValueError if it is naive."""
        offset = aware.utcoffset()
        if offset is None:
            raise ValueError("a moment needs a datetime that knows its time zone")
        return cls(aware.astimezone(UTC), round(offset.total_seconds() / 60))

    @classmethod
    def from_iso(cls, utc_text: str, utc_offset: int) -> Moment:
        """Read what `iso` wrote. ValueError if the text is not an ISO 8601 time with a zone."""
        return cls.of(datetime.fromisoformat(utc_text)).at_offset(utc_offset)

    def at_offset(self, utc_offset: int) -> Moment:
        """Return the same instant seen from another offset (minutes)."""
        return Moment(self.utc, utc_offset)

    @property
    def iso(self) -> str:
        """The time in UTC as ISO 8601 with milliseconds, as it is stored. It sorts by time."""
        return self.utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    @property
    def local(self) -> datetime:
        """The wall-clock time where and when it happened, as an aware datetime."""
        return self.utc.astimezone(timezone(timedelta(minutes=self.utc_offset)))


@dataclass(frozen=True, slots=True)
class Profile:
    """What the user chose: the goal, how the timer runs, and whether weeks are shown at all.

    A new routine begins with `hold_seconds` and `first_side`. `volume` is in percent.
    """

    id: str = field(default_factory=new_id)
    goal_per_week: int = GOAL_DEFAULT
    hold_seconds: int = HOLD_SECONDS_DEFAULT
    get_ready_seconds: int = GET_READY_SECONDS_DEFAULT
    first_side: Side = Side.LEFT
    sound: bool = True
    voice: bool = True
    vibration: bool = True
    volume: int = VOLUME_DEFAULT
    quiet_cues: frozenset[Cue] = frozenset()
    tracking: Tracking = Tracking.ON
    welcomed: bool = False
    safety_seen: bool = False
    language: str = ""
    """The code of the chosen language; empty: the browser's."""
    conditions: frozenset[Condition] = frozenset()
    day_ends_at: int = DAY_ENDS_AT_DEFAULT
    """The hour (0 to 12) at which a day ends: what is earlier counts for the day before."""
    week_starts_on: int | None = None
    """The first day of a calendar week, 0 (Monday) to 6; None: the region's."""


@dataclass(frozen=True, slots=True)
class RoutineStretch:
    """One stretch of a routine, held `hold_s` seconds (20 to 90) on each side."""

    stretch: str
    hold_s: int = HOLD_SECONDS_DEFAULT


@dataclass(frozen=True, slots=True)
class Routine:
    """A session that the user put together and named: what to hold, in which order, how often.

    `part` is the time of day at which it is offered first. `rest_s` is the rest between two holds
    (0 to 60 seconds). `extra_side`, the side that hurts more, gets one more hold of each stretch.
    """

    id: str
    name: str
    stretches: tuple[RoutineStretch, ...]
    part: DayPart = DayPart.OTHER
    first_side: Side = Side.LEFT
    extra_side: Side | None = None
    repeats: int = REPEATS_MIN
    rest_s: int = REST_SECONDS_MIN


@dataclass(frozen=True, slots=True)
class Pregnancy:
    """One pregnancy. A date that was not given is None; `ended` comes without a reason."""

    id: str = field(default_factory=new_id)
    due_date: date | None = None
    birth_date: date | None = None
    ended: bool = False
    birth_kind: BirthKind | None = None

    @property
    def has_dates(self) -> bool:
        return self.due_date is not None or self.birth_date is not None


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold of one stretch on one side. `held_s` is in seconds, without paused time."""

    id: str
    position: int
    stretch: str
    side: Side
    planned_s: float
    held_s: float
    outcome: HoldOutcome
    started: Moment | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One session with its ratings. A rating that was not given is None, never a guess."""

    id: str
    started: Moment
    local_day: date
    part: DayPart
    state: SessionState
    ended: Moment | None = None
    pain_before: int | None = None
    pain_after: int | None = None
    comfort: int | None = None
    note: str = ""
    time_known: bool = True
    """Whether the time is known; if not, only the day of `started` means anything."""
    pain_places: frozenset[PainPlace] = frozenset()
    pain_side: PainSide | None = None
    plan: str = ""
    """The plan as JSON, so that the session can be resumed; empty if it was logged by hand."""
    holds: tuple[Hold, ...] = ()

    @property
    def at(self) -> Moment | None:
        """When the session began, or None if only the day is known."""
        return self.started if self.time_known else None

    @property
    def held_s(self) -> float:
        """The seconds held in total, without paused time."""
        return sum(hold.held_s for hold in self.holds)

    @property
    def counts(self) -> bool:
        """Whether the session counts, by the same rule as COUNTED in the store."""
        if self.state is SessionState.STOPPED:
            return any(hold.outcome is HoldOutcome.FINISHED for hold in self.holds)
        is_finished = self.state is SessionState.FINISHED
        return self.held_s > 0 if is_finished else self.state is SessionState.LOGGED


@dataclass(frozen=True, slots=True)
class CrampNight:
    """The answer about cramps in one night. `night` is the day on which the night began."""

    night: date
    leg: CrampLeg
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class CheckInAnswer:
    """What the user answered before a session. `answer` is the id of an answer in content/."""

    at: Moment
    local_day: date
    answer: str
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class PainEntry:
    """A pain score (NRS-11) logged without a session. `at` is None if only the day is known."""

    local_day: date
    score: int
    at: Moment | None = None
    places: frozenset[PainPlace] = frozenset()
    side: PainSide | None = None
    note: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class DueDate:
    """A due date as the user gave it, and its source.

    `given_on` is the local day on which the user gave it, or None if unknown.
    `source_day` is the day of the scan, transfer, conception or last period; `source_days` the
    gestational age in days at the scan, or the age of the embryo at the transfer.
    """

    pregnancy_id: str
    due_date: date
    source: DueDateSource = DueDateSource.DATE
    given_on: date | None = None
    source_day: date | None = None
    source_days: int | None = None
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class LeftOutDay:
    """A local day whose pain scores are left out of the trend."""

    day: date
    reason: LeftOutReason | None = None
    id: str = field(default_factory=new_id)
