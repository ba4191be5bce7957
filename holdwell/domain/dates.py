"""Gestational age, trimester, postpartum week and local days: plain date arithmetic.

Two kinds of day are kept apart. A *calendar date* changes at midnight; due dates, birth dates and
weeks use it. A *local day* is what the user calls the day: a session at half past midnight before
sleep still belongs to the evening before, so a local day ends at 04:00, or at the hour that the
user chose.
"""

from bisect import bisect
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum

from holdwell.domain.models import DAY_ENDS_AT_DEFAULT, DayPart, DueDateSource, Moment, Pregnancy

PREGNANCY_DAYS = 280
"""From the first day of the last period to the due date (Naegele's rule).

Source: ACOG Committee Opinion 700, Methods for Estimating the Due Date (2017).
"""
LONGEST_PREGNANCY_DAYS = 44 * 7
"""A date later than 44w 0d is treated as a typing error."""
SHORTEST_BIRTH_DAYS = 20 * 7
"""Before 20w 0d an end of pregnancy is not recorded as a birth.

Source: ACOG Obstetric Care Consensus 10, Management of Stillbirth (2020). WHO draws the line at 22
completed weeks (ICD-10, perinatal period).
"""
POSTPARTUM_YEARS = 10
"""Weeks are counted for ten years after a birth; an older date is treated as a typing error."""

NIGHT_TURNS_AT = time(12, 0)
BEDTIME_FROM = time(18, 0)


class Trimester(StrEnum):
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"


TRIMESTER_WEEKS = (0, 14, 28)
"""The completed weeks at which each trimester begins.

Source: ACOG, How Your Fetus Grows During Pregnancy (FAQ 156, 2024).
"""


AFTER_BIRTH = "postpartum"
"""The key of the time after birth, used beside those of the three trimesters."""


@dataclass(frozen=True, slots=True, order=True)
class GestationalAge:
    """The days since the first day of the last period (0 or more)."""

    total_days: int

    def __post_init__(self) -> None:
        if self.total_days < 0:
            raise ValueError("gestational age cannot be negative")

    @property
    def weeks(self) -> int:
        """Completed weeks."""
        return self.total_days // 7

    @property
    def days(self) -> int:
        """Days past the completed week, 0 to 6."""
        return self.total_days % 7

    @property
    def trimester(self) -> Trimester:
        """The trimester by TRIMESTER_WEEKS: the first lasts to 13w 6d, the second to 27w 6d."""
        return list(Trimester)[bisect(TRIMESTER_WEEKS, self.weeks) - 1]


_DAYS_TO_DUE_DATE = {
    DueDateSource.LAST_PERIOD: PREGNANCY_DAYS,
    DueDateSource.SCAN: PREGNANCY_DAYS,
    DueDateSource.TRANSFER: PREGNANCY_DAYS - 14,
    DueDateSource.CONCEPTION: PREGNANCY_DAYS - 14,
}
"""Days from each source to the due date; conception is at 2w 0d (ACOG Committee Opinion 700)."""


def due_date_from(source: DueDateSource, day: date, days: int = 0) -> date:
    """Return the due date by the day of a last period, scan, transfer or conception.

    `days` is the gestational age found by the scan, or the age of the embryo at its transfer: a
    day-5 embryo is due 261 days later, a day-3 embryo 263 days (ACOG Committee Opinion 700).
    """
    return day + timedelta(days=_DAYS_TO_DUE_DATE[source] - days)


def lmp_from_due_date(due_date: date) -> date:
    """Return day 0 of the pregnancy, 280 days before the due date (ACOG, as above)."""
    return due_date - timedelta(days=PREGNANCY_DAYS)


def _pregnant_days(due_date: date, on: date) -> int:
    """Return the gestational age in days on a calendar date; negative before day 0."""
    return (on - lmp_from_due_date(due_date)).days


class StageKind(StrEnum):
    PREGNANT = "pregnant"
    POSTPARTUM = "postpartum"
    ENDED = "ended"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class Stage:
    """The user's stage on a date. Only the field that belongs to the `kind` is set."""

    kind: StageKind
    age: GestationalAge | None = None
    weeks_after_birth: int | None = None


