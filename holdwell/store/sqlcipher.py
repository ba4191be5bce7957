"""The one place where a database file is opened, encrypted or not.

SQLCipher's build of SQLite opens both, so that every machine has the same SQLite. An encrypted
record is a plain SQLCipher 4 file with its defaults: its passphrase opens it in any tool that
knows the format (https://www.zetetic.net/sqlcipher/design/).
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3 as driver
else:
    from sqlcipher3 import dbapi2 as driver

Error = driver.Error
DatabaseError = driver.DatabaseError
IntegrityError = driver.IntegrityError
OperationalError = driver.OperationalError

BUSY_SECONDS = 5.0
"""How long a statement waits for another window's before it is called locked."""
PASSPHRASE_MIN = 8
"""Characters. A short one is soon guessed by whoever has the file."""

_PAGE = 4096
_SALT = 16
_KEY = 32
_ROUNDS = 256_000
"""PBKDF2-HMAC-SHA512 rounds: SQLCipher 4's default, with its page size and salt length
(https://www.zetetic.net/sqlcipher/sqlcipher-api/#kdf_iter)."""
_PLAIN_HEADER = b"SQLite format 3\0"
_LEAST_VALUES = 240
"""How many of the 256 values of a byte a page of random bytes has at least: it lacks one with a
chance of e**-16 each. A page of a record that is not encrypted is mostly zeros and text."""


class SealedError(Exception):
    """The file is encrypted and its key is not at hand."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


@dataclass(frozen=True, slots=True)
class Key:
    """What opens the files of one record: made from her passphrase and the files' salt."""

    raw: bytes = field(repr=False)
    salt: bytes = field(repr=False)

    @property
    def literal(self) -> str:
        """The key and salt as SQLCipher takes them, which spares it the rounds."""
        return f"\"x'{self.raw.hex()}{self.salt.hex()}'\""


def tidied(passphrase: str) -> str:
    """The passphrase as it is used: without blanks at its ends, which a phone's keyboard adds,
    and in Unicode's form NFC, as keyboards differ in how they make an é."""
    return unicodedata.normalize("NFC", passphrase.strip())


def derive(passphrase: str, salt: bytes) -> Key:
    """Make the key (about 0.1 s). `salt` is the first 16 bytes of the file, or new random ones."""
    given = tidied(passphrase).encode()
    return Key(hashlib.pbkdf2_hmac("sha512", given, salt, _ROUNDS, _KEY), salt)


class Connection(driver.Connection):
    """A connection that knows its key: what copies the file needs it too."""

    key: Key | None = None
    inode: int = 0


class Keyring:
    """The keys at hand, in memory alone: a record's backups have its salt, and so its key."""

    def __init__(self) -> None:
        self._keys: dict[bytes, Key] = {}
        self._lock = threading.Lock()

    def add(self, key: Key) -> None:
        with self._lock:
            self._keys[key.salt] = key

    def drop(self, salt: bytes) -> None:
        with self._lock:
            self._keys.pop(salt, None)

    def get(self, salt: bytes) -> Key | None:
        with self._lock:
            return self._keys.get(salt)


keyring = Keyring()


_met: set[bytes] = set()
"""The salts of encrypted files met so far."""
_hints: dict[str, bytes] = {}
"""The salt that each path's file had last; another file may be in its place by now."""
_meeting = threading.Lock()


def connect(path: Path, *, readonly: bool = False) -> Connection:
    """Open a file with its key, and read its first page. Raises SealedError, or the driver's Error.

    Whoever waits for a file while another is put in its place gets the new one.
    """
    while True:
        inode = inode_of(path)
        conn = _open(path, readonly)
        if inode_of(path) == inode:
            conn.inode = inode
            return conn
        conn.close()


def inode_of(path: Path) -> int:
    """Which file is at a path; 0 for none."""
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def _open(path: Path, readonly: bool) -> Connection:
    hint = keyring.get(_hints.get(str(path.absolute()), b"")) if _has_bytes(path) else None
    for key in (hint, None) if hint is not None else (None,):
        try:
            return _read(connect_with(path, key, readonly=readonly))
        except DatabaseError as error:
            if not is_no_database(error):
                raise
            refused = error
    salt = _meet(path)
    if salt is None:
        raise refused
    key = keyring.get(salt)
    if key is None:
        raise SealedError(path)
    return _read(connect_with(path, key, readonly=readonly))


