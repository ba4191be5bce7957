"""Backups are made once a day, verified, kept long enough, and restored without loss."""

import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.backup import daily
from holdwell.domain.dated import Pause
from holdwell.domain.models import (
    CheckInAnswer,
    CrampLeg,
    Moment,
    PainEntry,
    Pregnancy,
    Profile,
    SessionState,
)
from holdwell.sessions.defaults import starting_routines
from holdwell.store import database
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.repository import Store
from holdwell.store.snapshot import CopyError
from tests.conftest import AsNobody, MakeSession, plain_file

TODAY = date(2026, 11, 24)
FIXTURES = Path(__file__).parents[2] / "fixtures"


def sessions(path: Path) -> int:
    store = Store(path)
    try:
        return store.session_count()
    finally:
        store.close()


@pytest.fixture
def filled(store: Store, now: Moment, make_session: MakeSession) -> Store:
    for back in range(3):
        store.save(make_session(TODAY - timedelta(back)), now)
    return store


def test_a_backup_is_whole_private_and_made_once_a_day(filled: Store) -> None:
    made = daily.make_daily(filled.file, TODAY)
    assert made is not None
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert daily.make_daily(filled.file, TODAY) is None
    (found,) = daily.good_backups(filled.file)
    assert (found.day, found.sessions, found.until) == (TODAY, 3, TODAY)
    assert [p.name for p in made.parent.iterdir()] == [made.name]


def test_an_unused_database_is_not_backed_up(store: Store) -> None:
    assert daily.make_daily(store.file, TODAY) is None
    assert not daily.folder_of(store.path).exists()


LOGGED: dict[str, Callable[[Store, Moment], object]] = {
    "pain": lambda store, now: store.save(PainEntry(TODAY, 4), now),
    "pain of an import": lambda store, now: store.save_all([PainEntry(TODAY, 4)], now),
    "cramp": lambda store, now: store.save_cramp(TODAY, CrampLeg.NONE, now),
    "check-in": lambda store, now: store.save(CheckInAnswer(now, TODAY, "good"), now),
    "pregnancy": lambda store, now: store.save_pregnancy(Pregnancy(), now),
    "routines": lambda store, now: store.save_routines(starting_routines(Profile()), now),
    "pause": lambda store, now: store.save_pause(Pause(TODAY), now),
    "left-out day": lambda store, now: store.leave_out([TODAY], None, now),
    "setting": lambda store, now: store.save_profile(
        replace(store.profile(), sound=False), store_saved(store, now)
    ),
}


def store_saved(store: Store, now: Moment) -> Moment:
    """Save the profile as it is, as the welcome page does, so that a setting can be changed."""
    store.save_profile(store.profile(), now)
    return now


@pytest.mark.parametrize("log", LOGGED.values(), ids=LOGGED)
def test_whatever_a_user_logs_is_backed_up_and_its_loss_is_noticed(
    store: Store, now: Moment, log: Callable[[Store, Moment], object]
) -> None:
    log(store, now)
    made = daily.make_daily(store.file, TODAY)
    assert made is not None
    assert daily.describe(store.file.at(made)) is not None
    store.close()
    store.path.write_bytes(b"")
    assert database.is_lost(store.path)


def test_the_welcome_page_alone_gives_nothing_to_back_up(store: Store, now: Moment) -> None:
    store.save_profile(replace(store.profile(), welcomed=True), now)
    assert daily.make_daily(store.file, TODAY) is None


def test_a_backup_counts_every_entry_of_the_history_and_knows_the_last(
    filled: Store, now: Moment, make_session: MakeSession
) -> None:
    filled.save(replace(make_session(TODAY), state=SessionState.OPEN), now)
    filled.save(PainEntry(TODAY + timedelta(1), 4), now)
    filled.save_cramp(TODAY - timedelta(9), CrampLeg.NONE, now)
    made = daily.make_daily(filled.file, TODAY)
    assert made is not None
    found = daily.describe(filled.file.at(made))
    assert found is not None
    assert (found.sessions, found.entries, found.until) == (3, 5, TODAY + timedelta(1))


def test_a_backup_of_an_earlier_version_is_described_by_the_tables_it_has(store: Store) -> None:
    old = daily.folder_of(store.path) / daily.name_of(TODAY)
    old.parent.mkdir()
    shutil.copy(FIXTURES / "schema-1.db", old)
    found = daily.describe(store.file.at(old))
    assert found is not None
    assert (found.sessions, found.entries) == (1, 2)


@pytest.mark.parametrize("left", [b"", b"S"])
def test_an_empty_file_does_not_count_as_todays_backup(filled: Store, left: bytes) -> None:
    target = daily.folder_of(filled.path) / daily.name_of(TODAY)
    target.parent.mkdir()
    target.write_bytes(left)
    assert daily.make_daily(filled.file, TODAY) == target
    assert daily.describe(filled.file.at(target)) is not None
    target.write_bytes(b"damaged" * 99)
    assert daily.make_daily(filled.file, TODAY) is None, "the doctor names it; nothing is replaced"


def test_a_backup_includes_the_write_ahead_log(filled: Store) -> None:
    # The store is open and nothing has been checkpointed.
    assert filled.path.with_name("holdwell.db-wal").stat().st_size > 0
    made = daily.make_daily(filled.file, TODAY)
    assert made is not None
    found = daily.describe(filled.file.at(made))
    assert found is not None
    assert found.sessions == 3


