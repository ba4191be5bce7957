"""Backups of the database: one a day, kept for seven days and six months, and restored."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

from holdwell.domain.models import Moment
from holdwell.store import sqlcipher
from holdwell.store.database import BACKUP_FOLDER, looks_damaged, quarantine
from holdwell.store.errors import StoreError, StoreProblem, translating
from holdwell.store.files import secure_delete
from holdwell.store.snapshot import CopyError, copy_database, is_sound
from holdwell.store.sqlcipher import DatabaseFile

KEPT_DAYS = 7
KEPT_MONTHS = 6
_PREFIX = "holdwell-"


class Before(StrEnum):
    """What a copy of the whole database was saved before: the kinds of `before-*.db`."""

    RESTORE = "restore"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup that can be opened: its day, how many sessions it has, and until when."""

    path: Path
    day: date
    sessions: int
    until: date | None


def folder_of(database: Path) -> Path:
    """Return the folder of a database's backups."""
    return database.parent / BACKUP_FOLDER


def name_of(day: date) -> str:
    """Return the file name of a day's backup."""
    return f"{_PREFIX}{day.isoformat()}.db"


def _day_of(path: Path) -> date | None:
    try:
        return date.fromisoformat(path.stem.removeprefix(_PREFIX))
    except ValueError:
        return None


def days(database: Path) -> list[tuple[date, Path]]:
    """Return the daily backups by their names, newest first; none of them is opened."""
    found = [(_day_of(path), path) for path in folder_of(database).glob(f"{_PREFIX}*.db")]
    return sorted(((day, path) for day, path in found if day is not None), reverse=True)


@contextmanager
def _connected(file: DatabaseFile) -> Iterator[sqlcipher.Connection]:
    """Open a file that is to be copied. Raises CopyError."""
    try:
        conn = file.connect()
    except (sqlcipher.Error, sqlcipher.EncryptedError) as error:
        raise CopyError(str(error)) from error
    with closing(conn):
        yield conn


def make_daily(file: DatabaseFile, today: date) -> Path | None:
    """Make today's backup if there is none yet and there is something to back up; then prune.

    Returns the new backup, or None. Raises CopyError; the database itself is never touched.
    """
    target = folder_of(file.path) / name_of(today)
    if target.exists() or not file.path.exists():
        return None
    with _connected(file) as source:
        try:
            is_used = source.execute(
                "SELECT EXISTS (SELECT 1 FROM session) OR EXISTS (SELECT 1 FROM cramp) "
                "OR EXISTS (SELECT 1 FROM pregnancy)"
            ).fetchone()[0]
        except sqlcipher.Error as error:
            raise CopyError(str(error)) from error
        if not is_used:
            return None
        copy_database(source, target)
    prune(file.path)
    return target


def to_keep(known: Sequence[date]) -> set[date]:
    """Return which days' backups to keep: the newest seven, and the newest of each of six months.

    Counted among the backups there are, so that a long pause deletes none.
    """
    newest_first = sorted(set(known), reverse=True)
    months: dict[tuple[int, int], date] = {}
    for day in newest_first:
        months.setdefault((day.year, day.month), day)
    return {*newest_first[:KEPT_DAYS], *list(months.values())[:KEPT_MONTHS]}


def prune(database: Path) -> None:
    """Delete the daily backups that are no longer to be kept."""
    known = days(database)
    kept = to_keep([day for day, _ in known])
    for day, path in known:
        if day not in kept:
            secure_delete(path)


def describe(file: DatabaseFile) -> Backup | None:
    """Open a backup and return what is in it; None if it is damaged or is not one of ours."""
    day = _day_of(file.path) or date.fromtimestamp(file.path.stat().st_mtime)
    if not is_sound(file):
        return None
    try:
        with closing(file.connect(readonly=True)) as conn:
            count, until = conn.execute(
                "SELECT count(*), max(local_day) FROM session "
                "WHERE deleted_at IS NULL AND state <> 'open'"
            ).fetchone()
    except (sqlcipher.Error, sqlcipher.EncryptedError):
        return None
    return Backup(file.path, day, count, date.fromisoformat(until) if until else None)


def good_backups(file: DatabaseFile) -> list[Backup]:
    """Return every daily backup that is sound, newest first."""
    return list(_good_backups(file))


def newest_good(file: DatabaseFile) -> Backup | None:
    """Return the newest daily backup that is sound."""
    return next(_good_backups(file), None)


def _good_backups(file: DatabaseFile) -> Iterator[Backup]:
    """Open the daily backups one by one, newest first; yield those that are sound."""
    for _, path in days(file.path):
        if (backup := describe(file.at(path))) is not None:
            yield backup


def saved_copies(file: DatabaseFile) -> list[tuple[datetime, Backup]]:
    """Return the sound copies made before a restore, an import or an update, newest first.

    Each with the time (UTC) at which it was made.
    """
    found = [
        (datetime.fromtimestamp(path.stat().st_mtime, UTC), copy)
        for path in folder_of(file.path).glob("before-*.db")
        if (copy := describe(file.at(path))) is not None
    ]
    return sorted(found, key=lambda copy: copy[0], reverse=True)


def save_copy(file: DatabaseFile, now: Moment, before: Before) -> Path:
    """Copy the database as it is, before something changes much of it. Raises CopyError.

    `retention` says how long such a copy stays.
    """
    copy = _copy_path(file.path, now, before)
    with _connected(file) as live:
        copy_database(live, copy)
    return copy


def _copy_path(database: Path, now: Moment, before: Before) -> Path:
    """Return a name that no copy has yet: an earlier one may be the one being restored."""
    stem = f"before-{before.value}-{now.utc.strftime('%Y%m%d-%H%M%S-%f')}"
    copy = folder_of(database) / f"{stem}.db"
    number = 1
    while copy.exists():
        number += 1
        copy = copy.with_name(f"{stem}-{number}.db")
    return copy


def restore(file: DatabaseFile, backup: Path, now: Moment) -> Path | None:
    """Put a backup in the database's place; return a copy of what was there, for an undo.

    A database that can be read is copied first and then overwritten through SQLite, so that other
    windows see the change as one transaction. A damaged one, or one that looks encrypted and has
    no key, goes into quarantine untouched, and there is no copy (None). Raises StoreError or
    CopyError; then the database is as it was.
    """
    database = file.path
    if not is_sound(file.at(backup)):
        raise StoreError(StoreProblem.DAMAGED, backup)
    if not database.exists() or looks_damaged(file) or file.is_locked():
        if database.exists():
            quarantine(database)
        with _connected(file.at(backup)) as source:
            copy_database(source, database)
        return None
    copies: list[Path] = []

    def keep_once(status: int, _remaining: int, _total: int) -> None:
        # From its first page on SQLite keeps other windows from writing: so what they saved before
        # is in this copy, and nothing can be saved between the copy and the restore.
        if status == sqlite3.SQLITE_OK and not copies:
            copies.append(save_copy(file, now, Before.RESTORE))

    with (
        translating(database),
        closing(file.connect()) as live,
        closing(file.at(backup).connect(readonly=True)) as source,
    ):
        if source.key != live.key:
            raise CopyError("this backup has another passphrase than the database, or none")
        source.backup(live, pages=1, progress=keep_once)
        live.execute("PRAGMA journal_mode=WAL")
    return copies[0]
