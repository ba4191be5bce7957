"""Days and times as trackers write them, read without guessing: what is unclear is asked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import lru_cache

from babel.dates import get_month_names

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:(?:T|[ ,]+)(.+))?")
_NUMBERS = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4}|\d{2})(?:(?:T|[ ,]+)(.+))?")
_DAY_NAME = re.compile(
    r"(?:[^\W\d_]+\.?,? +)?(\d{1,2})\.?(?: +de)?[ -]+([^\W\d_]+)\.?,?(?: +de)?[ -]+(\d{4})"
    r"(?:[ ,]+(.+))?"
)
_NAME_DAY = re.compile(
    r"(?:[^\W\d_]+\.?, +)?([^\W\d_]+)\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})(?:[ ,]+(.+))?"
)
_TWENTY_FOUR = re.compile(
    r"(\d{1,2})[:.h](\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?: ?(Z|[+-]\d{2}:?\d{2}))?"
)
_TWELVE = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?::(\d{2}))?\s*([ap])\.?\s?m\.?", re.IGNORECASE)


class DateOrder(StrEnum):
    """What comes first where a day is written 3/4/2026. A year in front leaves no question."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@dataclass(frozen=True, slots=True)
class When:
    """A day, the time on the wall if it is given, and its offset from UTC if that is given too."""

    day: date
    at: time | None = None
    offset: timedelta | None = None

    @property
    def aware(self) -> datetime | None:
        """The instant, where the offset says which it is."""
        if self.at is None or self.offset is None:
            return None
        return datetime.combine(self.day, self.at, timezone(self.offset))


def read_day(cell: str, order: DateOrder, locale: str = "en") -> When | None:
    """Read a day, with or without a time after it; None if it is neither.

    Names of months are read in English and in the language of `locale` (a CLDR locale). A year of
    two digits is of this century, and is not read with hyphens: it may stand in front there.
    """
    cell = cell.strip()
    if match := _YEAR_FIRST.fullmatch(cell):
        year, month, day, rest = match.groups()
    elif match := _NUMBERS.fullmatch(cell):
        one, two, year, rest = match.groups()
        # 26-11-24 may be a short year in front, which neither order would notice.
        if len(year) == 2 and "-" in cell[: match.end(3)]:
            return None
        day, month = (one, two) if order is DateOrder.DAY_FIRST else (two, one)
        year = year if len(year) == 4 else f"20{year}"
    elif match := _DAY_NAME.fullmatch(cell):
        day, name, year, rest = match.groups()
        month = _months(locale).get(_folded(name), "0")
    elif match := _NAME_DAY.fullmatch(cell):
        name, day, year, rest = match.groups()
        month = _months(locale).get(_folded(name), "0")
    else:
        return None
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    if rest is None:
        return When(found)
    clock = _clock(rest.strip())
    return When(found, *clock) if clock else None


def read_time(cell: str) -> time | None:
    """Read a time of day: 21:05, 21.05, 21h05, 9:05 pm, 9 p. m.; None if it is none."""
    clock = _clock(cell.strip())
    return clock[0] if clock and clock[1] is None else None


def _clock(text: str) -> tuple[time, timedelta | None] | None:
    offset: timedelta | None = None
    if match := _TWELVE.fullmatch(text):
        hour, minute, second, half = match.groups()
        if not 1 <= int(hour) <= 12:
            return None
        hours = int(hour) % 12 + (12 if half.lower() == "p" else 0)
    elif match := _TWENTY_FOUR.fullmatch(text):
        hour, minute, second, zone = match.groups()
        hours = int(hour)
        if zone:
            offset = _offset(zone)
            if offset is None:
                return None
    else:
        return None
    try:
        return time(hours, int(minute or 0), int(second or 0)), offset
    except ValueError:
        return None


def _offset(zone: str) -> timedelta | None:
    if zone == "Z":
        return timedelta(0)
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    # No place on earth is further off.
    if minutes > 18 * 60 or int(zone[-2:]) > 59:
        return None
    return timedelta(minutes=-minutes if zone[0] == "-" else minutes)


@lru_cache(maxsize=8)
def _months(locale: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for language in (locale, "en"):
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale=language).items():
                    found.setdefault(_folded(name), str(number))
    return found


def _folded(name: str) -> str:
    """A name without case, accents and full stop."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c)).rstrip(".")


def orders(cells: Iterable[str], latest: date, locale: str = "en") -> tuple[DateOrder, ...]:
    """Which orders a column of days may be written in: both if its days do not tell.

    An order that reads fewer of the days, as days up to `latest`, is out; where each reads some
    that the other does not, neither is. The first is the one to take where it makes no difference.
    """
    read: dict[DateOrder, dict[str, When]] = {order: {} for order in DateOrder}
    for cell in set(cells):
        for order in DateOrder:
            found = read_day(cell, order, locale)
            if found is not None and found.day <= latest:
                read[order][cell] = found
    day, month = read[DateOrder.DAY_FIRST], read[DateOrder.MONTH_FIRST]
    if day == month or day.keys() > month.keys():
        return (DateOrder.DAY_FIRST,)
    if month.keys() > day.keys():
        return (DateOrder.MONTH_FIRST,)
    return tuple(DateOrder)
