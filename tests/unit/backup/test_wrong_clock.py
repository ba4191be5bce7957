"""A clock that is wrong once does not make the app delete anything."""

from dataclasses import replace
from datetime import date, timedelta

from holdwell.backup import daily, retention
from holdwell.domain.models import Moment
from holdwell.store import undo
from holdwell.store.repository import Store
from tests.conftest import MakeSession

TODAY = date(2026, 11, 24)


def later(now: Moment, days: float) -> Moment:
    return Moment(now.utc + timedelta(days=days), now.utc_offset)


def upkeep(store: Store, now: Moment) -> None:
    """Do the upkeep as the pages do it once a day."""
    by = retention.trusted_time(store, now)
    if by is not None:
        undo.prune(store, by)
        retention.prune(store.path, by)
        daily.prune(store.path, by.local.date())
    daily.make_daily(store.file, now.local.date())


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


def test_after_a_real_pause_of_a_month_old_data_goes_on_the_second_day(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    store.save(make_session(TODAY), now)
    store.delete("session", store.sessions(limit=1)[0].id, now)
    upkeep(store, now)
    upkeep(store, later(now, 40))
    assert undo.change_count(store) > 0
    upkeep(store, later(now, 41))
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


def test_time_is_trusted_up_to_two_days_after_the_last_upkeep(store: Store, now: Moment) -> None:
    """At most two days: daily use makes nothing old too early, and a wrong year nothing at all."""
    for days, trusted in ((400, 2.0), (1.5, 1.5), (-3, -3.0)):
        store.set_meta(retention.LAST_UPKEEP, now.iso)
        assert retention.trusted_time(store, later(now, days)) == later(now, trusted)
