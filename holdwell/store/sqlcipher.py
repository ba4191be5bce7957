"""The one place where a database file is opened, encrypted or not.

SQLCipher's build of SQLite opens both, so that every machine has the same SQLite. An encrypted
database is a plain SQLCipher 4 file with its defaults: its passphrase opens it in any tool that
knows the format (https://www.zetetic.net/sqlcipher/design/).
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import threading
import time
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from holdwell.store.files import overwritten_if_removed

if TYPE_CHECKING:
    import sqlite3 as driver
else:
    from sqlcipher3 import dbapi2 as driver

Error = driver.Error
DatabaseError = driver.DatabaseError
IntegrityError = driver.IntegrityError
OperationalError = driver.OperationalError

BUSY_SECONDS = 5.0
"""How long a statement waits for another connection's before it is called locked."""
PASSPHRASE_MIN = 8
"""Characters. Someone who has the file soon guesses a shorter one."""

_PAGE = 4096
_SALT = 16
_KEY = 32
_ROUNDS = 256_000
"""PBKDF2-HMAC-SHA512 rounds: SQLCipher 4's default, with its page size and salt length
(https://www.zetetic.net/sqlcipher/sqlcipher-api/#kdf_iter)."""
_PLAIN_HEADER = b"SQLite format 3\0"
_LEAST_VALUES = 240
"""So many of the 256 values of a byte stand at least once in a page of random bytes, which lacks
each with a chance of e**-16. A page that is not encrypted is mostly zeros and text."""

FileState = tuple[int, ...]
"""What differs between two states of a path's file: its identity, its size and its times."""
_SETTLED_NS = 50_000_000
"""A file that was changed less than 50 ms ago may change again without new times."""


class Mode(StrEnum):
    """How a file is opened: its options in the URI (https://www.sqlite.org/uri.html).

    ALONE keeps SQLite's shared index of the log in memory, so that no file need be made beside the
    database; other connections are kept out. IMMUTABLE needs none either, and ignores the log.
    WRITE makes a file that is missing, EXISTING does not.
    """

    WRITE = "mode=rwc"
    EXISTING = "mode=rw"
    READ = "mode=ro"
    ALONE = "mode=rw&alone=1"  # SQLite passes over what it does not know.
    IMMUTABLE = "mode=ro&immutable=1"


class EncryptedError(Exception):
    """The file is encrypted and its key is not at hand."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


@dataclass(frozen=True, slots=True)
class Key:
    """What opens a database and its backups: made from the passphrase and the files' salt."""

    raw: bytes = field(repr=False)
    salt: bytes = field(repr=False)

    @property
    def literal(self) -> str:
        """The key and salt as SQLCipher takes them, which spares it the rounds."""
        return f"\"x'{self.raw.hex()}{self.salt.hex()}'\""


def normalize(passphrase: str) -> str:
    """Return the passphrase as it is used: without blanks at its ends, which a phone's keyboard
    adds, and in Unicode's form NFC, as keyboards differ in how they make an é."""
    return unicodedata.normalize("NFC", passphrase.strip())


def derive(passphrase: str, salt: bytes) -> Key:
    """Make the key (about 0.1 s). `salt` is the first 16 bytes of the file, or new random ones."""
    given = normalize(passphrase).encode()
    return Key(hashlib.pbkdf2_hmac("sha512", given, salt, _ROUNDS, _KEY), salt)


class Connection(driver.Connection):
    """A connection that knows its key, which a copy needs too, and which file it opened."""

    key: Key | None = None
    path: Path | None = None
    inode: int = 0

    def close(self) -> None:
        """Close; SQLite removes the write-ahead log with the last connection: overwrite it."""
        if self.path is None:
            super().close()
            return
        with overwritten_if_removed(log_of(self.path)):
            super().close()

    def attach(self, path: Path, name: str, key: Key | None) -> None:
        """Attach another file; as a URI, which any path can be, also one that is not UTF-8."""
        literal = "''" if key is None else key.literal
        self.execute(f"ATTACH ? AS {name} KEY {literal}", [path.absolute().as_uri()])

    def is_in_place(self) -> bool:
        """Return whether the file that was opened is still the one at its path."""
        return self.path is None or inode_of(self.path) == self.inode


