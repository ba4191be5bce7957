"""Passphrases where things go wrong: two windows at once, damage, another file in the place."""

import os
import shutil
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from holdwell.backup import daily, erase, retention
from holdwell.domain.models import CrampLeg, Moment
from holdwell.encryption import rekey
from holdwell.encryption.rekey import WrongPassphraseError
from holdwell.store import database, people, sqlcipher
from holdwell.store.database import StoreError, StoreProblem
from holdwell.store.repository import Store, opened
from holdwell.store.snapshot import CopyError

TODAY = date(2026, 11, 24)
PASSPHRASE = "four calm words here"
OTHER = "another one of hers"


pytestmark = pytest.mark.usefixtures("own_keyring")


def forget_keys() -> None:
    sqlcipher.keyring = sqlcipher.Keyring()


def count(path: Path) -> int:
    with opened(path) as store:
        return store.session_count()


def spoil(path: Path, start: int, data: bytes) -> None:
    whole = bytearray(path.read_bytes())
    whole[start : start + len(data)] = data
    path.write_bytes(whole)
    for end in ("-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)


def outcome(path: Path, passphrase: str) -> StoreProblem | None:
    try:
        rekey.unlock(path, passphrase)
    except StoreError as error:
        return error.problem
    return None


@pytest.mark.parametrize("round_", range(6))
def test_two_windows_that_set_one_at_once_lose_nothing(record: Path, round_: int) -> None:
    told: list[str] = []

    def seal(passphrase: str) -> None:
        try:
            rekey.reseal(record, passphrase, None)
        except StoreError as error:
            told.append(error.problem.value)

    threads = [threading.Thread(target=seal, args=(p,)) for p in (PASSPHRASE, OTHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == ["locked"], "the second was asked while there was none"
    assert count(record) == 5
    assert [found.sessions for found in daily.all_of(record)] == [5]


def test_an_emptied_file_is_never_put_in_the_records_place(record: Path, tmp_path: Path) -> None:
    blank = tmp_path / "blank" / "holdwell.db"
    Store(blank).close()
    with closing(sqlcipher.connect(blank)) as conn:
        conn.execute("DELETE FROM meta")
        conn.commit()
    with pytest.raises(CopyError):
        rekey.reseal(blank, PASSPHRASE)
    assert sqlcipher.sealed_salt(blank) is None


def test_set_and_taken_off_again_and_again(record: Path) -> None:
    """A file system gives a new file the number of one that is gone."""
    for _ in range(5):
        rekey.reseal(record, PASSPHRASE)
        assert count(record) == 5
        forget_keys()
        assert outcome(record, PASSPHRASE) is None
        rekey.reseal(record, None)
        forget_keys()
        assert sqlcipher.sealed_salt(record) is None
        assert count(record) == 5


def test_another_file_in_its_place_is_known_for_what_it_is(record: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.db"
    shutil.copy(record, plain)
    rekey.reseal(record, PASSPHRASE)
    sealed = tmp_path / "sealed.db"
    with closing(sqlcipher.connect(record)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(record, sealed)
    forget_keys()
    assert sqlcipher.sealed_salt(record) is not None
    shutil.copyfile(plain, record)
    assert sqlcipher.sealed_salt(record) is None
    assert count(record) == 5
    with closing(sqlcipher.connect(record)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(sealed, record)
    assert sqlcipher.sealed_salt(record) is not None
    with pytest.raises(StoreError):
        Store(record)


def test_a_new_file_is_never_made_with_the_key_of_the_old_one(record: Path) -> None:
    rekey.reseal(record, PASSPHRASE)
    rekey.set_aside(record)
    assert count(record) == 0
    assert sqlcipher.sealed_salt(record) is None
    rekey.reseal(record, OTHER)
    rekey.set_aside(record)
    assert len(list(record.parent.glob("holdwell.locked-*"))) == 2


def test_busy_is_not_wrong(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rekey.reseal(record, PASSPHRASE)
    monkeypatch.setattr(sqlcipher, "BUSY_SECONDS", 0.05)
    with closing(sqlcipher.connect(record)) as other:
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")
        assert outcome(record, PASSPHRASE) is StoreProblem.LOCKED
        with pytest.raises(StoreError):
            rekey.is_passphrase(record, PASSPHRASE)
    assert outcome(record, PASSPHRASE) is None


def test_damage_in_the_salt_itself_is_damage(record: Path, now: Moment) -> None:
    rekey.reseal(record, PASSPHRASE)
    forget_keys()
    spoil(record, 3, b"\x01\x02\x03")
    assert outcome(record, PASSPHRASE) is StoreProblem.DAMAGED
    newest = daily.newest_good(record)
    assert newest is not None
    assert daily.restore(record, newest.path, now) is None
    assert count(record) == 5
    assert len(list(record.parent.glob("holdwell.damaged-*.db"))) == 1


def test_where_the_first_page_is_gone_the_backups_can_still_be_opened(
    record: Path, now: Moment
) -> None:
    rekey.reseal(record, PASSPHRASE)
    forget_keys()
    spoil(record, 0, bytes(4096))
    assert database.looks_damaged(record)
    assert daily.newest_good(record) is None
    assert len(rekey.sealed_copies(record)) == 1
    assert rekey.unlock_copies(record, "not the passphrase") == 0
    assert rekey.unlock_copies(record, PASSPHRASE) == 1
    assert rekey.settle(record) == []
    assert all(sqlcipher.salt_of(path) for path in rekey.copies(record)), "still encrypted"
    newest = daily.newest_good(record)
    assert newest is not None
    daily.restore(record, newest.path, now)
    assert count(record) == 5


def test_copies_left_with_an_earlier_passphrase_are_brought_along_later(
    record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rekey.reseal(record, PASSPHRASE)
    with monkeypatch.context() as patch:
        patch.setattr(rekey, "settle", lambda _: [])
        rekey.reseal(record, OTHER)
    forget_keys()
    with pytest.raises(WrongPassphraseError):
        # It opens the backup, which a crash left behind; the record is whole.
        rekey.unlock(record, PASSPHRASE)
    rekey.unlock(record, OTHER)
    (left,) = rekey.settle(record)
    assert rekey.uncovered(record) == [left]
    assert rekey.unlock_copies(record, PASSPHRASE) == 1
    assert rekey.settle(record) == []
    assert rekey.uncovered(record) == []
    assert [found.sessions for found in daily.all_of(record)] == [5]


def test_what_is_not_covered_is_named(record: Path) -> None:
    rekey.reseal(record, PASSPHRASE)
    assert rekey.uncovered(record) == []
    aside = record.with_name("holdwell.damaged-20261101-000000.db")
    aside.write_bytes(b"SQLite format 3\0 with words of hers")
    assert rekey.uncovered(record) == [aside]


def test_what_a_killed_one_leaves_beside_the_record_is_swept_away(
    record: Path, now: Moment
) -> None:
    part = record.with_name(f"{record.name}.0123.part")
    part.write_bytes(b"words of hers")
    retention.sweep(record, now)
    assert part.exists(), "it may still be being made"
    os.utime(part, (0, 0))
    assert retention.sweep(record, now) == [part]
    assert not part.exists()


def test_taking_a_person_off_the_list_destroys_nothing(tmp_path: Path, now: Moment) -> None:
    bea = people.add(tmp_path, "Bea")
    with opened(bea.database) as store:
        store.save_cramp(TODAY, CrampLeg.LEFT, now)
    assert not erase.is_empty(bea.database)
    assert not erase.remove_record(bea.database)
    assert bea.folder.exists()
    rekey.reseal(bea.database, PASSPHRASE)
    rekey.set_aside(bea.database)
    Store(bea.database).close()
    assert not erase.is_empty(bea.database), "the locked one is hers too"
    assert not erase.remove_record(bea.database)
    assert len(list(bea.folder.glob("holdwell.locked-*/holdwell.db"))) == 1


def test_a_link_in_her_folder_is_not_followed(tmp_path: Path) -> None:
    bea = people.add(tmp_path, "Bea")
    Store(bea.database).close()
    outside = tmp_path / "letter.txt"
    outside.write_text("not ours", encoding="utf-8")
    (bea.folder / "link").symlink_to(outside)
    assert erase.remove_record(bea.database)
    assert not bea.folder.exists()
    assert outside.read_text(encoding="utf-8") == "not ours"


def test_a_folder_of_people_that_cannot_be_read_is_not_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.add(tmp_path, "Bea")

    def refuse(_: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(OSError):
        people.people(tmp_path)
