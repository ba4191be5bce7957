"""Backups of the database: one a day, kept for seven days and six months, and restored."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from operator import itemgetter
from pathlib import Path

from holdwell.domain.models import Moment
from holdwell.store import history, sqlcipher, table_info
from holdwell.store.database import (
    BACKUP_FOLDER,
    StoreDatabase,
    connect,
    is_blank,
    looks_damaged,
    migrate_copy,
    quarantine_linked,
    unused_path,
    writing,
)
from holdwell.store.errors import StoreError, StoreProblem, translating, translating_os_errors
from holdwell.store.files import part_file, secure_delete, sync_folder, write_private
from holdwell.store.snapshot import CopyError, copy_database, is_intact
from holdwell.store.sqlcipher import DatabaseFile, Mode, read_salt

KEPT_DAYS = 7
KEPT_MONTHS = 6
_PREFIX = "holdwell-"


class Before(StrEnum):
    """What a copy of the whole database was saved before: the kinds of `before-*.db`."""

    RESTORE = "restore"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup that can be opened: its day, how many sessions and entries of all kinds it has,
    and until when."""

    path: Path
    day: date
    sessions: int
    entries: int
    until: date | None


def folder_of(database: Path) -> Path:
    """Return the folder of a database's backups."""
    return database.parent / BACKUP_FOLDER


def name_of(day: date) -> str:
    """Return the file name of a day's backup."""
    return f"{_PREFIX}{day.isoformat()}.db"


def _day_of(path: Path) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(path.stem.removeprefix(_PREFIX))
    return None


def days(database: Path) -> list[tuple[date, Path]]:
    """Return the daily backups by their names, newest first; none of them is opened."""
    found = [(_day_of(path), path) for path in folder_of(database).glob(f"{_PREFIX}*.db")]
    return sorted(((day, path) for day, path in found if day is not None), reverse=True)


def is_made(database: Path, today: date) -> bool:
    """Return whether there is a backup of today; a sync program may have left an empty file."""
    target = folder_of(database) / name_of(today)
    return target.exists() and not is_blank(target)


@contextmanager
def _connected(file: DatabaseFile) -> Iterator[sqlcipher.Connection]:
    """Open a file that is to be copied. Raises CopyError, also for what fails inside."""
    try:
        with closing(file.connect()) as conn:
            yield conn
    except (sqlcipher.Error, sqlcipher.EncryptedError) as error:
        raise CopyError(str(error)) from error


def make_daily(file: DatabaseFile, today: date) -> Path | None:
    """Make today's backup; None if it is there, or nothing is to be backed up. Raises CopyError."""
    target = folder_of(file.path) / name_of(today)
    if is_made(file.path, today) or not file.path.exists():
        return None
    with _connected(file) as source:
        if not table_info.is_used(source):
            return None
        copy_database(source, target)
    return target


def to_keep(known: Sequence[date], today: date) -> set[date]:
    """Return which days' backups to keep: the newest seven, and the newest of each of six months.

    Counted among the backups there are, so that a long pause deletes none. Those of days to come
    were made by a wrong clock, or the clock is wrong today: they stay, and none goes for them.
    """
    newest_first = sorted((day for day in set(known) if day <= today), reverse=True)
    months: dict[tuple[int, int], date] = {}
    for day in newest_first:
        months.setdefault((day.year, day.month), day)
    to_come = {day for day in known if day > today}
    return {*newest_first[:KEPT_DAYS], *list(months.values())[:KEPT_MONTHS], *to_come}


def prune(database: Path, today: date) -> None:
    """Overwrite and delete the daily backups that are no longer to be kept."""
    known = days(database)
    kept = to_keep([day for day, _ in known], today)
    for day, path in known:
        if day not in kept:
            secure_delete(path)


def describe(file: DatabaseFile) -> Backup | None:
    """Open a backup and return what is in it; None if it is damaged or is not one of ours."""
    # A link may lead nowhere, and another program may have such tables too.
    with suppress(OSError, ValueError, TypeError, sqlcipher.Error, sqlcipher.EncryptedError):
        day = _day_of(file.path) or date.fromtimestamp(file.path.stat().st_mtime)
        with closing(file.connect(Mode.READ)) as conn:
            db = StoreDatabase(conn)
            if is_intact(conn) and set(db.table_names()).issuperset(table_info.columns(1)):
                return Backup(file.path, day, *history.totals(db))
    return None


def good_backups(file: DatabaseFile) -> list[Backup]:
    """Return every daily backup that is sound, newest first."""
    return [good for _, path in days(file.path) if (good := describe(file.at(path)))]


