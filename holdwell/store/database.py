"""The database file: opening it safely, its tables, and its numbered migrations.

What SQLite's own documentation promises is asked for by name: WAL, foreign keys, synchronous=FULL
(https://www.sqlite.org/pragma.html). Every failure becomes a `StoreError` of a kind that the
pages have a sentence for.
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from sqlite_utils import Database

from holdwell.store import migrations, sqlcipher
from holdwell.store.snapshot import CopyError, copy_database

DATABASE_NAME = "holdwell.db"
RETRY_SECONDS = (0.001, 0.008)
"""Shortest and longest pause before it asks again; by chance, so that no two keep step."""


class StoreProblem(StrEnum):
    """The kinds of trouble; each has its sentence in content/wording."""

    READ_ONLY = "read_only"
    LOCKED = "locked"
    FULL = "full"
    DAMAGED = "damaged"
    NEWER = "newer"
    UNREACHABLE = "unreachable"
    SEALED = "sealed"
    """Encrypted, and not opened with its passphrase."""


class StoreError(Exception):
    """The database could not do what was asked. Nothing was half-written."""

    def __init__(self, problem: StoreProblem, path: Path, detail: str = "") -> None:
        super().__init__(f"{problem.value}: {path} {detail}".strip())
        self.problem = problem
        self.path = path
        self.detail = detail


_PRIMARY_CODES = {
    sqlite3.SQLITE_READONLY: StoreProblem.READ_ONLY,
    sqlite3.SQLITE_PERM: StoreProblem.READ_ONLY,
    sqlite3.SQLITE_BUSY: StoreProblem.LOCKED,
    sqlite3.SQLITE_LOCKED: StoreProblem.LOCKED,
    sqlite3.SQLITE_FULL: StoreProblem.FULL,
    sqlite3.SQLITE_CORRUPT: StoreProblem.DAMAGED,
    sqlite3.SQLITE_NOTADB: StoreProblem.DAMAGED,
    sqlite3.SQLITE_CANTOPEN: StoreProblem.UNREACHABLE,
    sqlite3.SQLITE_IOERR: StoreProblem.UNREACHABLE,
}


def classify(error: sqlcipher.Error, path: Path) -> StoreError | None:
    """Turn SQLite's error into a StoreError, or None if it is a fault of our own code."""
    code = sqlcipher.code_of(error)
    problem = None if code is None else _PRIMARY_CODES.get(code)
    if problem is None:
        return None
    if problem is StoreProblem.UNREACHABLE and not _writable(path):
        problem = StoreProblem.READ_ONLY
    return StoreError(problem, path, str(error))


def _writable(path: Path) -> bool:
    """Whether the folder, and the file if there is one, may be written."""
    folder_ok = os.access(path.parent, os.W_OK | os.X_OK)
    return folder_ok and (not path.exists() or os.access(path, os.W_OK))


@contextmanager
def translating(path: Path) -> Iterator[None]:
    """Raise what SQLite raises inside as a StoreError where there is a kind for it."""
    try:
        yield
    except sqlcipher.SealedError as error:
        raise StoreError(StoreProblem.SEALED, error.path) from error
    except sqlcipher.Error as error:
        known = classify(error, path)
        if known is None:
            raise
        raise known from error


def _script(statements: str) -> Callable[[Database], None]:
    """A migration that runs SQL statements one by one, inside the caller's transaction."""

    def run(db: Database) -> None:
        for statement in statements.split(";\n"):
            if statement.strip():
                db.execute(statement)

    return run


MIGRATIONS: tuple[Callable[[Database], None], ...] = (
    _script(migrations.FIRST_TABLES),
    _script(migrations.ROUTINES_AND_CUES),
    _script(migrations.GUIDE_AND_CHECK_IN),
    _script(migrations.CHANGES),
    _script(migrations.INDEXES_WITHOUT_PROFILE),
)
"""Number n brings a database from schema version n to n + 1. Never edit one that has shipped."""

SCHEMA_VERSION = len(MIGRATIONS)


class Record(Database):
    """A connection that knows which file it opened.

    Setting a passphrase, and bringing a backup back in the place of a damaged record, put another
    file in this one's place: what is written into the old one then would be lost.
    """

    def __init__(self, conn: sqlcipher.Connection, path: Path) -> None:
        super().__init__(conn, recursive_triggers=False, execute_plugins=False)
        self.connection = conn
        self._path = path

    @property
    def supports_on_conflict(self) -> bool:
        """The SQLite that we bring does; sqlite-utils would make a table in the record to see."""
        return True

    def check_in_place(self) -> None:
        """Inside a write lock, which the one who replaces needs too: is it still the record?

        Raises StoreError (LOCKED), so that she tries again and writes into the new one.
        """
        if sqlcipher.inode_of(self._path) != self.connection.inode:
            raise StoreError(StoreProblem.LOCKED, self._path, "the file was replaced")


