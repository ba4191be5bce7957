"""Emptying the record for good: rows, backups and kept copies, and the bytes they were made of.

Deleting is a tombstone and can be undone; this cannot. What no program can promise is said on the
page: copies elsewhere, and what a file system or a disk keeps of overwritten blocks.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from sqlite_utils import Database

from holdwell.backup import daily
from holdwell.store import database as schema
from holdwell.store import table_info
from holdwell.store.database import StoreError, StoreProblem
from holdwell.store.secure_delete import destroy
from holdwell.store.snapshot import copy_database


class Choice(StrEnum):
    """OLD is what she deleted and how entries were before; EVERYTHING is the whole record."""

    OLD = "old"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Going:
    """What would go, in numbers, for the page that asks.

    `deleted` and `versions` are rows with a tombstone and written-down changes; `files` are the
    backups, kept copies, damaged records set aside and logs in the data folder.
    """

    sessions: int
    deleted: int
    versions: int
    files: int


def going(database: Path, logs: Sequence[Path]) -> Going:
    """Count what emptying would take. Raises StoreError."""
    with schema.translating(database), closing(schema.connect(database)) as db:
        deleted = sum(_number(db, f"SELECT count(*) FROM {t} WHERE {_GONE}") for t in _tombed(db))
        return Going(
            sessions=_number(db, "SELECT count(*) FROM session WHERE deleted_at IS NULL"),
            deleted=deleted,
            versions=_number(db, "SELECT count(*) FROM change"),
            files=len(files(database, logs)),
        )


def is_empty(database: Path) -> bool:
    """Whether a record has nothing of hers, nor anything beside it. Raises StoreError."""
    if files(database, []):
        return False
    with schema.translating(database), closing(schema.connect(database)) as db:
        return not any(_number(db, f"SELECT count(*) FROM {table}") for table in _KEPT)


def remove_record(database: Path) -> bool:
    """Remove the folder of an empty record with all that is in it; whether it was still empty.

    Raises StoreError, OSError.
    """
    with schema.translating(database), closing(schema.connect(database)) as db:
        # While this lasts nobody can write into it; whoever waits to is told that it is gone.
        db.execute("BEGIN IMMEDIATE")
        if not is_empty(database):
            return False
        folder = database.parent
        for path in folder.rglob("*"):
            if path.is_symlink() or path.is_file():
                destroy(path)
    shutil.rmtree(folder)
    return True


_KEPT = ("session", "cramp", "pregnancy", "check_in", "routine", "change")
"""The tables in which something may stand that she made."""


def files(database: Path, logs: Sequence[Path]) -> list[Path]:
    """Every file beside the record that the app made and that may hold her words."""
    folder = daily.folder_of(database)
    aside = f"{database.stem}.damaged-*{database.suffix}*"
    found = {
        *(path for path in folder.glob("*.db*")),
        *database.parent.glob(aside),
        *database.parent.glob(f"{database.name}.*.part*"),
        *(path for folder in _locked(database) for path in folder.rglob("*")),
        *(path for path in logs if path.exists()),
    }
    return sorted(path for path in found if path.is_file())


def _locked(database: Path) -> list[Path]:
    """The folders of earlier records that were set aside locked (`sealing.set_aside`)."""
    return [path for path in database.parent.glob(f"{database.stem}.locked-*") if path.is_dir()]


def empty(database: Path, choice: Choice, today: date, logs: Sequence[Path] = ()) -> list[Path]:
    """Empty the record for good; return the files that could not be removed.

    First the rows, their bytes and the write-ahead log, then the files. An earlier backup is an
    earlier version of everything, so both choices take them all; after OLD there is one new
    backup of the record as it is now. Safe to repeat, and to be repeated after an error.
    Raises StoreError (LOCKED while another window is in the middle of reading), CopyError.
    """
    with schema.translating(database), closing(schema.connect(database)) as db:
        # Zeros over what is deleted, and no temporary file with her words in another folder.
        db.execute("PRAGMA secure_delete=ON")
        db.execute("PRAGMA temp_store=MEMORY")
        with schema.writing(db):
            _delete(db, choice)
        # The zeros reach the file before it shrinks, so that what is cut off is blank too.
        _settle(db, database)
        db.execute("VACUUM")
        _settle(db, database)
        fresh = None
        if choice is Choice.OLD:
            fresh = daily.folder_of(database) / f"{daily.name_of(today)}.new"
            copy_database(db.connection, fresh)
    left = [path for path in files(database, logs) if path != fresh and not destroy(path)]
    for folder in _locked(database):
        if not any(path.is_file() for path in folder.rglob("*")):
            shutil.rmtree(folder)
    if fresh is not None:
        fresh.replace(fresh.with_suffix(""))
    return left


_GONE = "deleted_at IS NOT NULL"


def _tombed(db: Database) -> list[str]:
    """The tables whose rows can carry a tombstone, those that point to others first."""
    return [
        table
        for table in reversed(table_info.TABLES)
        if any(column.name == "deleted_at" for column in db.table(table).columns)
    ]


def _delete(db: Database, choice: Choice) -> None:
    for table in table_info.LOCAL_TABLES:
        db.execute(f"DELETE FROM {table}")
    if choice is Choice.OLD:
        for table in _tombed(db):
            db.execute(f"DELETE FROM {table} WHERE {_GONE}")
        return
    for table in reversed(table_info.TABLES):
        if table != "meta":
            db.execute(f"DELETE FROM {table}")
    # What says something about the file and not about her: its version, and that it is an example.
    marks = ",".join("?" * len(table_info.INTERNAL_META))
    db.execute(f"DELETE FROM meta WHERE key NOT IN ({marks})", sorted(table_info.INTERNAL_META))


def _settle(db: Database, database: Path) -> None:
    """Bring the write-ahead log into the file, and leave it empty."""
    busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise StoreError(StoreProblem.LOCKED, database, "a reader is in the way")


def _number(db: Database, sql: str) -> int:
    return int(db.execute(sql).fetchone()[0])
