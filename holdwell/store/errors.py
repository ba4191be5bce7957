"""What can go wrong with the database file, in kinds that the pages have a sentence for."""

from __future__ import annotations

import os
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
    """Return SQLite's error as a StoreError; None for a fault of our own code."""
    code = sqlcipher.code_of(error)
    problem = None if code is None else _PRIMARY_CODES.get(code)
    if problem is None:
        return None
    if problem is StoreProblem.UNREACHABLE and not _is_writable(path):
        problem = StoreProblem.READ_ONLY
    return StoreError(problem, path, str(error))


def _is_writable(path: Path) -> bool:
    """Return whether the folder, and the file if there is one, may be written."""
    folder_ok = os.access(path.parent, os.W_OK | os.X_OK)
    return folder_ok and (not path.exists() or os.access(path, os.W_OK))


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


def folder_error(error: OSError, path: Path) -> StoreError:
    """Return the trouble of making a file or a folder as a StoreError."""
    is_refused = isinstance(error, PermissionError)
    problem = StoreProblem.READ_ONLY if is_refused else StoreProblem.UNREACHABLE
    return StoreError(problem, path, str(error))
