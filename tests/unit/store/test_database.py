"""A database that is read-only, locked, full, damaged, or from a newer version."""

import hashlib
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from holdwell.domain.models import Moment
from holdwell.store import database, sqlcipher
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.repository import Store
from tests.conftest import AsNobody, MakeSession, plain_file

DAY = date(2026, 11, 24)
FIXTURES = Path(__file__).parents[2] / "fixtures"


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def filled(tmp_path: Path, now: Moment, make_session: MakeSession) -> Path:
    """A database with one session, closed."""
    path = tmp_path / "data" / "holdwell.db"
    store = Store(path)
    store.save(make_session(DAY), now)
    store.close()
    return path


def problem_of(path: Path) -> StoreProblem:
    with pytest.raises(StoreError) as caught:
        Store(path)
    assert caught.value.path == path
    return caught.value.problem


def test_every_earlier_schema_opens_and_is_brought_up_to_date(tmp_path: Path) -> None:
    versions = sorted(FIXTURES.glob("schema-*.db"))
    assert [int(v.stem.removeprefix("schema-")) for v in versions] == list(
        range(1, database.SCHEMA_VERSION + 1)
    )
    for old in versions:
        path = tmp_path / old.name
        shutil.copy(old, path)
        store = Store(path)
        assert database.schema_version(store.db, store.path) == database.SCHEMA_VERSION
        assert store.session_count() == 1
        assert store.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        store.close()


@pytest.mark.parametrize(
    "version", ["999", "9" * 5000], ids=["three digits", "more than Python reads"]
)
def test_newer_version_is_refused_and_left_untouched(filled: Path, version: str) -> None:
    conn = plain_file(filled).connect()
    conn.execute("UPDATE meta SET value = ? WHERE key = 'schema_version'", [version])
    conn.commit()
    conn.close()
    before = digest(filled)
    assert problem_of(filled) is StoreProblem.NEWER
    assert digest(filled) == before


def test_not_a_database(tmp_path: Path) -> None:
    path = tmp_path / "holdwell.db"
    path.write_text("This was a letter. " * 500)
    before = digest(path)
    assert database.looks_damaged(plain_file(path))
    assert problem_of(path) is StoreProblem.DAMAGED
    assert digest(path) == before


def test_damage_in_the_middle_is_noticed(filled: Path) -> None:
    content = bytearray(filled.read_bytes())
    # Overwrite all pages after the first, whose header still says that this is a database.
    content[4096:] = b"\xa5" * (len(content) - 4096)
    filled.write_bytes(content)
    assert database.looks_damaged(plain_file(filled))


def test_a_sound_file_is_not_called_damaged(filled: Path) -> None:
    assert not database.looks_damaged(plain_file(filled))


def test_quarantine_keeps_every_byte(filled: Path) -> None:
    before = digest(filled)
    kept = database.create_new(plain_file(filled))
    assert digest(kept) == before
    store = Store(filled)
    assert store.session_count() == 0
    store.close()


def test_locked_by_another_program(
    filled: Path, now: Moment, make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlcipher, "BUSY_SECONDS", 0.05)
    other = plain_file(filled).connect()
    other.execute("BEGIN EXCLUSIVE")
    store = Store(filled)
    with pytest.raises(StoreError) as caught:
        store.save(make_session(DAY), now)
    assert caught.value.problem is StoreProblem.LOCKED
    other.rollback()
    store.save(make_session(DAY), now)
    assert store.session_count() == 2
    store.close()
    other.close()


def test_full_disk(filled: Path, now: Moment, make_session: MakeSession) -> None:
    store = Store(filled)
    pages = store.db.execute("PRAGMA page_count").fetchone()[0]
    store.db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError) as caught:
        store.save_all([make_session(DAY) for _ in range(500)], now)
    assert caught.value.problem is StoreProblem.FULL
    assert store.session_count() == 1
    store.close()


def test_read_only_file(
    filled: Path, now: Moment, make_session: MakeSession, as_nobody: AsNobody
) -> None:
    filled.chmod(0o444)
    with as_nobody(filled):
        with pytest.raises(StoreError) as caught:
            store = Store(filled)
            store.save(make_session(DAY), now)
        assert caught.value.problem is StoreProblem.READ_ONLY
    filled.chmod(0o600)
    store = Store(filled)
    assert store.session_count() == 1
    store.close()


def test_read_only_folder(tmp_path: Path, as_nobody: AsNobody) -> None:
    folder = tmp_path / "shut"
    folder.mkdir()
    folder.chmod(0o555)
    with as_nobody(folder / "holdwell.db"):
        assert problem_of(folder / "holdwell.db") is StoreProblem.READ_ONLY
        assert problem_of(folder / "deeper" / "holdwell.db") is StoreProblem.READ_ONLY


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    assert problem_of(tmp_path / "data" / "holdwell.db") is StoreProblem.UNREACHABLE


def test_a_bug_in_our_own_sql_is_not_reported_as_a_store_error(filled: Path) -> None:
    store = Store(filled)
    with pytest.raises(sqlcipher.OperationalError):
        store.rows("SELECT nothing FROM nowhere")
    store.close()


@pytest.mark.parametrize(
    "tables",
    [
        "CREATE TABLE bookmark (id)",
        "CREATE TABLE session (id)",
        "CREATE TABLE meta (name)",
        "CREATE TABLE meta (key, value); INSERT INTO meta VALUES ('schema_version', 'x')",
        "CREATE TABLE meta (key, value); INSERT INTO meta VALUES ('schema_version', '-1')",
    ],
)
def test_a_database_of_another_program_is_refused_and_nothing_is_written(
    tmp_path: Path, tables: str
) -> None:
    path = tmp_path / "holdwell.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(tables)
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        Store(path)
    assert caught.value.problem is StoreProblem.DAMAGED
    assert path.read_bytes() == before
