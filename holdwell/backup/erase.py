"""Erasing for good: rows, backups and copies, and their bytes.

Deleting puts a tombstone on a row and can be undone; erasing cannot. The page names what no program
can erase: copies elsewhere, and old blocks that a file system or a disk keeps.
"""

import shutil
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from holdwell.backup import daily
from holdwell.store import database, history, sqlcipher, table_info
from holdwell.store.errors import StoreError, StoreProblem, translating
from holdwell.store.files import secure_delete
from holdwell.store.snapshot import copy_database
from holdwell.store.sqlcipher import DatabaseFile
from holdwell.store.sqlite import Database


class Scope(StrEnum):
    """OLD is deleted entries and earlier versions of entries; EVERYTHING is the whole database."""

    OLD = "old"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class EraseCount:
    """What erasing would remove: `entries` of the history, `deleted` rows with a tombstone, and
    `files`, that is backups, copies, databases in quarantine and logs."""

    entries: int
    deleted: int
    files: int


def count(file: DatabaseFile) -> EraseCount:
    """Count what erasing would remove. Raises StoreError."""
    with translating(file.path), closing(database.connect(file)) as db:
        return EraseCount(
            entries=history.totals(db).entries,
            deleted=sum(db.table(table).count_where(_DELETED) for table in _with_deleted()),
            files=len(files(file.path)),
        )


def is_empty(file: DatabaseFile) -> bool:
    """Return whether nothing was ever logged, and no file but the error log lies beside the
    database. Raises StoreError."""
    if any(other.name != database.ERROR_LOG for other in files(file.path)):
        return False
    with translating(file.path), closing(database.connect(file)) as db:
        return not table_info.is_used(db.conn)


def remove_if_empty(file: DatabaseFile) -> bool:
    """Remove the whole folder of a database if it is still empty; return whether it was. Raises
    StoreError, OSError."""
    folder = file.path.parent
    with translating(file.path), closing(database.connect(file)) as db:
        # Nobody can write meanwhile; a writer that waits will find that the file is gone.
        db.execute("BEGIN IMMEDIATE")
        if not is_empty(file):
            return False
        for path in folder.rglob("*"):
            if path.is_symlink() or path.is_file():
                secure_delete(path)
    shutil.rmtree(folder)
    return True


def files(path: Path) -> list[Path]:
    """Return every other file that the app made beside the database and that may hold entries."""
    paths = {
        *daily.folder_of(path).glob("*.db*"),
        *database.files_beside(path, database.DAMAGED),
        *database.files_beside(path, database.UNFINISHED),
        *(inside for folder in _quarantine_folders(path) for inside in folder.rglob("*")),
        path.with_name(database.ERROR_LOG),
    }
    return sorted(path for path in paths if path.is_file())


def _quarantine_folders(path: Path) -> list[Path]:
    """Return the folders with databases that nobody could unlock (`rekey.quarantine`)."""
    return [folder for folder in path.parent.glob(f"{path.stem}.locked-*") if folder.is_dir()]


def erase(file: DatabaseFile, scope: Scope, today: date) -> list[Path]:
    """Erase for good; return the files that could not be removed.

    A backup holds earlier versions of everything, so both scopes remove all backups; after OLD
    there is a single new one of the database as it is now. Safe to repeat, also after an error.
    Raises StoreError (LOCKED while another window is reading), CopyError.
    """
    path = file.path
    left: list[Path] = []
    with translating(path), closing(database.connect(file)) as db:
        # Overwrite what is deleted with zeros, and write no temporary file to another folder.
        db.execute("PRAGMA secure_delete=ON")
        db.execute("PRAGMA temp_store=MEMORY")
        with database.writing(db):
            _delete(db, scope)
        if scope is Scope.EVERYTHING:
            # Before the zeros, for which a full disk has room then.
            left = _remove(path)
        # Zeros reach the disk before the file and the log shrink, so only zeros are cut off.
        _fill_with_zeros(db, path)
        db.execute("VACUUM")
        _checkpoint(db, path)
        if scope is Scope.OLD:
            backup = daily.folder_of(path) / f"{daily.name_of(today)}.new"
            copy_database(file, backup)
            left = _remove(path, backup)
            backup.replace(backup.with_suffix(""))
    return left


def _remove(path: Path, kept: Path | None = None) -> list[Path]:
    """Remove all `files` except one; return those that could not be removed."""
    left = [old for old in files(path) if old != kept and not secure_delete(old)]
    for folder in _quarantine_folders(path):
        if not any(inside.is_file() for inside in folder.rglob("*")):
            shutil.rmtree(folder)
    return left


_DELETED = "deleted_at IS NOT NULL"


def _with_deleted() -> list[str]:
    """Return the tables whose rows can have a tombstone; tables that refer to others come first."""
    columns = table_info.columns()
    return [table for table in reversed(table_info.TABLES) if "deleted_at" in columns[table]]


def _delete(db: Database, scope: Scope) -> None:
    for table in table_info.LOCAL_TABLES:
        db.execute(f"DELETE FROM {table}")
    if scope is Scope.OLD:
        for table in _with_deleted():
            db.execute(f"DELETE FROM {table} WHERE {_DELETED}")
        return
    for table in reversed(table_info.TABLES):
        if table != "meta":
            db.execute(f"DELETE FROM {table}")
    # What describes the file and not the user stays: its version, and that it is a demo.
    kept = sorted(table_info.INTERNAL_META - {"last_import", "tapped_pain"})
    db.execute(f"DELETE FROM meta WHERE key NOT IN ({','.join('?' * len(kept))})", kept)


def _fill_with_zeros(db: Database, path: Path) -> None:
    """Overwrite the free pages of the file and the write-ahead log, which hold old bytes."""
    _checkpoint(db, path, "RESTART")
    # For an encrypted file, SQLCipher returns the page size as text.
    pages, size = (
        int(db.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("freelist_count", "page_size")
    )
    log = sqlcipher.log_of(path).stat().st_size
    db.execute("DROP TABLE IF EXISTS padding")
    # After RESTART, the log is written from its beginning, and grows no longer than it is.
    db.execute(f"CREATE TABLE padding AS SELECT zeroblob({max(pages * size, log)}) AS zeros")
    _checkpoint(db, path, "RESTART")
    db.execute("DROP TABLE padding")
    _checkpoint(db, path)


def _checkpoint(db: Database, path: Path, mode: str = "TRUNCATE") -> None:
    """Move the content of the write-ahead log into the file. Raises StoreError (LOCKED)."""
    busy = db.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()[0]
    if busy:
        raise StoreError(StoreProblem.LOCKED, path, "a reader is in the way")
