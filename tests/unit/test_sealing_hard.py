"""Passphrases where things go wrong: two windows at once, damage, another file in the place."""

import os
import shutil
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from holdwell import backup, emptying, engine, household, schema, sealing, sweep
from holdwell.copying import CopyError
from holdwell.records import CrampLeg, Moment
from holdwell.schema import StoreError, StoreProblem
from holdwell.sealing import WrongPassphraseError
from holdwell.store import Store, opened

TODAY = date(2026, 11, 24)
PASSPHRASE = "four calm words here"
OTHER = "another one of hers"


pytestmark = pytest.mark.usefixtures("own_keyring")


def forget_keys() -> None:
    engine.keyring = engine.Keyring()


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
        sealing.unlock(path, passphrase)
    except StoreError as error:
        return error.problem
    return None


@pytest.mark.parametrize("round_", range(6))
def test_two_windows_that_set_one_at_once_lose_nothing(record: Path, round_: int) -> None:
    told: list[str] = []

    def seal(passphrase: str) -> None:
        try:
            sealing.reseal(record, passphrase, None)
        except StoreError as error:
            told.append(error.problem.value)

    threads = [threading.Thread(target=seal, args=(p,)) for p in (PASSPHRASE, OTHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == ["locked"], "the second was asked while there was none"
    assert count(record) == 5
    assert [found.sessions for found in backup.all_of(record)] == [5]


def test_an_emptied_file_is_never_put_in_the_records_place(record: Path, tmp_path: Path) -> None:
    blank = tmp_path / "blank" / "holdwell.db"
    Store(blank).close()
    with closing(engine.connect(blank)) as conn:
        conn.execute("DELETE FROM meta")
        conn.commit()
    with pytest.raises(CopyError):
        sealing.reseal(blank, PASSPHRASE)
    assert engine.sealed_salt(blank) is None


def test_set_and_taken_off_again_and_again(record: Path) -> None:
    """A file system gives a new file the number of one that is gone."""
    for _ in range(5):
        sealing.reseal(record, PASSPHRASE)
        assert count(record) == 5
        forget_keys()
        assert outcome(record, PASSPHRASE) is None
        sealing.reseal(record, None)
        forget_keys()
        assert engine.sealed_salt(record) is None
        assert count(record) == 5


def test_another_file_in_its_place_is_known_for_what_it_is(record: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.db"
    shutil.copy(record, plain)
    sealing.reseal(record, PASSPHRASE)
    sealed = tmp_path / "sealed.db"
    with closing(engine.connect(record)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(record, sealed)
    forget_keys()
    assert engine.sealed_salt(record) is not None
    shutil.copyfile(plain, record)
    assert engine.sealed_salt(record) is None
    assert count(record) == 5
    with closing(engine.connect(record)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(sealed, record)
    assert engine.sealed_salt(record) is not None
    with pytest.raises(StoreError):
        Store(record)


def test_a_new_file_is_never_made_with_the_key_of_the_old_one(record: Path) -> None:
    sealing.reseal(record, PASSPHRASE)
    sealing.set_aside(record)
    assert count(record) == 0
    assert engine.sealed_salt(record) is None
    sealing.reseal(record, OTHER)
    sealing.set_aside(record)
    assert len(list(record.parent.glob("holdwell.locked-*"))) == 2


def test_busy_is_not_wrong(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sealing.reseal(record, PASSPHRASE)
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    with closing(engine.connect(record)) as other:
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")
        assert outcome(record, PASSPHRASE) is StoreProblem.LOCKED
        with pytest.raises(StoreError):
            sealing.is_passphrase(record, PASSPHRASE)
    assert outcome(record, PASSPHRASE) is None


def test_damage_in_the_salt_itself_is_damage(record: Path, now: Moment) -> None:
    sealing.reseal(record, PASSPHRASE)
    forget_keys()
    spoil(record, 3, b"\x01\x02\x03")
    assert outcome(record, PASSPHRASE) is StoreProblem.DAMAGED
    newest = backup.newest_good(record)
    assert newest is not None
    assert backup.restore(record, newest.path, now) is None
    assert count(record) == 5
    assert len(list(record.parent.glob("holdwell.damaged-*.db"))) == 1


def test_where_the_first_page_is_gone_the_backups_can_still_be_opened(
    record: Path, now: Moment
) -> None:
    sealing.reseal(record, PASSPHRASE)
    forget_keys()
    spoil(record, 0, bytes(4096))
    assert schema.looks_damaged(record)
    assert backup.newest_good(record) is None
    assert len(sealing.sealed_copies(record)) == 1
    assert sealing.unlock_copies(record, "not the passphrase") == 0
    assert sealing.unlock_copies(record, PASSPHRASE) == 1
    assert sealing.settle(record) == []
    assert all(engine.salt_of(path) for path in sealing.copies(record)), "still encrypted"
    newest = backup.newest_good(record)
    assert newest is not None
    backup.restore(record, newest.path, now)
    assert count(record) == 5


def test_copies_left_with_an_earlier_passphrase_are_brought_along_later(
    record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealing.reseal(record, PASSPHRASE)
    with monkeypatch.context() as patch:
        patch.setattr(sealing, "settle", lambda _: [])
        sealing.reseal(record, OTHER)
    forget_keys()
    with pytest.raises(WrongPassphraseError):
        # It opens the backup, which a crash left behind; the record is whole.
        sealing.unlock(record, PASSPHRASE)
    sealing.unlock(record, OTHER)
    (left,) = sealing.settle(record)
    assert sealing.uncovered(record) == [left]
    assert sealing.unlock_copies(record, PASSPHRASE) == 1
    assert sealing.settle(record) == []
    assert sealing.uncovered(record) == []
    assert [found.sessions for found in backup.all_of(record)] == [5]


def test_what_is_not_covered_is_named(record: Path) -> None:
    sealing.reseal(record, PASSPHRASE)
    assert sealing.uncovered(record) == []
    aside = record.with_name("holdwell.damaged-20261101-000000.db")
    aside.write_bytes(b"SQLite format 3\0 with words of hers")
    assert sealing.uncovered(record) == [aside]


def test_what_a_killed_one_leaves_beside_the_record_is_swept_away(
    record: Path, now: Moment
) -> None:
    part = record.with_name(f"{record.name}.0123.part")
    part.write_bytes(b"words of hers")
    sweep.sweep(record, now)
    assert part.exists(), "it may still be being made"
    os.utime(part, (0, 0))
    assert sweep.sweep(record, now) == [part]
    assert not part.exists()


def test_taking_a_person_off_the_list_destroys_nothing(tmp_path: Path, now: Moment) -> None:
    bea = household.add(tmp_path, "Bea")
    with opened(bea.database) as store:
        store.save_cramp(TODAY, CrampLeg.LEFT, now)
    assert not emptying.is_empty(bea.database)
    assert not emptying.remove_record(bea.database)
    assert bea.folder.exists()
    sealing.reseal(bea.database, PASSPHRASE)
    sealing.set_aside(bea.database)
    Store(bea.database).close()
    assert not emptying.is_empty(bea.database), "the locked one is hers too"
    assert not emptying.remove_record(bea.database)
    assert len(list(bea.folder.glob("holdwell.locked-*/holdwell.db"))) == 1


def test_a_link_in_her_folder_is_not_followed(tmp_path: Path) -> None:
    bea = household.add(tmp_path, "Bea")
    Store(bea.database).close()
    outside = tmp_path / "letter.txt"
    outside.write_text("not ours", encoding="utf-8")
    (bea.folder / "link").symlink_to(outside)
    assert emptying.remove_record(bea.database)
    assert not bea.folder.exists()
    assert outside.read_text(encoding="utf-8") == "not ours"


def test_a_folder_of_people_that_cannot_be_read_is_not_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    household.add(tmp_path, "Bea")

    def refuse(_: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(OSError):
        household.people(tmp_path)