class Keyring:
    """The keys at hand, in memory alone, and the salts that were seen. A process has one."""

    def __init__(self) -> None:
        self._keys: dict[bytes, Key] = {}
        self.seen: set[bytes] = set()
        """The salts of encrypted files that were opened, or asked for, so far."""
        self.salts: dict[Path, tuple[FileState, bytes | None]] = {}
        """By path: the state in which a file was last read, and its salt then; None if plain."""
        self.opened: set[Path] = set()
        """The databases that were open in this process: one of them is not new."""
        self.looking = threading.Lock()
        self.rekeying = threading.Lock()
        """Held while a passphrase is changed: one at a time in a process."""

    def add(self, key: Key) -> None:
        self._keys[key.salt] = key

    def drop(self, salt: bytes) -> None:
        self._keys.pop(salt, None)

    def get(self, salt: bytes | None) -> Key | None:
        return None if salt is None else self._keys.get(salt)


@dataclass(frozen=True, slots=True)
class DatabaseFile:
    """A database's path, with the keyring that may open it."""

    path: Path
    keyring: Keyring = field(repr=False)

    def at(self, path: Path) -> DatabaseFile:
        """Return another file that the same keyring may open."""
        return DatabaseFile(path, self.keyring)

    def connect(self, mode: Mode = Mode.WRITE) -> Connection:
        """Open the file, or make it, and read its first page.

        A caller that waits for a file while another is put in its place gets the new one.
        Raises EncryptedError, or the driver's Error.
        """
        if self.path.exists() and not self.path.is_file():
            error = OperationalError(f"{self.path} is not a file")
            error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise error
        while True:
            inode = inode_of(self.path)
            try:
                conn = self._open(mode)
            except (Error, EncryptedError):
                if inode_of(self.path) == inode:
                    raise
                continue
            if inode_of(self.path) == inode:
                conn.path, conn.inode = self.path, inode
                return conn
            conn.close()

    def _open(self, mode: Mode) -> Connection:
        salt = self.salt()
        key = self.keyring.get(salt)
        if salt is not None and key is None:
            raise EncryptedError(self.path)
        return _with_first_page(connect_with(self.path, key, mode))

    def salt(self) -> bytes | None:
        """Return the salt of an encrypted file; None for a plain, damaged or missing one.

        The file is read again only if it has changed: a passphrase that is set, changed or removed,
        here or by another process, puts a new file in its place.
        """
        found = _stat(self.path)
        if found is None or not stat.S_ISREG(found.st_mode):
            return None
        times = found.st_mtime_ns, found.st_ctime_ns
        state = (found.st_dev, found.st_ino, found.st_size, *times)
        is_settled = time.time_ns() - max(times) > _SETTLED_NS
        salts, path = self.keyring.salts, self.path.absolute()
        if path in salts and salts[path][0] == state:
            return salts[path][1]
        is_plain = self._is_plain()
        salt = self._find_salt() if is_plain is False else None
        if is_settled and (is_plain or salt is not None):
            salts[path] = state, salt
        return salt

    def _is_plain(self) -> bool | None:
        """Return whether the file opens without a key; None if it cannot be read now."""
        # Where a read needs files beside the database that cannot be made, the file alone is read.
        for mode in (Mode.READ, Mode.IMMUTABLE):
            try:
                conn = connect_with(self.path, None, mode)
                # The next mode asks for no lock: on a full disk the page itself holds it.
                conn.execute("PRAGMA busy_timeout = 0")
                _with_first_page(conn).close()
                return True
            except Error as error:
                if is_not_a_database(error):
                    return False
        return None

    def is_locked(self) -> bool:
        """Return whether the file is encrypted and its key not at hand.

        One whose first bytes are damaged looks the same.
        """
        salt = self.salt()
        return salt is not None and self.keyring.get(salt) is None

    def _find_salt(self) -> bytes | None:
        """Return the salt of a file that opens with no key at hand; None for a damaged one.

        Its head is read through SQLite: a program that opens and closes a database file by itself
        takes away the locks of its own connections
        (https://www.sqlite.org/howtocorrupt.html, 2.2). Only where the salt is new is the first
        page read past SQLite, and no connection of this process has that file open.
        """
        ring = self.keyring
        with ring.looking:
            salt = _salt_by_sqlite(self.path)
            if salt is not None and salt not in ring.seen:
                salt = read_salt(self.path)
            if salt is not None:
                ring.seen.add(salt)
            return salt


