"""Opening the database file: its pragmas, its write transactions and its numbered migrations.

WAL, foreign keys and synchronous=FULL are set for every connection
(https://www.sqlite.org/pragma.html). sqlite-utils' `Migrations` does not fit: it records the names
of applied migrations in a table of its own, so there is no version by which to refuse a file from a
newer Holdwell. Its `atomic` begins a DEFERRED transaction, which cannot wait for another writer;
`writing` can.
"""

import glob
import stat
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from holdwell.store import files, migrations, sqlcipher
from holdwell.store.errors import (
    StoreError,
    StoreProblem,
    classify,
    translating,
    translating_os_errors,
)
from holdwell.store.snapshot import CopyError, copy_database
from holdwell.store.sqlcipher import DatabaseFile, Mode
from holdwell.store.sqlite import Database

BACKUP_FOLDER = "backups"
ERROR_LOG = "holdwell-errors.log"
"""The name of the log of failed pages, which lies beside the database."""
DAMAGED, UNFINISHED = ".damaged-*", "{suffix}.*.part*"
SCHEMA_VERSION = len(migrations.MIGRATIONS)


class StoreDatabase(Database):
    """sqlite-utils' Database on one of our own connections."""

    conn: sqlcipher.Connection

    def __init__(self, conn: sqlcipher.Connection) -> None:
        super().__init__(conn, recursive_triggers=False, execute_plugins=False)

    @property
    def supports_on_conflict(self) -> bool:
        """Our SQLite does; sqlite-utils would find out by creating a table in the file."""
        return True


def connect(file: DatabaseFile, *, is_new: bool = False) -> StoreDatabase:
    """Open the database and migrate it; create it if there never was one, or if `is_new`.

    If it can only be read, it is opened for reading, and a write raises. Raises StoreError: LOST
    for a database that is missing or empty although it has backups; NEWER, before anything is
    written, for a file from a newer version.
    """
    path = file.path.absolute()
    file = file.at(path)
    with translating_os_errors(path):
        _prepare(file, is_new=is_new)
    with translating(path):
        conn = _connect_or_read(file)
        try:
            db = StoreDatabase(conn)
            version = schema_version(db, path)
            if version == 0 and not is_new and _has_backups(path):
                raise StoreError(StoreProblem.LOST, path)
            conn.execute("PRAGMA foreign_keys=ON")
            conn.execute("PRAGMA synchronous=FULL")
            # Deleted content is overwritten with zeros, so that no old bytes stay in free pages.
            conn.execute("PRAGMA secure_delete=ON")
            if conn.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                # SQLite itself never waits for this: two connections might wait for each other.
                conn.execute_when_free("PRAGMA journal_mode=WAL")
            if version < SCHEMA_VERSION:
                _migrate(db, file, keep_copy=True)
            file.keyring.opened.add(path)
            return db
        except BaseException as error:
            is_replaced = path.exists() and not conn.is_in_place()
            conn.close()
            if is_replaced and isinstance(error, StoreError | sqlcipher.Error):
                raise StoreError(StoreProblem.LOCKED, path, "the file was replaced") from error
            raise


def _prepare(file: DatabaseFile, *, is_new: bool) -> None:
    """Create the file unless it exists. Raises StoreError (LOST), OSError."""
    path = file.path
    if not is_new and is_lost(path):
        raise StoreError(StoreProblem.LOST, path)
    if path.is_symlink() and not path.exists():
        raise FileNotFoundError(f"{path} leads to a file that is missing")
    if path in file.keyring.opened and not (is_new or path.exists()):
        # Its disk may have been removed: a new file in its place, perhaps in the empty folder at
        # which the disk was mounted, would hide that.
        raise FileNotFoundError(f"{path} was there before")
    files.make_private_folder(path.parent)
    # Created with the right mode: changing the umask would affect the whole process.
    if not path.exists():
        path.touch(files.MODE)
    _make_writable_again(path)