def newest_good(file: DatabaseFile, today: date) -> Backup | None:
    """Return the newest daily backup that is sound. One of a day to come, only if it is alone: a
    wrong clock made it, and what it holds may be old."""
    known = sorted(days(file.path), key=lambda one: (one[0] <= today, one[0]), reverse=True)
    return next((good for _, path in known if (good := describe(file.at(path)))), None)


def saved_copies(file: DatabaseFile) -> list[tuple[datetime, Backup]]:
    """Return the sound copies made before a restore, an import or an update, newest first, each
    with the time (UTC) at which it was made."""
    found = [
        (datetime.fromtimestamp(path.stat().st_mtime, UTC), copy)
        for path in folder_of(file.path).glob("before-*.db")
        if (copy := describe(file.at(path)))
    ]
    return sorted(found, key=itemgetter(0), reverse=True)


def save_copy(file: DatabaseFile, now: Moment, before: Before) -> Path:
    """Copy the database as it is; `retention` says how long the copy stays. Raises CopyError."""
    name = f"before-{before.value}-{now.utc.strftime('%Y%m%d-%H%M%S-%f')}.db"
    # An earlier copy of that name may be the one that is being restored.
    copy = unused_path(folder_of(file.path) / name)
    with _connected(file) as live:
        copy_database(live, copy)
    return copy


def encryption_mark(database: Path) -> Path:
    """Return the file that says that a database is encrypted: it holds the salt, no secret."""
    return database.with_name(f"{database.name}.encrypted")


def mark_encryption(database: Path, salt: bytes | None) -> None:
    """Write an encrypted database's salt beside it; None removes it. Raises OSError."""
    mark = encryption_mark(database)
    if salt is None:
        mark.unlink(missing_ok=True)
    elif not mark.exists() or mark.read_text(encoding="ascii") != salt.hex():
        write_private(mark, salt.hex().encode())


def is_known_encrypted(file: DatabaseFile) -> bool:
    """Return whether a database that cannot be read is intact and encrypted, not damaged: it has
    the salt that was noted when the passphrase was set, or that its backups have."""
    salt, mark = file.salt(), encryption_mark(file.path)
    return salt is not None and (
        (mark.exists() and mark.read_text(encoding="ascii") == salt.hex())
        or any(read_salt(path) == salt for path in folder_of(file.path).glob("*.db"))
    )


def restore(file: DatabaseFile, backup: Path, now: Moment) -> Path | None:
    """Put a backup in the database's place; return a copy of what was there, for an undo.

    In a database that can be read, all rows are exchanged in one transaction, and the copy is
    made within its write lock: an entry saved in another window is in the copy or in the database
    after. A damaged one goes into quarantine, untouched, in the moment in which the backup takes
    its place, and there is no copy (None). Raises StoreError or CopyError; then the database is
    as it was.
    """
    source = file.at(backup)
    # Another window may have erased it since it was shown.
    if not backup.exists() or describe(source) is None:
        raise StoreError(StoreProblem.DAMAGED, backup)
    if file.is_locked() and is_known_encrypted(file):
        raise StoreError(StoreProblem.ENCRYPTED, file.path)
    path = file.path.resolve()
    with translating_os_errors(path), part_file(path) as part:
        with _connected(source) as conn:
            copy_database(conn, part)
        migrate_copy(file.at(part))
        if not _is_usable(file):
            if path.exists():
                quarantine_linked(path)
            part.replace(path)
            sync_folder(path.parent)
            return None
        return _exchange_rows(file, part, now)


def _is_usable(file: DatabaseFile) -> bool:
    """Return whether a database opens as it should. Raises StoreError if that cannot be told."""
    if looks_damaged(file):
        return False
    try:
        connect(file).close()
    except StoreError as error:
        if error.problem in (StoreProblem.LOST, StoreProblem.DAMAGED, StoreProblem.ENCRYPTED):
            return False
        raise
    return True


def _exchange_rows(file: DatabaseFile, part: Path, now: Moment) -> Path:
    """Replace the rows of a database by those of `part`; return a copy of what was there."""
    with translating(file.path), closing(connect(file)) as db:
        if file.at(part).salt() != file.salt():
            raise CopyError("this backup has another passphrase than the database, or none")
        db.execute("PRAGMA foreign_keys=OFF")
        db.connection.attach(part, "backup", db.connection.key)
        with writing(db):
            copy = save_copy(file, now, Before.RESTORE)
            for table in db.table_names():
                db.execute(f'DELETE FROM main."{table}"')
                db.execute(f'INSERT INTO main."{table}" SELECT * FROM backup."{table}"')
    return copy
