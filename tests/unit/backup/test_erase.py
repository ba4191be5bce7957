"""Erased text is gone: no file in the data folder holds a byte of it, whatever was there before."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from holdwell.backup import daily, erase, retention
from holdwell.backup.daily import Before
from holdwell.backup.erase import Scope
from holdwell.domain.models import (
    CheckInAnswer,
    CrampLeg,
    Moment,
    Pregnancy,
    Routine,
    RoutineStretch,
    Session,
    new_id,
)
from holdwell.encryption import rekey
from holdwell.store import database, sqlcipher, undo
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.repository import Store
from holdwell.store.sqlcipher import DatabaseFile
from tests.conftest import MakeSession

DAY = date(2026, 11, 24)
DELETED, EDITED, TAKEN, FORGOTTEN, LIVE = (
    f"{word}-9d1f27c4-unmistakable" for word in ("deleted", "edited", "taken", "forgotten", "live")
)
MARKS = (DELETED, EDITED, TAKEN, FORGOTTEN)
LOG = "holdwell-errors.log"


def found_in(folder: Path, mark: str) -> set[str]:
    """Return the names of all files, at any depth, that hold a text in UTF-8 or UTF-16."""
    wanted = (mark.encode(), mark.encode("utf-16-le"))
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(w in path.read_bytes() for w in wanted)
    }


@pytest.fixture
def worn(tmp_path: Path, now: Moment, make_session: MakeSession) -> Iterator[Store]:
    """A database that was used for a while and is open in a window, with rows in every table."""
    store = Store(tmp_path / "holdwell.db")
    # Debian's SQLite overwrites deleted content by itself; that of python.org leaves it.
    store.db.execute("PRAGMA secure_delete=OFF")
    deleted: Session = replace(make_session(DAY), note=DELETED * 40)
    kept: Session = replace(make_session(DAY, 7), note=EDITED)
    store.save_all([make_session(DAY - timedelta(n)) for n in range(1, 60)], now)
    store.save(deleted, now)
    store.save(replace(kept, note=FORGOTTEN * 60), now)
    store.save(kept, now)
    # Pruned after 30 days: its bytes are still in free pages of the file.
    undo.prune(store, Moment(now.utc + timedelta(days=31), now.utc_offset))
    store.save_cramp(DAY, CrampLeg.LEFT, now)
    store.save_pregnancy(Pregnancy(due_date=DAY + timedelta(50)), now)
    store.save(CheckInAnswer(now, DAY, "fine"), now)
    store.set_meta("seen", "yes")
    routine = Routine(new_id(), TAKEN, (RoutineStretch("side_reach"),))
    store.save_routines([routine, replace(routine, id=new_id(), name="B")], now)
    daily.make_daily(store.file, DAY - timedelta(40))
    daily.make_daily(store.file, DAY)
    for before in Before:
        daily.save_copy(store.file, now, before)
    folder = daily.folder_of(store.path)
    shutil.copy(folder / daily.name_of(DAY), folder / "before-version-4.db")
    shutil.copy(folder / daily.name_of(DAY), folder / "holdwell-2026-11-24.db.ab12.part")
    shutil.copy(folder / daily.name_of(DAY), tmp_path / "holdwell.damaged-20261101-120000.db")
    (tmp_path / "holdwell.damaged-20261101-120000.db-wal").write_text(DELETED)
    (tmp_path / LOG).write_text(f"Traceback {DELETED}")
    store.save(replace(kept, note=LIVE), now)
    store.delete("session", deleted.id, now)
    store.save_routines(store.routines()[1:], now)
    yield store
    store.close()


def test_the_marks_are_everywhere_to_begin_with(worn: Store, tmp_path: Path) -> None:
    everywhere = {
        "holdwell.db-wal",
        LOG,
        "holdwell.damaged-20261101-120000.db",
        "holdwell.damaged-20261101-120000.db-wal",
        "backups/holdwell-2026-10-15.db",
        "backups/holdwell-2026-11-24.db",
        "backups/before-version-4.db",
        "backups/holdwell-2026-11-24.db.ab12.part",
    }
    assert everywhere <= found_in(tmp_path, DELETED)
    assert len(list(daily.folder_of(worn.path).glob("before-*.db"))) == 3
    assert all(found_in(tmp_path, mark) for mark in (*MARKS, LIVE))


@pytest.mark.parametrize("scope", Scope)
def test_no_byte_of_it_is_left_in_any_file(worn: Store, tmp_path: Path, scope: Scope) -> None:
    """The write-ahead log is full, there is a copy of every kind, and a second window is open."""
    assert erase.erase(worn.file, scope, DAY) == []
    for mark in MARKS:
        assert found_in(tmp_path, mark) == set()
    assert bool(found_in(tmp_path, LIVE)) is (scope is Scope.OLD)
    assert (tmp_path / "holdwell.db-wal").stat().st_size == 0
    worn.close()
    for mark in MARKS:
        assert found_in(tmp_path, mark) == set(), "closing brings nothing back"


def test_the_log_is_overwritten_before_it_is_truncated_and_grows_little(
    worn: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = sqlcipher.log_of(worn.path)
    size = log.stat().st_size
    assert DELETED.encode() in log.read_bytes()
    original = erase._checkpoint

    def leave_it_long(db: Database, path: Path, mode: str = "RESTART") -> None:
        original(db, path, mode)

    worn.db.execute("PRAGMA secure_delete=ON")
    with worn.writing():
        erase._delete(worn.db, Scope.EVERYTHING)
    needed = log.stat().st_size
    monkeypatch.setattr(erase, "_checkpoint", leave_it_long)
    erase._fill_with_zeros(worn.db, worn.path)
    assert size <= log.stat().st_size < 1.1 * needed, "where deleting had room, zeros have it"
    for mark in (*MARKS, LIVE):
        assert mark.encode() not in log.read_bytes()


def test_what_was_not_deleted_stays_and_has_one_new_backup(
    worn: Store, tmp_path: Path, now: Moment
) -> None:
    before = worn.sessions(limit=99)
    routines, profile, pregnancy = worn.routines(), worn.profile(), worn.pregnancy()
    erase.erase(worn.file, Scope.OLD, DAY)
    # The window that has been open all the time sees the result.
    assert worn.sessions(limit=99) == before
    assert (worn.routines(), worn.profile(), worn.pregnancy()) == (routines, profile, pregnancy)
    assert worn.cramp(DAY) is not None
    assert (worn.session_count(deleted=True), undo.change_count(worn)) == (0, 0)
    assert [p.name for p in daily.folder_of(worn.path).iterdir()] == [daily.name_of(DAY)]
    (made,) = daily.good_backups(worn.file)
    assert made.sessions == worn.session_count()
    assert sorted(p.name for p in tmp_path.glob("*.db")) == ["holdwell.db"]


def test_backups_go_before_the_zeros_for_which_a_full_disk_then_has_room(
    worn: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[list[Path]] = []
    monkeypatch.setattr(erase, "_fill_with_zeros", lambda _, path: found.append(erase.files(path)))
    assert erase.files(worn.path)
    erase.erase(worn.file, Scope.EVERYTHING, DAY)
    assert found == [[]]


def test_after_erasing_everything_the_database_is_like_new(
    worn: Store, tmp_path: Path, now: Moment, make_session: MakeSession
) -> None:
    erase.erase(worn.file, Scope.EVERYTHING, DAY)
    fresh = Store(tmp_path / "new" / "holdwell.db")
    for store in (worn, Store(worn.path)):
        assert store.profile() == fresh.profile()
        assert (store.sessions(limit=9), store.routines(), store.pregnancy()) == ([], [], None)
        assert store.meta("seen") is None
        assert database.schema_version(store.db, store.path) == database.SCHEMA_VERSION
        assert [r["n"] for r in store.rows("SELECT count(*) AS n FROM check_in")] == [0]
    assert list(daily.folder_of(worn.path).iterdir()) == []
    retention.run(worn, now)
    assert daily.make_daily(worn.file, DAY) is None, "there is nothing to back up"
    session = make_session(DAY)
    worn.save(session, now)
    assert worn.session(session.id) == session
    assert worn.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    fresh.close()


def test_an_example_stays_an_example(worn: Store) -> None:
    worn.set_meta("demo", "1")
    erase.erase(worn.file, Scope.EVERYTHING, DAY)
    assert worn.meta("demo") == "1"


def test_counting_says_what_would_be_erased_and_erases_nothing(worn: Store, tmp_path: Path) -> None:
    found = erase.count(worn.file)
    # Two daily backups, two copies, one from before a migration, an interrupted one, two files of
    # a damaged database, and the log.
    assert (found.entries, found.deleted, found.files) == (61, 2, 9)
    assert found_in(tmp_path, DELETED)


def test_files_that_are_not_ours_stay(worn: Store, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "holdwell.db").write_bytes(b"another database")
    erase.erase(worn.file, Scope.EVERYTHING, DAY)
    assert (tmp_path / "letter.txt").read_text() == "mine"
    assert (tmp_path / "demo" / "holdwell.db").read_bytes() == b"another database"


def test_a_reader_blocks_erasing_and_the_next_attempt_finishes(
    worn: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlcipher, "BUSY_SECONDS", 0.05)
    with closing(worn.file.connect()) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM session").fetchone()
        with pytest.raises(StoreError) as caught:
            erase.erase(worn.file, Scope.OLD, DAY)
        assert caught.value.problem is StoreProblem.LOCKED
        assert daily.good_backups(worn.file), "no backup goes before the database is done"
    erase.erase(worn.file, Scope.OLD, DAY)
    assert not any(found_in(tmp_path, mark) for mark in MARKS)


def test_a_file_that_cannot_be_removed_is_named(
    worn: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = tmp_path / "backups" / "before-version-4.db"
    original = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path == stuck:
            raise PermissionError("in use")
        original(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    assert erase.erase(worn.file, Scope.EVERYTHING, DAY) == [stuck]
    assert found_in(tmp_path, DELETED) == set(), "its bytes are overwritten all the same"


def test_erasing_an_empty_database_is_fine(store: Store) -> None:
    for scope in Scope:
        assert erase.erase(store.file, scope, DAY) == []


def test_what_lies_beside_the_file_that_a_link_leads_to_is_erased(
    file: DatabaseFile, tmp_path: Path, now: Moment
) -> None:
    real = tmp_path / "elsewhere" / "real.db"
    real.parent.mkdir()
    file.path.rename(real)
    file.path.symlink_to(real)
    damaged = bytearray(real.read_bytes())
    damaged[4096:8192] = bytes(b"\xff" * 4096)
    real.write_bytes(damaged)
    assert daily.restore(file, daily.days(file.path)[0][1], now) is None
    real.with_name("real.db.unfinished.part").write_bytes(b"words")
    assert len(rekey.not_covered(file)) == 0
    rekey.change_passphrase(file, "four calm words here")
    assert [left.stem.partition(".")[0] for left in rekey.not_covered(file)] == ["real"]
    assert erase.erase(file, Scope.EVERYTHING, DAY) == []
    assert list(real.parent.iterdir()) == [real]
