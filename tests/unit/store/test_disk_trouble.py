"""A full, read-only or missing disk: the error names the problem, and reading works if it can."""

import os
import time
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from holdwell.backup import daily
from holdwell.domain.models import Moment
from holdwell.encryption import rekey
from holdwell.store import sqlcipher
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.repository import Store, opened
from holdwell.store.sqlcipher import Mode
from tests.conftest import AsNobody, MakeSession, fill_disk, plain_file

DAY = date(2026, 11, 24)


def refused(path: Path, now: Moment, make_session: MakeSession) -> tuple[StoreProblem, int]:
    """Return the problem of a write, and how many sessions can still be read."""
    with opened(path) as store:
        count = store.session_count()
        with pytest.raises(StoreError) as caught:
            store.save(make_session(DAY), now)
    return caught.value.problem, count


def test_on_a_full_disk_everything_can_be_read_and_a_write_is_refused(
    small_disk: Path, now: Moment, make_session: MakeSession
) -> None:
    path = small_disk / "holdwell.db"
    with opened(path) as store:
        store.save(make_session(DAY), now)
    fill_disk(small_disk)
    assert refused(path, now, make_session) == (StoreProblem.FULL, 1)
    (small_disk / "filler").unlink()
    with opened(path) as store:
        store.save(make_session(DAY), now)
        assert store.session_count() == 2


@pytest.mark.parametrize("passphrase", [None, "four calm words here"])
def test_on_a_full_disk_encryption_is_found_out_without_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick_keys: None, passphrase: str | None
) -> None:
    """A page asks often whether its own database is encrypted, and must not wait for itself."""
    file = plain_file(tmp_path / "holdwell.db")
    Store(file).close()
    if passphrase:
        rekey.change_passphrase(file, passphrase)
    encrypted_as = file.salt()
    with closing(file.connect(Mode.ALONE)):
        monkeypatch.setattr(sqlcipher, "BUSY_SECONDS", 60)
        asked = time.monotonic()
        assert plain_file(file.path).salt() == encrypted_as
        assert time.monotonic() < asked + 30


def test_on_a_full_disk_a_new_database_is_refused_as_full(small_disk: Path) -> None:
    fill_disk(small_disk)
    with pytest.raises(StoreError) as caught:
        Store(small_disk / "deeper" / "holdwell.db")
    assert caught.value.problem is StoreProblem.FULL


@pytest.mark.parametrize("passphrase", [None, "four calm words here"])
def test_in_a_folder_made_read_only_everything_can_be_read(
    tmp_path: Path,
    now: Moment,
    make_session: MakeSession,
    as_nobody: AsNobody,
    passphrase: str | None,
) -> None:
    file = plain_file(tmp_path / "data" / "holdwell.db")
    with opened(file) as store:
        store.save(make_session(DAY), now)
    if passphrase:
        rekey.change_passphrase(file, passphrase)
    file.path.chmod(0o644)
    file.path.parent.chmod(0o555)
    with as_nobody(file.path), opened(file) as store:
        assert store.session_count() == 1
        with pytest.raises(StoreError) as caught:
            store.save(make_session(DAY), now)
        assert caught.value.problem is StoreProblem.READ_ONLY
    file.path.parent.chmod(0o755)
    with opened(file) as store:
        store.save(make_session(DAY), now)


def test_a_database_made_writable_again_is_written_to(
    tmp_path: Path, now: Moment, make_session: MakeSession, as_nobody: AsNobody
) -> None:
    """SQLite creates its files beside a database with the mode of the database."""
    tmp_path.chmod(0o777)
    path = tmp_path / "data" / "holdwell.db"
    with as_nobody(path.parent):
        with opened(path) as store:
            store.save(make_session(DAY), now)
        path.chmod(0o400)
        assert refused(path, now, make_session) == (StoreProblem.READ_ONLY, 1)
        assert path.with_name("holdwell.db-shm").stat().st_mode & 0o777 == 0o400
        path.chmod(0o600)
        with opened(path) as store:
            store.save(make_session(DAY), now)
            assert store.session_count() == 2
        assert [one.name for one in path.parent.iterdir()] == ["holdwell.db"]


def test_in_a_read_only_folder_nothing_is_replaced_and_the_error_says_so(
    tmp_path: Path, now: Moment, make_session: MakeSession, as_nobody: AsNobody
) -> None:
    file = plain_file(tmp_path / "data" / "holdwell.db")
    with opened(file) as store:
        store.save(make_session(DAY), now)
        backup = daily.make_daily(store.file, DAY)
    assert backup is not None
    for path in (file.path, backup):
        path.chmod(0o644)
    for folder in (backup.parent, file.path.parent):
        folder.chmod(0o555)
    with as_nobody(file.path):
        for replaced in (
            lambda: daily.restore(file, backup, now),
            lambda: rekey.change_passphrase(file, "four calm words here"),
        ):
            with pytest.raises(StoreError) as caught:
                replaced()
            assert caught.value.problem is StoreProblem.READ_ONLY


def test_a_database_whose_folder_cannot_be_entered_is_not_taken_for_an_encrypted_one(
    tmp_path: Path, as_nobody: AsNobody
) -> None:
    file = plain_file(tmp_path / "data" / "holdwell.db")
    with opened(file):
        pass
    file.path.parent.chmod(0o600)
    with as_nobody(file.path.parent):
        assert sqlcipher.read_salt(file.path) is None
    file.path.parent.chmod(0o700)


def test_a_link_that_leads_nowhere_is_unreachable(tmp_path: Path) -> None:
    path = tmp_path / "holdwell.db"
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "holdwell-2026-11-24.db").write_bytes(b"a backup")
    path.symlink_to(tmp_path / "unplugged" / "holdwell.db")
    with pytest.raises(StoreError) as caught:
        Store(path)
    assert caught.value.problem is StoreProblem.UNREACHABLE


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes in a folder")
def test_a_pipe_in_place_of_the_database_does_not_block(tmp_path: Path) -> None:
    path = tmp_path / "holdwell.db"
    os.mkfifo(path)
    with pytest.raises(StoreError) as caught:
        Store(path)
    assert caught.value.problem is StoreProblem.UNREACHABLE
    assert plain_file(path).salt() is None


@pytest.mark.parametrize("mount_point_stays", [False, True])
def test_a_disk_removed_while_the_app_runs_is_not_replaced_by_a_new_database(
    tmp_path: Path, now: Moment, make_session: MakeSession, mount_point_stays: bool
) -> None:
    file = plain_file(tmp_path / "stick" / "holdwell.db")
    with opened(file) as store:
        store.save(make_session(DAY), now)
    file.path.parent.rename(tmp_path / "pulled out")
    if mount_point_stays:
        file.path.parent.mkdir()
    with pytest.raises(StoreError) as caught:
        Store(file)
    assert caught.value.problem is StoreProblem.UNREACHABLE
    assert not file.path.exists()
    assert file.path.parent.exists() == mount_point_stays
    (tmp_path / "pulled out").rename(file.path.parent)
    with opened(file) as store:
        assert store.session_count() == 1
