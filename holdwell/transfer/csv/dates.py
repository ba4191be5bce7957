"""Days and times as apps and people write them, read without guessing: what is unclear is asked."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from babel.dates import get_day_names, get_month_names

from holdwell.domain.dates import moment_at
from holdwell.domain.models import DayPart, Moment
from holdwell.i18n.languages import content_folder
from holdwell.transfer.csv.words import any_of, folded, listed, load

LANGUAGES = ("en", "es", "de", "de_AT", "fr", "it", "pt", "nl")
"""Names of months and weekdays are read in all of these, whatever the language of the page."""
_MORE = """bg ca cs cy da el et eu fi ga gl hr hu is lb lt lv mk mt nb nn pl pt_PT ro ru sk sl sq sr
sr_Latn sv tr uk"""
WEEKDAY_LANGUAGES = (*LANGUAGES, *_MORE.split())
"""A weekday says nothing that the numbers after it do not: it may be of other languages, too."""
LENGTH_MAX = 80
"""No day is written longer, so that no pattern below ever works on more."""
MIDNIGHT = time(0)
OFFSET_MAX = timedelta(hours=18)
"""No place on earth is further from UTC."""


class DateOrder(StrEnum):
    """How a day in numbers is written. A year of four digits in front leaves no question."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    YEAR_FIRST = "year_first"  # of two digits: 26/11/24
    SERIAL = "serial"  # a spreadsheet's number of days since 1899-12-30


_REST = r"(?:(?:t|_|,? (?:[-/|] )?)(?P<rest>.+))?"
_YEAR = r"\.?,?[ /-]?(?:del? )?(?P<year>\d{4}|\d{2})" + _REST
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|o|°)?\.?"
_NAME = r"(?P<name>[^\W\d_]+)"
_NUMBERS = r"(?P<day>\d{1,2})(?P<sign>[-/. ]) ?(?P<month>\d{1,2})(?P=sign) ?(?P<year>\d{4}|\d{2})"
_UNCLEAR = re.compile(_NUMBERS + r"(?!\d)|\d{5}(?:[.,]\d{1,12})?$")
"""How a date begins that has more than one reading: three numbers, or a count of days."""
_EPOCH = re.compile(r"(\d{10})(?:\d{3}|[.,]\d+)?")
_SERIAL = re.compile(r"(\d{5})(?:[.,](\d{1,12}))?")
_FRACTION = re.compile(r"0?[.,](\d{3,12})")
"""A spreadsheet's time of day, as part of the day."""
_OFFSET = r"(.+?) ?(?:z|utc|gmt|({names})|(?:utc|gmt)?([+-])(\d{{1,2}})(?::?(\d{{2}}))?)"


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


def read_day(cell: str, order: DateOrder | None = None) -> When | None:
    """Read a day, with or without a time after it; None if it is neither.

    Without an order the day comes first. A year of two digits is of this century. Seconds or
    milliseconds since 1970 are an instant.
    """
    text = _plain(cell)
    said = _said(_day_forms(), text)
    if not said:
        return _counted(text, order)
    day, year = said["day"], said["year"]
    month = said.get("month") or _months().get(said["name"], "0")
    if "sign" in said and order is DateOrder.MONTH_FIRST:
        day, month = month, day
    elif "sign" in said and order is DateOrder.YEAR_FIRST and len(year) == 2:
        day, year = year, day
    try:
        found = date(int(year) + (2000 if len(year) <= 2 else 0), int(month), int(day))
    except ValueError:
        return None
    clock = read_time(said["rest"]) if said["rest"] else Clock()
    return When(found, clock) if clock else None


def _said(forms: Iterable[str], text: str) -> dict[str, Any]:
    """Return what the first form that fits says by name; empty if none does."""
    matches = (re.fullmatch(form, text) for form in forms)
    return next((match.groupdict() for match in matches if match), {})


def _counted(text: str, order: DateOrder | None) -> When | None:
    """Read a count of seconds, milliseconds or a spreadsheet's days."""
    if match := _EPOCH.fullmatch(text):
        instant = datetime.fromtimestamp(int(match[1]), UTC)
        return When(instant.date(), Clock(instant.time(), timedelta(0)))
    match = _SERIAL.fullmatch(text) if order is DateOrder.SERIAL else None
    if match is None:
        return None
    day = date(1899, 12, 30) + timedelta(days=int(match[1]))
    return When(day, Clock(_part_of_day(match[2]) if match[2] else None))


def _part_of_day(digits: str) -> time:
    """Return the time, to the second, that the decimals of a count of days say."""
    # Less than half a second before midnight it is still the same day.
    seconds = min(round(float(f"0.{digits}") * 86400), 86399)
    return (datetime.min + timedelta(seconds=seconds)).time()


