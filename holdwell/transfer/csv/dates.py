"""Days and times as apps and people write them, read without guessing: what is unclear is asked."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from functools import cache, lru_cache

from babel.dates import get_month_names

from holdwell.domain.dates import moment_at
from holdwell.domain.models import DayPart, Moment
from holdwell.transfer.csv.words import any_of, folded, listed, zones

LANGUAGES = ("en", "es", "de", "de_AT", "fr", "it", "pt", "nl")
"""Names of months are read in all of these, whatever the language of the page."""
LENGTH_MAX = 80
"""No day is written longer, so that no pattern below ever works on more."""
MIDNIGHT = time(0)

_REST = r"(?:(?:t|_|,? (?:[-/|] )?)(.+))?"
_YEAR_FIRST = re.compile(r"(\d{4})[-/.年] ?(\d{1,2})[-/.月] ?(\d{1,2})[日.]?" + _REST)
_COMPACT = re.compile(rf"(\d{{4}})(\d{{2}})(\d{{2}})(?:(\d{{4}}|\d{{6}})|{_REST})")
_NUMBERED = r"(\d{1,2})([-/. ]) ?(\d{1,2})\2 ?(\d{4}|\d{2})"
_NUMBERS = re.compile(_NUMBERED + _REST)
_UNCLEAR = re.compile(rf"{_NUMBERED}(?!\d)|\d{{5}}(?:[.,]\d{{1,12}})?$")
"""How a date begins that has more than one reading: three numbers, or a count of days."""
_NAME = r"(?!(?:st|nd|rd|th)\b)([^\W\d_]+)"
_ORDINAL = r"(?:st|nd|rd|th|er|o|°)?\.?"
_NAMED = re.compile(
    r"(?:[^\W\d_]+\.?,? )?"
    rf"(?:(\d{{1,2}}){_ORDINAL}[ /-]?(?:de |of )?{_NAME}|([^\W\d_]+)\.?[ -](\d{{1,2}}){_ORDINAL})"
    r"\.?,?[ /-]?(?:del? )?(\d{4}|\d{2})" + _REST
)
_YEAR_LAST = re.compile(r"(\w{3} \w{3} \d{1,2}) (\d\d:\d\d:\d\d [a-z0-9:+-]{3,9}) (\d{4})")
"""As Java and Unix write it: Tue Nov 24 21:05:00 CET 2026."""
_EPOCH = re.compile(r"(\d{10})(?:\d{3}|[.,]\d+)?")
_SERIAL = re.compile(r"(\d{5})(?:[.,](\d{1,12}))?")
_TWELVE = re.compile(r"(\d{1,2})(?:[:.h](\d{2})(?:[:.](\d{2}))?)? ?([ap])\.? ?m\.?")
_TWENTY_FOUR = re.compile(r"(\d{1,2}) ?[:.h] ?(\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?")
_DIGITS = re.compile(r"(\d\d)(\d\d)(\d\d)?")
_HOUR = re.compile(r"(\d{1,2})()()")
_OFFSET = r"(.+?) ?(?:z|utc|gmt|({names})|(?:utc|gmt)?([+-])(\d{{1,2}})(?::?(\d{{2}}))?)"
_FRACTION = re.compile(r"0?[.,](\d{3,12})")
"""A spreadsheet's time of day, as part of the day."""
_JAPANESE = re.compile(r"(午前|午後)?(\d{1,2})時(?:(\d{1,2})分)?")


class DateOrder(StrEnum):
    """How a day in numbers is written. A year of four digits in front leaves no question."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    YEAR_FIRST = "year_first"
    """Of two digits: 26/11/24."""
    SERIAL = "serial"
    """A spreadsheet's number of days since 1899-12-30."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time on the wall and its offset from UTC, or only the part of the day.

    `ends_day` is said of 24:00, the midnight that ends the day.
    """

    at: time | None = None
    offset: timedelta | None = None
    part: DayPart | None = None
    ends_day: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """A day, with what is known of the time."""

    day: date
    clock: Clock = Clock()

    @property
    def wall(self) -> datetime:
        """The time as it was written, midnight where there is none."""
        wall = datetime.combine(self.day, self.clock.at or MIDNIGHT)
        return wall + timedelta(days=self.clock.ends_day)

    def moment(self, zone: tzinfo | None) -> Moment:
        """Return the moment; one without an offset is on the clock of `zone` (None: this computer).

        A time in UTC says nothing of the place, so it is put on the clock of `zone`, too.
        """
        if self.clock.offset is None:
            return moment_at(self.wall, zone)
        instant = self.wall.replace(tzinfo=timezone(self.clock.offset))
        return Moment.of(instant if self.clock.offset else instant.astimezone(zone))


def read_day(cell: str, order: DateOrder = DateOrder.DAY_FIRST) -> When | None:
    """Read a day, with or without a time after it; None if it is neither.

    A year of two digits is of this century. Seconds or milliseconds since 1970 are an instant.
    """
    text = _plain(cell)
    if match := _YEAR_LAST.fullmatch(text):
        text = f"{match[1]} {match[3]} {match[2]}"
    rests: list[str | None]
    if match := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day, *rests = match.groups()
    elif match := _NUMBERS.fullmatch(text):
        one, _, two, three, *rests = match.groups()
        if order is DateOrder.YEAR_FIRST and len(three) == 2:
            one, two, three = three, two, one
        day, month = (two, one) if order is DateOrder.MONTH_FIRST else (one, two)
        year = three
    elif match := _NAMED.fullmatch(text):
        day, name, other_name, other_day, year, *rests = match.groups()
        month, day = _months().get(name or other_name, "0"), day or other_day
    else:
        return _counted(text, order)
    try:
        found = date(int(year) + (2000 if len(year) <= 2 else 0), int(month), int(day))
    except ValueError:
        return None
    rest = next(filter(None, rests), "")
    clock = _clock(rest.strip()) if rest else Clock()
    return When(found, clock) if clock else None


def _counted(text: str, order: DateOrder) -> When | None:
    """Read a count of seconds, milliseconds or a spreadsheet's days."""
    if match := _EPOCH.fullmatch(text):
        instant = datetime.fromtimestamp(int(match[1]), UTC)
        return When(instant.date(), Clock(instant.time(), timedelta(0)))
    match = _SERIAL.fullmatch(text) if order is DateOrder.SERIAL else None
    if match is None:
        return None
    at = datetime(1899, 12, 30) + timedelta(days=int(match[1]))
    if match[2] is None:
        return When(at.date())
    at += _part_of_day(match[2])
    return When(at.date(), Clock(at.time()))


