"""Backups and other copies of an encrypted database: making, restoring, quarantine and erasing."""

import os
import random
import shutil
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from holdwell.backup import daily, erase
from holdwell.domain.models import Moment
from holdwell.encryption import rekey
from holdwell.store import sqlcipher
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.repository import Store, opened
from holdwell.store.snapshot import CopyError
from holdwell.store.sqlcipher import DatabaseFile
from tests.conftest import SECRET, MakeSession, plain_file, restarted
from tests.unit.encryption.conftest import PASSPHRASE, TODAY, files_with_secret


def test_a_backup_made_later_is_encrypted_and_comes_back(
    file: DatabaseFile, now: Moment, make_session: MakeSession
) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    made = daily.make_daily(file, date(2026, 11, 25))
    assert made is not None
    with opened(file) as store:
        store.save(replace(make_session(TODAY), note=SECRET), now)
    kept = daily.restore(file, made, now)
    assert files_with_secret(file.path.parent) == []
    with opened(file) as store:
        assert store.session_count() == 5
    assert kept is not None
    daily.restore(file, kept, now)
    with opened(file) as store:
        assert store.session_count() == 6


def test_when_a_copy_was_made_is_still_known(file: DatabaseFile, now: Moment) -> None:
    kept = daily.save_copy(file, now, daily.Before.IMPORT)
    os.utime(kept, (1_000_000_000, 1_000_000_000))
    rekey.change_passphrase(file, PASSPHRASE)
    assert kept.stat().st_mtime == 1_000_000_000


def test_an_encrypted_database_is_never_replaced_by_a_plain_copy_unasked(
    file: DatabaseFile, now: Moment
) -> None:
    plain = daily.folder_of(file.path) / "holdwell-2026-11-01.db"
    shutil.copy(file.path.parent / "backups" / f"holdwell-{TODAY}.db", plain)
    kept = plain.read_bytes()
    rekey.change_passphrase(file, PASSPHRASE)
    plain.write_bytes(kept)
    file, before = restarted(file), file.path.read_bytes()
    with pytest.raises(StoreError) as caught:
        daily.restore(file, plain, now)
    assert caught.value.problem is StoreProblem.ENCRYPTED
    assert file.path.read_bytes() == before
    assert list(file.path.parent.glob("holdwell.damaged-*")) == []


def test_a_copy_with_another_passphrase_is_named_and_not_restored(
    file: DatabaseFile, tmp_path: Path, now: Moment
) -> None:
    other = plain_file(tmp_path / "other" / "holdwell.db")
    Store(other).close()
    rekey.change_passphrase(other, "the passphrase of another")
    stray = daily.folder_of(file.path) / "holdwell-2026-11-01.db"
    shutil.copy(other.path, stray)
    assert rekey.change_passphrase(file, PASSPHRASE) == [stray]
    with pytest.raises((StoreError, CopyError)):
        daily.restore(file, stray, now)
    rekey.unlock(file.at(stray), "the passphrase of another")
    with pytest.raises(CopyError):
        daily.restore(file, stray, now)
    with opened(file) as store:
        assert store.session_count() == 5


def test_a_database_that_nobody_can_unlock_goes_into_quarantine_and_comes_back(
    file: DatabaseFile,
) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    file = restarted(file)
    folder = rekey.quarantine(file)
    assert {path.name for path in folder.iterdir()} >= {"backups", "holdwell.db"}
    assert not file.path.exists()
    with opened(file) as fresh:
        assert fresh.session_count() == 0
    moved = file.at(folder / "holdwell.db")
    rekey.unlock(moved, PASSPHRASE)
    with opened(moved) as back:
        assert back.session_count() == 5


@pytest.mark.parametrize("choice", erase.Scope)
def test_an_encrypted_database_is_erased_with_what_is_in_quarantine(
    file: DatabaseFile, choice: erase.Scope
) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    aside = rekey.quarantine(file)
    with opened(file) as store:
        store.set_meta("own", "yes")
    rekey.change_passphrase(file, "another four calm words")
    assert erase.erase(file, choice, TODAY) == []
    assert not aside.exists()
    assert file.salt() is not None
    copies = [] if choice is erase.Scope.EVERYTHING else [f"holdwell-{TODAY}.db"]
    assert [path.name for path in rekey.copies(file.path)] == copies
    assert all(sqlcipher.read_salt(path) for path in rekey.copies(file.path))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_among_the_backups_is_not_read(file: DatabaseFile) -> None:
    """Reading a pipe waits for data; this one has some, so that the test cannot hang."""
    pipe = daily.folder_of(file.path) / "before-restore-1.db"
    os.mkfifo(pipe)
    end = os.open(pipe, os.O_RDWR)
    try:
        os.write(end, random.Random(1).randbytes(4096))
        assert sqlcipher.read_salt(pipe) is None
    finally:
        os.close(end)
    assert rekey.change_passphrase(file, PASSPHRASE) == [pipe]
    assert rekey.not_covered(file) == [pipe]