def create_new(file: DatabaseFile) -> Path:
    """Create an empty database in place of one that is lost or damaged. Raises StoreError, OSError.

    Returns the path in quarantine to which the old file, if there is one, is moved.
    """
    path = file.path.resolve()
    kept = quarantine_path(path, "damaged")
    if path.exists():
        rename_with_logs(path, kept)
    connect(file.at(path), is_new=True).close()
    return kept


def is_lost(path: Path) -> bool:
    """Return whether the database is missing or empty although there are backups of it."""
    if path.exists():
        return is_blank(path) and _has_backups(path)
    # A broken link means that the disk with the database is not connected.
    return not path.is_symlink() and _has_backups(path)


def _has_backups(path: Path) -> bool:
    folder = path.parent / BACKUP_FOLDER
    return any(file.is_file() and not is_blank(file) for file in folder.glob("*.db"))


def is_blank(path: Path) -> bool:
    """Return whether a file is empty. SQLite treats a file of one byte as an empty database too."""
    return path.is_file() and path.stat().st_size <= 1


def _make_writable_again(path: Path) -> None:
    """Make the log and its index writable again if the database is.

    SQLite creates them with the mode that the database has at that moment, and never changes it:
    if the database was read-only then, no later connection could write to them or remove them.
    """
    mode = path.stat().st_mode
    for beside in sqlcipher.side_files(path):
        # Another connection may remove the file meanwhile, or it belongs to another account.
        with suppress(OSError):
            if mode & ~beside.stat().st_mode & stat.S_IWUSR:
                beside.chmod(stat.S_IMODE(mode))


def _connect_or_read(file: DatabaseFile) -> sqlcipher.Connection:
    """Connect; on a full disk or in a read-only folder, at least for reading."""
    try:
        return file.connect()
    except sqlcipher.OperationalError as error:
        trouble = classify(error, file.path)
        if trouble is None or trouble.problem not in _READING_MODES:
            raise
        log = sqlcipher.log_of(file.path)
        mode = _READING_MODES[trouble.problem]
        if mode is Mode.IMMUTABLE and log.exists() and log.stat().st_size:
            raise  # The log has entries that this mode would ignore.
        return file.connect(mode)


_READING_MODES = {StoreProblem.FULL: Mode.ALONE, StoreProblem.READ_ONLY: Mode.IMMUTABLE}


def _copy_before_migration(file: DatabaseFile, version: int) -> None:
    """Copy a database of an earlier version into the folder of backups, before it is migrated.

    It is called inside the write lock, so that no other window migrates meanwhile. The lock does
    not stop a second connection from reading.
    """
    name = f"before-version-{version + 1}"
    target = unused_path(file.path.parent / BACKUP_FOLDER / f"{name}.db")
    try:
        copy_database(file, target)
    except CopyError as error:
        # If there is no room for a copy, there is none for the migration either.
        raise StoreError(StoreProblem.FULL, file.path, str(error)) from error


def unused_path(path: Path) -> Path:
    """Return the path or, if a file or a folder without its suffix has it, path-2, path-3, ..."""
    unused, number = path, 1
    while unused.exists() or unused.with_suffix("").exists():
        number += 1
        unused = path.with_stem(f"{path.stem}-{number}")
    return unused


def schema_version(db: Database, path: Path) -> int:
    """Return the schema version of a file, 0 for a new one.

    Raises StoreError: NEWER if this Holdwell is too old for the file, DAMAGED if another program
    made it.
    """
    # Checked first: another window may be creating the tables.
    if not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        return 0
    columns = "SELECT count(*) FROM pragma_table_info('meta') WHERE name IN ('key', 'value')"
    row = None
    if db.execute(columns).fetchone()[0] == 2:
        row = db.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
    if not row or not str(row[0]).isdecimal():
        raise StoreError(StoreProblem.DAMAGED, path, "another program made it")
    # Python refuses to read a number of thousands of digits; our versions have one or two.
    version = int(row[0]) if len(str(row[0])) < 10 else SCHEMA_VERSION + 1
    if version > SCHEMA_VERSION:
        raise StoreError(StoreProblem.NEWER, path, f"schema {version}")
    return version


