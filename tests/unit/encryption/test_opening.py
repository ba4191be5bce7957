"""Opening an encrypted database, and telling damage from a wrong passphrase."""

import os
import shutil
import sys
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2

from holdwell.backup import daily
from holdwell.domain.models import Moment
from holdwell.encryption import rekey
from holdwell.encryption.rekey import WrongPassphraseError
from holdwell.store import database, keys, sqlcipher
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.keys import Key
from holdwell.store.repository import Store, opened
from holdwell.store.sqlcipher import Connection, DatabaseFile, Mode
from tests.conftest import plain_file, restarted
from tests.unit.encryption.conftest import (
    PASSPHRASE,
    TODAY,
    files_with_secret,
    is_locked_for_others,
)


def problem_of(file: DatabaseFile) -> StoreProblem:
    with pytest.raises(StoreError) as caught:
        Store(file)
    return caught.value.problem


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
@given(passphrase=st.text(min_size=1, max_size=60).filter(lambda text: keys.normalize(text) != ""))
def test_any_tool_that_knows_the_format_opens_it(
    tmp_path_factory: pytest.TempPathFactory, passphrase: str
) -> None:
    if "\0" in passphrase or not passphrase.isprintable():
        return
    path = tmp_path_factory.mktemp("encrypted") / "holdwell.db"
    Store(path).close()
    rekey.change_passphrase(plain_file(path), passphrase)
    quoted = keys.normalize(passphrase).replace("'", "''")
    with closing(dbapi2.connect(str(path))) as conn:
        conn.execute(f"PRAGMA key = '{quoted}'")
        assert conn.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()


def test_two_ways_to_type_the_same_letter_are_the_same() -> None:
    salt = bytes(16)
    one, two = (unicodedata.normalize(form, "sueño de café") for form in ("NFC", "NFD"))
    assert one != two
    assert keys.derive(one, salt) == keys.derive(two, salt)


def test_a_key_is_not_shown_by_accident() -> None:
    key = keys.derive(PASSPHRASE, bytes(16))
    assert key.raw.hex() not in repr(key) and str(key.raw) not in repr(key)


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
    content = bytearray(file.path.read_bytes())
    content[200] ^= 1
    file.path.write_bytes(content)
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
    assert files_with_secret(file.path.parent) == []


def test_damage_within_an_encrypted_database_is_noticed(file: DatabaseFile) -> None:
    rekey.change_passphrase(file, PASSPHRASE)
    content = bytearray(file.path.read_bytes())
    content[4096 * 3 + 99] ^= 1
    file.path.write_bytes(content)
    assert database.looks_damaged(file)


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
    os.utime(file.path, (0, 0))  # Change the times of the file, however quick this test is.
    assert [salt(file), salt(file)] == [(encrypted, True), (encrypted, False)]


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there")
@pytest.mark.parametrize("is_read_before", [False, True])
def test_looking_for_a_salt_removes_no_lock_of_a_file_put_in_place_meanwhile(
    file: DatabaseFile, monkeypatch: pytest.MonkeyPatch, is_read_before: bool
) -> None:
    plain = file.path.with_name("plain.db")
    with closing(file.connect()) as conn:
        conn.execute("PRAGMA journal_mode=DELETE")
    shutil.copy(file.path, plain)
    rekey.change_passphrase(file, PASSPHRASE)
    read_by_sqlite = sqlcipher._first_bytes

    def read_while_replaced(path: Path) -> bytes | None:
        salt = read_by_sqlite(path) if is_read_before else None
        plain.replace(path)
        return salt or read_by_sqlite(path)

    with closing(sqlcipher.connect_with(plain, None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(sqlcipher, "_first_bytes", read_while_replaced)
        assert restarted(file).salt() is None
        assert is_locked_for_others(file.path)
