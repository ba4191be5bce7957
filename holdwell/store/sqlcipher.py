"""The one place where a database file is opened, encrypted or not.

SQLCipher's build of SQLite opens both, so that every machine has the same SQLite.
"""

from __future__ import annotations

import os
import random
import sqlite3
import stat
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from holdwell.store.files import overwritten_if_removed
from holdwell.store.keys import KEY_BYTES, SALT_BYTES, Key, Keyring

if TYPE_CHECKING:
    import sqlite3 as driver
else:
    from sqlcipher3 import dbapi2 as driver

T = TypeVar("T")
Error = driver.Error
DatabaseError = driver.DatabaseError
IntegrityError = driver.IntegrityError
OperationalError = driver.OperationalError

BUSY_SECONDS = 5.0
"""How long a statement waits for another connection before the database counts as locked."""
_BUSY_CODES = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_RETRY_SECONDS = (0.001, 0.008)
"""Shortest and longest pause before a busy statement is retried. The pause is random, so that two
windows do not collide again and again."""
_PAGE = 4096
_PLAIN_HEADER = b"SQLite format 3\0"
_LEAST_VALUES = 240
"""At least this many of the 256 byte values occur in a page of random bytes: it lacks each with a
probability of e**-16. A page that is not encrypted is mostly zeros and text."""

_SETTLED_NS = 50_000_000
"""Within 50 ms of a change, a file may change again and keep the same times."""


class Mode(StrEnum):
    """How a file is opened: its options in the URI (https://www.sqlite.org/uri.html).

    WRITE creates a missing file, EXISTING does not. ALONE keeps SQLite's shared index of the log in
    memory, so that no file beside the database is needed; other connections are locked out.
    IMMUTABLE needs no such file either, and ignores the log.
    """

    WRITE = "mode=rwc"
    EXISTING = "mode=rw"
    READ = "mode=ro"
    ALONE = "mode=rw&alone=1"  # SQLite ignores options that it does not know.
    IMMUTABLE = "mode=ro&immutable=1"


class EncryptedError(Exception):
    """The file is encrypted, and its key is not on the keyring."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class Connection(driver.Connection):
    """A connection that knows its key, which a copy needs too, and the file that it opened."""

    key: Key | None = None
    path: Path | None = None
    inode: int = 0

    def close(self) -> None:
        """Close, and overwrite the write-ahead log if this was the last connection."""
        if self.path is None:
            super().close()
            return
        with overwritten_if_removed(log_of(self.path)):
            super().close()

    def attach(self, path: Path, name: str, key: Key | None) -> None:
        """Attach another file by its URI, which works for any path, even one that is not UTF-8."""
        literal = "''" if key is None else key.literal
        self.execute(f"ATTACH ? AS {name} KEY {literal}", [path.absolute().as_uri()])

    def wait_at_most(self, seconds: float) -> None:
        """Set how long SQLite itself makes a statement wait for the lock of another connection."""
        self.execute(f"PRAGMA busy_timeout = {round(1000 * seconds)}")

    def execute_when_free(self, sql: str) -> None:
        """Run a statement as soon as no other connection has the lock that it needs."""
        self.wait_at_most(0)
        try:
            retry_while_busy(lambda: self.execute(sql))
        finally:
            self.wait_at_most(BUSY_SECONDS)

    def is_in_place(self) -> bool:
        """Return whether the file at the path is still the one that was opened."""
        return self.path is None or inode_of(self.path) == self.inode


@dataclass(frozen=True, slots=True)
class DatabaseFile:
    """The path of a database, and the keyring to open it with."""

    path: Path
    keyring: Keyring = field(repr=False)

    def at(self, path: Path) -> DatabaseFile:
        """Return another file with the same keyring."""
        return DatabaseFile(path, self.keyring)

    def connect(self, mode: Mode = Mode.EXISTING) -> Connection:
        """Open the file and read its first page.

        If the file is replaced while the caller waits for it, the new one is opened.
        Raises EncryptedError, or the driver's Error.
        """
        if self.path.exists() and not self.path.is_file():
            raise failure(sqlite3.SQLITE_CANTOPEN, f"{self.path} is not a file")
        while True:
            inode = inode_of(self.path)
            try:
                salt = self.salt()
                key = self.keyring.get(salt)
                if salt is not None and key is None:
                    raise EncryptedError(self.path)
                conn = _open_file(self.path, key, mode)
            except (Error, EncryptedError):
                if inode_of(self.path) == inode:
                    raise
                continue
            if inode_of(self.path) == inode:
                conn.path, conn.inode = self.path, inode
                return conn
            conn.close()

    def salt(self) -> bytes | None:
        """Return the salt of an encrypted file; None for a plain, damaged or missing one.

        The file is read again only if it has changed. Setting, changing or removing a passphrase,
        in any process, puts a new file in its place.
        """
        found = _stat(self.path)
        if found is None or not stat.S_ISREG(found.st_mode):
            return None
        times = found.st_mtime_ns, found.st_ctime_ns
        state = (found.st_dev, found.st_ino, found.st_size, *times)
        known, path = self.keyring.beginnings, self.path.absolute()
        if path in known and known[path][0] == state:
            beginning: bytes | None = known[path][1]
        else:
            is_settled = time.time_ns() - max(times) > _SETTLED_NS
            beginning = self._read_beginning()
            if is_settled and beginning is not None:
                known[path] = state, beginning
        return None if beginning == _PLAIN_HEADER else beginning

    def is_locked(self) -> bool:
        """Return whether the file is encrypted and its key is not on the keyring.

        A file whose first bytes are damaged looks the same.
        """
        salt = self.salt()
        return salt is not None and self.keyring.get(salt) is None

    def _read_beginning(self) -> bytes | None:
        """Return the salt of an encrypted file or the header of a plain one; None for others.

        They are read through SQLite: a program that opens and closes a database file by itself
        loses the locks of its own connections (https://www.sqlite.org/howtocorrupt.html, 2.2).
        Only if the salt is new is the first page read directly, to see whether it is encrypted or
        damaged: then no connection of this process has that file open.
        """
        with self.keyring.looking:
            inode = inode_of(self.path)
            beginning = _first_bytes(self.path)
            if beginning is None or beginning == _PLAIN_HEADER or beginning in self.keyring.seen:
                return beginning
            salt = read_salt(self.path, inode)
            if salt is not None:
                self.keyring.seen.add(salt)
            return salt


def log_of(path: Path) -> Path:
    """Return the path of a database's write-ahead log: beside the file, not beside a link to it."""
    real = path.resolve()
    return real.with_name(f"{real.name}-wal")


def side_files(path: Path) -> tuple[Path, Path]:
    """Return the paths of a database's write-ahead log and of the log's shared index."""
    log = log_of(path)
    return log, log.with_name(f"{path.resolve().name}-shm")


def inode_of(path: Path) -> int:
    """Return the inode of the file at a path; 0 if there is none."""
    found = _stat(path)
    return found.st_ino if found is not None else 0


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def in_memory() -> Connection:
    """Create a database that is never written to disk."""
    conn: Connection = driver.connect(":memory:", factory=Connection)
    return conn


def connect_with(path: Path, key: Key | None, mode: Mode = Mode.WRITE) -> Connection:
    """Open or create a file with a key that need not be on a keyring."""
    conn: Connection = driver.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        check_same_thread=False,
        factory=Connection,
    )
    conn.key = key
    # The pages say what is wrong; keep the library from writing it to the terminal.
    conn.execute("PRAGMA cipher_log_level = NONE")
    if key is not None:
        conn.execute(f"PRAGMA key = {key.literal}")
    if mode is Mode.ALONE:
        conn.execute("PRAGMA locking_mode = EXCLUSIVE")
    return conn