def stage(pregnancy: Pregnancy | None, on: date) -> Stage:
    """Return the user's stage on a calendar date.

    No dates, a date outside the pregnancy, or a due date long past with no birth date gives
    UNSTATED, and an ended pregnancy ENDED: no week is better than a wrong or hurtful one.
    """
    if pregnancy is None:
        return Stage(StageKind.UNSTATED)
    if pregnancy.ended:
        return Stage(StageKind.ENDED)
    if pregnancy.birth_date is not None and on >= pregnancy.birth_date:
        weeks = (on - pregnancy.birth_date).days // 7
        return Stage(StageKind.POSTPARTUM, weeks_after_birth=weeks)
    if pregnancy.due_date is not None:
        days = _pregnant_days(pregnancy.due_date, on)
        if 0 <= days <= LONGEST_PREGNANCY_DAYS:
            return Stage(StageKind.PREGNANT, age=GestationalAge(days))
    return Stage(StageKind.UNSTATED)


def stage_at(pregnancy: Pregnancy | None, wall: datetime, today: date) -> Stage:
    """Return the user's stage at a wall-clock time that belongs to the local day `today`.

    A birth after midnight can be recorded before that day ends; it counts from then on.
    """
    birth = pregnancy.birth_date if pregnancy is not None else None
    if birth is not None and birth <= wall.date():
        today = max(today, birth)
    return stage(pregnancy, today)


def trimester_spans(pregnancy: Pregnancy | None) -> list[tuple[str, date, date]]:
    """Return the key, first day and last day of each trimester and of the time after birth.

    The time after birth lasts `POSTPARTUM_YEARS`; a pregnancy without a birth date lasts until
    44w 0d. Empty without dates, or if the pregnancy ended.
    """
    if pregnancy is None or pregnancy.ended:
        return []
    birth = pregnancy.birth_date
    spans: list[tuple[str, date, date]] = []
    if pregnancy.due_date is not None:
        start = lmp_from_due_date(pregnancy.due_date)
        end = (birth or start + timedelta(days=LONGEST_PREGNANCY_DAYS + 1)) - timedelta(days=1)
        starts = [start + timedelta(weeks=week) for week in TRIMESTER_WEEKS]
        lasts = [*(begin - timedelta(days=1) for begin in starts[1:]), end]
        for trimester, begin, last in zip(Trimester, starts, lasts, strict=True):
            if begin <= end:
                spans.append((trimester.value, begin, min(last, end)))
    if birth is not None:
        spans.append((AFTER_BIRTH, birth, birth + timedelta(days=POSTPARTUM_YEARS * 366)))
    return spans


def is_clock_of(moment: Moment, zone: tzinfo | None) -> bool:
    """Return whether a moment has the UTC offset that a zone had at that time."""
    return moment.utc.astimezone(zone).utcoffset() == moment.local.utcoffset()


def moment_at(wall: datetime, zone: tzinfo | None = None, utc_offset: int | None = None) -> Moment:
    """Return the moment of a naive wall-clock time in a zone; None is this computer's zone.

    A time that a change to summer time skips is moved past the change. Of a time that occurs
    twice, the one with `utc_offset` (minutes) is taken, or else the first (PEP 495, fold=0).
    """
    if utc_offset is not None:
        same = Moment.of(wall.replace(tzinfo=timezone(timedelta(minutes=utc_offset))))
        if is_clock_of(same, zone):
            return same
    aware = wall.replace(tzinfo=zone) if zone else wall.astimezone()
    if zone is None and aware.replace(tzinfo=None) != wall:
        # Python moves a skipped time back in this computer's zone, but forward in a ZoneInfo.
        aware = wall.replace(fold=1).astimezone()
    # Converting to UTC and back turns a skipped time into one that the clock showed.
    return Moment.of(aware.astimezone(UTC).astimezone(zone))


def local_day(moment: datetime, ends_at: int = DAY_ENDS_AT_DEFAULT) -> date:
    """Return the local day of a wall-clock time: before the hour `ends_at`, the day before."""
    return (moment.replace(tzinfo=None) - timedelta(hours=ends_at)).date()


