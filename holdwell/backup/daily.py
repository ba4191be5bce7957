"""Daily backups of the database: making, keeping (seven days, six months) and restoring them."""

import os
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path

from holdwell.domain.models import Moment
from holdwell.i18n.formats import day_text
from holdwell.i18n.messages import counted, say
from holdwell.store import database, history, sqlcipher, table_info
from holdwell.store.errors import StoreError, StoreProblem, translating, translating_os_errors
from holdwell.store.files import part_file, secure_delete, sync_folder, write_private
from holdwell.store.snapshot import CopyError, copy_database, is_intact
from holdwell.store.sqlcipher import DatabaseFile, Mode, read_salt

KEPT_DAYS = 7
KEPT_MONTHS = 6
_PREFIX = "holdwell-"
STAMP = "%Y%m%d-%H%M%S-%f"
"""The time (UTC) in the name of a copy."""


class Before(StrEnum):
    """The kinds of copies `before-*.db`: what each was made before."""

    RESTORE = "restore"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that can be opened: its day, the number of its sessions and of its entries of all
    kinds, and the day of the last entry."""

    path: Path
    day: date
    sessions: int
    entries: int
    until: date | None


def contents_text(backup: Backup, write: Callable[[date], str] = day_text) -> str:
    """Write how many entries a backup has and, if any, the day of the last."""
    entries = counted("entries", backup.entries)
    if backup.until is None:
        return entries
    return say("record.backup_contents", entries=entries, until=write(backup.until))


def folder_of(path: Path) -> Path:
    """Return the folder of a database's backups."""
    return path.parent / database.BACKUP_FOLDER


def name_of(day: date) -> str:
    """Return the file name of a day's backup."""
    return f"{_PREFIX}{day.isoformat()}.db"


def _day_of(path: Path) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(path.stem.removeprefix(_PREFIX))
    return None


def days(path: Path) -> list[tuple[date, Path]]:
    """Return the daily backups of a database, newest first, by their names alone."""
    backups = [(_day_of(backup), backup) for backup in folder_of(path).glob(f"{_PREFIX}*.db")]
    return sorted(((day, backup) for day, backup in backups if day is not None), reverse=True)


def is_made(path: Path, today: date) -> bool:
    """Return whether today's backup exists. An empty file, as sync programs leave, is none, and
    neither is one that a wrong clock made on an earlier day."""
    target = folder_of(path) / name_of(today)
    if not target.exists() or database.is_blank(target):
        return False
    # The time zone of the browser may be another one than that of this computer.
    return _known_since(target) >= today - timedelta(days=1)


def _known_since(path: Path) -> date:
    """Return the day on which a backup was made or first seen; for a broken link `date.min`."""
    with suppress(OSError, ValueError, OverflowError):
        return date.fromtimestamp(path.stat().st_mtime)
    return date.min


def note_future(path: Path, now: Moment) -> None:
    """Set the time of each backup of a future day to now, unless that was done before.

    The clock was wrong when it was made, or is wrong now. When its day comes, its time tells that
    its content is older. Some file systems let only the owner of a file do this.
    """
    today, noted = now.local.date(), now.utc.timestamp()
    for day, backup in days(path):
        if day > today and _known_since(backup) > today:
            with suppress(OSError):
                os.utime(backup, (noted, noted))


def make_daily(file: DatabaseFile, today: date) -> Path | None:
    """Make today's backup; None if it exists or the database is not in use. Raises CopyError."""
    target = folder_of(file.path) / name_of(today)
    if is_made(file.path, today) or not file.path.exists():
        return None
    try:
        with closing(file.connect()) as conn:
            if not table_info.is_used(conn):
                return None
    except (sqlcipher.Error, sqlcipher.EncryptedError) as error:
        raise CopyError(str(error)) from error
    copy_database(file, target)
    return target


def to_keep(known: Sequence[date], today: date) -> set[date]:
    """Return which days' backups to keep: the newest seven, and the newest of each of six months.

    Only days with a backup are counted, so that a long pause deletes nothing. A backup of a future
    day shows that the clock was wrong then, or is wrong now: those of each future year are counted
    by themselves, and the newest of each of its months is kept.
    """
    newest_first = sorted(set(known), reverse=True)
    past = [day for day in newest_first if day <= today]
    kept = {*past[:KEPT_DAYS], *_newest_of_months(past)[:KEPT_MONTHS]}
    for _, days in groupby((day for day in newest_first if day > today), attrgetter("year")):
        of_year = list(days)
        kept |= {*of_year[:KEPT_DAYS], *_newest_of_months(of_year)}
    return kept


def _newest_of_months(newest_first: Sequence[date]) -> list[date]:
    return [next(days) for _, days in groupby(newest_first, attrgetter("year", "month"))]


def prune(path: Path, today: date) -> None:
    """Overwrite and delete the daily backups that need not be kept."""
    backups = days(path)
    kept = to_keep([day for day, _ in backups], today)
    for day, backup in backups:
        if day not in kept:
            secure_delete(backup)


