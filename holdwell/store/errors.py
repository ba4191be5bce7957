"""What can go wrong with the database file, by kinds; the pages have a sentence for each."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from holdwell.store import sqlcipher


class StoreProblem(StrEnum):
    """The kinds of problems. Each value is the key of a sentence in content/wording."""

    READ_ONLY = "read_only"
    LOCKED = "locked"
    """In use by another connection."""
    FULL = "full"
    DAMAGED = "damaged"
    LOST = "lost"
    """Missing or empty, although there are backups of it."""
    NEWER = "newer"
    UNREACHABLE = "unreachable"
    ENCRYPTED = "encrypted"
    """Encrypted, and its key is not on the keyring."""


class StoreError(Exception):
    """The database could not do what was asked. Nothing was partly written."""

    def __init__(self, problem: StoreProblem, path: Path, detail: str = "") -> None:
        super().__init__(f"{problem.value}: {path} {detail}".strip())
        self.problem = problem
        self.path = path


_PRIMARY_CODES = {
    **dict.fromkeys((sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM), StoreProblem.READ_ONLY),
    **dict.fromkeys((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED), StoreProblem.LOCKED),
    **dict.fromkeys((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB), StoreProblem.DAMAGED),
    **dict.fromkeys((sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR), StoreProblem.UNREACHABLE),
    sqlite3.SQLITE_FULL: StoreProblem.FULL,
}
_SYSTEM_CODES = {
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), StoreProblem.READ_ONLY),
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), StoreProblem.FULL),
}


def classify(error: sqlcipher.Error, path: Path) -> StoreError | None:
    """Return SQLite's error as a StoreError; None if it is a bug in our own code."""
    code = sqlcipher.code_of(error)
    problem = None if code is None else _PRIMARY_CODES.get(code)
    if problem is None:
        return None
    if problem is StoreProblem.UNREACHABLE:
        problem = _why_unreachable(path)
    return StoreError(problem, path, str(error))


FULL_BELOW = 64 * 1024
"""Free bytes. SQLite needs 32 KiB beside the database for reading, and more for writing."""


def _why_unreachable(path: Path) -> StoreProblem:
    """Return why a file cannot be opened or read: SQLite has the same code for all reasons."""
    if not os.access(path.parent, os.F_OK):
        return StoreProblem.UNREACHABLE
    is_writable = os.access(path.parent, os.W_OK | os.X_OK)
    if not is_writable or (path.exists() and not os.access(path, os.W_OK)):
        return StoreProblem.READ_ONLY
    if shutil.disk_usage(path.parent).free < FULL_BELOW:
        return StoreProblem.FULL
    return StoreProblem.UNREACHABLE


@contextmanager
def translating(path: Path) -> Iterator[None]:
    """Raise SQLite's errors from inside the block as StoreError, if there is a kind for them."""
    try:
        yield
    except sqlcipher.EncryptedError as error:
        raise StoreError(StoreProblem.ENCRYPTED, error.path) from error
    except sqlcipher.Error as error:
        store_error = classify(error, path)
        if store_error is None:
            raise
        raise store_error from error


@contextmanager
def translating_os_errors(path: Path) -> Iterator[None]:
    """Raise an OSError from inside the block as a StoreError."""
    try:
        yield
    except OSError as error:
        problem = _SYSTEM_CODES.get(error.errno or 0, StoreProblem.UNREACHABLE)
        raise StoreError(problem, path, str(error)) from error
