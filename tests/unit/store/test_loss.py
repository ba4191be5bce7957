"""A database that is missing or empty although it has backups is reported as lost."""

from datetime import date
from pathlib import Path

import pytest

from holdwell.backup import daily, erase
from holdwell.backup.erase import Scope
from holdwell.domain.models import Moment
from holdwell.encryption import rekey
from holdwell.store import database
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.repository import Store, opened
from holdwell.store.sqlcipher import DatabaseFile
from tests.conftest import SECRET, plain_file, restarted

TODAY = date(2026, 11, 24)


def problem_of(file: DatabaseFile) -> StoreProblem:
    with pytest.raises(StoreError) as caught:
        Store(file)
    return caught.value.problem


def lose(path: Path, left: bytes | None) -> None:
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    if left is not None:
        path.write_bytes(left)


@pytest.mark.parametrize("left", [None, b"", b"S"], ids=["missing", "empty", "one byte"])
@pytest.mark.parametrize("passphrase", ["", "four calm words here"], ids=["plain", "encrypted"])
def test_a_loss_is_noticed_and_the_newest_backup_is_restored(
    file: DatabaseFile, now: Moment, left: bytes | None, passphrase: str
) -> None:
    if passphrase:
        rekey.change_passphrase(file, passphrase)
    lose(file.path, left)
    file = restarted(file)
    for _ in range(2):
        assert problem_of(file) is StoreProblem.LOST
    assert left is not None or not file.path.exists(), "nothing is made in its place"
    if passphrase:
        assert daily.newest_good(file, TODAY) is None
        assert rekey.unlock_copies(file, passphrase) == 1
    newest = daily.newest_good(file, TODAY)
    assert newest is not None
    assert daily.restore(file, newest.path, now) is None
    assert bool(database.files_beside(file.path, database.DAMAGED)) == (left is not None)
    with opened(file) as store:
        assert store.session_count() == 5
    assert bool(file.salt()) is bool(passphrase)


def test_after_a_loss_a_new_database_is_created_only_on_request(file: DatabaseFile) -> None:
    lose(file.path, b"")
    database.create_new(file)
    with opened(file) as store:
        assert store.session_count() == 0
    assert len(daily.good_backups(file)) == 1


def test_a_file_without_tables_is_a_loss_too(file: DatabaseFile) -> None:
    lose(file.path, b"")
    conn = file.connect()
    conn.execute("PRAGMA user_version = 1")
    conn.close()
    assert file.path.stat().st_size > 0
    assert problem_of(file) is StoreProblem.LOST


def test_without_backups_a_new_database_is_created(tmp_path: Path) -> None:
    file = plain_file(tmp_path / "holdwell.db")
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "holdwell-2026-11-24.db").write_bytes(b"")
    file.path.write_bytes(b"")
    with opened(file) as store:
        assert store.session_count() == 0


def test_an_erased_database_is_not_lost(file: DatabaseFile) -> None:
    erase.erase(file, Scope.EVERYTHING, TODAY)
    with opened(file) as store:
        assert store.session_count() == 0


def test_after_encrypted_backups_nothing_is_written_in_plain(file: DatabaseFile) -> None:
    rekey.change_passphrase(file, "four calm words here")
    lose(file.path, None)
    with pytest.raises(StoreError):
        Store(file.path)
    assert [path for path in file.path.parent.rglob("*.db") if b"SQLite" in path.read_bytes()] == []
    assert SECRET not in str(list(file.path.parent.iterdir()))
