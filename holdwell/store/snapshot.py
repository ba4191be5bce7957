"""A whole and verified copy of an open database, by SQLite's online backup."""

from __future__ import annotations

import os
import uuid
from contextlib import closing
from pathlib import Path

from holdwell.store import sqlcipher


class CopyError(Exception):
    """The copy could not be made, or did not pass its check. No file was left behind."""


def copy_database(source: sqlcipher.Connection, target: Path) -> None:
    """Copy an open database to `target`, check the copy, and only then give it its name.

    Other connections may read and write meanwhile (https://www.sqlite.org/backup.html). The copy
    is the user's alone (mode 0600), encrypted as its source is, and on disk when this returns.
    Raises CopyError.
    """
    # A name of its own: two windows may copy at the same moment.
    part = target.with_name(f"{target.name}.{uuid.uuid4().hex}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with closing(sqlcipher.connect_with(part, source.key)) as copy:
            source.backup(copy)
            # A copy of a database in WAL mode would want files of its own beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
        if not is_sound(part):
            raise CopyError(f"the copy {part} did not pass its check")
        flush(part)
        part.replace(target)
        flush_folder(target.parent)
    except (OSError, sqlcipher.Error) as error:
        raise CopyError(str(error)) from error
    finally:
        part.unlink(missing_ok=True)


def is_sound(path: Path) -> bool:
    """Whether a database file can be opened and passes SQLite's full check."""
    try:
        with closing(sqlcipher.connect(path, readonly=True)) as conn:
            return bool(conn.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")
    except (sqlcipher.Error, sqlcipher.SealedError):
        return False


def flush(path: Path) -> None:
    """Put a file on disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Put a new name on disk too. Windows has no such call, and does it by itself."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
