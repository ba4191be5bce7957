"""A restore leaves no moment without a database, and loses nothing that was saved."""

import multiprocessing
import os
import random
import shutil
import signal
import time
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from holdwell.backup import daily
from holdwell.domain.models import CrampLeg, Moment
from holdwell.store import database, snapshot, sqlcipher
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.repository import Store, opened
from holdwell.store.snapshot import CopyError
from holdwell.store.sqlcipher import DatabaseFile
from tests.conftest import MakeSession, plain_file

TODAY = date(2026, 11, 24)
FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.fixture
def backup(file: DatabaseFile) -> Path:
    newest = daily.newest_good(file, TODAY)
    assert newest is not None
    return newest.path


def ids(file: DatabaseFile) -> set[str]:
    with opened(file) as store:
        return {row["id"] for row in store.rows("SELECT id FROM session")}


@pytest.mark.parametrize("name", ["before-restore-20261124-120000-000000.db", None])
def test_a_copy_that_another_window_erased_is_refused(
    file: DatabaseFile, backup: Path, now: Moment, name: str | None
) -> None:
    erased = backup.with_name(name or backup.name)
    backup.unlink()
    with pytest.raises(StoreError) as caught:
        daily.restore(file, erased, now)
    assert caught.value.problem is StoreProblem.DAMAGED


def test_a_backup_is_restored_after_an_interrupted_erase(
    file: DatabaseFile, backup: Path, now: Moment
) -> None:
    """An erase that was killed leaves the table with which it fills the free pages."""
    with closing(database.connect(file)) as db:
        db.execute("CREATE TABLE padding AS SELECT zeroblob(9) AS zeros")
    assert daily.restore(file, backup, now) is not None


def test_an_entry_that_another_window_saves_meanwhile_is_not_lost(
    file: DatabaseFile, backup: Path, now: Moment, make_session: MakeSession
) -> None:
    """The entry is saved after the copy has begun and before the rows are exchanged."""
    late = make_session(TODAY)
    saved: list[bool] = []
    original = snapshot.copy_database

    def copy_then_save(*given: object) -> None:
        original(*given)  # type: ignore[arg-type]
        with opened(plain_file(file.path)) as other:
            try:
                other.save(late, now)
            except StoreError:
                saved.append(False)
            else:
                saved.append(True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlcipher, "BUSY_SECONDS", 0.05)
        patch.setattr(daily, "copy_database", copy_then_save)
        kept = daily.restore(file, backup, now)
    assert kept is not None
    assert saved, "it was tried"
    assert not saved[-1], "the write lock is held from the copy to the exchange"
    assert (late.id in ids(plain_file(kept))) == any(saved)


def writer(path: Path, sender: Connection) -> None:
    file = plain_file(path)
    now = Moment.of(datetime(2026, 11, 24, tzinfo=UTC))
    while True:
        with suppress(StoreError), opened(file) as store:
            night = date.fromordinal(random.randrange(700_000, 730_000))
            store.save_cramp(night, CrampLeg.LEFT, now)
            sender.send(night.isoformat())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_while_another_window_writes_nothing_acknowledged_is_lost(
    file: DatabaseFile, backup: Path, now: Moment
) -> None:
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=writer, args=(file.path, sender))
    process.start()
    try:
        copies = []
        for _ in range(4):
            assert receiver.poll(20)
            kept = daily.restore(file, backup, now)
            assert kept is not None
            copies.append(kept)
    finally:
        process.kill()
        process.join()
    sender.close()
    acknowledged = set()
    with suppress(EOFError):
        while receiver.poll(0):
            acknowledged.add(receiver.recv())
    saved: set[str] = set()
    for path in (file.path, *copies):
        with opened(plain_file(path)) as store:
            saved |= {row["night"] for row in store.rows("SELECT night FROM cramp")}
    assert acknowledged
    assert acknowledged - saved == set()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("number", range(8))
def test_a_kill_while_a_damaged_database_is_replaced_leaves_a_file(
    file: DatabaseFile, backup: Path, now: Moment, number: int
) -> None:
    file.path.write_bytes(b"not a database " * 1000)
    damaged = file.path.read_bytes()
    process = os.fork()
    if not process:
        daily.restore(file, backup, now)
        os._exit(0)
    chance = random.Random(number)
    end = time.monotonic() + chance.random() * 0.06
    while time.monotonic() < end:
        assert file.path.exists()
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    assert file.path.exists()
    asides = [path.read_bytes() for path in file.path.parent.glob("holdwell.damaged-*.db")]
    assert damaged in [file.path.read_bytes(), *asides]


def test_a_damaged_database_stays_if_the_copy_fails(
    file: DatabaseFile, backup: Path, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.path.write_bytes(b"not a database " * 1000)

    def fail(*_: object) -> None:
        raise CopyError("no space")

    monkeypatch.setattr(daily, "copy_database", fail)
    with pytest.raises(CopyError):
        daily.restore(file, backup, now)
    assert file.path.read_bytes() == b"not a database " * 1000
    assert list(file.path.parent.glob("holdwell.damaged-*")) == []


def test_the_log_of_a_damaged_database_is_not_used_for_the_restored_one(
    file: DatabaseFile, backup: Path, now: Moment, make_session: MakeSession
) -> None:
    with opened(file) as store:
        store.save(make_session(TODAY), now)
        log = Path(f"{file.path}-wal")
        shutil.copy(log, file.path.parent / "log")
    shutil.copy(file.path.parent / "log", log)
    file.path.write_bytes(b"not a database " * 1000)
    assert daily.restore(file, backup, now) is None
    assert len(ids(file)) == 5
    assert len(list(file.path.parent.glob("holdwell.damaged-*.db-wal"))) == 1


def test_a_backup_of_an_earlier_version_is_migrated(file: DatabaseFile, now: Moment) -> None:
    old = daily.folder_of(file.path) / "holdwell-2026-01-01.db"
    shutil.copy(FIXTURES / "schema-2.db", old)
    with opened(file) as open_all_along:
        assert daily.restore(file, old, now) is not None
        assert open_all_along.session_count() == 1
        assert database.schema_version(open_all_along.db, file.path) == database.SCHEMA_VERSION
        assert open_all_along.rows("PRAGMA foreign_key_check") == []


def test_a_backup_of_a_newer_version_is_refused(
    file: DatabaseFile, backup: Path, now: Moment
) -> None:
    with opened(plain_file(backup)) as newer:
        newer.set_meta("schema_version", "999")
    before = ids(file)
    with pytest.raises(StoreError) as caught:
        daily.restore(file, backup, now)
    assert caught.value.problem is StoreProblem.NEWER
    assert ids(file) == before


def test_rotated_backups_are_overwritten(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    """A second link to the file shows what is left in its blocks once the first is gone."""
    store.save(make_session(TODAY), now)
    made = daily.make_daily(store.file, date(2025, 1, 1))
    assert made is not None
    (store.path.parent / "blocks").hardlink_to(made)
    for month in range(2, 9):
        daily.make_daily(store.file, date(2026, month, 1))
    daily.prune(store.path, TODAY)
    assert not made.exists()
    assert not (store.path.parent / "blocks").read_bytes().strip(b"\0")
