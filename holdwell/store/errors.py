"""What can go wrong with the database file, in kinds that the pages have a sentence for."""

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
    """The kinds of trouble. Each value is the key of its sentence in content/wording."""

    READ_ONLY = "read_only"
    LOCKED = "locked"
    """In use by another connection."""
    FULL = "full"
    DAMAGED = "damaged"
    LOST = "lost"
    """Missing or empty, while backups of it are there."""
    NEWER = "newer"
    UNREACHABLE = "unreachable"
    ENCRYPTED = "sealed"
    """Encrypted, and its key is not at hand."""


class StoreError(Exception):
    """The database could not do what was asked. Nothing was half-written."""

    def __init__(self, problem: StoreProblem, path: Path, detail: str = "") -> None:
        super().__init__(f"{problem.value}: {path} {detail}".strip())
        self.problem = problem
        self.path = path
        self.detail = detail


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
    """Return SQLite's error as a StoreError; None for a fault of our own code."""
    code = sqlcipher.code_of(error)
    problem = None if code is None else _PRIMARY_CODES.get(code)
    if problem is None:
        return None
    if problem is StoreProblem.UNREACHABLE:
        problem = _why_unreachable(path)
    return StoreError(problem, path, str(error))


FULL_BELOW = 64 * 1024
"""Bytes free. SQLite needs 32 KiB beside the database to read, and more to write."""


def _why_unreachable(path: Path) -> StoreProblem:
    """Return what keeps a file from being opened or read: SQLite's code says the same of all."""
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
    """Raise what SQLite raises inside as a StoreError where there is a kind for it."""
    try:
        yield
    except sqlcipher.EncryptedError as error:
        raise StoreError(StoreProblem.ENCRYPTED, error.path) from error
    except sqlcipher.Error as error:
        known = classify(error, path)
        if known is None:
            raise
        raise known from error


@contextmanager
def translating_os_errors(path: Path) -> Iterator[None]:
    """Raise an OSError from inside as a StoreError."""
    try:
        yield
    except OSError as error:
        problem = _SYSTEM_CODES.get(error.errno or 0, StoreProblem.UNREACHABLE)
        raise StoreError(problem, path, str(error)) from error
