"""The calendar file, as vobject reads it: wall-clock times are right before and after a change."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil import tz as client_zones
from hypothesis import given
from hypothesis import strategies as st

from holdwell.domain.models import DayPart, Moment, Pregnancy
from holdwell.store.repository import Store
from holdwell.transfer import ical
from holdwell.transfer.ical import Reminders
from tests.conftest import MakeSession

OWNER = "6ba7b812-9dad-41d1-80b4-00c04fd430c8"
NOW = Moment.of(datetime(2026, 1, 2, 12, tzinfo=UTC))
# Europe and America change on different days, Lord Howe by half an hour, Kolkata never.
PLACES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
BOTH = {DayPart.MORNING: time(7, 30), DayPart.BEDTIME: time(21, 45)}


def made(
    place: str,
    times: dict[DayPart, time] | None = None,
    first: date = date(2026, 2, 20),
    last: date = date(2026, 11, 15),
    title: str = "Holdwell",
    now: Moment = NOW,
) -> str:
    wanted = Reminders(times or BOTH, first, last, ZoneInfo(place), title)
    return ical.calendar_file(wanted, OWNER, now).decode()


def events(text: str) -> list[Any]:
    calendar = vobject.readOne(text)
    calendar.validate()
    return list(calendar.vevent_list)


def clock_of(text: str, place: str) -> Any:
    """Return the file's VTIMEZONE as dateutil reads it, independent of this computer's zones."""
    zone = client_zones.tzical(io.StringIO(text)).get(place)
    assert zone is not None
    return zone


@pytest.mark.parametrize("place", PLACES)
def test_every_day_rings_at_the_wall_clock_time_until_the_last_day(place: str) -> None:
    text = made(place)
    clock = clock_of(text, place)
    assert len(events(text)) == 2
    for event, at in zip(events(text), BOTH.values(), strict=True):
        rings = list(event.getrruleset(addRDate=True))
        days = [date(2026, 2, 20) + timedelta(n) for n in range(269)]
        assert [ring.date() for ring in rings] == days
        offsets = set()
        for ring in rings:
            assert ring.timetz().replace(tzinfo=None) == at
            there = ring.replace(tzinfo=clock).astimezone(UTC)
            assert there == datetime.combine(ring.date(), at, ZoneInfo(place)).astimezone(UTC)
            offsets.add(ring.replace(tzinfo=clock).utcoffset())
        assert len(offsets) == (1 if place == "Asia/Kolkata" else 2)


@pytest.mark.parametrize("place", PLACES)
def test_the_files_time_zone_is_right_in_every_hour_around_a_change(place: str) -> None:
    clock = clock_of(made(place), place)
    hour = datetime(2026, 2, 20, tzinfo=UTC)
    while hour < datetime(2026, 11, 15, tzinfo=UTC):
        ours = hour.astimezone(ZoneInfo(place))
        # Only a wall-clock time that occurs twice is ambiguous in a VTIMEZONE.
        if ours.replace(fold=0).utcoffset() == ours.replace(fold=1).utcoffset():
            naive = ours.replace(tzinfo=None, fold=0)
            assert naive.replace(tzinfo=clock).utcoffset() == ours.utcoffset(), ours
        hour += timedelta(minutes=30)


def onsets(text: str) -> list[tuple[datetime, timedelta, timedelta]]:
    """Return the start of each observance in UTC, and the offsets before and after it.

    The start is a local time in the offset *before* it (RFC 5545, 3.6.5). dateutil cannot notice a
    start that is an hour late, because no clock shows the skipped hour; so it is read here.
    """
    zone = vobject.readOne(text, transform=False).vtimezone
    found = []
    for one in (*zone.contents.get("standard", []), *zone.contents.get("daylight", [])):
        assert set(one.contents) == {"dtstart", "tzoffsetfrom", "tzoffsetto", "tzname"}
        before, after = (_offset(o.value) for o in (one.tzoffsetfrom, one.tzoffsetto))
        start = datetime.strptime(one.dtstart.value, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        found.append((start - before, before, after))
    return sorted(found)


def _offset(text: str) -> timedelta:
    sign = -1 if text[0] == "-" else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))


@pytest.mark.parametrize("place", PLACES)
def test_each_change_of_the_clock_is_at_its_very_second(place: str) -> None:
    first, *changes = onsets(made(place))
    here = ZoneInfo(place)

    def offset(at: datetime) -> timedelta | None:
        return at.astimezone(here).utcoffset()

    assert first[0] < datetime(2026, 2, 20, tzinfo=UTC)
    # With a year on either side of the reminders: three springs and three autumns.
    assert len(changes) == (0 if place == "Asia/Kolkata" else 6)
    for at, before, after in changes:
        assert (offset(at - timedelta(seconds=1)), offset(at)) == (before, after)
        assert before != after
    if place == "Europe/Berlin":
        assert datetime(2026, 3, 29, 1, tzinfo=UTC) in [at for at, _, _ in changes]
        assert datetime(2026, 10, 25, 1, tzinfo=UTC) in [at for at, _, _ in changes]
    if place == "Australia/Lord_Howe":
        # 2026-04-04 15:00 and 2026-10-03 15:30 UTC, by half an hour.
        assert datetime(2026, 4, 4, 15, tzinfo=UTC) in [at for at, _, _ in changes]
        assert datetime(2026, 10, 3, 15, 30, tzinfo=UTC) in [at for at, _, _ in changes]


def test_a_second_file_replaces_the_first() -> None:
    later = Moment.of(NOW.utc + timedelta(seconds=1))
    old = events(made("Europe/Berlin"))
    new = events(made("Europe/Berlin", {DayPart.MORNING: time(8)}, now=later))
    assert [e.uid.value for e in new] == [old[0].uid.value]
    assert old[0].uid.value != old[1].uid.value
    assert int(new[0].sequence.value) > int(old[0].sequence.value)
    other = ical.calendar_file(
        Reminders(BOTH, date(2026, 2, 20), date(2026, 3, 1), ZoneInfo("UTC"), "x"),
        "6ba7b812-9dad-41d1-80b4-00c04fd430c9",
        NOW,
    ).decode()
    assert events(other)[0].uid.value != old[0].uid.value


def test_a_reminder_rings_says_nothing_private_and_keeps_no_time_busy() -> None:
    text = made("Europe/Berlin")
    for event in events(text):
        alarm = event.valarm
        assert alarm.action.value == "DISPLAY"
        assert alarm.trigger.value == timedelta(0)
        assert alarm.description.value == event.summary.value == "Holdwell"
        assert event.transp.value == "TRANSPARENT"
    for word in ("pregnan", "stretch", "birth", "pain", "due"):
        assert word not in text.lower()


@given(st.text())
def test_the_users_own_wording_is_data(title: str) -> None:
    text = made("Europe/Berlin", title=title)
    assert [e.summary.value for e in events(text)] == [ical.plain_title(title)] * 2
    assert text.count("BEGIN:VEVENT") == 2


def test_line_breaks_in_a_title_make_no_lines_of_the_file() -> None:
    text = made("Europe/Berlin", title="Tea\r\nATTENDEE:mailto:x@example.org, and; rest\\")
    (first, _) = events(text)
    assert first.summary.value == "Tea ATTENDEE:mailto:x@example.org, and; rest\\"
    assert "attendee" not in first.contents


def test_without_a_time_or_a_day_there_is_no_file() -> None:
    empty = Reminders({}, date(2026, 2, 20), date(2026, 2, 21), ZoneInfo("UTC"), "x")
    with pytest.raises(ValueError, match="needs a time"):
        ical.calendar_file(empty, OWNER, NOW)
    with pytest.raises(ValueError, match="on or after"):
        made("UTC", last=date(2026, 2, 19))


def test_the_end_is_twelve_weeks_after_the_due_date_or_from_now() -> None:
    today, due = date(2026, 2, 20), date(2026, 5, 1)
    twelve = timedelta(weeks=12)
    assert ical.default_last(Pregnancy(due_date=due), today) == due + twelve
    assert ical.default_last(None, today) == today + twelve
    past = Pregnancy(due_date=today - timedelta(3))
    assert ical.default_last(past, today) == today + twelve
    born = Pregnancy(due_date=due, birth_date=today)
    assert ical.default_last(born, today) == today + twelve
    assert ical.default_last(Pregnancy(due_date=due, ended=True), today) == today + twelve


def test_the_usual_time_is_read_from_the_sessions(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    today = now.local.date()
    assert ical.usual_time(store, DayPart.MORNING, today) == time(7, 30)
    for back, hour in enumerate((6, 6, 9)):
        day = today - timedelta(back)
        store.save(make_session(day, hour, part=DayPart.MORNING), now)
    assert ical.usual_time(store, DayPart.MORNING, today) == time(6)
    store.save(make_session(today, 9, part=DayPart.MORNING), now)
    assert ical.usual_time(store, DayPart.MORNING, today) == time(7, 30), "the middle of two"
    # A bedtime past midnight is late, not early: 23:00, 01:00 and 02:00 make 01:00.
    for back, hour in enumerate((23, 1, 2)):
        store.save(make_session(today - timedelta(back), hour), now)
    assert ical.usual_time(store, DayPart.BEDTIME, today) == time(1)
    # The same holds for 05:00 if night feeds moved the end of the day to 06:00.
    store.save_profile(replace(store.profile(), day_ends_at=6), now)
    for back, hour in enumerate((5, 5)):
        made = make_session(today - timedelta(back + 3), hour)
        store.save(made, now)
    assert ical.usual_time(store, DayPart.BEDTIME, today) == time(2)


def test_a_session_without_a_time_has_no_usual_time(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    today = now.local.date()
    for back in range(9):
        made = make_session(today - timedelta(back), 12, part=DayPart.BEDTIME)
        store.save(replace(made, time_known=False), now)
    assert ical.usual_time(store, DayPart.BEDTIME, today) == time(21, 30)
    for back in range(3):
        store.save(make_session(today - timedelta(back), 23), now)
    assert ical.usual_time(store, DayPart.BEDTIME, today) == time(23)


def test_zones_are_places() -> None:
    names = ical.zone_names()
    assert {*PLACES} <= {*names}
    assert not [n for n in names if n.startswith("Etc/")]
