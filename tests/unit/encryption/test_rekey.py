"""A passphrase: what it covers, who is told what, and that nothing is lost on the way."""

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
from holdwell.store import database, sqlcipher
from holdwell.store.database import StoreError, StoreProblem
from holdwell.store.repository import Store, opened
from holdwell.store.snapshot import CopyError
from tests.conftest import SECRET, MakeSession

TODAY = date(2026, 11, 24)
PASSPHRASE = "four calm words here"


pytestmark = pytest.mark.usefixtures("own_keyring")


def dump(path: Path) -> list[str]:
    with closing(sqlcipher.connect(path)) as conn:
        return sorted(_iterdump(conn))


def telling(folder: Path) -> list[str]:
    """The files in which her words can be read."""
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and SECRET.encode() in path.read_bytes()
    ]


def forget_keys() -> None:
    """As after a restart."""
    sqlcipher.keyring = sqlcipher.Keyring()


def problem_of(path: Path) -> StoreProblem:
    with pytest.raises(StoreError) as caught:
        Store(path)
    return caught.value.problem


def test_with_a_passphrase_no_file_tells_and_nothing_is_changed(record: Path) -> None:
    before = dump(record)
    assert telling(record.parent) == ["holdwell.db", f"holdwell-{TODAY}.db"]
    assert rekey.reseal(record, PASSPHRASE) == []
    assert telling(record.parent) == []
    assert dump(record) == before
    assert [found.sessions for found in daily.all_of(record)] == [5]
    for path in record.parent.rglob("*.db*"):
        assert not path.stat().st_mode & 0o077, path
        assert not path.name.endswith(".part")
    with opened(record) as store:
        assert store.db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_it_opens_only_with_the_passphrase(record: Path) -> None:
    rekey.reseal(record, PASSPHRASE)
    forget_keys()
    assert problem_of(record) is StoreProblem.SEALED
    assert daily.all_of(record) == []
    for wrong in ("", "four calm words", "Four calm words here", PASSPHRASE + "x"):
        with pytest.raises(WrongPassphraseError):
            rekey.unlock(record, wrong)
        assert problem_of(record) is StoreProblem.SEALED
    rekey.unlock(record, f" {PASSPHRASE}\n")
    with opened(record) as store:
        assert store.session_count() == 5
    assert [found.sessions for found in daily.all_of(record)] == [5]


@settings(max_examples=12, deadline=None)
@given(
    passphrase=st.text(min_size=1, max_size=60).filter(lambda text: sqlcipher.tidied(text) != "")
)
def test_any_tool_that_knows_the_format_opens_it(
    tmp_path_factory: pytest.TempPathFactory, passphrase: str
) -> None:
    if "\0" in passphrase or not passphrase.isprintable():
        return
    path = tmp_path_factory.mktemp("sealed") / "holdwell.db"
    Store(path).close()
    rekey.reseal(path, passphrase)
    quoted = sqlcipher.tidied(passphrase).replace("'", "''")
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


def test_another_passphrase_and_none(record: Path) -> None:
    before = dump(record)
    rekey.reseal(record, PASSPHRASE)
    assert rekey.reseal(record, "another one of hers") == []
    forget_keys()
    with pytest.raises(WrongPassphraseError):
        rekey.unlock(record, PASSPHRASE)
    rekey.unlock(record, "another one of hers")
    assert dump(record) == before
    assert [found.sessions for found in daily.all_of(record)] == [5]
    assert rekey.reseal(record, None) == []
    forget_keys()
    assert dump(record) == before
    assert [found.sessions for found in daily.all_of(record)] == [5]


def test_a_backup_made_later_is_encrypted_and_comes_back(
    record: Path, now: Moment, make_session: MakeSession
) -> None:
    rekey.reseal(record, PASSPHRASE)
    made = daily.make_daily(record, date(2026, 11, 25))
    assert made is not None
    with opened(record) as store:
        store.save_session(replace(make_session(TODAY), note=SECRET), now)
    kept = daily.restore(record, made, now)
    assert telling(record.parent) == []
    with opened(record) as store:
        assert store.session_count() == 5
    assert kept is not None
    daily.restore(record, kept, now)
    with opened(record) as store:
        assert store.session_count() == 6


def test_when_a_copy_was_made_is_still_known(record: Path, now: Moment) -> None:
    kept = daily.keep(record, now, daily.Before.IMPORT)
    os.utime(kept, (1_000_000_000, 1_000_000_000))
    rekey.reseal(record, PASSPHRASE)
    assert kept.stat().st_mtime == 1_000_000_000


def test_while_another_window_works_nothing_is_changed(
    record: Path, monkeypatch: pytest.MonkeyPatch, now: Moment, make_session: MakeSession
) -> None:
    monkeypatch.setattr(sqlcipher, "BUSY_SECONDS", 0.05)
    with opened(record) as other:
        with pytest.raises(StoreError) as caught:
            rekey.reseal(record, PASSPHRASE)
        assert caught.value.problem is StoreProblem.LOCKED
        other.save_session(make_session(TODAY), now)
        assert other.session_count() == 6
    assert list(record.parent.glob("*.part*")) == []
    forget_keys()
    with opened(record) as store:
        assert store.session_count() == 6


def test_who_had_the_old_file_open_is_told_to_try_again(
    record: Path, now: Moment, make_session: MakeSession
) -> None:
    """What is written into a file without a name would be lost without a word."""
    with opened(record) as late:
        shutil.copy(record.parent / "backups" / f"holdwell-{TODAY}.db", record.parent / "new.db")
        (record.parent / "new.db").replace(record)
        with pytest.raises(StoreError) as caught:
            late.save_session(make_session(TODAY), now)
        assert caught.value.problem is StoreProblem.LOCKED
    for end in ("-wal", "-shm"):
        Path(f"{record}{end}").unlink(missing_ok=True)
    with opened(record) as store:
        store.save_session(make_session(TODAY), now)
        assert store.session_count() == 6