def night_of(moment: datetime) -> date:
    """Return the day on which the night of a cramp felt now began: from 18:00 on, today."""
    today = moment.date()
    return today if moment.time() >= BEDTIME_FROM else today - timedelta(days=1)


def last_night(moment: datetime, ends_at: int = DAY_ENDS_AT_DEFAULT) -> date:
    """Return the night that the user calls "last night": the one before the local day."""
    return local_day(moment, ends_at) - timedelta(days=1)


def part_of_day(moment: datetime, ends_at: int = DAY_ENDS_AT_DEFAULT) -> DayPart:
    """Guess the part of the day: bedtime from 18:00 to the hour `ends_at`, morning from then to
    11:59, other between."""
    clock = moment.time()
    if clock >= BEDTIME_FROM or clock < time(ends_at):
        return DayPart.BEDTIME
    return DayPart.MORNING if clock < NIGHT_TURNS_AT else DayPart.OTHER


def week_start(day: date, first_weekday: int = 0) -> date:
    """Return the first day of the week of a day; weeks begin on `first_weekday`, 0 is Monday."""
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


Days = tuple[date, date]
"""A first and a last day."""


@dataclass(frozen=True, slots=True)
class DaySpan:
    """The local days `first` to `last`; None: without a beginning, or without an end."""

    first: date | None = None
    last: date | None = None

    @property
    def bounds(self) -> Days:
        """The first and last day, never None, for comparisons in SQL."""
        return self.first or date.min, self.last or date.max

    def has(self, day: date) -> bool:
        first, last = self.bounds
        return first <= day <= last

    def clamp(self, first: date, last: date) -> Days | None:
        """Return the part of `first` to `last` that lies in the span, or None without one."""
        low, high = self.bounds
        begin, end = max(first, low), min(last, high)
        return (begin, end) if begin <= end else None


class DateProblem(StrEnum):
    """A problem with the dates given; content/wording has a sentence for each."""

    LMP_FUTURE = "lmp_future"
    LMP_TOO_OLD = "lmp_too_old"
    DUE_TOO_FAR = "due_too_far"
    DUE_LONG_PAST = "due_long_past"
    BIRTH_FUTURE = "birth_future"
    BIRTH_TOO_OLD = "birth_too_old"
    BIRTH_TOO_EARLY_FOR_DUE = "birth_too_early_for_due"
    BIRTH_TOO_LATE_FOR_DUE = "birth_too_late_for_due"
    SOURCE_FUTURE = "source_future"
    NO_DATE = "no_date"
    BEFORE_EARLIER = "before_earlier"
    AFTER_LATER = "after_later"


def check_lmp(first_day_of_last_period: date, today: date) -> DateProblem | None:
    """Check the first day of the last period, for a pregnancy under way today."""
    if first_day_of_last_period > today:
        return DateProblem.LMP_FUTURE
    if (today - first_day_of_last_period).days > LONGEST_PREGNANCY_DAYS:
        return DateProblem.LMP_TOO_OLD
    return None


def check_due_date(due_date: date, today: date) -> DateProblem | None:
    """Check that a due date puts the user at 0w 0d to 44w 0d of pregnancy today."""
    days = _pregnant_days(due_date, today)
    if days < 0:
        return DateProblem.DUE_TOO_FAR
    if days > LONGEST_PREGNANCY_DAYS:
        return DateProblem.DUE_LONG_PAST
    return None


def check_birth(birth_date: date, due_date: date | None, today: date) -> DateProblem | None:
    """Check a birth date, and that the birth is at 20w 0d to 44w 0d by the due date."""
    if birth_date > today:
        return DateProblem.BIRTH_FUTURE
    if (today - birth_date).days > POSTPARTUM_YEARS * 366:
        return DateProblem.BIRTH_TOO_OLD
    if due_date is not None:
        days = _pregnant_days(due_date, birth_date)
        if days < SHORTEST_BIRTH_DAYS:
            return DateProblem.BIRTH_TOO_EARLY_FOR_DUE
        if days > LONGEST_PREGNANCY_DAYS:
            return DateProblem.BIRTH_TOO_LATE_FOR_DUE
    return None