def _open_file(path: Path, key: Key | None, mode: Mode) -> Connection:
    """Open a file and read its first page.

    Each attempt opens the path again: a connection that waits while a passphrase is changed would
    have the old file open, but take the log of the new one, which has the same name.
    """

    def attempt() -> Connection:
        conn = connect_with(path, key, mode)
        try:
            conn.wait_at_most(0)
            conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
            conn.wait_at_most(BUSY_SECONDS)
        except BaseException:
            conn.close()
            raise
        return conn

    return retry_while_busy(attempt)


def retry_while_busy(act: Callable[[], T]) -> T:
    """Return the result of `act`, which is called again while another connection's lock stops it.

    Give up after `BUSY_SECONDS`. SQLite's own busy handler sleeps longer each time, up to 100 ms:
    among busy writers, the one that has waited longest asks least often, and may wait for seconds
    (https://www.sqlite.org/c3ref/busy_handler.html).
    """
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return act()
        except Error as error:
            if code_of(error) not in _BUSY_CODES or time.monotonic() > give_up:
                raise
        time.sleep(random.uniform(*_RETRY_SECONDS))


def _first_bytes(path: Path) -> bytes | None:
    """Return the first 16 bytes of a file, read by SQLite without a lock; None if that fails."""
    try:
        with closing(connect_with(path, Key(bytes(KEY_BYTES), b""), Mode.READ)) as conn:
            found = conn.execute("PRAGMA cipher_salt").fetchone()
    except Error:
        return None
    return bytes.fromhex(found[0]) if found else None


def read_salt(path: Path, inode: int = 0) -> bytes | None:
    """Return the salt of an encrypted file; None for a plain, damaged or missing one.

    A file counts as encrypted if its first page looks random. Do not use this for a file that
    this process may have open: see `_read_beginning`. If another file than the one with this
    `inode` is at the path by now, it is left open, because closing it would remove locks.
    """
    try:
        if not path.is_file():  # Opening a pipe would wait for a writer.
            return None
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            page = os.read(handle, _PAGE)
        finally:
            if inode in (0, os.fstat(handle).st_ino):
                os.close(handle)
    except OSError:
        return None
    is_random = len(page) == _PAGE and len(set(page)) >= _LEAST_VALUES
    return page[:SALT_BYTES] if is_random and not page.startswith(_PLAIN_HEADER) else None


def key_fits(path: Path, key: Key, mode: Mode = Mode.READ) -> bool:
    """Return whether a key opens an encrypted file. Raises Error if that cannot be tried now."""
    try:
        _open_file(path, key, mode).close()
        return True
    except DatabaseError as error:
        code = code_of(error)
        if code == sqlite3.SQLITE_NOTADB:
            return False
        if code != sqlite3.SQLITE_READONLY or mode is not Mode.READ:
            raise
    # A write was interrupted: SQLite has to roll it back before anything can be read.
    return key_fits(path, key, Mode.EXISTING)


def failure(code: int, text: str) -> OperationalError:
    """Return an error of our own with one of SQLite's result codes."""
    error = OperationalError(text)
    error.sqlite_errorcode = code
    return error


def code_of(error: Error) -> int | None:
    """Return SQLite's primary result code (https://www.sqlite.org/rescode.html), or None."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
