"""Days and times as apps and people write them. Where several readings fit, the user is asked."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from contextlib import suppress
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from holdwell.domain.dates import moment_at
from holdwell.domain.models import DayPart, Moment
from holdwell.i18n.languages import content_folder
from holdwell.transfer.csv.words import any_of, folded, listed, load

LENGTH_MAX = 80
"""A longer cell is not a day. This also bounds the work of every pattern below."""
MIDNIGHT = time(0)
NO_DAY = date.min
OFFSET_MAX = timedelta(hours=18)
"""More than the offset of any place on earth."""


class DateOrder(StrEnum):
    """The order of the numbers in a date, for dates that do not begin with a four-digit year."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    YEAR_FIRST = "year_first"  # two digits: 26/11/24
    SERIAL = "serial"  # a spreadsheet's count of days since 1899-12-30


_NO_DAY = r"[\d./-]*(?:0001|1899|190[04]|1970)[\d./-]*[ t]+(?=\d)"
"""The date that databases and spreadsheets put before a time alone: 1899-12-30, 1/0/1900."""
FRACTION = re.compile(r"0?[.,](\d|[6-9]\d|\d{3,17})")
"""A spreadsheet's time, as a fraction of the day. 0.25 is left out, as it may mean 0:25."""


class When(NamedTuple):
    """A day, with the local time and its offset from UTC or the part of the day if known.

    `ends_day` is true for 24:00, the midnight at the end of the day.
    """

    day: date
    at: time | None = None
    offset: timedelta | None = None
    part: DayPart | None = None
    ends_day: bool = False

    @classmethod
    def of(cls, wall: datetime) -> "When":
        """Return the day, time and offset of a datetime."""
        return cls(wall.date(), wall.time(), wall.utcoffset())

    @property
    def wall(self) -> datetime:
        """The local time as written; midnight if there is none."""
        wall = datetime.combine(self.day, self.at or MIDNIGHT)
        return wall + timedelta(days=self.ends_day)

    def on_clock(self, zone: tzinfo | None) -> "When":
        """Return a time in UTC, or about midnight with an offset, as a local time in `zone`."""
        # Elsewhere summer time moves midnight by an hour; six in the evening is no midnight.
        is_near = not time(1) < (self.at or MIDNIGHT) < time(23)
        fits = 1 < self.day.year < MAXYEAR and (is_near or not self.offset)
        if self.offset is None or not fits:
            return self
        return When.of(self.wall.replace(tzinfo=timezone(self.offset)).astimezone(zone))

    def moment(self, zone: tzinfo | None) -> Moment:
        """Return the moment, taking a time without an offset as local to `zone`.

        A time in UTC says nothing about the place, so its local time is that of `zone` as well.
        None as the zone is that of this computer.
        """
        if self.offset is None:
            return moment_at(self.wall, zone)
        instant = self.wall.replace(tzinfo=timezone(self.offset))
        return Moment.of(instant if self.offset else instant.astimezone(zone))


def read_day(cell: str, order: DateOrder | None = None) -> When | None:
    """Read a day and the time after it, if any; None if the cell is not a day.

    None as the order means day first. A year of two digits is in this century. A count of seconds
    or milliseconds since 1970 is read as an instant in UTC.
    """
    parts = _parts(cell)
    if not parts:
        return None
    if count := parts.get("epoch"):
        return When.of(datetime.fromtimestamp(int(count), UTC))
    if count := parts.get("serial"):
        at = _part_of_day(parts["part"]) if parts["part"] else None
        calendar_day = date(1899, 12, 30) + timedelta(days=int(count))
        return When(calendar_day, at) if order is DateOrder.SERIAL else None
    day, year = parts["day"], parts["year"]
    month = parts.get("month") or next(iter(_numbers("month").get(parts["name"], ())), 0)
    if "sign" in parts and order is DateOrder.MONTH_FIRST:
        day, month = month, day
    elif "sign" in parts and order is DateOrder.YEAR_FIRST and len(year) == 2:
        day, year = year, day
        if len(year) == 1:
            return None
    try:
        calendar_day = date(int(year) + (2000 if len(year) <= 2 else 0), int(month), int(day))
    except ValueError:
        return None
    when = read_time(parts["rest"]) if parts["rest"] else When(calendar_day)
    return when and when._replace(day=calendar_day)