@pytest.mark.parametrize(
    "damage",
    [b"\0" * 4096, b"not a database " * 300, b"SQLite format 3\0" + b"\xff" * 5000, b"short"],
)
def test_a_damaged_record_is_not_taken_for_an_encrypted_one(record: Path, damage: bytes) -> None:
    record.write_bytes(damage)
    for end in ("-wal", "-shm"):
        Path(f"{record}{end}").unlink(missing_ok=True)
    assert problem_of(record) is StoreProblem.DAMAGED
    assert sqlcipher.sealed_salt(record) is None


def test_a_damaged_encrypted_record_is_told_from_a_wrong_passphrase(
    record: Path, now: Moment
) -> None:
    rekey.reseal(record, PASSPHRASE)
    forget_keys()
    whole = bytearray(record.read_bytes())
    whole[200] ^= 1
    record.write_bytes(whole)
    with pytest.raises(WrongPassphraseError):
        rekey.unlock(record, "not the passphrase")
    with pytest.raises(StoreError) as caught:
        rekey.unlock(record, PASSPHRASE)
    assert caught.value.problem is StoreProblem.DAMAGED
    newest = daily.newest_good(record)
    assert newest is not None
    daily.restore(record, newest.path, now)
    with opened(record) as store:
        assert store.session_count() == 5
    assert len(list(record.parent.glob("holdwell.damaged-*.db"))) == 1
    assert telling(record.parent) == []


def test_damage_within_an_encrypted_record_is_noticed(record: Path) -> None:
    rekey.reseal(record, PASSPHRASE)
    whole = bytearray(record.read_bytes())
    whole[4096 * 3 + 99] ^= 1
    record.write_bytes(whole)
    assert database.looks_damaged(record)


def test_copies_are_brought_along_after_a_crash_between(
    record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(rekey, "settle", lambda _: [])
        rekey.reseal(record, PASSPHRASE)
    forget_keys()
    assert telling(record.parent) == [f"holdwell-{TODAY}.db"]
    assert rekey.settle(record) == []  # Locked: nothing can be done yet.
    assert telling(record.parent) == [f"holdwell-{TODAY}.db"]
    rekey.unlock(record, PASSPHRASE)
    assert rekey.settle(record) == []
    assert telling(record.parent) == []
    assert [found.sessions for found in daily.all_of(record)] == [5]


def test_a_copy_with_another_passphrase_is_named_and_not_brought_back(
    record: Path, tmp_path: Path, now: Moment
) -> None:
    other = tmp_path / "other" / "holdwell.db"
    Store(other).close()
    rekey.reseal(other, "the passphrase of another")
    stray = daily.folder_of(record) / "holdwell-2026-11-01.db"
    shutil.copy(other, stray)
    sqlcipher.keyring.drop(sqlcipher.salt_of(stray) or b"")
    assert rekey.reseal(record, PASSPHRASE) == [stray]
    with pytest.raises((StoreError, CopyError)):
        daily.restore(record, stray, now)
    rekey.unlock(other, "the passphrase of another")
    with pytest.raises(CopyError):
        daily.restore(record, stray, now)
    with opened(record) as store:
        assert store.session_count() == 5


def test_a_record_that_nobody_can_open_is_set_aside_and_comes_back(record: Path) -> None:
    rekey.reseal(record, PASSPHRASE)
    forget_keys()
    folder = rekey.set_aside(record)
    assert {path.name for path in folder.iterdir()} >= {"backups", "holdwell.db"}
    assert not record.exists()
    with opened(record) as fresh:
        assert fresh.session_count() == 0
    rekey.unlock(folder / "holdwell.db", PASSPHRASE)
    with opened(folder / "holdwell.db") as back:
        assert back.session_count() == 5


@pytest.mark.parametrize("choice", erase.Choice)
def test_an_encrypted_record_is_emptied_with_what_was_set_aside(
    record: Path, choice: erase.Choice
) -> None:
    rekey.reseal(record, PASSPHRASE)
    aside = rekey.set_aside(record)
    with opened(record) as store:
        store.set_meta("own", "yes")
    rekey.reseal(record, "another one of hers")
    assert erase.empty(record, choice, TODAY) == []
    assert not aside.exists()
    assert sqlcipher.sealed_salt(record) is not None
    copies = [] if choice is erase.Choice.EVERYTHING else [f"holdwell-{TODAY}.db"]
    assert [path.name for path in rekey.copies(record)] == copies
    assert all(sqlcipher.salt_of(path) for path in rekey.copies(record))


RESEAL = """
import sys
from pathlib import Path
from holdwell.encryption import rekey
path, old, new = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
rekey.unlock(path, old)
print("ready", flush=True)
rekey.reseal(path, new or None)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("number", range(6))
def test_killed_at_any_moment_the_record_is_whole(record: Path, number: int) -> None:
    """bench/passphrase does the same a few hundred times."""
    chance = random.Random(number)
    passphrases = ["", PASSPHRASE, "another one of hers"]
    before = dump(record)
    old, new = chance.sample(passphrases, 2)
    if old:
        rekey.reseal(record, old)
    process = subprocess.Popen(
        [sys.executable, "-c", RESEAL, str(record), old, new], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    try:
        process.wait(chance.random() * 0.25)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.communicate()
    forget_keys()
    for passphrase in (old, new):
        try:
            rekey.unlock(record, passphrase)
        except WrongPassphraseError:
            continue
    assert dump(record) == before
    with opened(record) as store:
        assert store.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
