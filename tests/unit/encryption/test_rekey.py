"""A passphrase: what it covers, who is told what, and that nothing is lost on the way."""

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import unicodedata
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from sqlite3.dump import _iterdump  # type: ignore[attr-defined]

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2

from holdwell.backup import daily, erase
from holdwell.domain.models import Moment
from holdwell.encryption import rekey
from holdwell.encryption.rekey import WrongPassphraseError
from holdwell.store import database, files, sqlcipher
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.repository import Store, opened
from holdwell.store.snapshot import CopyError
from holdwell.store.sqlcipher import Connection, DatabaseFile, Key, Mode
from tests.conftest import SECRET, MakeSession, plain_file, restarted

TODAY = date(2026, 11, 24)
PASSPHRASE = "four calm words here"


def dump(file: DatabaseFile) -> list[str]:
    with closing(file.connect()) as conn:
        return sorted(_iterdump(conn))


def telling(folder: Path) -> list[str]:
    """Return the files in which the words of the user can be read."""
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and SECRET.encode() in path.read_bytes()
    ]


def problem_of(file: DatabaseFile) -> StoreProblem:
    with pytest.raises(StoreError) as caught:
        Store(file)
    return caught.value.problem


def test_a_file_is_read_for_its_salt_only_after_a_change(
    file: DatabaseFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, opens = sqlcipher.connect_with, []

    def counted(path: Path, key: Key | None, mode: Mode = Mode.WRITE) -> Connection:
        opens.append(path)
        return connect(path, key, mode)

    def salt(target: DatabaseFile) -> tuple[bytes | None, bool]:
        opens.clear()
        return target.salt(), bool(opens)

    monkeypatch.setattr(sqlcipher, "connect_with", counted)
    monkeypatch.setattr(sqlcipher, "_SETTLED_NS", 10**15)
    assert [salt(file), salt(file)] == [(None, True)] * 2, "it may change within this tick"
    monkeypatch.setattr(sqlcipher, "_SETTLED_NS", -(10**15))
    assert [salt(file), salt(file)] == [(None, True), (None, False)]
    other = restarted(file)
    rekey.change_passphrase(other, PASSPHRASE)
    encrypted = other.salt()
    assert encrypted is not None
    assert [salt(file), salt(file)] == [(encrypted, True), (encrypted, False)]
    content = file.path.read_bytes()
    rekey.change_passphrase(other, None)
    assert [salt(file), salt(file)] == [(None, True), (None, False)]
    file.path.write_bytes(content)
    os.utime(file.path, (0, 0))  # However quick this test is, the times of the file have changed.
    assert [salt(file), salt(file)] == [(encrypted, True), (encrypted, False)]


def test_with_a_passphrase_no_file_tells_and_nothing_is_changed(file: DatabaseFile) -> None:
    before = dump(file)
    assert telling(file.path.parent) == ["holdwell.db", f"holdwell-{TODAY}.db"]
    assert rekey.change_passphrase(file, PASSPHRASE) == []
    assert telling(file.path.parent) == []
    assert dump(file) == before
    assert [found.sessions for found in daily.good_backups(file)] == [5]
    for path in file.path.parent.rglob("*.db*"):
        assert not path.stat().st_mode & 0o077, path
        assert not path.name.endswith(".part")
    with opened(file) as store:
        assert store.db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_it_opens_only_with_the_passphrase(file: DatabaseFile) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    file = restarted(file)
    assert problem_of(file) is StoreProblem.ENCRYPTED
    assert daily.good_backups(file) == []
    for wrong in ("", "four calm words", "Four calm words here", PASSPHRASE + "x"):
        with pytest.raises(WrongPassphraseError):
            rekey.unlock(file, wrong)
        assert problem_of(file) is StoreProblem.ENCRYPTED
    rekey.unlock(file, f" {PASSPHRASE}\n")
    with opened(file) as store:
        assert store.session_count() == 5
    assert [found.sessions for found in daily.good_backups(file)] == [5]


@settings(max_examples=12, deadline=None)
@given(
    passphrase=st.text(min_size=1, max_size=60).filter(lambda text: sqlcipher.normalize(text) != "")
)
def test_any_tool_that_knows_the_format_opens_it(
    tmp_path_factory: pytest.TempPathFactory, passphrase: str
) -> None:
    if "\0" in passphrase or not passphrase.isprintable():
        return
    path = tmp_path_factory.mktemp("encrypted") / "holdwell.db"
    Store(path).close()
    rekey.change_passphrase(plain_file(path), passphrase)
    quoted = sqlcipher.normalize(passphrase).replace("'", "''")
    with closing(dbapi2.connect(str(path))) as conn:
        conn.execute(f"PRAGMA key = '{quoted}'")
        assert conn.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()


def test_two_ways_to_type_the_same_letter_are_the_same() -> None:
    salt = bytes(16)
    one, two = (unicodedata.normalize(form, "sueño de café") for form in ("NFC", "NFD"))
    assert one != two
    assert sqlcipher.derive(one, salt) == sqlcipher.derive(two, salt)


def test_a_key_is_not_shown_by_accident() -> None:
    key = sqlcipher.derive(PASSPHRASE, bytes(16))
    assert key.raw.hex() not in repr(key) and str(key.raw) not in repr(key)


def test_another_passphrase_and_none(file: DatabaseFile) -> None:
    before = dump(file)
    rekey.change_passphrase(file, PASSPHRASE)
    assert rekey.change_passphrase(file, "another four calm words") == []
    file = restarted(file)
    with pytest.raises(WrongPassphraseError):
        rekey.unlock(file, PASSPHRASE)
    rekey.unlock(file, "another four calm words")
    assert dump(file) == before
    assert [found.sessions for found in daily.good_backups(file)] == [5]
    assert rekey.change_passphrase(file, None) == []
    file = restarted(file)
    assert dump(file) == before
    assert [found.sessions for found in daily.good_backups(file)] == [5]


def test_a_backup_made_later_is_encrypted_and_comes_back(
    file: DatabaseFile, now: Moment, make_session: MakeSession
) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    made = daily.make_daily(file, date(2026, 11, 25))
    assert made is not None
    with opened(file) as store:
        store.save(replace(make_session(TODAY), note=SECRET), now)
    kept = daily.restore(file, made, now)
    assert telling(file.path.parent) == []
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


def test_while_another_window_works_nothing_is_changed(
    file: DatabaseFile, monkeypatch: pytest.MonkeyPatch, now: Moment, make_session: MakeSession
) -> None:
    monkeypatch.setattr(sqlcipher, "BUSY_SECONDS", 0.05)
    with opened(file) as other:
        with pytest.raises(StoreError) as caught:
            rekey.change_passphrase(file, PASSPHRASE)
        assert caught.value.problem is StoreProblem.LOCKED
        other.save(make_session(TODAY), now)
        assert other.session_count() == 6
    assert list(file.path.parent.glob("*.part*")) == []
    file = restarted(file)
    with opened(file) as store:
        assert store.session_count() == 6


def test_who_had_the_old_file_open_is_told_to_try_again(
    file: DatabaseFile, now: Moment, make_session: MakeSession
) -> None:
    """What is written into a file without a name would be lost without a word."""
    with opened(file) as late:
        shutil.copy(
            file.path.parent / "backups" / f"holdwell-{TODAY}.db", file.path.parent / "new.db"
        )
        (file.path.parent / "new.db").replace(file.path)
        with pytest.raises(StoreError) as caught:
            late.save(make_session(TODAY), now)
        assert caught.value.problem is StoreProblem.LOCKED
    for end in ("-wal", "-shm"):
        Path(f"{file.path}{end}").unlink(missing_ok=True)
    with opened(file) as store:
        store.save(make_session(TODAY), now)
        assert store.session_count() == 6


@pytest.mark.parametrize(
    "damage",
    [b"\0" * 4096, b"not a database " * 300, b"SQLite format 3\0" + b"\xff" * 5000, b"short"],
)
def test_a_damaged_database_is_not_taken_for_an_encrypted_one(
    file: DatabaseFile, damage: bytes
) -> None:
    file.path.write_bytes(damage)
    for end in ("-wal", "-shm"):
        Path(f"{file.path}{end}").unlink(missing_ok=True)
    assert problem_of(file) is StoreProblem.DAMAGED
    assert file.salt() is None


def test_a_damaged_encrypted_database_is_told_from_a_wrong_passphrase(
    file: DatabaseFile, now: Moment
) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    file = restarted(file)
    whole = bytearray(file.path.read_bytes())
    whole[200] ^= 1
    file.path.write_bytes(whole)
    with pytest.raises(WrongPassphraseError):
        rekey.unlock(file, "not the passphrase")
    with pytest.raises(StoreError) as caught:
        rekey.unlock(file, PASSPHRASE)
    assert caught.value.problem is StoreProblem.DAMAGED
    newest = daily.newest_good(file, TODAY)
    assert newest is not None
    daily.restore(file, newest.path, now)
    with opened(file) as store:
        assert store.session_count() == 5
    assert len(list(file.path.parent.glob("holdwell.damaged-*.db"))) == 1
    assert telling(file.path.parent) == []


def test_damage_within_an_encrypted_database_is_noticed(file: DatabaseFile) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    whole = bytearray(file.path.read_bytes())
    whole[4096 * 3 + 99] ^= 1
    file.path.write_bytes(whole)
    assert database.looks_damaged(file)


def test_a_crash_after_the_swap_leaves_no_plain_copy(
    file: DatabaseFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        # As if the process ended when the encrypted file was in place.
        patch.setattr(rekey, "_blank", lambda _: os._exit(9))
        process = os.fork()
        if not process:
            rekey.change_passphrase(file, PASSPHRASE)
        assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 9
    file = restarted(file)
    assert file.salt() is not None
    assert telling(daily.folder_of(file.path)) == []
    assert daily.is_known_encrypted(file)
    rekey.unlock(file, PASSPHRASE)
    assert rekey.convert_copies(file) == []
    assert [found.sessions for found in daily.good_backups(file)] == [5]


def test_a_passphrase_that_could_not_be_set_leaves_the_copies_plain(
    file: DatabaseFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    with monkeypatch.context() as patch:
        patch.setattr(files, "sync_folder", fail)
        with pytest.raises(StoreError) as told:
            rekey.change_passphrase(file, PASSPHRASE)
        assert told.value.problem is StoreProblem.FULL
    file = restarted(file)
    if file.salt() is None:
        assert [found.sessions for found in daily.good_backups(file)] == [5]
    assert dump(file if file.salt() is None else unlocked(file))


def unlocked(file: DatabaseFile) -> DatabaseFile:
    rekey.unlock(file, PASSPHRASE)
    return file


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


def test_setting_a_passphrase_leaves_no_plain_bytes_in_what_it_removes(file: DatabaseFile) -> None:
    """A second name of each file shows what is left in its blocks once the first is gone."""
    with opened(file) as store:
        store.set_meta("words", SECRET)
        log = Path(f"{file.path}-wal")
        assert SECRET.encode() in log.read_bytes()
        (file.path.parent / "log").hardlink_to(log)
        for number, copy in enumerate(rekey.copies(file.path)):
            (file.path.parent / f"copy-{number}").hardlink_to(copy)
    rekey.change_passphrase(file, PASSPHRASE)
    assert telling(file.path.parent) == []


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
    folder = rekey.quarantine(file.path)
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
    aside = rekey.quarantine(file.path)
    with opened(file) as store:
        store.set_meta("own", "yes")
    rekey.change_passphrase(file, "another four calm words")
    assert erase.erase(file, choice, TODAY) == []
    assert not aside.exists()
    assert file.salt() is not None
    copies = [] if choice is erase.Scope.EVERYTHING else [f"holdwell-{TODAY}.db"]
    assert [path.name for path in rekey.copies(file.path)] == copies
    assert all(sqlcipher.read_salt(path) for path in rekey.copies(file.path))


REKEY = """
import sys
from pathlib import Path
from holdwell.encryption import rekey
from holdwell.store.sqlcipher import DatabaseFile, Keyring
file, old, new = DatabaseFile(Path(sys.argv[1]), Keyring()), sys.argv[2], sys.argv[3]
rekey.unlock(file, old)
print("ready", flush=True)
rekey.change_passphrase(file, new or None)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("number", range(6))
def test_killed_at_any_moment_the_database_is_whole(
    file: DatabaseFile, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`bench/durability` does the same a few hundred times."""
    # The other process makes its keys with all rounds.
    monkeypatch.undo()
    chance = random.Random(number)
    passphrases = ["", PASSPHRASE, "another four calm words"]
    before = dump(file)
    old, new = chance.sample(passphrases, 2)
    if old:
        rekey.change_passphrase(file, old)
    process = subprocess.Popen(
        [sys.executable, "-c", REKEY, str(file.path), old, new], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    try:
        process.wait(chance.random() * 0.25)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.communicate()
    file = restarted(file)
    for passphrase in (old, new):
        try:
            rekey.unlock(file, passphrase)
        except WrongPassphraseError:
            continue
    if file.salt() is not None and not old:
        assert telling(daily.folder_of(file.path)) == [], "no copy opens without the passphrase"
    assert dump(file) == before
    with opened(file) as store:
        assert store.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_among_the_backups_is_not_read(file: DatabaseFile) -> None:
    """Who reads a pipe waits; this one has something to read, so that the test does not."""
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
