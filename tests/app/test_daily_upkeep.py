"""Once a day, a backup is made and old changes and backups are pruned; a failure blocks no page."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from holdwell.backup import daily, retention
from holdwell.domain.models import Moment, PainEntry
from holdwell.store import undo
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.repository import Store
from holdwell.store.snapshot import CopyError, copy_database
from holdwell.store.sqlcipher import DatabaseFile
from holdwell.ui.runtime import daily_upkeep
from holdwell.ui.runtime.process_state import process_state
from tests.app.conftest import OpenPage, texts
from tests.conftest import TODAY, MakeSession


def test_once_a_day_old_changes_and_backups_are_pruned(
    open_page: OpenPage, known: Store, folder: Path, now: Moment, make_session: MakeSession
) -> None:
    old = Moment(now.utc - timedelta(days=31), now.utc_offset)
    session = make_session(TODAY - timedelta(40))
    known.save(session, old)
    known.delete("session", session.id, old)
    left = folder / "backups" / "holdwell-2026-10-01.db.12.part"
    left.parent.mkdir()
    left.write_bytes(b"x")
    os.utime(left, (old.utc.timestamp(), old.utc.timestamp()))
    # Upkeep ran yesterday, so it trusts today's clock.
    known.set_meta(retention.LAST_UPKEEP, Moment(now.utc - timedelta(days=1), 0).iso)
    open_page("today")
    assert not left.exists()
    assert [s.at for s in undo.changes(known, limit=9)] == [now], "the dates, given today"
    assert known.deleted_sessions(9) == [session]


def test_a_clock_that_is_a_month_ahead_of_the_last_opening_deletes_nothing(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    old = Moment(now.utc - timedelta(days=31), now.utc_offset)
    session = make_session(TODAY - timedelta(40))
    known.save(session, old)
    known.delete("session", session.id, old)
    known.set_meta(retention.LAST_UPKEEP, old.iso)
    open_page("today")
    assert old in [change.at for change in undo.changes(known, limit=9)]


def test_the_page_opens_even_if_pruning_fails(
    open_page: OpenPage, known: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StoreError(StoreProblem.LOCKED, folder)

    monkeypatch.setattr(undo, "prune", refuse)
    assert "Good evening" in texts(open_page("today"))
    assert process_state().backup_failed == set()


def test_a_backup_is_made_on_the_first_opening_of_a_day(
    open_page: OpenPage, known: Store, folder: Path, now: Moment, make_session: MakeSession
) -> None:
    known.save(make_session(TODAY), now)
    open_page("today")
    assert [day for day, _ in daily.days(folder / "holdwell.db")] == [TODAY]


def test_a_run_that_begins_during_the_upkeep_of_another_has_the_backup(
    open_page: OpenPage,
    known: Store,
    now: Moment,
    make_session: MakeSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known.save(make_session(TODAY), now)
    found: list[list[date]] = []

    def begin_another(store: Store, _: Moment) -> None:
        daily_upkeep.run_once_a_day(store)
        found.append([day for day, _ in daily.days(store.path)])

    monkeypatch.setattr(retention, "run", begin_another)
    open_page("today")
    assert found == [[TODAY]]


def test_the_first_backup_is_made_on_the_day_of_the_first_entry(
    open_page: OpenPage, saved: Store, now: Moment
) -> None:
    open_page("today")
    assert daily.days(saved.path) == []
    saved.save(PainEntry(TODAY, 4), now)
    open_page("today")
    assert [day for day, _ in daily.days(saved.path)] == [TODAY]
    assert process_state().backup_due == set()


def test_one_backup_a_day_is_made_also_where_files_get_the_time_of_a_clock_that_is_behind(
    open_page: OpenPage,
    known: Store,
    now: Moment,
    make_session: MakeSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known.save(make_session(TODAY), now)
    made: list[Path] = []

    def copy_with_old_time(file: DatabaseFile, target: Path) -> None:
        copy_database(file, target)
        os.utime(target, (0, 0))
        made.append(target)

    monkeypatch.setattr(daily, "copy_database", copy_with_old_time)
    open_page("today")
    open_page("today")
    assert len(made) == 1


def test_the_page_opens_even_if_the_backup_fails(
    open_page: OpenPage,
    known: Store,
    folder: Path,
    now: Moment,
    make_session: MakeSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise CopyError("no room")

    known.save(make_session(TODAY), now)
    monkeypatch.setattr(daily, "copy_database", fail)
    assert "Good evening" in texts(open_page("today"))
    assert "The last backup could not be made" in texts(open_page("record"))