def describe(file: DatabaseFile) -> Backup | None:
    """Return what a backup holds; None if it is damaged or was not made by Holdwell."""
    # The link may be broken, and another program may have tables of these names.
    with suppress(OSError, ValueError, TypeError, sqlcipher.Error, sqlcipher.EncryptedError):
        day = _day_of(file.path) or date.fromtimestamp(file.path.stat().st_mtime)
        with closing(file.connect(Mode.READ)) as conn:
            db = database.StoreDatabase(conn)
            if is_intact(conn) and set(db.table_names()).issuperset(table_info.columns(1)):
                return Backup(file.path, day, *history.totals(db))
    return None


def good_backups(file: DatabaseFile) -> list[Backup]:
    """Return every intact daily backup, newest first."""
    return [good for _, path in days(file.path) if (good := describe(file.at(path)))]


def newest_good(file: DatabaseFile, today: date) -> Backup | None:
    """Return the newest intact daily backup. One of a future day is the last choice: a wrong clock
    made it, and its content may be old."""

    def order(dated: tuple[date, Path]) -> tuple[bool, date, bool, date]:
        day, path = dated
        since = min(day, _known_since(path))
        return day <= today, since, day == since, day

    newest_first = sorted(days(file.path), key=order, reverse=True)
    return next((good for _, path in newest_first if (good := describe(file.at(path)))), None)


def saved_copies(file: DatabaseFile) -> list[tuple[datetime, Backup]]:
    """Return the intact copies made before a restore, an import or an update, newest first, each
    with the time (UTC) at which it was made."""
    copies = [
        (datetime.fromtimestamp(path.stat().st_mtime, UTC), copy)
        for path in folder_of(file.path).glob("before-*.db")
        if (copy := describe(file.at(path)))
    ]
    return sorted(copies, key=itemgetter(0), reverse=True)


def save_copy(file: DatabaseFile, now: Moment, before: Before) -> Path:
    """Copy the database as it is; `retention` decides how long to keep it. Raises CopyError."""
    name = f"before-{before.value}-{now.utc.strftime(STAMP)}.db"
    # An earlier copy with that name may be the one that is being restored.
    copy = database.unused_path(folder_of(file.path) / name)
    copy_database(file, copy)
    return copy


def encryption_mark(path: Path) -> Path:
    """Return the file that marks a database as encrypted. It holds the salt, which is no secret."""
    return path.with_name(f"{path.name}.encrypted")


def mark_encryption(path: Path, salt: bytes | None) -> None:
    """Write an encrypted database's salt beside it; None removes the mark. Raises OSError."""
    mark = encryption_mark(path)
    if salt is None:
        mark.unlink(missing_ok=True)
    elif not mark.exists() or mark.read_text(encoding="ascii") != salt.hex():
        write_private(mark, salt.hex().encode())


def is_known_encrypted(file: DatabaseFile) -> bool:
    """Return whether a database that cannot be read is encrypted and not damaged: its salt is the
    one noted when the passphrase was set, or that of its backups."""
    salt = file.salt()
    mark = encryption_mark(file.path)
    return salt is not None and (
        (mark.exists() and mark.read_text(encoding="ascii") == salt.hex())
        or any(read_salt(path) == salt for path in folder_of(file.path).glob("*.db"))
    )


def restore(file: DatabaseFile, backup: Path, now: Moment) -> Path | None:
    """Replace the database's content by a backup; return a copy of the old content, for an undo.

    If the database can be read, all rows are exchanged in one transaction. The copy is made inside
    its write lock, so an entry that another window saves is either in the copy or in the restored
    database. A damaged database is quarantined unchanged at the moment when the backup takes its
    place, and no copy is made (None). Raises StoreError or CopyError; then nothing has changed.
    """
    source = file.at(backup)
    # Another window may have erased the backup since it was shown.
    if not backup.exists() or describe(source) is None:
        raise StoreError(StoreProblem.DAMAGED, backup)
    if file.is_locked() and is_known_encrypted(file):
        raise StoreError(StoreProblem.ENCRYPTED, file.path)
    path = file.path.resolve()
    with translating_os_errors(path), part_file(path) as part:
        copy_database(source, part)
        database.migrate_copy(file.at(part))
        if not _is_usable(file):
            if path.exists():
                database.quarantine_linked(path)
            part.replace(path)
            sync_folder(path.parent)
            return None
        return _exchange_rows(file, part, now)


def _is_usable(file: DatabaseFile) -> bool:
    """Return whether a database opens normally. Raises StoreError if that cannot be tried now."""
    if database.looks_damaged(file):
        return False
    try:
        database.connect(file).close()
    except StoreError as error:
        if error.problem in (StoreProblem.LOST, StoreProblem.DAMAGED, StoreProblem.ENCRYPTED):
            return False
        raise
    return True


def _exchange_rows(file: DatabaseFile, part: Path, now: Moment) -> Path:
    """Replace the rows of a database by those of `part`; return a copy of the old ones."""
    with translating(file.path), closing(database.connect(file)) as db:
        if file.at(part).salt() != file.salt():
            raise CopyError("this backup has another passphrase than the database, or none")
        db.execute("PRAGMA foreign_keys=OFF")
        db.conn.attach(part, "backup", db.conn.key)
        with database.writing(db):
            copy = save_copy(file, now, Before.RESTORE)
            # Not those in the file: an interrupted erase leaves one of its own.
            for table in (*table_info.TABLES, *table_info.LOCAL_TABLES):
                db.execute(f'DELETE FROM main."{table}"')
                db.execute(f'INSERT INTO main."{table}" SELECT * FROM backup."{table}"')
    return copy
