"""Backups of the record: one a day, kept for seven days and six months, and brought back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

from holdwell.domain.models import Moment
from holdwell.store import database as schema
from holdwell.store import sqlcipher
from holdwell.store.database import StoreError, StoreProblem
from holdwell.store.snapshot import CopyError, copy_database, is_sound

FOLDER = "backups"
KEPT_DAYS = 7
KEPT_MONTHS = 6
_PREFIX = "holdwell-"


class Before(StrEnum):
    """Before what a copy of the whole record was kept: the kinds of `before-*.db`."""

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
    """Where the backups of a database lie."""
    return database.parent / FOLDER


def name_of(day: date) -> str:
    """What the backup of a day is called."""
    return f"{_PREFIX}{day.isoformat()}.db"


def _day_of(path: Path) -> date | None:
    try:
        return date.fromisoformat(path.stem.removeprefix(_PREFIX))
    except ValueError:
        return None


def days(database: Path) -> list[tuple[date, Path]]:
    """The daily backups by their names, newest first; none of them is opened."""
    found = [(_day_of(path), path) for path in folder_of(database).glob(f"{_PREFIX}*.db")]
    return sorted(((day, path) for day, path in found if day is not None), reverse=True)


@contextmanager
def _open(path: Path) -> Iterator[sqlcipher.Connection]:
    """Open a file that is to be copied. Raises CopyError."""
    try:
        conn = sqlcipher.connect(path)
    except (sqlcipher.Error, sqlcipher.SealedError) as error:
        raise CopyError(str(error)) from error
    with closing(conn):
        yield conn


def make_daily(database: Path, today: date) -> Path | None:
    """Make today's backup if there is none yet and there is something to keep; then tidy up.

    Returns the new backup, or None. Raises CopyError; the record itself is never touched.
    """
    target = folder_of(database) / name_of(today)
    if target.exists() or not database.exists():
        return None
    with _open(database) as source:
        try:
            something = source.execute(
                "SELECT EXISTS (SELECT 1 FROM session) OR EXISTS (SELECT 1 FROM cramp) "
                "OR EXISTS (SELECT 1 FROM pregnancy)"
            ).fetchone()[0]
        except sqlcipher.Error as error:
            raise CopyError(str(error)) from error
        if not something:
            return None
        copy_database(source, target)
    tidy(database)
    return target


def to_keep(known: Sequence[date]) -> set[date]:
    """Which days' backups to keep: the newest seven, and the newest of each of six months.

    Counted among the backups there are, so that a long pause throws nothing away.
    """
    newest_first = sorted(set(known), reverse=True)
    months: dict[tuple[int, int], date] = {}
    for day in newest_first:
        months.setdefault((day.year, day.month), day)
    return {*newest_first[:KEPT_DAYS], *list(months.values())[:KEPT_MONTHS]}


def tidy(database: Path) -> None:
    """Take away daily backups that are no longer to be kept."""
    known = days(database)
    kept = to_keep([day for day, _ in known])
    for day, path in known:
        if day not in kept:
            path.unlink(missing_ok=True)


def describe(path: Path) -> Backup | None:
    """Open a backup and say what is in it; None if it is damaged or is not one of ours."""
    day = _day_of(path) or date.fromtimestamp(path.stat().st_mtime)
    if not is_sound(path):
        return None
    try:
        with closing(sqlcipher.connect(path, readonly=True)) as conn:
            count, until = conn.execute(
                "SELECT count(*), max(local_day) FROM session "
                "WHERE deleted_at IS NULL AND state <> 'open'"
            ).fetchone()
    except (sqlcipher.Error, sqlcipher.SealedError):
        return None
    return Backup(path, day, count, date.fromisoformat(until) if until else None)


def all_of(database: Path) -> list[Backup]:
    """Every daily backup that can be opened, newest first."""
    return [found for _, path in days(database) if (found := describe(path)) is not None]


def kept_copies(database: Path) -> list[tuple[datetime, Backup]]:
    """The copies kept before a restore, an import or an update that can be opened, newest first.

    Each with the time (UTC) at which it was made.
    """
    found = [
        (datetime.fromtimestamp(path.stat().st_mtime, UTC), one)
        for path in folder_of(database).glob("before-*.db")
        if (one := describe(path)) is not None
    ]
    return sorted(found, key=lambda copy: copy[0], reverse=True)


def newest_good(database: Path) -> Backup | None:
    """The newest daily backup that can be opened."""
    for _, path in days(database):
        found = describe(path)
        if found is not None:
            return found
    return None


def keep(database: Path, now: Moment, before: Before) -> Path:
    """Copy the record as it is, before something changes much of it. Raises CopyError.

    How long such a copy stays is said in `sweep`.
    """
    stamp = now.utc.strftime("%Y%m%d-%H%M%S-%f")
    kept = folder_of(database) / f"before-{before.value}-{stamp}.db"
    # Never over an earlier copy, which may be the one that is being brought back.
    number = 1
    while kept.exists():
        number += 1
        kept = kept.with_name(f"before-{before.value}-{stamp}-{number}.db")
    with _open(database) as live:
        copy_database(live, kept)
    return kept


def _is_sealed(database: Path) -> bool:
    """Whether it is encrypted without its key at hand: so is one whose first bytes are damaged."""
    salt = sqlcipher.sealed_salt(database)
    return salt is not None and sqlcipher.keyring.get(salt) is None


def restore(database: Path, backup: Path, now: Moment) -> Path | None:
    """Put a backup in the place of the record; return a copy of what was there, for an undo.

    A record that can be read is copied first and then overwritten through SQLite, so that other
    windows see the change as one transaction. A damaged one, or one that looks encrypted and has
    no key, is set aside untouched, and there is no copy (None). Raises StoreError or CopyError;
    then the record is as it was.
    """
    if not is_sound(backup):
        raise StoreError(StoreProblem.DAMAGED, backup)
    if not database.exists() or schema.looks_damaged(database) or _is_sealed(database):
        if database.exists():
            schema.set_aside(database)
        with _open(backup) as source:
            copy_database(source, database)
        return None
    kept = keep(database, now, Before.RESTORE)
    with (
        schema.translating(database),
        closing(sqlcipher.connect(database)) as live,
        closing(sqlcipher.connect(backup, readonly=True)) as source,
    ):
        if source.key != live.key:
            raise CopyError("this backup has another passphrase than the record, or none")
        source.backup(live)
        live.execute("PRAGMA journal_mode=WAL")
    return kept