@lru_cache(maxsize=10_000)
def _parts(cell: str) -> Mapping[str, Any]:
    """Return the named groups of the form in which a day is written; {} if it fits none."""
    text = _plain(cell).removesuffix(".")
    return _first_match(_day_forms(text[:1].isdigit()), text)


def _first_match(forms: Iterable[re.Pattern[str]], text: str) -> Mapping[str, Any]:
    """Return the named groups of the first pattern that a text fits; {} if it fits none."""
    return next((match.groupdict() for form in forms if (match := form.fullmatch(text))), {})


def any_day(cell: str) -> When | None:
    """Read a day in the first order that fits; a number alone may be anything and is not one."""
    if not any(map(str.isdigit, cell)):
        return None
    readings = (read_day(cell, order) for order in DateOrder if order is not DateOrder.SERIAL)
    return next(filter(None, readings), None)


def with_year(day: str, year: str) -> str:
    """Return a written day (24/11, 24.11) with a year added unless it has one of four digits."""
    if re.search(r"\d{4}", day):
        return day
    match = re.match(r"(\d{1,2} ?([-/.]) ?\d{1,2})\2?+(?!\d)", day)
    return f"{match[1]}{match[2]}{year}{day[match.end() :]}" if match else f"{day} {year}"


def _part_of_day(digits: str) -> time:
    """Return the time, to the second, for the decimals of a count of days."""
    # A time that rounds up to midnight stays on its day.
    seconds = min(round(float(f"0.{digits}") * 86400), 86399)
    return (datetime.min + timedelta(seconds=seconds)).time()


def _plain(cell: str) -> str:
    """Return a folded cell without weekdays in brackets, such as (Di) and (火)."""
    text = folded(cell) if len(cell) <= LENGTH_MAX else ""
    if "(" in text:
        text = re.sub(r"\(((?:utc|gmt)[^)]*)\)", r"\1", text)
        text = re.sub(r" ?\([^\W\d]{1,4}\)", "", text)
    return text


@lru_cache(maxsize=10_000)
def read_time(cell: str) -> When | None:
    """Read a time (21:05, 21h05, 2105, 9 p. m., 21:05 Uhr) or a part of the day ("am").

    Its day is `NO_DAY`, and is for the caller to replace.
    """
    about = rf"(?:(?:{any_of('when', 'at')}) |~ ?)(?!\d{{1,2}}$)"
    text = re.sub(rf"^(?:(?:{about})+|{_NO_DAY})", "", _plain(cell))
    for part in DayPart:
        if text.replace(" ", "_") in listed("when", part):
            return When(NO_DAY, part=part)
    if match := FRACTION.fullmatch(text):
        return When(NO_DAY, _part_of_day(match[1]))
    parts = _first_match(_time_forms(), text)
    if not parts or re.fullmatch(r"0\.\d\d", text):
        return None
    offset = None
    if parts["offset"]:
        hours = parts["hours"] or load(content_folder()).zone.get(parts["offset"], 0)
        offset = timedelta(hours=int(hours), minutes=int(parts["minutes"] or 0))
        if offset > OFFSET_MAX or int(parts["minutes"] or 0) > 59:
            return None
        offset = -offset if parts["ahead"] == "-" else offset
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    if half := parts["half"] or parts["japanese"]:
        # In Japanese the hours of each half go from 0 to 12.
        if not (half in "ap") <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in "p後" else 0)
    ends_day = hour == 24 and not minute + second
    try:
        at = time(hour % 24 if ends_day else hour, minute, second)
    except ValueError:
        return None
    return When(NO_DAY, at, offset, None, ends_day)