def connect(path: Path) -> Record:
    """Open the database at `path`, making it or bringing it up to date where needed.

    Raises StoreError. A file from a newer version is refused before anything is written.
    """
    path = path.absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = (
            StoreProblem.READ_ONLY
            if isinstance(error, PermissionError)
            else StoreProblem.UNREACHABLE
        )
        raise StoreError(problem, path, str(error)) from error
    with translating(path):
        # Only the user may read the file (mode 0600); umask is a process-wide switch, so the
        # file is made with the right mode rather than changed after.
        if not path.exists():
            _make_private(path)
        conn = sqlcipher.connect(path)
        try:
            db = Record(conn, path)
            version = schema_version(db)
            if version > SCHEMA_VERSION:
                raise StoreError(StoreProblem.NEWER, path, f"schema {version}")
            conn.execute("PRAGMA foreign_keys=ON")
            conn.execute("PRAGMA synchronous=FULL")
            if conn.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                _patiently(db, "PRAGMA journal_mode=WAL")
            if version < SCHEMA_VERSION:
                _migrate(db, path)
            return db
        except BaseException:
            conn.close()
            raise


def _patiently(db: Database, statement: str) -> None:
    """Run a statement that needs a lock, asking again every few ms for up to `BUSY_SECONDS`.

    SQLite's own wait sleeps longer each time, up to 100 ms: among busy writers the one that has
    waited longest asks least often, and may wait for seconds. And a switch of the journal mode
    it calls locked at once, where two that wait might wait for each other
    (https://www.sqlite.org/c3ref/busy_handler.html).
    """
    give_up = time.monotonic() + sqlcipher.BUSY_SECONDS
    db.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                db.execute(statement)
                return
            except sqlcipher.OperationalError as error:
                if not sqlcipher.is_busy(error) or time.monotonic() > give_up:
                    raise
            time.sleep(random.uniform(*RETRY_SECONDS))
    finally:
        db.execute(f"PRAGMA busy_timeout={round(1000 * sqlcipher.BUSY_SECONDS)}")


def _keep_before_migration(path: Path, version: int) -> None:
    """Copy a record of an earlier version beside the backups, before anything in it changes.

    Called inside the write lock, so that no other window migrates meanwhile; a lock does not
    keep a second connection from reading.
    """
    target = path.parent / "backups" / f"before-version-{version + 1}.db"
    if target.exists():
        return
    try:
        with closing(sqlcipher.connect(path)) as source:
            copy_database(source, target)
    except CopyError as error:
        # Without room for a copy there is none for the change either.
        raise StoreError(StoreProblem.FULL, path, str(error)) from error


def _make_private(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except PermissionError as error:
        raise StoreError(StoreProblem.READ_ONLY, path, str(error)) from error
    except OSError as error:
        raise StoreError(StoreProblem.UNREACHABLE, path, str(error)) from error


def schema_version(db: Database) -> int:
    """Return the schema version the file says it has; 0 for a new file."""
    row = db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'meta'").fetchone()
    if not row[0]:
        return 0
    found = db.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
    return int(found[0]) if found else 0


def _migrate(db: Database, path: Path) -> None:
    with writing(db):
        # Read again inside the lock: another window may have migrated in the meantime.
        version = schema_version(db)
        if 0 < version < SCHEMA_VERSION:
            _keep_before_migration(path, version)
        for number in range(version, SCHEMA_VERSION):
            MIGRATIONS[number](db)
            db.execute(
                "INSERT INTO meta (key, value) VALUES ('schema_version', ?) "
                "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [str(number + 1)],
            )


@contextmanager
def writing(db: Database) -> Iterator[None]:
    """Run one write transaction. IMMEDIATE, so that a waiting writer waits instead of failing.

    A deferred transaction that reads first cannot wait for another writer
    (https://www.sqlite.org/lang_transaction.html).
    """
    _patiently(db, "BEGIN IMMEDIATE")
    try:
        if isinstance(db, Record):
            db.check_in_place()
        yield
        db.conn.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise


def looks_damaged(path: Path) -> bool:
    """Run SQLite's own quick check on a file that exists. True if it finds fault."""
    try:
        conn = sqlcipher.connect(path)
        try:
            return bool(conn.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok")
        finally:
            conn.close()
    except sqlcipher.SealedError:
        return False
    except sqlcipher.DatabaseError as error:
        known = classify(error, path)
        return known is not None and known.problem is StoreProblem.DAMAGED


def set_aside_name(path: Path, why: str, number: int = 1) -> Path:
    """What a database is called once it is set aside; `number` tells those of one second apart."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    again = f"-{number}" if number > 1 else ""
    return path.with_name(f"{path.stem}.{why}-{stamp}{again}{path.suffix}")


def set_aside(path: Path, target: Path | None = None) -> Path:
    """Rename a damaged database and its side files, untouched; return the file's new path."""
    target = target or set_aside_name(path, "damaged")
    for suffix in ("-wal", "-shm", ""):
        source = path.with_name(path.name + suffix)
        if source.exists():
            source.rename(target.with_name(target.name + suffix))
    return target
