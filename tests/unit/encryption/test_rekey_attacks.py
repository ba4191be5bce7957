"""Passphrases when things go wrong: two windows at once, damage, a replaced file."""

import os
import shutil
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from holdwell.backup import daily, erase, retention
from holdwell.domain.models import CrampLeg, Moment
from holdwell.encryption import rekey
from holdwell.encryption.rekey import WrongPassphraseError
from holdwell.store import database, people, sqlcipher
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.keys import Key
from holdwell.store.repository import Store, opened
from holdwell.store.snapshot import CopyError
from holdwell.store.sqlcipher import Connection, DatabaseFile, Mode
from holdwell.store.sqlite import Database
from tests.conftest import MakeSession, plain_file, restarted
from tests.unit.encryption.conftest import PASSPHRASE, TODAY, is_locked_for_others

OTHER = "another four calm words"


def count(file: DatabaseFile) -> int:
    with opened(file) as store:
        return store.session_count()


def spoil(path: Path, start: int, data: bytes) -> None:
    content = bytearray(path.read_bytes())
    content[start : start + len(data)] = data
    path.write_bytes(content)
    for end in ("-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)


def outcome(file: DatabaseFile, passphrase: str) -> StoreProblem | None:
    try:
        rekey.unlock(file, passphrase)
    except StoreError as error:
        return error.problem
    return None


@pytest.mark.parametrize("round_", range(6))
def test_two_windows_that_set_a_passphrase_at_once_lose_nothing(
    file: DatabaseFile, round_: int
) -> None:
    problems: list[str] = []

    def encrypt(passphrase: str) -> None:
        try:
            rekey.change_passphrase(file, passphrase, None)
        except StoreError as error:
            problems.append(error.problem.value)

    threads = [threading.Thread(target=encrypt, args=(p,)) for p in (PASSPHRASE, OTHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == ["locked"], "the second was asked while there was none"
    assert count(file) == 5
    assert [found.sessions for found in daily.good_backups(file)] == [5]


def test_a_file_without_rows_is_never_encrypted(file: DatabaseFile, tmp_path: Path) -> None:
    blank = plain_file(tmp_path / "blank" / "holdwell.db")
    Store(blank).close()
    with closing(blank.connect()) as conn:
        conn.execute("DELETE FROM meta")
        conn.commit()
    with pytest.raises(CopyError):
        rekey.change_passphrase(blank, PASSPHRASE)
    assert blank.salt() is None


def test_a_passphrase_is_set_and_removed_repeatedly(file: DatabaseFile) -> None:
    """A file system may give a new file the inode of a removed one."""
    for _ in range(5):
        rekey.change_passphrase(file, PASSPHRASE)
        assert count(file) == 5
        file = restarted(file)
        assert outcome(file, PASSPHRASE) is None
        rekey.change_passphrase(file, None)
        file = restarted(file)
        assert file.salt() is None
        assert count(file) == 5


def test_another_file_in_its_place_is_recognized(file: DatabaseFile, tmp_path: Path) -> None:
    plain = tmp_path / "plain.db"
    shutil.copy(file.path, plain)
    rekey.change_passphrase(file, PASSPHRASE)
    sealed = tmp_path / "sealed.db"
    with closing(file.connect()) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(file.path, sealed)
    file = restarted(file)
    assert file.salt() is not None
    shutil.copyfile(plain, file.path)
    assert file.salt() is None
    assert count(file) == 5
    with closing(file.connect()) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(sealed, file.path)
    assert file.salt() is not None
    with pytest.raises(StoreError):
        Store(file)


def test_a_new_file_is_never_made_with_the_key_of_the_old_one(file: DatabaseFile) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    rekey.quarantine(file)
    assert count(file) == 0
    assert file.salt() is None
    rekey.change_passphrase(file, OTHER)
    rekey.quarantine(file)
    assert len(list(file.path.parent.glob("holdwell.locked-*"))) == 2


def test_a_busy_database_is_not_a_wrong_passphrase(
    file: DatabaseFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    monkeypatch.setattr(sqlcipher, "BUSY_SECONDS", 0.05)
    with closing(file.connect()) as other:
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")
        assert outcome(file, PASSPHRASE) is StoreProblem.LOCKED
        with pytest.raises(StoreError):
            rekey.is_passphrase(file, PASSPHRASE)
    assert outcome(file, PASSPHRASE) is None


def test_damage_in_the_salt_itself_is_damage(file: DatabaseFile, now: Moment) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    file = restarted(file)
    spoil(file.path, 3, b"\x01\x02\x03")
    assert outcome(file, PASSPHRASE) is StoreProblem.DAMAGED
    newest = daily.newest_good(file, TODAY)
    assert newest is not None
    assert daily.restore(file, newest.path, now) is None
    assert count(file) == 5
    assert len(list(file.path.parent.glob("holdwell.damaged-*.db"))) == 1


def test_where_the_first_page_is_gone_the_backups_can_still_be_opened(
    file: DatabaseFile, now: Moment
) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    file = restarted(file)
    spoil(file.path, 0, bytes(4096))
    assert database.looks_damaged(file)
    assert daily.newest_good(file, TODAY) is None
    assert len(rekey.locked_copies(file)) == 1
    assert rekey.unlock_copies(file, "not the passphrase") == 0
    assert rekey.unlock_copies(file, PASSPHRASE) == 1
    assert rekey.convert_copies(file) == []
    assert all(sqlcipher.read_salt(path) for path in rekey.copies(file.path)), "still encrypted"
    newest = daily.newest_good(file, TODAY)
    assert newest is not None
    daily.restore(file, newest.path, now)
    assert count(file) == 5


def test_copies_left_with_an_earlier_passphrase_are_converted_later(
    file: DatabaseFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    with monkeypatch.context() as patch:
        patch.setattr(rekey, "convert_copies", lambda _: [])
        rekey.change_passphrase(file, OTHER)
    file = restarted(file)
    with pytest.raises(WrongPassphraseError):
        # It opens the backup, which a crash left behind; the database is intact.
        rekey.unlock(file, PASSPHRASE)
    rekey.unlock(file, OTHER)
    (left,) = rekey.convert_copies(file)
    assert rekey.not_covered(file) == [left]
    assert rekey.unlock_copies(file, PASSPHRASE) == 1
    assert rekey.convert_copies(file) == []
    assert rekey.not_covered(file) == []
    assert [found.sessions for found in daily.good_backups(file)] == [5]


def test_what_is_not_covered_is_named(file: DatabaseFile) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    assert rekey.not_covered(file) == []
    aside = file.path.with_name("holdwell.damaged-20261101-000000.db")
    aside.write_bytes(b"SQLite format 3\0 with words of the user")
    assert rekey.not_covered(file) == [aside]


def test_what_a_killed_change_leaves_beside_the_database_is_pruned(
    file: DatabaseFile, now: Moment
) -> None:
    part = file.path.with_name(f"{file.path.name}.0123.part")
    part.write_bytes(b"words of the user")
    retention.prune_parts(file.path, now)
    assert part.exists(), "it may still be being made"
    os.utime(part, (0, 0))
    assert retention.prune_parts(file.path, now) == [part]
    assert not part.exists()


def test_a_link_to_the_database_stays_a_link(file: DatabaseFile, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "real.db"
    elsewhere.parent.mkdir()
    file.path.rename(elsewhere)
    file.path.symlink_to(elsewhere)
    rekey.change_passphrase(file, PASSPHRASE)
    assert file.path.is_symlink()
    assert sqlcipher.read_salt(elsewhere) == file.salt() is not None
    with opened(file) as store:
        assert store.session_count() == 5


def test_a_folder_whose_name_is_no_utf8_can_be_encrypted(
    tmp_path: Path, now: Moment, make_session: MakeSession
) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    file = plain_file(folder / "holdwell.db")
    with opened(file) as store:
        store.save(make_session(TODAY), now)
    rekey.change_passphrase(file, PASSPHRASE)
    with opened(file) as store:
        assert store.session_count() == 1


def test_taking_a_person_off_the_list_destroys_nothing(tmp_path: Path, now: Moment) -> None:
    bea = people.add(tmp_path, "Bea")
    with opened(bea.database) as store:
        store.save_cramp(TODAY, CrampLeg.LEFT, now)
    assert not erase.is_empty(plain_file(bea.database))
    assert not erase.remove_if_empty(plain_file(bea.database))
    assert bea.folder.exists()
    rekey.change_passphrase(plain_file(bea.database), PASSPHRASE)
    rekey.quarantine(plain_file(bea.database))
    Store(bea.database).close()
    assert not erase.is_empty(plain_file(bea.database)), "the locked one counts too"
    assert not erase.remove_if_empty(plain_file(bea.database))
    assert len(list(bea.folder.glob("holdwell.locked-*/holdwell.db"))) == 1


def test_a_link_in_the_folder_is_not_followed(tmp_path: Path) -> None:
    bea = people.add(tmp_path, "Bea")
    Store(bea.database).close()
    outside = tmp_path / "letter.txt"
    outside.write_text("not ours", encoding="utf-8")
    (bea.folder / "link").symlink_to(outside)
    (bea.folder / database.ERROR_LOG).touch()
    assert erase.remove_if_empty(plain_file(bea.database))
    assert not bea.folder.exists()
    assert outside.read_text(encoding="utf-8") == "not ours"


def test_a_folder_of_people_that_cannot_be_read_does_not_count_as_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.add(tmp_path, "Bea")

    def refuse(_: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(OSError):
        people.people(tmp_path)


def test_a_database_whose_last_write_was_interrupted_is_unlocked(
    file: DatabaseFile, tmp_path: Path
) -> None:
    """SQLite can roll the write back only in a writable file (SQLITE_READONLY_ROLLBACK)."""
    before = count(file)
    rekey.change_passphrase(file, PASSPHRASE)
    cut = tmp_path / "cut" / "holdwell.db"
    cut.parent.mkdir()
    with closing(file.connect()) as conn:
        conn.execute("PRAGMA journal_mode=DELETE")
        conn.execute("PRAGMA cache_size=1")
        conn.execute("BEGIN")
        for number in range(500):
            conn.execute("INSERT INTO meta (key, value) VALUES (?, ?)", [f"k{number}", "x" * 900])
        # A kill leaves these files on disk.
        for end in ("", "-journal"):
            shutil.copy(f"{file.path}{end}", f"{cut}{end}")
        conn.execute("ROLLBACK")
    assert Path(f"{cut}-journal").stat().st_size > 0
    again = restarted(file.at(cut))
    with pytest.raises(WrongPassphraseError):
        rekey.unlock(again, OTHER)
    rekey.unlock(again, PASSPHRASE)
    assert count(again) == before > 0


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there")
def test_a_window_that_waits_for_the_old_file_removes_no_lock_of_the_new_one(
    file: DatabaseFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    retries, is_changed = threading.Event(), threading.Event()
    connect, lock, blank = sqlcipher.connect_with, rekey._lock_exclusively, rekey._blank
    waiter = threading.Thread(target=lambda: file.connect().close())
    attempts: list[Path] = []
    writers: list[Store] = []

    def connect_in_turn(path: Path, key: Key | None, mode: Mode = Mode.WRITE) -> Connection:
        if threading.current_thread() is waiter and mode is Mode.EXISTING:
            if attempts:
                retries.set()
                is_changed.wait(10)
            attempts.append(path)
        return connect(path, key, mode)

    def lock_and_let_wait(conn: Connection) -> None:
        lock(conn)
        waiter.start()
        assert retries.wait(10), "it waits with the old file open"

    def write_before_unlocking(conn: Connection) -> None:
        writers.append(Store(file))
        writers[0].set_meta("in", "the log")
        writers[0].db.execute("BEGIN IMMEDIATE")
        blank(conn)

    monkeypatch.setattr(sqlcipher, "connect_with", connect_in_turn)
    monkeypatch.setattr(rekey, "_lock_exclusively", lock_and_let_wait)
    monkeypatch.setattr(rekey, "_blank", write_before_unlocking)
    monkeypatch.setattr(rekey, "convert_copies", lambda file: [])  # It would wait for the writer.
    rekey.change_passphrase(file, None)
    is_changed.set()
    waiter.join()
    assert is_locked_for_others(file.path)
    writers[0].close()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there")
def test_a_database_that_is_encrypted_while_it_is_opened_is_locked_and_not_lost(
    file: DatabaseFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(file.connect()) as conn:
        conn.execute("PRAGMA journal_mode=DELETE")
    read = database.schema_version

    def encrypt_and_read(db: Database, path: Path) -> int:
        monkeypatch.setattr(database, "schema_version", read)
        rekey.change_passphrase(file, PASSPHRASE)
        return read(db, path)

    monkeypatch.setattr(database, "schema_version", encrypt_and_read)
    with pytest.raises(StoreError) as caught:
        Store(file)
    assert caught.value.problem is StoreProblem.LOCKED
    assert count(file) == 5