@lru_cache(maxsize=1000)
def read_zone(cell: str) -> tzinfo | None:
    """Read an offset from UTC (-300 minutes, 3600000 ms, +1, UTC+0100) or the name of a zone."""
    text = folded(cell)
    if re.fullmatch(r"[+-]?(?:\d{1,3}|[1-9]\d{5,6}|[1-5]\d{7})", text):
        # No offset is 14 minutes or less, so such a number counts hours. All are quarters of hours.
        count, quarter_ms = int(text), 900_000
        if len(text) < 5:
            return timezone(timedelta(**{"hours" if abs(count) <= 14 else "minutes": count}))
        return None if count % quarter_ms else timezone(timedelta(milliseconds=count))
    if (when := read_time(f"00:00 {text}")) and when.offset is not None:
        return timezone(when.offset)
    with suppress(KeyError, ValueError, OSError):
        return ZoneInfo(cell)
    return None


@cache
def _day_forms(starts_with_digit: bool) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a day, each with the groups day, month or name, year and rest."""
    rest = r"(?:(?:t|_|,? (?:[-/|] )?)(?P<rest>.+))?"
    year = r"\.?,?[ /-]?(?:del? )?['’]?(?P<year>\d{4}|\d{2})" + rest
    name = r"(?P<name>[^\W\d_]+)"
    day = r"(?P<day>\d{1,2})(?!\d)(?:\.?(?:st|nd|rd|th|er|o|°)(?![^\W\d_]))?\.?"
    forms = (
        # 24/11/2026, 2026-11-24, 20261124 and 202611242105.
        r"(?P<day>\d\d?) ?(?P<sign>[-/. ]) ?(?P<month>\d\d?) ?(?P=sign) ?(?P<year>\d{4}|\d\d)\.?"
        + rest,
        r"(?P<year>\d{4})[-/.年] ?(?P<month>\d{1,2})[-/.月] ?(?P<day>\d{1,2})[日.]?" + rest,
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})" + rest,
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?P<rest>\d{4}|\d{6})",
        # Java and Unix: Tue Nov 24 21:05:00 CET 2026.
        rf"{name} {day} (?P<rest>\d\d:\d\d:\d\d [a-z0-9:+-]{{3,9}}) (?P<year>\d{{4}})",
        # 24th of November 2026, November 24, 2026 and 2026 November 24.
        rf"{day}[ /-]?(?:de |of )?(?!(?:st|nd|rd|th)\b){name}{year}",
        rf"{name}\.?[ -]{day}{year}",
        rf"(?P<year>\d{{4}})(?:\. |[ /-]){name}\.?[ /-]{day}{rest}",
        # Seconds or milliseconds since 1970, and a spreadsheet's count of days.
        r"(?P<epoch>\d{10})(?:\d{3})?(?:[.,]\d+)?",
        r"(?P<serial>\d{5})(?:[.,](?P<part>\d{1,12}))?",
    )
    lead = rf"(?:(?:{any_of('when', 'lead')})(?: ?: ?| ))?"
    weekday = "|".join(any_of("weekday", number) for number in load(content_folder()).weekday)
    before = rf"{lead}(?:(?P<weekday>{weekday})(?:\.?,? |[.,]))?{lead}"
    return tuple(re.compile(form if starts_with_digit else before + form) for form in forms)


@cache
def _numbers(section: str) -> Mapping[str, Set[int]]:
    """Return the numbers of each month or weekday by name: "ma" may be Monday or Tuesday."""
    numbers = defaultdict[str, set[int]](set)
    for number, names in getattr(load(content_folder()), section).items():
        for name in names.split():
            numbers[name.replace("_", " ")].add(int(number))
    return numbers


@cache
def _time_forms() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a time, each with the groups hour, half, offset and what they have."""
    word = any_of("when", "hour")
    half = rf"(?: ?(?P<half>[ap])(?:\.? ?m)?\.?| ?(?:{word}))"
    minute = r" ?(?P<minute>\d\d|\d(?=分))分?"
    forms = (
        # 21:05, 21.05.30, 21:05:30.125, 21h05, 9:05 p. m., 9:05p, 21:05 Uhr and 午後9時5分.
        rf"(?P<hour>\d{{1,2}}) ?(?:[:.]|{word}){minute}"
        rf"(?:[:.](?P<second>\d\d)(?:[.,]\d{{1,9}})?)?{half}?",
        # 2105, 21 05 and 210530.
        rf"(?P<hour>\d\d){minute}(?:(?<=\d{{4}})(?P<second>\d\d))?{half}?",
        # A number alone is a time only with a word for the hour: 9 p. m., 21 Uhr, 午後9時, ore 9.
        rf"(?P<hour>\d{{1,2}}){half}",
        rf"(?:{any_of('when', 'hour_before')}) (?P<hour>\d{{1,2}})(?P<half>)(?P<minute>)",
    )
    zones = "|".join(load(content_folder()).zone)
    offset = r"(?:utc|gmt)?(?P<ahead>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?"
    # Some name the zone, mostly after its offset: [Europe/Madrid], (Central European Time), CET.
    place = rf" (?:{any_of('when', 'zone_area')})/[a-z_/]+"
    named = rf"(?: ?\[[^\]]*\]| ?\([^)]*\)|(?<=[+-]\d{{4}}) [a-z]{{3,4}}|{place})"
    zone = rf"(?: ?(?P<offset>z|utc|gmt|{zones}|{offset}))?{named}?"
    return tuple(re.compile(rf"(?:午(?P<japanese>[前後]))?{form}{zone}") for form in forms)