def test_seven_days_and_six_months_are_kept(filled: Store) -> None:
    day = TODAY - timedelta(400)
    while day <= TODAY:
        daily.make_daily(filled.file, day)
        daily.prune(filled.path, day)
        day += timedelta(1)
    kept = [day for day, _ in daily.days(filled.path)]
    assert kept[:7] == [TODAY - timedelta(back) for back in range(7)]
    assert [(d.year, d.month) for d in kept[6:]] == [
        (2026, 11), (2026, 10), (2026, 9), (2026, 8), (2026, 7), (2026, 6),
    ]  # fmt: skip


@given(st.sets(st.dates(date(2024, 1, 1), date(2026, 12, 31)), max_size=200))
def test_the_newest_backups_are_kept(known: set[date]) -> None:
    kept = daily.to_keep(sorted(known), date(2026, 12, 31))
    assert kept <= known
    assert set(sorted(known)[-7:]) <= kept
    months = {(day.year, day.month) for day in known}
    for month in sorted(months)[-6:]:
        assert max(day for day in known if (day.year, day.month) == month) in kept
    assert len(kept) <= 7 + 6


def test_a_restore_and_its_undo(filled: Store, now: Moment, make_session: MakeSession) -> None:
    made = daily.make_daily(filled.file, TODAY)
    assert made is not None
    later = make_session(TODAY, 7)
    filled.save(later, now)
    before = daily.restore(filled.file, made, now)
    assert before is not None
    # A window that has been open all the time sees the restored database.
    assert filled.session_count() == 3
    assert daily.restore(filled.file, before, Moment(now.utc + timedelta(1), 0)) is not None
    assert filled.session_count() == 4
    assert filled.session(later.id) == later
    assert filled.db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_damaged_database_goes_into_quarantine_and_the_backup_takes_its_place(
    filled: Store, now: Moment
) -> None:
    made = daily.make_daily(filled.file, TODAY)
    assert made is not None
    filled.close()
    for suffix in ("-wal", "-shm"):
        filled.path.with_name(filled.path.name + suffix).unlink(missing_ok=True)
    filled.path.write_bytes(b"not a database " * 1000)
    damaged = filled.path.read_bytes()
    assert daily.restore(filled.file, made, now) is None
    assert sessions(filled.path) == 3
    (aside,) = filled.path.parent.glob("holdwell.damaged-*.db")
    assert aside.read_bytes() == damaged


def test_a_damaged_backup_is_skipped_and_never_restored(filled: Store, now: Moment) -> None:
    older = daily.make_daily(filled.file, TODAY - timedelta(1))
    newer = daily.make_daily(filled.file, TODAY)
    assert older is not None
    assert newer is not None
    content = bytearray(newer.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    newer.write_bytes(content)
    found = daily.newest_good(filled.file, TODAY)
    assert found is not None
    assert found.path == older
    with pytest.raises(StoreError) as caught:
        daily.restore(filled.file, newer, now)
    assert caught.value.problem is StoreProblem.DAMAGED
    assert filled.session_count() == 3


@pytest.mark.parametrize("version", ["", "6", "x"])
def test_a_file_that_is_not_our_backup_is_skipped_and_never_restored(
    filled: Store, now: Moment, version: str
) -> None:
    backup = daily.make_daily(filled.file, TODAY - timedelta(9))
    foreign = daily.folder_of(filled.path) / daily.name_of(TODAY)
    with closing(sqlite3.connect(foreign)) as db:
        db.executescript(
            "CREATE TABLE session (local_day, deleted_at, state); CREATE TABLE meta (key, value);"
            "INSERT INTO session VALUES ('a day', NULL, 'finished');"
            f"INSERT INTO meta VALUES ('schema_version', '{version}')"
        )
    for name in (daily.name_of(TODAY - timedelta(1)), "before-restore-1.db"):
        foreign.with_name(name).symlink_to("nowhere")
    assert [one.path for one in daily.good_backups(filled.file)] == [backup]
    assert daily.saved_copies(filled.file) == []
    filled.close()
    filled.path.write_bytes(b"damaged" * 999)
    with pytest.raises(StoreError) as caught:
        daily.restore(filled.file, foreign, now)
    assert caught.value.problem is StoreProblem.DAMAGED
    assert filled.path.read_bytes() == b"damaged" * 999


def test_a_backup_without_room_leaves_nothing_behind(filled: Store, as_nobody: AsNobody) -> None:
    folder = daily.folder_of(filled.path)
    folder.mkdir()
    folder.chmod(0o555)
    filled.path.chmod(0o644)
    with as_nobody(filled.path), pytest.raises(CopyError):
        daily.make_daily(filled.file, TODAY)
    folder.chmod(0o755)
    assert list(folder.iterdir()) == []
    assert filled.session_count() == 3


def test_an_earlier_version_is_copied_before_it_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "holdwell.db"
    shutil.copy(FIXTURES / "schema-1.db", path)
    Store(path).close()
    kept = tmp_path / "backups" / "before-version-2.db"
    with closing(plain_file(kept).connect()) as conn:
        version = conn.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
    assert version == ("1",)
    assert sessions(path) == 1
