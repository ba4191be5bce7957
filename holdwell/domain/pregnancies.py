"""Which pregnancy each local day belongs to, worked out from the dates: always exactly one.

A pregnancy period lasts from the beginning of a pregnancy to the day before the next begins. The
first period also has all earlier days, the last all later ones. Nothing here is stored: correcting
a date moves the border between two periods and changes no session.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from holdwell.domain import dates
from holdwell.domain.models import DAY_ENDS_AT_DEFAULT, Moment, Pregnancy


@dataclass(frozen=True, slots=True)
class EnteredPregnancy:
    """A pregnancy, and when the user entered it."""

    pregnancy: Pregnancy
    at: Moment


@dataclass(frozen=True, slots=True)
class PregnancyPeriod(dates.DaySpan):
    """The local days of one pregnancy.

    The earliest period has no beginning and the latest no end. `begins` is the first day of the
    pregnancy itself. If no pregnancy was entered, there is one period, whose `pregnancy` is None.
    """

    pregnancy: Pregnancy | None = None
    begins: date | None = None

    @property
    def id(self) -> str:
        """The id of the pregnancy; empty without one."""
        return self.pregnancy.id if self.pregnancy is not None else ""


def pregnancy_periods(
    given: Iterable[EnteredPregnancy], day_ends_at: int = DAY_ENDS_AT_DEFAULT
) -> tuple[PregnancyPeriod, ...]:
    """Return one period for each pregnancy, in order of beginning; the last is the current one.

    With a due date, a pregnancy begins on day 0, 280 days before. With only a birth date it begins
    280 days before the birth, but after the birth before that. Without dates it begins on the local
    day on which it was entered; a day ends at the hour `day_ends_at`.

    A pregnancy that ended or has no dates lies before every one that was entered later: its end is
    not known, and it must never hide the next. Each period has at least one day.
    """
    ordered = _ordered(given, day_ends_at)
    if not ordered:
        return (PregnancyPeriod(),)
    begins: list[date] = []
    free_from = date.min
    for start, entered in ordered:
        begin = start
        birth = entered.pregnancy.birth_date
        if birth is not None and entered.pregnancy.due_date is None:
            begin = min(start, max(_moved(birth, -dates.PREGNANCY_DAYS), free_from))
        begins.append(max(begin, _moved(begins[-1], 1)) if begins else begin)
        free_from = _moved(birth, 1) if birth is not None else date.min
    periods = []
    for number, (_, entered) in enumerate(ordered):
        is_last = number + 1 == len(ordered)
        first = begins[number] if number else None
        last = None if is_last else _moved(begins[number + 1], -1)
        periods.append(PregnancyPeriod(first, last, entered.pregnancy, begins[number]))
    return tuple(periods)


def _ordered(
    given: Iterable[EnteredPregnancy], day_ends_at: int
) -> list[tuple[date, EnteredPregnancy]]:
    """Return each pregnancy with the latest day on which it can have begun, in that order."""
    dated: list[tuple[date, EnteredPregnancy]] = []
    for entered in sorted(given, key=_order_of_entry, reverse=True):
        start = _latest_start(entered.pregnancy) or dates.local_day(entered.at.local, day_ends_at)
        if entered.pregnancy.ended or _latest_start(entered.pregnancy) is None:
            later = (begin for begin, other in dated if other.at.iso > entered.at.iso)
            start = min(start, _moved(min(later, default=date.max), -1))
        dated.append((start, entered))
    return sorted(dated, key=lambda pair: (pair[0], _order_of_entry(pair[1])))


def _order_of_entry(entered: EnteredPregnancy) -> tuple[str, str]:
    return entered.at.iso, entered.pregnancy.id


def _latest_start(pregnancy: Pregnancy) -> date | None:
    """Return the latest day on which a pregnancy can have begun; None without dates."""
    if pregnancy.due_date is not None:
        return _moved(pregnancy.due_date, -dates.PREGNANCY_DAYS)
    if pregnancy.birth_date is not None:
        return _moved(pregnancy.birth_date, -dates.SHORTEST_BIRTH_DAYS)
    return None


def _moved(day: date, days: int) -> date:
    """Return the day that many days later, no later or earlier than Python's dates go."""
    number = min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal())
    return date.fromordinal(number)


def period_of(periods: Sequence[PregnancyPeriod], day: date) -> PregnancyPeriod:
    """Return the period that a local day belongs to."""
    return next(period for period in periods if period.has(day))


def check_order(
    periods: Sequence[PregnancyPeriod], pregnancy: Pregnancy
) -> dates.DateProblem | None:
    """Check that the dates of a pregnancy do not overlap with those of the others.

    They must lie after the first day and the birth of each earlier pregnancy, and before the first
    day of each later one. A pregnancy that is not in `periods` is the latest. Pregnancies without
    dates are not checked.
    """
    start = _latest_start(pregnancy)
    if start is None:
        return None
    place = next((n for n, period in enumerate(periods) if period.id == pregnancy.id), len(periods))
    for number, period in enumerate(periods):
        other = period.pregnancy
        border = _latest_start(other) if other is not None else None
        if other is None or border is None or number == place:
            continue
        if number < place and other.ended and place < len(periods):
            # It lies before this pregnancy, whatever its dates.
            continue
        if number < place and start <= max(border, other.birth_date or border):
            return dates.DateProblem.BEFORE_EARLIER
        if number > place and border <= max(start, pregnancy.birth_date or start):
            return dates.DateProblem.AFTER_LATER
    return None