def _migrate(db: StoreDatabase, file: DatabaseFile, *, keep_copy: bool) -> None:
    with writing(db):
        # Read again inside the lock: another window may have migrated in the meantime.
        version = schema_version(db, file.path)
        if keep_copy and 0 < version < SCHEMA_VERSION:
            _copy_before_migration(file, version)
        migrations.migrate(db, version)
        db.table("meta", pk="key").upsert({"key": "schema_version", "value": str(SCHEMA_VERSION)})


def migrate_copy(file: DatabaseFile) -> None:
    """Migrate a copy that nobody else has open. Raises StoreError (NEWER)."""
    with translating(file.path), closing(StoreDatabase(file.connect())) as db:
        if schema_version(db, file.path) < SCHEMA_VERSION:
            _migrate(db, file, keep_copy=False)


def insert_rows(db: Database, table: str, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows with the same columns in the same order, in half the time of sqlite-utils."""
    rows = iter(rows)
    for first in rows:
        columns, marks = ", ".join(first), ", ".join("?" * len(first))
        values = (tuple(row.values()) for row in chain([first], rows))
        db.conn.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)


@contextmanager
def writing(db: StoreDatabase) -> Iterator[None]:
    """Run a write transaction, IMMEDIATE so that it waits for another writer instead of failing.

    A deferred transaction that has already read cannot wait for another writer
    (https://www.sqlite.org/lang_transaction.html). Raises StoreError (LOCKED) if the open file was
    replaced by another, as rekeying does: what is written into the old one would be lost. The
    process that replaces a file holds this lock, so checking once inside it is enough.
    """
    conn = db.conn
    conn.execute_when_free("BEGIN IMMEDIATE")
    try:
        if conn.path and not conn.is_in_place():
            raise StoreError(StoreProblem.LOCKED, conn.path, "the file was replaced")
        yield
        conn.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise


def looks_damaged(file: DatabaseFile) -> bool:
    """Return whether SQLite's quick check finds a fault in an existing file."""
    try:
        with closing(file.connect()) as conn:
            return bool(conn.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok")
    except sqlcipher.EncryptedError:
        return False
    except sqlcipher.DatabaseError as error:
        store_error = classify(error, file.path)
        return store_error is not None and store_error.problem is StoreProblem.DAMAGED


def quarantine_path(path: Path, reason: str) -> Path:
    """Return an unused path for a database in quarantine."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    return unused_path(path.with_name(f"{path.stem}.{reason}-{stamp}{path.suffix}"))


def files_beside(path: Path, pattern: str) -> list[Path]:
    """Return files beside a database, or beside the file to which it is a link.

    The pattern `DAMAGED` finds what is in quarantine, with logs, `UNFINISHED` what was interrupted.
    """
    real = path.resolve()
    stem, suffix = glob.escape(real.stem), glob.escape(real.suffix)
    return sorted(real.parent.glob(stem + pattern.format(suffix=suffix)))


def quarantine_linked(path: Path) -> Path:
    """Link a damaged database to a second path in quarantine; return that path.

    The first name stays until another file takes it, so that there is a file at every moment.
    Its log is removed, because SQLite would take it for the log of the next file.
    """
    target = quarantine_path(path, "damaged")
    log = sqlcipher.log_of(path)
    try:
        for source, name in ((log, f"{target.name}-wal"), (path, target.name)):
            if source.exists():
                target.with_name(name).hardlink_to(source)
    except OSError:
        # The file system has no hard links, as on many memory sticks.
        return rename_with_logs(path, target)
    for beside in sqlcipher.side_files(path):
        beside.unlink(missing_ok=True)
    return target


def rename_with_logs(path: Path, target: Path) -> Path:
    """Rename a database and its side files, unchanged; return `target`."""
    for suffix in ("-wal", "-shm", ""):
        source = path.with_name(path.name + suffix)
        if source.exists():
            source.rename(target.with_name(target.name + suffix))
    return target
