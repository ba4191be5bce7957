"""The numbering of weeks that counts and charts share, the same in Python and in SQL.

By stage: weeks of pregnancy, then weeks after birth; the week of the birth is split in two at the
birth. By calendar: weeks from Monday to Sunday, or from another first day.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from holdwell.domain.dates import LONGEST_PREGNANCY_DAYS, lmp_from_due_date, week_start
from holdwell.domain.models import Pregnancy

EPOCH_MONDAY = date(1970, 1, 5)
_BIG = 10_000
"""Weeks added before dividing: SQLite rounds towards zero, and earlier days must round down."""


@dataclass(frozen=True, slots=True)
class WeekAxis:
    """Weeks numbered from `origin`; from `birth` on, each begins on the weekday of the birth."""

    origin: date
    birth: date | None = None
    by_stage: bool = False
    knows_pregnancy: bool = False

    @property
    def birth_index(self) -> int | None:
        """The number of the last week of pregnancy, cut short by the birth."""
        return None if self.birth is None else ((self.birth - self.origin).days - 1) // 7

    def index(self, day: date) -> int:
        """Return the number of the week that a day is in."""
        if self.birth is not None and self.birth_index is not None and day >= self.birth:
            return self.birth_index + 1 + (day - self.birth).days // 7
        return (day - self.origin).days // 7

    def first_day(self, index: int) -> date:
        """Return the first day of a week."""
        cut = self.birth_index
        if self.birth is not None and cut is not None and index > cut:
            return self.birth + timedelta(weeks=index - cut - 1)
        return self.origin + timedelta(weeks=index)

    def last_day(self, index: int) -> date:
        """Return the last day of a week: six days later, or the day before the birth."""
        last = self.first_day(index) + timedelta(days=6)
        if self.birth is not None and index == self.birth_index:
            return min(last, self.birth - timedelta(days=1))
        return last

    def position(self, day: date) -> float:
        """Return the position of the start of a day, in weeks: 24.0 is the start of week 24."""
        index = self.index(day)
        return index + (day - self.first_day(index)).days / 7

    def is_full(self, index: int, first: date, last: date) -> bool:
        """Return whether all seven days of a week lie between `first` and `last`, both included."""
        start, end = self.first_day(index), self.last_day(index)
        return (end - start).days == 6 and first <= start and end <= last

    def sql(self, column: str) -> str:
        """Return the same numbering as an SQL expression over a column of ISO dates."""
        before = _weeks_sql(column, self.origin)
        if self.birth is None or self.birth_index is None:
            return before
        after = f"{self.birth_index + 1} + {_weeks_sql(column, self.birth)}"
        return f"CASE WHEN {column} >= '{self.birth.isoformat()}' THEN {after} ELSE {before} END"


def _weeks_sql(column: str, origin: date) -> str:
    days = f"CAST(julianday({column}) - julianday('{origin.isoformat()}') AS INTEGER)"
    return f"(({days} + {7 * _BIG}) / 7 - {_BIG})"


def calendar_axis(first_weekday: int = 0) -> WeekAxis:
    """Return calendar weeks that begin on `first_weekday`: 0 is Monday."""
    return WeekAxis(week_start(EPOCH_MONDAY, first_weekday))


def stage_axis(pregnancy: Pregnancy | None, last: date = date.min) -> WeekAxis | None:
    """Return the weeks of a pregnancy and after birth, or None if there are no dates.

    Also None if there is no birth date and `last`, the last day shown, is after 44w 0d: as in
    `dates.stage`, no week is better than a wrong one.
    """
    if pregnancy is None or pregnancy.ended:
        return None
    if pregnancy.due_date is not None:
        origin = lmp_from_due_date(pregnancy.due_date)
        if pregnancy.birth_date is None and (last - origin).days > LONGEST_PREGNANCY_DAYS:
            return None
        return WeekAxis(origin, pregnancy.birth_date, by_stage=True, knows_pregnancy=True)
    if pregnancy.birth_date is not None:
        return WeekAxis(pregnancy.birth_date, pregnancy.birth_date, by_stage=True)
    return None
