"""A wrong clock, for a day or a week, does not make the app delete anything."""

import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from holdwell.backup import daily, retention
from holdwell.domain.models import Moment
from holdwell.store import undo
from holdwell.store.repository import Store
from tests.conftest import MakeSession

TODAY = date(2026, 11, 24)


def later(now: Moment, days: float) -> Moment:
    return Moment(now.utc + timedelta(days=days), now.utc_offset)


def upkeep(store: Store, now: Moment) -> None:
    """Do the upkeep as the pages do it once a day, with the system's clock at `now`."""
    retention.run(store, now)
    made = daily.make_daily(store.file, now.local.date())
    if made is not None:
        set_time(made, now)


def set_time(path: Path, now: Moment) -> None:
    os.utime(path, (now.utc.timestamp(), now.utc.timestamp()))


def last_seven(day: date) -> set[date]:
    return {day - timedelta(back) for back in range(7)}


def known_days(store: Store) -> set[date]:
    return {day for day, _ in daily.days(store.path)}


def test_a_start_with_the_clock_a_month_ahead_deletes_nothing(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY)
    store.save(session, now)
    store.save(replace(session, note="n"), now)
    changes = undo.change_count(store)
    upkeep(store, now)
    copy = daily.save_copy(store.file, now, daily.Before.IMPORT)
    for wrong in (32, 400, 30_000):
        upkeep(store, later(now, wrong))
        upkeep(store, later(now, 1))
        assert undo.change_count(store) == changes
        assert copy.exists()
        assert daily.folder_of(store.path).joinpath(daily.name_of(TODAY)).exists()


@pytest.mark.parametrize("days", [32, 26_335, -9_000], ids=["a month", "2099", "2002"])
def test_a_week_with_a_wrong_clock_loses_nothing(
    store: Store, now: Moment, make_session: MakeSession, days: int
) -> None:
    """The app is used each day: three weeks, a week with a wrong clock, and then six weeks."""
    store.save(make_session(TODAY), now)
    for back in range(21, -1, -1):
        upkeep(store, later(now, -back))
    store.save(replace(store.sessions(limit=1)[0], note="n"), now)
    changes = undo.change_count(store)
    copy = daily.save_copy(store.file, now, daily.Before.IMPORT)
    set_time(copy, now)
    for day in range(1, 8):
        wrong = later(now, days + day)
        set_time(daily.save_copy(store.file, wrong, daily.Before.IMPORT), wrong)
        upkeep(store, wrong)
        assert wrong.local.date() in known_days(store)
    assert undo.change_count(store) == changes
    assert copy.exists()
    assert last_seven(TODAY) <= known_days(store)
    for day in range(8, 50):
        right = later(now, day)
        store.save(make_session(right.local.date()), right)
        copy = daily.save_copy(store.file, right, daily.Before.IMPORT)
        set_time(copy, right)
        upkeep(store, right)
        newest = daily.newest_good(store.file, right.local.date())
        assert newest is not None
        assert (newest.day, newest.sessions) == (right.local.date(), day - 6)
        assert copy.exists()
    rotated = {day for day in known_days(store) if later(now, 8).local.date() <= day}
    assert rotated >= last_seven(right.local.date())
    assert sum(day <= right.local.date() for day in known_days(store)) <= 7 + 6


@pytest.mark.parametrize("days", [26_335, -9_000], ids=["2099", "2002"])
def test_a_clock_wrong_every_second_day_adds_no_backups_without_bound(
    store: Store, now: Moment, make_session: MakeSession, days: int
) -> None:
    store.save(make_session(TODAY), now)
    for day in range(120):
        upkeep(store, later(now, day + days * (day % 2)))
    known = known_days(store)
    assert len(known) < 30
    assert {TODAY + timedelta(day) for day in range(106, 120, 2)} <= known


def test_after_a_real_pause_old_data_goes_once_the_app_was_used_for_a_month(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    store.save(make_session(TODAY), now)
    store.delete("session", store.sessions(limit=1)[0].id, now)
    upkeep(store, now)
    for day in range(400, 428):
        upkeep(store, later(now, day))
        assert undo.change_count(store) > 0
    assert len(known_days(store)) == 2 + 7 + 1, "the newest of two months, seven, and today's"
    for day in range(428, 431):
        upkeep(store, later(now, day))
    assert undo.change_count(store) == 0


def test_backups_of_future_days_are_not_counted() -> None:
    right = [TODAY - timedelta(back) for back in range(7)]
    wrong = [date(2099, 1, 1) + timedelta(n) for n in range(7)]
    assert daily.to_keep([*right, *wrong], TODAY) == {*right, *wrong}
    assert daily.to_keep([*right, date(2000, 1, 1)], date(2000, 1, 1)) >= {date(2000, 1, 1), *right}


def test_the_newest_good_backup_is_not_one_of_a_wrong_clock(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    store.save(make_session(TODAY), now)
    stale = daily.make_daily(store.file, date(2099, 1, 1))
    assert stale is not None
    found = daily.newest_good(store.file, TODAY)
    assert found is not None and found.path == stale, "better than none"
    made = daily.make_daily(store.file, TODAY - timedelta(1))
    found = daily.newest_good(store.file, TODAY)
    assert found is not None and found.path == made


def test_when_the_day_of_a_backup_by_a_wrong_clock_comes_it_is_still_old(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    store.save(make_session(TODAY), now)
    for day in (32, 1):
        upkeep(store, later(now, day))
    found = daily.newest_good(store.file, later(now, 40).local.date())
    assert found is not None and found.day == TODAY + timedelta(1)


def test_a_broken_link_among_the_backups_stops_neither_the_upkeep_nor_a_restore(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    store.save(make_session(TODAY), now)
    upkeep(store, now)
    daily.folder_of(store.path).joinpath(daily.name_of(date(2099, 1, 1))).symlink_to("nowhere")
    upkeep(store, later(now, 1))
    found = daily.newest_good(store.file, later(now, 1).local.date())
    assert found is not None and found.day == TODAY + timedelta(1)


def test_a_backup_whose_time_cannot_be_set_does_not_stop_the_upkeep(
    store: Store, now: Moment, make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, times: tuple[float, float]) -> None:
        raise PermissionError(path)

    store.save(make_session(TODAY), now)
    upkeep(store, later(now, 32))
    monkeypatch.setattr(os, "utime", refuse)
    retention.run(store, later(now, 1))


def test_time_is_trusted_up_to_two_days_after_the_last_upkeep(store: Store, now: Moment) -> None:
    """At most two days: daily use makes nothing old too early, and a wrong year nothing at all."""
    for days, trusted in ((400, 2.0), (1.5, 1.5), (-3, -3.0)):
        store.set_meta(retention.LAST_UPKEEP, now.iso)
        upkeeps = retention.note_upkeep(store, later(now, days))
        assert retention.trusted_time(upkeeps, later(now, days)) == later(now, trusted)


def test_starting_the_app_twice_on_a_wrong_day_counts_as_one_day(store: Store, now: Moment) -> None:
    upkeep(store, now)
    for _ in range(3):
        upkeep(store, later(now, 400))
    upkeeps = retention.note_upkeep(store, later(now, 400))
    assert retention.trusted_time(upkeeps, later(now, 400)) == later(now, 2)