def _part_of_day(digits: str) -> timedelta:
    """Return the time since midnight, to the second, from the decimals of a count of days."""
    # Less than half a second before midnight it is still the same day.
    return timedelta(seconds=min(round(float(f"0.{digits}") * 86400), 86399))


def read_time(cell: str) -> Clock | None:
    """Read a time of day (21:05, 21h05, 2105, 9 p. m., 21:05 Uhr) or a part of it ("am")."""
    return _clock(_plain(cell))


def _plain(cell: str) -> str:
    """Return a cell folded, without a weekday in brackets: (Di), (火)."""
    text = folded(cell) if len(cell) <= LENGTH_MAX else ""
    if "(" not in text:
        return text
    return re.sub(r" ?\([^\W\d]{1,4}\)", "", re.sub(r"\(((?:utc|gmt)[^)]*)\)", r"\1", text))


@lru_cache(maxsize=10_000)
def _clock(text: str) -> Clock | None:
    text = re.sub(rf"^(?:{any_of('when', 'at')}) ", "", text)
    for part in DayPart:
        if text.replace(" ", "_") in listed("when", part):
            return Clock(part=part)
    if match := _FRACTION.fullmatch(text):
        return Clock((datetime.min + _part_of_day(match[1])).time())
    if match := _JAPANESE.fullmatch(text):
        half = {"午前": "am", "午後": "pm"}.get(match[1], "")
        # Japanese counts the hours of each half from 0 to 12.
        hour = 12 if half and int(match[2]) == 0 else match[2]
        text = f"{hour}:{int(match[3] or 0):02}{half}"
    # Behind the offset some write the zone, too: [Europe/Madrid], (Central European Time), CET.
    text = re.sub(r"(?: ?\[[^\]]*\]| ?\([^)]*\)|(?<=[+-]\d{4}) [a-z]{3,4})$", "", text)
    offset = None
    if match := re.fullmatch(_OFFSET.format(names="|".join(zones())), text):
        text, name, sign, hours, minutes = match.groups()
        offset = timedelta(hours=int(hours or zones().get(name, 0)), minutes=int(minutes or 0))
        # No place on earth is further off.
        if offset > timedelta(hours=18) or int(minutes or 0) > 59:
            return None
        offset = -offset if sign == "-" else offset
    return _wall_time(text, offset)


def _wall_time(text: str, offset: timedelta | None) -> Clock | None:
    bare = re.sub(rf" ?(?:{any_of('when', 'hour')})$", "", text)
    half = ""
    if match := _TWELVE.fullmatch(text):
        hour, minute, second, half = match.groups()
        if not 1 <= int(hour) <= 12:
            return None
    elif (
        match := _TWENTY_FOUR.fullmatch(bare)
        or _DIGITS.fullmatch(bare)
        # A mere number is a time only with a word for the hour.
        or (_HOUR.fullmatch(bare) if bare != text else None)
    ):
        hour, minute, second = match.groups()
    else:
        return None
    hours_past = {"a": int(hour) % 12, "p": int(hour) % 12 + 12}.get(half, int(hour))
    ends_day = hours_past == 24 and not int(minute or 0) + int(second or 0)
    try:
        at = time(0 if ends_day else hours_past, int(minute or 0), int(second or 0))
    except ValueError:
        return None
    return Clock(at, offset, ends_day=ends_day)


@cache
def _months() -> Mapping[str, str]:
    """Return the number of each month's name; names that languages use for two months are out."""
    numbers: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale=language).items():
                    numbers.setdefault(folded(name).rstrip("."), set()).add(str(number))
    numbers["sept"] = {"9"}
    return {name: next(iter(found)) for name, found in numbers.items() if len(found) == 1}


def orders(cells: Iterable[str], latest: date) -> tuple[DateOrder, ...]:
    """Return the orders that a column of days may be written in: several if its days do not tell.

    An order that reads fewer of the days, as days up to `latest`, is out; where each reads some
    that the other does not, neither is. SERIAL alone is a guess too, to be asked about.
    """
    found = (_UNCLEAR.match(_plain(cell)) for cell in set(cells))
    unclear = {match[0] for match in found if match}
    read: dict[DateOrder, dict[str, When]] = {}
    for order in DateOrder:
        days = {cell: when for cell in unclear if (when := read_day(cell, order))}
        days = {cell: when for cell, when in days.items() if when.day <= latest}
        if days not in read.values():
            read[order] = days
    return tuple(
        order
        for order, days in read.items()
        if not any(days.keys() < others.keys() for others in read.values())
    )
