"""Reminders as a calendar file (RFC 5545), which the user's own calendar app rings.

There are at most two daily events, at wall-clock times in the user's time zone, until a chosen day.
Their title appears on locked screens, so it is neutral unless the user changes it.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from statistics import median
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import LOCALTZ
from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from holdwell.domain.models import DayPart, Moment, Pregnancy
from holdwell.i18n.formats import one_line
from holdwell.store.repository import COUNTED, Store

MORNING_AT, BEDTIME_AT = time(7, 30), time(21, 30)
"""The times proposed if there are too few sessions to tell the usual time."""
USUAL_DAYS, USUAL_LEAST, USUAL_STEP = 28, 3, 15
"""The usual time is taken from at least 3 sessions in 28 days, and rounded to 15 minutes."""
WEEKS_ON = 12
FARTHEST_DAYS = 2 * 366
TITLE_MAX = 60
LASTS = timedelta(minutes=5)
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reminders:
    """When to remind: the wall-clock time for each chosen part of the day, from the calendar day
    `first` to `last`, both included, in an IANA time zone."""

    times: Mapping[DayPart, time]
    first: date
    last: date
    zone: ZoneInfo
    title: str


def default_last(pregnancy: Pregnancy | None, today: date) -> date:
    """Return the last day to propose: twelve weeks after the due date, or after today if there is
    no due date ahead. `pregnancy` is None if weeks are not shown."""
    is_ahead = pregnancy and not pregnancy.birth_date and not pregnancy.ended
    due = pregnancy.due_date if pregnancy and is_ahead else None
    return max(due or today, today) + timedelta(weeks=WEEKS_ON)


def usual_time(store: Store, part: DayPart, today: date) -> time:
    """Return the median time, to a quarter of an hour, at which sessions of a part of the day began
    in the last four weeks. Minutes are counted from the hour at which the local day ends."""
    turn = 60 * store.profile().day_ends_at
    clock = "datetime(started_at, utc_offset || ' minutes')"
    minute = f"(60 * strftime('%H', {clock}) + strftime('%M', {clock}) - {turn} + 1440) % 1440"
    first = today - timedelta(days=USUAL_DAYS - 1)
    rows = store.rows(
        f"SELECT {minute} AS minute FROM session WHERE {COUNTED} "
        "AND time_known AND part = ? AND local_day BETWEEN ? AND ?",
        [part.value, first.isoformat(), today.isoformat()],
    )
    if len(rows) < USUAL_LEAST:
        return MORNING_AT if part is DayPart.MORNING else BEDTIME_AT
    usual = median(row["minute"] for row in rows)
    rounded = (USUAL_STEP * round(usual / USUAL_STEP) + turn) % 1440
    return time(rounded // 60, rounded % 60)


def computer_zone() -> str | None:
    """Return the IANA name of this computer's time zone; None if the system does not tell."""
    name = str(getattr(LOCALTZ, "key", None) or getattr(LOCALTZ, "zone", None) or "")
    return name if name in zone_names() else None


def zone_names() -> list[str]:
    """Return the IANA names of time zones that belong to places, sorted."""
    others = ("Etc/", "posix/", "right/", "SystemV/")
    return sorted(n for n in available_timezones() if "/" in n and not n.startswith(others))


def calendar_file(reminders: Reminders, owner: str, now: Moment) -> bytes:
    """Return the calendar file. ValueError without a time, or if the last day is before the first.

    `owner` is the random UUID of the database. A reminder has the same UID in every file, and a
    higher SEQUENCE in one made a second later, so that a calendar replaces the earlier reminder.
    """
    if not reminders.times or reminders.last < reminders.first:
        raise ValueError("a reminder needs a time, and a last day on or after the first")
    calendar = Calendar()
    calendar.add("prodid", "-//Holdwell//Reminders//EN")
    calendar.add("version", "2.0")
    calendar.add_component(_timezone(reminders))
    for part, at in reminders.times.items():
        calendar.add_component(_event(reminders, part, at, owner, now))
    return bytes(calendar.to_ical())


def _timezone(reminders: Reminders) -> Timezone:
    """Return the VTIMEZONE of the zone, from before the first reminder to after the last.

    Each change of offset is an observance whose start is given in the offset *before* it (RFC 5545,
    3.6.5). icalendar's Timezone.from_tzinfo (7.3.2) gives the start in spring in the offset after
    it, an hour late, so only its components are used.
    """
    timezone = Timezone()
    timezone.add("tzid", reminders.zone.key)
    # A calendar may use this definition for other events too: add a year on either side.
    edge = timedelta(days=366)
    start = datetime.combine(reminders.first, time(), UTC) - edge
    changes = _changes(reminders.zone, start, datetime.combine(reminders.last, time(), UTC) + edge)
    for at in (start, *changes):
        local = at.astimezone(reminders.zone)
        after = local.utcoffset() or timedelta()
        before = (at - timedelta(seconds=1)).astimezone(reminders.zone).utcoffset() or timedelta()
        observance = TimezoneDaylight() if local.dst() else TimezoneStandard()
        observance.add("dtstart", (at + before).replace(tzinfo=None))
        observance.add("tzoffsetfrom", before)
        observance.add("tzoffsetto", after)
        observance.add("tzname", local.tzname() or reminders.zone.key)
        timezone.add_component(observance)
    return timezone


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> list[datetime]:
    """Return the instants (UTC, to the second) at which the zone changes its offset."""

    def offset(at: datetime) -> timedelta | None:
        return at.astimezone(zone).utcoffset()

    def change(begin: datetime) -> datetime:
        def is_after(second: int) -> bool:
            return offset(begin + timedelta(seconds=second)) != offset(begin)

        return begin + timedelta(seconds=bisect_left(range(24 * 3600), True, key=is_after))

    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    return [change(day) for day, after in pairwise(days) if offset(day) != offset(after)]


def _event(reminders: Reminders, part: DayPart, at: time, owner: str, now: Moment) -> Event:
    start = datetime.combine(reminders.first, at, reminders.zone)
    # UNTIL must be in UTC if the start has a time zone (RFC 5545, 3.3.10).
    until = datetime.combine(reminders.last, at, reminders.zone).astimezone(UTC)
    title = plain_title(reminders.title)
    event = Event()
    event.add("uid", str(uuid5(UUID(owner), f"reminder:{part.value}")))
    event.add("sequence", max(0, int((now.utc - _EPOCH).total_seconds())))
    event.add("dtstamp", now.utc.replace(microsecond=0))
    event.add("last-modified", now.utc.replace(microsecond=0))
    event.add("dtstart", start)
    event.add("duration", LASTS)
    event.add("rrule", vRecur(freq="DAILY", until=until))
    event.add("summary", title)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(0))
    alarm.add("description", title)
    event.add_component(alarm)
    return event


def plain_title(title: str) -> str:
    """Return a title as one line of at most 60 characters without control characters."""
    return one_line(title)[:TITLE_MAX]