def _plain(cell: str) -> str:
    """Return a cell folded, without the weekday in front, Di. 24.11.2026, or behind: (Di), (火)."""
    text = folded(cell) if len(cell) <= LENGTH_MAX else ""
    if text[:1].isdigit() and "(" not in text:
        return text
    text = re.sub(rf"^{_lead()}(?=\d{{1,4}}([-/.])\d{{1,2}}\1)", "", text)
    text = re.sub(r"\(((?:utc|gmt)[^)]*)\)", r"\1", text)
    return re.sub(r" ?\([^\W\d]{1,4}\)", "", text)


@lru_cache(maxsize=10_000)
def read_time(cell: str) -> Clock | None:
    """Read a time of day (21:05, 21h05, 2105, 9 p. m., 21:05 Uhr) or a part of it ("am")."""
    text = re.sub(rf"^(?:{any_of('when', 'at')}) ", "", _plain(cell))
    for part in DayPart:
        if text.replace(" ", "_") in listed("when", part):
            return Clock(part=part)
    if match := _FRACTION.fullmatch(text):
        return Clock(_part_of_day(match[1]))
    # Behind the offset some write the zone, too: [Europe/Madrid], (Central European Time), CET.
    text = re.sub(r"(?: ?\[[^\]]*\]| ?\([^)]*\)|(?<=[+-]\d{4}) [a-z]{3,4})$", "", text)
    offset, zones = None, load(content_folder()).zone
    if match := re.fullmatch(_OFFSET.format(names="|".join(zones)), text):
        text, name, sign, hours, minutes = match.groups()
        offset = timedelta(hours=int(hours or zones.get(name, 0)), minutes=int(minutes or 0))
        if offset > OFFSET_MAX or int(minutes or 0) > 59:
            return None
        offset = -offset if sign == "-" else offset
    said = _said(_time_forms(), text)
    if not said:
        return None
    hour, minute, second = (int(said.get(name) or 0) for name in ("hour", "minute", "second"))
    if half := said.get("half"):
        # Japanese counts the hours of each half from 0 to 12.
        if not (half in "ap") <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (half in ("p", "午後"))
    ends_day = hour == 24 and not minute + second
    try:
        return Clock(time(hour % 24 if ends_day else hour, minute, second), offset, None, ends_day)
    except ValueError:
        return None


@cache
def _day_forms() -> tuple[str, ...]:
    return (
        _NUMBERS + _REST,
        r"(?P<year>\d{4})[-/.年] ?(?P<month>\d{1,2})[-/.月] ?(?P<day>\d{1,2})[日.]?" + _REST,
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})" + _REST,
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?P<rest>\d{4}|\d{6})",
        # As Java and Unix write it: Tue Nov 24 21:05:00 CET 2026.
        rf"{_lead()}{_NAME} {_DAY} (?P<rest>\d\d:\d\d:\d\d [a-z0-9:+-]{{3,9}}) (?P<year>\d{{4}})",
        rf"{_lead()}{_DAY}[ /-]?(?:de |of )?(?!(?:st|nd|rd|th)\b){_NAME}{_YEAR}",
        rf"{_lead()}{_NAME}\.?[ -]{_DAY}{_YEAR}",
    )


@cache
def _lead() -> str:
    """Return the part of a pattern for a weekday or another word that stands before a day."""
    found = {
        folded(name).rstrip(".")
        for language in WEEKDAY_LANGUAGES
        for width in ("wide", "abbreviated", "short")
        for context in ("format", "stand-alone")
        for name in get_day_names(width, context, locale=language).values()
    }
    # A single letter, as Hungarian and Estonian have them, may be anything.
    names = sorted(re.escape(name) for name in found if len(name) > 1)
    lead = rf"(?:(?:{any_of('when', 'lead')})(?: ?: ?| ))?"
    weekday = "|".join([*names, any_of("when", "weekday")])
    return rf"{lead}(?:(?:{weekday})(?:\.?,? |[.,]))?{lead}"


@cache
def _time_forms() -> tuple[str, ...]:
    hour, minute, second = r"(?P<hour>\d{1,2})", r"(?P<minute>\d{2})", r"(?P<second>\d{2})"
    word = rf" ?(?:{any_of('when', 'hour')})"
    return (
        rf"{hour}(?:[:.h]{minute}(?:[:.]{second})?)? ?(?P<half>[ap])\.? ?m\.?",
        rf"{hour}(?: ?[:.]|{word}) ?{minute}(?:[:.]{second}(?:[.,]\d{{1,9}})?)?(?:{word})?",
        rf"(?P<hour>\d\d){minute}{second}?(?:{word})?",
        # A mere number is a time only with a word for the hour.
        hour + word,
        rf"(?P<half>午前|午後)?{hour}時(?:(?P<minute>\d{{1,2}})分)?",
    )


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
