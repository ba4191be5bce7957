"""Several pregnancies of one person: which local day belongs to which. Derived from their dates.

A pregnancy has the days from the first day of its last period to the day before the next one
begins; the earliest has all days before it too. So each session belongs to exactly one, and
correcting a date moves the border and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from holdwell.calendar import PREGNANCY_DAYS, SHORTEST_BIRTH_DAYS, DateProblem, lmp_from_due_date
from holdwell.records import Pregnancy

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Chapter:
    """The days of one pregnancy and of the time after it, `first` to `last`.

    None is no end on that side: every record has a first chapter that reaches back without end,
    and a last one that is still on. `pregnancy` is None where she entered none.
    """

    pregnancy: Pregnancy | None = None
    first: date | None = None
    last: date | None = None

    def has(self, day: date) -> bool:
        """Whether a local day belongs to it."""
        return not (self.first and day < self.first) and not (self.last and day > self.last)

    def from_day(self, day: date) -> date:
        """The later of a day and the chapter's first."""
        return max(day, self.first) if self.first else day

    def to_day(self, day: date) -> date:
        """The earlier of a day and the chapter's last."""
        return min(day, self.last) if self.last else day

    @property
    def bounds(self) -> tuple[str, str]:
        """The first and last day as ISO dates, for SQL's BETWEEN."""
        return (self.first or date.min).isoformat(), (self.last or date.max).isoformat()

    @property
    def near_bounds(self) -> tuple[str, str]:
        """UTC times between which every session of its days began: a day and more to spare for
        the zones, and for nights that count for the day before."""
        first = "" if self.first is None else (self.first - 2 * ONE_DAY).isoformat()
        last = "9999" if self.last is None else (self.last + 3 * ONE_DAY).isoformat()
        return first, last

    @property
    def is_current(self) -> bool:
        """Whether it is still on."""
        return self.last is None


ALWAYS = Chapter()
"""All days there are."""


def begin(pregnancy: Pregnancy) -> date:
    """The day on which a pregnancy is taken to begin.

    The first day of the last period, 280 days before the due date (ACOG Committee Opinion 700);
    where only the birth is known, 280 days before it; without dates, the day it was entered.
    """
    if pregnancy.due_date is not None:
        return lmp_from_due_date(pregnancy.due_date)
    if pregnancy.birth_date is not None:
        return pregnancy.birth_date - timedelta(days=PREGNANCY_DAYS)
    return pregnancy.entered or date.min


def in_order(pregnancies: Sequence[Pregnancy]) -> list[Pregnancy]:
    """The pregnancies by their beginning; of two that begin on one day, as they were given."""
    return sorted(pregnancies, key=begin)


def chapters(pregnancies: Sequence[Pregnancy]) -> list[Chapter]:
    """The chapters of a life, earliest first; one where there is no pregnancy or only one.

    Together they have every day once. A pregnancy that leaves no day to itself (it begins on the
    same day as the next) has no chapter.
    """
    known = in_order(pregnancies)
    if not known:
        return [Chapter()]
    starts = [begin(one) for one in known]
    for number, (earlier, later) in enumerate(pairwise(known), start=1):
        # A beginning that is only estimated gives way to a birth that is known.
        if later.due_date is None and earlier.birth_date is not None:
            latest = later.birth_date or earlier.birth_date
            starts[number] = max(starts[number], min(earlier.birth_date + ONE_DAY, latest))
    found: list[Chapter] = []
    end: date | None = None
    for one, start in zip(reversed(known), reversed(starts), strict=True):
        if end is not None and start > end:
            continue
        found.append(Chapter(one, start, end))
        if start == date.min:
            break
        end = start - ONE_DAY
    found.reverse()
    found[0] = Chapter(found[0].pregnancy, None, found[0].last)
    return found


def chapter_of(known: Sequence[Chapter], day: date) -> Chapter:
    """The chapter that a local day belongs to."""
    return next(one for one in known if one.has(day))


def overlap(pregnancy: Pregnancy, others: Sequence[Pregnancy]) -> DateProblem | None:
    """OVERLAP where a pregnancy and another cannot both be: one begins before the other's birth.

    Where only a birth is known, the pregnancy is taken to be as short as a birth can be.
    """
    for other in others:
        if other.id == pregnancy.id:
            continue
        earlier, later = in_order([other, pregnancy])
        if earlier.birth_date is None:
            continue
        start = begin(later)
        if later.due_date is None and later.birth_date is not None:
            start = later.birth_date - timedelta(days=SHORTEST_BIRTH_DAYS)
        if start <= earlier.birth_date:
            return DateProblem.OVERLAP
    return None