def orders(cells: Iterable[str], latest: date) -> tuple[DateOrder, ...]:
    """Return the orders in which a column of days may be written; several if the days do not tell.

    A weekday before the numbers tells, if it fits any order. An order is out if another reads the
    same days, up to `latest`, and more. SERIAL is a guess even if it is the only one, and is to be
    asked about.
    """
    # Only three numbers, or a count of days, have more than one reading.
    forms = (parts for parts in map(_parts, set(cells)) if parts.keys() & {"sign", "serial"})
    names = ("weekday", "day", "sign", "month", "year", "serial")
    read: dict[DateOrder, dict[tuple[str, ...], date]] = {order: {} for order in DateOrder}
    for written in {tuple(parts.get(name) or "" for name in names) for parts in forms}:
        weekday, day, sign, month, year, serial = written
        found = readings(serial or f"{day}{sign}{month}{sign}{year}", read)
        days = {order: day for order, day in found.items() if day <= latest}
        if len(year) == 4:
            # A file with the year at the end, in four digits, has no day that begins with the year.
            days.pop(DateOrder.YEAR_FIRST, None)
        weekdays = _numbers("weekday").get(weekday, ())
        fitting = {order: day for order, day in days.items() if day.isoweekday() in weekdays}
        for order, calendar_day in (fitting or days).items():
            read[order][written] = calendar_day
    best = [o for o in DateOrder if not any(read[o].keys() < days.keys() for days in read.values())]
    alike = ([other for other in best if read[other] == read[order]] for order in best)
    return tuple(order for order, same in zip(best, alike, strict=True) if order is same[0])


def readings(cell: str, possible: Iterable[DateOrder]) -> dict[DateOrder, date]:
    """Return the day that a cell is in each of some orders, without those that cannot read it."""
    whens = ((order, read_day(cell, order)) for order in possible)
    return {order: when.day for order, when in whens if when}


def example(cells: Sequence[str], possible: Sequence[DateOrder]) -> str:
    """Return a day that differs in all of the possible orders, or else in most of them."""

    def count(cell: str) -> int:
        return len(set(readings(cell, possible).values()))

    differing = (cell for cell in dict.fromkeys(cells) if count(cell) == len(possible))
    return next(differing, None) or max(dict.fromkeys(cells), key=count, default="")
