"""Setting, changing and removing a passphrase loses nothing and covers every file."""

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from holdwell.backup import daily
from holdwell.domain.models import Moment
from holdwell.encryption import rekey
from holdwell.encryption.rekey import WrongPassphraseError
from holdwell.store import files, sqlcipher
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.repository import opened
from holdwell.store.sqlcipher import DatabaseFile
from tests.conftest import SECRET, MakeSession, restarted
from tests.unit.encryption.conftest import PASSPHRASE, TODAY, dump, files_with_secret


def test_with_a_passphrase_no_file_is_readable_and_no_data_changed(file: DatabaseFile) -> None:
    before = dump(file)
    assert files_with_secret(file.path.parent) == ["holdwell.db", f"holdwell-{TODAY}.db"]
    assert rekey.change_passphrase(file, PASSPHRASE) == []
    assert files_with_secret(file.path.parent) == []
    assert dump(file) == before
    assert [found.sessions for found in daily.good_backups(file)] == [5]
    for path in file.path.parent.rglob("*.db*"):
        assert not path.stat().st_mode & 0o077, path
        assert not path.name.endswith(".part")
    with opened(file) as store:
        assert store.db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_passphrase_is_changed_and_removed(file: DatabaseFile) -> None:
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


def test_setting_a_passphrase_leaves_no_plain_bytes_in_what_it_removes(file: DatabaseFile) -> None:
    """A second link to each file shows what is left in its blocks once the first is gone."""
    with opened(file) as store:
        store.set_meta("words", SECRET)
        log = Path(f"{file.path}-wal")
        assert SECRET.encode() in log.read_bytes()
        (file.path.parent / "log").hardlink_to(log)
        for number, copy in enumerate(rekey.copies(file.path)):
            (file.path.parent / f"copy-{number}").hardlink_to(copy)
    rekey.change_passphrase(file, PASSPHRASE)
    assert files_with_secret(file.path.parent) == []


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


def test_a_window_with_the_old_file_open_is_told_to_try_again(
    file: DatabaseFile, now: Moment, make_session: MakeSession
) -> None:
    """A write into a file that no longer has a name would be lost silently."""
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


def test_a_crash_after_the_swap_leaves_no_plain_copy(
    file: DatabaseFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        # As if the process had ended when the encrypted file was in place.
        patch.setattr(rekey, "_blank", lambda _: os._exit(9))
        process = os.fork()
        if not process:
            rekey.change_passphrase(file, PASSPHRASE)
        assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 9
    file = restarted(file)
    assert file.salt() is not None
    assert files_with_secret(daily.folder_of(file.path)) == []
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
        with pytest.raises(StoreError) as caught:
            rekey.change_passphrase(file, PASSPHRASE)
        assert caught.value.problem is StoreProblem.FULL
    file = restarted(file)
    if file.salt() is None:
        assert [found.sessions for found in daily.good_backups(file)] == [5]
    assert dump(file if file.salt() is None else unlocked(file))


def unlocked(file: DatabaseFile) -> DatabaseFile:
    rekey.unlock(file, PASSPHRASE)
    return file


REKEY = """
import sys
from pathlib import Path
from holdwell.encryption import rekey
from holdwell.store.keys import Keyring
from holdwell.store.sqlcipher import DatabaseFile
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
    # The other process derives its keys with all rounds.
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
        assert files_with_secret(daily.folder_of(file.path)) == [], (
            "no copy opens without the passphrase"
        )
    assert dump(file) == before
    with opened(file) as store:
        assert store.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