def _has_bytes(path: Path) -> bool:
    """Whether there is a file that is not empty: a new one is never made with a key at hand."""
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def _meet(path: Path) -> bytes | None:
    """The salt of a file that opens with no key at hand; None for one that is damaged.

    Its head is read through SQLite: a program that opens and closes a database file by itself
    takes away the locks of its own connections (https://www.sqlite.org/howtocorrupt.html, 2.2).
    Only of a file whose salt is new is the first page looked at, and nobody here has that open.
    """
    with _meeting:
        salt = _salt_by_sqlite(path)
        if salt is not None and salt not in _met:
            salt = salt_of(path)
        if salt is not None:
            _met.add(salt)
            _hints[str(path.absolute())] = salt
        return salt


def sealed_salt(path: Path) -> bytes | None:
    """The salt of an encrypted file; None for one that is not encrypted, damaged or missing."""
    hint = _hints.get(str(path.absolute()))
    if hint is not None and _salt_by_sqlite(path) == hint:
        return hint
    if not path.exists():
        return None
    try:
        _read(connect_with(path, None, readonly=True)).close()
    except Error as error:
        return _meet(path) if is_no_database(error) else None
    return None


def in_memory() -> Connection:
    """A database that is never written to disk."""
    conn: Connection = driver.connect(":memory:", factory=Connection)
    return conn


def _salt_by_sqlite(path: Path) -> bytes | None:
    """The first 16 bytes of a file, read by SQLite; None where there are none."""
    try:
        conn = connect_with(path, Key(bytes(_KEY), b""), readonly=True)
    except Error:
        return None
    try:
        found = conn.execute("PRAGMA cipher_salt").fetchone()
        return bytes.fromhex(found[0]) if found else None
    except Error:
        return None
    finally:
        conn.close()


def _read(conn: Connection) -> Connection:
    try:
        conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        conn.close()
        raise
    return conn


def is_no_database(error: Error) -> bool:
    """Whether a file was refused as no database: damaged, or encrypted with another key."""
    return code_of(error) == sqlite3.SQLITE_NOTADB


def salt_of(path: Path) -> bytes | None:
    """The salt of an encrypted file; None for one that is not encrypted, damaged or missing.

    A file that SQLite does not know is encrypted if its first page looks random. Not for a file
    that this process may have open: see `_meet`.
    """
    try:
        with path.open("rb") as file:
            page = file.read(_PAGE)
    except OSError:
        return None
    random = len(page) == _PAGE and len(set(page)) >= _LEAST_VALUES
    return page[:_SALT] if random and not page.startswith(_PLAIN_HEADER) else None


def connect_with(path: Path, key: Key | None, *, readonly: bool = False) -> Connection:
    """Open a file, or make one, with a key that need not be on the keyring."""
    conn: Connection = driver.connect(
        f"{path.absolute().as_uri()}?mode={'ro' if readonly else 'rwc'}",
        uri=True,
        timeout=BUSY_SECONDS,
        check_same_thread=False,
        factory=Connection,
    )
    conn.key = key
    # What is wrong is said by us; the library would write it to the terminal too.
    conn.execute("PRAGMA cipher_log_level = NONE")
    if key is not None:
        conn.execute(f"PRAGMA key = {key.literal}")
    return conn


def opens(path: Path, key: Key) -> bool:
    """Whether a key is that of an encrypted file. Raises Error where that cannot be told now."""
    try:
        _read(connect_with(path, key, readonly=True)).close()
    except DatabaseError as error:
        if is_no_database(error):
            return False
        raise
    return True


def is_busy(error: Error) -> bool:
    """Whether another connection's lock was in the way."""
    return code_of(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_doubled(error: Error) -> bool:
    """Whether a row was refused because there is one of its kind already.

    By SQLite's words: this driver knows only the primary code of an error.
    """
    return str(error).startswith("UNIQUE constraint failed")


def code_of(error: Error) -> int | None:
    """SQLite's primary result code (https://www.sqlite.org/rescode.html); None if it has none."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