def log_of(path: Path) -> Path:
    """Return the write-ahead log of a database: beside the file itself, not beside a link to it."""
    real = path.resolve()
    return real.with_name(f"{real.name}-wal")


def index_of(path: Path) -> Path:
    """Return the shared index of the write-ahead log, which is beside it."""
    return log_of(path).with_name(f"{path.resolve().name}-shm")


def inode_of(path: Path) -> int:
    """Return which file is at a path; 0 for none."""
    found = _stat(path)
    return found.st_ino if found is not None else 0


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def in_memory() -> Connection:
    """Make a database that is never written to disk."""
    conn: Connection = driver.connect(":memory:", factory=Connection)
    return conn


def _salt_by_sqlite(path: Path) -> bytes | None:
    """Return the first 16 bytes of a file, read by SQLite; None where there are none."""
    try:
        conn = connect_with(path, Key(bytes(_KEY), b""), Mode.READ)
    except Error:
        return None
    try:
        found = conn.execute("PRAGMA cipher_salt").fetchone()
        return bytes.fromhex(found[0]) if found else None
    except Error:
        return None
    finally:
        conn.close()


def _with_first_page(conn: Connection) -> Connection:
    """Return a connection that has read its first page; close one that cannot."""
    try:
        conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        conn.close()
        raise
    return conn


def is_not_a_database(error: Error) -> bool:
    """Return whether a file was refused as no database: damaged, or encrypted with another key."""
    return code_of(error) == sqlite3.SQLITE_NOTADB


def read_salt(path: Path) -> bytes | None:
    """Return the salt of an encrypted file; None for a plain, damaged or missing one.

    A file that SQLite does not know is encrypted if its first page looks random. Not for a file
    that this process may have open: see `DatabaseFile._find_salt`.
    """
    if not path.is_file():  # Opening a pipe would wait for someone who writes into it.
        return None
    try:
        with path.open("rb") as file:
            page = file.read(_PAGE)
    except OSError:
        return None
    is_random = len(page) == _PAGE and len(set(page)) >= _LEAST_VALUES
    return page[:_SALT] if is_random and not page.startswith(_PLAIN_HEADER) else None


def connect_with(path: Path, key: Key | None, mode: Mode = Mode.WRITE) -> Connection:
    """Open a file, or make one, with a key that need not be on a keyring."""
    conn: Connection = driver.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        check_same_thread=False,
        factory=Connection,
    )
    conn.key = key
    # The pages say what is wrong; the library would write it to the terminal too.
    conn.execute("PRAGMA cipher_log_level = NONE")
    if key is not None:
        conn.execute(f"PRAGMA key = {key.literal}")
    if mode is Mode.ALONE:
        conn.execute("PRAGMA locking_mode = EXCLUSIVE")
    return conn


def key_fits(path: Path, key: Key) -> bool:
    """Return whether a key opens an encrypted file. Raises Error if that cannot be told now."""
    try:
        try:
            _with_first_page(connect_with(path, key, Mode.READ)).close()
        except DatabaseError as error:
            if code_of(error) != sqlite3.SQLITE_READONLY:
                raise
            # A write was cut short: SQLite takes it back before anything can be read.
            _with_first_page(connect_with(path, key, Mode.EXISTING)).close()
    except DatabaseError as error:
        if is_not_a_database(error):
            return False
        raise
    return True


def is_busy(error: Error) -> bool:
    """Return whether another connection's lock was in the way."""
    return code_of(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_duplicate(error: Error) -> bool:
    """Return whether a row was refused because a unique value is there already.

    By SQLite's words: this driver knows only the primary code of an error.
    """
    return str(error).startswith("UNIQUE constraint failed")


def code_of(error: Error) -> int | None:
    """Return SQLite's primary result code (https://www.sqlite.org/rescode.html), if it has one."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
